import type { RecordRole } from "../eventlog/record-table.ts";
import type { Evidence } from "./evidence.ts";

/** What a detector of individuals' work needs: a person column that tells people apart. */
export function needsIndividuals({ log, hasIndividuals }: Evidence): string[] {
  if (!log.person) return ["a person column (--person)"];
  return hasIndividuals
    ? []
    : ["a person column that tells individuals apart (this one holds only a few group names)"];
}

/** What a detector of approvals by individuals needs. */
export function needsApprovals(evidence: Evidence): string[] {
  return [...needsIndividuals(evidence), ...needsApprovalNames(evidence)];
}

export function needsApprovalNames({ isApproval }: Evidence): string[] {
  return isApproval.includes(1)
    ? []
    : ["approval activities (none found by name; name them with --approvals)"];
}

/** What a detector of times of day needs. */
export function needsTimesOfDay({ precision }: Evidence): string[] {
  return precision === "day" ? ["times of day (the log holds dates only)"] : [];
}

/** What a detector that compares every activity with every other needs: not thousands of them. */
export function needsFewActivities({ activityNames }: Evidence, most: number): string[] {
  if (activityNames.length <= most) return [];
  return [
    `at most ${most} different activities (this log has ${activityNames.length}; is the right column taken as the activity?)`,
  ];
}

/** What a detector of described work needs. */
export function needsDescription({ described }: Evidence): string[] {
  if (!described) return ["a description of the process (--description)"];
  return described.steps.some(({ activities }) => activities.length > 0)
    ? []
    : ["a description whose steps occur in the log (none of their names do; add a mapping)"];
}

/** What a detector of a kind of rule needs. */
export function needsRule(evidence: Evidence, kind: string, example: string): string[] {
  if (!evidence.described) return [`a description with a rule like ${example} (--description)`];
  return (evidence.described.description.rules ?? []).some((rule) => kind in rule)
    ? []
    : [`a rule like ${example} in the description`];
}

/** What a detector of roles needs: people or roles in the log, and steps with a role. */
export function needsDescribedRoles(evidence: Evidence): string[] {
  const needs = needsDescription(evidence);
  if (needs.length > 0) return needs;
  if (!evidence.log.person && !evidence.log.role) return ["a person or role column (--person, --role)"];
  return evidence.described!.steps.some(({ role }) => role !== undefined)
    ? []
    : ["roles of the steps in the description"];
}

/** What a detector of records needs: a table of some name with some columns. */
export function needsTable(
  evidence: Evidence,
  name: RegExp,
  example: string,
  roles: readonly RecordRole[] = [],
): string[] {
  const tables = evidence.tables(name);
  if (tables.length === 0) return [`a table of ${example} (--records ${example}=F)`];
  const lacking = roles.filter((role) => !tables.some((table) => table.roles.has(role)));
  return lacking.length === 0
    ? []
    : [`${example} with ${lacking.length === 1 ? "a column" : "columns"} ${lacking.join(", ")}`];
}
