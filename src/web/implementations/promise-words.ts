import type { Inventory } from "./implementation.tsx";

/** What is measured week by week of the steps that a tool touches, and in which units a promise about it can be said. */
export const MEASURED = {
  hours: { words: "work an execution", units: ["%", "hours", "minutes"] },
  again: { words: "done again or put right", units: ["%", "points"] },
  wait: { words: "waited before it", units: ["%", "hours", "minutes"] },
} as const;
export type Measured = keyof typeof MEASURED;

/** A promise in one line: "Matching takes less time (work an execution): 20 % less". */
export const promiseWords = ({
  metric,
  measure,
  size,
  unit,
  direction,
}: Pick<Inventory["promises"][number], "metric" | "measure" | "size" | "unit" | "direction">): string =>
  `${metric}${measure ? ` (${MEASURED[measure].words})` : ""}: ${size === null ? "" : `${size} ${unit ?? ""} `}${direction}`;
