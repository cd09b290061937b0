import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Need } from "../evidence/need.ts";
import { needsDescription } from "../evidence/needs.ts";
import { checkedOrderRules, type OrderCheck } from "./order-rules.ts";
import { exposureOf } from "./price.ts";

/**
 * Finds what went on without an approval that it needed: by a rule of the description ("before: Create order,
 * must: Approve purchase", with its tests), or because the flow has the approval in every run. Approvals that
 * came too late are `approval-after-the-fact`.
 *
 * Every case counts, since the rule allows no exception. An approval that is hardly ever given at all is a
 * `phantom-step`. One finding per approval.
 */
export const approvalBypassed = defineDetector({
  id: "approval-bypassed",
  category: "approvals",
  title: "Approvals are skipped",
  question: "What went on without the approval that it needed?",
  remedy: {
    text: "Block the next step until the approval is there.",
    effort: "weeks",
    decides: "controller",
  },
  yieldsTo: ["pressure-break", "process-drift"],
  options: { minCases: 1, minDone: 0.02 },

  missing: needsDescribedApprovals,

  detect(evidence, { minCases, minDone }) {
    const checks = checkedOrderRules(evidence).filter(
      ({ rule, cases, bypassed }) =>
        isApproval(evidence, rule.step) && cases - bypassed.length >= cases * minDone,
    );
    return observeOrder(
      evidence,
      checks,
      minCases,
      ({ bypassed }) => bypassed,
      (n, outOf, words) => `In ${n} of ${outOf} cases there was no ${words}.`,
      "amounts of the cases that went on without it",
    );
  },
});

/** What a detector of described approvals needs. */
export function needsDescribedApprovals(evidence: Evidence): Need[] {
  const needs = needsDescription(evidence);
  if (needs.length > 0) return needs;
  return evidence.described!.steps.some(({ isApproval }) => isApproval)
    ? []
    : [{ kind: "described approval" }];
}

export function isApproval(evidence: Evidence, step: number): boolean {
  return evidence.described!.steps[step].isApproval;
}

/** One observation for each step that rules speak of, of the rows that break them. */
export function observeOrder(
  evidence: Evidence,
  checks: readonly OrderCheck[],
  minCases: number,
  rowsOf: (check: OrderCheck) => readonly number[],
  say: (cases: number, outOf: number, words: string) => string,
  basis: string,
): Observation[] {
  const { log, caseOf } = evidence;
  const bySubject = new Map<string, { rows: Set<number>; checks: OrderCheck[] }>();
  for (const check of checks) {
    const rows = rowsOf(check);
    if (rows.length === 0) continue;
    const subject = evidence.described!.subjectOf(check.rule.step);
    const entry = bySubject.get(subject) ?? { rows: new Set<number>(), checks: [] };
    for (const row of rows) entry.rows.add(row);
    entry.checks.push(check);
    bySubject.set(subject, entry);
  }
  return [...bySubject]
    .map(([subject, { rows, checks: own }]): Observation => {
      const cases = caseSet(Array.from(rows, (e) => caseOf[e]));
      const outOf = Math.max(cases.length, ...own.map((check) => check.cases));
      const people = log.person
        ? [...new Set(Array.from(rows, (e) => log.person![e]))].filter((p) => p > 0)
        : [];
      return {
        subject,
        statement: say(cases.length, outOf, own.map(({ rule }) => rule.words).join("; ")),
        cases,
        outOf,
        people,
        cost: exposureOf(evidence, rows, basis),
        facts: own.map(({ rule, cases: about }): [string, string] => [
          rule.said ? "rule" : "flow",
          `${rule.words} (${about} cases)`,
        ]),
      };
    })
    .filter(({ cases }) => cases.length >= minCases)
    .sort((f, g) => g.cases.length - f.cases.length);
}
