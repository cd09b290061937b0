import { caseSet, defineDetector, type Observation } from "./detector.ts";
import { needsDescribedRoles } from "../evidence/needs.ts";
import { exposureOf } from "./price.ts";
import { rolesDoing, standingsOf } from "./role-mismatch.ts";
import { wilsonLow } from "../statistics/intervals.ts";

/**
 * Finds steps that mostly another role does than the description says: the described role does less than
 * half, and one other role at least half, by the lower end of the 95 % interval of the others' share. Steps
 * that no role owns in practice are `shifting-ownership`.
 */
export const ownershipByHabit = defineDetector({
  id: "ownership-by-habit",
  category: "ownership",
  title: "Another role owns the step by habit",
  question: "Which steps does in practice another role do than the description says?",
  remedy: {
    text: "Make those who do it the owners, or give it back.",
    effort: "days",
    decides: "process owner",
  },
  yieldsTo: ["shifting-ownership", "unowned-step"],
  options: { minRows: 20, minShare: 0.5 },

  missing: needsDescribedRoles,

  detect(evidence, { minRows, minShare }) {
    const { log, caseOf, described } = evidence;
    const found: Observation[] = [];
    standingsOf(evidence).forEach(({ entitled, others }, s) => {
      const known = entitled.length + others.length;
      if (known < minRows || wilsonLow(others.length, known) < minShare) return;
      const doing = rolesDoing(evidence, others);
      if (doing[0][1] < known * minShare) return;
      const { name, role } = described!.steps[s];
      const cases = caseSet(others.map((e) => caseOf[e]));
      found.push({
        subject: described!.subjectOf(s),
        statement: `"${name}" belongs to ${role} by the description; ${doing[0][0]} did it ${doing[0][1]} of ${known} times.`,
        cases,
        outOf: new Set([...entitled, ...others].map((e) => caseOf[e])).size,
        people: log.person ? [...new Set(others.map((e) => log.person![e]))].filter((p) => p > 0) : [],
        cost: exposureOf(evidence, others, "amounts of the cases in which another role did it"),
        facts: [
          [`done by ${role}`, `${entitled.length} times`],
          ...doing.map(([who, count]): [string, string] => [`done by ${who}`, `${count} times`]),
        ],
      });
    });
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});
