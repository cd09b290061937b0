import { choose, InputError } from "../input-error.ts";

const QUARTER = 900_000; // every zone changes on a quarter of an hour
const DAY = 86_400_000;

/**
 * The wall clock of one IANA time zone, with daylight saving as the zone's rules have it.
 *
 * `toUtc` reads a wall-clock time: one that a clock change skips moves forward by the gap, one that
 * occurs twice is taken as the earlier (as `Temporal` does by default). Answers are cached by day.
 * Throws InputError for a zone that the runtime does not know.
 */
export class TimeZone {
  readonly name: string;
  #format: Intl.DateTimeFormat | undefined; // none for UTC
  #dayOffset = new Map<number, number>(); // UTC day → offset in ms, NaN where it changes within the day
  #quarterOffset = new Map<number, number>();

  constructor(name: string) {
    this.name = name;
    if (/^(utc|z|etc\/utc)$/i.test(name)) return;
    try {
      this.#format = new Intl.DateTimeFormat("en-US", {
        timeZone: name,
        hourCycle: "h23",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
        second: "numeric",
        era: "short",
      });
    } catch (cause) {
      const message = `${choose("time-zone")}: expected an IANA name like Europe/Berlin, got "${name}". Correct the name, or leave it out for UTC.`;
      throw new InputError("unknown-time-zone", "--time-zone", message, { cause });
    }
  }

  /** Wall clock minus UTC at this instant, in ms. */
  offsetAt(utc: number): number {
    if (!this.#format || !Number.isFinite(utc)) return 0;
    const day = Math.floor(utc / DAY);
    let offset = this.#dayOffset.get(day);
    if (offset === undefined) {
      const atStart = this.#lookUp(day * DAY);
      offset = atStart === this.#lookUp((day + 1) * DAY) ? atStart : NaN;
      this.#dayOffset.set(day, offset);
    }
    if (!Number.isNaN(offset)) return offset;
    const quarter = Math.floor(utc / QUARTER);
    let exact = this.#quarterOffset.get(quarter);
    if (exact === undefined) this.#quarterOffset.set(quarter, (exact = this.#lookUp(quarter * QUARTER)));
    return exact;
  }

  /** The instant at which the zone's wall clock shows `local` (ms since 1970-01-01T00:00 on that clock). */
  toUtc(local: number): number {
    if (!this.#format) return local;
    const before = this.offsetAt(local - DAY);
    const after = this.offsetAt(local + DAY);
    if (this.offsetAt(local - before) === before) return local - before;
    if (this.offsetAt(local - after) === after) return local - after;
    return local - before; // skipped by a clock change
  }

  toLocal(utc: number): number {
    return utc + this.offsetAt(utc);
  }

  #lookUp(utc: number): number {
    const part: Record<string, string> = {};
    for (const { type, value } of this.#format!.formatToParts(utc)) part[type] = value;
    const year = part["era"] === "BC" ? 1 - Number(part["year"]) : Number(part["year"]);
    const wall = new Date(0);
    wall.setUTCFullYear(year, Number(part["month"]) - 1, Number(part["day"]));
    wall.setUTCHours(Number(part["hour"]), Number(part["minute"]), Number(part["second"]));
    return wall.getTime() - Math.floor(utc / 1000) * 1000;
  }
}

export const UTC = new TimeZone("UTC");
