import type { Column } from "../eventlog/event-log.ts";
import { isAmount } from "../eventlog/record-table.ts";
import type { Evidence } from "./evidence.ts";

const AMOUNT_NAMES = [
  /^(case:)?\(?(case\))?_?(amount|total|totalamount|total_amount|value|betrag|summe|gesamtbetrag|montant|importe|bedrag|importo|valor)$/,
  /(net|gross|invoice|order|request|claim|contract|purchase|total|po)[\s_-]?(amount|value|total)|amount_req|requestedamount|totaldeclared/,
  /amount|betrag|montant|importe|bedrag|importo|\bvalue\b|rechnungssumme|warenwert|netto|brutto/,
];

/** The column that says how much money a case is about, when there is one. */
export function amountColumn(evidence: Evidence): Extract<Column, { kind: "number" }> | undefined {
  const numeric = evidence.log.columns.filter((column) => column.kind === "number");
  const named = AMOUNT_NAMES.flatMap((pattern) =>
    numeric.filter(({ name }) => pattern.test(name.toLowerCase())),
  );
  // of a first document only, an amount is missing in many cases; one of all of them is not
  const filled = (column: (typeof named)[number]) => 1 - column.missing / Math.max(1, column.numbers.length);
  return named.find((column) => column.scope === "event" || filled(column) >= 0.95) ?? named[0];
}

/** The largest amount recorded in a case; NaN when none is, and for what is too large to be one. */
export function amountOfCase(evidence: Evidence, c: number): number {
  const { amount, log } = evidence;
  if (!amount) return NaN;
  if (amount.scope === "case") return isAmount(amount.numbers[c]) ? amount.numbers[c] : NaN;
  let largest = NaN;
  for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
    const own = amount.numbers[e];
    if (isAmount(own) && !(own <= largest)) largest = own;
  }
  return largest;
}
