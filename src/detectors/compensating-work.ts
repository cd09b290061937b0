import { wilsonLow } from "../statistics/intervals.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import { labourOf } from "./price.ts";

/**
 * Finds work that only makes up for the process: clarifying, chasing, fixing, correcting, told by the name of
 * the activity in the languages of `activity-names.ts`. The hours are a headline of their own.
 *
 * Returns one finding per such activity that occurs in more than `minShare` of all cases, by the 95 %
 * interval; a little of it is found everywhere. Where a description has the step (as something that may be
 * needed), in more than `minDescribed`. Reads `activity`; handling times for the hours. One pass.
 */
export const compensatingWork = defineDetector({
  id: "compensating-work",
  category: "workarounds",
  title: "People make up for the process",
  question: "How much time goes into clarifying, chasing, fixing and correcting?",
  remedy: {
    text: "Find the step that lets the gap arise, and make what is missing mandatory there.",
    effort: "weeks",
    decides: "process owner",
  },
  yieldsTo: ["ping-pong", "double-entry"],
  options: { minCases: 5, minShare: 0.03, minDescribed: 0.1 },

  missing: () => [],

  detect(evidence, { minCases, minShare, minDescribed }) {
    const { log, activityNames, isCompensating, caseOf, casesWith } = evidence;
    const found: Observation[] = [];
    activityNames.forEach((name, a) => {
      if (!isCompensating[a] || casesWith[a] < minCases) return;
      const isDescribed = (evidence.described?.stepOf[a] ?? -1) >= 0;
      if (wilsonLow(casesWith[a], log.caseCount) < (isDescribed ? minDescribed : minShare)) return;
      const rows = evidence.rowsOf(a).filter((e) => evidence.isWork(e));
      found.push({
        subject: name,
        statement: `"${name}" is needed in ${casesWith[a]} of ${log.caseCount} cases, ${rows.length} times in all: work that makes up for something that went wrong before.`,
        cases: caseSet(Array.from(rows, (e) => caseOf[e])),
        outOf: log.caseCount,
        people: [],
        cost: labourOf(evidence, rows),
        facts: [["executions", String(rows.length)]],
      });
    });
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});
