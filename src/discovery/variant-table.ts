import type { EventLog } from "../eventlog/event-log.ts";
import { quantileOfSorted } from "../statistics/quantile.ts";
import { findVariants } from "./variants.ts";

/** One variant with what is asked of it most. */
export interface VariantRow {
  /** activity codes in order */
  steps: Uint32Array;
  cases: number;
  share: number;
  /** share of the cases in this variant and the more frequent ones */
  covered: number;
  medianDurationMs: number;
  p90DurationMs: number;
}

/** The variants of a log, most frequent first, with the durations of their cases. O(cases · log cases). */
export function variantTable(log: EventLog): VariantRow[] {
  const { example, caseCount, variantOf } = findVariants(log);
  const begin = log.start ?? log.time;
  const durations = Array.from(caseCount, (count) => new Float64Array(count));
  const next = new Uint32Array(caseCount.length);
  for (let c = 0; c < log.caseCount; c++) {
    const v = variantOf[c];
    durations[v][next[v]++] = log.time[log.caseStart[c + 1] - 1] - begin[log.caseStart[c]];
  }
  let covered = 0;
  return Array.from(example, (c, v) => {
    covered += caseCount[v];
    durations[v].sort();
    return {
      steps: Uint32Array.from(log.activity.subarray(log.caseStart[c], log.caseStart[c + 1])),
      cases: caseCount[v],
      share: caseCount[v] / log.caseCount,
      covered: covered / log.caseCount,
      medianDurationMs: quantileOfSorted(durations[v], 0.5)!,
      p90DurationMs: quantileOfSorted(durations[v], 0.9)!,
    };
  });
}

/** How many of the most frequent variants are needed for each share of the cases; undefined for a log without cases. */
export function variantsFor(table: readonly VariantRow[], share: number): number | undefined {
  const index = table.findIndex(({ covered }) => covered >= share - 1e-12);
  return index < 0 ? undefined : index + 1;
}

/** A frequent variant and those that differ from it little. */
export interface VariantGroup {
  /** place of the leading variant in the table, and of all members, most frequent first */
  leader: number;
  members: number[];
  cases: number;
}

/** Variants compared with each other, at most; the rest form no groups. */
export const GROUPED = 3000;

/**
 * Which variants are nearly the same? Each variant, most frequent first, joins the most frequent leading variant from which it differs by at most `distance` of the
 * longer one's steps (insertions, deletions and exchanges of steps), else it leads a group of its own. The 3,000 most frequent variants are grouped. Groups with
 * most cases first. Cost: variants × groups × steps, cut short by what lengths and counts of steps already rule out.
 */
export function groupVariants(table: readonly VariantRow[], distance = 0.2): VariantGroup[] {
  const groups: VariantGroup[] = [];
  table.slice(0, GROUPED).forEach((row, v) => {
    for (const group of groups) {
      const leader = table[group.leader];
      const limit = Math.floor(distance * Math.max(row.steps.length, leader.steps.length));
      if (Math.abs(row.steps.length - leader.steps.length) > limit || !within(row.steps, leader.steps, limit))
        continue;
      group.members.push(v);
      group.cases += row.cases;
      return;
    }
    groups.push({ leader: v, members: [v], cases: row.cases });
  });
  return groups.sort((a, b) => b.cases - a.cases);
}

/** Whether two sequences differ by at most `limit` edits (Ukkonen 1985: only a band around the diagonal can). */
function within(a: Uint32Array, b: Uint32Array, limit: number): boolean {
  let row = new Int32Array(b.length + 1).map((_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = new Int32Array(b.length + 1).fill(limit + 1);
    if (i <= limit) next[0] = i;
    let least = next[0];
    for (let j = Math.max(1, i - limit); j <= Math.min(b.length, i + limit); j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      least = Math.min(least, next[j]);
    }
    if (least > limit) return false;
    row = next;
  }
  return row[b.length] <= limit;
}
