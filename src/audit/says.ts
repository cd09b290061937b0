import { createHash } from "node:crypto";
import type { BeforeRule, DeadlineRule, Rule } from "../description/description.ts";
import { ruleKey } from "../description/rule-key.ts";
import type { Requirement } from "./requirement.ts";

/** The numbers of the 30 questions. */
export type QuestionNumber =
  // prettier-ignore
  | 1
  | 2
  | 3
  | 4
  | 5
  | 6
  | 7
  | 8
  | 9
  | 10
  | 11
  | 12
  | 13
  | 14
  | 15
  | 16
  | 17
  | 18
  | 19
  | 20
  | 21
  | 22
  | 23
  | 24
  | 25
  | 26
  | 27
  | 28
  | 29
  | 30;

/** What readiness asks of each step, and of the process as a whole. */
export type StepQuestion =
  | "kind-said"
  | "decides-nothing"
  | "filled"
  | "in-time"
  | "told"
  | "whoever"
  | "described"
  | "same-way"
  | "steady"
  | "right-today"
  | "caught"
  | "within-limits"
  | "undone"
  | "enough"
  | "takes-time";
export type ProcessQuestion =
  | "filled"
  | "in-time"
  | "told"
  | "whoever"
  | "described"
  | "ways"
  | "steady"
  | "right-today"
  | "caught"
  | "within-limits"
  | "enough"
  | "takes-time";

/** How a sentence of a requirements document is put to the test; null where no check understands it. */
export type SentenceTest =
  | { kind: "filled"; column: string; share: number }
  | { kind: "order"; first: string; later: string }
  | { kind: "volume"; least: number; per: "month" | "week" | "day" }
  | null;

/**
 * What a claim says, as a value: src/wording/claims.ts has the sentence, and the check in words. Two claims
 * of one source that say the same have the same key, whatever words they are put in.
 */
export type Says =
  // of a description
  | { kind: "process seen" }
  | { kind: "step done"; step: string }
  | { kind: "step happens"; step: string }
  | { kind: "step by role"; step: string; role: string }
  | { kind: "field filled"; column: string; step: string }
  | { kind: "step in time"; step: string; within: string }
  | { kind: "order"; first: string; later: string }
  | { kind: "before"; rule: BeforeRule }
  | { kind: "separate"; first: string; second: string }
  | { kind: "limit"; step: string }
  | { kind: "deadline"; rule: DeadlineRule }
  /** a rule on steps that nothing here knows */
  | { kind: "rule"; rule: Rule }
  // of people who answer; `column` where the check looks at one
  | { kind: "answer"; question: QuestionNumber; column?: string }
  // of detectors: their sentences are theirs
  | { kind: "finding"; id: string; title: string; sentence: string }
  // of a requirements document or a form; `of` is the implementation that requires it
  | { kind: "sentence"; of: string; text: string; test: SentenceTest }
  | { kind: "requirement"; of: string; requirement: Requirement }
  // of readiness
  | { kind: "asked of step"; asks: StepQuestion; step: string }
  | { kind: "asked of process"; asks: ProcessQuestion };

/** Who says it. */
export type SaidBy =
  | { kind: "description"; version: number | null; signedBy: string | null }
  | { kind: "answers"; question: QuestionNumber; people: number }
  | { kind: "evidence"; detector: string }
  | { kind: "document"; name: string; line: number }
  /** the document of a tool by its line; its form without one */
  | { kind: "tool"; name: string; line: number | null }
  | { kind: "readiness" };

/** Names that hold a slash keep it apart from those that divide a key. */
const key = (...parts: string[]): string =>
  parts.map((part) => part.replaceAll("%", "%25").replaceAll("/", "%2F")).join("/");

const KEYS: { [K in Says["kind"]]: (says: Extract<Says, { kind: K }>) => string } = {
  "process seen": () => "process-seen",
  "step done": ({ step }) => key("step-done", step),
  "step happens": ({ step }) => key("step-happens", step),
  "step by role": ({ step, role }) => key("step-role", step, role),
  "field filled": ({ step, column }) => key("step-field", step, column),
  "step in time": ({ step, within }) => key("step-time", step, within.replaceAll(/\s/g, "")),
  order: ({ first, later }) => key("order", first, later),
  before: ({ rule }) => key("before", ruleKey(rule)),
  separate: ({ first, second }) => key("separate", first, second),
  limit: ({ step }) => key("limit", step),
  deadline: ({ rule }) => key("deadline", ruleKey(rule)),
  rule: ({ rule }) => key("rule", ruleKey(rule)),
  answer: ({ question }) => `question/${question}`,
  finding: ({ id }) => `finding/${id}`,
  sentence: (says) => `sentence/${hashOf(identityOf(says)).slice(0, 10)}`,
  requirement: ({ of, requirement }) => key("requirement", of, requirement.id),
  "asked of step": ({ asks, step }) => key(asks, step),
  "asked of process": ({ asks }) => key("process", asks),
};

/**
 * By what a claim is told from the others of its source, the same from audit to audit: "step-done/Approve
 * purchase", "order/A/B", "question/4".
 */
export const keyOf = (says: Says): string => (KEYS[says.kind] as (says: Says) => string)(says);

/**
 * What the id of a claim is a hash of: its key, and for requirements and readiness what ids were made of from
 * their first version on, so that gaps and settings that name them stay theirs. A requirement that is changed
 * is another claim.
 */
export function identityOf(says: Says): string {
  switch (says.kind) {
    case "sentence": // without an implementation it stands for itself
      return says.of === "" ? says.text : `${says.of}\u0000${says.text}`;
    case "requirement":
      return `${says.of}\u0000${says.requirement.id}\u0000${requirementKey(says.requirement)}`;
    case "asked of step":
      return `${says.asks}\u0000${says.step}`;
    case "asked of process":
      return `${says.asks}\u0000\u0000whole process`;
    default:
      return keyOf(says);
  }
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * A requirement as a text that two share only when they require the same. The text reads like the sentence
 * that it once was and is never shown: ids of claims and gaps rest on it, so it does not change when the
 * sentence does.
 */
function requirementKey(one: Requirement): string {
  const at = "step" in one && one.step ? ` at "${one.step}"` : "";
  const least = (share: number) => `${Math.round(share * 100)} %`;
  switch (one.kind) {
    case "fields":
      return `${one.columns.join(", ")} filled${at} in at least ${least(one.share ?? 0.95)}.`;
    case "owner":
      return `"${one.step}" has an owner who is named.`;
    case "handoff":
      return `"${one.from}" is handed on to "${one.to}" directly in at least ${least(one.share ?? 0.8)}.`;
    case "authoritative":
      return `One source is right for ${one.field}, and the others agree with it.`;
    case "volume":
      return `At least ${one.perMonth.toLocaleString("en-GB", { maximumFractionDigits: 0 })} a month${at}.`;
    case "consistency":
      return `The same kind of case is handled the same way${at} in at least ${least(one.share ?? 0.8)}.`;
  }
}
