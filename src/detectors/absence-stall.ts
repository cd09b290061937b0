import { rowsByTime } from "../eventlog/time-order.ts";
import { quantile } from "../statistics/quantile.ts";
import { firstFrom } from "../statistics/sorted.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { absencesOf } from "../evidence/absences.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { needsIndividuals, needsTimesOfDay } from "../evidence/needs.ts";
import { pingPongRows } from "./ping-pong.ts";
import { delayOf } from "./price.ts";

const HOUR = 3_600_000;

/**
 * Finds steps at which cases wait for one person to come back. An absence is a stretch of `minAbsence`
 * working days or more without any event of a person who otherwise works most days. A case stalls when it
 * reached the step during the absence, was done by that person after it, and waited longer than 9 in 10 other
 * executions and more than `minDays` working days.
 *
 * It must have been held for that person: somebody else did the step in the meantime. What others take over
 * is cover working as it should: the share of stalled cases among all that reached the step during the
 * person's absences must exceed `minShare`, by the 95 % interval, in at least two absences or ten cases.
 *
 * Needs people and times of day. Cost: one pass over each person's events and each activity's executions.
 */
export const absenceStall = defineDetector({
  id: "absence-stall",
  category: "handoffs",
  title: "Cases wait until one person is back",
  question: "What happens to the work of someone who is away?",
  remedy: {
    text: "Name a deputy with rights in the system, and route to them by calendar.",
    effort: "days",
    decides: "team lead",
  },
  yieldsTo: ["rubber-stamp", "single-approver", "key-person"],
  // a person who clears a pile once a week also lets it lie while away: one habit
  yieldsToSamePerson: true,
  options: { minCases: 4, minAbsence: 4, minDays: 1.5, minShare: 0.2 },

  missing: (evidence) => [...needsIndividuals(evidence), ...needsTimesOfDay(evidence)],

  detect(evidence, { minCases, minAbsence, minDays, minShare }) {
    const { log, activityNames, calendar, wait, caseOf, isAutomatic } = evidence;
    const { time, caseStart } = log;
    const person = log.person!;
    const absences = absencesOf(evidence, minAbsence);
    const day = calendar.hoursPerDay * HOUR;
    const bounced = pingPongRows(evidence);
    const found: Observation[] = [];

    activityNames.forEach((name, a) => {
      const rows = evidence.rowsOf(a);
      if (rows.length < 20) return;
      // Work that bounces comes back to the same person by itself.
      const arrived = rows.filter((e) => e > caseStart[caseOf[e]] && !bounced.has(e));
      const own = new Map<number, number[]>();
      for (const e of arrived) {
        const list = own.get(person[e]);
        if (list) list.push(e);
        else own.set(person[e], [e]);
      }
      const candidates = [...own].filter(
        ([p, rowsOfP]) =>
          p !== 0 &&
          !isAutomatic[p] &&
          absences.has(p) &&
          rowsOfP.length >= Math.max(10, arrived.length * 0.1),
      );
      if (candidates.length === 0) return;
      const middle =
        quantile(
          Array.from(arrived, (e) => wait[e]),
          0.5,
        ) ?? 0;
      const readyAt = Float64Array.from(arrived, (e) => time[e - 1]);
      const byReady = rowsByTime(readyAt).map((i) => arrived[i]);
      const ready = readyAt.sort();
      // Held for this person, not just waiting for anybody: in the meantime somebody else did the step, or
      // even (passed over) did a case that came later.
      const takenMeanwhile = (e: number, p: number, later: boolean) => {
        const byAnother = (f: number) =>
          person[f] !== p && person[f] !== 0 && time[f] > time[e - 1] && time[f] < time[e];
        const from = firstFrom(ready, time[e - 1]);
        for (let i = from; i < byReady.length && ready[i] < time[e]; i++)
          if (byAnother(byReady[i])) return true;
        if (later) return false;
        for (let i = from - 1; i >= 0 && ready[i] > time[e - 1] - 20 * day; i--)
          if (byAnother(byReady[i])) return true;
        return false;
      };
      const stalled: number[] = [];
      const people: number[] = [];
      let reached = 0;
      let stretches = 0;
      for (const [p] of candidates) {
        const away = absences.get(p) ?? [];
        const mine: number[] = [];
        // What is long for this person, who may decide once a week: their waits outside absences.
        const own90 = quantile(ownWaits(evidence, own.get(p)!, away), 0.9) ?? Infinity;
        const limit = Math.max(minDays * day, Math.min(1.2 * own90, Math.max(own90, 4 * middle)));
        let during = 0;
        let passedOver = 0;
        let hit = 0;
        for (const { from, to } of away) {
          let some = false;
          for (let i = firstFrom(ready, from); i < byReady.length && ready[i] < to; i++) {
            const e = byReady[i];
            if (calendar.workingMs(ready[i], to) < day) continue; // reached it on the eve of the return
            during++;
            if (person[e] === p && time[e] >= to && wait[e] > limit && takenMeanwhile(e, p, false)) {
              mine.push(e);
              if (takenMeanwhile(e, p, true)) passedOver++;
              some = true;
            }
          }
          if (some) hit++;
        }
        if (
          mine.length < minCases ||
          (hit < 2 && mine.length < 10) ||
          wilsonLow(mine.length, during) < minShare
        )
          continue;
        for (const e of mine) stalled.push(e);
        people.push(p);
        reached += during;
        stretches += hit;
      }
      if (stalled.length === 0) return;
      const cases = caseSet(stalled.map((e) => caseOf[e]));
      found.push({
        subject: name,
        statement: `During ${stretches} absences, ${cases.length} of ${reached} cases that reached "${name}" waited until ${evidence.describePerson(people[0])} came back, instead of being taken over.`,
        cases,
        outOf: Math.max(cases.length, reached),
        people,
        cost: delayOf(
          stalled.map((e) => [e, (wait[e] - middle) / HOUR] as const),
          `the usual wait of ${(middle / HOUR).toFixed(1)} h`,
        ),
        facts: [["absences with stalled cases", String(stretches)]],
      });
    });
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});

function ownWaits({ log, wait }: Evidence, rows: number[], away: { from: number; to: number }[]): number[] {
  const isAway = (ready: number) => away.some(({ from, to }) => ready >= from && ready < to);
  return rows.filter((e) => !isAway(log.time[e - 1])).map((e) => wait[e]);
}
