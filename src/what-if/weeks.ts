import { weekdayOf } from "../eventlog/calendar.ts";
import type { Random } from "../statistics/random.ts";
import type { Arrivals } from "./engine.ts";

const DAY = 86_400_000;
export const WEEK = 7 * DAY;

/** Whole weeks (from Monday on) of a span. */
export const wholeWeeks = (from: number, to: number) =>
  Math.max(0, Math.floor((to - mondayFrom(from)) / WEEK));

/** What came in a span of the evidence. */
export interface Came {
  from: number;
  to: number;
  /** when each case came, ms since epoch */
  cases: Float64Array;
  /** begins of the runs of each activity that is done in runs, ascending */
  runs: readonly (Float64Array | undefined)[];
}

interface Week {
  endOfMonth: boolean;
  /** places in `cases`, and how long after the begin of the week they came */
  cases: { after: number; place: number }[];
  runs: { after: number; kind: number }[];
}

/**
 * Draws what comes over a period from the whole weeks of a span (from Monday on): each week is one of the
 * span, with all that came in it; one with the end of a month for one with an end of a month. `templateOf`
 * says what a case (by its place) follows. Runs go on until `until`, so that what has begun can end. O(weeks
 * of the span) for each week, and what comes.
 */
export function weekDrawer(
  { from, to, cases, runs }: Came,
  templateOf: (place: number, random: Random) => number,
) {
  const weeks = weeksOf({ from, to, cases, runs });
  return (random: Random, begin: number, end: number, until: number): Arrivals => {
    const found: [number, number][] = [];
    const drawnRuns = runs.map((starts) => starts && ([] as number[]));
    for (let at = begin; at < until; at += WEEK) {
      const alike = weeks.filter(({ endOfMonth }) => endOfMonth === hasMonthEnd(at));
      const pool = alike.length > 0 ? alike : weeks;
      const week = pool[random.below(pool.length)];
      for (const { after, kind } of week.runs) drawnRuns[kind]!.push(at + after);
      for (const { after, place } of week.cases)
        if (at + after < end) found.push([at + after, templateOf(place, random)]);
    }
    found.sort((x, y) => x[0] - y[0]);
    return {
      time: Float64Array.from(found, ([at]) => at),
      template: Uint32Array.from(found, ([, t]) => t),
      runs: drawnRuns.map((starts) => starts && Float64Array.from(starts)),
    };
  };
}

/** Whether a month ends within the week that begins then. */
const hasMonthEnd = (at: number) => new Date(at).getUTCMonth() !== new Date(at + WEEK).getUTCMonth();

function weeksOf({ from, to, cases, runs }: Came): Week[] {
  const first = mondayFrom(from);
  const weeks: Week[] = [];
  for (let at = first; at + WEEK <= to; at += WEEK)
    weeks.push({ endOfMonth: hasMonthEnd(at), cases: [], runs: [] });
  const put = (at: number, into: (week: Week, after: number) => void) => {
    const week = Math.floor((at - first) / WEEK);
    if (week >= 0 && week < weeks.length) into(weeks[week], at - first - week * WEEK);
  };
  cases.forEach((at, place) => put(at, (week, after) => week.cases.push({ after, place })));
  runs.forEach((starts, kind) =>
    starts?.forEach((at) => put(at, (week, after) => week.runs.push({ after, kind }))),
  );
  return weeks;
}

/** The first Monday, midnight UTC, from then on. */
export function mondayFrom(at: number): number {
  const day = Math.ceil(at / DAY);
  return (day + ((7 - weekdayOf(day)) % 7)) * DAY;
}
