import type { Described } from "../evidence/described.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import { needsDescription } from "../evidence/needs.ts";
import { exposureOf } from "./price.ts";

/**
 * Finds approvals outside the described chain: approval activities that no description has, and described
 * approvals given by people whom the description names for no approval at all, neither as holder of a role
 * nor as deputy. Somebody who may give another approval is a `role-mismatch`.
 *
 * Who holds an approval's role must be named for the second. One finding per approval, from `minCases` cases
 * on.
 */
export const unmappedApprovalChain = defineDetector({
  id: "unmapped-approval-chain",
  category: "approvals",
  title: "Approvals that nobody mapped",
  question: "Which approvals and approvers stand in no description?",
  remedy: {
    text: "Take these approvers into the described chain, or take the right from them.",
    effort: "days",
    decides: "controller",
  },
  yieldsTo: ["self-approval"],
  options: { minCases: 2 },

  missing(evidence) {
    const needs = needsDescription(evidence);
    if (needs.length > 0) return needs;
    return evidence.isApproval.includes(1) ? [] : [{ kind: "approvals" }];
  },

  detect(evidence, { minCases }) {
    const { log, activityNames, isApproval, casesWith, caseOf } = evidence;
    const described = evidence.described!;
    const found: Observation[] = [];
    activityNames.forEach((name, a) => {
      if (!isApproval[a]) return;
      const s = described.stepOf[a];
      const unmapped = s < 0;
      const rows = unmapped
        ? Array.from(evidence.rowsOf(a))
        : Array.from(evidence.rowsOf(a)).filter((e) => isOutsideChain(described, e, log.person?.[e] ?? 0));
      const cases = caseSet(rows.map((e) => caseOf[e]));
      if (cases.length < minCases) return;
      const people = log.person ? [...new Set(rows.map((e) => log.person![e]))].filter((p) => p > 0) : [];
      found.push({
        subject: name,
        statement: unmapped
          ? `"${name}" is an approval that no description has; it was given in ${cases.length} of ${log.caseCount} cases.`
          : `In ${cases.length} of ${casesWith[a]} cases "${name}" was given by ${people.length === 1 ? "somebody" : `${people.length} people`} whom the description names for no approval.`,
        cases,
        outOf: unmapped ? log.caseCount : casesWith[a],
        people,
        cost: exposureOf(evidence, rows, "amounts approved outside the described chain"),
        facts: [["approvers outside the chain", String(people.length)]],
      });
    });
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});

/** Whether a row is by somebody who may approve nothing in this process. */
function isOutsideChain(described: Described, e: number, p: number): boolean {
  const standing = described.standing(e);
  return standing === "unnamed" || (standing === "other role" && p > 0 && !described.mayApprove(p));
}
