import {
  numberOf,
  recordColumn,
  textOf,
  type RecordRole,
  type RecordTable,
} from "../eventlog/record-table.ts";
import { quantile } from "../statistics/quantile.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { costOf, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { needsTable } from "../evidence/needs.ts";
import { INVOICES, ORDERS, RECEIPTS } from "../evidence/table-names.ts";

/**
 * Finds invoices whose amount differs from what was ordered or received (three-way match): by the columns
 * `order_amount` and `received_amount` of the invoices, or by tables of orders and receipts with the same
 * order or case id. Several invoices of one order are added up. Where most amounts differ by one factor (the
 * tax) it is taken out.
 *
 * A mismatch is more than `tolerance` of the amount and more than `minAmount`. A finding from `minCount` on
 * and more than `minShare`, by the 95 % interval. What was billed above the smaller of order and receipt is
 * cash. One pass per table.
 */
export const amountMismatch = defineDetector({
  id: "amount-mismatch",
  category: "data and reporting",
  title: "Invoice, order and receipt do not match",
  question: "Which invoices differ from what was ordered or received?",
  remedy: {
    text: "Match order, receipt and invoice before the payment is released.",
    effort: "weeks",
    decides: "head of accounts payable",
  },
  options: { tolerance: 0.01, minAmount: 1, minCount: 2, minShare: 0.001 },

  missing(evidence) {
    const needs = needsTable(evidence, INVOICES, "invoices", ["amount"]);
    if (needs.length > 0) return needs;
    return evidence.tables(INVOICES).some((table) => comparedWith(evidence, table).length > 0)
      ? []
      : [{ kind: "amounts to compare" }];
  },

  detect: (evidence, { tolerance, minAmount, minCount, minShare }) =>
    evidence.distinctTables(INVOICES).flatMap((table): Observation[] => {
      const others = comparedWith(evidence, table);
      if (others.length === 0) return [];
      const amount = recordColumn(table, "amount");
      const off = new Map<number, number>(); // row → billed too much
      const facts: [string, string][] = [];
      let compared = 0;
      for (const { what, expected, billed } of others) {
        const ratios: number[] = [];
        for (let r = 0; r < table.rowCount; r++)
          if (expected(r) > 0 && billed(r, 1) > 0) ratios.push(billed(r, 1) / expected(r));
        const factor = taxFactor(ratios);
        let count = 0;
        for (let r = 0; r < table.rowCount; r++) {
          const [should, is] = [expected(r) * factor, billed(r, factor)];
          if (!(should >= 0) || !(is > 0)) continue;
          const beyond = is - should;
          if (Math.abs(beyond) <= Math.max(minAmount, tolerance * Math.max(should, is))) continue;
          count++;
          off.set(r, Math.max(off.get(r) ?? 0, Math.min(beyond, numberOf(amount, r))));
        }
        compared = Math.max(compared, ratios.length);
        facts.push([`differ from the ${what}`, String(count)]);
        if (factor !== 1)
          facts.push([`taken out before comparing with the ${what}`, `a factor of ${factor.toFixed(2)}`]);
      }
      if (off.size < minCount || wilsonLow(off.size, compared) < minShare) return [];
      const key = table.columns.find(({ name }) => name === table.key);
      const rows = [...off.keys()].sort((a, b) => a - b);
      const over = rows.map((r) => [r, off.get(r)!] as const).filter(([, beyond]) => beyond > 0);
      const currencies = new Set(rows.map((r) => textOf(recordColumn(table, "currency"), r)));
      return [
        {
          subject: table.name,
          statement: `${off.size} of ${compared} ${table.name} differ from ${others.map(({ what }) => `the ${what}`).join(" or ")} by more than ${tolerance * 100} %; ${over.length} bill too much.`,
          cases: evidence.casesOfRecords(table, rows),
          outOf: evidence.log.caseCount,
          counted: { unit: table.name, count: off.size, outOf: compared },
          records: rows.map((r): [string, string] => {
            const id = textOf(key, r) || String(r + 1);
            return [id, id];
          }),
          people: [],
          cost:
            over.length === 0 || currencies.size > 1
              ? undefined
              : {
                  ...costOf("cash", "amounts billed above what was ordered or received", over),
                  table,
                  currency: [...currencies][0] || undefined,
                },
          facts,
        },
      ];
    }),
});

interface Compared {
  what: string;
  expected: (row: number) => number;
  /** what was billed for it, in all where several invoices together reach what was expected */
  billed: (row: number, factor: number) => number;
}

/** What the invoices of a table can be held against. */
function comparedWith(evidence: Evidence, table: RecordTable): Compared[] {
  const amount = recordColumn(table, "amount");
  const sources: [what: string, role: RecordRole, tables: RegExp][] = [
    ["order", "order_amount", ORDERS],
    ["receipt", "received_amount", RECEIPTS],
  ];
  return sources.flatMap(([what, role, tables]): Compared[] => {
    const own = recordColumn(table, role);
    const link = (["order_id", "case_id"] as const).find((r) => table.roles.has(r));
    const linkColumn = link && recordColumn(table, link);
    if (own) {
      const sums =
        linkColumn &&
        sumBy(
          table,
          (r) => textOf(linkColumn, r),
          (r) => numberOf(amount, r),
        );
      return [
        {
          what,
          expected: (r) => numberOf(own, r),
          // invoices of one order are parts where together, and not alone, they reach it
          billed: (r, factor) => {
            const [single, together] = [numberOf(amount, r), sums?.get(textOf(linkColumn, r)) ?? NaN];
            const fits = (value: number) =>
              Math.abs(value - numberOf(own, r) * factor) <= 0.01 * Math.max(1, value);
            return !fits(single) && fits(together) ? together : single;
          },
        },
      ];
    }
    const other = evidence
      .tables(tables)
      .find((t) => t !== table && t.roles.has(role) && link && t.roles.has(link));
    if (!other || !link || !linkColumn) return [];
    const otherLink = recordColumn(other, link);
    const otherAmount = recordColumn(other, role);
    const expected = sumBy(
      other,
      (r) => textOf(otherLink, r),
      (r) => numberOf(otherAmount, r),
    );
    const billed = sumBy(
      table,
      (r) => textOf(linkColumn, r),
      (r) => numberOf(amount, r),
    );
    return [
      {
        what,
        expected: (r) => expected.get(textOf(linkColumn, r)) ?? NaN,
        billed: (r, factor) => {
          const [single, together] = [numberOf(amount, r), billed.get(textOf(linkColumn, r)) ?? NaN];
          const should = (expected.get(textOf(linkColumn, r)) ?? NaN) * factor;
          return Math.abs(single - should) <= Math.abs(together - should) ? single : together;
        },
      },
    ];
  });
}

function sumBy(
  table: RecordTable,
  key: (r: number) => string,
  value: (r: number) => number,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (let r = 0; r < table.rowCount; r++) {
    const amount = value(r);
    if (key(r) !== "" && !Number.isNaN(amount)) sums.set(key(r), (sums.get(key(r)) ?? 0) + amount);
  }
  return sums;
}

/** The factor by which most amounts differ, when it looks like a tax; else 1. */
function taxFactor(ratios: number[]): number {
  const usual = quantile(ratios, 0.5) ?? 1;
  const near = ratios.filter((ratio) => Math.abs(ratio / usual - 1) < 0.002).length;
  const looksLikeTax = (usual > 1.03 && usual < 1.28) || (usual < 0.97 && usual > 0.78);
  return looksLikeTax && near > ratios.length * 0.6 ? usual : 1;
}
