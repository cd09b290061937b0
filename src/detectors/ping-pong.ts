import type { Codes, EventLog } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { labourOf } from "./price.ts";

/**
 * Finds work passed back and forth between the same two people, or two groups, at least twice without
 * interruption: A B A B A. What one side does in a row counts as one turn. Since work that simply moves on
 * may change between two people as often, an activity must come again within the stretch on each side that
 * has it back: the same work, not the next.
 *
 * Needs people or roles. Returns one finding per activity that comes back most in a stretch, in more than
 * `minShare` of the cases with it, by the 95 % interval. Rows charged are those behind the first turn of each
 * side. One pass.
 */
export const pingPong = defineDetector({
  id: "ping-pong",
  category: "handoffs",
  title: "Work bounces between the same two",
  question: "Is work passed back and forth between the same two people or groups?",
  remedy: {
    text: "Settle with both sides what must be there before the work changes hands.",
    effort: "weeks",
    decides: "heads of both teams",
  },
  options: { minCases: 5, minShare: 0.01 },

  missing: ({ log }) => (log.person || log.role ? [] : [{ kind: "column", role: "person or role" }]),

  detect(evidence, { minCases, minShare }) {
    const { log, activityNames, casesWith } = evidence;
    const bySubject = new Map<number, Stretch[]>();
    for (const stretch of stretchesOf(evidence)) {
      const list = bySubject.get(stretch.subject);
      if (list) list.push(stretch);
      else bySubject.set(stretch.subject, [stretch]);
    }
    const found: Observation[] = [];
    for (const [a, stretches] of bySubject) {
      const cases = caseSet(stretches.map(({ c }) => c));
      if (cases.length < minCases || wilsonLow(cases.length, casesWith[a]) < minShare) continue;
      const turns = stretches.reduce((sum, s) => sum + s.turns, 0) / stretches.length;
      const pairs = mostFrequentPairs(log, stretches);
      const rows = stretches.flatMap((s) => s.rows);
      found.push({
        subject: activityNames[a],
        statement: `In ${cases.length} of ${casesWith[a]} cases with "${activityNames[a]}" the work bounces between the same two, ${turns.toFixed(1)} turns on average.`,
        cases,
        outOf: casesWith[a],
        people: log.person ? [...new Set(rows.map((e) => log.person![e]))].filter((p) => p > 0) : [],
        cost: labourOf(evidence, new Set(rows)),
        facts: pairs,
      });
    }
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});

interface Stretch {
  c: number;
  /** the activity that comes back most */
  subject: number;
  turns: number;
  /** rows behind the first turn of each side */
  rows: number[];
}

/** Rows of the stretches of ping-pong that make a finding, so that other detectors leave them to this one. */
export function pingPongRows(evidence: Evidence): Set<number> {
  const reported = new Set(pingPong.detect(evidence, pingPong.options).map(({ subject }) => subject));
  const stretches = stretchesOf(evidence).filter(({ subject }) =>
    reported.has(evidence.activityNames[subject]),
  );
  return new Set(stretches.flatMap(({ rows }) => rows));
}

const found = new WeakMap<Evidence, Stretch[]>();

function stretchesOf(evidence: Evidence): Stretch[] {
  let stretches = found.get(evidence);
  if (!stretches) found.set(evidence, (stretches = findStretches(evidence)));
  return stretches;
}

function findStretches({ log, hasIndividuals, caseOf }: Evidence): Stretch[] {
  const byPerson = log.person && hasIndividuals ? inColumn(log, log.person) : [];
  const inPerson = new Set(byPerson.map(({ c }) => c));
  const byRole = log.role ? inColumn(log, log.role).filter(({ c }) => !inPerson.has(c)) : [];
  return [...byPerson, ...byRole].sort((s, t) => caseOf[s.rows[0]] - caseOf[t.rows[0]]);
}

function inColumn(log: EventLog, side: Codes): Stretch[] {
  const { caseCount, caseStart } = log;
  const stretches: Stretch[] = [];
  for (let c = 0; c < caseCount; c++) {
    const end = caseStart[c + 1];
    if (end - caseStart[c] < 5) continue;
    // turn k begins at turns[k]; nobody's events end a stretch
    let turns: number[] = [];
    const flush = (to: number) => {
      const stretch = turns.length >= 5 ? asStretch(log, c, turns, to) : undefined;
      if (stretch) stretches.push(stretch);
    };
    for (let e = caseStart[c]; e < end; e++) {
      const who = side[e];
      if (turns.length > 0 && who === side[e - 1] && who !== 0) continue;
      const fits = who !== 0 && (turns.length < 2 || who === side[turns[turns.length - 2]]);
      if (fits) turns.push(e);
      else {
        flush(e);
        turns = who === 0 ? [] : turns.length > 0 && side[e - 1] !== 0 ? [turns.at(-1)!, e] : [e];
      }
    }
    flush(end);
  }
  return stretches;
}

/**
 * The stretch from the turn at which the work first comes back, if it does so at least twice on top of the
 * first exchange.
 */
function asStretch({ activity }: EventLog, c: number, turns: number[], to: number): Stretch | undefined {
  const count = new Map<number, number>();
  const back: number[] = []; // turns whose side does an activity again that it did in its turn before
  for (let k = 0; k < turns.length; k++) {
    const end = turns[k + 1] ?? to;
    const before = new Set<number>();
    if (k >= 2) for (let e = turns[k - 2]; e < turns[k - 1]; e++) before.add(activity[e]);
    let again = false;
    for (let e = turns[k]; e < end; e++) {
      if (before.has(activity[e])) {
        again = true;
        count.set(activity[e], (count.get(activity[e]) ?? 0) + 1);
      }
    }
    if (again) back.push(k);
  }
  if (back.length < 2) return undefined;
  const first = turns[Math.max(2, back[0])];
  const last = turns[back.at(-1)! + 1] ?? to;
  const rows: number[] = [];
  for (let e = first; e < last; e++) rows.push(e);
  const subject = [...count].sort((x, y) => y[1] - x[1] || x[0] - y[0])[0][0];
  return { c, subject, turns: back.at(-1)! - Math.max(0, back[0] - 2) + 1, rows };
}

function mostFrequentPairs(log: EventLog, stretches: Stretch[]): [string, string][] {
  const count = new Map<string, number>();
  for (const { rows } of stretches) {
    if (!log.role) break;
    const roles = [...new Set(rows.map((e) => nameAt(log.roles, log.role![e])))]
      .filter((r) => r !== "")
      .sort();
    const pair = roles.slice(0, 2).join(" and ");
    if (roles.length >= 2) count.set(pair, (count.get(pair) ?? 0) + 1);
  }
  return [...count]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([pair, n]) => ["between", `${pair} (${n} cases)`]);
}
