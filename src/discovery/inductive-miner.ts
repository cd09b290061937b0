import type { EventLog } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { activityTree, SILENT, simplifyTree, treeOf, type ProcessTree } from "../model/process-tree.ts";
import { InputError } from "../input-error.ts";
import { findCut, skippable, type Cut, type Graph } from "./cuts.ts";
import type { DirectlyFollows } from "./directly-follows.ts";
import { TraceBagBuilder, traceBag, type TraceBag } from "./trace-bag.ts";

/** Most activities that a model is mined for; maps and variants have no such limit. */
export const MAX_MODEL_ACTIVITIES = 1000;

/** Steps of work on "which activity runs beside all others" after which that question is no longer asked. */
const CANDIDATE_BUDGET = 2e10;

/**
 * What model, made of sequence, choice, parallel and loop, explains the log? The inductive miner: IM without
 * noise, whose tree has every trace of the log as a run; with `noise` in (0, 1] IMf, which leaves out edges
 * rarer than that share of the most frequent edge out of the same activity, where no cut is found with them.
 *
 * Ties between equally legitimate cuts go to the activity whose name sorts first. An empty log gives a silent
 * step. Cost: activities times the steps of the different traces, on each of at most as many levels as there
 * are activities.
 *
 * Throws InputError for more than `MAX_MODEL_ACTIVITIES` activities, RangeError for a noise outside 0 … 1.
 * Source: Leemans, Robust Process Mining with Guarantees (2017), chapters 6.1 and 6.2.
 */
export function inductiveMiner(log: EventLog, { noise = 0 } = {}): ProcessTree {
  const names = Array.from({ length: log.activities.length }, (_, a) => nameAt(log.activities, a));
  return mineBag(traceBag(log), names, noise);
}

/** As `inductiveMiner`, for a bag of traces whose codes have these names. */
function mineBag(bag: TraceBag, names: readonly string[], noise = 0): ProcessTree {
  if (!(noise >= 0 && noise <= 1)) throw new RangeError(`noise must be from 0 to 1, got ${noise}`);
  const work = { left: CANDIDATE_BUDGET };
  // Codes in the order of names, so that ties do not depend on which case stands first in the file.
  const order = names
    .map((_, a) => a)
    .sort((a, b) => (names[a] < names[b] ? -1 : names[a] > names[b] ? 1 : 0));
  const whole = keep(bag, order);
  checkSize(whole.labels.length);
  const mine = (piece: Piece): ProcessTree => {
    const { bag, labels } = piece;
    const empty = emptyTraces(bag);
    const all = bag.count.reduce((a, b) => a + b, 0);
    if (bag.codes.length === 0) return SILENT;
    if (empty > 0) {
      const full = withoutEmpty(bag);
      if (empty > noise * all) return treeOf("choice", SILENT, mine({ bag: full, labels }));
      return mine({ bag: full, labels });
    }
    if (labels.length === 1 && bag.codes.length === 1) return activityTree(names[labels[0]]);
    const graph = graphOf(bag);
    const divide = (cut: Cut) => treeOf(cut.kind, ...project(piece, cut).map(mine));
    const cut = findCut(graph) ?? (noise > 0 ? findCut(withoutNoise(graph, noise)) : undefined);
    if (cut) return divide(cut);

    const once = alwaysOnce(bag);
    const beside = once >= 0 ? once : runsBeside(bag, graph, work);
    if (beside >= 0) {
      const others = labels.map((_, a) => a).filter((a) => a !== beside);
      return divide({ kind: "parallel", groups: [[beside], others] });
    }
    const again = restarts(bag, graph, true) ?? restarts(bag, graph, false);
    if (again) return treeOf("loop", mine({ bag: again, labels }), SILENT);
    return flower(labels.map((a) => names[a]));
  };
  return simplifyTree(mine(whole));
}

/**
 * The model that a directly-follows graph alone allows (IMd): the same cuts on the graph, and a flower where
 * none holds. For logs too large to be kept; work beside each other is seen only where the graph shows it in
 * both orders, so unlike `inductiveMiner` not every trace need be a run. Source: Leemans 2017, chapter 6.6.
 */
export function mineGraph(
  { starts, ends, edges }: DirectlyFollows,
  names: readonly string[],
  noise = 0,
): ProcessTree {
  const n = names.length;
  checkSize(n);
  const edge = new Float64Array(n * n);
  for (const [key, count] of edges) edge[key] = count;
  const mine = (graph: Graph, labels: string[]): ProcessTree => {
    if (labels.length === 0) return SILENT;
    if (labels.length === 1) {
      const leaf = activityTree(labels[0]);
      return graph.edge[0] > 0 ? treeOf("loop", leaf, SILENT) : leaf;
    }
    const cut = findCut(graph) ?? (noise > 0 ? findCut(withoutNoise(graph, noise)) : undefined);
    if (!cut) return flower(labels);
    const parts = cut.groups.map((group, g) => {
      const part = mine(
        subgraphOfGroup(graph, cut, g),
        group.map((a) => labels[a]),
      );
      return cut.kind === "sequence" && skippable(g, graph, cut.groups)
        ? treeOf("choice", SILENT, part)
        : part;
    });
    return treeOf(cut.kind, ...parts);
  };
  const used = names.map((_, a) => a).filter((a) => starts[a] > 0 || ends[a] > 0 || hasEdge(edge, n, a));
  used.sort((a, b) => (names[a] < names[b] ? -1 : 1));
  const whole = subgraphOf({ n, edge, start: starts, end: ends }, used);
  return simplifyTree(
    mine(
      whole,
      used.map((a) => names[a]),
    ),
  );
}

/** Part of a log: its codes 0 … k − 1 and what they stand for. */
interface Piece {
  bag: TraceBag;
  labels: number[];
}

function checkSize(n: number): void {
  if (n <= MAX_MODEL_ACTIVITIES) return;
  throw new InputError(
    "too-many-activities",
    "model",
    `A model is mined for at most ${MAX_MODEL_ACTIVITIES} activities, the log has ${n}. Check which column names the activity, or keep the most frequent ones.`,
  );
}

/** The steps whose code is in `codes`, recoded by their place there; codes that do not occur are left out. */
function keep(bag: TraceBag, codes: readonly number[]): Piece {
  const occurs = new Uint8Array(bag.codeCount);
  for (const code of bag.codes) occurs[code] = 1;
  const labels = codes.filter((code) => occurs[code] === 1);
  const place = new Int32Array(bag.codeCount).fill(-1);
  labels.forEach((code, i) => (place[code] = i));
  const builder = new TraceBagBuilder(labels.length);
  forEachTrace(bag, (from, to, count) => {
    for (let i = from; i < to; i++) if (place[bag.codes[i]] >= 0) builder.push(place[bag.codes[i]]);
    builder.end(count);
  });
  return { bag: builder.build(), labels };
}

function forEachTrace(bag: TraceBag, visit: (from: number, to: number, count: number) => void): void {
  for (let t = 0; t < bag.count.length; t++) visit(bag.offset[t], bag.offset[t + 1], bag.count[t]);
}

function emptyTraces(bag: TraceBag): number {
  let empty = 0;
  forEachTrace(bag, (from, to, count) => {
    if (from === to) empty += count;
  });
  return empty;
}

function withoutEmpty(bag: TraceBag): TraceBag {
  const builder = new TraceBagBuilder(bag.codeCount);
  forEachTrace(bag, (from, to, count) => {
    if (from === to) return;
    for (let i = from; i < to; i++) builder.push(bag.codes[i]);
    builder.end(count);
  });
  return builder.build();
}

function graphOf(bag: TraceBag): Graph {
  const n = bag.codeCount;
  const graph = { n, edge: new Float64Array(n * n), start: new Float64Array(n), end: new Float64Array(n) };
  forEachTrace(bag, (from, to, count) => {
    if (from === to) return;
    graph.start[bag.codes[from]] += count;
    graph.end[bag.codes[to - 1]] += count;
    for (let i = from + 1; i < to; i++) graph.edge[bag.codes[i - 1] * n + bag.codes[i]] += count;
  });
  return graph;
}

/**
 * IMf's filter: an edge stays when it is more frequent than `noise` times the most frequent way on from its
 * activity.
 */
function withoutNoise(graph: Graph, noise: number): Graph {
  const { n } = graph;
  const edge = graph.edge.slice();
  for (let a = 0; a < n; a++) {
    let most = graph.end[a];
    for (let b = 0; b < n; b++) most = Math.max(most, edge[a * n + b]);
    for (let b = 0; b < n; b++) if (edge[a * n + b] <= noise * most) edge[a * n + b] = 0;
  }
  return { ...graph, edge };
}

/** The logs of a cut's groups; what does not fit the operator is left out, as the miner with noise must. */
function project(piece: Piece, cut: Cut): Piece[] {
  const { bag } = piece;
  const groupOf = new Int32Array(bag.codeCount);
  cut.groups.forEach((group, g) => group.forEach((a) => (groupOf[a] = g)));
  const logs = cut.groups.map(() => new TraceBagBuilder(bag.codeCount));
  forEachTrace(bag, (from, to, count) => SPLIT[cut.kind](bag.codes.subarray(from, to), count, groupOf, logs));
  return logs.map((log, g) => {
    const part = keep(log.build(), cut.groups[g]);
    return { bag: part.bag, labels: part.labels.map((a) => piece.labels[a]) };
  });
}

type Split = (trace: Uint32Array, count: number, groupOf: Int32Array, logs: TraceBagBuilder[]) => void;

const SPLIT: Record<Cut["kind"], Split> = {
  /** The whole trace goes to the group that most of its steps belong to. */
  choice(trace, count, groupOf, logs) {
    const steps = new Uint32Array(logs.length);
    for (const a of trace) steps[groupOf[a]]++;
    let most = 0;
    for (let g = 1; g < logs.length; g++) if (steps[g] >= steps[most]) most = g;
    for (const a of trace) if (groupOf[a] === most) logs[most].push(a);
    logs[most].end(count);
  },

  /** Each group ends where fewest steps of it come later and fewest of later groups come before. */
  sequence(trace, count, groupOf, logs) {
    let from = 0;
    logs.forEach((log, g) => {
      let to = from;
      for (let i = from, cost = 0, least = 0; i < trace.length; i++) {
        if (groupOf[trace[i]] === g) cost--;
        else if (groupOf[trace[i]] > g) cost++;
        if (cost < least) [least, to] = [cost, i + 1];
      }
      for (let i = from; i < to; i++) if (groupOf[trace[i]] === g) log.push(trace[i]);
      log.end(count);
      from = to;
    });
  },

  parallel(trace, count, groupOf, logs) {
    for (const a of trace) logs[groupOf[a]].push(a);
    for (const log of logs) log.end(count);
  },

  /** Stretches of the body and of the parts that lead back to it. */
  loop(trace, count, groupOf, logs) {
    const steps = new Uint32Array(logs.length);
    for (let i = 0; i < trace.length;) {
      const inBody = groupOf[trace[i]] === 0;
      let to = i;
      steps.fill(0);
      const seen = new Set<number>();
      for (; to < trace.length && (groupOf[trace[to]] === 0) === inBody; to++) {
        if (!seen.has(trace[to])) steps[groupOf[trace[to]]]++;
        seen.add(trace[to]);
      }
      let most = 0;
      if (!inBody) for (let g = (most = 1) + 1; g < logs.length; g++) if (steps[g] >= steps[most]) most = g;
      for (; i < to; i++) if (groupOf[trace[i]] === most) logs[most].push(trace[i]);
      logs[most].end(count);
      if (!inBody && to === trace.length) logs[0].end(count); // a trace that ends in a repeating part leaves the body undone
    }
  },
};

/** The first activity that occurs exactly once in every trace, or −1. */
function alwaysOnce(bag: TraceBag): number {
  const n = bag.codeCount;
  const seenIn = new Int32Array(n).fill(-1);
  const once = new Uint8Array(n).fill(1);
  const traces = new Uint32Array(n);
  for (let t = 0; t < bag.count.length; t++) {
    for (let i = bag.offset[t]; i < bag.offset[t + 1]; i++) {
      const a = bag.codes[i];
      if (seenIn[a] === t) once[a] = 0;
      else traces[a]++;
      seenIn[a] = t;
    }
  }
  return once.findIndex((is, a) => is === 1 && traces[a] === bag.count.length);
}

/**
 * The first activity without which the log has a cut, or −1. One pass over the log, then a search for cuts
 * per activity.
 */
function runsBeside(bag: TraceBag, graph: Graph, work: { left: number }): number {
  const { n } = graph;
  if (n < 2 || work.left < n * n * n) return -1;
  work.left -= n * n * n;
  // What follows what when all steps of one activity are taken out: the graph without it, and these edges
  // over the gaps.
  const gaps = Array.from({ length: n }, () => new Set<number>());
  const starts = Array.from({ length: n }, () => new Set<number>());
  const ends = Array.from({ length: n }, () => new Set<number>());
  forEachTrace(bag, (from, to) => {
    for (let i = from; i < to;) {
      const a = bag.codes[i];
      const before = i - 1;
      while (i < to && bag.codes[i] === a) i++;
      if (before < from && i < to) starts[a].add(bag.codes[i]);
      if (i >= to && before >= from) ends[a].add(bag.codes[before]);
      if (before >= from && i < to) gaps[a].add(bag.codes[before] * n + bag.codes[i]);
    }
  });
  for (let a = 0; a < n; a++) {
    const others = Array.from({ length: n }, (_, b) => b).filter((b) => b !== a);
    const part = subgraphOf(graph, others);
    const place = (b: number) => (b < a ? b : b - 1);
    for (const key of gaps[a]) part.edge[place(Math.floor(key / n)) * (n - 1) + place(key % n)] = 1;
    for (const b of starts[a]) part.start[place(b)] = 1;
    for (const b of ends[a]) part.end[place(b)] = 1;
    if (findCut(part)) return a;
  }
  return -1;
}

/**
 * The log cut wherever a trace starts anew: before each start activity, when `strict` only where an end
 * activity stands before it. Undefined where that cuts nothing.
 */
function restarts(bag: TraceBag, { start, end }: Graph, strict: boolean): TraceBag | undefined {
  const builder = new TraceBagBuilder(bag.codeCount);
  let cuts = 0;
  forEachTrace(bag, (from, to, count) => {
    for (let i = from; i < to; i++) {
      if (i > from && start[bag.codes[i]] > 0 && (!strict || end[bag.codes[i - 1]] > 0)) {
        builder.end(count);
        cuts++;
      }
      builder.push(bag.codes[i]);
    }
    builder.end(count);
  });
  return cuts > 0 ? builder.build() : undefined;
}

function flower(labels: string[]): ProcessTree {
  return treeOf("loop", treeOf("choice", ...labels.map(activityTree)), SILENT);
}

function hasEdge(edge: Float64Array, n: number, a: number): boolean {
  for (let b = 0; b < n; b++) if (edge[a * n + b] > 0 || edge[b * n + a] > 0) return true;
  return false;
}

function subgraphOf({ n, edge, start, end }: Graph, kept: readonly number[]): Graph {
  const k = kept.length;
  const part = { n: k, edge: new Float64Array(k * k), start: new Float64Array(k), end: new Float64Array(k) };
  kept.forEach((a, i) => {
    part.start[i] = start[a];
    part.end[i] = end[a];
    kept.forEach((b, j) => (part.edge[i * k + j] = edge[a * n + b]));
  });
  return part;
}

/** The graph of one group of a cut; where it is entered and left from other groups, it starts and ends. */
function subgraphOfGroup(graph: Graph, cut: Cut, g: number): Graph {
  const { n, edge } = graph;
  const group = cut.groups[g];
  const part = subgraphOf(graph, group);
  if (cut.kind !== "sequence" && cut.kind !== "loop") return part;
  const inGroup = new Set(group);
  group.forEach((a, i) => {
    for (let b = 0; b < n; b++) {
      if (inGroup.has(b)) continue;
      part.start[i] += edge[b * n + a];
      part.end[i] += edge[a * n + b];
    }
  });
  return part;
}
