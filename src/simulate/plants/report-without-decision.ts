import type { Random } from "../../statistics/random.ts";

/** Reports are made that serve no decision, or that nobody has used for more than a year. */
export const reportWithoutDecision = {
  detector: "report-without-decision",
  /** One to three of the reports. */
  choose: (random: Random, names: readonly string[]): string[] =>
    random.shuffle([...names]).slice(0, 1 + random.below(3)),
};
