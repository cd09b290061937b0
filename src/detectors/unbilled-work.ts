import { recordColumn, numberOf, textOf, timeOf } from "../eventlog/record-table.ts";
import { quantile } from "../statistics/quantile.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { isBillingName, isDeliveryName, isRejectionName } from "../evidence/activity-names.ts";
import { caseSet, costOf, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { flags } from "../evidence/rules/in-case.ts";
import { INVOICES } from "../evidence/table-names.ts";

const DAY = 86_400_000;

/**
 * Finds work that was delivered and never billed: cases with a delivery and without a bill, ended or older
 * than nearly all bills take (the 99th percentile of the time from delivery to bill, at least `minDays`).
 * Where the log has no bills: orders with a delivery date and no invoice among the records.
 *
 * Needs delivering and billing activities, told by name, or tables of orders and invoices with an order or
 * case id. Cancelled cases do not count.
 */
export const unbilledWork = defineDetector({
  id: "unbilled-work",
  category: "data and reporting",
  title: "Delivered and never billed",
  question: "What was delivered and never billed?",
  remedy: {
    text: "Bill what is open, and list deliveries without a bill every week.",
    effort: "days",
    decides: "head of billing",
  },
  options: { minCases: 3, minShare: 0.004, minDays: 30 },

  missing: (evidence) =>
    billingOf(evidence) || unbilledOrders(evidence) ? [] : [{ kind: "deliveries and bills", orTables: true }],

  detect(evidence, { minCases, minShare, minDays }) {
    const billing = billingOf(evidence);
    if (!billing)
      return [unbilledOrders(evidence)!].flatMap((o) => (o.counted!.count >= minCases ? [o] : []));
    const { log, isClosed, range } = evidence;
    const late = quantile(
      billing.deliveries.flatMap(({ row, billed }) => (billed < 0 ? [] : [log.time[billed] - log.time[row]])),
      0.99,
    );
    const patience = Math.max(minDays * DAY, late ?? 0);
    const open = billing.deliveries.filter(
      ({ row, billed, cancelled, c }) =>
        billed < 0 &&
        !cancelled &&
        (range.to - log.time[row] > patience || (isClosed[c] && range.to - log.time[row] > minDays * DAY)),
    );
    const outOf = billing.deliveries.filter(
      ({ row, billed, cancelled }) => !cancelled && (billed >= 0 || range.to - log.time[row] > patience),
    ).length;
    if (open.length < minCases || wilsonLow(open.length, outOf) < minShare) return [];
    const amounts = open
      .map(({ row, c }) => [row, Math.abs(evidence.amountOfCase(c))] as const)
      .filter(([, amount]) => amount > 0);
    return [
      {
        subject: billing.deliverName,
        statement: `After "${billing.deliverName}" ${open.length} of ${outOf} cases were never billed ("${billing.billName}" is missing).`,
        cases: caseSet(open.map(({ c }) => c)),
        outOf,
        people: [],
        cost:
          amounts.length === 0
            ? undefined
            : costOf("cash", "amounts of the cases delivered and not billed", amounts),
        facts: [["counted as never after", `${Math.round(patience / DAY)} days without a bill`]],
      },
    ];
  },
});

export interface Billing {
  deliverName: string;
  billName: string;
  bills: number[];
  /**
   * for each case with a delivery: its last one before the bill, the first bill from then on (−1 for none)
   */
  deliveries: { c: number; row: number; billed: number; cancelled: boolean }[];
}

/** Deliveries and their bills; undefined where no activity delivers, or none bills after it. */
export function billingOf(evidence: Evidence): Billing | undefined {
  return evidence.once("billing", () => {
    const { log, activityNames } = evidence;
    const bills = activityNames.flatMap((name, a) => (isBillingName(name) ? [a] : []));
    const delivers = activityNames.flatMap((name, a) =>
      isDeliveryName(name) && !bills.includes(a) ? [a] : [],
    );
    // a buyer's log has the supplier's invoice
    const buys = activityNames.some((name) =>
      /\bpurchase (order|requisition|request)|supplier'?s? invoice|vendor invoice|\bpay (the )?(supplier|vendor|invoice)/i.test(
        name,
      ),
    );
    const sells = activityNames.some((name) => /customer|client|sales order|kunde/i.test(name));
    if (bills.length === 0 || delivers.length === 0 || (buys && !sells)) return undefined;
    const isBill = flags(bills, activityNames.length);
    const isDelivery = flags(delivers, activityNames.length);
    const { described } = evidence;
    const stepName = (a: number) =>
      described && described.stepOf[a] >= 0 ? described.steps[described.stepOf[a]].name : undefined;
    // refused, or on a way that the description has without a bill (warranty, internal orders)
    const refuses = Uint8Array.from(activityNames, (name, a) => {
      const own = stepName(a);
      const without =
        own !== undefined &&
        bills.every((b) => stepName(b) !== undefined && described!.order.excludes(own, stepName(b)!));
      return isRejectionName(name) || without ? 1 : 0;
    });
    const deliveries: Billing["deliveries"] = [];
    const used = new Map<number, number>();
    let after = 0;
    for (let c = 0; c < log.caseCount; c++) {
      let row = -1;
      let billed = -1;
      let anyBill = -1;
      let cancelled = false;
      for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
        const a = log.activity[e];
        if (refuses[a]) cancelled = true;
        if (isBill[a]) {
          if (anyBill < 0) anyBill = e;
          if (row >= 0 && billed < 0) billed = e;
        }
        if (isDelivery[a] && billed < 0) row = e;
      }
      if (row < 0) continue;
      if (billed >= 0) {
        after++;
        used.set(log.activity[row], (used.get(log.activity[row]) ?? 0) + 1);
      }
      deliveries.push({ c, row, billed: billed < 0 ? anyBill : billed, cancelled });
    }
    if (after < 20 || after < deliveries.length * 0.3) return undefined;
    const [deliver] = [...used].sort((x, y) => y[1] - x[1])[0];
    const name = (list: number[]) =>
      activityNames[[...list].sort((x, y) => evidence.rowsOf(y).length - evidence.rowsOf(x).length)[0]];
    return { deliverName: activityNames[deliver], billName: name(bills), bills, deliveries };
  });
}

/** Orders with a delivery date and no invoice; undefined where the records cannot tell. */
function unbilledOrders(evidence: Evidence): Observation | undefined {
  const orders = evidence
    .tables(/order|deliver|auftrag|liefer|timesheet|job|project/i)
    .find((table) => table.roles.has("delivered_at") || table.roles.has("received_amount"));
  const invoices = evidence.tables(INVOICES)[0];
  if (!orders?.roles.has("delivered_at") || !invoices) return undefined;
  const link = (["order_id", "case_id"] as const).find(
    (role) => orders.roles.has(role) && invoices.roles.has(role),
  );
  if (!link) return undefined;
  const billed = new Set<string>();
  const billedOf = recordColumn(invoices, link);
  for (let r = 0; r < invoices.rowCount; r++) billed.add(textOf(billedOf, r));
  const [id, delivered, amount] = [
    recordColumn(orders, link),
    recordColumn(orders, "delivered_at"),
    recordColumn(orders, "order_amount") ?? recordColumn(orders, "amount"),
  ];
  let now = evidence.range.to;
  for (let r = 0; r < orders.rowCount; r++) if (timeOf(delivered, r) > now) now = timeOf(delivered, r);
  const open: number[] = [];
  let outOf = 0;
  for (let r = 0; r < orders.rowCount; r++) {
    if (Number.isNaN(timeOf(delivered, r)) || now - timeOf(delivered, r) < 30 * DAY) continue;
    outOf++;
    if (!billed.has(textOf(id, r))) open.push(r);
  }
  const amounts = open.map((r) => [r, numberOf(amount, r)] as const).filter(([, value]) => value > 0);
  return {
    subject: orders.name,
    statement: `${open.length} of ${outOf} ${orders.name} delivered 30 days ago or earlier have no invoice.`,
    cases: evidence.casesOfRecords(orders, open),
    outOf: evidence.log.caseCount,
    counted: { unit: orders.name, count: open.length, outOf },
    people: [],
    cost:
      amounts.length === 0
        ? undefined
        : { ...costOf("cash", "amounts of the orders delivered and not billed", amounts), table: orders },
    facts: [["linked by", link]],
  };
}
