/** 1234567 → "1,234,567" */
export function formatCount(count: number): string {
  return count.toLocaleString("en-GB", { maximumFractionDigits: 0 });
}

/** 0.1234 → "12 %"; small shares keep a decimal, so that something never reads as nothing. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (percent < 0.1) return "< 0.1 %";
  if (percent > 99.9) return "> 99.9 %";
  return `${Number(percent.toFixed(percent < 10 || percent > 99 ? 1 : 0))} %`;
}

/** An instant as "2025-03-01 09:30", UTC; beyond what a calendar can show, the number itself. */
export function formatTime(ms: number): string {
  if (Math.abs(ms) > 8.64e15) return `${ms} ms`;
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}

/** A number of hours: "3.5 h", "1,240 h". */
export function formatHours(hours: number): string {
  return `${hours < 100 ? hours.toFixed(1) : formatCount(Math.round(hours))} h`;
}

/**
 * An estimated amount, to three figures, which is what it deserves: 13769 → "EUR 13,800". Every page, report
 * and mail shows it alike.
 */
export function formatMoney(amount: number, currency: string): string {
  return moneyOf(threeFigures(amount), currency);
}

/** An amount that somebody gave or that was counted, to the unit: "EUR 13,769". */
export function formatExactMoney(amount: number, currency: string): string {
  return moneyOf(Math.round(amount), currency);
}

/**
 * An amount between two ends: "EUR 13,800 (11,200 to 16,400)"; where both ends are the same it was counted,
 * not estimated: "EUR 13,769".
 */
export function formatMoneyRange(
  { low, mid, high }: { low: number; mid: number; high: number },
  currency: string,
): string {
  if (Math.round(low) === Math.round(high)) return formatExactMoney(mid, currency);
  return `${formatMoney(mid, currency)} (${formatRange([low, high])})`;
}

/** The ends of an estimate, to three figures: "11,200 to 16,400". */
export const formatRange = ([low, high]: readonly [number, number]): string =>
  `${signed(threeFigures(low))} to ${signed(threeFigures(high))}`;

function threeFigures(amount: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(amount) || 1)) - 2);
  return Math.round(amount / unit) * unit;
}

const signed = (n: number) => `${n < 0 ? "−" : ""}${formatCount(Math.abs(n))}`;
const moneyOf = (n: number, currency: string) => `${n < 0 ? "−" : ""}${currency} ${formatCount(Math.abs(n))}`;

/** A length of time in the unit that suits it: "40 s", "12 min", "3.5 h", "2.1 d", "20 weeks". */
export function formatDuration(ms: number): string {
  const short = (value: number) => (value < 10 ? String(Number(value.toFixed(1))) : formatCount(value));
  if (ms < 60_000) return `${short(ms / 1000)} s`;
  if (ms < 3_600_000) return `${short(ms / 60_000)} min`;
  if (ms < 48 * 3_600_000) return `${short(ms / 3_600_000)} h`;
  if (ms < 100 * 86_400_000) return `${short(ms / 86_400_000)} d`;
  return `${short(ms / 604_800_000)} weeks`;
}

/**
 * One line of CSV. A text that a spreadsheet would take for a formula gets an apostrophe before it, so that
 * opening the file runs nothing.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return cells
    .map((cell) => {
      if (typeof cell === "number") return String(cell);
      const text = cell ?? "";
      const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
      return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
    })
    .join(",");
}

/** A sentence as it begins. */
export const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A sentence as it goes on after a colon: a word begins small, a name in capitals stays. */
export const lowerFirst = (text: string): string =>
  /^[A-Z](?=[a-z ])/.test(text) ? text[0].toLowerCase() + text.slice(1) : text;
