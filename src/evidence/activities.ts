import { isClosingName } from "./activity-names.ts";
import type { Evidence } from "./evidence.ts";

const HOUR = 3_600_000;

/** of the cases that contain an activity, the share that ends with it */
export function endShares(evidence: Evidence): Float64Array {
  const { ends, cases } = evidence.activityCounts;
  return ends.map((n, a) => n / (cases[a] || 1));
}

/**
 * 1 for activities that end cases: 3 in 10 of the cases that contain them end there, or 8 in 100 where just
 * one event follows otherwise (another way to end, one step earlier), or their name says so.
 */
export function finalActivities(evidence: Evidence): Uint8Array {
  const { caseCount, caseStart, activity } = evidence.log;
  const { ends } = evidence.activityCounts;
  const following = new Float64Array(evidence.activityNames.length); // events after the activity in cases that go on
  const lastRow = new Int32Array(evidence.activityNames.length);
  for (let c = 0; c < caseCount; c++) {
    const end = caseStart[c + 1] - 1;
    for (let e = caseStart[c]; e <= end; e++) lastRow[activity[e]] = e;
    for (let e = caseStart[c]; e < end; e++)
      if (lastRow[activity[e]] === e) following[activity[e]] += end - e;
  }
  return Uint8Array.from(evidence.activityNames, (name, a) => {
    if (ends[a] === 0) return 0;
    const share = ends[a] / evidence.casesWith[a];
    const goingOn = evidence.casesWith[a] - ends[a];
    if (share >= 0.3 || isClosingName(name)) return 1;
    return share >= 0.08 && following[a] <= goingOn * 1.2 ? 1 : 0;
  });
}

/**
 * 1 for activities done here and there: in less than half of the cases, behind four or more different
 * activities, none of which comes before them in 4 of 10. Who does them, and when, says nothing about a step
 * of the process.
 */
export function adHocActivities(evidence: Evidence): Uint8Array {
  const { caseCount } = evidence.log;
  const n = evidence.activityNames.length;
  if (n > 2000) return new Uint8Array(n);
  const before = new Float64Array(n * n);
  const { codes, counts } = evidence.follows;
  codes.to.forEach((a, k) => (before[a * n + codes.from[k]] = counts.count[k]));
  return Uint8Array.from({ length: n }, (_, a) => {
    const row = before.subarray(a * n, a * n + n);
    const total = row.reduce((x, y) => x + y, 0);
    const usual = row.filter((count) => count >= total * 0.05).length;
    return total > 0 &&
      evidence.casesWith[a] < caseCount * 0.5 &&
      usual >= 4 &&
      Math.max(...row) < total * 0.4
      ? 1
      : 0;
  });
}

/**
 * 1 for activities that a clock sets off: more than half of them come a whole number of days (one or more)
 * after the event before, to the quarter of an hour. Nobody's waiting, nobody's practice.
 */
export function timedActivities(evidence: Evidence): Uint8Array {
  const { time, caseStart } = evidence.log;
  const { byActivity, caseOf } = evidence;
  return Uint8Array.from(evidence.activityNames, (_, a) => {
    const count = new Map<number, number>();
    let all = 0;
    for (let i = byActivity.start[a]; i < byActivity.start[a + 1]; i++) {
      const e = byActivity.rows[i];
      if (e === caseStart[caseOf[e]]) continue;
      all++;
      const days = (time[e] - time[e - 1]) / (24 * HOUR);
      const whole = Math.round(days);
      // an hour either way for the change of clocks
      if (whole >= 1 && Math.min(Math.abs(days - whole), Math.abs(Math.abs(days - whole) - 1 / 24)) < 1 / 96)
        count.set(whole, (count.get(whole) ?? 0) + 1);
    }
    return all >= 20 && Math.max(0, ...count.values()) > all * 0.5 && evidence.precision !== "day" ? 1 : 0;
  });
}

/** Whether programs do most of an activity. */
export function isDoneByPrograms(evidence: Evidence, a: number): boolean {
  const { person } = evidence.log;
  if (!person) return false;
  const rows = evidence.rowsOf(a);
  let byPrograms = 0;
  for (const e of rows) if (evidence.isAutomatic[person[e]]) byPrograms++;
  return byPrograms > rows.length * 0.8;
}
