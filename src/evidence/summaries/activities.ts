import { activityCounts } from "../../discovery/activity-counts.ts";
import { mergeCounts, noCounts, type Counts, type Summary } from "./summary.ts";

export type ActivitySummary = Counts<"activity", "rows" | "cases" | "starts" | "ends">;

/**
 * How often does each activity occur, in how many cases, and how many begin and end with it? Entry a is
 * activity a of the log.
 */
export const activities: Summary<ActivitySummary> = {
  id: "activities",
  of: (log, cases) => ({
    names: { activity: log.activities },
    codes: { activity: Uint32Array.from({ length: log.activities.length }, (_, a) => a) },
    counts: { ...activityCounts(log, cases) },
  }),
  merge: mergeCounts,
  empty: noCounts(["activity"], ["rows", "cases", "starts", "ends"]),
};
