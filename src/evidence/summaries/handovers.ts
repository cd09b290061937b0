import { handovers as countHandovers } from "../../discovery/handovers.ts";
import { mergeCounts, noCounts, type Counts, type Summary } from "./summary.ts";

export type HandoverSummary = Counts<"from" | "fromRole" | "to" | "toRole", "count">;

/**
 * How often does work go from one person to the next, under which roles? What nobody did is left out first;
 * work that stays is counted too. Only what occurs, in the order first met.
 */
export const handovers: Summary<HandoverSummary> = {
  id: "handovers",
  of(log, cases) {
    const { count, ...codes } = countHandovers(log, cases);
    return {
      names: { from: log.people, fromRole: log.roles, to: log.people, toRole: log.roles },
      codes,
      counts: { count },
    };
  },
  merge: mergeCounts,
  empty: noCounts(["from", "fromRole", "to", "toRole"], ["count"]),
};
