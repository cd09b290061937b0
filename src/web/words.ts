import { formatCount, formatDuration, formatPercent } from "../figures.ts";

export {
  formatCount as count,
  formatExactMoney as exactMoney,
  formatMoney as money,
  formatRange as amountRange,
} from "../figures.ts";

/**
 * Numbers, times and amounts as the server's sentences write them (British English), so that one page has one
 * way; times are those of the reader's own clock.
 */
const locale = "en-GB";
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
const minute = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

export const decimal = (n: number) => one.format(n);
export const plural = (n: number, word: string, many = `${word}s`) =>
  `${formatCount(n)} ${n === 1 ? word : many}`;

/**
 * 0.1234 as "12 %"; something never reads as nothing, nor almost all as all; a dash where there is nothing to
 * tell.
 */
export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? "–" : formatPercent(share);

/** A length of time in the unit that suits it; a dash where it is unknown. */
export const duration = (ms: number | null | undefined): string =>
  ms === null || ms === undefined || Number.isNaN(ms) ? "–" : formatDuration(ms);

/** A length of time that is told in hours, in the unit that suits it. */
export const timeOfHours = (n: number): string => (n === 0 ? "0" : duration(n * 3_600_000));

/** A difference with its sign, in words of `say`. */
export const signed = (n: number, say: (size: number) => string): string =>
  `${n > 0 ? "+" : n < 0 ? "−" : ""}${say(Math.abs(n))}`;

export const hours = (n: number | null | undefined) =>
  n === null || n === undefined ? "–" : `${n < 100 ? one.format(n) : whole.format(n)} h`;

export const date = (iso: string | null | undefined) => (iso ? day.format(new Date(iso)) : "–");
export const dateTime = (iso: string | null | undefined) => (iso ? minute.format(new Date(iso)) : "–");
/** A day of the calendar as it is written, wherever the reader is. */
export const plainDate = (iso: string | null | undefined) =>
  iso ? new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(iso)) : "–";

export const interval = (range: [number, number] | null | undefined) =>
  range ? `${percent(range[0])} to ${percent(range[1])}` : "no interval";

/** Working time in hours: a working day is not 24 of them. */
export const workTime = (ms: number | null | undefined) =>
  ms === null || ms === undefined || Number.isNaN(ms)
    ? "–"
    : ms < 3_600_000
      ? duration(ms)
      : `${ms < 36_000_000 ? one.format(ms / 3_600_000) : whole.format(ms / 3_600_000)} h`;

/** How far a day is from today: "in 9 weeks", "3 days ago". */
export function untilDay(iso: string): string {
  const days = Math.ceil((Date.parse(iso) - Date.now()) / 86_400_000);
  if (days < 0) return `${plural(-days, "day")} ago`;
  return days <= 21 ? `in ${plural(days, "day")}` : `in ${plural(Math.round(days / 7), "week")}`;
}
