import { Buffer } from "node:buffer";
import { isMissingWord } from "../missing-words.ts";

/** How a column of times of day writes what can be read in more than one way; plain data. */
export interface TimeOfDayFormat {
  /** digits alone: 80000 is 08:00:00, 800 is 08:00 (systems lose leading zeros) */
  compact: "hhmmss" | "hhmm";
  /** numbers are parts of a day, as spreadsheets count: 0.5 is noon */
  isFraction: boolean;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Reads times of day in ms after midnight, up to 24:00, which is the next midnight; NaN for anything else.
 */
export class TimeOfDayParser {
  readonly format: TimeOfDayFormat;
  /** what the last value said of its own zone, in ms before UTC; undefined where it said nothing */
  offset: number | undefined;

  constructor(format: TimeOfDayFormat) {
    this.format = format;
  }

  /** 08:00, 8:00, 08:00:15 and 080000 are read from the bytes as they lie; rarer forms as text. */
  parse(b: Uint8Array, from: number, to: number): number {
    this.offset = undefined;
    while (from < to && b[from] === SPACE) from++;
    while (to > from && b[to - 1] === SPACE) to--;
    let i = from;
    let value = 0;
    for (; i < to && i - from < 7 && isDigit(b[i]); i++) value = value * 10 + b[i] - ZERO;
    const digits = i - from;
    if (digits === 0 || digits > 6) return this.#written(b, from, to);
    if (i === to) {
      if (this.format.isFraction) return value <= 1 ? value * DAY : NaN;
      return this.#compact(value, digits);
    }
    if (b[i] !== COLON || digits > 2) return this.#written(b, from, to);
    const minute = two(b, i + 1, to);
    if (minute < 0) return NaN;
    if (i + 3 === to) return inDay(value, minute, 0);
    const second = b[i + 3] === COLON ? two(b, i + 4, to) : -1;
    if (second >= 0 && i + 6 === to) return inDay(value, minute, second);
    return this.#written(b, from, to);
  }

  parseString(value: string): number {
    const bytes = Buffer.from(value, "utf8");
    return this.parse(bytes, 0, bytes.length);
  }

  #compact(value: number, digits: number): number {
    if (digits > 4 || this.format.compact === "hhmmss")
      return inDay(Math.floor(value / 10_000), Math.floor(value / 100) % 100, value % 100);
    return inDay(Math.floor(value / 100), value % 100, 0);
  }

  #written(b: Uint8Array, from: number, to: number): number {
    if (to - from > 64 || from === to) return NaN;
    const text = withoutEmptyDate(Buffer.from(b.buffer, b.byteOffset + from, to - from).toString("utf8"));
    const iso = /^PT(?=\d)(?:(\d{1,2})H)?(?:(\d{1,2})M)?(?:(\d{1,2})(?:[.,]\d+)?S)?$/i.exec(text); // OData
    if (iso) return inDay(Number(iso[1] ?? 0), Number(iso[2] ?? 0), Number(iso[3] ?? 0));
    const float = /^(\d{1,6})\.0$/.exec(text); // a column of numbers with gaps, as pandas writes it
    if (float && !this.format.isFraction) return this.#compact(Number(float[1]), float[1].length);
    if (this.format.isFraction && FRACTION.test(text)) {
      const share = Number(text.replace(",", "."));
      return share >= 0 && share <= 1 ? Math.round((share * DAY) / 10) * 10 : NaN;
    }
    const match = CLOCK.exec(text);
    if (!match) return NaN;
    const [, hours, minutes, seconds, fraction, half, zone] = match;
    if (minutes === undefined && half === undefined && !/\p{L}/u.test(text)) return NaN; // "8" alone
    let hour = Number(hours);
    if (half !== undefined) {
      if (hour < 1 || hour > 12) return NaN;
      hour = (hour % 12) + (/^p/i.test(half) ? 12 : 0);
    }
    const ms = inDay(hour, Number(minutes ?? 0), Number(seconds ?? 0));
    if (zone !== undefined) this.offset = offsetOf(zone);
    return ms + (fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000));
  }
}

const FRACTION = /^(?:[01]?[.,]\d+|[01]|\d(?:\.\d+)?e-\d+)$/i;

/** 8:05 PM, 08.00, 08h15, 8 Uhr 05, 8:05:15.250+01:00, 8 a. m. */
const CLOCK =
  /^T?(\d{1,2})(?:\s*(?::|\.|hrs?\.?|h\.?|Uhr|heures?|uur|u)\s*(?:(\d{2})(?:\s*(?::|\.|min|m)\s*(?:(\d{2})(?:[.,](\d{1,9}))?\s*s?)?)?)?)?\s*(?:Uhr|hrs?|h)?\s*(?:([ap])\.?\s?m\.?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

/**
 * Days that programs put before a time that has none: day 0 of Excel, Access and others. Never the day of an
 * event.
 */
const EMPTY_DATES =
  /^(?:(?:1899-12-3[01]|1904-01-01|1900-01-0[01]|1970-01-01|0001-01-01)[T ]|3[01][./-]12[./-](?:18)?99 +|12[./-]3[01][./-](?:18)?99 +|0?1[./-]0?1[./-]19(?:00|04|70) +|0 days +)/;
/** of these no business document was ever dated */
const NEVER_A_DATE = /^(?:1899-12-3[01]|1904-01-01)[T ]|^3[01][./-]12[./-]1899 |^12[./-]3[01][./-]1899 /;

function withoutEmptyDate(text: string): string {
  return text.replace(EMPTY_DATES, "");
}

function offsetOf(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (!match) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60_000;
}

function inDay(hour: number, minute: number, second: number): number {
  if (hour > 24 || minute > 59 || second > 59 || (hour === 24 && minute + second > 0)) return NaN;
  return hour * HOUR + minute * 60_000 + second * 1000;
}

function two(b: Uint8Array, i: number, to: number): number {
  return i + 2 <= to && isDigit(b[i]) && isDigit(b[i + 1]) ? (b[i] - ZERO) * 10 + b[i + 1] - ZERO : -1;
}

const isDigit = (byte: number) => byte >= ZERO && byte <= ZERO + 9;
const SPACE = 32;
const ZERO = 48;
const COLON = 58;

/** What the values of a column tell about it as times of day. */
export interface TimesOfDay extends TimeOfDayFormat {
  /** share of the values that are times of day */
  share: number;
  /**
   * written as only times of day (and lengths of time) are: 08:00, 8 PM, 08h15; digits, 08.00 and parts of a
   * day look like other numbers too
   */
  isClear: boolean;
  /**
   * with the date before it that programs put before a time that has none: an epoch that may be a real date,
   * or one that never is
   */
  emptyDate: "none" | "perhaps" | "surely";
  distinct: number;
}

/**
 * Judges values as times of day; undefined where fewer than half are, or where plain numbers are more likely
 * something else.
 */
export function timesOfDayIn(values: readonly string[]): TimesOfDay | undefined {
  const filled = values.filter((value) => !isMissingWord(value)).map((value) => value.trim());
  if (filled.every((value) => value.length > 40)) return undefined;
  const digits = filled.filter((value) => /^\d{1,6}(?:\.0)?$/.test(value)).map((v) => v.replace(/\.0$/, ""));
  const parts = filled.filter((value) => FRACTION.test(value));
  const isFraction = parts.length === filled.length && parts.some((value) => !/^[01](?:\.0)?$/.test(value));
  const compact = digits.some((value) => value.length > 4) ? "hhmmss" : "hhmm";
  const format: TimeOfDayFormat = { compact, isFraction };
  const parser = new TimeOfDayParser(format);
  const read = filled.filter((value) => !Number.isNaN(parser.parseString(value)));
  const share = read.length / filled.length;
  if (share < 0.5) return undefined;
  // 31:45 is no time of day, and what stands beside it is a length of time as well; one of them may be a slip
  const lengths = filled.filter(
    (value) => /^\d{2,4}:[0-5]\d(?::[0-5]\d)?$/.test(value) && Number.parseInt(value, 10) > 24,
  );
  if (lengths.length > 1) return undefined;
  // parts of a day have many decimals, hours worked (0.25, 0.5) have few
  if (isFraction && parts.filter((value) => /[.,]\d{3,}|e-/i.test(value)).length < parts.length / 2)
    return undefined;
  const isClear = !isFraction && digits.length === 0 && read.some((value) => !/^\d{1,2}\.\d{2}$/.test(value));
  if (!isClear && share < (filled.length < 20 ? 1 : 0.98)) return undefined;
  if (digits.length > 0 && !isFraction && !looksCompact(digits, compact)) return undefined;
  const empty = read.filter((value) => EMPTY_DATES.test(value) && !value.startsWith("0 days"));
  return {
    ...format,
    share,
    isClear,
    emptyDate:
      empty.length < read.length || read.length === 0
        ? "none"
        : empty.every((value) => NEVER_A_DATE.test(value))
          ? "surely"
          : "perhaps",
    distinct: new Set(read).size,
  };
}

/**
 * Lengths of time and other small numbers are mostly short; times of day are mostly behind 10 o'clock, or
 * keep their zeros.
 */
function looksCompact(digits: readonly string[], compact: "hhmmss" | "hhmm"): boolean {
  const full = compact === "hhmmss" ? 6 : 4;
  const told = digits.filter((value) => Number(value) > 0);
  const long = told.filter((value) => value.length >= full - 1);
  if (told.length === 0 || long.length < told.length * 0.8) return false;
  return compact === "hhmmss" || told.some((value) => value.length === full);
}
