import type { EventLog } from "../eventlog/event-log.ts";
import { wilson, type Interval } from "../statistics/intervals.ts";
import { quantile, quantileOfSorted } from "../statistics/quantile.ts";
import { directlyFollows } from "../discovery/directly-follows.ts";
import { boost, predict, type Boosted, type Features } from "./boosted-trees.ts";
import { END_OF_CASE, NextActivityModel, type NextGuess } from "./next-activity.ts";
import { prefixesOf, type PrefixOptions } from "./prefixes.ts";

const DAY = 86_400_000;
/** Prefixes that trees are trained on, at most; of more, every k-th case is taken. */
const MAX_TRAINING = 30_000;

export interface PredictOptions extends PrefixOptions {
  /**
   * a case is late when it takes longer than this, in ms; default: the longest quarter of the finished cases
   * in training
   */
  deadlineMs?: number;
  /** share of the finished cases, latest begun, that the forecasts are judged on */
  testShare?: number;
  /** share of the cases that an interval is to hold */
  confidence?: number;
}

/** How good forecasts were on later cases, which the training had not seen. */
export interface Judgement {
  trainingCases: number;
  testCases: number;
  testPrefixes: number;
  /** test cases began after this; training cases had ended before it */
  splitAt: number;
  remaining: {
    /**
     * mean absolute error, days; of the forecast, and of always saying the training median after the same
     * last activity
     */
    maeDays: number;
    baselineMaeDays: number;
    /** share of test prefixes whose truth lay in the interval, and the interval's median width */
    coverage: number;
    widthDays: number;
  };
  next: { accuracy: number; baselineAccuracy: number };
  late: {
    deadlineMs: number;
    /**
     * share of the test prefixes of cases that became late, and how well they were ranked before the others
     * (area under the ROC curve); undefined without both
     */
    rate: number;
    auc: number | undefined;
    /** mean squared error of the probability, and of always saying the training rate */
    brier: number;
    baselineBrier: number;
  };
}

export interface CasePrediction {
  case: number;
  remainingMs: number;
  interval: [low: number, high: number];
  next: NextGuess[];
  /** undefined for a case that is late already */
  late: { share: number; interval: Interval; of: number } | undefined;
  isLate: boolean;
}

export interface Predictions {
  judgement: Judgement;
  /** cases that are not finished, in the order of the log */
  open: CasePrediction[];
}

/**
 * What will become of the running cases: how long will they take, what comes next, will they be late? Learned
 * from the finished cases of the log, judged on the last ones of them: cases that began after the split are
 * forecast at each of their events by a model of cases that had ended before it. Then everything finished is
 * learned again for the forecasts of the open cases.
 *
 * A case is finished when its last activity is one that cases usually end with, or when it has been quiet for
 * longer than 99 % of all waits. Intervals of the remaining time are conformal: the error quantile on later
 * training cases with forecasts of the same size (Lei et al. 2018); a probability of being late is the share
 * of such cases that were late, with its interval. Undefined for fewer than 50 finished cases to learn from
 * or 10 to judge on.
 */
export function predictCases(log: EventLog, options: PredictOptions = {}): Predictions | undefined {
  const { testShare = 0.2, confidence = 0.9 } = options;
  const { caseStart, time } = log;
  const finished = finishedCases(log);
  const begin = (c: number) => time[caseStart[c]];
  const end = (c: number) => time[caseStart[c + 1] - 1];
  const byBegin = Array.from({ length: log.caseCount }, (_, c) => c).filter((c) => finished[c] === 1);
  byBegin.sort((c, d) => begin(c) - begin(d) || c - d);
  const test = byBegin.slice(Math.floor(byBegin.length * (1 - testShare)));
  if (test.length < 10) return undefined;
  const splitAt = begin(test[0]);
  const training = byBegin.slice(0, byBegin.length - test.length).filter((c) => end(c) < splitAt);
  if (training.length < 50) return undefined;

  const { features } = prefixesOf(log, options);
  const deadlineMs =
    options.deadlineMs ??
    quantile(
      training.map((c) => end(c) - begin(c)),
      0.75,
    )!;
  const judged = learn(log, features, training, deadlineMs, confidence);
  const judgement = judge(log, features, judged, training, test, splitAt, deadlineMs);
  const running = Array.from(finished.keys()).filter((c) => finished[c] === 0);
  if (running.length === 0) return { judgement, open: [] };
  const model = learn(log, features, byBegin, deadlineMs, confidence);
  return { judgement, open: running.map((c) => forecast(log, features, model, c, deadlineMs)) };
}

/** Which cases are over, as far as the log tells: 1 or 0 by case. */
export function finishedCases(log: EventLog): Uint8Array {
  const { caseStart, time, activity } = log;
  const { activityCount, ends } = directlyFollows(log);
  const isEnd = Array.from(
    ends,
    (count, a) => count > 0 && count >= activityCount[a] * 0.5 && count >= log.caseCount * 0.01,
  );
  const waits: number[] = [];
  let now = -Infinity;
  const step = Math.max(1, Math.floor(log.eventCount / 200_000));
  for (let c = 0; c < log.caseCount; c++) {
    for (let e = caseStart[c] + 1; e < caseStart[c + 1]; e++)
      if (e % step === 0) waits.push(time[e] - time[e - 1]);
    now = Math.max(now, time[caseStart[c + 1] - 1]);
  }
  const quiet = quantile(waits, 0.99) ?? 0;
  return Uint8Array.from({ length: log.caseCount }, (_, c) => {
    const last = caseStart[c + 1] - 1;
    return isEnd[activity[last]] || now - time[last] > quiet ? 1 : 0;
  });
}

interface Learned {
  remaining: Boosted;
  late: Boosted;
  next: NextActivityModel;
  /**
   * error of the remaining time, by size of the forecast: upper ends of the sizes, and the error quantile of
   * each
   */
  sizes: number[];
  errors: number[];
  /** likewise for the score of being late: upper ends, and how many were late of how many */
  scores: number[];
  lateOf: [late: number, all: number][];
}

/**
 * Learns from finished cases in the order of their begin: seven tenths fit, the next tenth says when to stop,
 * and the last fifth, which neither has seen, calibrates.
 */
function learn(
  log: EventLog,
  features: Features,
  cases: number[],
  deadlineMs: number,
  confidence: number,
): Learned {
  const { caseStart, time } = log;
  const events = cases.reduce((sum, c) => sum + caseStart[c + 1] - caseStart[c], 0);
  const every = Math.ceil(events / MAX_TRAINING);
  const taken = cases.filter((_, i) => i % every === 0);
  const [fitted, stopped] = [0.7, 0.8].map((share) => Math.floor(taken.length * share));
  const rowsOf = (list: number[]) =>
    Uint32Array.from(
      list.flatMap((c) =>
        Array.from({ length: caseStart[c + 1] - caseStart[c] }, (_, i) => caseStart[c] + i),
      ),
    );
  const [fit, stop, calibrate] = [
    taken.slice(0, fitted),
    taken.slice(fitted, stopped),
    taken.slice(stopped),
  ].map(rowsOf);
  const target = new Float64Array(log.eventCount);
  const isLate = new Float64Array(log.eventCount);
  const pending = new Uint8Array(log.eventCount); // not late yet
  for (const c of taken) {
    const [begin, end] = [time[caseStart[c]], time[caseStart[c + 1] - 1]];
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      target[e] = (end - time[e]) / DAY;
      isLate[e] = end - begin > deadlineMs ? 1 : 0;
      pending[e] = time[e] - begin <= deadlineMs ? 1 : 0;
    }
  }
  const remaining = boost(features, target, fit, stop, { loss: "absolute" });
  const isPending = (rows: Uint32Array) => rows.filter((e) => pending[e] === 1);
  const [lateFit, lateStop, lateCalibrate] = [fit, stop, calibrate].map(isPending);
  const late = boost(features, isLate, lateFit, lateStop, { loss: "logistic", rounds: 100 });

  const guesses = Float64Array.from(calibrate, (e) => Math.max(0, predict(remaining, features, e)));
  const sizes = cutsOf(guesses, 5);
  const errors = sizes.map((_, k) => {
    const own: number[] = [];
    calibrate.forEach((e, i) => {
      if (groupOf(sizes, guesses[i]) === k) own.push(Math.abs(target[e] - guesses[i]));
    });
    own.sort((a, b) => a - b);
    // the conformal quantile: the ⌈(n + 1) · confidence⌉-th smallest error
    return own.length === 0
      ? Infinity
      : own[Math.min(own.length - 1, Math.ceil((own.length + 1) * confidence) - 1)];
  });
  const ranks = Float64Array.from(lateCalibrate, (e) => predict(late, features, e));
  const scores = cutsOf(ranks, 10);
  const lateOf = scores.map((): [number, number] => [0, 0]);
  lateCalibrate.forEach((e, i) => {
    const group = lateOf[groupOf(scores, ranks[i])];
    group[0] += isLate[e];
    group[1]++;
  });
  return { remaining, late, next: learnNext(log, cases), sizes, errors, scores, lateOf };
}

/**
 * The order and support of the Markov model that forecast the last fifth of the cases best; then learned from
 * all.
 */
function learnNext(log: EventLog, cases: number[]): NextActivityModel {
  const cut = Math.floor(cases.length * 0.8);
  const steps = (c: number) => log.activity.subarray(log.caseStart[c], log.caseStart[c + 1]);
  let best = { right: -1, order: 1, minSeen: 5 };
  for (const order of [1, 2, 3, 5, 8, 12]) {
    for (const minSeen of [5, 20]) {
      const model = new NextActivityModel(order, minSeen);
      for (const c of cases.slice(0, cut)) model.add(steps(c));
      let right = 0;
      for (const c of cases.slice(cut, cut + 2000)) right += rightGuesses(model, steps(c));
      if (right > best.right) best = { right, order, minSeen };
    }
  }
  const model = new NextActivityModel(best.order, best.minSeen);
  for (const c of cases) model.add(steps(c));
  return model;
}

function rightGuesses(model: NextActivityModel, steps: ArrayLike<number>): number {
  let right = 0;
  for (let i = 1; i <= steps.length; i++)
    if (model.guess(steps, i)[0]?.next === (i < steps.length ? steps[i] : END_OF_CASE)) right++;
  return right;
}

/** Upper ends of groups of about equally many values, the last one without end. */
function cutsOf(values: Float64Array, groups: number): number[] {
  const sorted = values.slice().sort();
  const cuts = Array.from({ length: groups - 1 }, (_, k) => quantileOfSorted(sorted, (k + 1) / groups) ?? 0);
  return [...new Set(cuts), Infinity];
}

function groupOf(cuts: number[], value: number): number {
  return cuts.findIndex((cut) => value <= cut);
}

function forecastRemaining(
  { remaining, sizes, errors }: Learned,
  features: Features,
  e: number,
): { days: number; low: number; high: number } {
  const days = Math.max(0, predict(remaining, features, e));
  const error = errors[groupOf(sizes, days)];
  return { days, low: Math.max(0, days - error), high: days + error };
}

function forecast(
  log: EventLog,
  features: Features,
  model: Learned,
  c: number,
  deadlineMs: number,
): CasePrediction {
  const [from, to] = [log.caseStart[c], log.caseStart[c + 1]];
  const { days, low, high } = forecastRemaining(model, features, to - 1);
  const isLate = log.time[to - 1] - log.time[from] > deadlineMs;
  const [lates, of] = model.lateOf[groupOf(model.scores, predict(model.late, features, to - 1))];
  return {
    case: c,
    remainingMs: days * DAY,
    interval: [low * DAY, high * DAY],
    next: model.next.guess(log.activity.subarray(from, to), to - from).slice(0, 3),
    late: isLate || of === 0 ? undefined : { share: lates / of, interval: wilson(lates, of)!, of },
    isLate,
  };
}

function judge(
  log: EventLog,
  features: Features,
  model: Learned,
  training: number[],
  test: number[],
  splitAt: number,
  deadlineMs: number,
): Judgement {
  const { caseStart, time, activity } = log;
  const typical = medianAfter(log, training);
  const common = new NextActivityModel(1, 1);
  for (const c of training) common.add(activity.subarray(caseStart[c], caseStart[c + 1]));
  const trainedLate =
    training.filter((c) => time[caseStart[c + 1] - 1] - time[caseStart[c]] > deadlineMs).length /
    training.length;
  let [prefixes, error, baseline, covered, right, commonRight] = [0, 0, 0, 0, 0, 0];
  let [pending, lates, brier, baseBrier] = [0, 0, 0, 0];
  const widths: number[] = [];
  const ranked: { p: number; late: number }[] = [];
  for (const c of test) {
    const [from, to] = [caseStart[c], caseStart[c + 1]];
    const steps = activity.subarray(from, to);
    const late = time[to - 1] - time[from] > deadlineMs ? 1 : 0;
    for (let e = from; e < to; e++) {
      const truth = (time[to - 1] - time[e]) / DAY;
      const { days, low, high } = forecastRemaining(model, features, e);
      prefixes++;
      error += Math.abs(truth - days);
      baseline += Math.abs(truth - (typical.get(activity[e]) ?? typical.get(-1)!));
      if (truth >= low && truth <= high) covered++;
      widths.push(high - low);
      const next = e + 1 < to ? activity[e + 1] : END_OF_CASE;
      if (model.next.guess(steps, e - from + 1)[0]?.next === next) right++;
      if (common.guess(steps, e - from + 1)[0]?.next === next) commonRight++;
      if (time[e] - time[from] > deadlineMs) continue;
      const p = predict(model.late, features, e);
      pending++;
      lates += late;
      brier += (p - late) ** 2;
      baseBrier += (trainedLate - late) ** 2;
      ranked.push({ p, late });
    }
  }
  return {
    trainingCases: training.length,
    testCases: test.length,
    testPrefixes: prefixes,
    splitAt,
    remaining: {
      maeDays: error / prefixes,
      baselineMaeDays: baseline / prefixes,
      coverage: covered / prefixes,
      widthDays: quantile(widths, 0.5)!,
    },
    next: { accuracy: right / prefixes, baselineAccuracy: commonRight / prefixes },
    late: {
      deadlineMs,
      rate: lates / pending,
      auc: areaUnderCurve(ranked),
      brier: brier / pending,
      baselineBrier: baseBrier / pending,
    },
  };
}

/** The median remaining time in days after each activity, and over all under −1. */
function medianAfter(log: EventLog, cases: number[]): Map<number, number> {
  const after = new Map<number, number[]>([[-1, []]]);
  for (const c of cases) {
    const end = log.time[log.caseStart[c + 1] - 1];
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
      const days = (end - log.time[e]) / DAY;
      after.get(-1)!.push(days);
      const list = after.get(log.activity[e]);
      if (list) list.push(days);
      else after.set(log.activity[e], [days]);
    }
  }
  return new Map([...after].map(([a, list]) => [a, quantile(list, 0.5)!]));
}

/** The chance that a late one is ranked above one in time (Mann and Whitney), ties counting half. */
export function areaUnderCurve(ranked: { p: number; late: number }[]): number | undefined {
  const lates = ranked.reduce((sum, { late }) => sum + late, 0);
  if (lates === 0 || lates === ranked.length) return undefined;
  const sorted = [...ranked].sort((a, b) => a.p - b.p);
  let sum = 0;
  for (let i = 0; i < sorted.length;) {
    let j = i;
    while (j < sorted.length && sorted[j].p === sorted[i].p) j++;
    const rank = (i + j + 1) / 2; // mean rank of the tied, from 1
    for (; i < j; i++) if (sorted[i].late === 1) sum += rank;
  }
  return (sum - (lates * (lates + 1)) / 2) / (lates * (ranked.length - lates));
}
