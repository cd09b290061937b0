import type { Strings } from "./strings.ts";

/** A number for each event; 2 bytes where the dictionary is small enough. */
export type Codes = Uint16Array | Uint32Array;

/**
 * What happened, as columns: rows sorted by case, then time, then input order.
 *
 * Rows `caseStart[c]` up to (not including) `caseStart[c + 1]` are the events of case `c`. Code 0 of `person`, `role` and
 * of every dictionary column means "no value" and counts as nobody; activities have no such code, since a
 * row without an activity is not an event. Arrays lie on shared memory, so threads read them without a copy.
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
  person?: Uint32Array;
  people: Strings;
  role?: Codes;
  roles: Strings;
  /** life-cycle transition, where the log has one; a start joined with its completion counts as the completion */
  transition?: Codes;
  transitions?: Strings;
  columns: Column[];
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
