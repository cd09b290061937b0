import { welch } from "../statistics/tests.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { needsFewActivities } from "../evidence/needs.ts";

const WEEK = 7 * 86_400_000;

interface Feature {
  name: string;
  /** activities it is about */
  activities: number[];
  kind: "presence" | "order";
  /** value of each case: 1, 0, or 255 where the case does not tell */
  value: Uint8Array;
}

interface Change {
  feature: Feature;
  week: number;
  before: number;
  after: number;
  p: number;
}

/**
 * Finds the day from which the process runs differently: a step that appeared or vanished, or two steps that
 * changed places.
 *
 * For each closed case it looks at which activities occur and in which order frequent pairs first occur.
 * Weekly shares are split at the week that separates them best; the split stands when the shares differ by at
 * least `minChange` and Welch's test between the weeks, corrected for the number of weeks and features tried,
 * gives less than `alpha`. Weeks, not cases, are the units, since cases of one week depend on one another.
 * Changes that stand within a tenth of the log's length of each other are one change.
 *
 * Reads activities and times. Cost: one pass, then O(features × weeks).
 */
export const processDrift = defineDetector({
  id: "process-drift",
  category: "documentation",
  title: "The process changed on the way",
  question: "Since when does the process run differently?",
  remedy: {
    text: "Ask who changed the work on that day and why; bring the description up to date.",
    effort: "days",
    decides: "process owner",
  },
  options: { minChange: 0.3, minCases: 60, minWeeks: 8, alpha: 0.001 },

  missing: (evidence) => needsFewActivities(evidence, 2000),

  detect(evidence, { minChange, minCases, minWeeks, alpha }) {
    const { log, range } = evidence;
    const { caseCount, caseStart, time } = log;
    const weekOf = Int32Array.from({ length: caseCount }, (_, c) =>
      Math.floor((time[caseStart[c]] - range.from) / WEEK),
    );
    const usable = comparable(evidence, weekOf);
    const cases = usable.reduce((n, flag) => n + flag, 0);
    const weeks = weekOf.reduce((last, w, c) => (usable[c] && w > last ? w : last), -1) + 1;
    if (cases < minCases || weeks < minWeeks) return [];

    const features = featuresOf(evidence, usable);
    const changes: Change[] = [];
    for (const feature of features) {
      const change = bestSplit(feature, usable, weekOf, weeks);
      if (!change || Math.abs(change.after - change.before) < minChange) continue;
      if (change.p * features.length * weeks < alpha) changes.push(change);
    }
    return groupByTime(changes, weeks)
      .map((group) => observe(evidence, group, usable, weekOf))
      .sort((f, g) => g.cases.length - f.cases.length);
  },
});

/** Closed cases, without those at both ends that only short cases can have begun and ended in. */
function comparable({ log, isClosed, range }: Evidence, weekOf: Int32Array): Uint8Array {
  const { caseCount, caseStart, time } = log;
  const lengths = Float64Array.from(
    { length: caseCount },
    (_, c) => time[caseStart[c + 1] - 1] - time[caseStart[c]],
  ).sort();
  const long = lengths[Math.floor(lengths.length * 0.9)];
  const lastWeek = Math.floor((range.to - long - range.from) / WEEK);
  return Uint8Array.from({ length: caseCount }, (_, c) => (isClosed[c] && weekOf[c] < lastWeek ? 1 : 0));
}

function featuresOf({ log, activityNames, isCompensating }: Evidence, usable: Uint8Array): Feature[] {
  const { caseCount, caseStart, activity } = log;
  const n = activityNames.length;
  const first = new Int32Array(n);
  const presence = activityNames.map(() => new Uint8Array(caseCount));
  const pairs = new Map<number, { before: number; after: number }>(); // a * n + b, a < b, of neighbours in some case
  for (let c = 0; c < caseCount; c++) {
    if (!usable[c]) continue;
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      presence[activity[e]][c] = 1;
      if (e > caseStart[c] && activity[e] !== activity[e - 1]) {
        const [a, b] =
          activity[e - 1] < activity[e] ? [activity[e - 1], activity[e]] : [activity[e], activity[e - 1]];
        const pair = pairs.get(a * n + b) ?? { before: 0, after: 0 };
        if (activity[e - 1] === a) pair.before++;
        else pair.after++;
        pairs.set(a * n + b, pair);
      }
    }
  }
  const features: Feature[] = activityNames.map((name, a) => ({
    name,
    activities: [a],
    kind: "presence",
    value: presence[a],
  }));
  const frequent = [...pairs].filter(([, { before, after }]) => Math.min(before, after) >= 20).slice(0, 300);
  for (const [key] of frequent) {
    const [a, b] = [Math.floor(key / n), key % n];
    if (isCompensating[a] || isCompensating[b]) continue;
    const value = new Uint8Array(caseCount).fill(255);
    for (let c = 0; c < caseCount; c++) {
      if (!presence[a][c] || !presence[b][c]) continue;
      first[a] = first[b] = -1;
      for (let e = caseStart[c + 1] - 1; e >= caseStart[c]; e--)
        if (activity[e] === a || activity[e] === b) first[activity[e]] = e;
      value[c] = first[a] < first[b] ? 1 : 0;
    }
    features.push({
      name: `"${activityNames[a]}" before "${activityNames[b]}"`,
      activities: [a, b],
      kind: "order",
      value,
    });
  }
  return features;
}

function bestSplit(
  feature: Feature,
  usable: Uint8Array,
  weekOf: Int32Array,
  weeks: number,
): Change | undefined {
  const total = new Float64Array(weeks);
  const yes = new Float64Array(weeks);
  for (let c = 0; c < usable.length; c++) {
    if (!usable[c] || feature.value[c] === 255) continue;
    total[weekOf[c]]++;
    yes[weekOf[c]] += feature.value[c];
  }
  const told = Array.from({ length: weeks }, (_, w) => w).filter((w) => total[w] > 0);
  if (told.length < 8) return undefined;
  const share = told.map((w) => yes[w] / total[w]);
  const margin = Math.max(3, Math.floor(told.length * 0.12));
  const sumYes = prefix(told.map((w) => yes[w]));
  const sumAll = prefix(told.map((w) => total[w]));
  let best = -1;
  let bestScore = 0;
  for (let k = margin; k <= told.length - margin; k++) {
    const before = sumYes[k] / sumAll[k];
    const after = (sumYes[told.length] - sumYes[k]) / (sumAll[told.length] - sumAll[k]);
    const score =
      (after - before) ** 2 * ((sumAll[k] * (sumAll[told.length] - sumAll[k])) / sumAll[told.length]);
    if (score > bestScore) [best, bestScore] = [k, score];
  }
  if (best < 0) return undefined;
  const { p } = welch(share.slice(0, best), share.slice(best));
  return {
    feature,
    week: told[best],
    before: sumYes[best] / sumAll[best],
    after: (sumYes[told.length] - sumYes[best]) / (sumAll[told.length] - sumAll[best]),
    p,
  };
}

function prefix(values: number[]): Float64Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, i) => (sums[i + 1] = sums[i] + value));
  return sums;
}

function groupByTime(changes: Change[], weeks: number): Change[][] {
  const groups: Change[][] = [];
  for (const change of changes.sort((a, b) => strength(b) - strength(a))) {
    const group = groups.find(([first]) => Math.abs(first.week - change.week) <= Math.max(4, weeks * 0.12));
    if (group) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

// A step that came or went says more than the orders it upset.
function strength({ feature, before, after }: Change): number {
  return Math.abs(after - before) + (feature.kind === "presence" ? 1 : 0);
}

function observe(evidence: Evidence, group: Change[], usable: Uint8Array, weekOf: Int32Array): Observation {
  const { activityNames, range } = evidence;
  const [main] = group;
  const involved = new Map<number, number>();
  for (const { feature } of group)
    for (const a of feature.activities) involved.set(a, (involved.get(a) ?? 0) + 1);
  const subject =
    main.feature.kind === "presence"
      ? main.feature.activities[0]
      : [...involved].sort((x, y) => y[1] - x[1])[0][0];
  const date = new Date(range.from + main.week * WEEK).toISOString().slice(0, 10);
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const what =
    main.feature.kind === "presence"
      ? `"${activityNames[subject]}" is part of ${percent(main.after)} of cases, before of ${percent(main.before)}`
      : `${main.feature.name} holds in ${percent(main.after)} of cases, before in ${percent(main.before)}`;
  const rises = main.after > main.before ? 1 : 0;
  const cases: number[] = [];
  let later = 0;
  for (let c = 0; c < usable.length; c++) {
    if (!usable[c] || weekOf[c] < main.week || main.feature.value[c] === 255) continue;
    later++;
    if (main.feature.value[c] === rises) cases.push(c);
  }
  return {
    subject: activityNames[subject],
    statement: `Since about ${date} the process runs differently: ${what} (${later} finished cases since).`,
    at: date,
    cases: caseSet(cases),
    outOf: later,
    people: [],
    facts: group
      .slice(0, 6)
      .map(({ feature, before, after }): [string, string] => [
        feature.kind === "presence" ? `share of cases with "${feature.name}"` : feature.name,
        `${percent(before)} → ${percent(after)}`,
      ]),
    p: main.p,
  };
}
