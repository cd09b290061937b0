import type { RecordRole } from "../eventlog/record-table.ts";
import type { Evidence } from "./evidence.ts";
import type { Need, RuleKind } from "./need.ts";

/** What a detector of individuals' work needs: a person column that tells people apart. */
export function needsIndividuals({ log, hasIndividuals }: Evidence): Need[] {
  if (!log.person) return [{ kind: "column", role: "person" }];
  return hasIndividuals ? [] : [{ kind: "individuals" }];
}

/** What a detector of approvals by individuals needs. */
export function needsApprovals(evidence: Evidence): Need[] {
  return [...needsIndividuals(evidence), ...needsApprovalNames(evidence)];
}

export function needsApprovalNames({ isApproval }: Evidence): Need[] {
  return isApproval.includes(1) ? [] : [{ kind: "approvals" }];
}

/** What a detector of times of day needs. */
export function needsTimesOfDay({ precision }: Evidence): Need[] {
  return precision === "day" ? [{ kind: "times of day" }] : [];
}

/** What a detector that compares every activity with every other needs: not thousands of them. */
export function needsFewActivities({ activityNames }: Evidence, most: number): Need[] {
  if (activityNames.length <= most) return [];
  return [{ kind: "few activities", most, has: activityNames.length }];
}

/** What a detector of described work needs. */
export function needsDescription({ described }: Evidence): Need[] {
  if (!described) return [{ kind: "description" }];
  return described.steps.some(({ activities }) => activities.length > 0) ? [] : [{ kind: "described steps" }];
}

/** What a detector of a kind of rule needs. */
export function needsRule({ described }: Evidence, kind: RuleKind): Need[] {
  return (described?.description.rules ?? []).some((rule) => kind in rule)
    ? []
    : [{ kind: "rule", rule: kind }];
}

/** What a detector of roles needs: people or roles in the log, and steps with a role. */
export function needsDescribedRoles(evidence: Evidence): Need[] {
  const needs = needsDescription(evidence);
  if (needs.length > 0) return needs;
  if (!evidence.log.person && !evidence.log.role) return [{ kind: "column", role: "person or role" }];
  return evidence.described!.steps.some(({ role }) => role !== undefined)
    ? []
    : [{ kind: "described roles" }];
}

/** What a detector of records needs: a table of some name with some columns. */
export function needsTable(
  evidence: Evidence,
  named: RegExp,
  name: string,
  roles: readonly RecordRole[] = [],
): Need[] {
  const tables = evidence.tables(named);
  if (tables.length === 0) return [{ kind: "table", name }];
  const lacking = roles.filter((role) => !tables.some((table) => table.roles.has(role)));
  return lacking.length === 0 ? [] : [{ kind: "table columns", table: name, columns: lacking }];
}
