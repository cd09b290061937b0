import type { Evidence } from "../evidence/evidence.ts";
import type { Need } from "../evidence/need.ts";
import { studentQuantile } from "../statistics/clustered.ts";
import { Random } from "../statistics/random.ts";
import { quantileOfSorted } from "../statistics/quantile.ts";
import type { Arrivals, Shop } from "./engine.ts";
import { fitShop, missingToFit, type FittedShop } from "./fit.ts";
import { holdoutOf, type Holdout } from "./holdout.ts";
import { mondayFrom, WEEK } from "./weeks.ts";
import { windowOf } from "./window.ts";
import { runWindow, type WindowRun } from "./window-run.ts";

const HOUR = 3_600_000;

/** What is asked of a process. */
export type PressureQuestion =
  | { kind: "away"; person: number; weeks: number }
  | { kind: "volume"; more: number; monthEndOnly: boolean }
  | { kind: "moved"; from: string; to: string }
  | { kind: "assistant"; step: string; share: number; error: number };

/** One number with and without what is asked, over all runs. */
export interface Compared {
  without: number;
  withIt: number;
  /** mean difference with its 95 % interval over the runs */
  difference: number;
  interval: [number, number];
}

/** What the simulation says of a question. */
export interface PressureAnswer {
  runs: number;
  weeks: number;
  casesPerRun: number;
  /** how long cases take, hours */
  mean: Compared;
  p90: Compared;
  /** cases that never end within the time that is looked at */
  unfinished: Compared;
  /** mean wait of each step that changes most, hours */
  steps: ({ step: string } & Compared)[];
  /** share of their working time for which people are busy, by number; the busiest first */
  people: { person: number; without: number; withIt: number }[];
}

/** More than so much of the mean apart, and what it says is not believed. */
const FARTHEST = 0.3;
/** With fewer cases to compare with, nothing is believed either. */
const LEAST_COMPARED = 20;
const RUNS = 20;
/**
 * Weeks that are looked at, after those that fill the queues, and before those in which what is begun ends.
 */
const WEEKS = 8;
const WARM_WEEKS = 6;
/** Work is done on so many rows at most in one run. */
const MOST_ROWS = 400_000;

/** A fitted shop with its check, to be asked several questions. */
export interface Prepared {
  fitted: FittedShop;
  /** how far simulated and observed times lie apart in weeks that were not fitted */
  check: Holdout;
  /** whether there are cases enough to check it by */
  isChecked: boolean;
  /** false where it is not checked, or the distance is more than 30 % of the mean: no answer is given then */
  fits: boolean;
  /**
   * of all waits of the log, the share that queues and absences explain: only that reacts to what is asked
   */
  queueShare: number;
  /** of all waits of the log, the share that is for the next run of what is done in runs */
  runShare: number;
}

/**
 * Fits a shop to the older part of the evidence, checks it against the newer part, and fits it anew to all of
 * it. Undefined where something is missing. Cases that came late in the evidence and may not have ended are
 * not compared.
 */
export function preparePressureTest(evidence: Evidence): Prepared | { missing: Need[] } {
  const missing = missingToFit(evidence);
  if (missing.length > 0) return { missing };
  const { from, middle, until } = windowOf(evidence);
  const older = fitShop(evidence, { from, to: middle });
  const fitted = fitShop(evidence, { from, to: evidence.range.to + 1, openFrom: until });
  if (!older || !fitted) return { missing: [{ kind: "whole weeks to fit" }] };
  const check = holdoutOf(evidence, older, until);
  if (!check) return { missing: [{ kind: "cases to compare" }] };
  const isChecked = check.cases >= LEAST_COMPARED;
  const { seen, queued, held } = fitted.waits;
  const shareOf = (ms: number) => (seen > 0 ? Math.min(1, ms / seen) : 0);
  return {
    fitted,
    check,
    isChecked,
    fits: isChecked && check.mean > 0 && check.distance <= FARTHEST * check.mean,
    queueShare: shareOf(queued),
    runShare: shareOf(held),
  };
}

/**
 * Simulates the coming weeks with and without what is asked, on the same arrivals, again and again; null
 * where it does not fit. Deterministic by the seed.
 */
export function pressureTest(
  evidence: Evidence,
  { fitted, fits }: Prepared,
  question: PressureQuestion,
  seed = 1,
): PressureAnswer | null {
  if (!fits) return null;
  const { shop, people } = fitted;
  const origin = mondayFrom(fitted.to);
  const from = origin + WARM_WEEKS * WEEK;
  const until = from + WEEKS * WEEK;
  const last = until + 26 * WEEK;
  const duty = fitted.dutyOver(origin, last);
  const plain: Shop = { ...shop, duty };
  const changedShop = shopWith(evidence, fitted, plain, question, from);
  const runs: { base: WindowRun; changed: WindowRun }[] = [];
  let budget = RUNS * MOST_ROWS;
  for (let i = 0; i < RUNS && budget > 0; i++) {
    const arrivals = fitted.arrivalsOver(new Random(`pressure ${seed}/${i}`), origin, until, last);
    const asked = arrivalsWith(arrivals, question, new Random(`asked ${seed}/${i}`), from);
    const base = runWindow(plain, arrivals, from, until);
    const changed = runWindow(changedShop, asked, from, until);
    budget -= base.events + changed.events;
    runs.push({ base, changed });
  }
  const of = (value: (run: WindowRun) => number) =>
    compared(runs.map(({ base, changed }) => [value(base), value(changed)]));
  const steps = evidence.activityNames
    .flatMap((step, a) => (shop.able[a].length === 0 ? [] : [{ step, ...of((run) => meanWait(run, a)) }]))
    .sort((x, y) => Math.abs(y.difference) - Math.abs(x.difference))
    .slice(0, 8);
  const there = duty.map((spans) => {
    let sum = 0;
    for (let s = 0; s < spans.length; s += 2)
      sum += Math.max(0, Math.min(spans[s + 1], until) - Math.max(spans[s], from));
    return sum;
  });
  const busy = (side: "base" | "changed", p: number) =>
    there[p] === 0 ? 0 : mean(runs.map((run) => run[side].worked[p])) / there[p];
  return {
    runs: runs.length,
    weeks: WEEKS,
    casesPerRun: Math.round(mean(runs.map(({ base }) => base.lengths.length + base.unfinished))),
    mean: of(({ lengths }) => mean(lengths) / HOUR),
    p90: of(({ lengths }) => (quantileOfSorted(lengths, 0.9) ?? 0) / HOUR),
    unfinished: of(({ unfinished }) => unfinished),
    steps,
    people: people
      .map((person, p) => ({ person, without: busy("base", p), withIt: busy("changed", p) }))
      .sort((x, y) => y.withIt - x.withIt)
      .slice(0, 8),
  };
}

/** Hours that an activity of the cases of the period waits, on average, in its queue and for its run. */
const meanWait = ({ done, waited }: WindowRun, a: number) => (done[a] > 0 ? waited[a] / done[a] / HOUR : 0);

const mean = (list: ArrayLike<number>) =>
  Array.from(list).reduce((sum, v) => sum + v, 0) / Math.max(1, list.length);

/** Means and the interval of the paired differences. */
function compared(pairs: readonly (readonly [number, number])[]): Compared {
  const n = Math.max(1, pairs.length);
  const mean = (of: (pair: readonly [number, number]) => number) =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / n;
  const difference = mean(([a, b]) => b - a);
  const variance = pairs.reduce((sum, [a, b]) => sum + (b - a - difference) ** 2, 0) / Math.max(1, n - 1);
  const half = studentQuantile(0.975, Math.max(1, n - 1)) * Math.sqrt(variance / n);
  return {
    without: mean(([a]) => a),
    withIt: mean(([, b]) => b),
    difference,
    interval: [difference - half, difference + half],
  };
}

/** The shop as it would be. */
function shopWith(
  evidence: Evidence,
  { people, roleDoes }: FittedShop,
  plain: Shop,
  question: PressureQuestion,
  from: number,
): Shop {
  switch (question.kind) {
    case "volume":
      return plain;
    case "away": {
      const p = people.indexOf(question.person);
      const until = from + question.weeks * WEEK;
      return {
        ...plain,
        duty: plain.duty.map((spans, i) => (i === p ? without(spans, from, until) : spans)),
      };
    }
    case "moved": {
      const theirs = new Set(roleDoes.get(question.to) ?? []);
      return {
        ...plain,
        able: plain.able.map((who) =>
          who.length > 0 && isOf(who, roleDoes.get(question.from) ?? []) ? [...theirs] : who,
        ),
      };
    }
    case "assistant": {
      const activities = activitiesOf(evidence, question.step);
      return withAssistant(plain, activities, question.share, question.error);
    }
  }
}

const isOf = (who: readonly number[], role: readonly number[]) => {
  const set = new Set(role);
  return who.filter((p) => set.has(p)).length * 2 > who.length;
};

export const activitiesOf = ({ described, activityNames }: Evidence, step: string): number[] =>
  described?.steps.find(({ name }) => name === step)?.activities ??
  activityNames.flatMap((name, a) => (name === step ? [a] : []));

/** Spans without a time of absence. */
function without(spans: Float64Array, from: number, to: number): Float64Array {
  const left: number[] = [];
  for (let s = 0; s < spans.length; s += 2) {
    const [a, b] = [spans[s], spans[s + 1]];
    if (a < Math.min(b, from)) left.push(a, Math.min(b, from));
    if (Math.max(a, to) < b) left.push(Math.max(a, to), b);
  }
  return Float64Array.from(left);
}

/** A wrong result is noticed after a working day, and done anew by people. */
const NOTICED_MS = 24 * HOUR;

/**
 * Templates in which a share of the executions takes nobody and no time, of which a share is wrong: noticed a
 * day later, and done again by people. Which execution it is depends on its place alone, so that runs differ
 * by their arrivals only.
 */
function withAssistant(plain: Shop, activities: readonly number[], share: number, error: number): Shop {
  const own = new Set(activities);
  const random = new Random("assistant");
  const nobody = plain.able.length;
  const row = new Uint32Array(plain.row.length);
  const activity: number[] = [];
  const handling: number[] = [];
  const delay: number[] = [];
  for (let t = 0; t + 1 < plain.row.length; t++) {
    for (let r = plain.row[t]; r < plain.row[t + 1]; r++) {
      const a = plain.activity[r];
      if (!own.has(a) || !random.chance(share)) {
        activity.push(a);
        handling.push(plain.handling[r]);
        delay.push(plain.delay[r]);
        continue;
      }
      activity.push(nobody);
      handling.push(0);
      delay.push(0);
      if (random.chance(error)) {
        activity.push(a);
        handling.push(plain.handling[r]);
        delay.push(NOTICED_MS);
      }
    }
    row[t + 1] = activity.length;
  }
  return {
    ...plain,
    row,
    activity: Uint16Array.from(activity),
    handling: Float64Array.from(handling),
    delay: Float64Array.from(delay),
    able: [...plain.able, []],
  };
}

/** Arrivals as they would be: more of them, each further one like one that came in the same week. */
function arrivalsWith(
  { time, template, runs }: Arrivals,
  question: PressureQuestion,
  random: Random,
  from: number,
): Arrivals {
  if (question.kind !== "volume") return { time, template, runs };
  const all: [number, number][] = [];
  for (let c = 0; c < time.length; c++) {
    all.push([time[c], template[c]]);
    if (time[c] < from || (question.monthEndOnly && !isMonthEnd(time[c]))) continue;
    for (let more = question.more; more > 0; more--)
      if (random.chance(Math.min(1, more))) all.push([time[c] + random.between(0, 4 * HOUR), template[c]]);
  }
  all.sort((a, b) => a[0] - b[0]);
  return {
    time: Float64Array.from(all, ([at]) => at),
    template: Uint32Array.from(all, ([, t]) => t),
    runs,
  };
}

/** The last five days of a month and the first two. */
function isMonthEnd(at: number): boolean {
  const date = new Date(at);
  const days = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.getUTCDate() > days - 5 || date.getUTCDate() <= 2;
}
