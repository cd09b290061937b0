import { edgeCounts } from "../../discovery/edge-statistics.ts";
import { mergeCounts, noCounts, type Counts, type Summary } from "./summary.ts";

export type FollowsSummary = Counts<"from" | "to", "count" | "cases">;

/**
 * How often does each activity come directly after each other, and in how many cases? Only pairs that occur,
 * in the order first met.
 */
export const follows: Summary<FollowsSummary> = {
  id: "follows",
  of(log, selected) {
    const { from, to, count, cases } = edgeCounts(log, selected);
    return {
      names: { from: log.activities, to: log.activities },
      codes: { from, to },
      counts: { count: Float64Array.from(count), cases: Float64Array.from(cases) },
    };
  },
  merge: mergeCounts,
  empty: noCounts(["from", "to"], ["count", "cases"]),
};
