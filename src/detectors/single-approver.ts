import { concentratedActivities } from "./concentration.ts";
import { defineDetector } from "./detector.ts";
import { needsApprovals } from "../evidence/needs.ts";

/**
 * Finds approvals that only one person gives, in all cases or in those of one kind (one cost centre, one
 * vendor group).
 *
 * Needs people and approvals. A finding where one person gives at least `minShare` of an approval, by the
 * lower end of the 95 % interval, over at least `minRows` approvals and `minDays` days. One pass per case
 * attribute.
 */
export const singleApprover = defineDetector({
  id: "single-approver",
  category: "approvals",
  title: "Only one person approves",
  question: "Which approvals stop when one person is away?",
  remedy: { text: "Name a second approver with the same limit.", effort: "days", decides: "controller" },
  options: { minRows: 20, minShare: 0.8, minDays: 30 },

  missing: needsApprovals,

  detect: (evidence, options) =>
    concentratedActivities(
      evidence,
      (a) => evidence.isApproval[a] === 1,
      options,
      (activity, where, share, who, others) =>
        `${who[0].toUpperCase() + who.slice(1)} gives ${Math.round(share * 100)} % of "${activity}"${where}; ${others === 0 ? "nobody else has given it" : `${others === 1 ? "one other has" : `${others} others have`} given the rest`}.`,
    ),
});
