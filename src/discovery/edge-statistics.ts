import type { WorkCalendar } from "../eventlog/calendar.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { handlingMs } from "../eventlog/handling.ts";
import type { CaseSelection } from "../eventlog/select-cases.ts";

/**
 * Edge k of n leads from activity `from[k]` to `to[k]`; edges are sorted by count, most first, then by `from`
 * and `to`.
 */
export interface EdgeStatistics {
  from: Uint32Array;
  to: Uint32Array;
  /** how often, and in how many cases */
  count: Uint32Array;
  cases: Uint32Array;
  /** ms from the end of the one to the begin of the other, 0 where they overlap */
  median: Float64Array;
  mean: Float64Array;
  p90: Float64Array;
  min: Float64Array;
  max: Float64Array;
}

/**
 * How often does each activity directly follow each other, in how many cases, and how long does it wait?
 * Times are exact, not sampled, in ms: wall clock, or working time with a calendar. Where the log has begins,
 * a wait ends when the next activity begins, else when it completes. Quantiles are those of
 * `quantileOfSorted`. No pair of events gives no edge.
 *
 * Two passes over the events and an expected linear selection per edge; 12 bytes an event.
 */
export function edgeStatistics(
  log: EventLog,
  { cases, calendar }: { cases?: CaseSelection; calendar?: WorkCalendar } = {},
): EdgeStatistics {
  const { caseStart, time } = log;
  const begin = log.start ?? time;
  const total = cases?.length ?? log.caseCount;
  // Every pair of events gets the number of its edge; counts come with it.
  let pairs = 0;
  for (let i = 0; i < total; i++) {
    const c = cases ? cases[i] : i;
    pairs += Math.max(0, caseStart[c + 1] - caseStart[c] - 1);
  }
  const edgeOf = new Uint32Array(pairs);
  const { from: froms, to: tos, count, cases: inCases } = edgeCounts(log, cases, edgeOf);

  const edges = froms.length;
  const offset = new Uint32Array(edges + 1);
  for (let k = 0; k < edges; k++) offset[k + 1] = offset[k] + count[k];
  const next = offset.slice();
  const waits = new Float64Array(pairs);
  for (let i = 0, at = 0; i < total; i++) {
    const c = cases ? cases[i] : i;
    const end = caseStart[c + 1];
    for (let e = caseStart[c] + 1; e < end; e++) {
      const wait = calendar ? calendar.workingMs(time[e - 1], begin[e]) : begin[e] - time[e - 1];
      waits[next[edgeOf[at++]]++] = wait > 0 ? wait : 0;
    }
  }

  const order = Array.from({ length: edges }, (_, k) => k).sort(
    (j, k) => count[k] - count[j] || froms[j] - froms[k] || tos[j] - tos[k],
  );
  const numbers = () => new Float64Array(edges);
  const result: EdgeStatistics = {
    from: Uint32Array.from(order, (k) => froms[k]),
    to: Uint32Array.from(order, (k) => tos[k]),
    count: Uint32Array.from(order, (k) => count[k]),
    cases: Uint32Array.from(order, (k) => inCases[k]),
    median: numbers(),
    mean: numbers(),
    p90: numbers(),
    min: numbers(),
    max: numbers(),
  };
  order.forEach((k, place) => {
    const summary = summariseInPlace(waits, offset[k], offset[k + 1]);
    result.median[place] = summary.median;
    result.mean[place] = summary.mean;
    result.p90[place] = summary.p90;
    result.min[place] = summary.min;
    result.max[place] = summary.max;
  });
  return result;
}

/** Edges in the order in which they were met, how often each occurs and in how many cases. */
export interface EdgeCounts {
  from: Uint32Array;
  to: Uint32Array;
  count: Uint32Array;
  cases: Uint32Array;
}

/**
 * How often does each activity directly follow each other, and in how many cases? No pair of events gives no
 * edge. One pass; where `edgeOf` is given (a number for each pair of events, in the order of the cases) it
 * gets the number of each pair's edge.
 */
export function edgeCounts(
  { caseCount, caseStart, activity, activities }: EventLog,
  cases?: CaseSelection,
  edgeOf?: Uint32Array,
): EdgeCounts {
  const n = activities.length;
  const total = cases?.length ?? caseCount;
  const index = new EdgeIndex(n);
  let count = new Uint32Array(64);
  let inCases = new Uint32Array(64);
  let lastCase = new Int32Array(64).fill(-1);
  const { matrix } = index;
  for (let i = 0, at = 0; i < total; i++) {
    const c = cases ? cases[i] : i;
    const end = caseStart[c + 1];
    let previous = activity[caseStart[c]];
    for (let e = caseStart[c] + 1; e < end; e++) {
      const next = activity[e];
      let k = matrix ? matrix[previous * n + next] - 1 : -1;
      if (k < 0) {
        k = index.of(previous, next);
        if (k >= count.length) {
          count = larger(count, new Uint32Array(k * 2));
          inCases = larger(inCases, new Uint32Array(k * 2));
          lastCase = larger(lastCase, new Int32Array(k * 2).fill(-1));
        }
      }
      if (edgeOf) edgeOf[at++] = k;
      count[k]++;
      if (lastCase[k] !== c) {
        lastCase[k] = c;
        inCases[k]++;
      }
      previous = next;
    }
  }
  return {
    from: Uint32Array.from(index.from),
    to: Uint32Array.from(index.to),
    count: count.slice(0, index.size),
    cases: inCases.slice(0, index.size),
  };
}

export interface TimeSummary {
  median: number;
  mean: number;
  p90: number;
  min: number;
  max: number;
}

/**
 * Handling times of each activity in ms, begin to end; undefined for a log without begins, and for activities
 * without one. O(events).
 */
export function handlingTimes(
  log: EventLog,
  calendar?: WorkCalendar,
): (TimeSummary | undefined)[] | undefined {
  const { start, time, activity, activities } = log;
  if (!start) return undefined;
  const offset = new Uint32Array(activities.length + 1);
  for (let e = 0; e < log.eventCount; e++) if (start[e] < time[e]) offset[activity[e] + 1]++; // open work has no length
  for (let a = 0; a < activities.length; a++) offset[a + 1] += offset[a];
  const next = offset.slice();
  const lengths = new Float64Array(offset[activities.length]);
  for (let e = 0; e < log.eventCount; e++) {
    if (start[e] >= time[e]) continue;
    lengths[next[activity[e]]++] = handlingMs(log, e, calendar);
  }
  return Array.from({ length: activities.length }, (_, a) =>
    offset[a] < offset[a + 1] ? summariseInPlace(lengths, offset[a], offset[a + 1]) : undefined,
  );
}

/** Summary of values[from … to), which it reorders; at least one value. Expected linear. */
export function summariseInPlace(values: Float64Array, from: number, to: number): TimeSummary {
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let i = from; i < to; i++) {
    const value = values[i];
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // P90 first: it leaves everything smaller on its left, where the median then is.
  const p90 = quantileInPlace(values, from, to, 0.9);
  const median = quantileInPlace(values, from, to, 0.5);
  return { median, mean: sum / (to - from), p90, min, max };
}

function quantileInPlace(values: Float64Array, from: number, to: number, share: number): number {
  const position = share * (to - from - 1);
  const below = Math.floor(position);
  select(values, from, to - 1, from + below);
  const low = values[from + below];
  if (position === below) return low;
  let high = Infinity; // the smallest of the values right of it
  for (let i = from + below + 1; i < to; i++) if (values[i] < high) high = values[i];
  return low + (high - low) * (position - below);
}

/**
 * Puts the value of rank k in its place, smaller ones left of it, larger ones right (Hoare's find, median of
 * three).
 */
function select(values: Float64Array, left: number, right: number, k: number): void {
  while (right - left > 16) {
    const middle = (left + right) >> 1;
    if (values[middle] < values[left]) swap(values, middle, left);
    if (values[right] < values[left]) swap(values, right, left);
    if (values[right] < values[middle]) swap(values, right, middle);
    const pivot = values[middle];
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) swap(values, i++, j--);
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else return;
  }
  for (let i = left + 1; i <= right; i++) {
    const value = values[i];
    let j = i - 1;
    for (; j >= left && values[j] > value; j--) values[j + 1] = values[j];
    values[j + 1] = value;
  }
}

function swap(values: Float64Array, i: number, j: number): void {
  const value = values[i];
  values[i] = values[j];
  values[j] = value;
}

function larger<T extends Uint32Array | Int32Array>(old: T, fresh: T): T {
  fresh.set(old as never);
  return fresh;
}

/** Numbers the pairs of activities that occur, in the order in which they are met. */
class EdgeIndex {
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly #n: number;
  /** number of the edge + 1 at a * n + b, where that is not too large; 0 for a pair not met */
  readonly matrix: Int32Array | undefined;
  readonly #map = new Map<number, number>();

  constructor(n: number) {
    this.#n = n;
    this.matrix = n <= 2048 ? new Int32Array(n * n) : undefined;
  }

  get size(): number {
    return this.from.length;
  }

  of(a: number, b: number): number {
    const key = a * this.#n + b;
    const known = this.matrix ? this.matrix[key] : (this.#map.get(key) ?? 0);
    if (known > 0) return known - 1;
    this.to.push(b);
    const number = this.from.push(a);
    if (this.matrix) this.matrix[key] = number;
    else this.#map.set(key, number);
    return number - 1;
  }
}
