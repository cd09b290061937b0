import type { Evidence } from "../../evidence/evidence.ts";

/** Something about an execution of a step that a tool is to change, and that is told week by week. */
export interface Measure<Id extends string = string> {
  /** kept with promises: never renamed, never reused */
  id: Id;
  /** as pages and reports name it */
  words: string;
  /** what a value is: hours, or 0 and 1 of which the mean is a share */
  unit: "h" | "share";
  /** the direction in which it gets better */
  better: "less" | "more";
  /** units in which a promise about it can be made; "%" is of what the earlier trend predicts */
  promisedIn: readonly string[];
  /** how long after an execution its value is still open, in ms; younger weeks say nothing */
  settlesMs: number;
  /** what the evidence must record for it, in words; null where every log has it */
  needs: string | null;
  /**
   * Reads an execution: its value, or NaN where it says nothing. Undefined where this evidence records no
   * such thing.
   */
  reader(evidence: Evidence): ((row: number, caseNumber: number) => number) | undefined;
}

/** Declares a measure, and keeps its id as a type. */
export const defineMeasure = <const Id extends string>(measure: Measure<Id>): Measure<Id> => measure;
