import type { ObjectCentricLog } from "../eventlog/object-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { summariseInPlace, type TimeSummary } from "./edge-statistics.ts";

/** One activity directly after another in the life of objects of one type. */
export interface ObjectEdge {
  from: string;
  to: string;
  /** steps of objects; the different pairs of events behind them; the different objects */
  count: number;
  eventPairs: number;
  objects: number;
  wait: TimeSummary;
}

/** The life of the objects of one type. */
export interface TypeGraph {
  type: string;
  objects: number;
  /** objects without any event */
  idle: number;
  /**
   * different events that concern this type, and how many rows they would be if each object's life were a
   * case
   */
  events: number;
  flattened: number;
  activities: { name: string; events: number; objects: number; perEvent: number }[];
  starts: Record<string, number>;
  ends: Record<string, number>;
  edges: ObjectEdge[];
}

/** How objects of two types meet in events. */
export interface Interaction {
  a: string;
  b: string;
  /** pairs of objects that share an event */
  pairs: number;
  /** objects of each type that meet the other */
  objectsOfA: number;
  objectsOfB: number;
  meanPerA: number;
  mostPerA: number;
  meanPerB: number;
  mostPerB: number;
  /** "1:1", "1:n", "n:1" or "n:m", with a on the left */
  kind: string;
}

/**
 * An object-centric directly-follows graph: the graph of each type, which together are the combined one, and
 * how the types meet.
 */
export interface ObjectGraph {
  events: number;
  /** events that concern no object */
  unrelated: number;
  types: TypeGraph[];
  interactions: Interaction[];
}

/**
 * What happens to orders, deliveries, invoices … without forcing each event into one case? For every type,
 * each object's events in order make its life; an event of three items is one event, not three, and is
 * counted so beside the steps of the objects. Types with most events first; an empty log gives no types.
 *
 * Cost: relations between events and objects, and for interactions the pairs of objects in each event, at
 * most 10,000 of one event. Source: Berti and van der Aalst (2023), OC-PM: analyzing object-centric event
 * logs and process models.
 */
export function objectGraph(log: ObjectCentricLog): ObjectGraph {
  const lives: number[][] = Array.from({ length: log.objectCount }, () => []);
  let unrelated = 0;
  for (let e = 0; e < log.eventCount; e++) {
    if (log.eventStart[e] === log.eventStart[e + 1]) unrelated++;
    for (let k = log.eventStart[e]; k < log.eventStart[e + 1]; k++) lives[log.object[k]].push(e);
  }
  const types = Array.from({ length: log.types.length }, (_, t) => typeGraph(log, lives, t));
  return {
    events: log.eventCount,
    unrelated,
    types: types.sort((a, b) => b.events - a.events || (a.type < b.type ? -1 : 1)),
    interactions: interactions(log),
  };
}

function typeGraph(log: ObjectCentricLog, lives: number[][], t: number): TypeGraph {
  const name = (a: number) => nameAt(log.activities, a);
  const n = log.activities.length;
  const eventsOf = new Map<number, Set<number>>();
  const objectsOf = new Map<number, Set<number>>();
  const edges = new Map<
    number,
    { count: number; pairs: Set<number>; objects: Set<number>; waits: number[] }
  >();
  const starts = new Map<number, number>();
  const ends = new Map<number, number>();
  const events = new Set<number>();
  let [objects, idle, flattened] = [0, 0, 0];
  const setAt = (map: Map<number, Set<number>>, key: number) =>
    map.get(key) ?? map.set(key, new Set()).get(key)!;
  lives.forEach((life, object) => {
    if (log.type[object] !== t) return;
    objects++;
    if (life.length === 0) idle++;
    flattened += life.length;
    life.forEach((e, i) => {
      const a = log.activity[e];
      events.add(e);
      setAt(eventsOf, a).add(e);
      setAt(objectsOf, a).add(object);
      if (i === 0) {
        starts.set(a, (starts.get(a) ?? 0) + 1);
        return;
      }
      const before = life[i - 1];
      const key = log.activity[before] * n + a;
      let edge = edges.get(key);
      if (!edge) edges.set(key, (edge = { count: 0, pairs: new Set(), objects: new Set(), waits: [] }));
      edge.count++;
      edge.objects.add(object);
      edge.pairs.add(before * log.eventCount + e);
      edge.waits.push(log.time[e] - log.time[before]);
    });
    if (life.length > 0) {
      const last = log.activity[life[life.length - 1]];
      ends.set(last, (ends.get(last) ?? 0) + 1);
    }
  });
  const named = (map: Map<number, number>) =>
    Object.fromEntries([...map].sort(([, x], [, y]) => y - x).map(([a, count]) => [name(a), count]));
  return {
    type: nameAt(log.types, t),
    objects,
    idle,
    events: events.size,
    flattened,
    activities: [...eventsOf]
      .map(([a, own]) => {
        let steps = 0;
        for (const e of own)
          for (let k = log.eventStart[e]; k < log.eventStart[e + 1]; k++)
            if (log.type[log.object[k]] === t) steps++;
        return {
          name: name(a),
          events: own.size,
          objects: objectsOf.get(a)!.size,
          perEvent: steps / own.size,
        };
      })
      .sort((a, b) => b.events - a.events),
    starts: named(starts),
    ends: named(ends),
    edges: [...edges]
      .map(([key, { count, pairs, objects: own, waits }]) => ({
        from: name(Math.floor(key / n)),
        to: name(key % n),
        count,
        eventPairs: pairs.size,
        objects: own.size,
        wait: summariseInPlace(Float64Array.from(waits), 0, waits.length),
      }))
      .sort((a, b) => b.count - a.count || (a.from + a.to < b.from + b.to ? -1 : 1)),
  };
}

function interactions(log: ObjectCentricLog): Interaction[] {
  const met = new Map<number, Map<number, Set<number>>>(); // type pair → object of a → objects of b
  const types = log.types.length;
  for (let e = 0; e < log.eventCount; e++) {
    const own = log.object.subarray(log.eventStart[e], log.eventStart[e + 1]);
    let budget = 10_000;
    for (const a of own) {
      for (const b of own) {
        if (log.type[a] >= log.type[b] || budget-- <= 0) continue;
        const key = log.type[a] * types + log.type[b];
        const pairs = met.get(key) ?? met.set(key, new Map()).get(key)!;
        const others = pairs.get(a);
        if (others) others.add(b);
        else pairs.set(a, new Set([b]));
      }
    }
  }
  return [...met]
    .map(([key, pairs]): Interaction => {
      const perB = new Map<number, number>();
      for (const others of pairs.values()) for (const b of others) perB.set(b, (perB.get(b) ?? 0) + 1);
      const sizes = [...pairs.values()].map((others) => others.size);
      const count = sizes.reduce((x, y) => x + y, 0);
      const mostPerA = Math.max(...sizes);
      const mostPerB = Math.max(...perB.values());
      return {
        a: nameAt(log.types, Math.floor(key / types)),
        b: nameAt(log.types, key % types),
        pairs: count,
        objectsOfA: pairs.size,
        objectsOfB: perB.size,
        meanPerA: count / pairs.size,
        mostPerA,
        meanPerB: count / perB.size,
        mostPerB,
        kind: mostPerA > 1 && mostPerB > 1 ? "n:m" : mostPerA > 1 ? "1:n" : mostPerB > 1 ? "n:1" : "1:1",
      };
    })
    .sort((x, y) => y.pairs - x.pairs);
}
