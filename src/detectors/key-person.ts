import { isMarkerName, isRequestName } from "../evidence/activity-names.ts";
import { concentratedActivities } from "./concentration.ts";
import { defineDetector } from "./detector.ts";
import { needsIndividuals } from "../evidence/needs.ts";

/**
 * Finds steps that hang on one person, in all cases or in those of one kind. It is about cover, not about
 * performance: the person is the one to protect. Approvals by one person alone are `single-approver`.
 *
 * Needs people. A finding where the top person's share of an activity's executions is at least `minShare`, by
 * the lower end of its 95 % interval, over at least `minRows` executions and `minDays` days. One pass per
 * case attribute.
 */
export const keyPerson = defineDetector({
  id: "key-person",
  category: "handoffs",
  title: "One person holds this step",
  question: "Which steps would stop without one particular person?",
  remedy: {
    text: "Train a second person and let them do the step every week.",
    effort: "weeks",
    decides: "team lead",
  },
  yieldsTo: ["single-approver"],
  options: { minRows: 25, minShare: 0.78, minDays: 30 },

  missing: needsIndividuals,

  detect: (evidence, options) =>
    concentratedActivities(
      evidence,
      (a) =>
        !evidence.isApproval[a] &&
        !isRequestName(evidence.activityNames[a]) &&
        !isMarkerName(evidence.activityNames[a]) &&
        !evidence.isTimed[a],
      options,
      (activity, where, share, who, others) =>
        `${capital(who)} does ${percent(share)} of "${activity}"${where}; ${others === 0 ? "nobody else has done it" : `${others === 1 ? "one other has" : `${others} others have`} done the rest`}.`,
    ),
});

const percent = (share: number) => `${Math.round(share * 100)} %`;
const capital = (text: string) => text[0].toUpperCase() + text.slice(1);
