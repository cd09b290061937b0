import { costOf, type Cost } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { handlingBasis } from "../evidence/handling.ts";

/**
 * The labour in these rows: each costs the usual handling time of its activity. Undefined where that is not
 * known.
 */
export function labourOf(evidence: Evidence, rows: Iterable<number>): Cost | undefined {
  const { activity } = evidence.log;
  const entries: [number, number][] = [];
  const bases = new Map<number, string>();
  for (const row of rows) {
    const handling = evidence.isWork(row) ? evidence.handling(activity[row]) : undefined;
    if (!handling) continue;
    entries.push([row, handling.hours]);
    bases.set(activity[row], handlingBasis(handling));
  }
  if (entries.length === 0) return undefined;
  const different = new Set(bases.values());
  const basis =
    different.size === 1
      ? `${entries.length} executions of ${[...different][0]}`
      : `${entries.length} executions of ${different.size} activities at their median handling times`;
  return costOf("labour", basis, entries);
}

/** Waiting beyond what is usual, in hours of working time. */
export function delayOf(
  entries: Iterable<readonly [row: number, hours: number]>,
  usual: string,
): Cost | undefined {
  const beyond = [...entries].filter(([, hours]) => hours > 0);
  return beyond.length === 0
    ? undefined
    : costOf("delay", `working hours of waiting beyond ${usual}`, beyond);
}

/**
 * The amounts of the cases that these rows belong to, once a case (at its first row here). Undefined without
 * an amount.
 */
export function exposureOf(evidence: Evidence, rows: Iterable<number>, basis: string): Cost | undefined {
  const seen = new Set<number>();
  const entries: [number, number][] = [];
  for (const row of rows) {
    const c = evidence.caseOf[row];
    if (seen.has(c)) continue;
    seen.add(c);
    const amount = Math.abs(evidence.amountOfCase(c));
    if (amount > 0) entries.push([row, amount]);
  }
  return entries.length === 0 ? undefined : costOf("exposure", basis, entries);
}

/** The hours in these rows as a fact, where handling times are known: for work that is no loss in itself. */
export function hoursOf(evidence: Evidence, rows: Iterable<number>): [label: string, value: string][] {
  const cost = labourOf(evidence, rows);
  return cost ? [["hours of work", cost.quantity.reduce((a, b) => a + b, 0).toFixed(0)]] : [];
}
