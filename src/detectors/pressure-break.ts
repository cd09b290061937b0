import { median } from "../statistics/quantile.ts";
import { normalTail } from "../statistics/tests.ts";
import { caseSet, countShared, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { needsFewActivities } from "../evidence/needs.ts";

const DAY = 86_400_000;

/**
 * Finds what gives way when much comes in at once: a step that is skipped, or work that comes back, when load
 * is high.
 *
 * The load of a day is the number of cases that began on it, or in the three or five days around it (each is
 * tried), against the median day: high from `highLoad` times the median, normal up to 1.25 times within 45
 * days of a peak; only steps normally done in 6 of 10 cases can be skipped. Cases count under the day on
 * which they began, and under the day on which the step was due (the event that usually comes directly before
 * it). The shares of closed cases without the step, or with the step twice, are compared between high and
 * normal load by a test of two shares whose variance is inflated by what days differ beyond chance
 * (quasi-likelihood; McCullagh and Nelder 1989, 4.5), Bonferroni-corrected.
 *
 * A finding needs a difference of at least `minChange` in the harmful direction in at least two separate
 * peaks, so that one odd week or a lasting change is not taken for pressure. Reads activities and times.
 * O(activities × cases).
 */
export const pressureBreak = defineDetector({
  id: "pressure-break",
  category: "handoffs",
  title: "Under pressure, the process gives way",
  question: "What is left out or goes wrong when much comes in at once?",
  remedy: {
    text: "Plan cover for the busy days, or decide openly what may be left out then.",
    effort: "weeks",
    decides: "team lead",
  },
  options: { highLoad: 1.7, minChange: 0.12, minCases: 15, maxNormal: 0.4, alpha: 0.001 },

  missing: (evidence) => needsFewActivities(evidence, 500),

  detect(evidence, options) {
    const trials = trialsOf(evidence, options.minCases).map((trial) => ({
      ...trial,
      days: countByDay(trial.dayOfCase, evidence.isClosed, trial.isHit),
    }));
    const breaks = [0, 1, 2].flatMap((window) => breaksAt(evidence, trials, window, options));
    // Steps that give way in the same cases are one break; the one with the largest effect names it.
    const kept: Break[] = [];
    for (const candidate of breaks.sort((x, y) => y.size - x.size)) {
      const isSame = ({ observation: { subject, cases } }: Break) =>
        subject === candidate.observation.subject ||
        countShared(cases, candidate.observation.cases) >=
          0.6 * Math.min(cases.length, candidate.observation.cases.length);
      if (!kept.some(isSame)) kept.push(candidate);
    }
    return kept.map(({ observation }) => observation);
  },
});

interface Break {
  observation: Observation;
  size: number;
}

interface BreakOptions {
  highLoad: number;
  minChange: number;
  minCases: number;
  maxNormal: number;
  alpha: number;
}

/**
 * One comparison: the day under which each case counts (NO_DAY: it does not), and whether the break happened
 * in it.
 */
interface Trial {
  a: number;
  kind: "skipped" | "again";
  dayOfCase: Int32Array;
  isHit: (c: number) => boolean;
}

const NO_DAY = -2_147_483_648;

function breaksAt(
  evidence: Evidence,
  trials: (Trial & { days: Day[] })[],
  window: number,
  { highLoad, minChange, minCases, maxNormal, alpha }: BreakOptions,
): Break[] {
  const { activityNames, isClosed } = evidence;
  const loadOf = arrivalLoad(evidence, window);
  const found: Break[] = [];
  for (const { a, kind, dayOfCase, isHit, days } of trials) {
    const high = days.filter(({ number }) => loadOf(number) >= highLoad);
    // Ordinary days around the peaks, so that a process which changed over the years is compared with itself.
    const nearPeak = new Set(
      high.flatMap(({ number }) => Array.from({ length: 2 * NEAR + 1 }, (_, i) => number - NEAR + i)),
    );
    const normal = days.filter(({ number }) => loadOf(number) <= 1.25 && nearPeak.has(number));
    const [highAll, highHits] = totals(high);
    const [normalAll, normalHits] = totals(normal);
    if (
      highAll < minCases ||
      normalAll < 50 ||
      normalHits > normalAll * maxNormal ||
      highHits < minCases * 0.5
    )
      continue;
    const difference = highHits / highAll - normalHits / normalAll;
    if (difference < minChange) continue;
    const p = overdispersedTest(high, normal);
    if (p * trials.length * 3 > alpha) continue;
    if (peaksThatBreak(high, normalHits / normalAll + difference / 2) < 2) continue;

    const percent = (share: number) => `${Math.round(share * 100)} %`;
    const what = kind === "skipped" ? "is left out" : "has to be done again";
    const observation: Observation = {
      subject: activityNames[a],
      statement: `When much comes in at once, "${activityNames[a]}" ${what} in ${percent(highHits / highAll)} of cases, otherwise in ${percent(normalHits / normalAll)}.`,
      cases: caseSet(casesOf(high, dayOfCase, isClosed, isHit)),
      outOf: highAll,
      people: [],
      facts: [
        ["days of high load", String(high.length)],
        ["high load is from", `${highLoad} × the median of arrivals`],
      ],
      p,
    };
    found.push({ observation, size: difference });
  }
  return found;
}

function trialsOf(
  { log, activityNames, casesWith, follows, isCompensating, zone }: Evidence,
  minCases: number,
): Trial[] {
  const { caseCount, caseStart, activity, time } = log;
  const dayOf = (e: number) => Math.floor(zone.toLocal(time[e]) / DAY);
  const arrival = Int32Array.from({ length: caseCount }, (_, c) => dayOf(caseStart[c]));
  const before = usualPredecessors(follows, activityNames.length);
  const trials: Trial[] = [];
  activityNames.forEach((_, a) => {
    if (isCompensating[a] || casesWith[a] < minCases) return;
    const count = new Uint8Array(caseCount);
    const due = new Int32Array(caseCount).fill(NO_DAY); // when the step was due
    const first = new Int32Array(caseCount).fill(NO_DAY); // when it was done first
    for (let c = 0; c < caseCount; c++) {
      for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
        if (activity[e] === a) {
          if (count[c] === 0) first[c] = dayOf(e);
          if (count[c] < 2) count[c]++;
        } else if (activity[e] === before[a] && count[c] === 0) due[c] = dayOf(e);
      }
    }
    const skipped = (c: number) => count[c] === 0;
    const again = (c: number) => count[c] >= 2;
    trials.push(
      { a, kind: "skipped", dayOfCase: arrival, isHit: skipped },
      { a, kind: "again", dayOfCase: arrival, isHit: again },
    );
    trials.push(
      { a, kind: "skipped", dayOfCase: due, isHit: skipped },
      { a, kind: "again", dayOfCase: first, isHit: again },
    );
  });
  return trials;
}

/** For each activity the one that most often comes directly before it; -1 for none. */
function usualPredecessors({ codes, counts }: Evidence["follows"], n: number): Int32Array {
  const count = new Float64Array(n * n);
  codes.to.forEach((a, k) => {
    if (codes.from[k] !== a) count[a * n + codes.from[k]] = counts.count[k];
  });
  return Int32Array.from({ length: n }, (_, a) => {
    const row = count.subarray(a * n, a * n + n);
    const most = Math.max(...row);
    return most === 0 ? -1 : row.indexOf(most);
  });
}

interface Day {
  number: number;
  all: number;
  hits: number;
}

const NEAR = 45; // days

function countByDay(dayOfCase: Int32Array, isClosed: Uint8Array, isHit: (c: number) => boolean): Day[] {
  let first = Infinity;
  let last = -Infinity;
  for (const day of dayOfCase) {
    if (day === NO_DAY) continue;
    if (day < first) first = day;
    if (day > last) last = day;
  }
  if (last < first || last - first > 100_000) return [];
  const all = new Uint32Array(last - first + 1);
  const hits = new Uint32Array(last - first + 1);
  for (let c = 0; c < dayOfCase.length; c++) {
    if (!isClosed[c] || dayOfCase[c] === NO_DAY) continue;
    all[dayOfCase[c] - first]++;
    if (isHit(c)) hits[dayOfCase[c] - first]++;
  }
  const days: Day[] = [];
  all.forEach((n, i) => n > 0 && days.push({ number: first + i, all: n, hits: hits[i] }));
  return days;
}

function casesOf(
  days: Day[],
  dayOfCase: Int32Array,
  isClosed: Uint8Array,
  isHit: (c: number) => boolean,
): number[] {
  const wanted = new Set(days.map(({ number }) => number));
  const cases: number[] = [];
  for (let c = 0; c < dayOfCase.length; c++)
    if (isClosed[c] && wanted.has(dayOfCase[c]) && isHit(c)) cases.push(c);
  return cases;
}

function totals(days: Day[]): [all: number, hits: number] {
  return days.reduce<[number, number]>(([all, hits], day) => [all + day.all, hits + day.hits], [0, 0]);
}

/**
 * Two-sided p-value for equal shares at high and normal load, with days that differ more than chance allowed
 * for.
 */
function overdispersedTest(high: Day[], normal: Day[]): number {
  const [highAll, highHits] = totals(high);
  const [normalAll, normalHits] = totals(normal);
  let chi = 0;
  let degrees = -2;
  for (const [days, share] of [
    [high, highHits / highAll] as const,
    [normal, normalHits / normalAll] as const,
  ]) {
    for (const { all, hits } of days) {
      degrees++;
      const variance = all * share * (1 - share);
      if (variance > 0) chi += (hits - all * share) ** 2 / variance;
    }
  }
  const dispersion = degrees > 0 ? Math.max(1, chi / degrees) : 1;
  const pooled = (highHits + normalHits) / (highAll + normalAll);
  const variance = pooled * (1 - pooled) * (1 / highAll + 1 / normalAll) * dispersion;
  return variance === 0
    ? 1
    : 2 * normalTail(Math.abs(highHits / highAll - normalHits / normalAll) / Math.sqrt(variance));
}

/** How many separate peaks (days of high load at most five days apart are one) show at least this share. */
function peaksThatBreak(high: Day[], share: number): number {
  let peaks = 0;
  let all = 0;
  let hits = 0;
  let last = -Infinity;
  const flush = () => {
    if (all >= 4 && hits / all >= share) peaks++;
    all = hits = 0;
  };
  for (const day of high.sort((a, b) => a.number - b.number)) {
    if (day.number - last > 5) flush();
    all += day.all;
    hits += day.hits;
    last = day.number;
  }
  flush();
  return peaks;
}

/**
 * Arrivals of cases around a day, per working day and against the median of the days on which any arrived.
 */
function arrivalLoad({ log, zone, calendar }: Evidence, window: number): (day: number) => number {
  const arrivals = new Map<number, number>();
  for (let c = 0; c < log.caseCount; c++) {
    const day = Math.floor(zone.toLocal(log.time[log.caseStart[c]]) / DAY);
    arrivals.set(day, (arrivals.get(day) ?? 0) + 1);
  }
  const around = (day: number) => {
    let sum = 0;
    let days = 0;
    for (let d = day - window; d <= day + window; d++) {
      sum += arrivals.get(d) ?? 0;
      if (calendar.isWorkingDay(d)) days++;
    }
    return sum / Math.max(1, days);
  };
  const middle = median(Array.from(arrivals.keys(), around)) || 1;
  const known = new Map<number, number>();
  return (day) => {
    let load = known.get(day);
    if (load === undefined) known.set(day, (load = around(day) / middle));
    return load;
  };
}
