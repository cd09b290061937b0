import { nameAt } from "../eventlog/strings.ts";
import { wilson } from "../statistics/intervals.ts";
import { Random } from "../statistics/random.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { needsIndividuals } from "../evidence/needs.ts";

/**
 * Finds steps that nobody owns for long: done by people of three or more groups without one that mostly does
 * it, or passed from owner to owner as time goes by.
 *
 * Groups are the recorded roles, else people who do the same other activities (cosine of at least 0.5 between
 * how often they do each). Without an owner: at least three groups with `minGroupShare` each, and the largest
 * below `maxTop` by its 95 % interval. From owner to owner: in stretches of at least 12 executions one person
 * does most, at least 0.15 more than in 20 random orders of the same executions, while overall nobody does;
 * at least three changes between at least three people.
 *
 * Needs people. One finding per activity. Cost: one pass, and 20 shuffles per activity.
 */
export const shiftingOwnership = defineDetector({
  id: "shifting-ownership",
  category: "ownership",
  title: "A step has no lasting owner",
  question: "Which steps are done by whoever happens to take them?",
  remedy: { text: "Give the step one owner role, with a deputy.", effort: "days", decides: "process owner" },
  options: { minRows: 40, minGroupShare: 0.08, maxTop: 0.75 },

  missing: needsIndividuals,

  detect(evidence, { minRows, minGroupShare, maxTop }) {
    const { log, activityNames, isAutomatic, caseOf } = evidence;
    const person = log.person!;
    const found: Observation[] = [];
    const byRole = rolesDivideWork(evidence, maxTop);
    const groupings = byRole ? undefined : new SimilarPeople(evidence);
    activityNames.forEach((name, a) => {
      const rows = evidence.rowsOf(a).filter((e) => person[e] !== 0 && !isAutomatic[person[e]]);
      if (rows.length < minRows || evidence.isAdHoc[a]) return;
      const groups = groupings?.groupsFor(a);
      const groupOf = (e: number) => (groups ? groups[person[e]] : log.role![e]);
      const count = new Map<number, number>();
      for (const e of rows) if (groupOf(e) !== 0) count.set(groupOf(e), (count.get(groupOf(e)) ?? 0) + 1);
      const sizes = [...count].sort((x, y) => y[1] - x[1]);
      const known = sizes.reduce((sum, [, n]) => sum + n, 0);
      const large = sizes.filter(([, n]) => n >= known * minGroupShare);
      const base = () => ({
        subject: name,
        cases: caseSet(Array.from(rows, (e) => caseOf[e])),
        outOf: evidence.casesWith[a],
        people: topPeople(person, rows),
      });
      if (known > 0 && large.length >= 3 && (wilson(sizes[0][1], known)?.[1] ?? 1) < maxTop) {
        const owners = new Set(large.slice(0, 1).map(([g]) => g));
        found.push({
          ...base(),
          cases: caseSet(
            Array.from(rows)
              .filter((e) => !owners.has(groupOf(e)))
              .map((e) => caseOf[e]),
          ),
          statement: `"${name}" is done by ${large.length} different ${byRole ? "roles" : "groups of people"}; the one that does it most has ${Math.round((sizes[0][1] / known) * 100)} %.`,
          facts: large
            .slice(0, 6)
            .map(([g, n]): [string, string] => [
              byRole ? nameAt(log.roles, g) : `group ${g}`,
              `${n} of ${known}`,
            ]),
        });
        return;
      }
      const relay = findRelay(person, rows);
      if (relay) {
        found.push({
          ...base(),
          statement: `"${name}" passed from owner to owner ${relay.changes} times; in each stretch one person does ${Math.round(relay.within * 100)} % of it, overall nobody more than ${Math.round(relay.overall * 100)} %.`,
          facts: [["owners", String(relay.owners)]],
        });
      }
    });
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});

/**
 * Whether the role column says who does what: most activities have a main role. Departments or sites do not.
 */
function rolesDivideWork({ log, byActivity, activityNames }: Evidence, maxTop: number): boolean {
  if (!log.role) return false;
  let divided = 0;
  let judged = 0;
  activityNames.forEach((_, a) => {
    const count = new Map<number, number>();
    for (let i = byActivity.start[a]; i < byActivity.start[a + 1]; i++) {
      const r = log.role![byActivity.rows[i]];
      if (r !== 0) count.set(r, (count.get(r) ?? 0) + 1);
    }
    const known = [...count.values()].reduce((x, y) => x + y, 0);
    if (known < 20) return;
    judged++;
    if (Math.max(...count.values()) >= known * maxTop) divided++;
  });
  return divided > judged * 0.5;
}

function topPeople(person: Uint32Array, rows: Uint32Array): number[] {
  const count = new Map<number, number>();
  for (const e of rows) count.set(person[e], (count.get(person[e]) ?? 0) + 1);
  return [...count]
    .sort((x, y) => y[1] - x[1])
    .slice(0, 8)
    .map(([p]) => p);
}

function findRelay(person: Uint32Array, rows: Uint32Array) {
  const stretches = Math.min(40, Math.floor(rows.length / 12));
  if (stretches < 4) return undefined;
  const who = Array.from(rows, (e) => person[e]);
  const { tops, mean } = topsOf(who, stretches);
  const overall = topsOf(who, 1).mean;
  if (mean < 0.62 || overall > 0.55) return undefined;
  const random = new Random(rows.length);
  let shuffled = 0;
  for (let k = 0; k < 20; k++) shuffled += topsOf(random.shuffle(who), stretches).mean / 20;
  let changes = 0;
  for (let k = 1; k < tops.length; k++) if (tops[k] !== tops[k - 1]) changes++;
  const owners = new Set(tops).size;
  // Real owners stay for a while: fewer changes than stretches would have by chance.
  const lasting = changes <= tops.length * 0.75;
  if (mean - shuffled < 0.15 || changes < 3 || owners < 3 || !lasting) return undefined;
  return { changes, owners, within: mean, overall };
}

/** The top person and their mean share over equally long stretches of a sequence. */
function topsOf(who: number[], stretches: number): { tops: number[]; mean: number } {
  const tops: number[] = [];
  let sum = 0;
  for (let k = 0; k < stretches; k++) {
    const part = who.slice(
      Math.floor((k * who.length) / stretches),
      Math.floor(((k + 1) * who.length) / stretches),
    );
    const count = new Map<number, number>();
    for (const p of part) count.set(p, (count.get(p) ?? 0) + 1);
    const [top, n] = [...count].sort((x, y) => y[1] - x[1])[0];
    tops.push(top);
    sum += n / part.length;
  }
  return { tops, mean: sum / stretches };
}

/** Groups of people who do the same work, leaving one activity out of the comparison. */
class SimilarPeople {
  readonly #evidence: Evidence;
  readonly #counts: Float64Array[]; // of each person, by activity

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    const { log, activityNames } = evidence;
    const wide = log.people.length * activityNames.length > 5e7;
    this.#counts = Array.from(
      { length: wide ? 0 : log.people.length },
      () => new Float64Array(activityNames.length),
    );
    const { codes, counts } = evidence.executions;
    if (!wide) codes.person.forEach((p, k) => (this.#counts[p][codes.activity[k]] += counts.count[k]));
  }

  /** The group of each person; 0 for those whose other work does not tell. */
  groupsFor(a: number): Uint32Array {
    const { log } = this.#evidence;
    const person = log.person!;
    const performers = [...new Set(this.#evidence.rowsOf(a).map((e) => person[e]))];
    const group = new Uint32Array(log.people.length);
    if (this.#counts.length === 0 || performers.length > 300) return group;
    const vectors = performers.map((p) => {
      const v = Float64Array.from(this.#counts[p], (n, k) => (k === a ? 0 : n));
      const norm = Math.hypot(...v);
      return norm < 5 ? undefined : v.map((x) => x / norm); // too little other work to tell
    });
    let next = 1;
    performers.forEach((p, i) => {
      if (p === 0 || !vectors[i]) return;
      const like = performers.findIndex(
        (q, j) => j < i && group[q] > 0 && dot(vectors[j]!, vectors[i]!) >= 0.5,
      );
      group[p] = like >= 0 ? group[performers[like]] : next++;
    });
    return group;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
