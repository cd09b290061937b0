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
