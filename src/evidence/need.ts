import type { Rule } from "../description/description.ts";

type KeysOf<T> = T extends unknown ? keyof T : never;
/** The kinds of rule of a description, by the key that tells them apart. */
export type RuleKind = Extract<
  KeysOf<Rule>,
  "before" | "separate" | "limit" | "splitLimit" | "deadline" | "authoritative"
>;

/**
 * What is missing to test something, as a value. Who reads it decides how it is worded (src/wording/needs.ts
 * for pages, reports and mails; src/cli/wording.ts for the command line); a kind that is added here does not
 * compile until both have words for it.
 */
export type Need =
  // columns of the log
  | { kind: "column"; role: "person" | "person or role" | "begin" | "person and begin" }
  | { kind: "named column"; name: string; holds?: "amounts" | "dates" }
  | { kind: "individuals" }
  | { kind: "times of day" }
  | { kind: "team events" }
  | { kind: "columns of codes" }
  | { kind: "further columns" }
  | { kind: "time of recording" }
  | { kind: "cause column" }
  | { kind: "kinds of cases" }
  // what the log must show
  | { kind: "few activities"; most: number; has: number }
  | { kind: "few activities to draft"; most: number; has: number }
  | { kind: "approvals" }
  | { kind: "approvals or decisions" }
  | { kind: "months that close" }
  | { kind: "deliveries and bills"; orTables: boolean }
  | { kind: "escalations" }
  | { kind: "shared steps" }
  | { kind: "events of"; step: string }
  | { kind: "cases kept" }
  | { kind: "cases"; least: number }
  | { kind: "weeks"; least: number }
  | { kind: "whole weeks to fit" }
  | { kind: "cases to compare" }
  | { kind: "handling time"; step: string | null; fromCases: boolean }
  // the description
  | { kind: "description"; with?: "roles" | "authoritative rule" }
  | { kind: "described steps" }
  | { kind: "described roles" }
  | { kind: "described approval" }
  | { kind: "rule"; rule: RuleKind; orTable?: { name: string; columns: string[] } }
  | { kind: "separation of other steps" }
  | { kind: "holder"; role: string }
  | { kind: "people or roles" }
  | { kind: "step"; name: string }
  | { kind: "signed date" }
  | { kind: "working calendar" }
  | { kind: "other requests" }
  | { kind: "inputs of steps" }
  | { kind: "inputs"; step: string }
  | { kind: "testable sentence" }
  // what only people can say
  | { kind: "task kind"; step: string | null }
  | { kind: "reversibility"; step: string }
  | { kind: "later check"; step: string | null }
  // tables of records
  | { kind: "table"; name: string }
  | { kind: "table columns"; table: string; columns: string[]; any?: true }
  | { kind: "amounts to compare" }
  | { kind: "two versions of a table" }
  // the audit itself
  | { kind: "audit by today's rule" }
  | { kind: "audit of what is said" };

/** By what a need is told from others, in whatever words it is put: its kind and what it names. */
export const keyOfNeed = ({ kind, ...named }: Need): string =>
  [
    kind,
    ...Object.entries(named)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`),
  ].join("/");

/** The same needs once each, in the order in which they come first. */
export function distinctNeeds(needs: Iterable<Need>): Need[] {
  return [...new Map(Array.from(needs, (need) => [JSON.stringify(need), need])).values()];
}
