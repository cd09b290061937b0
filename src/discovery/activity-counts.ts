import type { EventLog } from "../eventlog/event-log.ts";
import type { CaseSelection } from "../eventlog/select-cases.ts";

/** Counts of each activity, by its code. */
export interface ActivityCounts {
  /** events */
  rows: Float64Array;
  /** cases in which it occurs, which begin with it, and which end with it */
  cases: Float64Array;
  starts: Float64Array;
  ends: Float64Array;
}

/**
 * How often does each activity occur, in how many cases, and how many begin and end with it? No case gives
 * zeros. One pass.
 */
export function activityCounts(
  { caseCount, caseStart, activity, activities }: EventLog,
  selected?: CaseSelection,
): ActivityCounts {
  const n = activities.length;
  const rows = new Float64Array(n);
  const cases = new Float64Array(n);
  const starts = new Float64Array(n);
  const ends = new Float64Array(n);
  const seenIn = new Int32Array(n).fill(-1);
  const total = selected?.length ?? caseCount;
  for (let i = 0; i < total; i++) {
    const c = selected ? selected[i] : i;
    const [from, to] = [caseStart[c], caseStart[c + 1]];
    if (from === to) continue;
    for (let e = from; e < to; e++) {
      const a = activity[e];
      rows[a]++;
      if (seenIn[a] !== c) {
        seenIn[a] = c;
        cases[a]++;
      }
    }
    starts[activity[from]]++;
    ends[activity[to - 1]]++;
  }
  return { rows, cases, starts, ends };
}
