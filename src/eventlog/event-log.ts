import type { Strings } from "./strings.ts";

/** A number for each event; 2 bytes where the dictionary is small enough. */
export type Codes = Uint16Array | Uint32Array;

/**
 * What happened, as columns: rows sorted by case, then time, then input order.
 *
 * Rows `caseStart[c]` up to (not including) `caseStart[c + 1]` are the events of case `c`. Code 0 of
 * `person`, `role` and of every dictionary column means "no value" and counts as nobody; activities have no
 * such code, since a row without an activity is not an event. Arrays lie on shared memory, so threads read
 * them without a copy.
 *
 * For case, activity, time, person and role an event takes at most 2 or 4 + 8 + 4 + 4 bytes, a case 4.
 */
export interface EventLog {
  caseCount: number;
  eventCount: number;
  /** caseCount + 1 row offsets */
  caseStart: Uint32Array;
  caseIds: Strings;
  activity: Codes;
  activities: Strings;
  /** completion, ms since epoch UTC */
  time: Float64Array;
  /** begin of the event, ms since epoch UTC; equal to `time` where the begin is unknown */
  start?: Float64Array;
  /** 1 for work that has begun and not ended: its `time` is its begin; only where the log has some */
  open?: Uint8Array;
  /**
   * since when an execution had waited to begin (life cycle: earliest schedule or assign), ms since epoch
   * UTC, NaN where nothing says
   */
  waitingSince?: Float64Array;
  /** stretches of executions in which they were suspended, by event; `handlingMs` leaves them out */
  suspensions?: Suspensions;
  /**
   * work without an execution (life cycle: scheduled and not begun, skipped, withdrawn, aborted);
   * `logOfCases` leaves it behind
   */
  notDone?: NotDone;
  person?: Uint32Array;
  people: Strings;
  role?: Codes;
  roles: Strings;
  /**
   * life-cycle transition, where the log has one; a start joined with its completion counts as the completion
   */
  transition?: Codes;
  transitions?: Strings;
  columns: Column[];
}

/** Stretch k lies in event `event[k]`, ascending, from `from[k]` to `to[k]` in ms since epoch UTC. */
export interface Suspensions {
  event: Uint32Array;
  from: Float64Array;
  to: Float64Array;
}

/** Work that no event stands for: one piece a row, times in ms since epoch UTC, NaN where nothing says. */
export interface NotDone {
  /** number of the case in the log plus 1; 0 for cases in which nothing was done, which are not in the log */
  caseInLog: Uint32Array;
  /** and its name, by `caseIds` */
  caseOf: Uint32Array;
  caseIds: Strings;
  activity: Uint32Array;
  activities: Strings;
  since: Float64Array;
  /** begin of work that was begun and not ended by a completion */
  begun: Float64Array;
  /** when it was skipped, withdrawn or aborted; NaN for what waits still */
  until: Float64Array;
  /** index into `NOT_DONE` */
  what: Uint8Array;
}

/** A further attribute, of events (a value a row) or of cases (a value a case). */
export type Column = {
  name: string;
  scope: "event" | "case";
  /** rows (scope event) or cases (scope case) without a value */
  missing: number;
} & (
  | { kind: "dictionary" | "text"; codes: Codes; values: Strings }
  | { kind: "number"; numbers: Float64Array } // NaN is missing
  | { kind: "time"; times: Float64Array } // ms since epoch UTC, NaN is missing
);

/** First and last instant of the log in ms since epoch, or undefined for a log without events. One pass. */
export function timeRange(log: EventLog): { from: number; to: number } | undefined {
  if (log.eventCount === 0) return undefined;
  let from = Infinity;
  let to = -Infinity;
  const first = log.start ?? log.time;
  for (let e = 0; e < log.eventCount; e++) {
    if (first[e] < from) from = first[e];
    if (log.time[e] > to) to = log.time[e];
  }
  return { from, to };
}

/** The case that each event belongs to. One pass, 4 bytes an event; passes by case do not need it. */
export function caseOfEvents({ caseCount, eventCount, caseStart }: EventLog): Uint32Array {
  const caseOf = new Uint32Array(eventCount);
  for (let c = 0; c < caseCount; c++) caseOf.fill(c, caseStart[c], caseStart[c + 1]);
  return caseOf;
}

/** Whether `column` has no value in row `row` (an event or a case, by its scope). */
export function isMissing(column: Column, row: number): boolean {
  if (column.kind === "number") return Number.isNaN(column.numbers[row]);
  if (column.kind === "time") return Number.isNaN(column.times[row]);
  return column.codes[row] === 0;
}
