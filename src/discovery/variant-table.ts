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

/**
 * How many of the most frequent variants are needed for each share of the cases; undefined for a log without
 * cases.
 */
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
const GROUPED = 2000;

/**
 * Which variants are nearly the same? Each variant, most frequent first, joins the most frequent leading
 * variant from which it differs by at most `distance` of the longer one's steps (insertions, deletions and
 * exchanges of steps), else it leads a group of its own. The 2,000 most frequent variants are grouped. Groups
 * with most cases first. Cost: variants × groups × steps, cut short by what lengths and counts of steps
 * already rule out.
 */
export function groupVariants(table: readonly VariantRow[], distance = 0.2): VariantGroup[] {
  const groups: VariantGroup[] = [];
  const rows = table.slice(0, GROUPED);
  const activities = rows.reduce((most, { steps }) => steps.reduce((x, a) => Math.max(x, a + 1), most), 0);
  const counts = rows.map(({ steps }) => {
    const own = new Uint16Array(activities);
    for (const a of steps) own[a]++;
    return own;
  });
  rows.forEach((row, v) => {
    for (const group of groups) {
      const leader = table[group.leader];
      const limit = Math.floor(distance * Math.max(row.steps.length, leader.steps.length));
      if (Math.abs(row.steps.length - leader.steps.length) > limit) continue;
      if (isFurther(counts[v], counts[group.leader], 2 * limit)) continue;
      if (!within(row.steps, leader.steps, limit)) continue;
      group.members.push(v);
      group.cases += row.cases;
      return;
    }
    groups.push({ leader: v, members: [v], cases: row.cases });
  });
  return groups.sort((a, b) => b.cases - a.cases);
}

/** Whether counts of steps differ by more than `limit` in all: one edit changes them by at most 2. */
function isFurther(a: Uint16Array, b: Uint16Array, limit: number): boolean {
  let sum = 0;
  for (let k = 0; k < a.length; k++) {
    sum += Math.abs(a[k] - b[k]);
    if (sum > limit) return true;
  }
  return false;
}

/**
 * Whether two sequences differ by at most `limit` edits (Ukkonen 1985: only a band around the diagonal can).
 */
function within(a: Uint32Array, b: Uint32Array, limit: number): boolean {
  let [row, next] = [new Int32Array(b.length + 1), new Int32Array(b.length + 1)];
  const far = limit + 1;
  for (let j = 0; j <= b.length; j++) row[j] = Math.min(j, far);
  for (let i = 1; i <= a.length; i++) {
    const [from, to] = [Math.max(1, i - limit), Math.min(b.length, i + limit)];
    next[from - 1] = from === 1 ? Math.min(i, far) : far;
    if (to < b.length) next[to + 1] = far;
    let least = next[from - 1];
    const step = a[i - 1];
    for (let j = from; j <= to; j++) {
      let cost = row[j - 1] + (step === b[j - 1] ? 0 : 1);
      if (row[j] + 1 < cost) cost = row[j] + 1;
      if (next[j - 1] + 1 < cost) cost = next[j - 1] + 1;
      next[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > limit) return false;
    [row, next] = [next, row];
    if (to < b.length) row[to + 1] = far;
  }
  return row[b.length] <= limit;
}
