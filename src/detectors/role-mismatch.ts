import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { needsDescribedRoles } from "../evidence/needs.ts";
import { exposureOf } from "./price.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { nameAt } from "../eventlog/strings.ts";

/** Who does a described step, by how they stand to its role. */
export interface Standings {
  entitled: number[];
  /**
   * rows by people of another role, or named nowhere where the evidence does not show them acting under the
   * role either
   */
  others: number[];
  /** approvals by people outside the described chain, a finding of its own */
  outsideChain: number[];
  /** rows of which the description does not say whether they are right */
  unknown: number;
}

/** The rows of each described step by standing; worked out once for an evidence. */
export function standingsOf(evidence: Evidence): Standings[] {
  return evidence.once("standings", () => {
    const described = evidence.described!;
    return described.steps.map(({ activities, isApproval }) => {
      const result: Standings = { entitled: [], others: [], outsideChain: [], unknown: 0 };
      for (const a of activities) {
        for (const e of evidence.rowsOf(a)) {
          const standing = described.standing(e);
          if (standing === "unknown") result.unknown++;
          else if (standing === "entitled") result.entitled.push(e);
          // an approver outside the chain is another finding; whoever acts under the role is only missing
          // from the list
          else if (isApproval && !described.mayApprove(evidence.log.person?.[e] ?? 0))
            result.outsideChain.push(e);
          else if (standing === "unnamed" && described.actsUnderRole(e)) result.unknown++;
          else result.others.push(e);
        }
      }
      return result;
    });
  });
}

/**
 * Finds steps that people outside the described role do as an exception: fewer than half of the executions,
 * more than `minShare` by the 95 % interval. Steps that others mostly do are `ownership-by-habit`, approvers
 * outside the chain `unmapped-approval-chain`. Deputies may; programs and unknown people count as nobody.
 */
export const roleMismatch = defineDetector({
  id: "role-mismatch",
  category: "ownership",
  title: "People outside the role do the step",
  question: "Who does steps that belong to another role?",
  remedy: {
    text: "Take the right from other roles, or add them as deputies.",
    effort: "days",
    decides: "process owner",
  },
  yieldsTo: ["shifting-ownership", "unowned-step", "self-approval"],
  options: { minCases: 2, minShare: 0.002 },

  missing: needsDescribedRoles,

  detect(evidence, { minCases, minShare }) {
    const { log, caseOf, described } = evidence;
    const found: Observation[] = [];
    standingsOf(evidence).forEach(({ entitled, others }, s) => {
      const known = entitled.length + others.length;
      const cases = caseSet(others.map((e) => caseOf[e]));
      if (cases.length < minCases || others.length > known / 2) return;
      if (wilsonLow(others.length, known) < minShare) return;
      const { name, role } = described!.steps[s];
      const doing = rolesDoing(evidence, others);
      found.push({
        subject: described!.subjectOf(s),
        statement: `"${name}" belongs to ${role}; in ${cases.length} of ${known} executions somebody else did it${doing[0] ? `, mostly ${doing[0][0]}` : ""}.`,
        cases,
        outOf: new Set([...entitled, ...others].map((e) => caseOf[e])).size,
        people: log.person ? [...new Set(others.map((e) => log.person![e]))].filter((p) => p > 0) : [],
        cost: exposureOf(evidence, others, "amounts of the cases in which somebody outside the role did it"),
        facts: doing.map(([who, count]): [string, string] => [`done by ${who}`, `${count} times`]),
      });
    });
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});

/** Which roles, by the description or by the log, did these rows; most first. */
export function rolesDoing(evidence: Evidence, rows: readonly number[]): [role: string, count: number][] {
  const { log, described } = evidence;
  const counts = new Map<string, number>();
  for (const e of rows) {
    const p = log.person?.[e] ?? 0;
    const who =
      (p > 0 ? described!.rolesOf(p)[0] : undefined) ??
      (log.role && log.role[e] > 0 ? nameAt(log.roles, log.role[e]) : "somebody named under no role");
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}
