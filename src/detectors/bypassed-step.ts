import { wilsonLow } from "../statistics/intervals.ts";
import { isApproval, observeOrder } from "./approval-bypassed.ts";
import { defineDetector } from "./detector.ts";
import { needsDescription } from "../evidence/needs.ts";
import { checkedOrderRules } from "./order-rules.ts";

/**
 * Finds steps that the description has in every run, or that a rule demands, and that cases leave out on
 * their way: a later step was done, this one never. Skipped approvals are `approval-bypassed`, steps that
 * hardly anybody does `phantom-step`.
 *
 * A rule allows no exception; what only the flow says is a finding from `minCases` cases and more than
 * `minShare` of them on, by the 95 % interval.
 */
export const bypassedStep = defineDetector({
  id: "bypassed-step",
  category: "workarounds",
  title: "A required step is skipped",
  question: "Which required steps do cases leave out?",
  remedy: {
    text: "Make the step mandatory in the system, or say for which cases it is not needed.",
    effort: "days",
    decides: "process owner",
  },
  yieldsTo: ["pressure-break", "process-drift"],
  yieldsToSameCases: ["unbilled-work"],
  options: { minCases: 3, minShare: 0.004, minDone: 0.02 },

  missing: needsDescription,

  detect(evidence, { minCases, minShare, minDone }) {
    const checks = checkedOrderRules(evidence).filter(
      ({ rule, cases, bypassed }) =>
        !isApproval(evidence, rule.step) &&
        cases - bypassed.length >= cases * minDone &&
        (rule.said || (bypassed.length >= minCases && wilsonLow(bypassed.length, cases) >= minShare)),
    );
    return observeOrder(
      evidence,
      checks,
      1,
      ({ bypassed }) => bypassed,
      (n, outOf, words) => `In ${n} of ${outOf} cases there was no ${words}.`,
      "amounts of the cases that skipped it",
    );
  },
});
