import type { WorkCalendar } from "../eventlog/calendar.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { firstAbove, firstFrom } from "../statistics/sorted.ts";

/** Why a case waited, in ms; the parts add up to the whole wait. */
export interface WaitingTime {
  /** until the last item of the batch was there */
  batching: number;
  /** the person was at work on something that had come earlier */
  contention: number;
  /** the person was at work on something that had come later */
  prioritisation: number;
  /** outside the person's working hours */
  unavailability: number;
  /** none of these: the person was there and not at work on anything that the log shows */
  extraneous: number;
}

export const CAUSES = ["batching", "contention", "prioritisation", "unavailability", "extraneous"] as const;

/** Waiting between two activities, over all cases. */
export interface EdgeWaiting extends WaitingTime {
  from: number;
  to: number;
  count: number;
  total: number;
}

export interface WaitingCauses {
  /** most waiting first */
  edges: EdgeWaiting[];
  total: WaitingTime & { total: number };
  /** waits of which nobody is known who ended them; they are in no cause */
  withoutPerson: { count: number; total: number };
}

/**
 * Why do cases wait between one step and the next? A wait runs from the end of a step to the begin of the
 * next in its case. It is split, in this order: batching, where the step was one of at least `minBatch` that
 * the same person did in one go and that were all there before the first was begun: until the last of them
 * was there; then, minute by minute, what the person did who ended the wait: at work on what had come earlier
 * (contention) or later (prioritisation), away (unavailability), or none of these (extraneous). Where a
 * person does several things at once, the one begun first counts.
 *
 * Needs begin times and people; throws RangeError without. O(n log n). Source: Lashkevich, Milani,
 * Chapela-Campa, Suvorau, Dumas (2023), Why am I waiting? Data-driven analysis of waiting times in business
 * processes.
 */
export function waitingCauses(
  log: EventLog,
  calendarOf: (person: number) => WorkCalendar,
  { minBatch = 3, batchGapMs = 60_000 }: { minBatch?: number; batchGapMs?: number } = {},
): WaitingCauses {
  const { start, time, person, activity, caseStart } = log;
  if (!start || !person) throw new RangeError("waitingCauses needs begin times and people");
  const enabled = new Float64Array(log.eventCount).fill(NaN); // end of the step before
  for (let c = 0; c < log.caseCount; c++) {
    for (let e = caseStart[c] + 1; e < caseStart[c + 1]; e++) enabled[e] = time[e - 1];
  }
  const rowsOf = rowsByPerson(person, log.people.length);
  const parts = CAUSES.map(() => new Float64Array(log.eventCount));
  const [batching, contention, prioritisation, unavailability, extraneous] = parts;

  for (let p = 1; p < rowsOf.length; p++) {
    if (rowsOf[p].length === 0) continue;
    const calendar = calendarOf(p);
    const rows = rowsOf[p].sort((e, f) => start[e] - start[f] || time[e] - time[f] || e - f);
    const batchReady = batches(rows, { start, time, activity, enabled, minBatch, batchGapMs });
    const busy = new Busy(rows, start, time, enabled, calendar);
    // Waits in the order of when they began: by then all work that had come earlier is in the sums.
    const waits = Array.from(rows).filter((e) => start[e] > enabled[e]);
    for (const e of waits) {
      const ready = Math.min(start[e], Math.max(enabled[e], batchReady.get(e) ?? enabled[e]));
      batching[e] = ready - enabled[e];
    }
    waits.sort((e, f) => enabled[e] - enabled[f]);
    for (const e of waits) {
      const from = enabled[e] + batching[e];
      const to = start[e];
      busy.admit(enabled[e]);
      const all = busy.within(from, to);
      contention[e] = busy.earlierWithin(from, to);
      prioritisation[e] = Math.max(0, all.ms - contention[e]);
      const working = calendar.workingMs(from, to);
      const free = Math.max(0, to - from - all.ms);
      extraneous[e] = Math.min(free, Math.max(0, working - all.workingMs));
      unavailability[e] = free - extraneous[e];
    }
  }
  return summarise(log, enabled, parts);
}

function rowsByPerson(person: Uint32Array, people: number): Uint32Array[] {
  const counts = new Uint32Array(people);
  for (const p of person) counts[p]++;
  const rows = Array.from(counts, (count) => new Uint32Array(count));
  const next = new Uint32Array(people);
  person.forEach((p, e) => (rows[p][next[p]++] = e));
  return rows;
}

/** For each row in a batch, when the last item of the batch was there. */
function batches(
  rows: Uint32Array,
  log: {
    start: Float64Array;
    time: Float64Array;
    activity: ArrayLike<number>;
    enabled: Float64Array;
    minBatch: number;
    batchGapMs: number;
  },
): Map<number, number> {
  const ready = new Map<number, number>();
  for (let i = 0; i < rows.length;) {
    const begun = log.start[rows[i]];
    let end = log.time[rows[i]];
    let j = i + 1;
    const there = (e: number) => log.enabled[e] <= begun; // NaN, nothing before it: no
    while (
      j < rows.length &&
      there(rows[i]) &&
      there(rows[j]) &&
      log.activity[rows[j]] === log.activity[rows[i]] &&
      log.start[rows[j]] - end <= log.batchGapMs
    ) {
      end = Math.max(end, log.time[rows[j]]);
      j++;
    }
    if (j - i >= log.minBatch) {
      let last = -Infinity;
      for (let k = i; k < j; k++) last = Math.max(last, log.enabled[rows[k]]);
      for (let k = i; k < j; k++) ready.set(rows[k], last);
    }
    i = j;
  }
  return ready;
}

/**
 * What one person was at work on, as stretches that do not overlap, and sums over any stretch of time in
 * O(log n).
 */
class Busy {
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #came: number[] = [];
  readonly #calendar: WorkCalendar;
  /** sums before each stretch */
  readonly #ms: Float64Array;
  readonly #workingMs: Float64Array;
  /** stretches in the order in which their work came */
  readonly #byArrival: number[];
  #admitted = 0;
  /** lengths of the admitted stretches (Fenwick 1994) */
  readonly #tree: Float64Array;

  constructor(
    rows: Uint32Array,
    start: Float64Array,
    time: Float64Array,
    enabled: Float64Array,
    calendar: WorkCalendar,
  ) {
    this.#calendar = calendar;
    let until = -Infinity;
    for (const e of rows) {
      const from = Math.max(until, start[e]);
      if (time[e] <= from) continue;
      this.#from.push(from);
      this.#to.push(time[e]);
      this.#came.push(Number.isNaN(enabled[e]) ? start[e] : enabled[e]);
      until = time[e];
    }
    const n = this.#from.length;
    this.#ms = new Float64Array(n + 1);
    this.#workingMs = new Float64Array(n + 1);
    for (let i = 0; i < n; i++) {
      this.#ms[i + 1] = this.#ms[i] + this.#to[i] - this.#from[i];
      this.#workingMs[i + 1] = this.#workingMs[i] + calendar.workingMs(this.#from[i], this.#to[i]);
    }
    this.#byArrival = Array.from({ length: n }, (_, i) => i).sort((i, j) => this.#came[i] - this.#came[j]);
    this.#tree = new Float64Array(n + 1);
  }

  /** Stretches i … j − 1 reach into [from, to). */
  #range(from: number, to: number): [i: number, j: number] {
    const i = firstAbove(this.#to, from);
    return [i, Math.max(i, firstFrom(this.#from, to))];
  }

  within(from: number, to: number): { ms: number; workingMs: number } {
    const [i, j] = this.#range(from, to);
    if (i >= j) return { ms: 0, workingMs: 0 };
    const [before, after] = [Math.max(0, from - this.#from[i]), Math.max(0, this.#to[j - 1] - to)];
    const ms = this.#ms[j] - this.#ms[i] - before - after;
    const outside =
      this.#calendar.workingMs(this.#from[i], Math.max(this.#from[i], from)) +
      this.#calendar.workingMs(Math.min(this.#to[j - 1], to), this.#to[j - 1]);
    return { ms, workingMs: this.#workingMs[j] - this.#workingMs[i] - outside };
  }

  /** From now on, work that came until `t` counts as earlier. `t` must not go down. */
  admit(t: number): void {
    for (
      ;
      this.#admitted < this.#byArrival.length && this.#came[this.#byArrival[this.#admitted]] <= t;
      this.#admitted++
    ) {
      const stretch = this.#byArrival[this.#admitted];
      const length = this.#to[stretch] - this.#from[stretch];
      for (let k = stretch + 1; k < this.#tree.length; k += k & -k) this.#tree[k] += length;
    }
    this.#admittedUntil = t;
  }
  #admittedUntil = -Infinity;

  /** As `within`, of the admitted work alone. */
  earlierWithin(from: number, to: number): number {
    const [i, j] = this.#range(from, to);
    if (i >= j) return 0;
    const sum = (end: number) => {
      let total = 0;
      for (let k = end; k > 0; k -= k & -k) total += this.#tree[k];
      return total;
    };
    let ms = sum(j) - sum(i);
    if (this.#came[i] <= this.#admittedUntil) ms -= Math.max(0, from - this.#from[i]);
    if (this.#came[j - 1] <= this.#admittedUntil) ms -= Math.max(0, this.#to[j - 1] - to);
    return ms;
  }
}

function summarise(log: EventLog, enabled: Float64Array, parts: Float64Array[]): WaitingCauses {
  const { start, person, activity } = log;
  const n = log.activities.length;
  const edges = new Map<number, EdgeWaiting>();
  const zero = () => ({ batching: 0, contention: 0, prioritisation: 0, unavailability: 0, extraneous: 0 });
  const total = { ...zero(), total: 0 };
  const withoutPerson = { count: 0, total: 0 };
  for (let e = 0; e < log.eventCount; e++) {
    const wait = start![e] - enabled[e];
    if (!(wait > 0)) continue;
    if (person![e] === 0) {
      withoutPerson.count++;
      withoutPerson.total += wait;
      continue;
    }
    const key = activity[e - 1] * n + activity[e];
    let edge = edges.get(key);
    if (!edge)
      edges.set(key, (edge = { from: activity[e - 1], to: activity[e], count: 0, total: 0, ...zero() }));
    edge.count++;
    edge.total += wait;
    total.total += wait;
    CAUSES.forEach((cause, k) => {
      edge[cause] += parts[k][e];
      total[cause] += parts[k][e];
    });
  }
  return { edges: [...edges.values()].sort((a, b) => b.total - a.total), total, withoutPerson };
}
