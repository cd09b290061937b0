import { quantile } from "../statistics/quantile.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { caseSet, costOf, defineDetector } from "./detector.ts";
import { billingOf } from "./unbilled-work.ts";

/**
 * Finds bills that go out long after the delivery: more than `minDays` working days and `factor` times the
 * usual wait after it (at most twice `minDays`); where the usual wait itself is above `minDays`, all bills
 * above it. More than `minShare` of the bills, by the 95 % interval.
 *
 * The cost is working capital: amount × days beyond the usual (or beyond `minDays`) / 365, times the yearly
 * cost of capital.
 */
export const lateBilling = defineDetector({
  id: "late-billing",
  category: "data and reporting",
  title: "Bills go out late",
  question: "How long after the delivery is it billed?",
  remedy: { text: "Let the delivery trigger the bill.", effort: "weeks", decides: "head of billing" },
  options: { minCases: 5, minShare: 0.012, minDays: 8, factor: 4 },

  missing: (evidence) => (billingOf(evidence) ? [] : [{ kind: "deliveries and bills", orTables: false }]),

  detect(evidence, { minCases, minShare, minDays, factor }) {
    const { log, calendar } = evidence;
    const { deliveries, billName, deliverName } = billingOf(evidence)!;
    const perDay = calendar.hoursPerDay * 3_600_000;
    const waits = deliveries.flatMap(({ c, row, billed }) =>
      billed < 0 || billed < row
        ? []
        : [
            {
              c,
              billed,
              days: calendar.workingMs(log.time[row], log.start?.[billed] ?? log.time[billed]) / perDay,
            },
          ],
    );
    const usual = quantile(
      waits.map(({ days }) => days),
      0.5,
    );
    if (usual === undefined) return [];
    const limit = usual > minDays ? minDays : Math.max(minDays, Math.min(factor * usual, 2 * minDays));
    const late = waits.filter(({ days }) => days > limit);
    if (late.length < minCases || wilsonLow(late.length, waits.length) < minShare) return [];
    const from = Math.min(usual, minDays);
    const amounts = late
      .map(
        ({ c, billed, days }) =>
          [billed, (Math.abs(evidence.amountOfCase(c)) * (days - from) * 7) / 5 / 365] as const,
      )
      .filter(([, amount]) => amount > 0);
    const median = quantile(
      late.map(({ days }) => days),
      0.5,
    )!;
    return [
      {
        subject: billName,
        statement: `"${billName}" comes more than ${limit.toFixed(0)} working days after "${deliverName}" in ${late.length} of ${waits.length} billed cases, ${median.toFixed(0)} in the median of those; usual are ${usual.toFixed(1)}.`,
        cases: caseSet(late.map(({ c }) => c)),
        outOf: waits.length,
        people: [],
        cost:
          amounts.length === 0
            ? undefined
            : costOf(
                "working capital",
                `amounts × days beyond ${from.toFixed(1)} working days / 365`,
                amounts,
              ),
        facts: [["usual wait", `${usual.toFixed(1)} working days`]],
      },
    ];
  },
});
