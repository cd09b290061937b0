import { formatCount, formatHours, formatMoney } from "../format.ts";
import type { Finding, Range } from "./finding.ts";

/** "EUR 1,240 (980 to 1,460)"; what was counted has no range. */
export function rangeText({ low, mid, high }: Range, currency: string): string {
  const exact = Math.round(low) === Math.round(high); // counted, not estimated
  return exact
    ? formatMoney(mid, currency)
    : `${formatMoney(mid, currency)} (${formatCount(Math.round(low))} to ${formatCount(Math.round(high))})`;
}

/** What a finding costs, with its kind, range and basis; empty without a price. */
export function moneyText({ money, hours }: Finding): string {
  if (!money) return hours === null ? "" : `${formatHours(hours)} of work.`;
  const kinds = {
    cash: "Cash",
    "working capital": "Working capital",
    labour: "Labour",
    delay: "Delay",
    exposure: "Exposure",
  };
  const inHours = hours === null ? "" : `, ${formatHours(hours)}`;
  return `${kinds[money.kind]} ${rangeText(money, money.currency)}${inHours}: ${money.basis}.`;
}
