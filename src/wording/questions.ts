import type { ProcessQuestion, QuestionNumber, StepQuestion } from "../audit/says.ts";

/**
 * What an answer to each of the 30 questions claims when all is well, and what the evidence measures of it.
 */
export const QUESTIONS: Record<QuestionNumber, { claim: string; measure: string }> = {
  1: {
    claim: "The steps of this process are written down.",
    measure: "share of what was done that is a described step",
  },
  2: {
    claim: "Daily work follows the written steps.",
    measure: "share of finished cases that follow the description exactly",
  },
  3: {
    claim: "All steps that people do are described.",
    measure: "share of cases without an undescribed activity",
  },
  4: {
    claim: "All described steps are really done.",
    measure: "share of described steps that are really done",
  },
  5: {
    claim: "Exceptions are written down too.",
    measure: "share of the unusual cases that take only described steps, in a described order",
  },
  6: {
    claim: "The description was updated after the last change in the work.",
    measure: "changes in the work since the description was signed",
  },
  7: {
    claim: "Everybody knows where work changes hands.",
    measure: "share of hand-overs between described steps in a described order",
  },
  8: {
    claim: "Work goes on when the usual person is away.",
    measure: "share of cases that did not stand still during an absence",
  },
  9: {
    claim: "Work is picked up soon after a hand-over.",
    measure: "share of cases without a long wait at a hand-over",
  },
  10: { claim: "Work is rarely sent back.", measure: "share of cases that never came back" },
  11: {
    claim: "Whoever takes over gets everything needed.",
    measure: "share of cases in which nobody had to clarify, chase or correct",
  },
  12: {
    claim: "Anybody can see at any time where a case is.",
    measure: "share of cases that neither stand still nor leave the systems",
  },
  13: {
    claim: "It is written who may approve what.",
    measure: "share of cases approved within the described chain and limits",
  },
  14: { claim: "Nobody approves their own request.", measure: "cases approved by their requester" },
  15: { claim: "Approvals come before the commitment.", measure: "share of cases with the approval first" },
  16: {
    claim: "There is a stand-in when the approver is absent.",
    measure: "share of cases whose approval does not depend on one person",
  },
  17: {
    claim: "Approvals are read, not waved through.",
    measure: "share of cases that were not approved within seconds",
  },
  18: {
    claim: "Overdue approvals escalate.",
    measure: "share of approvals overdue by five working days that were escalated",
  },
  19: {
    claim: "Every step has one named owner.",
    measure: "share of what was done that belongs to a step with an owner",
  },
  20: { claim: "The named owner does the step.", measure: "share of executions by the described role" },
  21: {
    claim: "Somebody else could do each step tomorrow.",
    measure: "share of cases in which no step depends on one person",
  },
  22: {
    claim: "A step is done the same way whoever does it.",
    measure: "share of cases handled like most others",
  },
  23: {
    claim: "Work is assigned by rule.",
    measure: "share of steps in which the kind of case says who does it",
  },
  24: {
    claim: "Somebody answers for the errors of each step.",
    measure: "share of cases that came back with a",
  },
  25: {
    claim: "What is needed is in the systems.",
    measure: "share of cases without empty needed fields and without work beside the systems",
  },
  26: { claim: "Everybody enters data the same way.", measure: "share of cases entered the usual way" },
  27: {
    claim: "Entries are made when the work happens.",
    measure: "share of cases entered when they happened",
  },
  28: {
    claim: "There is one agreed source for each fact.",
    measure: "share of records on which the systems agree",
  },
  29: {
    claim: "Fewer than 2 in 100 cases have to be put right.",
    measure: "share of cases that nobody had to put right",
  },
  30: { claim: "People decide by the regular report.", measure: "share of reports that somebody decides by" },
};

/**
 * What readiness asks of each step, and how it is put to the test; thresholds are those of
 * src/readiness/step-claims.ts.
 */
export const STEP_QUESTIONS: Record<StepQuestion, { statement(step: string): string; check: string }> = {
  "kind-said": {
    statement: (step) => `People have said what kind of task "${step}" is.`,
    check: "people say it, in the description or on the page; a name only suggests it",
  },
  "decides-nothing": {
    statement: (step) => `"${step}" makes no decision.`,
    check:
      "people say that it makes no decision, and what follows it varies less than what follows a decision: at least 80 % of the last fifth of its executions are predicted from what is recorded",
  },
  filled: {
    statement: (step) => `The fields that "${step}" works on are filled in when it is done.`,
    check: "share of its executions in which every column that it needs has a value, at least 95 %",
  },
  "in-time": {
    statement: (step) => `"${step}" is recorded when it happens.`,
    check: "share of its cases without an entry made after the fact, at least 90 %",
  },
  told: {
    statement: (step) => `What follows "${step}" can be predicted from what is recorded before it.`,
    check:
      "share of the last fifth of its executions for which a rule learned from the others predicts what followed, at least 80 %",
  },
  whoever: {
    statement: (step) => `What follows "${step}" does not depend on who does it.`,
    check:
      "of similar cases, how much of what follows stays the same when another person does it (1 minus the difference between two people), at least 80 %",
  },
  described: {
    statement: (step) => `"${step}" is part of the described process.`,
    check: "share of its executions that are a step of the description, all of them",
  },
  "same-way": {
    statement: (step) => `"${step}" is always done at the same point of the process.`,
    check: "share of its executions between the same five pairs of steps before and after, at least 80 %",
  },
  steady: {
    statement: (step) => `"${step}" is done today as it was before.`,
    check:
      "how much of what follows it in the newer half of its executions is as in the older half, at least 80 %",
  },
  "right-today": {
    statement: (step) => `"${step}" is right the first time.`,
    check: "share of its executions that are neither repeated nor corrected later in the case, at least 90 %",
  },
  caught: {
    statement: (step) => `Somebody checks the result of "${step}" before it takes effect.`,
    check:
      "share of its executions with a later step in the case that people said to be a check or a decision, at least 90 %",
  },
  "within-limits": {
    statement: (step) => `"${step}" respects who may decide what.`,
    check:
      "share of its cases without a decision above the limit, on one's own request or by somebody who must be another, as far as can be seen, at least 98 %",
  },
  undone: {
    statement: (step) => `A wrong "${step}" can be undone.`,
    check:
      "people say so, in the description or on the page; where it can be undone only until something, share of its executions that somebody checks before that, at least 90 %",
  },
  enough: {
    statement: (step) => `There is enough of "${step}" to be worth automating.`,
    check: "share of the weeks of the evidence with at least five executions, at least 50 %",
  },
  "takes-time": {
    statement: (step) => `"${step}" takes people's time.`,
    check: "share of its executions that people do, of a step that takes at least two minutes, at least 50 %",
  },
};

/** What readiness asks of the process as a whole. */
export const PROCESS_QUESTIONS: Record<ProcessQuestion, { statement: string; check: string }> = {
  filled: {
    statement: "The fields that steps work on are filled in when they are done.",
    check: "share of all executions in which every column that the step needs has a value, at least 95 %",
  },
  "in-time": {
    statement: "Work is recorded when it happens.",
    check: "share of all steps of cases without an entry made after the fact, at least 90 %",
  },
  told: {
    statement: "What follows a step can be predicted from what is recorded before it.",
    check:
      "share of the last fifth of the executions of each step for which a rule learned from the others predicts what followed, at least 80 %",
  },
  whoever: {
    statement: "What follows does not depend on who does it.",
    check:
      "of similar cases, how much of what follows stays the same when another person does the step (1 minus the difference between two people, over all steps by their executions), at least 80 %",
  },
  described: {
    statement: "The work is part of the described process.",
    check: "share of all executions that are a step of the description, at least 95 %",
  },
  ways: {
    statement: "Cases take the same few ways.",
    check: "share of finished cases that take one of the five most frequent ways, at least 80 %",
  },
  steady: {
    statement: "The process runs today as it did before.",
    check:
      "how much of the order of steps in the newer half of the evidence is as in the older half, at least 80 %",
  },
  "right-today": {
    statement: "Work is right the first time.",
    check: "share of all executions that are neither repeated nor corrected later in the case, at least 90 %",
  },
  caught: {
    statement: "Somebody checks what was done before it takes effect.",
    check: "share of all executions with a check or a decision later in the case, at least 90 %",
  },
  "within-limits": {
    statement: "Decisions respect who may decide what.",
    check:
      "share of all decisions in cases without one above the limit, on one's own request or by somebody who must be another, as far as can be seen, at least 98 %",
  },
  enough: {
    statement: "There are enough cases to be worth automating.",
    check: "share of the weeks of the evidence in which at least five cases begin, at least 50 %",
  },
  "takes-time": {
    statement: "It takes people's time.",
    check: "share of all executions that people do, of steps that take at least two minutes, at least 50 %",
  },
};
