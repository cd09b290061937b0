import type { SaidBy, Says } from "../../src/audit/says.ts";
import type { Need } from "../../src/evidence/need.ts";

/**
 * Of each kind of need some, so that every sentence of the catalogues is said once; a new kind does not
 * compile without one.
 */
export const NEED_SAMPLES: { [K in Need["kind"]]: Extract<Need, { kind: K }>[] } = {
  column: (["person", "person or role", "begin", "person and begin"] as const).map((role) => ({
    kind: "column",
    role,
  })),
  "named column": [
    { kind: "named column", name: "amount", holds: "amounts" },
    { kind: "named column", name: "due_date", holds: "dates" },
    { kind: "named column", name: "vendor" },
  ],
  individuals: [{ kind: "individuals" }],
  "times of day": [{ kind: "times of day" }],
  "team events": [{ kind: "team events" }],
  "columns of codes": [{ kind: "columns of codes" }],
  "further columns": [{ kind: "further columns" }],
  "time of recording": [{ kind: "time of recording" }],
  "cause column": [{ kind: "cause column" }],
  "kinds of cases": [{ kind: "kinds of cases" }],
  "few activities": [{ kind: "few activities", most: 2000, has: 31_415 }],
  "few activities to draft": [{ kind: "few activities to draft", most: 100, has: 340 }],
  approvals: [{ kind: "approvals" }],
  "approvals or decisions": [{ kind: "approvals or decisions" }],
  "months that close": [{ kind: "months that close" }],
  "deliveries and bills": [true, false].map((orTables) => ({ kind: "deliveries and bills", orTables })),
  escalations: [{ kind: "escalations" }],
  "shared steps": [{ kind: "shared steps" }],
  "events of": [{ kind: "events of", step: "Payment run" }],
  "cases kept": [{ kind: "cases kept" }],
  cases: [{ kind: "cases", least: 100 }],
  weeks: [{ kind: "weeks", least: 8 }],
  "whole weeks to fit": [{ kind: "whole weeks to fit" }],
  "cases to compare": [{ kind: "cases to compare" }],
  "handling time": [
    { kind: "handling time", step: "Pay invoice", fromCases: false },
    { kind: "handling time", step: null, fromCases: true },
  ],
  description: [
    { kind: "description" },
    { kind: "description", with: "roles" },
    { kind: "description", with: "authoritative rule" },
  ],
  "described steps": [{ kind: "described steps" }],
  "described roles": [{ kind: "described roles" }],
  "described approval": [{ kind: "described approval" }],
  rule: [
    ...(["before", "separate", "limit", "splitLimit", "deadline", "authoritative"] as const).map((rule) => ({
      kind: "rule" as const,
      rule,
    })),
    { kind: "rule", rule: "deadline", orTable: { name: "invoices", columns: ["due_date", "paid_at"] } },
  ],
  "separation of other steps": [{ kind: "separation of other steps" }],
  holder: [{ kind: "holder", role: "Buyer" }],
  "people or roles": [{ kind: "people or roles" }],
  step: [{ kind: "step", name: "Pay invoice" }],
  "signed date": [{ kind: "signed date" }],
  "inputs of steps": [{ kind: "inputs of steps" }],
  inputs: [{ kind: "inputs", step: "Pay invoice" }],
  "testable sentence": [{ kind: "testable sentence" }],
  "task kind": ["Pay invoice", null].map((step) => ({ kind: "task kind", step })),
  reversibility: [{ kind: "reversibility", step: "Pay invoice" }],
  "later check": ["Pay invoice", null].map((step) => ({ kind: "later check", step })),
  table: [{ kind: "table", name: "vendors" }],
  "table columns": [
    { kind: "table columns", table: "invoices", columns: ["amount"] },
    { kind: "table columns", table: "vendors", columns: ["name", "tax_id", "bank_account"], any: true },
  ],
  "amounts to compare": [{ kind: "amounts to compare" }],
  "two versions of a table": [{ kind: "two versions of a table" }],
  "other requests": [{ kind: "other requests" }],
  "working calendar": [{ kind: "working calendar" }],
  "audit by today's rule": [{ kind: "audit by today's rule" }],
  "audit of what is said": [{ kind: "audit of what is said" }],
};

const when = { amount: { atLeast: 500 } };
/** Of each kind of claim but those of questions and readiness, which are lists of their own, some. */
export const SAYS_SAMPLES: {
  [K in Exclude<Says["kind"], "answer" | "asked of step" | "asked of process">]: Extract<Says, { kind: K }>[];
} = {
  "process seen": [{ kind: "process seen" }],
  "step done": [{ kind: "step done", step: "Pay invoice" }],
  "step happens": [{ kind: "step happens", step: "Pay invoice" }],
  "step by role": [{ kind: "step by role", step: "Pay invoice", role: "Treasury" }],
  "field filled": [{ kind: "field filled", column: "amount", step: "Record invoice" }],
  "step in time": [{ kind: "step in time", step: "Record invoice", within: "2d" }],
  order: [{ kind: "order", first: "Create order", later: "Receive goods" }],
  before: [
    {
      kind: "before",
      rule: { before: "Create order", must: ["Approve purchase", "Approve contract"], when },
    },
  ],
  separate: [{ kind: "separate", first: "Create order", second: "Receive goods" }],
  limit: [{ kind: "limit", step: "Approve purchase" }],
  deadline: [
    { kind: "deadline", rule: { deadline: "Pay invoice", by: "due_date", when } },
    { kind: "deadline", rule: { deadline: "Pay invoice", within: "5wd", after: "Record invoice" } },
    { kind: "deadline", rule: { deadline: "Pay invoice", within: "1w" } },
  ],
  rule: [
    { kind: "rule", rule: { before: "Create order", must: "Approve purchase", when } },
    { kind: "rule", rule: { separate: ["Create order", "Receive goods"] } },
    { kind: "rule", rule: { limit: "Approve purchase", role: "Budget holder", upTo: 10_000 } },
    { kind: "rule", rule: { splitLimit: 10_000 } },
    { kind: "rule", rule: { deadline: "Pay invoice", by: "due_date" } },
    { kind: "rule", rule: { authoritative: "bank_account", of: "vendors", source: "erp" } },
  ],
  finding: [
    { kind: "finding", id: "f", title: "One person holds this step", sentence: "A sentence of a detector." },
  ],
  sentence: [
    { kind: "sentence", of: "", text: "A sentence of a document.", test: null },
    {
      kind: "sentence",
      of: "",
      text: "A sentence of a document.",
      test: { kind: "filled", column: "amount", share: 0.95 },
    },
    {
      kind: "sentence",
      of: "",
      text: "A sentence of a document.",
      test: { kind: "order", first: "Order", later: "Pay" },
    },
    {
      kind: "sentence",
      of: "",
      text: "A sentence of a document.",
      test: { kind: "volume", least: 500, per: "month" },
    },
  ],
  requirement: (
    [
      { id: "1", kind: "fields", step: "Pay invoice", columns: ["amount", "iban"], share: 0.9 },
      { id: "2", kind: "fields", columns: ["amount"] },
      { id: "3", kind: "owner", step: "Pay invoice" },
      { id: "4", kind: "handoff", from: "Match invoice", to: "Pay invoice" },
      { id: "5", kind: "authoritative", field: "iban" },
      { id: "6", kind: "volume", step: "Pay invoice", perMonth: 1500 },
      { id: "7", kind: "consistency" },
      { id: "8", kind: "consistency", step: "Pay invoice", share: 0.7 },
    ] as const
  ).map((requirement) => ({
    kind: "requirement",
    of: "tool",
    requirement:
      "columns" in requirement ? { ...requirement, columns: [...requirement.columns] } : requirement,
  })),
};

export const SAID_BY_SAMPLES: { [K in SaidBy["kind"]]: Extract<SaidBy, { kind: K }>[] } = {
  description: [
    { kind: "description", version: null, signedBy: null },
    { kind: "description", version: 3, signedBy: "Ana Ruiz" },
  ],
  answers: [0, 1, 4].map((people) => ({ kind: "answers", question: 8, people })),
  evidence: [{ kind: "evidence", detector: "rework" }],
  document: [{ kind: "document", name: "requirements.md", line: 12 }],
  tool: [null, 12].map((line) => ({ kind: "tool", name: "Invoice capture", line })),
  readiness: [{ kind: "readiness" }],
};
