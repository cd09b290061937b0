import { executions as countExecutions } from "../../discovery/executions.ts";
import { mergeCounts, noCounts, type Counts, type Summary } from "./summary.ts";

export type ExecutionSummary = Counts<"person" | "role" | "activity", "count">;

/**
 * How often did each person do each activity, under which role? Nobody, and no role, have the empty name.
 * Only what occurs, in the order first met.
 */
export const executions: Summary<ExecutionSummary> = {
  id: "executions",
  of(log, cases) {
    const { count, ...codes } = countExecutions(log, cases);
    return {
      names: { person: log.people, role: log.roles, activity: log.activities },
      codes,
      counts: { count },
    };
  },
  merge: mergeCounts,
  empty: noCounts(["person", "role", "activity"], ["count"]),
};
