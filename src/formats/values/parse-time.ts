import { Buffer } from "node:buffer";
import type { TimeZone } from "../../eventlog/time-zone.ts";

/** No time is written longer; the patterns below take the square of a length. */
const LONGEST = 200;

/**
 * Reads the times of one column. `order` says how dates of three numbers are to be read when the year does
 * not come first; times without a zone are wall-clock times of `zone`. The largest first and second number of
 * such dates are kept, so that the reader can tell afterwards whether the column decided the order at all.
 */
export class TimeParser {
  readonly order: "dmy" | "mdy";
  readonly zone: TimeZone;
  /** dates like 03/04/2025 that could be read either way (both numbers 12 or less, and different) */
  ambiguous = 0;
  /** dates like 31/04/2025 that can only be day first */
  onlyDayFirst = 0;
  /** dates like 04/31/2025 that can only be month first */
  onlyMonthFirst = 0;
  /** how many times had no zone of their own */
  zoneless = 0;
  readonly numeric: NumericTime | undefined;
  #dayKey = -1;
  #dayMs = 0;

  constructor(order: "dmy" | "mdy", zone: TimeZone, numeric?: NumericTime) {
    this.order = order;
    this.zone = zone;
    this.numeric = numeric;
  }

  /** The instant in ms since epoch UTC that the bytes name, or NaN when they name none. */
  parse(b: Uint8Array, from: number, to: number): number {
    while (from < to && b[from] === SPACE) from++;
    while (to > from && b[to - 1] === SPACE) to--;
    if (to - from > LONGEST) return NaN;
    if (to - from >= 10 && b[from + 4] === DASH && b[from + 7] === DASH) return this.#isoDate(b, from, to);
    if (this.numeric) {
      const value = Number(text(b, from, to));
      if (to > from && value > 0) {
        const ms = numericToMs(value, this.numeric, this.zone);
        return ms < YEAR_10000 ? ms : NaN;
      }
    }
    return this.#anyDate(b, from, to);
  }

  parseString(value: string): number {
    const bytes = Buffer.from(value, "utf8");
    return this.parse(bytes, 0, bytes.length);
  }

  #isoDate(b: Uint8Array, from: number, to: number): number {
    const year = digits4(b, from);
    const month = digits2(b, from + 5);
    const day = digits2(b, from + 8);
    if (year < 0 || month < 0 || day < 0) return NaN;
    const midnight = this.#midnight(year, month, day);
    if (to - from === 10) return this.#local(midnight);
    const separator = b[from + 10];
    if (separator !== UPPER_T && separator !== SPACE && separator !== LOWER_T) return NaN;
    return this.#withClock(b, from + 11, to, midnight);
  }

  /** Dates whose parts are told apart by separators, compact ISO dates, and dates with month names. */
  #anyDate(b: Uint8Array, from: number, to: number): number {
    let i = from;
    const first = readInt(b, i, to);
    if (first.length === 8 && (i + 8 === to || b[i + 8] === UPPER_T || b[i + 8] === SPACE)) {
      const midnight = this.#midnight(digits4(b, i), digits2(b, i + 4), digits2(b, i + 6));
      return i + 8 === to ? this.#local(midnight) : this.#withClock(b, i + 9, to, midnight);
    }
    if (first.length < 1 || first.length > 4) return this.#namedMonth(b, from, to);
    i += first.length;
    const separator = b[i];
    if (separator !== SLASH && separator !== DOT && separator !== DASH) return this.#namedMonth(b, from, to);
    const second = readInt(b, i + 1, to);
    i += 1 + second.length;
    if (second.length < 1 || second.length > 2 || b[i] !== separator) return this.#namedMonth(b, from, to);
    const third = readInt(b, i + 1, to);
    i += 1 + third.length;
    if (third.length < 1) return NaN;

    let year: number;
    let month: number;
    let day: number;
    if (first.length === 4) [year, month, day] = [first.value, second.value, third.value];
    else {
      if (third.length !== 2 && third.length !== 4) return NaN;
      year = third.length === 4 ? third.value : third.value + (third.value < 70 ? 2000 : 1900);
      [day, month] = this.order === "dmy" ? [first.value, second.value] : [second.value, first.value];
      if (first.value > 12) this.onlyDayFirst++;
      else if (second.value > 12) this.onlyMonthFirst++;
      else if (first.value !== second.value) this.ambiguous++;
    }
    const midnight = this.#midnight(year, month, day);
    if (i === to) return this.#local(midnight);
    if (b[i] === COMMA) i++;
    if (b[i] !== SPACE && b[i] !== UPPER_T) return NaN;
    while (b[i + 1] === SPACE) i++;
    return this.#withClock(b, i + 1, to, midnight);
  }

  /** 1 Mar 2025 09:30, 01-Mar-25, Mar 1, 2025 9:30 PM, Sat, 01 Mar 2025 09:30:00 +0100 */
  #namedMonth(b: Uint8Array, from: number, to: number): number {
    if (to - from > 64) return NaN;
    const value = text(b, from, to);
    const match =
      /^(?:\p{L}+\.?,?\s+)?(\d{1,2})(?:\.|st|nd|rd|th)?[\s\-./]*(\p{L}{3,})\.?[\s\-.,/]*(\d{4}|\d{2})(.*)$/u.exec(
        value,
      ) ??
      swapped(/^(?:\p{L}+,?\s+)??(\p{L}{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(.*)$/u.exec(value));
    if (!match) return NaN;
    const month = monthOf(match[2]);
    if (month === 0) return NaN;
    const year = Number(match[3]) + (match[3].length === 4 ? 0 : Number(match[3]) < 70 ? 2000 : 1900);
    const midnight = this.#midnight(year, month, Number(match[1]));
    const rest = match[4].replace(/^[,T\s]+(?:at\s+|um\s+)?/u, "");
    if (rest === "") return this.#local(midnight);
    const clock = Buffer.from(rest, "utf8");
    return this.#withClock(clock, 0, clock.length, midnight);
  }

  /** HH:MM[:SS[.fraction]] [AM|PM] [Z|UTC|GMT|±HH[:]MM], from `i`, on the day that began at `midnight`. */
  #withClock(b: Uint8Array, i: number, to: number, midnight: number): number {
    let hour = digits2(b, i);
    if (hour >= 0) i += 2;
    else {
      hour = b[i] - 48;
      if (!(hour >= 0 && hour <= 9)) return NaN;
      i += 1;
    }
    let minute = 0;
    let second = 0;
    let fraction = 0;
    const colon = b[i] === COLON || (b[i] === DOT && i < to);
    if (i < to && (colon || (b[i] >= 48 && b[i] <= 57))) {
      const separator = b[i];
      if (colon) i++;
      minute = digits2(b, i);
      if (minute < 0 || i + 2 > to) return NaN;
      i += 2;
      if (i < to && (colon ? b[i] === separator : b[i] >= 48 && b[i] <= 57)) {
        if (colon) i++;
        second = digits2(b, i);
        if (second < 0 || i + 2 > to) return NaN;
        i += 2;
        if (i < to && (b[i] === DOT || b[i] === COMMA)) {
          let scale = 100;
          const begin = ++i;
          for (; i < to && b[i] >= 48 && b[i] <= 57; i++, scale /= 10) fraction += (b[i] - 48) * scale;
          if (i === begin) return NaN;
        }
      }
    }
    while (i < to && b[i] === SPACE) i++;
    if (i + 1 < to && (b[i + 1] | 32) === LOWER_M && ((b[i] | 32) === LOWER_A || (b[i] | 32) === LOWER_P)) {
      if (hour < 1 || hour > 12) return NaN;
      hour = (hour % 12) + ((b[i] | 32) === LOWER_P ? 12 : 0);
      i += 2;
      while (i < to && b[i] === SPACE) i++;
    }
    if (hour > 24 || minute > 59 || second > 60) return NaN;
    if (hour === 24 && (minute !== 0 || second !== 0 || fraction !== 0)) return NaN;
    // A leap second (23:59:60) is the first instant of the next minute, as POSIX time has it.
    const local = midnight + hour * 3_600_000 + minute * 60_000 + second * 1000 + Math.floor(fraction);
    if (i === to) return this.#local(local);
    return this.#withOffset(b, i, to, local);
  }

  #withOffset(b: Uint8Array, i: number, to: number, local: number): number {
    if (i === to - 1 && (b[i] | 32) === LOWER_Z) return local;
    const sign = b[i] === PLUS ? 1 : b[i] === DASH ? -1 : 0;
    if (sign === 0) {
      const zone = text(b, i, to).replace(/\s*\(.*\)$/, "");
      return /^(z|utc|gmt)$/i.test(zone) ? local : NaN;
    }
    const hours = digits2(b, i + 1);
    if (hours < 0 || i + 3 > to) return NaN;
    i += 3;
    if (i < to && b[i] === COLON) i++;
    let minutes = 0;
    if (i < to && b[i] !== SPACE) {
      minutes = digits2(b, i);
      if (minutes < 0 || i + 2 > to) return NaN;
      i += 2;
    }
    if (i < to && !/^\s*\([^)]*\)$/.test(text(b, i, to))) return NaN; // "+0100 (CET)", as mail writes it
    if (hours > 23 || minutes > 59) return NaN;
    return local - sign * (hours * 60 + minutes) * 60_000;
  }

  #midnight(year: number, month: number, day: number): number {
    if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return NaN;
    const key = year * 512 + month * 32 + day;
    if (key === this.#dayKey) return this.#dayMs;
    if (day > daysInMonth(year, month)) return NaN;
    this.#dayKey = key;
    this.#dayMs = daysFromCivil(year, month, day) * 86_400_000;
    return this.#dayMs;
  }

  #local(local: number): number {
    this.zoneless++;
    return Number.isNaN(local) ? NaN : this.zone.toUtc(local);
  }
}

const YEAR_10000 = 253_402_300_800_000;

/** Units in which a column of plain numbers counts time. */
export type NumericTime = "seconds" | "milliseconds" | "microseconds" | "nanoseconds" | "excel";

/** The unit that makes plain numbers plausible times (1980 to 2100), or undefined. */
export function numericTimeOf(values: number[]): NumericTime | undefined {
  if (values.length === 0) return undefined;
  const units: NumericTime[] = ["seconds", "milliseconds", "microseconds", "nanoseconds", "excel"];
  const [from, to] = [Date.UTC(1980, 0), Date.UTC(2100, 0)];
  const isPlausible = (value: number, unit: NumericTime) => {
    const ms = numericToMs(value, unit);
    return ms >= from && ms < to;
  };
  // A few odd values do not hide what a column counts; they are rejected later.
  return units.find(
    (unit) => values.filter((value) => isPlausible(value, unit)).length >= values.length * 0.9,
  );
}

function numericToMs(value: number, unit: NumericTime, zone?: TimeZone): number {
  if (unit === "excel") {
    const local = Math.round((value - 25_569) * 86_400_000); // day 25,569 of the 1900 system is 1970-01-01
    if (!(local < YEAR_10000)) return NaN;
    return zone ? zone.toUtc(local) : local;
  }
  const perMs = { seconds: 0.001, milliseconds: 1, microseconds: 1000, nanoseconds: 1_000_000 }[unit];
  return Math.floor(value / perMs);
}

/** Days from 1970-01-01 of a date in the proleptic Gregorian calendar (Hinnant, days_from_civil). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function digits2(b: Uint8Array, i: number): number {
  const tens = b[i] - 48;
  const ones = b[i + 1] - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function digits4(b: Uint8Array, i: number): number {
  const high = digits2(b, i);
  const low = digits2(b, i + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

function readInt(b: Uint8Array, i: number, to: number): { value: number; length: number } {
  let value = 0;
  let length = 0;
  for (; i < to && b[i] >= 48 && b[i] <= 57 && length < 10; i++, length++) value = value * 10 + b[i] - 48;
  return { value, length };
}

function text(b: Uint8Array, from: number, to: number): string {
  return Buffer.from(b.buffer, b.byteOffset + from, to - from).toString("utf8");
}

function swapped(match: RegExpExecArray | null): string[] | undefined {
  return match ? [match[0], match[2], match[1], match[3], match[4]] : undefined;
}

// English, German, French, Spanish, Italian, Dutch and Portuguese, by their first letters.
const MONTHS = [
  /^(jan|jän|gen|ene)/,
  /^(feb|fév|fev)/,
  /^(mar|mär|maa|mrt|mrz)/,
  /^(apr|avr|abr)/,
  /^(may|mai|mag|mei)/,
  /^(jun|juin|giu)/,
  /^(jul|juil|lug)/,
  /^(aug|aoû|aou|ago)/,
  /^(sep|set)/,
  /^(oct|okt|ott|out)/,
  /^(nov)/,
  /^(dec|dez|déc|dic)/,
];

function monthOf(name: string): number {
  const lower = name.toLowerCase();
  return MONTHS.findIndex((pattern) => pattern.test(lower)) + 1;
}

const SPACE = 32;
const PLUS = 43;
const COMMA = 44;
const DASH = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const UPPER_T = 84;
const LOWER_A = 97;
const LOWER_M = 109;
const LOWER_P = 112;
const LOWER_T = 116;
const LOWER_Z = 122;
