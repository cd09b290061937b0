import { quoted } from "../input-error.ts";
import type { BuildCounts, Lifecycle } from "../eventlog/build-event-log.ts";
import type { EventLog } from "../eventlog/event-log.ts";

/**
 * What the person who starts the reading may decide; the same options everywhere (DESIGN, "reading options").
 */
export interface ReadOptions {
  case?: string;
  activity?: string;
  time?: string;
  start?: string;
  /** column of the times of day of the dates in `time`; "none" leaves them aside */
  timeOfDay?: string;
  /** and of those in `start` (or in `time`, where begin and end are of one day) */
  startTimeOfDay?: string;
  person?: string;
  role?: string;
  sheet?: string;
  objectType?: string;
  lifecycle?: Lifecycle;
  classifier?: string[];
  dateOrder?: "dmy" | "mdy";
  decimal?: "." | ",";
  timeZone?: string;
  encoding?: string;
  separator?: string;
  /** called now and then with the share of the input that is done, 0 to 1, where it is known */
  onProgress?: (share: number | undefined, what: string) => void;
}

/** One row, or one value of a row that was kept, that could not be taken as it is. */
export interface Rejection {
  /** line of a text file, row of a sheet or table, element of a JSON array: `unit` says which */
  at: number;
  unit: "line" | "row" | "element" | "record" | "message" | "event";
  column?: string;
  expected: string;
  got: string;
}

/** A column and what it is taken as, and why. */
export interface Recognised {
  role: ColumnRole;
  column: string;
  how: "given" | "name" | "content" | "standard";
}

export type ColumnRole =
  | "case"
  | "activity"
  | "time"
  | "time-of-day"
  | "start"
  | "start-time-of-day"
  | "person"
  | "role"
  | "lifecycle"
  | "instance";

/** A table that came with the events: the objects of an OCEL file, by type. */
export interface Records {
  name: string;
  columns: string[];
  rows: (string | number | null)[][];
}

/** The account of one reading: `read = kept + rejected`, where kept rows are the `rows` of `counts`. */
export interface ReadReport {
  file: string;
  format: string;
  read: number;
  kept: number;
  rejected: number;
  /** the first rejections, in input order; at most `REJECTIONS_KEPT` */
  rejections: Rejection[];
  /** values that did not fit their column in rows that were kept: the value is missing, the row is there */
  emptied: number;
  emptiedValues: Rejection[];
  recognised: Recognised[];
  counts: BuildCounts;
  lifecycle: string;
  classifier: string;
  /** what a person should know about how the file was read, in plain sentences */
  notes: string[];
}

export interface ReadResult {
  log: EventLog;
  report: ReadReport;
  records: Records[];
}

const REJECTIONS_KEPT = 1000;

/** Collects rejections: all are counted, the first `REJECTIONS_KEPT` kept with their place and reason. */
export class Rejections {
  count = 0;
  readonly first: Rejection[] = [];

  add(rejection: Rejection): void {
    this.count++;
    if (this.first.length < REJECTIONS_KEPT) this.first.push({ ...rejection, got: shorten(rejection.got) });
  }
}

/** A value as it may be quoted in a message: one line, at most 80 characters. */
export function shorten(value: string): string {
  const line = value.replace(/[\s\u0000-\u001f\u007f]+/gu, " ").trim();
  return line.length > 80 ? line.slice(0, 77) + "…" : line;
}

/** A rejection as a sentence: where, what was expected, and, for those who may see it, what came. */
export function describeRejection(file: string, { at, unit, column, expected, got }: Rejection): string {
  return `${file}, ${unit} ${at}${column ? `, column "${column}"` : ""}: expected ${expected}, got "${quoted(got)}"`;
}
