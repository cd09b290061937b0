import { formatExactMoney, formatHours, formatMoney, formatMoneyRange } from "../figures.ts";
import type { Finding, Range, Totals } from "../audit/finding.ts";

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
  return `${KINDS[money.kind]} ${formatMoneyRange(money, money.currency)}${inHours}: ${money.basis}.`;
}

/** The middle of an amount alone, where there is no room for its range: "EUR 13,800". */
export const midText = (money: Pick<Range, "low" | "mid" | "high">, currency: string): string =>
  Math.round(money.low) === Math.round(money.high)
    ? formatExactMoney(money.mid, currency)
    : formatMoney(money.mid, currency);
