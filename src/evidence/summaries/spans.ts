import { timeRange } from "../../eventlog/event-log.ts";
import type { Summary } from "./summary.ts";

/**
 * Counts of spans of equal length, one after another: place i is span `first + i` from the origin on. Spans
 * before and after hold nothing.
 */
export interface SpanSummary {
  first: number;
  /** events that were completed in the span, and cases that began in it */
  events: Float64Array;
  begun: Float64Array;
}

const NOTHING: SpanSummary = { first: 0, events: new Float64Array(0), begun: new Float64Array(0) };

/**
 * How many events were completed, and how many cases began, in each span of `lengthMs`, counted from the
 * instant `origin` (ms since epoch UTC) on? What happened before it has negative spans. Memory goes with the
 * spans between the first and the last. Throws RangeError for a length that is not positive.
 */
export function spansFrom(origin: number, lengthMs: number): Summary<SpanSummary> {
  if (!(lengthMs > 0)) throw new RangeError(`a span must be longer than 0 ms, got ${lengthMs}`);
  return {
    id: "spans",
    of(log, cases) {
      const range = timeRange(log);
      const total = cases?.length ?? log.caseCount;
      if (!range || total === 0) return NOTHING;
      const { caseStart, time } = log;
      const begin = log.start ?? time;
      const low = Math.floor((range.from - origin) / lengthMs);
      const spans = Math.floor((range.to - origin) / lengthMs) - low + 1;
      const events = new Float64Array(spans);
      const begun = new Float64Array(spans);
      for (let i = 0; i < total; i++) {
        const c = cases ? cases[i] : i;
        begun[Math.floor((begin[caseStart[c]] - origin) / lengthMs) - low]++;
        for (let e = caseStart[c]; e < caseStart[c + 1]; e++)
          events[Math.floor((time[e] - origin) / lengthMs) - low]++;
      }
      return trimmed(low, events, begun);
    },
    merge(a, b) {
      if (a.events.length === 0) return b;
      if (b.events.length === 0) return a;
      const first = Math.min(a.first, b.first);
      const end = Math.max(a.first + a.events.length, b.first + b.events.length);
      const added = (of: (one: SpanSummary) => Float64Array) => {
        const sum = new Float64Array(end - first);
        for (const one of [a, b]) of(one).forEach((count, i) => (sum[one.first - first + i] += count));
        return sum;
      };
      return { first, events: added(({ events }) => events), begun: added(({ begun }) => begun) };
    },
    empty: NOTHING,
  };
}

/** Without the empty spans at both ends. */
function trimmed(low: number, events: Float64Array, begun: Float64Array): SpanSummary {
  let [from, to] = [0, events.length];
  const isEmpty = (i: number) => events[i] === 0 && begun[i] === 0;
  while (from < to && isEmpty(from)) from++;
  while (to > from && isEmpty(to - 1)) to--;
  return { first: low + from, events: events.slice(from, to), begun: begun.slice(from, to) };
}

/**
 * Counts in `places` places from the origin on; what lies before goes to the first, and what lies after to
 * the last.
 */
export function inPlaces(first: number, counts: Float64Array, places: number): number[] {
  const sums = Array.from({ length: places }, () => 0);
  counts.forEach((count, i) => (sums[Math.max(0, Math.min(places - 1, first + i))] += count));
  return sums;
}

/** Monday 5 January 1970, UTC: from here on weeks have a number of their own. */
const MONDAY = 4 * 86_400_000;

/** How many events were completed, and how many cases began, in each calendar week (UTC)? */
export const weeks: Summary<SpanSummary> = { ...spansFrom(MONDAY, 7 * 86_400_000), id: "weeks" };
