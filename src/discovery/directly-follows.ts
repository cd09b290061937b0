import type { EventLog } from "../eventlog/event-log.ts";
import type { CaseSelection } from "../eventlog/select-cases.ts";

/** How often each activity directly follows another; partial results over disjoint cases merge. */
export interface DirectlyFollows {
  /** events of each activity */
  activityCount: Float64Array;
  /** cases that begin, and end, with each activity */
  starts: Float64Array;
  ends: Float64Array;
  /** a * activities + b → how often b comes directly after a */
  edges: Map<number, number>;
}

/** Counts the directly-follows relation of all cases, a range of them, or a selection. One pass. */
export function directlyFollows(
  { caseCount, caseStart, activity, activities }: EventLog,
  cases: CaseSelection | [from: number, to: number] = [0, caseCount],
): DirectlyFollows {
  const n = activities.length;
  const activityCount = new Float64Array(n);
  const starts = new Float64Array(n);
  const ends = new Float64Array(n);
  const edges = new Map<number, number>();
  // A matrix is faster by far where it is small; a map does where it is not.
  const matrix = n <= 1024 ? new Float64Array(n * n) : undefined;
  const selected = cases instanceof Uint32Array ? cases : undefined;
  const [first, end] = selected ? [0, selected.length] : (cases as [number, number]);

  for (let i = first; i < end; i++) {
    const c = selected ? selected[i] : i;
    const from = caseStart[c];
    const to = caseStart[c + 1];
    let previous = activity[from];
    activityCount[previous]++;
    starts[previous]++;
    for (let e = from + 1; e < to; e++) {
      const a = activity[e];
      activityCount[a]++;
      if (matrix) matrix[previous * n + a]++;
      else edges.set(previous * n + a, (edges.get(previous * n + a) ?? 0) + 1);
      previous = a;
    }
    ends[previous]++;
  }
  matrix?.forEach((count, key) => count > 0 && edges.set(key, count));
  return { activityCount, starts, ends, edges };
}
