import { personCalendars } from "../discovery/person-calendars.ts";
import type { Evidence } from "../detectors/evidence.ts";
import type { WorkCalendar } from "../eventlog/calendar.ts";
import { weekdayOf } from "../eventlog/calendar.ts";
import { nameAt } from "../eventlog/strings.ts";
import { Random } from "../statistics/random.ts";
import { runShop, type Arrivals, type Run, type Shop } from "./engine.ts";

const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** Whoever did so small a share of an activity is not counted on for it. */
const LEAST_SHARE = 0.01;
/** How often delays are fitted again to the waits that they leave. */
const ROUNDS = 4;

/** A shop that works as a span of the log did. */
export interface FittedShop {
  shop: Shop;
  /** the span that it was fitted to */
  from: number;
  to: number;
  /** cases of the log that are templates, by their number there */
  cases: Uint32Array;
  /** of each activity, how much of its observed waits is neither queue nor absence: 0 to 1 */
  idleShare: Float64Array;
  /** people who can do something, by their code in the log */
  people: number[];
  /** of each role, the places in `people` of those who mostly act under it */
  roleDoes: Map<string, number[]>;
  /** all waits of the templates as they were, and what of them queues and absences explain; ms */
  waits: { seen: number; queued: number };
  /** spans of people over a period, for their calendars */
  dutyOver(from: number, to: number): Float64Array[];
  /** arrivals over a period, drawn from the weeks of the span */
  arrivalsOver(random: Random, from: number, to: number): Arrivals;
}

/** What is missing to fit a shop to this evidence; empty where nothing is. */
export function missingToFit(evidence: Evidence): string[] {
  const { log } = evidence;
  return [
    ...(log.person ? [] : ["who did each step (a person column)"]),
    ...(log.caseCount >= 100 ? [] : ["a hundred cases or more"]),
    ...(evidence.range.to - evidence.range.from >= 8 * WEEK ? [] : ["evidence of eight weeks or more"]),
  ];
}

/**
 * Fits a shop to the cases of [from, to): what cases do and how long it takes is theirs, case by case (so that what hangs together stays together); people can do what they have done; they are there in the hours in which they work; whole weeks of arrivals are drawn, those
 * with an end of month for those with one. What of the observed waits queues and absences do not explain (estimated by simulating without it, again and again) passes as a delay. Undefined where something is missing. O(rounds · events · log).
 */
export function fitShop(evidence: Evidence, from: number, to: number): FittedShop | undefined {
  if (missingToFit(evidence).length > 0) return undefined;
  const { log, isAutomatic, calendar, zone, activityNames } = evidence;
  const { caseStart, time, activity } = log;
  const person = log.person!;
  const begin = log.start ?? time;
  const kinds = activityNames.length;
  const inside: number[] = [];
  const begun: number[] = [];
  for (let c = 0; c < log.caseCount; c++) {
    const first = begin[caseStart[c]];
    if (first < from || first >= to) continue;
    begun.push(c);
    if (time[caseStart[c + 1] - 1] < to) inside.push(c);
  }
  if (inside.length < 50) return undefined;
  const templateOf = new Map(inside.map((c, t) => [c, t]));

  // who can do what
  const counts = Array.from({ length: kinds }, () => new Map<number, number>());
  const executions = new Float64Array(kinds);
  for (const c of inside)
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      const p = person[e];
      executions[activity[e]]++;
      if (p > 0 && isAutomatic[p] !== 1) counts[activity[e]].set(p, (counts[activity[e]].get(p) ?? 0) + 1);
    }
  const able = counts.map((who, a) => {
    const all = [...who.values()].reduce((sum, n) => sum + n, 0);
    if (all < executions[a] / 2) return [];
    return [...who]
      .filter(([, n]) => n >= Math.max(2, all * LEAST_SHARE))
      .sort((x, y) => y[1] - x[1] || x[0] - y[0])
      .map(([p]) => p);
  });
  const people = [...new Set(able.flat())].sort((x, y) => x - y);
  const place = new Map(people.map((p, i) => [p, i]));
  const calendars = personCalendars(log, calendar, { zone });

  const rows = inside.reduce((sum, c) => sum + caseStart[c + 1] - caseStart[c], 0);
  const shop: Shop = {
    row: new Uint32Array(inside.length + 1),
    activity: new Uint16Array(rows),
    handling: new Float64Array(rows),
    delay: new Float64Array(rows),
    able: able.map((who) => who.map((p) => place.get(p)!)),
    duty: [],
  };
  /** the wait of each row as it was */
  const seen = new Float64Array(rows);
  let r = 0;
  inside.forEach((c, t) => {
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++, r++) {
      const a = activity[e];
      const own = calendars[person[e]] ?? calendar;
      shop.activity[r] = a;
      shop.handling[r] =
        able[a].length === 0
          ? Math.max(0, time[e] - begin[e])
          : log.start
            ? own.workingMs(begin[e], time[e])
            : (evidence.handling(a)?.hours ?? 0) * 3_600_000;
      // where begins are not recorded, the time between two ends holds the work as well
      const work = log.start || able[a].length === 0 ? 0 : shop.handling[r];
      seen[r] = e === caseStart[c] ? 0 : Math.max(0, begin[e] - time[e - 1] - work);
    }
    shop.row[t + 1] = r;
  });

  const dutyOver = (a: number, b: number) => people.map((p) => spansOf(calendars[p], a, b));
  const weeks = weeksOf(begun, begin, caseStart, from, to);
  const arrivalsOver = (random: Random, a: number, b: number): Arrivals => {
    const found: [number, number][] = [];
    for (let at = a; at < b; at += WEEK) {
      const alike = weeks.filter(({ endOfMonth }) => endOfMonth === hasMonthEnd(at));
      const pool = alike.length > 0 ? alike : weeks;
      const week = pool[random.below(pool.length)];
      for (const { after, c } of week.cases)
        if (at + after < b) found.push([at + after, templateOf.get(c) ?? random.below(inside.length)]);
    }
    found.sort((x, y) => x[0] - y[0]);
    return {
      time: Float64Array.from(found, ([at]) => at),
      template: Uint32Array.from(found, ([, t]) => t),
    };
  };

  // what of the waits is delay: simulate the cases as they came, and leave what queues and absences explain
  const idleShare = new Float64Array(kinds);
  const observed = new Float64Array(kinds);
  for (let i = 0; i < rows; i++) observed[shop.activity[i]] += seen[i];
  const cameAt = (t: number) => begin[caseStart[inside[t]]];
  const order = Uint32Array.from(inside.keys()).sort((x, y) => cameAt(x) - cameAt(y));
  const asTheyCame: Arrivals = { time: Float64Array.from(order, cameAt), template: order };
  const duty = dutyOver(from, to + 26 * WEEK);
  // from no delay on: with all of it every case would come when it was taken up, and no queue would ever show
  idleShare.fill(0);
  let queued = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < rows; i++) shop.delay[i] = seen[i] * idleShare[shop.activity[i]];
    const run = runShop({ ...shop, duty }, asTheyCame);
    queued = run.waited.reduce((sum, ms) => sum + ms, 0);
    for (let a = 0; a < kinds; a++) {
      if (observed[a] <= 0 || run.done[a] === 0) continue;
      // queues leave so much of the waits over; a step half way keeps the rounds from swinging
      const left = Math.max(0, Math.min(1, 1 - run.waited[a] / observed[a]));
      idleShare[a] = round === 0 ? left : (idleShare[a] + left) / 2;
    }
  }
  for (let i = 0; i < rows; i++) shop.delay[i] = seen[i] * idleShare[shop.activity[i]];
  const roleDoes = new Map<string, number[]>();
  people.forEach((p, i) => {
    const role = evidence.roleOfPerson[p];
    if (role === 0) return;
    const name = nameAt(log.roles, role);
    roleDoes.set(name, [...(roleDoes.get(name) ?? []), i]);
  });
  return {
    shop,
    from,
    to,
    cases: Uint32Array.from(inside),
    idleShare,
    people,
    roleDoes,
    waits: { seen: observed.reduce((sum, ms) => sum + ms, 0), queued },
    dutyOver,
    arrivalsOver,
  };
}

/** The spans of a calendar over a period. */
function spansOf(calendar: WorkCalendar, from: number, to: number): Float64Array {
  const spans: number[] = [];
  for (let day = Math.floor(from / DAY) - 1; day * DAY < to + DAY; day++) {
    const hours = calendar.hours[weekdayOf(day)];
    if (!hours || calendar.holidays.has(day)) continue;
    const [a, b] = hours.map((minutes) => {
      const local = day * DAY + minutes * 60_000;
      return local - calendar.zone.offsetAt(local);
    });
    if (b <= from || a >= to || b <= a) continue;
    const begin = Math.max(a, from);
    // days that touch are one span
    if (spans.length > 0 && begin <= spans.at(-1)!) spans[spans.length - 1] = Math.min(b, to);
    else spans.push(begin, Math.min(b, to));
  }
  return Float64Array.from(spans);
}

interface Week {
  endOfMonth: boolean;
  cases: { after: number; c: number }[];
}

/** Whether a month ends within the week that begins then. */
const hasMonthEnd = (at: number) => new Date(at).getUTCMonth() !== new Date(at + WEEK).getUTCMonth();

/** The whole weeks of a span (from Monday on), with the cases that came in each. */
function weeksOf(
  cases: readonly number[],
  begin: Float64Array,
  caseStart: Uint32Array,
  from: number,
  to: number,
): Week[] {
  const first = mondayFrom(from);
  const weeks: Week[] = [];
  for (let at = first; at + WEEK <= to; at += WEEK) weeks.push({ endOfMonth: hasMonthEnd(at), cases: [] });
  for (const c of cases) {
    const at = begin[caseStart[c]];
    const week = Math.floor((at - first) / WEEK);
    if (week >= 0 && week < weeks.length) weeks[week].cases.push({ after: at - first - week * WEEK, c });
  }
  return weeks;
}

/** The first Monday, midnight UTC, from then on. */
export function mondayFrom(at: number): number {
  const day = Math.ceil(at / DAY);
  return (day + ((7 - weekdayOf(day)) % 7)) * DAY;
}

/** How far two samples lie apart: the mean distance by which one must be moved to become the other (earth mover's, Wasserstein-1), in their unit. Sorts copies. */
export function earthMovers(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length === 0 || b.length === 0) return NaN;
  const [x, y] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  let [i, j, sum] = [0, 0, 0];
  let share = 0;
  while (i < x.length && j < y.length) {
    const until = Math.min((i + 1) / x.length, (j + 1) / y.length);
    sum += (until - share) * Math.abs(x[i] - y[j]);
    share = until;
    if (until >= (i + 1) / x.length - 1e-15) i++;
    if (until >= (j + 1) / y.length - 1e-15) j++;
  }
  return sum;
}

/** How well a fitted shop foretells weeks that it has not seen. */
export interface HeldOut {
  /** hours by which simulated and observed times of cases lie apart, and those of the fitted span */
  distance: number;
  before: number;
  /** mean of the observed ones, hours */
  mean: number;
  cases: number;
  simulatedMean: number;
}

/** Simulates the weeks after a span and compares how long cases take with what was seen. */
export function heldOut(evidence: Evidence, fitted: FittedShop, until: number, runs = 5, seed = 1): HeldOut {
  const { log } = evidence;
  const begin = log.start ?? log.time;
  const lengthOf = (c: number) => log.time[log.caseStart[c + 1] - 1] - begin[log.caseStart[c]];
  const hours = (ms: number) => ms / 3_600_000;
  const seen: number[] = [];
  for (let c = 0; c < log.caseCount; c++) {
    const at = begin[log.caseStart[c]];
    if (at >= fitted.to && at < until) seen.push(hours(lengthOf(c)));
  }
  const before = Array.from(fitted.cases, (c) => hours(lengthOf(c)));
  const simulated: number[] = [];
  const warm = Math.min(8 * WEEK, fitted.to - fitted.from);
  const origin = mondayFrom(fitted.to - warm);
  const duty = fitted.dutyOver(origin, until + 52 * WEEK);
  for (let run = 0; run < runs; run++) {
    const arrivals = fitted.arrivalsOver(new Random(`held out ${seed}/${run}`), origin, until);
    const result = runShop({ ...fitted.shop, duty }, arrivals);
    simulated.push(...lengthsOf(arrivals, result, fitted.to, until).map(hours));
  }
  const mean = (list: number[]) => list.reduce((sum, v) => sum + v, 0) / Math.max(1, list.length);
  return {
    distance: earthMovers(simulated, seen),
    before: earthMovers(before, seen),
    mean: mean(seen),
    simulatedMean: mean(simulated),
    cases: seen.length,
  };
}

/** How long the cases take that come within a period, ms; those that never end are left out. */
export function lengthsOf({ time }: Arrivals, { end }: Run, from: number, to: number): number[] {
  const lengths: number[] = [];
  for (let c = 0; c < time.length; c++)
    if (time[c] >= from && time[c] < to && !Number.isNaN(end[c])) lengths.push(end[c] - time[c]);
  return lengths;
}
