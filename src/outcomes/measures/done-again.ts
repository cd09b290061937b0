import { defineMeasure } from "./measure.ts";

/**
 * What is done again later than this is not looked for, so that the last weeks are not better than the first
 * because less time has passed.
 */
const WITHIN_MS = 4 * 604_800_000;

/**
 * How often does the same activity come again in the case, with other work between, or is something put
 * right, within four weeks? 1 where it does, else 0. Straight after itself it is one piece of work. Reads
 * what follows an execution within four weeks.
 */
export const doneAgain = defineMeasure({
  id: "again",
  words: "done again or put right",
  unit: "share",
  better: "less",
  promisedIn: ["%", "points"],
  settlesMs: WITHIN_MS,
  needs: null,
  reader({ log: { time, activity, caseStart }, isCompensating }) {
    return (row, c) => {
      for (let e = row + 1; e < caseStart[c + 1] && time[e] - time[row] <= WITHIN_MS; e++)
        if (isCompensating[activity[e]] === 1 || (e > row + 1 && activity[e] === activity[row])) return 1;
      return 0;
    };
  },
});
