import type { Claim } from "../audit/claims.ts";
import type { Requirement } from "../audit/requirement.ts";
import type { QuestionNumber, SaidBy, Says, SentenceTest } from "../audit/says.ts";
import type { Rule } from "../description/description.ts";
import { ruleInWords } from "../description/compare-descriptions.ts";
import { describeDuration } from "../description/duration.ts";
import { describeTests } from "../evidence/described.ts";
import { formatCount, upperFirst } from "../figures.ts";
import { PROCESS_QUESTIONS, QUESTIONS, STEP_QUESTIONS } from "./questions.ts";

/**
 * What there is to say of each kind of claim: its sentence, and how it is put to the test; `least` is its
 * threshold in words.
 */
interface ClaimWords<S> {
  statement(says: S): string;
  check(says: S, least: string): string;
}

const share = (value: number) => `${Math.round(value * 100)} %`;
const where = (rule: Pick<Rule, "when">) => {
  const tests = describeTests(rule.when);
  return tests === "" ? "" : ` where ${tests}`;
};
const noException = () => "no exception";

/** Every claim as pages, reports, mails and the command line say it. */
const CLAIMS: { [K in Says["kind"]]: ClaimWords<Extract<Says, { kind: K }>> } = {
  "process seen": {
    statement: () => "The log shows the described process.",
    check: () => "at least one described step is an activity of the log",
  },
  "step done": {
    statement: ({ step }) => `"${step}" is done in every case that goes past it.`,
    check: () => "share of such cases that have it, at least 95 %",
  },
  "step happens": {
    statement: ({ step }) => `"${step}" happens.`,
    check: () => "seen at least once; never in 59 cases or more contradicts it",
  },
  "step by role": {
    statement: ({ step, role }) => `"${step}" is done by ${role}.`,
    check: () => "share of its cases in which only the role or a deputy did it, at least 90 %",
  },
  "field filled": {
    statement: ({ column, step }) => `"${column}" is filled when "${step}" is done.`,
    check: () => "share of its executions with a value, at least 95 %",
  },
  "step in time": {
    statement: ({ step, within }) => `"${step}" is done within ${describeDuration(within)}.`,
    check: () => "share of its cases done that soon after the step before, at least 90 %",
  },
  order: {
    statement: ({ first, later }) => `"${first}" comes before "${later}".`,
    check: () => "share of the cases with both in which the first of each comes in this order, at least 95 %",
  },
  before: {
    statement: ({ rule }) =>
      `Always ${[rule.must]
        .flat()
        .map((step) => `"${step}"`)
        .join(" or ")} before "${rule.before}"${where(rule)}.`,
    check: noException,
  },
  separate: {
    statement: ({ first, second }) => `Nobody does both "${first}" and "${second}" of one case.`,
    check: noException,
  },
  limit: {
    statement: ({ step }) => `Nobody does "${step}" above their limit.`,
    check: noException,
  },
  deadline: {
    statement: ({ rule }) =>
      `"${rule.deadline}" is done ${rule.by !== undefined ? `by "${rule.by}"` : `within ${describeDuration(rule.within!)} of ${rule.after === undefined ? "the begin" : `"${rule.after}"`}`}${where(rule)}.`,
    check: () => "share in time, at least 95 %",
  },
  rule: { statement: ({ rule }) => `${upperFirst(ruleInWords(rule))}.`, check: noException },
  answer: {
    statement: ({ question }) => QUESTIONS[question].claim,
    check: ({ question, column }, least) => `${measureOf(question, column)}, ${least}`,
  },
  finding: { statement: ({ sentence }) => sentence, check: ({ title }) => title },
  sentence: { statement: ({ text }) => text, check: ({ test }) => sentenceCheck(test) },
  requirement: {
    statement: ({ requirement }) => requirementInWords(requirement),
    check: ({ requirement }) => requirementCheck(requirement),
  },
  "asked of step": {
    statement: ({ asks, step }) => STEP_QUESTIONS[asks].statement(step),
    check: ({ asks }) => STEP_QUESTIONS[asks].check,
  },
  "asked of process": {
    statement: ({ asks }) => PROCESS_QUESTIONS[asks].statement,
    check: ({ asks }) => PROCESS_QUESTIONS[asks].check,
  },
};

/** Everybody who says something, by name. */
const SAID_BY: { [K in SaidBy["kind"]]: (by: Extract<SaidBy, { kind: K }>) => string } = {
  description: ({ version, signedBy }) =>
    `description${version === null ? "" : `, version ${version}`}${signedBy === null ? "" : `, signed off by ${signedBy}`}`,
  answers: ({ question, people }) =>
    people === 0
      ? `question ${question}, not answered`
      : `${people === 1 ? "one answer" : `${formatCount(people)} answers`} to question ${question}`,
  evidence: ({ detector }) => `evidence (${detector})`,
  document: ({ name, line }) => `${name}, line ${line}`,
  tool: ({ name, line }) => (line === null ? `${name}, requirements` : `${name}, document, line ${line}`),
  readiness: () => "readiness",
};

/** What is said, as a sentence. */
export const statementOf = (says: Says): string => (CLAIMS[says.kind] as ClaimWords<Says>).statement(says);

/** How it is put to the test, with the threshold; empty for a question that nothing here can test. */
export const checkOf = ({
  says,
  threshold,
  verdict,
}: Pick<Claim, "says" | "threshold" | "verdict">): string =>
  says.kind === "answer" && verdict === "not testable here"
    ? ""
    : (CLAIMS[says.kind] as ClaimWords<Says>).check(
        says,
        threshold === null ? "no exception" : `at least ${share(threshold)}`,
      );

/** Who said it. */
export const saidByInWords = (by: SaidBy): string => (SAID_BY[by.kind] as (by: SaidBy) => string)(by);

/** What the evidence measures of a question, without a threshold. */
export const measureOf = (question: QuestionNumber, column?: string): string =>
  `${QUESTIONS[question].measure}${column === undefined ? "" : ` "${column}"`}`;

/** A requirement as a sentence. */
const requirementInWords = (one: Requirement): string =>
  (REQUIREMENTS[one.kind] as (typeof REQUIREMENTS)["owner"]).statement(one as never);

const requirementCheck = (one: Requirement): string =>
  (REQUIREMENTS[one.kind] as (typeof REQUIREMENTS)["owner"]).check(one as never);

const at = (step: string | undefined) => (step ? ` at "${step}"` : "");
const USUAL = { fields: 0.95, handoff: 0.8, consistency: 0.8 };

/** Every kind of requirement of the form, with its check. */
const REQUIREMENTS: {
  [K in Requirement["kind"]]: {
    statement(one: Extract<Requirement, { kind: K }>): string;
    check(one: Extract<Requirement, { kind: K }>): string;
  };
} = {
  fields: {
    statement: ({ columns, step, share: least = USUAL.fields }) =>
      `${columns.join(", ")} filled${at(step)} in at least ${share(least)}.`,
    check: ({ step, share: least = USUAL.fields }) =>
      `share of ${step ? "executions" : "cases"} in which all of them have a value${step ? " by then" : ""}, at least ${share(least)}`,
  },
  owner: {
    statement: ({ step }) => `"${step}" has a named owner.`,
    check: () => "the description names who owns the step, by name, and no finding says otherwise",
  },
  handoff: {
    statement: ({ from, to, share: least = USUAL.handoff }) =>
      `"${from}" is handed on directly to "${to}" in at least ${share(least)}.`,
    check: ({ from, to, share: least = USUAL.handoff }) =>
      `share of the executions of "${from}" after which "${to}" comes next, at least ${share(least)}`,
  },
  authoritative: {
    statement: ({ field }) => `One source is right for ${field}, and the others agree with it.`,
    check: () => "the description says which source is right for it, and no source contradicts another",
  },
  volume: {
    statement: ({ perMonth, step }) => `At least ${formatCount(perMonth)} a month${at(step)}.`,
    check: () => "share of the four-week spans that reach it, at least half of them",
  },
  consistency: {
    statement: ({ step, share: least = USUAL.consistency }) =>
      `The same kind of case is handled the same way${at(step)} in at least ${share(least)}.`,
    check: ({ step, share: least = USUAL.consistency }) =>
      step
        ? `share of its executions between the same five pairs of steps before and after, at least ${share(least)}`
        : `share of the cases that take one of the five most frequent ways, at least ${share(least)}`,
  },
};

function sentenceCheck(test: SentenceTest): string {
  switch (test?.kind) {
    case "filled":
      return `share of cases in which "${test.column}" is filled, at least ${share(test.share)}`;
    case "order":
      return `in every case with "${test.later}" there is "${test.first}" before it, no exception`;
    case "volume":
      return `at least ${formatCount(test.least)} cases begin every ${test.per}`;
    case undefined:
      return "no check understands this sentence";
  }
}
