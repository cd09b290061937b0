import { withOptions, withValues } from "../input-error.ts";
import type { Need, RuleKind } from "../evidence/need.ts";
import type { Words } from "../wording/worded-audit.ts";
import { NEEDS, needInWords, RULE_WORDS, wordsOf, type NeedWords } from "../wording/needs.ts";

/** A rule of each kind, as it stands in a description. */
const RULE_EXAMPLES: Record<RuleKind, string> = {
  separate: "{ separate: [Create order, Receive goods] }",
  limit: "{ limit: Approve purchase, role: Budget holder, upTo: 10000 }",
  splitLimit: "{ splitLimit: 10000, by: [person, vendor], within: 1d }",
  deadline: "{ deadline: Pay invoice, by: due_date }",
  before: "{ before: Create order, must: Approve purchase }",
  authoritative: "{ authoritative: bank_account, of: vendors, source: erp }",
};

/** The words of pages with what to give on the command line, or to write into a file, behind them. */
const and =
  <K extends Need["kind"]>(_kind: K, say: (need: Extract<Need, { kind: K }>) => string) =>
  (need: Extract<Need, { kind: K }>): string =>
    `${wordsOf(NEEDS, need)} (${say(need)})`;
const asOnPages = needInWords;

/** Every need as the command line names it. */
export const CLI_NEEDS: NeedWords = {
  column: and("column", ({ role }) => COLUMN_OPTIONS[role]),
  "named column": asOnPages,
  individuals: and("individuals", () => "--person"),
  "times of day": asOnPages,
  "team events": asOnPages,
  "columns of codes": and("columns of codes", () => "--records NAME=F"),
  "further columns": and("further columns", () => "--records NAME=F"),
  "time of recording": asOnPages,
  "cause column": asOnPages,
  "kinds of cases": asOnPages,
  "few activities": asOnPages,
  "few activities to draft": asOnPages,
  approvals: and("approvals", () => "name them with --approvals"),
  "approvals or decisions": and("approvals or decisions", () => "--approvals, or task: decide"),
  "months that close": asOnPages,
  "deliveries and bills": ({ orTables, kind }) =>
    `${NEEDS[kind]({ kind, orTables })}${orTables ? " (--records orders=F --records invoices=F)" : ""}`,
  escalations: asOnPages,
  "shared steps": asOnPages,
  "events of": asOnPages,
  "cases kept": asOnPages,
  cases: asOnPages,
  weeks: asOnPages,
  "whole weeks to fit": asOnPages,
  "cases to compare": asOnPages,
  "handling time": and("handling time", () => "--start, --person"),
  description: and("description", () => "--description"),
  "described steps": and("described steps", () => "mapping: …"),
  "described roles": and("described roles", () => "role: …"),
  "described approval": and("described approval", () => "approves: …"),
  rule: ({ rule, orTable }) =>
    `a rule like ${RULE_EXAMPLES[rule]} in the description (--description): ${RULE_WORDS[rule]}${orTable ? `; or ${orTable.name} with ${orTable.columns.join(" and ")} (--records ${orTable.name}=F)` : ""}`,
  "separation of other steps": asOnPages,
  holder: and("holder", () => "roles: …"),
  "people or roles": asOnPages,
  step: asOnPages,
  "signed date": and("signed date", () => "plumbline describe --sign"),
  "working calendar": and("working calendar", () => "--calendar F"),
  "other requests": asOnPages,
  "inputs of steps": and("inputs of steps", () => "needs: …"),
  inputs: and("inputs", () => "needs: …"),
  "testable sentence": asOnPages,
  "task kind": and("task kind", () => "task: …"),
  reversibility: and("reversibility", () => "undo: …"),
  "later check": and("later check", () => "task: check"),
  table: and("table", ({ name }) => `--records ${name}=F`),
  "table columns": and("table columns", ({ table }) => `--records ${table}=F`),
  "amounts to compare": and("amounts to compare", () => "--records orders=F --records receipts=F"),
  "two versions of a table": and(
    "two versions of a table",
    () => "--records vendors@erp=F --records vendors@crm=F",
  ),
  "audit by today's rule": asOnPages,
  "audit of what is said": asOnPages,
};

const COLUMN_OPTIONS = {
  person: "--person",
  "person or role": "--person, --role",
  begin: "--start",
  "person and begin": "--person, --start",
};

/** A need as the command line names it. */
export const cliNeed = (need: Need | string): string =>
  typeof need === "string" ? need : wordsOf(CLI_NEEDS, need);

/** A message with its values, and with what can be chosen as options. */
export const onTerminal = (message: string): string => withValues(withOptions(message));

/** How the command line words what pages word as PAGE_WORDS. */
export const CLI_WORDS: Words = { need: cliNeed, text: withOptions };
