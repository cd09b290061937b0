import type { RecordTable } from "../eventlog/record-table.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Need } from "../evidence/need.ts";

export type Category =
  "documentation" | "handoffs" | "approvals" | "workarounds" | "ownership" | "data and reporting";

export type MoneyKind = "cash" | "working capital" | "labour" | "delay" | "exposure";

/**
 * What a finding costs, before a price is put on it: a quantity for each row that caused it. The row is what
 * keeps one euro in one finding: two detectors that charge the same row for the same kind are seeing the same
 * euro.
 */
export interface Cost {
  kind: MoneyKind;
  /** the table whose rows these are; the event log without one */
  table?: RecordTable;
  /** what amounts are in, where the records say so */
  currency?: string;
  /** rows of the log or of the table, ascending */
  rows: Uint32Array;
  /**
   * hours of work (labour), hours of delay (delay), or amounts of money (cash, working capital, exposure), by
   * row
   */
  quantity: Float64Array;
  /** where the quantities come from, in words: "median handling time, measured from begin and end" */
  basis: string;
}

/** What a detector saw, before it has a price and an id. */
export interface Observation {
  /**
   * the activity, column or person that it is about, exactly as the evidence writes it; "whole process" for
   * all of it
   */
  subject: string;
  /** one sentence for a reader who knows the work and not the method; roles, never names of persons */
  statement: string;
  /** affected cases, ascending and without repetition */
  cases: Uint32Array;
  /** cases in which it could have happened */
  outOf: number;
  /**
   * where something else than cases is counted: records of a table, reports; `cases` are then those that they
   * belong to
   */
  counted?: { unit: string; count: number; outOf: number };
  /** pairs of record ids that belong together: invoices entered twice, vendors kept twice */
  records?: [string, string][];
  /** people involved, by their code; without nobody */
  people: number[];
  cost?: Cost;
  /** further facts worth knowing, as label and value, for whoever opens the finding */
  facts: [label: string, value: string][];
  /** the day from which it is so, as 2025-03-01, where it has one */
  at?: string;
  /** p-value of the test behind it; none for a count of counter-examples */
  p?: number;
  /** the activities whose cases this is about, where the subject is not one of them */
  about?: string;
}

/** What closes a leak, and how much work that is: for whoever has to begin somewhere. */
export interface Remedy {
  /** in one sentence, to whoever owns the step */
  text: string;
  /** days, weeks or months, as such things usually take */
  effort: "days" | "weeks" | "months";
  /** who can decide it */
  decides: string;
}

export interface Detector<O extends object = object> {
  /** kept with findings: never renamed, never used again */
  id: string;
  category: Category;
  /** the plain title under which its findings stand, "One person holds this step" */
  title: string;
  /** the question it answers */
  question: string;
  /** what closes what it finds */
  remedy: Remedy;
  /**
   * ids of detectors that keep what this one sees of the same subject in the same cases: theirs is the cause,
   * or says it more exactly
   */
  yieldsTo?: readonly string[];
  /** as `yieldsTo`, even where the subjects differ: by the cases alone */
  yieldsToSameCases?: readonly string[];
  /** a person in common is enough to yield, however few cases are shared */
  yieldsToSamePerson?: true;
  /** thresholds, which a caller may change */
  options: O;
  /** what it cannot do without and this evidence lacks; empty when it can run */
  missing(evidence: Evidence): Need[];
  /** most important observation first; none for a clean log */
  detect(evidence: Evidence, options: O): Observation[];
}

/** Declares a detector, with its id and the type of its options: one without a remedy does not compile. */
export function defineDetector<const I extends string, O extends object>(
  detector: Detector<O> & { id: I },
): Detector<O> & { readonly id: I } {
  return detector;
}

/** Case numbers as an observation holds them. */
export function caseSet(cases: Iterable<number>): Uint32Array {
  return Uint32Array.from(new Set(cases)).sort();
}

/** Rows with their quantities, sorted by row. */
export function costOf(
  kind: MoneyKind,
  basis: string,
  entries: Iterable<readonly [row: number, quantity: number]>,
): Cost {
  const sorted = [...entries].sort((a, b) => a[0] - b[0]);
  return {
    kind,
    basis,
    rows: Uint32Array.from(sorted, ([row]) => row),
    quantity: Float64Array.from(sorted, ([, quantity]) => quantity),
  };
}

/** How many cases two observations have in common; both lists ascend. */
export function countShared(a: Uint32Array, b: Uint32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      shared++;
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  return shared;
}
