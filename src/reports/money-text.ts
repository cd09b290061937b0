import { formatCount, formatHours, formatMoney } from "../figures.ts";
import type { Finding, Range, Totals } from "../audit/finding.ts";

/** "EUR 1,240 (980 to 1,460)"; what was counted has no range. */
export function rangeText({ low, mid, high }: Range, currency: string): string {
  const exact = Math.round(low) === Math.round(high); // counted, not estimated
  return exact
    ? formatMoney(mid, currency)
    : `${formatMoney(mid, currency)} (${formatCount(Math.round(low))} to ${formatCount(Math.round(high))})`;
}

/** The kinds of loss in which there is any, with what each came to. */
export function losses({
  cash,
  workingCapital,
  labour,
  delay,
}: Totals): { kind: keyof typeof KINDS; range: Range }[] {
  const all = [
    { kind: "cash", range: cash },
    { kind: "working capital", range: workingCapital },
    { kind: "labour", range: labour },
    { kind: "delay", range: delay },
  ] as const;
  return all.filter(({ range }) => range.mid > 0);
}

/** Kinds of money as a heading has them. */
export const KINDS = {
  cash: "Cash",
  "working capital": "Working capital",
  labour: "Labour",
  delay: "Delay",
  exposure: "Exposure",
};

/** What a finding costs, with its kind, range and basis; empty without a price. */
export function moneyText({ money, hours }: Finding): string {
  if (!money) return hours === null ? "" : `${formatHours(hours)} of work.`;
  const inHours = hours === null ? "" : `, ${formatHours(hours)}`;
  return `${KINDS[money.kind]} ${rangeText(money, money.currency)}${inHours}: ${money.basis}.`;
}
