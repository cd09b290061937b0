import { nameAt } from "../eventlog/strings.ts";
import { median, quantile } from "../statistics/quantile.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { isExternalName, isRejectionName } from "../evidence/activity-names.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Need } from "../evidence/need.ts";
import { needsTimesOfDay } from "../evidence/needs.ts";
import { delayOf } from "./price.ts";

const HOUR = 3_600_000;

/**
 * Finds hand-overs after which work lies still for days: another person (or role) takes over, and the working
 * time from the end of the step before to the begin of theirs is long, compared with other hand-overs of the
 * same process.
 *
 * A wait is long above `minDays` working days and above `factor` times the usual hand-over (the median over
 * activities of their median wait). A finding when long waits are more than `minShare` of the hand-overs to
 * an activity, by the 95 % interval; or when they are for one value of a case attribute and rare elsewhere.
 * Steps that wait for somebody outside by their name (goods received, customer's answer, payment), refusals
 * and what a clock sets off are left out: nobody here holds that work.
 *
 * Needs people or roles, and times of day. One pass, and one per case attribute.
 */
export const handoffWait = defineDetector({
  id: "handoff-wait",
  category: "handoffs",
  title: "Work lies still when it changes hands",
  question: "Where does work wait after it is handed on?",
  remedy: {
    text: "Give the hand-over a named receiver and a time by which it is taken up.",
    effort: "weeks",
    decides: "heads of both teams",
  },
  yieldsTo: ["batching", "absence-stall", "unowned-wait", "late-billing", "late-logging"],
  options: { minCases: 20, minDays: 2.5, factor: 3, minShare: 0.3 },

  missing: (evidence): Need[] => [
    ...(evidence.log.person || evidence.log.role
      ? []
      : [{ kind: "column" as const, role: "person or role" as const }]),
    ...needsTimesOfDay(evidence),
  ],

  detect(evidence, { minCases, minDays, factor, minShare }) {
    const { activityNames, wait, calendar } = evidence;
    const handovers = handoversTo(evidence);
    const medians = handovers
      .filter((rows) => rows.length >= minCases)
      .map((rows) => median(rows.map((e) => wait[e]))!);
    const usual = median(medians) ?? 0;
    const day = calendar.hoursPerDay * HOUR;
    const limit = Math.max(minDays * day, factor * usual);
    const found: Observation[] = [];

    handovers.forEach((rows, a) => {
      if (
        rows.length < minCases ||
        isExternalName(activityNames[a]) ||
        isRejectionName(activityNames[a]) ||
        evidence.isTimed[a]
      )
        return;
      const long = rows.filter((e) => wait[e] > limit);
      // Cases that all close a set time after the work are closed by a rule, not left lying.
      if (long.length > rows.length * 0.98 && /^\W*(auto[\s-]*)?closed?\W*$/i.test(activityNames[a])) return;
      let part = rows;
      let where = "";
      if (wilsonLow(long.length, rows.length) < minShare) {
        const value = valueThatWaits(evidence, rows, limit, minCases);
        if (!value) return;
        [part, where] = [value.rows, ` where ${value.column} is "${value.value}"`];
      }
      const slow = part.filter((e) => wait[e] > limit);
      const middle = median(slow.map((e) => wait[e]))!;
      found.push({
        subject: activityNames[a],
        statement: `Before "${activityNames[a]}"${where}, ${slow.length} of ${part.length} hand-overs wait more than ${(limit / day).toFixed(1)} working days (median ${(middle / day).toFixed(1)}); the usual hand-over takes ${(usual / HOUR).toFixed(1)} working hours.`,
        cases: caseSet(slow.map((e) => evidence.caseOf[e])),
        outOf: new Set(part.map((e) => evidence.caseOf[e])).size,
        people: [],
        cost: delayOf(
          slow.map((e) => [e, (wait[e] - usual) / HOUR] as const),
          `the usual hand-over of ${(usual / HOUR).toFixed(1)} h`,
        ),
        facts: [
          ["median wait", `${((median(part.map((e) => wait[e])) ?? 0) / HOUR).toFixed(1)} working hours`],
          [
            "90th percentile",
            `${(
              (quantile(
                part.map((e) => wait[e]),
                0.9,
              ) ?? 0) / HOUR
            ).toFixed(1)} working hours`,
          ],
        ],
      });
    });
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});

/** For each activity the rows that somebody else did than the row before in the case, another activity. */
function handoversTo({ log, activityNames, isAutomatic }: Evidence): number[][] {
  const { caseCount, caseStart, activity } = log;
  const side = log.person ?? log.role!;
  const rows: number[][] = activityNames.map(() => []);
  for (let c = 0; c < caseCount; c++) {
    for (let e = caseStart[c] + 1; e < caseStart[c + 1]; e++) {
      if (side[e] === 0 || side[e - 1] === 0 || side[e] === side[e - 1] || activity[e] === activity[e - 1])
        continue;
      if (log.person && isAutomatic[log.person[e]]) continue; // a program keeps nobody waiting
      rows[activity[e]].push(e);
    }
  }
  return rows;
}

/**
 * A value of a case attribute for which most hand-overs are long, while they are rare for the others
 * together.
 */
function valueThatWaits(evidence: Evidence, rows: number[], limit: number, minCases: number) {
  const { wait, caseOf, caseKinds } = evidence;
  for (const column of caseKinds) {
    const values = evidence.valueOfCases(column);
    const total = new Float64Array(column.values.length);
    const long = new Float64Array(column.values.length);
    for (const e of rows) {
      total[values[caseOf[e]]]++;
      if (wait[e] > limit) long[values[caseOf[e]]]++;
    }
    const allLong = long.reduce((a, b) => a + b, 0);
    for (let v = 1; v < total.length; v++) {
      const others = rows.length - total[v];
      const othersLong = allLong - long[v];
      if (total[v] < minCases || others < minCases) continue;
      if (wilsonLow(long[v], total[v]) < 0.4 || othersLong / others > 0.12) continue;
      return {
        column: column.name,
        value: nameAt(column.values, v),
        rows: rows.filter((e) => values[caseOf[e]] === v),
      };
    }
  }
  return undefined;
}
