import { median } from "../statistics/quantile.ts";
import { isScheduledName } from "../evidence/activity-names.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { needsTimesOfDay } from "../evidence/needs.ts";
import { delayOf } from "./price.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Finds activities whose executions wait for one another and run together. The comparison is between the days
 * on which cases become ready for the activity and the days on which it is done: both counted as effective
 * numbers (1 / Σ share², Simpson 1949), so that a few stragglers do not hide a weekly run. A batch also shows
 * within the day, by the hours.
 *
 * A finding when the executions fall on at most `maxRatio` times as many days (or hours) as the arrivals, at
 * least `minSize` at a time, and wait at least `minWaitHours` working hours in the middle. One person's
 * bursts of approvals or entries among others' ordinary work do not make an activity batched; what has a date
 * of its own (a trip, a first day) is not batched here. One pass.
 */
export const batching = defineDetector({
  id: "batching",
  category: "handoffs",
  title: "Work waits to be done in one go",
  question: "Which steps are saved up and done together?",
  remedy: {
    text: "Run it more often, or when enough has come together.",
    effort: "days",
    decides: "team lead",
  },
  yieldsTo: ["rubber-stamp"],
  options: { minRows: 40, maxRatio: 0.45, minSize: 3, minWaitHours: 4 },

  missing: needsTimesOfDay,

  detect(evidence, options) {
    const { minWaitHours, minSize } = options;
    const { activityNames, wait, caseOf } = evidence;
    const found: Observation[] = [];
    activityNames.forEach((name, a) => {
      if (isScheduledName(name) || evidence.isTimed[a] || evidence.isProgram(a)) return; // a job runs when it is set to
      const rhythm = rhythmOf(evidence, a, options);
      if (!rhythm) return;
      const { rows, byDay, days, hours } = rhythm;
      const middle = median(Array.from(rows, (e) => wait[e]))!;
      if (middle < minWaitHours * HOUR) return;

      const runs = runsOf(evidence, rows, byDay ? DAY : HOUR, minSize);
      const together = runs.flat();
      if (together.length < rows.length * 0.6) return;
      const cases = caseSet(together.map((e) => caseOf[e]));
      found.push({
        subject: name,
        statement: `"${name}" is saved up and done together: ${together.length} of ${rows.length} executions in ${runs.length} runs of ${(together.length / runs.length).toFixed(0)} on average, while cases become ready all the time. They wait a median of ${evidence.calendar.inWords(middle / HOUR)}.`,
        cases,
        outOf: new Set(Array.from(rows, (e) => caseOf[e])).size,
        people: [],
        cost: delayOf(
          together.map((e) => [e, wait[e] / HOUR] as const),
          "none: all of the waiting is for the run",
        ),
        facts: [
          [`${byDay ? "days" : "hours"} with arrivals (effective)`, (byDay ? days : hours).ready.toFixed(0)],
          [`${byDay ? "days" : "hours"} with executions (effective)`, (byDay ? days : hours).done.toFixed(0)],
        ],
      });
    });
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});

interface RhythmOptions {
  minRows: number;
  maxRatio: number;
  minSize: number;
}

/**
 * Whether an activity runs on far fewer days, or hours, than cases become ready for it; undefined when it
 * does not.
 */
export function rhythmOf(evidence: Evidence, a: number, { minRows, maxRatio, minSize }: RhythmOptions) {
  const { caseOf, log } = evidence;
  const rows = evidence.rowsOf(a).filter((e) => e > log.caseStart[caseOf[e]]);
  if (rows.length < minRows) return undefined;
  const days = compare(evidence, rows, DAY);
  const hours = compare(evidence, rows, HOUR);
  const byDay = days.ready >= 15 && days.done <= maxRatio * days.ready && rows.length / days.done >= minSize;
  const byHour = hours.ready >= 40 && hours.done <= 0.2 * hours.ready && rows.length / hours.done >= minSize;
  return byDay || byHour ? { rows, days, hours, byDay } : undefined;
}

/** On how many days (or hours), effectively, cases become ready and are done. */
function compare({ log, zone }: Evidence, rows: Uint32Array, unit: number): { ready: number; done: number } {
  const ready = new Map<number, number>();
  const done = new Map<number, number>();
  for (const e of rows) {
    const from = Math.floor(zone.toLocal(log.time[e - 1]) / unit);
    const to = Math.floor(zone.toLocal(log.time[e]) / unit);
    ready.set(from, (ready.get(from) ?? 0) + 1);
    done.set(to, (done.get(to) ?? 0) + 1);
  }
  return { ready: effective(ready), done: effective(done) };
}

function effective(counts: Map<number, number>): number {
  let sum = 0;
  let squares = 0;
  for (const n of counts.values()) {
    sum += n;
    squares += n * n;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

function runsOf({ log, zone }: Evidence, rows: Uint32Array, unit: number, minSize: number): number[][] {
  const runs = new Map<number, number[]>();
  for (const e of rows) {
    const slot = Math.floor(zone.toLocal(log.time[e]) / unit);
    const run = runs.get(slot);
    if (run) run.push(e);
    else runs.set(slot, [e]);
  }
  return [...runs.values()].filter((run) => run.length >= minSize);
}
