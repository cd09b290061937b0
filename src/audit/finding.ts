import type { Precision, Review } from "./precision.ts";
import type { Category, MoneyKind } from "../detectors/detector.ts";
import type { Need } from "../evidence/need.ts";
import type { Interval } from "../statistics/intervals.ts";

export interface Money {
  kind: MoneyKind;
  low: number;
  mid: number;
  high: number;
  currency: string;
  /** the formula in words */
  basis: string;
}

/** What a detector saw, with its price; the shape of DESIGN, "Surfaces that stay stable". */
export interface Finding {
  id: string;
  detector: string;
  category: Category;
  title: string;
  subject: string;
  statement: string;
  /** the day from which it is so, as 2025-03-01; null where it has none */
  at: string | null;
  /** how many `unit`s are affected, of how many */
  cases: number;
  outOf: number;
  /** what is counted: "cases", or the name of a table whose rows are */
  unit: string;
  share: number | null;
  interval: Interval | null;
  caseIds: string[];
  people: string[];
  records: [string, string][];
  money: Money | null;
  alsoSeenBy: string[];
  facts: [label: string, value: string][];
  /** hours of work in it, where they are known */
  hours: number | null;
  /** how often such findings are right, by people's reviews */
  precision: Precision;
  state: "open" | "accepted" | "fixed" | "false alarm";
  /** what somebody said who looked at it */
  review: Review["said"] | null;
}

export interface Range {
  low: number;
  mid: number;
  high: number;
}

export interface Totals {
  currency: string;
  cash: Range;
  workingCapital: Range;
  labour: Range;
  delay: Range;
}

export interface NotTestable {
  detector: string;
  needs: Need[];
}

/** The subject as pages and reports show it: a person is not named there. */
export function shownSubject({ subject, people }: Pick<Finding, "subject" | "people">): string {
  return people.includes(subject) ? "one person (named in the JSON only)" : subject;
}
