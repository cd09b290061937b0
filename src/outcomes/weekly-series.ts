import type { Evidence } from "../evidence/evidence.ts";
import { handlingMs } from "../eventlog/handling.ts";

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
/** What is done again later than this is not looked for, so that the last weeks are not better than the first because less time has passed. */
const AGAIN_WITHIN = 4 * WEEK;

/** What steps are like week by week; null where nothing says. */
export interface WeeklySeries {
  /** begin of the first week, in ms; weeks follow one another, and the last is whole */
  from: number;
  executions: number[];
  /** working hours from begin to end, mean; null for all where begins are not recorded */
  hours: (number | null)[];
  /** share after which the same activity comes again in the case, or something is put right, within four weeks; null for weeks that are too young to say */
  again: (number | null)[];
  /** from the event before in the case, hours, mean */
  wait: (number | null)[];
}

/** Weeks in which fewer executions lie say nothing about the work. */
const LEAST = 3;

/** The weekly course of activities, weeks counted from `anchor` in both directions. One pass over their rows, and over what follows each within four weeks. */
export function weeklySeries(
  evidence: Evidence,
  activities: readonly number[],
  anchor: number,
): WeeklySeries {
  const { log, range, caseOf, isCompensating } = evidence;
  const { time, activity, caseStart } = log;
  const begin = log.start ?? time;
  const first = Math.ceil((range.from - anchor) / WEEK);
  const end = Math.floor((range.to - anchor) / WEEK);
  const weeks = Math.max(0, end - first);
  const from = anchor + first * WEEK;
  const executions = new Array<number>(weeks).fill(0);
  const hours = new Float64Array(weeks);
  const again = new Float64Array(weeks);
  const waits = new Float64Array(weeks);
  const followers = new Float64Array(weeks);
  for (const a of activities)
    for (const e of evidence.rowsOf(a)) {
      const week = Math.floor((time[e] - from) / WEEK);
      if (week < 0 || week >= weeks || log.open?.[e]) continue;
      executions[week]++;
      // work that lies over a night or a weekend is not worked on then
      hours[week] += (handlingMs(log, e, evidence.calendar) || handlingMs(log, e) || 0) / HOUR;
      const c = caseOf[e];
      if (e > caseStart[c]) {
        waits[week] += Math.max(0, begin[e] - time[e - 1]) / HOUR;
        followers[week]++;
      }
      for (let k = e + 1; k < caseStart[c + 1] && time[k] - time[e] <= AGAIN_WITHIN; k++)
        // straight after itself it is one piece of work
        if (isCompensating[activity[k]] === 1 || (k > e + 1 && activity[k] === a)) {
          again[week]++;
          break;
        }
    }
  const where = (of: (week: number) => number | null) =>
    executions.map((n, week) => (n < LEAST ? null : of(week)));
  return {
    from,
    executions,
    hours: log.start ? where((week) => hours[week] / executions[week]) : executions.map(() => null),
    again: where((week) =>
      from + (week + 1) * WEEK + AGAIN_WITHIN > range.to ? null : again[week] / executions[week],
    ),
    wait: where((week) => (followers[week] < LEAST ? null : waits[week] / followers[week])),
  };
}
