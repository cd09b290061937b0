import type { Evidence } from "../evidence/evidence.ts";
import { byMeasure, type MeasureId } from "./measures/index.ts";

const WEEK = 604_800_000;

/** What steps are like week by week; null where nothing says. */
export interface WeeklySeries {
  /** begin of the first week, in ms; weeks follow one another, and the last is whole */
  from: number;
  executions: number[];
  /** the mean of each measure, week by week */
  means: Record<MeasureId, (number | null)[]>;
}

/** Weeks in which fewer executions say something say nothing about the work. */
const LEAST = 3;

/**
 * The weekly course of activities by every measure, weeks counted from `anchor` in both directions. One pass
 * over their rows, at each of which every measure reads what it reads.
 */
export function weeklySeries(
  evidence: Evidence,
  activities: readonly number[],
  anchor: number,
): WeeklySeries {
  const { log, range, caseOf } = evidence;
  const first = Math.ceil((range.from - anchor) / WEEK);
  const weeks = Math.max(0, Math.floor((range.to - anchor) / WEEK) - first);
  const from = anchor + first * WEEK;
  const executions = new Array<number>(weeks).fill(0);
  const sums = byMeasure((measure) => ({
    read: measure.reader(evidence),
    settlesMs: measure.settlesMs,
    sum: new Float64Array(weeks),
    n: new Float64Array(weeks),
  }));
  const readers = Object.values(sums);
  for (const a of activities)
    for (const e of evidence.rowsOf(a)) {
      const week = Math.floor((log.time[e] - from) / WEEK);
      if (week < 0 || week >= weeks || log.open?.[e]) continue;
      executions[week]++;
      for (const one of readers) {
        const value = one.read?.(e, caseOf[e]) ?? NaN;
        if (Number.isNaN(value)) continue;
        one.sum[week] += value;
        one.n[week]++;
      }
    }
  return {
    from,
    executions,
    means: byMeasure(({ id }) => {
      const { sum, n, settlesMs } = sums[id];
      return Array.from(sum, (total, week) =>
        n[week] < LEAST || (settlesMs > 0 && from + (week + 1) * WEEK + settlesMs > range.to)
          ? null
          : total / n[week],
      );
    }),
  };
}
