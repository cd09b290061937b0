import { UTC } from "../eventlog/time-zone.ts";
import { isMissingWord } from "./missing-words.ts";
import { numberFormatOf, type NumberFormat } from "./values/parse-number.ts";
import { timesOfDayIn, type TimesOfDay } from "./values/parse-time-of-day.ts";
import { numericTimeOf, TimeParser, type NumericTime } from "./values/parse-time.ts";

/** What a look at some values of a column tells about it. */
export interface ColumnSample {
  name: string;
  /** sampled values that are not missing */
  filled: number;
  examples: string[];
  looksLikeTime: boolean;
  /** share of the sampled values that read as times */
  timeShare: number;
  /** values of one shape (letters and a number, "RE-29532"), many different ones, and repeated */
  looksLikeIdentifier: boolean;
  /** set where times are plain numbers */
  numericTime?: NumericTime;
  /** evidence for the order of dates like 03/04/2025 in the sample */
  dateOrder?: "dmy" | "mdy" | "ambiguous";
  numberFormat?: NumberFormat | "ambiguous";
  /** reads as times, each of which is midnight: dates without a time of day */
  dateOnly: boolean;
  /** set where the values can be read as times of day */
  timeOfDay?: TimesOfDay;
}

/** Judges a column from its sampled values. Cost: a few parses a value. */
export function sampleColumn(name: string, values: readonly string[]): ColumnSample {
  const filled = values.filter((value) => !isMissingWord(value));
  const sample: ColumnSample = {
    name,
    filled: filled.length,
    examples: [...new Set(filled)]
      .slice(0, 3)
      .map((value) => (value.length > 40 ? value.slice(0, 39) + "…" : value)),
    looksLikeTime: false,
    timeShare: 0,
    looksLikeIdentifier: false,
    dateOnly: false,
  };
  if (filled.length === 0) return sample;

  const allNumeric = filled.every((value) => /^\s*\d+(\.\d+)?\s*$/.test(value));
  if (allNumeric && /time|date|stamp|zeit|datum|created|updated|_at$|\bat$/i.test(name)) {
    const unit = numericTimeOf(filled.map(Number));
    if (unit) {
      const dateOnly = unit === "excel" && filled.every((value) => Number.isInteger(Number(value)));
      return { ...sample, looksLikeTime: true, timeShare: 1, numericTime: unit, dateOnly };
    }
  }
  const dayFirst = readShare(filled, "dmy");
  const monthFirst = readShare(filled, "mdy");
  const share = Math.max(dayFirst.share, monthFirst.share);
  sample.timeShare = share;
  sample.dateOnly = share >= 0.9 && (dayFirst.share === share ? dayFirst : monthFirst).areMidnights;
  const times = timesOfDayIn(filled);
  // 01.02.23 is rather a date than a time of day
  if (times && (share < 0.9 || times.emptyDate !== "none")) {
    sample.timeOfDay = times;
    if (times.emptyDate === "none" && times.isClear) return sample;
    if (times.emptyDate !== "none") sample.dateOnly = false;
  }
  sample.dateOrder = dayFirst.orderMatters ? orderOf(dayFirst.share, monthFirst.share) : undefined;
  const compact = filled.every((value) => /^\s*\d{8}\s*$/.test(value)); // 20250301, if the name says date
  if (
    share >= 0.9 &&
    times?.emptyDate !== "surely" &&
    (!compact || /time|date|datum|zeit|stamp|fecha|data|dat$|dte?$|jour|tag$/i.test(name))
  ) {
    sample.looksLikeTime = true;
    return sample;
  }
  sample.numberFormat = numberFormatOf(filled);
  const distinct = new Set(filled).size;
  const oneShape = new Set(filled.map((value) => value.replace(/\d+/g, "0"))).size === 1;
  sample.looksLikeIdentifier =
    oneShape &&
    /^[\p{L}\d\-_/# ]+$/u.test(filled[0]) &&
    /\d{3}/.test(filled[0]) &&
    filled.length === values.length &&
    distinct >= 10 &&
    distinct < filled.length &&
    distinct > filled.length * 0.05;
  return sample;
}

function orderOf(dayFirst: number, monthFirst: number): "dmy" | "mdy" | "ambiguous" {
  return dayFirst > monthFirst ? "dmy" : monthFirst > dayFirst ? "mdy" : "ambiguous";
}

function readShare(values: readonly string[], order: "dmy" | "mdy") {
  const parser = new TimeParser(order, UTC);
  let read = 0;
  let areMidnights = true;
  for (const value of values) {
    const time = parser.parseString(value);
    if (Number.isNaN(time)) continue;
    read++;
    if (time % 86_400_000 !== 0) areMidnights = false;
  }
  const orderMatters = parser.ambiguous + parser.onlyDayFirst + parser.onlyMonthFirst > 0;
  return { share: read / values.length, orderMatters, areMidnights };
}

/** Numbers that name something are kept as they are written: "4711" is not four thousand. */
export function looksLikeIdentifier({ name }: ColumnSample): boolean {
  return /(^|[^a-z])(id|ids|no|nr|num|number|code|key|zip|plz|phone|account|iban|konto|kto|nummer|kostenstelle|konto|sachkonto|cost ?cent(?:er|re))$|(Id|ID|No|Nr|Number|Code|Key)$/.test(
    /[a-z][A-Z]/.test(name) ? name : name.toLowerCase(),
  );
}
