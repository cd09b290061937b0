import type { EventLog } from "./event-log.ts";
import { UTC, type TimeZone } from "./time-zone.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Day 0 of the epoch, 1 January 1970, was a Thursday; Monday is 0. */
export const weekdayOf = (day: number) => (((day + 3) % 7) + 7) % 7;

/** Working minutes of a weekday, as [from, to) in minutes after midnight; none for a day off. */
export type DayHours = [from: number, to: number] | undefined;

/**
 * When work is done: hours by weekday on the clock of one time zone, less holidays. `workingMs` tells how
 * much of a stretch of time is working time, in constant time.
 */
export class WorkCalendar {
  readonly hours: readonly DayHours[];
  readonly holidays: ReadonlySet<number>;
  readonly zone: TimeZone;
  readonly origin: "given" | "learned" | "always";
  readonly #firstDay: number;
  readonly #before: Float64Array; // working ms before each day

  constructor(
    hours: readonly DayHours[],
    zone: TimeZone,
    origin: "given" | "learned" | "always",
    range: { from: number; to: number },
    holidays: ReadonlySet<number> = new Set(),
  ) {
    this.hours = hours;
    this.zone = zone;
    this.origin = origin;
    this.holidays = holidays;
    this.#firstDay = Math.floor(range.from / DAY) - 2;
    const days = Math.min(200_000, Math.floor(range.to / DAY) - this.#firstDay + 4);
    this.#before = new Float64Array(days + 1);
    for (let d = 0; d < days; d++) this.#before[d + 1] = this.#before[d] + this.#lengthOf(this.#firstDay + d);
  }

  /** Round-the-clock time, for logs that show no working hours. */
  static always(range: { from: number; to: number }, zone: TimeZone = UTC): WorkCalendar {
    const wholeDay: DayHours = [0, 1440];
    return new WorkCalendar(
      Array.from({ length: 7 }, () => wholeDay),
      zone,
      "always",
      range,
    );
  }

  /** Working hours of an ordinary working day, the unit in which "a working day" is counted. */
  get hoursPerDay(): number {
    const lengths = this.hours.filter((day) => day !== undefined).map(([from, to]) => (to - from) / 60);
    return lengths.length === 0 ? 24 : lengths.reduce((a, b) => a + b, 0) / lengths.length;
  }

  /** Working time between two instants in ms; 0 when `to` is not after `from`. */
  workingMs(from: number, to: number): number {
    return to > from ? this.#until(to) - this.#until(from) : 0;
  }

  /** Whether an instant lies within working hours. */
  isWorking(utc: number): boolean {
    const local = this.zone.toLocal(utc);
    const day = Math.floor(local / DAY);
    const hours = this.holidays.has(day) ? undefined : this.hours[weekdayOf(day)];
    const minute = (local - day * DAY) / MINUTE;
    return hours !== undefined && minute >= hours[0] && minute < hours[1];
  }

  /** The day of an instant on the calendar's clock, in days since 1970-01-01. */
  dayOf(utc: number): number {
    return Math.floor(this.zone.toLocal(utc) / DAY);
  }

  isWorkingDay(day: number): boolean {
    return this.hours[weekdayOf(day)] !== undefined && !this.holidays.has(day);
  }

  /**
   * A length of working time in the unit that suits it: "3.5 working hours", "2.4 working days of 9 hours";
   * days and hours where the clock is the calendar.
   */
  inWords(hours: number): string {
    const perDay = this.hoursPerDay;
    if (perDay >= 23) return hours < 48 ? `${hours.toFixed(1)} hours` : `${(hours / 24).toFixed(1)} days`;
    return hours < perDay
      ? `${hours.toFixed(1)} working hours`
      : `${(hours / perDay).toFixed(1)} working days of ${perDay.toFixed(0)} hours`;
  }

  /** "Mon–Fri 08:00–17:00 (learned from the log, Europe/Berlin, 9 holidays)" */
  describe(): string {
    if (this.origin === "always") return "round the clock (no working hours visible in the log)";
    const names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const written = this.hours.map((day) => (day ? `${clock(day[0])}–${clock(day[1])}` : ""));
    const parts: string[] = [];
    for (let d = 0; d < 7;) {
      let end = d;
      while (end < 6 && written[end + 1] === written[d]) end++;
      if (written[d] !== "") parts.push(`${names[d]}${end > d ? `–${names[end]}` : ""} ${written[d]}`);
      d = end + 1;
    }
    const off = this.holidays.size > 0 ? `, ${this.holidays.size} days off` : "";
    return `${parts.join(", ")} (${this.origin === "given" ? "given" : "learned from the log"}, ${this.zone.name}${off})`;
  }

  #until(utc: number): number {
    const local = this.zone.toLocal(utc);
    const day = Math.floor(local / DAY);
    const index = day - this.#firstDay;
    if (index < 0) return 0;
    if (index >= this.#before.length - 1) return this.#before[this.#before.length - 1];
    const hours = this.holidays.has(day) ? undefined : this.hours[weekdayOf(day)];
    if (!hours) return this.#before[index];
    const into = (local - day * DAY) / MINUTE;
    return this.#before[index] + Math.max(0, Math.min(hours[1], into) - hours[0]) * MINUTE;
  }

  #lengthOf(day: number): number {
    const hours = this.holidays.has(day) ? undefined : this.hours[weekdayOf(day)];
    return hours ? (hours[1] - hours[0]) * MINUTE : 0;
  }
}

/**
 * Learns working hours from when people's events happen: weekdays with at least a fifth of an ordinary
 * weekday's events work, from the hour before which 1 % of their events lie to the hour behind which 1 % lie.
 * Working days on which nothing happened, though the same weekday has 8 or more events on average on its
 * nearest four before and on those after, are days off (work that begins or fades out is none), unless they
 * are more than one in ten: then work comes in waves.
 *
 * Events of `isAutomatic` people are left out. A log with under 200 such events, without times of day, or
 * with work round the clock gets a calendar of all hours. Two passes.
 */
export function learnCalendar(
  log: EventLog,
  zone: TimeZone,
  range: { from: number; to: number },
  isAutomatic: (person: number) => boolean = () => false,
): WorkCalendar {
  const byHour = new Float64Array(7 * 24);
  let events = 0;
  let atMidnight = 0;
  const perDay = new Map<number, number>();
  for (let e = 0; e < log.eventCount; e++) {
    if (log.person && isAutomatic(log.person[e])) continue;
    const local = zone.toLocal(log.time[e]);
    const day = Math.floor(local / DAY);
    const minute = (local - day * DAY) / MINUTE;
    if (minute === 0) atMidnight++;
    byHour[weekdayOf(day) * 24 + Math.floor(minute / 60)]++;
    perDay.set(day, (perDay.get(day) ?? 0) + 1);
    events++;
  }
  if (events < 200 || atMidnight > events * 0.5) return WorkCalendar.always(range, zone);

  const hours = hoursOf(byHour);
  if (!hours) return WorkCalendar.always(range, zone);
  const holidays = new Set<number>();
  const [first, last] = [Math.floor(range.from / DAY), Math.floor(range.to / DAY)];
  if (last - first < 20_000) {
    let workingDays = 0;
    for (let day = first; day <= last; day++) {
      if (!hours[weekdayOf(day)]) continue;
      workingDays++;
      const expected = usualOn(day, perDay, first, last);
      if (expected >= 8 && (perDay.get(day) ?? 0) < expected * 0.05) holidays.add(day);
    }
    // More than any country has: the work comes in waves (a month-end close), and quiet days are working days
    // all the same.
    if (holidays.size > workingDays * 0.1) holidays.clear();
  }
  return new WorkCalendar(hours, zone, "learned", range, holidays);
}

/**
 * Events of the same weekday on the four nearest before and the four nearest after that have any (a closure
 * is not what is usual), on average: the fewer of both, or of the one side that there is.
 */
function usualOn(day: number, perDay: ReadonlyMap<number, number>, first: number, last: number): number {
  const mean = (step: 7 | -7) => {
    const found: number[] = [];
    for (let at = day + step; at >= first && at <= last && found.length < 4; at += step) {
      const events = perDay.get(at) ?? 0;
      if (events > 0) found.push(events);
    }
    return found.length === 0 ? Infinity : found.reduce((sum, n) => sum + n, 0) / found.length;
  };
  const usual = Math.min(mean(-7), mean(7));
  return usual === Infinity ? 0 : usual;
}

/**
 * Working hours by weekday from events by hour of the week (hour 0 is Monday, midnight): weekdays with at
 * least a fifth of an ordinary weekday's events, and the hours that hold all but 1 % of their events at each
 * end. Undefined for work round the clock.
 */
export function hoursOf(byHour: Float64Array): DayHours[] | undefined {
  const byWeekday = sumsByWeekday(byHour);
  // The third busiest weekday is an ordinary one, also where one day's run outweighs the others.
  const ordinary = [...byWeekday].sort((a, b) => b - a)[2];
  const works = byWeekday.map((count) => count > 0 && count >= ordinary * 0.2);
  const pooled = Array.from({ length: 24 }, (_, h) =>
    works.reduce((sum, on, d) => sum + (on ? byHour[d * 24 + h] : 0), 0),
  );
  const total = pooled.reduce((a, b) => a + b, 0);
  const [from, to] = core(pooled, total);
  return to - from >= 20 * 60 ? undefined : works.map((on): DayHours => (on ? [from, to] : undefined));
}

function sumsByWeekday(byHour: Float64Array): number[] {
  return Array.from({ length: 7 }, (_, d) => byHour.subarray(d * 24, d * 24 + 24).reduce((a, b) => a + b, 0));
}

/** The hours that hold all but 1 % of the events at each end, in minutes after midnight. */
function core(byHour: number[], total: number): [from: number, to: number] {
  let sum = 0;
  let from = 0;
  for (let h = 0; h < 24; h++) {
    sum += byHour[h];
    if (sum > total * 0.01) {
      from = h;
      break;
    }
  }
  sum = 0;
  let to = 24;
  for (let h = 23; h >= 0; h--) {
    sum += byHour[h];
    if (sum > total * 0.01) {
      to = h + 1;
      break;
    }
  }
  return [from * 60, Math.max(to, from + 1) * 60];
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/**
 * The end of the month (its last midnight in the zone, ms since epoch) to which an instant belongs: its own
 * month's from the tenth on, before that the last one's.
 */
export function monthEndOf(time: number, zone: TimeZone): number {
  const local = new Date(time + zone.offsetAt(time));
  const month = local.getUTCDate() >= 11 ? local.getUTCMonth() + 1 : local.getUTCMonth();
  const end = Date.UTC(local.getUTCFullYear(), month, 1);
  return end - zone.offsetAt(end);
}

/** The day of an instant in a zone, as 2025-03-01. */
export function localDate(time: number, zone: TimeZone): string {
  return new Date(time + zone.offsetAt(time)).toISOString().slice(0, 10);
}
