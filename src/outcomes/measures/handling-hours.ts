import { handlingMs } from "../../eventlog/handling.ts";
import { defineMeasure } from "./measure.ts";

/**
 * How long does one execution take? Working hours from begin to end: work that lies over a night or a weekend
 * is not worked on then.
 */
export const handlingHours = defineMeasure({
  id: "hours",
  words: "work per execution",
  unit: "h",
  better: "less",
  promisedIn: ["%", "hours", "minutes"],
  settlesMs: 0,
  needs: "when each step begins",
  reader: ({ log, calendar }) =>
    log.start && ((row) => (handlingMs(log, row, calendar) || handlingMs(log, row) || 0) / 3_600_000),
});
