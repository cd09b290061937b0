import { rhythmOf } from "../detectors/batching.ts";
import type { Evidence } from "../evidence/evidence.ts";

/**
 * As the detector of batching has it: on at most 45 % of the days on which cases become ready, three at a
 * time, forty executions or more.
 */
const RHYTHM = { minRows: 40, maxRatio: 0.45, minSize: 3 };
/** An activity with which more cases begin than this is not waited for. */
const MOST_FIRST = 0.1;

/**
 * Which activities are saved up and done in runs, and when did each run begin? By activity, ascending times
 * in [from, to): the fewest moments by which everybody who waited for a run was let in when they were.
 * Undefined for activities that are done as they come. One pass over the executions of each activity, which
 * are sorted.
 */
export function workRuns(evidence: Evidence, from: number, to: number): (Float64Array | undefined)[] {
  const { log, caseOf, activityNames } = evidence;
  const begin = log.start ?? log.time;
  return activityNames.map((_, a) => {
    const rhythm = rhythmOf(evidence, a, RHYTHM);
    if (!rhythm || rhythm.rows.length < evidence.rowsOf(a).length * (1 - MOST_FIRST)) return undefined;
    const rows = rhythm.rows
      .filter((e) => begin[e] >= from && begin[e] < to)
      .sort((e, f) => begin[e] - begin[f] || e - f);
    const starts: number[] = [];
    for (const e of rows) {
      const ready = e > log.caseStart[caseOf[e]] ? log.time[e - 1] : begin[e];
      if (starts.length === 0 || ready > starts[starts.length - 1]) starts.push(begin[e]);
    }
    return starts.length === 0 ? undefined : Float64Array.from(starts);
  });
}
