import { welch } from "../statistics/tests.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "./evidence.ts";

const DAY = 86_400_000;

/**
 * Finds what gives way when much comes in at once: a step that is skipped, or work that comes back, when load is high.
 *
 * The load of a day is the number of cases that began on it, or in the three or five days around it (each is tried), against the median day. High is from `highLoad` times the
 * median, normal up to 1.25 times. For each activity the shares of closed cases that contain it, and that contain it twice, are compared
 * between days of high and of normal load by Welch's test over days, Bonferroni-corrected. A finding needs a difference of at least
 * `minChange` in the harmful direction (less of a step, more coming back) in at least two separate peaks, so that one odd week
 * or a lasting change is not taken for pressure.
 *
 * Reads activities and times. One pass, then O(activities × cases).
 */
export const pressureBreak = defineDetector({
  id: "pressure-break",
  category: "handoffs",
  title: "Under pressure, steps are skipped",
  question: "What is left out or goes wrong when much comes in at once?",
  options: { highLoad: 1.7, minChange: 0.12, minCases: 15, alpha: 0.001 },

  missing: () => [],

  detect(evidence, options) {
    if (evidence.activityNames.length > 500) return [];
    // Steps that give way in the same cases are one break; the one with the largest effect names it.
    const kept: Break[] = [];
    const all = WINDOWS.flatMap((window) => breaksAt(evidence, window, options));
    for (const candidate of all.sort((x, y) => y.size - x.size)) {
      const isSame = (k: Break) =>
        k.observation.subject === candidate.observation.subject ||
        shared(k.observation.cases, candidate.observation.cases) >=
          0.6 * Math.min(k.observation.cases.length, candidate.observation.cases.length);
      if (!kept.some(isSame)) kept.push(candidate);
    }
    return kept.map(({ observation }) => observation);
  },
});

const WINDOWS = [0, 1, 2]; // days before and after

interface Break {
  observation: Observation;
  size: number;
}

interface BreakOptions {
  highLoad: number;
  minChange: number;
  minCases: number;
  alpha: number;
}

function breaksAt(
  evidence: Evidence,
  window: number,
  { highLoad, minChange, minCases, alpha }: BreakOptions,
): Break[] {
  const { log, activityNames, isClosed, isCompensating } = evidence;
  const { caseCount, caseStart, activity } = log;
  const { dayOfCase, load } = arrivalLoad(evidence, window);
  const level = Uint8Array.from({ length: caseCount }, (_, c) => {
    if (!isClosed[c]) return UNUSED;
    const relative = load.get(dayOfCase[c])!;
    return relative >= highLoad ? HIGH : relative <= 1.25 ? NORMAL : UNUSED;
  });
  const high = level.reduce((n, l) => n + (l === HIGH ? 1 : 0), 0);
  if (high < minCases || level.reduce((n, l) => n + (l === NORMAL ? 1 : 0), 0) < 50) return [];
  const peaks = peaksOf(dayOfCase, level);
  if (peaks.count < 2) return [];

  const count = activityNames.map(() => new Uint8Array(caseCount));
  for (let c = 0; c < caseCount; c++) {
    if (level[c] === UNUSED) continue;
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++)
      if (count[activity[e]][c] < 2) count[activity[e]][c]++;
  }
  const tried: { a: number; kind: "skipped" | "again"; isHit: (c: number) => boolean }[] = [];
  activityNames.forEach((_, a) => {
    if (isCompensating[a] || evidence.casesWith[a] < minCases) return;
    tried.push({ a, kind: "skipped", isHit: (c) => count[a][c] === 0 });
    tried.push({ a, kind: "again", isHit: (c) => count[a][c] >= 2 });
  });

  const found: Break[] = [];
  for (const { a, kind, isHit } of tried) {
    const shares = dailyShares(dayOfCase, level, isHit);
    if (shares.high.length < 4 || shares.normal.length < 10) continue;
    const difference = shares.highShare - shares.normalShare;
    if (difference < minChange) continue;
    const { p } = welch(shares.normal, shares.high);
    if (p * tried.length * WINDOWS.length > alpha) continue;
    if (!inTwoPeaks(peaks, dayOfCase, level, isHit, shares.normalShare + difference / 2)) continue;
    const cases: number[] = [];
    for (let c = 0; c < caseCount; c++) if (level[c] === HIGH && isHit(c)) cases.push(c);
    if (cases.length < minCases * 0.5) continue;
    const percent = (share: number) => `${Math.round(share * 100)} %`;
    const what = kind === "skipped" ? "is left out" : "has to be done again";
    const observation: Observation = {
      subject: activityNames[a],
      statement: `When much comes in at once, "${activityNames[a]}" ${what} in ${percent(shares.highShare)} of cases, otherwise in ${percent(shares.normalShare)}.`,
      cases: caseSet(cases),
      outOf: high,
      people: [],
      facts: [
        ["peaks of load", String(peaks.count)],
        ["high load is from", `${highLoad} × the median of arrivals`],
      ],
      p,
    };
    found.push({ observation, size: difference });
  }
  return found;
}

const UNUSED = 0;
const NORMAL = 1;
const HIGH = 2;

/** The day on which each case began, and for each such day the arrivals around it against the median working day. */
function arrivalLoad(
  { log, zone, calendar }: Evidence,
  window: number,
): { dayOfCase: Int32Array; load: Map<number, number> } {
  const { caseCount, caseStart, time } = log;
  const dayOfCase = Int32Array.from({ length: caseCount }, (_, c) =>
    Math.floor(zone.toLocal(time[caseStart[c]]) / DAY),
  );
  const arrivals = new Map<number, number>();
  for (const day of dayOfCase) arrivals.set(day, (arrivals.get(day) ?? 0) + 1);
  const around = new Map<number, number>();
  for (const day of arrivals.keys()) {
    let sum = 0;
    let days = 0;
    for (let d = day - window; d <= day + window; d++) {
      sum += arrivals.get(d) ?? 0;
      if (calendar.isWorkingDay(d)) days++;
    }
    around.set(day, sum / Math.max(1, days));
  }
  const sorted = Float64Array.from(dayOfCase, (day) => around.get(day)!).sort();
  // The median over days, not over cases: busy days have more cases.
  const perDay = Float64Array.from(around.values()).sort();
  const middle = perDay[Math.floor(perDay.length / 2)] || sorted[0] || 1;
  return { dayOfCase, load: new Map([...around].map(([day, n]) => [day, n / middle])) };
}

interface Peaks {
  count: number;
  peakOfDay: Map<number, number>;
}

/** Days of high load, those at most five days apart as one peak. */
function peaksOf(dayOfCase: Int32Array, level: Uint8Array): Peaks {
  const days = [...new Set(dayOfCase.filter((_, c) => level[c] === HIGH))].sort((a, b) => a - b);
  const peakOfDay = new Map<number, number>();
  let count = 0;
  days.forEach((day, i) => {
    if (i === 0 || day - days[i - 1] > 5) count++;
    peakOfDay.set(day, count);
  });
  return { count, peakOfDay };
}

function dailyShares(dayOfCase: Int32Array, level: Uint8Array, isHit: (c: number) => boolean) {
  const byDay = new Map<number, { all: number; hit: number; level: number }>();
  const totals = [0, 0, 0];
  const hits = [0, 0, 0];
  for (let c = 0; c < level.length; c++) {
    if (level[c] === UNUSED) continue;
    const day = byDay.get(dayOfCase[c]) ?? { all: 0, hit: 0, level: level[c] };
    day.all++;
    totals[level[c]]++;
    if (isHit(c)) {
      day.hit++;
      hits[level[c]]++;
    }
    byDay.set(dayOfCase[c], day);
  }
  const shares = (wanted: number) =>
    [...byDay.values()].filter((d) => d.level === wanted).map((d) => d.hit / d.all);
  return {
    normal: shares(NORMAL),
    high: shares(HIGH),
    normalShare: hits[NORMAL] / totals[NORMAL],
    highShare: hits[HIGH] / totals[HIGH],
  };
}

function inTwoPeaks(
  { peakOfDay }: Peaks,
  dayOfCase: Int32Array,
  level: Uint8Array,
  isHit: (c: number) => boolean,
  share: number,
): boolean {
  const all = new Map<number, number>();
  const hit = new Map<number, number>();
  for (let c = 0; c < level.length; c++) {
    if (level[c] !== HIGH) continue;
    const peak = peakOfDay.get(dayOfCase[c])!;
    all.set(peak, (all.get(peak) ?? 0) + 1);
    if (isHit(c)) hit.set(peak, (hit.get(peak) ?? 0) + 1);
  }
  let peaks = 0;
  for (const [peak, n] of all) if (n >= 5 && (hit.get(peak) ?? 0) / n >= share) peaks++;
  return peaks >= 2;
}

function shared(a: Uint32Array, b: Uint32Array): number {
  const inB = new Set(b);
  return a.reduce((n, c) => n + (inB.has(c) ? 1 : 0), 0);
}
