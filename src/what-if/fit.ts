import type { Evidence } from "../evidence/evidence.ts";
import type { Need } from "../evidence/need.ts";
import type { WorkCalendar } from "../eventlog/calendar.ts";
import { handlingMs } from "../eventlog/handling.ts";
import type { Random } from "../statistics/random.ts";
import { fitDelays, type Waits } from "./delays.ts";
import type { Arrivals, Shop } from "./engine.ts";
import { longerTemplates } from "./longer-templates.ts";
import { priorityOf, type Priority } from "./priorities.ts";
import { mondayFrom, WEEK, weekDrawer, wholeWeeks } from "./weeks.ts";
import { workRuns } from "./work-runs.ts";
import { workforceOf, type Workforce } from "./workforce.ts";

const LEAST_CASES = 50;
/** Weeks that are drawn again and again should be some. */
const LEAST_WEEKS = 4;

/** A shop that works as a span of the log did. */
export interface FittedShop extends Pick<Workforce, "people" | "roleDoes" | "dutyOver"> {
  shop: Shop;
  /** the span that it was fitted to */
  from: number;
  to: number;
  /** cases of the log that are templates, by their number there */
  cases: Uint32Array;
  waits: Waits;
  /** activities that are done in runs */
  inRuns: number[];
  /** what is taken up first; undefined where it is what has waited longest */
  priority: Priority | undefined;
  /**
   * what comes over a period, drawn from the weeks of the span; runs go on until `until`, so that what has
   * begun can end
   */
  arrivalsOver(random: Random, from: number, to: number, until: number): Arrivals;
}

/** Which cases a shop is fitted to, ms since epoch. */
export interface Fitted {
  /** those that begin in [from, to) */
  from: number;
  to: number;
  /** nothing that happens from then on is known; `to` where it is not said */
  known?: number;
  /** a case that begins from then on and does not look closed has not ended */
  openFrom?: number;
}

/** What is missing to fit a shop to this evidence; empty where nothing is. */
export function missingToFit(evidence: Evidence): Need[] {
  const { log } = evidence;
  const needs: Need[] = [];
  if (!log.person) needs.push({ kind: "column", role: "person" });
  if (log.caseCount < 100) needs.push({ kind: "cases", least: 100 });
  if (evidence.range.to - evidence.range.from < 8 * WEEK) needs.push({ kind: "weeks", least: 8 });
  return needs;
}

/**
 * Fits a shop to the cases of a span: what cases do and how long it takes is theirs, case by case (so that
 * what hangs together stays together); people can do what they have done; they are there in the hours in
 * which they work; what is done in runs waits for the next, what is urgent goes first where the log shows
 * that; whole weeks of arrivals and runs are drawn. What of the observed waits all that does not explain
 * passes as a delay. Where a case is drawn that has not ended, a longer one takes its place. Undefined where
 * something is missing, fewer than fifty cases have ended or there are fewer than four whole weeks. O(rounds
 * · events · log).
 */
export function fitShop(
  evidence: Evidence,
  { from, to, known = to, openFrom = Infinity }: Fitted,
): FittedShop | undefined {
  if (missingToFit(evidence).length > 0 || wholeWeeks(from, to) < LEAST_WEEKS) return undefined;
  const { log, isClosed } = evidence;
  const { caseStart, time } = log;
  const begin = log.start ?? time;
  const ended: number[] = [];
  const begun: number[] = [];
  for (let c = 0; c < log.caseCount; c++) {
    const first = begin[caseStart[c]];
    if (first < from || first >= to) continue;
    begun.push(c);
    if (time[caseStart[c + 1] - 1] < known && (first < openFrom || isClosed[c] === 1)) ended.push(c);
  }
  if (ended.length < LEAST_CASES) return undefined;
  const workforce = workforceOf(evidence, ended);
  const { shop, seen } = templatesOf(evidence, ended, workforce);
  const priority = priorityOf(evidence, from, known);
  if (priority) shop.rank = Uint8Array.from(ended, (c) => priority.rank[c]);

  const cameAt = (c: number) => begin[caseStart[c]];
  const longer = longerTemplates(
    Float64Array.from(ended, (c) => time[caseStart[c + 1] - 1] - cameAt(c)),
    Float64Array.from(begun, (c) => known - cameAt(c)),
  );
  const templateOf = new Map(ended.map((c, t) => [c, t]));
  const runs = workRuns(evidence, from, known);
  const arrivalsOver = weekDrawer(
    { from, to, cases: Float64Array.from(begun, cameAt), runs },
    (place, random) => templateOf.get(begun[place]) ?? longer(known - cameAt(begun[place]), random.next()),
  );
  const order = Uint32Array.from(ended.keys()).sort((s, t) => cameAt(ended[s]) - cameAt(ended[t]) || s - t);
  const last = known + 26 * WEEK;
  const waits = fitDelays(
    Object.assign(shop, { duty: workforce.dutyOver(from, last) }),
    seen,
    { time: Float64Array.from(order, (t) => cameAt(ended[t])), template: order, runs },
    (random) => arrivalsOver(random, mondayFrom(from), to, last),
  );
  return {
    shop,
    from,
    to,
    cases: Uint32Array.from(ended),
    people: workforce.people,
    roleDoes: workforce.roleDoes,
    dutyOver: workforce.dutyOver,
    waits,
    inRuns: runs.flatMap((starts, a) => (starts ? [a] : [])),
    priority,
    arrivalsOver,
  };
}

/** The rows of cases as templates, without delays yet, and how long each waited. */
function templatesOf(
  evidence: Evidence,
  cases: readonly number[],
  { able, calendars }: Workforce,
): { shop: Shop; seen: Float64Array } {
  const { log, calendar } = evidence;
  const { caseStart, time, activity } = log;
  const person = log.person!;
  const begin = log.start ?? time;
  const rows = cases.reduce((sum, c) => sum + caseStart[c + 1] - caseStart[c], 0);
  const shop: Shop = {
    row: new Uint32Array(cases.length + 1),
    activity: new Uint16Array(rows),
    handling: new Float64Array(rows),
    delay: new Float64Array(rows),
    able,
    duty: [],
  };
  const seen = new Float64Array(rows);
  // open work will take what such work takes in the middle
  const handlingOf = (e: number, own: WorkCalendar) =>
    log.open?.[e] ? (evidence.handling(activity[e])?.hours ?? 0) * 3_600_000 : handlingMs(log, e, own) || 0;
  let r = 0;
  cases.forEach((c, t) => {
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++, r++) {
      const a = activity[e];
      const own = calendars[person[e]] ?? calendar;
      shop.activity[r] = a;
      shop.handling[r] =
        able[a].length === 0
          ? handlingMs(log, e) || 0
          : log.start
            ? handlingOf(e, own)
            : (evidence.handling(a)?.hours ?? 0) * 3_600_000;
      // where begins are not recorded, the time between two ends holds the work as well
      const work = log.start || able[a].length === 0 ? 0 : shop.handling[r];
      seen[r] = e === caseStart[c] ? 0 : Math.max(0, begin[e] - time[e - 1] - work);
    }
    shop.row[t + 1] = r;
  });
  return { shop, seen };
}
