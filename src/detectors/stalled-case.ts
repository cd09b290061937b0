import { quantile } from "../statistics/quantile.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import { exposureOf } from "./price.ts";

/**
 * Finds cases that stopped on the way and that nobody has touched for much longer than such cases usually
 * rest. "Now" is the log's last time stamp. A case is on its way when its last activity is not one that ends
 * cases.
 *
 * It stands still when it has rested longer than `factor` times the 99th percentile of the rests between
 * events of all cases that went on, and longer than `minDays` calendar days. One finding per last activity,
 * or, where no activity stands out, one for the whole process. Returns [] when the log shows no way for cases
 * to end. Two passes.
 */
export const stalledCase = defineDetector({
  id: "stalled-case",
  category: "handoffs",
  title: "Cases stand still",
  question: "Which cases were begun and then left?",
  remedy: {
    text: "Go through the cases that stand still; then list them weekly with an owner.",
    effort: "days",
    decides: "process owner",
  },
  yieldsToSameCases: ["unbilled-work"],
  options: { minCases: 5, minShare: 0.01, minDays: 14, factor: 1.5 },

  missing: () => [],

  detect(evidence, { minCases, minShare, minDays, factor }) {
    const { log, isClosed, activityNames, range, casesWith } = evidence;
    const { caseCount, caseStart, time, activity } = log;
    const closed = isClosed.reduce((sum, flag) => sum + flag, 0);
    if (closed < caseCount * 0.5) return []; // no visible end: every case would seem left

    const rests: number[][] = activityNames.map(() => []);
    for (let c = 0; c < caseCount; c++) {
      for (let e = caseStart[c] + 1; e < caseStart[c + 1]; e++)
        rests[activity[e - 1]].push(time[e] - time[e - 1]);
    }
    let overall: number | undefined; // needed only where an activity has too few rests of its own
    const limits = rests.map((list) => {
      const own =
        list.length >= 30 ? quantile(list, 0.99)! : (overall ??= quantile(rests.flat(), 0.99) ?? Infinity);
      return Math.max(minDays * 86_400_000, factor * own);
    });

    const left: number[][] = activityNames.map(() => []);
    let total = 0;
    for (let c = 0; c < caseCount; c++) {
      const last = caseStart[c + 1] - 1;
      if (!isClosed[c] && range.to - time[last] > limits[activity[last]]) {
        left[activity[last]].push(c);
        total++;
      }
    }
    const found: Observation[] = [];
    let spread: number[] = [];
    left.forEach((cases, a) => {
      const enough = cases.length >= minCases && wilsonLow(cases.length, casesWith[a]) > minShare;
      const standsOut = cases.length >= total * 0.25;
      if (enough && standsOut)
        found.push(observe(activityNames[a], cases, casesWith[a], `after "${activityNames[a]}"`));
      else spread = spread.concat(cases);
    });
    const rest = caseSet(spread);
    if (rest.length >= minCases && wilsonLow(rest.length, caseCount) > minShare) {
      found.push(observe("whole process", [...rest], caseCount, "at different steps"));
    }
    return found.sort((f, g) => g.cases.length - f.cases.length);

    function observe(subject: string, cases: number[], outOf: number, where: string): Observation {
      const rows = cases.map((c) => caseStart[c + 1] - 1);
      const days = quantile(
        rows.map((e) => (range.to - time[e]) / 86_400_000),
        0.5,
      )!;
      return {
        subject,
        statement: `${cases.length} of ${outOf} cases stopped ${where} and have not moved since, for a median of ${days.toFixed(0)} days.`,
        cases: caseSet(cases),
        outOf,
        people: [],
        cost: exposureOf(evidence, rows, "amounts of the cases that stand still"),
        facts: [["untouched for (median)", `${days.toFixed(0)} days at the log's end`]],
      };
    }
  },
});
