import type { EventLog } from "../eventlog/event-log.ts";
import { directlyFollows } from "./directly-follows.ts";
import { traceBag } from "./trace-bag.ts";

/** One activity depends on another. */
export interface Dependency {
  from: number;
  to: number;
  /** −1 … 1: how far a is a cause of b and not the other way round; of a loop, how sure it is one */
  dependency: number;
  count: number;
}

export interface DependencyGraph {
  /** kept dependencies, strongest first */
  edges: Dependency[];
  /**
   * of each activity, its kept successors in groups: groups are alternatives, what stands in one group is
   * done in parallel
   */
  splits: Map<number, number[][]>;
  /** likewise its kept predecessors */
  joins: Map<number, number[][]>;
}

export interface HeuristicsOptions {
  /** least dependency of an edge that is kept for its own sake */
  threshold?: number;
  /** an edge weaker than the threshold is kept when it is this close to the strongest of its activity */
  relativeToBest?: number;
  /** least measure for two successors being parallel */
  parallel?: number;
  /** least number of observations */
  minCount?: number;
}

/**
 * Which steps depend on which? A map that people find more readable than every edge: an edge stays when b
 * follows a far more often than a follows b, when it is a loop of one or two steps, or when it is the best
 * explanation of how a comes about or goes on, so that every activity stays connected. Empty logs give no
 * edges.
 *
 * Two passes over the different traces, and pairs of successors. Source: Weijters and Ribeiro (2011),
 * Flexible heuristics miner.
 */
export function heuristicsMiner(
  log: EventLog,
  { threshold = 0.9, relativeToBest = 0.05, parallel = 0.1, minCount = 1 }: HeuristicsOptions = {},
): DependencyGraph {
  const n = log.activities.length;
  const { edges: counts, starts, ends, activityCount } = directlyFollows(log);
  const follows = (a: number, b: number) => counts.get(a * n + b) ?? 0;
  const loops = shortLoops(log);
  const strength = (a: number, b: number): number => {
    if (a === b) return follows(a, a) / (follows(a, a) + 1);
    return (follows(a, b) - follows(b, a)) / (follows(a, b) + follows(b, a) + 1);
  };
  const loopOfTwo = (a: number, b: number): number => {
    const seen = (loops.get(a * n + b) ?? 0) + (loops.get(b * n + a) ?? 0);
    return a === b || strength(a, a) >= threshold || strength(b, b) >= threshold ? 0 : seen / (seen + 1);
  };
  const all = [...counts]
    .map(([key, count]) => ({ from: Math.floor(key / n), to: key % n, count }))
    .map((edge) => ({ ...edge, dependency: strength(edge.from, edge.to) }));
  const kept = new Map<number, Dependency>();
  const keep = (edge: Dependency) => kept.set(edge.from * n + edge.to, edge);
  for (const edge of all) {
    if (edge.count < minCount) continue;
    const two = loopOfTwo(edge.from, edge.to);
    if (edge.dependency >= threshold) keep(edge);
    else if (two >= threshold) keep({ ...edge, dependency: two });
  }
  // every activity but the first keeps its best cause, every one but the last its best consequence
  for (let a = 0; a < n; a++) {
    if (activityCount[a] === 0) continue;
    for (const [side, isEnd] of [
      ["to", starts[a]],
      ["from", ends[a]],
    ] as const) {
      const own = all.filter((edge) => edge[side] === a && edge.from !== edge.to);
      const best = Math.max(...own.map(({ dependency }) => dependency));
      if (own.length === 0 || (isEnd > 0 && best < threshold)) continue;
      for (const edge of own) if (edge.dependency >= best - relativeToBest && edge.dependency > 0) keep(edge);
      if (best <= 0) keep(own.reduce((x, y) => (y.count > x.count ? y : x)));
    }
  }
  const edges = [...kept.values()].sort((x, y) => y.dependency - x.dependency || y.count - x.count);
  const groups = (others: number[], count: (b: number) => number): number[][] => {
    // b and c are parallel beside a when they often follow one another, against how often they follow a
    const isParallel = (b: number, c: number) =>
      (follows(b, c) + follows(c, b)) / (count(b) + count(c) + 1) >= parallel;
    const found: number[][] = [];
    for (const b of others) {
      const group = found.find((members) => members.every((c) => isParallel(b, c)));
      if (group) group.push(b);
      else found.push([b]);
    }
    return found;
  };
  const splits = new Map<number, number[][]>();
  const joins = new Map<number, number[][]>();
  for (let a = 0; a < n; a++) {
    const after = edges.filter(({ from, to }) => from === a && to !== a).map(({ to }) => to);
    const before = edges.filter(({ from, to }) => to === a && from !== a).map(({ from }) => from);
    if (after.length > 0)
      splits.set(
        a,
        groups(after, (b) => follows(a, b)),
      );
    if (before.length > 0)
      joins.set(
        a,
        groups(before, (b) => follows(b, a)),
      );
  }
  return { edges, splits, joins };
}

/** How often a b a occurs, by a * activities + b. */
function shortLoops(log: EventLog): Map<number, number> {
  const n = log.activities.length;
  const loops = new Map<number, number>();
  const { codes, offset, count } = traceBag(log);
  for (let t = 0; t < count.length; t++) {
    for (let i = offset[t] + 2; i < offset[t + 1]; i++) {
      if (codes[i] !== codes[i - 2] || codes[i] === codes[i - 1]) continue;
      const key = codes[i] * n + codes[i - 1];
      loops.set(key, (loops.get(key) ?? 0) + count[t]);
    }
  }
  return loops;
}
