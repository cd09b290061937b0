import { isApproval, needsDescribedApprovals, observeOrder } from "./approval-bypassed.ts";
import { defineDetector } from "./detector.ts";
import { checkedOrderRules } from "./order-rules.ts";

/**
 * Finds approvals given only after what they were to approve had been done: the first approval of a case
 * comes later than the first step that must not go ahead without it. Rules and flow as in
 * `approval-bypassed`; equal times count as in order.
 */
export const approvalAfterTheFact = defineDetector({
  id: "approval-after-the-fact",
  category: "approvals",
  title: "Approvals come after the fact",
  question: "Which approvals were given when it was already done?",
  remedy: {
    text: "Block the commitment until the approval is there; give urgent cases a quick way of their own.",
    effort: "weeks",
    decides: "controller",
  },
  options: { minCases: 1 },

  missing: needsDescribedApprovals,

  detect: (evidence, { minCases }) =>
    observeOrder(
      evidence,
      checkedOrderRules(evidence).filter(({ rule }) => isApproval(evidence, rule.step)),
      minCases,
      ({ late }) => late,
      (n, outOf, words) => `In ${n} of ${outOf} cases the approval came afterwards: it should be ${words}.`,
      "amounts of the cases approved after the fact",
    ),
});
