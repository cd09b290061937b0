import type { WorkCalendar } from "../eventlog/calendar.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { activityCounts } from "./activity-counts.ts";
import { edgeStatistics, handlingTimes, type TimeSummary } from "./edge-statistics.ts";
import { findVariants, type Variants } from "./variants.ts";

/** The begin and the end of cases, as the ends of an edge. */
export const START = -1;
export const END = -2;

export interface MapNode {
  activity: number;
  name: string;
  count: number;
  cases: number;
  /** begin to end in ms, where the log has begins */
  handling?: TimeSummary;
}

export interface MapEdge {
  /** an activity code, or START */
  from: number;
  /** an activity code, or END */
  to: number;
  count: number;
  cases: number;
  /** waiting in ms; none on edges from START or to END */
  wait?: TimeSummary;
}

/** A picture of what happens: activities and what follows what, as much of it as was asked for. */
export interface ProcessMap {
  nodes: MapNode[];
  edges: MapEdge[];
  /** how many there are in all, at the detail of the shown activities */
  allActivities: number;
  allEdges: number;
  cases: number;
  /**
   * cases all of whose events and steps from one to the next are on the map, and their share; undefined for
   * no cases
   */
  explainedCases: number;
  explained: number | undefined;
}

export interface MapDetail {
  /** share of the activities shown, most frequent first; those of the most frequent variant always are */
  activities?: number;
  /** share of the edges shown, most frequent first, beside those that keep every activity connected */
  paths?: number;
  calendar?: WorkCalendar;
  /** the variants of the log, where they are known already */
  variants?: Variants;
}

/**
 * What really happens, at the detail asked for? Hidden activities are taken out of the cases, so that what is
 * shown stays connected as it is in them; of the edges, those on the busiest way from the start to each
 * activity and from it to the end are never hidden (busiest: whose least frequent edge is most frequent). An
 * empty log gives an empty map.
 *
 * A few passes over the events. Throws RangeError for details outside 0 … 1.
 */
export function processMap(
  log: EventLog,
  { activities = 1, paths = 1, calendar, variants = findVariants(log) }: MapDetail = {},
): ProcessMap {
  for (const [name, share] of Object.entries({ activities, paths }))
    if (!(share >= 0 && share <= 1)) throw new RangeError(`${name} must be from 0 to 1, got ${share}`);
  const { rows: activityCount, cases: inCases } = activityCounts(log);
  const present = Array.from(activityCount.keys()).filter((a) => activityCount[a] > 0);
  const shown = shownActivities(log, activityCount, present, variants.example[0], activities);
  const projected = shown.size === present.length ? log : withoutActivities(log, shown);

  const edges = allEdges(projected, calendar);
  const kept = keptEdges(edges, [...shown], paths);
  const handling = handlingTimes(log, calendar);
  const nodes = [...shown].map((activity): MapNode => ({
    activity,
    name: nameAt(log.activities, activity),
    count: activityCount[activity],
    cases: inCases[activity],
    handling: handling?.[activity],
  }));
  nodes.sort((a, b) => b.count - a.count || a.activity - b.activity);

  const map = {
    nodes,
    edges: kept,
    allActivities: present.length,
    allEdges: edges.length,
    cases: log.caseCount,
  };
  return { ...map, ...explainedBy(log, variants, kept) };
}

/** The same map with these edges only; what it explains is counted anew. One pass over the variants. */
export function withEdges(
  log: EventLog,
  map: ProcessMap,
  edges: MapEdge[],
  variants = findVariants(log),
): ProcessMap {
  return { ...map, edges, ...explainedBy(log, variants, edges) };
}

function explainedBy(
  log: EventLog,
  variants: Variants,
  edges: readonly MapEdge[],
): { explainedCases: number; explained: number | undefined } {
  const whole = variantsOnMap(log, variants, edges);
  const explainedCases = whole.reduce((sum, one, v) => sum + one * variants.caseCount[v], 0);
  return { explainedCases, explained: log.caseCount === 0 ? undefined : explainedCases / log.caseCount };
}

/**
 * 1 for each variant all of whose steps from one to the next are among the edges. One pass over one case of
 * each variant.
 */
export function variantsOnMap(
  { activities, activity, caseStart }: EventLog,
  { example }: Variants,
  edges: readonly { from: number; to: number }[],
): Uint8Array {
  const n = activities.length;
  const keyOf = (from: number, to: number) => (from + 2) * (n + 2) + to + 2; // START and END are negative
  // a table is faster by far where it is small; a set does where it is not
  const isShown = n <= 1024 ? new Uint8Array((n + 2) * (n + 2)) : undefined;
  const shown = new Set<number>();
  for (const { from, to } of edges)
    if (isShown) isShown[keyOf(from, to)] = 1;
    else shown.add(keyOf(from, to));
  return Uint8Array.from(example, (c) => {
    let previous = START;
    for (let e = caseStart[c]; e <= caseStart[c + 1]; e++) {
      const next = e < caseStart[c + 1] ? activity[e] : END;
      const key = keyOf(previous, next);
      if (!(isShown ? isShown[key] === 1 : shown.has(key))) return 0;
      previous = next;
    }
    return 1;
  });
}

/** In how many cases, or of the cases marked in `only`, each activity occurs. One pass. */
export function casesOfActivities(
  { caseCount, caseStart, activity, activities }: EventLog,
  only?: Uint8Array,
): Uint32Array {
  const cases = new Uint32Array(activities.length);
  const seenIn = new Int32Array(activities.length).fill(-1);
  for (let c = 0; c < caseCount; c++) {
    if (only && only[c] === 0) continue;
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      if (seenIn[activity[e]] === c) continue;
      seenIn[activity[e]] = c;
      cases[activity[e]]++;
    }
  }
  return cases;
}

function shownActivities(
  log: EventLog,
  count: Float64Array,
  present: number[],
  typical: number | undefined,
  share: number,
): Set<number> {
  const byCount = [...present].sort((a, b) => count[b] - count[a] || a - b);
  const shown = new Set(byCount.slice(0, Math.ceil(share * present.length)));
  if (typical !== undefined)
    for (let e = log.caseStart[typical]; e < log.caseStart[typical + 1]; e++) shown.add(log.activity[e]);
  return shown;
}

/** The log without the events of other activities; cases that lose all their events stay, empty. */
function withoutActivities(log: EventLog, shown: ReadonlySet<number>): EventLog {
  const keep = new Uint8Array(log.activities.length);
  for (const a of shown) keep[a] = 1;
  const all = new Uint32Array(log.eventCount);
  const caseStart = new Uint32Array(log.caseCount + 1);
  let kept = 0;
  for (let c = 0; c < log.caseCount; c++) {
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++)
      if (keep[log.activity[e]] === 1) all[kept++] = e;
    caseStart[c + 1] = kept;
  }
  const rows = all.subarray(0, kept);
  const pick = <T extends Float64Array | Uint32Array | Uint16Array>(column: T, fresh: T): T => {
    rows.forEach((e, i) => (fresh[i] = column[e]));
    return fresh;
  };
  return {
    caseCount: log.caseCount,
    caseIds: log.caseIds,
    activities: log.activities,
    people: log.people,
    roles: log.roles,
    eventCount: rows.length,
    caseStart,
    activity: pick(log.activity as Uint32Array, new Uint32Array(rows.length)),
    time: pick(log.time, new Float64Array(rows.length)),
    start: log.start && pick(log.start, new Float64Array(rows.length)),
    columns: [],
  };
}

/** Every edge, those from START and to END among them, most frequent first. */
function allEdges(log: EventLog, calendar: WorkCalendar | undefined): MapEdge[] {
  const empty = new Set<number>();
  const starts = new Float64Array(log.activities.length);
  const ends = new Float64Array(log.activities.length);
  for (let c = 0; c < log.caseCount; c++) {
    const [from, to] = [log.caseStart[c], log.caseStart[c + 1]];
    if (from === to) {
      empty.add(c);
      continue;
    }
    starts[log.activity[from]]++;
    ends[log.activity[to - 1]]++;
  }
  const cases =
    empty.size === 0
      ? undefined
      : Uint32Array.from({ length: log.caseCount }, (_, c) => c).filter((c) => !empty.has(c));
  const s = edgeStatistics(log, { cases, calendar });
  const edges: MapEdge[] = Array.from(s.count, (count, k) => ({
    from: s.from[k],
    to: s.to[k],
    count,
    cases: s.cases[k],
    wait: { median: s.median[k], mean: s.mean[k], p90: s.p90[k], min: s.min[k], max: s.max[k] },
  }));
  starts.forEach((count, a) => count > 0 && edges.push({ from: START, to: a, count, cases: count }));
  ends.forEach((count, a) => count > 0 && edges.push({ from: a, to: END, count, cases: count }));
  return edges.sort((a, b) => b.count - a.count || a.from - b.from || a.to - b.to);
}

function keptEdges(edges: MapEdge[], activities: number[], share: number): MapEdge[] {
  const kept = new Set([
    ...busiestWays(edges, activities, "from", "to", START),
    ...busiestWays(edges, activities, "to", "from", END),
  ]);
  const wanted = Math.ceil(share * edges.length);
  for (const edge of edges) {
    if (kept.size >= wanted) break;
    kept.add(edge);
  }
  return edges.filter((edge) => kept.has(edge));
}

/**
 * For each activity the last edge on the busiest way to it from `root` (Dijkstra's algorithm on the narrowest
 * edge).
 */
function busiestWays(
  edges: MapEdge[],
  activities: number[],
  near: "from" | "to",
  far: "from" | "to",
  root: number,
): MapEdge[] {
  const width = new Map<number, number>([[root, Infinity]]);
  const last = new Map<number, MapEdge>();
  const settled = new Set<number>();
  const leaving = new Map<number, MapEdge[]>();
  for (const edge of edges) {
    const list = leaving.get(edge[near]);
    if (list) list.push(edge);
    else leaving.set(edge[near], [edge]);
  }
  for (let at: number | undefined = root; at !== undefined;) {
    settled.add(at);
    for (const edge of leaving.get(at) ?? []) {
      const through = Math.min(width.get(at)!, edge.count);
      if (settled.has(edge[far]) || through <= (width.get(edge[far]) ?? 0)) continue;
      width.set(edge[far], through);
      last.set(edge[far], edge);
    }
    at = undefined;
    for (const a of activities)
      if (!settled.has(a) && width.has(a) && (at === undefined || width.get(a)! > width.get(at)!)) at = a;
  }
  return [...last].filter(([a]) => a >= 0).map(([, edge]) => edge);
}
