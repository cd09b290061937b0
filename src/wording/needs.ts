import type { Need, RuleKind } from "../evidence/need.ts";
import { formatCount } from "../figures.ts";
import { earlierWords } from "./earlier.ts";

/** The words of each kind of need: a noun that can follow "Missing:", "Bring" or "needs". */
export type NeedWords = { [K in Need["kind"]]: (need: Extract<Need, { kind: K }>) => string };

/** What each kind of rule says, for a reader who has never seen the format of descriptions. */
export const RULE_WORDS: Record<RuleKind, string> = {
  separate: "two steps that one person may not both do",
  limit: "a limit up to which somebody may approve",
  splitLimit: "a limit that splitting must not evade",
  deadline: "a step that must be done in time",
  before: "a step that must come before another",
  authoritative: "the source that is right for a column",
};

const COLUMNS = {
  person: "a person column",
  "person or role": "a person or role column",
  begin: "the begin time of each step",
  "person and begin": "a person column and the begin time of each step",
};

const list = (words: readonly string[], last: "and" | "or") =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;

/** Every need as pages, reports and mails name it. */
export const NEEDS: NeedWords = {
  column: ({ role }) => COLUMNS[role],
  "named column": ({ name, holds }) => `a column "${name}"${holds ? ` with ${holds}` : ""}`,
  individuals: () => "a person column that tells individuals apart (this one holds only a few group names)",
  "times of day": () => "times of day (the log holds dates only)",
  "team events": () =>
    "events that name a team and no person (a role or group column beside the person column)",
  "columns of codes": () =>
    "columns of names or codes besides case, activity, person and role, or tables of records",
  "further columns": () =>
    "further columns besides case, activity, time, person and role, or tables of records",
  "time of recording": () =>
    "a column with the time of recording (recorded_at, entered_at), or people and times of day",
  "cause column": () => "a column that says why work came back (cause, reason)",
  "kinds of cases": () => "attributes that tell kinds of cases apart",

  "few activities": ({ most, has }) =>
    `at most ${formatCount(most)} different activities (this log has ${formatCount(has)}; is the right column taken as the activity?)`,
  "few activities to draft": ({ most, has }) =>
    `fewer activities (a draft has at most ${formatCount(most)}, these cases have ${formatCount(has)}; filter first)`,
  approvals: () => "approval activities (none was recognised by its name)",
  "approvals or decisions": () => "approval or decision steps",
  "months that close": () =>
    "a process that closes months (by its name, or because cases begin around the end of months)",
  "deliveries and bills": ({ orTables }) =>
    `activities that deliver and activities that bill (recognised by name)${orTables ? ", or tables of orders and invoices" : ""}`,
  escalations: () => "events that show an escalation",
  "shared steps": () => "steps with 60 executions or more by several people",
  "events of": ({ step }) => `events of "${step}", until which it can be undone`,
  "cases kept": () => "cases (the filter keeps none)",
  cases: ({ least }) => `${formatCount(least)} cases or more`,
  weeks: ({ least }) => `evidence of ${formatCount(least)} weeks or more`,
  "whole weeks to fit": () =>
    "four whole weeks in the older part of the evidence in which fifty cases begin and end",
  "cases to compare": () => "cases in the newer part of the evidence that resemble those of the older part",
  "handling time": ({ step, fromCases }) =>
    `how long ${step === null ? "steps take" : `"${step}" takes`} (begin times, or ${fromCases ? "more cases of the steps without hours" : "the person of each step"})`,

  description: ({ with: part }) =>
    part === "roles"
      ? "a description with roles"
      : part === "authoritative rule"
        ? "a description that says which source is right"
        : "a description of the process",
  "described steps": () => "a description whose steps occur in the log (none of their names do)",
  "described roles": () => "the role of each step in the description",
  "described approval": () => "a described step that approves something",
  rule: ({ rule, orTable }) =>
    `a rule in the description: ${RULE_WORDS[rule]}${orTable ? `; or a table of ${orTable.name} with ${list(orTable.columns, "and")}` : ""}`,
  "separation of other steps": () => "a rule that separates other steps than a request and its approval",
  holder: ({ role }) => `who holds the role "${role}"`,
  "people or roles": () => "people or roles in the log, and who holds each role",
  step: ({ name }) => `a step or activity called "${name}"`,
  "signed date": () => "the date on which the description was signed off",
  "working calendar": () => "a working calendar",
  "other requests": () => "the other requests of the same time, since an amount is split over several",
  "inputs of steps": () => "further columns of the log, or the fields that each step needs",
  inputs: ({ step }) => `columns with what "${step}" works on, and in the description the fields it needs`,
  "testable sentence": () =>
    "a sentence that can be tested: a field that is filled, a step before another, a volume a month; or a rule in the description",

  "task kind": ({ step }) => `what kind of task ${step === null ? "it" : `"${step}"`} is`,
  reversibility: ({ step }) => `whether a wrong "${step}" can be undone`,
  "later check": ({ step }) =>
    step === null
      ? "which later step checks or decides"
      : `which step checks "${step}" before it can no longer be undone`,

  table: ({ name }) => `a table of ${name}`,
  "table columns": ({ table, columns, any }) =>
    `${table} with ${columns.length === 1 || any ? "a column" : "columns"} ${list(columns, any ? "or" : "and")}`,
  "amounts to compare": () =>
    "invoices with order_amount or received_amount, or tables of orders or receipts with the same order_id or case_id",
  "two versions of a table": () => "the same table from two systems",

  "audit by today's rule": () => "an audit by today's rule",
  "audit of what is said": () => "an audit of what people say now",
};

/**
 * A need as pages, reports and mails name it; one that a version before kept as a sentence, without its
 * options.
 */
export const needInWords = (need: Need | string): string =>
  typeof need === "string" ? earlierWords(need) : wordsOf(NEEDS, need);

/** A need by a list of words. */
export const wordsOf = (words: NeedWords, need: Need): string =>
  (words[need.kind] as (need: Need) => string)(need);
