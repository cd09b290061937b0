import { interruptedSeries, LEAST_PLACES } from "../outcomes/interrupted-series.ts";
import { measures as allMeasures, type MeasureId } from "../outcomes/measures/index.ts";
import type { WeeklySeries } from "../outcomes/weekly-series.ts";
import { promiseKept, type Kept, type PromisedChange } from "./promise-result.ts";

const WEEK = 604_800_000;

/**
 * What steps did week by week: `from` is the begin of the first week, null where the evidence has no whole
 * one.
 */
export type StepSeries = { from: string | null; unknown: string[] } & Omit<WeeklySeries, "from">;

/**
 * A process that an implementation touches, with the series of the steps touched; undefined where it has no
 * events.
 */
export interface TouchedSeries {
  id: string;
  name: string;
  series: StepSeries | undefined;
}

/** One measure of one process before and after. */
export interface MeasureResult {
  measure: MeasureId;
  name: string;
  unit: "h" | "share";
  values: (number | null)[];
  /** what the earlier trend (and the comparison) predicts from the start on */
  expected: (number | null)[];
  verdict: "less" | "more" | "cannot be shown";
  before: number | null;
  after: number | null;
  /** mean of what was seen less what was expected, with an interval for all measures together */
  effect: number | null;
  interval: [number, number] | null;
  /** why nothing can be shown, where nothing can */
  why: string | null;
}

/** What came of one measure, with the name of its process. */
export type MeasuredOf = { process: string } & Pick<
  MeasureResult,
  "name" | "unit" | "verdict" | "effect" | "interval" | "why"
> & { measure: string };

/** The results in one process. */
export interface ProcessResults {
  id: string;
  name: string;
  /** begin of the first week */
  from: string | null;
  /** the week in which the implementation starts */
  startsAt: number;
  executions: number[];
  unknown: string[];
  measures: MeasureResult[];
  /** why nothing is known of it */
  missing: string | null;
}

export interface OutcomeMoney {
  currency: string;
  savedPerMonth: number;
  interval: [number, number];
  costPerMonth: number | null;
  netPerMonth: number | null;
  netInterval: [number, number] | null;
  hourly: number;
  assumed: boolean;
}

/** What came of a promise in one process. */
export interface PromiseResult extends Kept {
  id: string;
  process: string;
  /** the evidence reaches the day on which it is to be looked at */
  due: boolean;
  evidenceEnds: string | null;
}

/** A promise about something that is measured, or not (`measure` null or missing). */
export type MeasuredPromise = { id: string; by: string; measure?: MeasureId | null } & PromisedChange;

/** What an implementation is said to be, as far as its results go. */
export interface StartedTool {
  /** the day on which it went live */
  startsOn: string;
  currency: string | null;
  costPerMonth: number | null;
}

/**
 * Where are the results? Each measure of each process before and after the start, against the comparison
 * where one is given; what the hours are worth; and whether promises that still count were kept. Of several
 * measures one would change by chance soon, so that intervals hold for all measures of all `touched`
 * processes together (Bonferroni). O(weeks³ of a series), weeks being some hundreds.
 */
export function resultsOf(
  tool: StartedTool,
  touched: readonly TouchedSeries[],
  beside: StepSeries | undefined,
  promises: readonly MeasuredPromise[],
  rates: { currency: string; hourly: number; assumed: boolean },
  /** processes that it touches, also those that were removed since */
  comparisons = touched.length,
): {
  processes: ProcessResults[];
  money: OutcomeMoney | null;
  promises: PromiseResult[];
  measured: MeasuredOf[];
} {
  const start = Date.parse(`${tool.startsOn}T00:00:00Z`);
  const confidence = 1 - 0.05 / (allMeasures.length * Math.max(1, comparisons));
  const processes = touched.map((one) => processResults(one, start, beside, confidence));
  return {
    processes,
    money: worthOf(
      processes.map(({ measures, executions, startsAt }) => ({
        hours: measures.find(({ measure }) => measure === "hours"),
        executions: executions.slice(Math.max(0, startsAt)),
      })),
      rates,
      (tool.currency ?? rates.currency) === rates.currency ? tool.costPerMonth : null,
    ),
    promises: promises.flatMap((promise) =>
      processes.flatMap((process) => promiseIn(promise, process) ?? []),
    ),
    measured: processes.flatMap(({ name, measures }) => measures.map((one) => ({ process: name, ...one }))),
  };
}

/** What came of a promise in a process; undefined where it is about nothing that is measured there. */
function promiseIn(
  promise: MeasuredPromise,
  { id: process, measures, from, executions }: ProcessResults,
): PromiseResult | undefined {
  const seen = measures.find(({ measure }) => measure === promise.measure);
  if (!seen) return undefined;
  const ends = from === null ? null : Date.parse(from) + executions.length * WEEK;
  const { unit, after, effect, interval, why } = seen;
  const kept: Kept =
    after === null || effect === null || interval === null
      ? { verdict: "cannot be shown", words: why ?? "nothing was seen of it" }
      : promiseKept(promise, { unit, after, effect, interval });
  return {
    id: promise.id,
    process,
    due: ends !== null && Date.parse(`${promise.by}T00:00:00Z`) <= ends,
    evidenceEnds: ends === null ? null : new Date(ends).toISOString().slice(0, 10),
    ...kept,
  };
}

/** The measures of one process before and after. */
function processResults(
  { id, name, series: answer }: TouchedSeries,
  start: number,
  beside: StepSeries | undefined,
  confidence: number,
): ProcessResults {
  const nothing = {
    id,
    name,
    from: null,
    startsAt: 0,
    executions: [],
    unknown: answer?.unknown ?? [],
    measures: [],
  };
  if (!answer || answer.from === null)
    return { ...nothing, missing: "an import of its events, over a whole week or more" };
  const from = Date.parse(answer.from);
  const startsAt = Math.round((start - from) / WEEK);
  const shift = beside?.from ? Math.round((from - Date.parse(beside.from)) / WEEK) : 0;
  const measures = allMeasures.map(({ id: measure, words, unit, needs }): MeasureResult => {
    const values = answer.means[measure];
    const comparison =
      beside?.from && beside.means[measure].some((value) => value !== null)
        ? values.map((_, week) => beside.means[measure][week + shift] ?? null)
        : undefined;
    const uncompared = beside !== undefined && comparison === undefined;
    const effect = uncompared ? undefined : interruptedSeries(values, startsAt, comparison, confidence);
    const seen = values.filter((value) => value !== null).length;
    const [weeksBefore, weeksAfter] = [
      values.slice(0, Math.max(0, startsAt)).filter((value) => value !== null).length,
      values.slice(Math.max(0, startsAt)).filter((value) => value !== null).length,
    ];
    const why = effect
      ? null
      : seen === 0 && needs !== null
        ? `${needs} is not recorded`
        : Math.min(weeksBefore, weeksAfter) < LEAST_PLACES
          ? `it takes ${LEAST_PLACES} weeks with work before and after; there are ${weeksBefore} and ${weeksAfter}`
          : uncompared
            ? "the comparison does not record this"
            : "the comparison has too few values for the same weeks, or only a trend of its own";
    return {
      measure,
      name: words,
      unit,
      values,
      expected: effect?.course ?? values.map(() => null),
      verdict: !effect
        ? "cannot be shown"
        : effect.interval[1] < 0
          ? "less"
          : effect.interval[0] > 0
            ? "more"
            : "cannot be shown",
      before: effect?.before ?? null,
      after: effect?.after ?? null,
      effect: effect?.effect ?? null,
      interval: effect?.interval ?? null,
      why,
    };
  });
  return { ...nothing, from: answer.from, startsAt, executions: answer.executions, measures, missing: null };
}

const WEEKS_A_MONTH = 365.25 / 12 / 7;

/**
 * What the hours are worth a month, less what the tool costs there (null where that is not known); null where
 * hours are told of no process. Low and high ends of several processes are added, which errs to the wide
 * side.
 */
export function worthOf(
  processes: readonly {
    /** hours an execution, against what was expected */
    hours: { effect: number | null; interval: [number, number] | null } | undefined;
    /** executions of each week since it began */
    executions: readonly number[];
  }[],
  rates: { currency: string; hourly: number; assumed: boolean },
  costPerMonth: number | null,
): OutcomeMoney | null {
  let [saved, low, high, told] = [0, 0, 0, 0];
  for (const { hours, executions } of processes) {
    if (!hours?.interval || hours.effect === null) continue;
    const perMonth =
      (executions.reduce((sum, n) => sum + n, 0) / Math.max(1, executions.length)) * WEEKS_A_MONTH;
    const price = (value: number) => -value * perMonth * rates.hourly;
    saved += price(hours.effect);
    low += price(hours.interval[1]);
    high += price(hours.interval[0]);
    told++;
  }
  if (told === 0) return null;
  return {
    currency: rates.currency,
    savedPerMonth: saved,
    interval: [low, high],
    costPerMonth,
    netPerMonth: costPerMonth === null ? null : saved - costPerMonth,
    netInterval: costPerMonth === null ? null : [low - costPerMonth, high - costPerMonth],
    hourly: rates.hourly,
    assumed: rates.assumed,
  };
}
