import type { Evidence } from "../evidence/evidence.ts";
import { earthMovers } from "../statistics/earth-movers.ts";
import { Random } from "../statistics/random.ts";
import { runShop, type Arrivals } from "./engine.ts";
import type { FittedShop } from "./fit.ts";
import { mondayFrom, WEEK } from "./weeks.ts";

const HOUR = 3_600_000;
const RUNS = 5;
const LONGEST_WARM_UP = 8 * WEEK;

/** How far simulated and observed times lie apart, hours. */
export interface Apart {
  /** earth mover's distance */
  distance: number;
  /** the same between the weeks that were fitted and the observed ones */
  before: number;
  /** mean of the observed and of the simulated ones */
  mean: number;
  simulatedMean: number;
}

/** How well a fitted shop foretells weeks that it has not seen. */
export interface Holdout extends Apart {
  /** cases that were observed; of them how long they take is compared */
  cases: number;
  /** waits of steps, since the step before; null where cases have one step */
  waits: Apart | null;
  /** time that is left of a case after each step but the last; null where cases have one step */
  remaining: Apart | null;
}

/** Times of some cases, hours. */
interface Times {
  lengths: number[];
  waits: number[];
  remaining: number[];
}

/**
 * Simulates the weeks after a span and compares how long cases take, wait and have left after each step with
 * what was seen: of those, on both sides, that ended before the evidence does. Undefined where there are
 * none. Five simulations.
 */
export function holdoutOf(evidence: Evidence, fitted: FittedShop, until: number): Holdout | undefined {
  const { log, range, isClosed } = evidence;
  const begin = log.start ?? log.time;
  const newer: number[] = [];
  for (let c = 0; c < log.caseCount; c++) {
    const at = begin[log.caseStart[c]];
    if (at >= fitted.to && at < until && isClosed[c] === 1) newer.push(c);
  }
  const seen = observedTimes(evidence, newer);
  const older = observedTimes(evidence, fitted.cases);
  const simulated: Times = { lengths: [], waits: [], remaining: [] };
  const origin = mondayFrom(fitted.to - Math.min(LONGEST_WARM_UP, fitted.to - fitted.from));
  const last = until + 52 * WEEK;
  const shop = { ...fitted.shop, duty: fitted.dutyOver(origin, last) };
  for (let run = 0; run < RUNS; run++) {
    const arrivals = fitted.arrivalsOver(new Random(`held out ${run}`), origin, until, last);
    simulate(shop, arrivals, (came, end) => came >= fitted.to && end <= range.to, simulated);
  }
  if (seen.lengths.length === 0 || simulated.lengths.length === 0) return undefined;
  const apart = (of: keyof Times) =>
    simulated[of].length === 0 || seen[of].length === 0 || older[of].length === 0
      ? null
      : compare(simulated[of], seen[of], older[of]);
  return {
    ...compare(simulated.lengths, seen.lengths, older.lengths),
    cases: seen.lengths.length,
    waits: apart("waits"),
    remaining: apart("remaining"),
  };
}

function observedTimes({ log }: Evidence, cases: ArrayLike<number>): Times {
  const begin = log.start ?? log.time;
  const times: Times = { lengths: [], waits: [], remaining: [] };
  for (let i = 0; i < cases.length; i++) {
    const [first, end] = [log.caseStart[cases[i]], log.caseStart[cases[i] + 1]];
    times.lengths.push((log.time[end - 1] - begin[first]) / HOUR);
    for (let e = first; e < end; e++) {
      if (e > first) times.waits.push(Math.max(0, begin[e] - log.time[e - 1]) / HOUR);
      if (e + 1 < end) times.remaining.push((log.time[end - 1] - log.time[e]) / HOUR);
    }
  }
  return times;
}

/** Adds the times of the simulated cases that count. */
function simulate(
  shop: FittedShop["shop"],
  arrivals: Arrivals,
  counts: (came: number, end: number) => boolean,
  into: Times,
): void {
  const since = Float64Array.from(arrivals.time);
  const [caseOf, wait, doneAt]: [number[], number[], number[]] = [[], [], []];
  const isFirst = (c: number, row: number) => row === shop.row[arrivals.template[c]];
  const { end } = runShop(shop, arrivals, {
    begun(c, row, at) {
      caseOf.push(c);
      wait.push(isFirst(c, row) ? NaN : at - since[c]);
      doneAt.push(NaN);
    },
    ended(c, row, at) {
      since[c] = at;
      if (row + 1 === shop.row[arrivals.template[c] + 1]) return;
      caseOf.push(c);
      wait.push(NaN);
      doneAt.push(at);
    },
  });
  const isCounted = arrivals.time.map((came, c) => (counts(came, end[c]) ? 1 : 0));
  isCounted.forEach((yes, c) => {
    if (yes) into.lengths.push((end[c] - arrivals.time[c]) / HOUR);
  });
  caseOf.forEach((c, i) => {
    if (isCounted[c] === 0) return;
    if (!Number.isNaN(wait[i])) into.waits.push(wait[i] / HOUR);
    if (!Number.isNaN(doneAt[i])) into.remaining.push((end[c] - doneAt[i]) / HOUR);
  });
}

function compare(simulated: number[], seen: number[], older: number[]): Apart {
  const mean = (list: number[]) => list.reduce((sum, v) => sum + v, 0) / Math.max(1, list.length);
  return {
    distance: earthMovers(simulated, seen),
    before: earthMovers(older, seen),
    mean: mean(seen),
    simulatedMean: mean(simulated),
  };
}
