import { batching, rhythmOf } from "./batching.ts";
import { handlingMs } from "../eventlog/handling.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { needsApprovals, needsTimesOfDay } from "../evidence/needs.ts";
import { exposureOf } from "./price.ts";

/**
 * Finds approvals given faster than anybody can read: within seconds of the same person's decision on another
 * case, within `seconds` of the request's arrival, or with so little time between begin and end. Where the
 * log counts minutes, three decisions in one minute.
 *
 * Judged per person and approval; a few quick ones are normal, so their share of that person's decisions must
 * exceed `minShare`, by the 95 % interval. Needs people, approvals and times of day. One finding per
 * approval. One pass.
 */
export const rubberStamp = defineDetector({
  id: "rubber-stamp",
  category: "approvals",
  title: "Approvals are waved through",
  question: "Are approvals given faster than the request can be read?",
  remedy: {
    text: "Approve fewer and larger things, sample the rest; show the approver what is unusual.",
    effort: "weeks",
    decides: "controller",
  },
  options: { seconds: 60, gapSeconds: 20, minCases: 8, minShare: 0.2 },

  missing: (evidence) => [...needsApprovals(evidence), ...needsTimesOfDay(evidence)],

  detect(evidence, { seconds, gapSeconds, minCases, minShare }) {
    const { log, activityNames, isApproval, isAutomatic, caseOf } = evidence;
    const person = log.person!;
    const quick = quickRows(evidence, seconds * 1000, gapSeconds * 1000);
    const found: Observation[] = [];
    activityNames.forEach((name, a) => {
      if (!isApproval[a]) return;
      const rows = evidence.rowsOf(a);
      const all = new Map<number, number[]>();
      for (const e of rows) {
        if (person[e] === 0 || isAutomatic[person[e]]) continue;
        const list = all.get(person[e]);
        if (list) list.push(e);
        else all.set(person[e], [e]);
      }
      const stamped: number[] = [];
      const people: number[] = [];
      let decisions = 0;
      for (const [p, own] of all) {
        const fast = own.filter((e) => quick[e]);
        if (fast.length < minCases || wilsonLow(fast.length, own.length) < minShare) continue;
        // Somebody very busy decides some cases close together by chance.
        const byChance = 1 - Math.exp(-2 * gapSeconds * ratePerSecond(own, log.time));
        if (fast.length < own.length * Math.min(0.75, 2.5 * byChance)) continue;
        for (const e of fast) stamped.push(e);
        people.push(p);
        decisions += own.length;
      }
      if (people.length === 0) return;
      // Where several people all decide in runs, the approval itself is saved up: that is `batching`.
      if (people.length > 1 && stamped.length >= rows.length * 0.7 && rhythmOf(evidence, a, batching.options))
        return;
      const cases = caseSet(stamped.map((e) => caseOf[e]));
      const who = people.length === 1 ? evidence.describePerson(people[0]) : `${people.length} people`;
      found.push({
        subject: name,
        statement: `${stamped.length} of ${decisions} decisions on "${name}" by ${who} came ${evidence.precision === "minute" ? "within the same minute" : "within seconds"}: of the arrival, or of the decision before on another case.`,
        cases,
        outOf: new Set(Array.from(rows, (e) => caseOf[e])).size,
        people,
        cost: exposureOf(evidence, stamped, "amounts of the cases waved through"),
        facts: [["decisions by everybody", String(rows.length)]],
      });
    });
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});

/** Decisions a second in the hours in which there are any. */
function ratePerSecond(rows: number[], time: Float64Array): number {
  return rows.length / (3600 * new Set(rows.map((e) => Math.floor(time[e] / 3_600_000))).size);
}

/** 1 for approvals that were given too quickly to have been read. */
function quickRows(
  { log, byPerson, isApproval, precision, isAutomatic, caseOf }: Evidence,
  arrival: number,
  gap: number,
): Uint8Array {
  const { time, activity, caseStart } = log;
  const person = log.person!;
  const quick = new Uint8Array(time.length);
  const { start: from, rows } = byPerson!;
  for (let p = 1; p + 1 < from.length; p++) {
    if (isAutomatic[p]) continue;
    for (let i = from[p]; i < from[p + 1]; i++) {
      const e = rows[i];
      if (!isApproval[activity[e]]) continue;
      const isNear = (other: number | undefined) =>
        other !== undefined &&
        person[other] === p &&
        isApproval[activity[other]] === 1 &&
        caseOf[other] !== caseOf[e];
      const before = i > from[p] && isNear(rows[i - 1]) ? time[e] - time[rows[i - 1]] : Infinity;
      const after = i + 1 < from[p + 1] && isNear(rows[i + 1]) ? time[rows[i + 1]] - time[e] : Infinity;
      if (precision === "second") {
        if (Math.min(before, after) <= gap) quick[e] = 1;
        if (e > caseStart[caseOf[e]] && person[e - 1] !== p && time[e] - time[e - 1] <= arrival) quick[e] = 1;
        if (handlingMs(log, e) <= Math.min(gap, arrival)) quick[e] = 1;
      } else {
        // Minutes only: at least three decisions that share one minute or stand in two neighbouring ones.
        if (before + after <= 60_000) quick[e] = 1;
        else if (before === 0 || after === 0) {
          const two = before === 0 ? i - 2 : i + 2;
          if (
            two >= from[p] &&
            two < from[p + 1] &&
            isNear(rows[two]) &&
            Math.abs(time[rows[two]] - time[e]) <= 60_000
          )
            quick[e] = 1;
        }
        if (e > caseStart[caseOf[e]] && person[e - 1] !== p && time[e] - time[e - 1] < arrival) quick[e] = 1;
      }
    }
  }
  return quick;
}
