import { wilsonLow } from "../statistics/intervals.ts";
import { isMarkerName } from "../evidence/activity-names.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import { needsDescription } from "../evidence/needs.ts";
import { hoursOf } from "./price.ts";

/**
 * Finds activities that the description does not have: seen in more than `minShare` of the cases, by the 95 %
 * interval. One finding per activity. What only marks a begin or end is left out.
 *
 * It has no price: what nobody described may well be needed. The hours stand in the facts. Where the activity
 * is another leak in itself (it makes up for something, appeared on a day, changes what was approved) that
 * finding keeps it.
 */
export const undocumentedStep = defineDetector({
  id: "undocumented-step",
  category: "documentation",
  title: "Work that is in no description",
  question: "Which work do people do that nobody described?",
  remedy: {
    text: "Describe the step, or stop doing it; then say whose it is.",
    effort: "days",
    decides: "process owner",
  },
  yieldsTo: [
    "side-channel",
    "double-entry",
    "compensating-work",
    "late-correction",
    "process-drift",
    "unmapped-approval-chain",
    "unowned-wait",
  ],
  options: { minCases: 3, minShare: 0.002 },

  missing: needsDescription,

  detect(evidence, { minCases, minShare }) {
    const { log, activityNames, casesWith, caseOf, described } = evidence;
    const found: Observation[] = [];
    activityNames.forEach((name, a) => {
      if (described!.stepOf[a] >= 0 || isMarkerName(name) || casesWith[a] < minCases) return;
      if (wilsonLow(casesWith[a], log.caseCount) < minShare) return;
      const rows = evidence.rowsOf(a).filter((e) => evidence.isWork(e));
      if (rows.length === 0) return;
      found.push({
        subject: name,
        statement: `"${name}" is done in ${casesWith[a]} of ${log.caseCount} cases, ${rows.length} times in all, and stands in no description.`,
        cases: caseSet(Array.from(rows, (e) => caseOf[e])),
        outOf: log.caseCount,
        people: [],
        facts: [["executions", String(rows.length)], ...hoursOf(evidence, rows)],
      });
    });
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});
