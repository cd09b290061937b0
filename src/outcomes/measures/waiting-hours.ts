import { defineMeasure } from "./measure.ts";

/**
 * How long did an execution wait? Hours from the event before it in the case to its begin (its end where
 * begins are not recorded); the first event of a case says nothing.
 */
export const waitingHours = defineMeasure({
  id: "wait",
  words: "wait before it",
  unit: "h",
  better: "less",
  promisedIn: ["%", "hours", "minutes"],
  settlesMs: 0,
  needs: null,
  reader({ log: { time, start, caseStart } }) {
    const begin = start ?? time;
    return (row, c) => (row > caseStart[c] ? Math.max(0, begin[row] - time[row - 1]) / 3_600_000 : NaN);
  },
});
