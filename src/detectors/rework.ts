import { wilsonLow } from "../statistics/intervals.ts";
import { caseSet, countShared, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { pingPongRows } from "./ping-pong.ts";
import { labourOf } from "./price.ts";

/**
 * Finds work that comes back: an activity done again later in the case with other work in between. A A is a
 * self-loop and does not count; A B A A counts once, at its third row. Stretches of ping-pong belong to
 * `ping-pong`, activities that make up for something to `compensating-work`.
 *
 * An activity that comes back in most cases is meant to (weekly checks, partial deliveries): above `maxShare`
 * it is the design, not an anomaly; where the description lets a step repeat, up to `maxMeant` is. Activities
 * that come back together in the same cases are one loop and one finding, named after the one that comes back
 * most.
 *
 * Returns loops that came back in more than `minShare` of the cases with the activity, by the 95 % interval,
 * and in 1 % of all cases, most cases first. Source: Swennen (2018), PhD thesis, Hasselt University,
 * number_of_repetitions. One pass.
 */
export const rework = defineDetector({
  id: "rework",
  category: "data and reporting",
  title: "Work is done again",
  question: "What has to be done again later in the same case?",
  remedy: {
    text: "Look at the first ten that came back, and check there for what sent them.",
    effort: "weeks",
    decides: "process owner",
  },
  yieldsTo: ["compensating-work", "ping-pong", "pressure-break"],
  options: { minCases: 10, minShare: 0.05, maxShare: 0.85, maxMeant: 0.2 },

  missing: () => [],

  detect(evidence, { minCases, minShare, maxShare, maxMeant }) {
    const { log, activityNames, casesWith, isCompensating, isAdHoc, described } = evidence;
    const { caseCount, caseStart, activity } = log;
    const bounced = pingPongRows(evidence);
    const rows: number[][] = activityNames.map(() => []);
    const lastRow = new Int32Array(activityNames.length).fill(-1);
    for (let c = 0; c < caseCount; c++) {
      const first = caseStart[c];
      for (let e = first; e < caseStart[c + 1]; e++) {
        const a = activity[e];
        const previous = lastRow[a];
        if (
          previous >= first &&
          previous < e - 1 &&
          !bounced.has(e) &&
          !onlyCompensation(evidence, previous, e)
        )
          rows[a].push(e);
        lastRow[a] = e;
      }
    }

    const candidates: { a: number; cases: Uint32Array }[] = [];
    for (let a = 0; a < activityNames.length; a++) {
      if (isCompensating[a] || isAdHoc[a] || rows[a].length < minCases) continue;
      const s = described?.stepOf[a] ?? -1;
      const isMeant = s >= 0 && described!.order.repeatable.has(described!.steps[s].name);
      const cases = caseSet(rows[a].map((e) => evidence.caseOf[e]));
      const enough =
        cases.length >= Math.max(minCases, caseCount * 0.01) &&
        wilsonLow(cases.length, casesWith[a]) > (isMeant ? maxMeant : minShare);
      if (enough && cases.length <= casesWith[a] * maxShare) candidates.push({ a, cases });
    }
    candidates.sort((x, y) => y.cases.length - x.cases.length || x.a - y.a);

    // Steps that come back in the same cases are one loop.
    const loops: { members: number[]; cases: Uint32Array }[] = [];
    for (const { a, cases } of candidates) {
      const loop = loops.find(
        (l) => countShared(cases, l.cases) >= 0.5 * Math.min(cases.length, l.cases.length),
      );
      if (loop) loop.members.push(a);
      else loops.push({ members: [a], cases });
    }
    return loops.map(({ members, cases }): Observation => {
      const [a, ...others] = members;
      const all = members.flatMap((m) => rows[m]);
      const own = (m: number) => new Set(rows[m].map((e) => evidence.caseOf[e])).size;
      const together =
        others.length > 0
          ? `; with it come back ${others.map((m) => `"${activityNames[m]}" (${own(m)})`).join(", ")}`
          : "";
      return {
        subject: activityNames[a],
        statement: `"${activityNames[a]}" is done again later in ${cases.length} of ${casesWith[a]} cases${together}.`,
        cases,
        outOf: casesWith[a],
        people: [],
        cost: labourOf(evidence, new Set(all)),
        facts: [
          ["repetitions", String(rows[a].length)],
          ...others.map((m): [string, string] => ["comes back with it", activityNames[m]]),
        ],
      };
    });
  },
});

/**
 * Whether everything between two rows of a case is compensating work: then the repetition is part of that
 * finding.
 */
function onlyCompensation({ log, isCompensating }: Evidence, from: number, to: number): boolean {
  for (let e = from + 1; e < to; e++) if (!isCompensating[log.activity[e]]) return false;
  return true;
}
