/**
 * The cuts of the inductive miner on a directly-follows graph, after Leemans, Robust Process Mining with
 * Guarantees (2017): each looks for a division of the activities that one operator explains. Groups come as
 * arrays of activity codes.
 */

/** A directly-follows graph over activities 0 … n − 1: counts of edges (a * n + b), starts and ends. */
export interface Graph {
  n: number;
  edge: Float64Array;
  start: Float64Array;
  end: Float64Array;
}

export type Cut = { kind: "choice" | "sequence" | "parallel" | "loop"; groups: number[][] };

/**
 * The first cut that holds, tried in the order choice, sequence, parallel, loop; undefined where none does.
 * O(n³ / 32).
 */
export function findCut(graph: Graph): Cut | undefined {
  const groups = (kind: Cut["kind"], found: number[][] | undefined): Cut | undefined =>
    found && found.length > 1 ? { kind, groups: found } : undefined;
  return (
    groups("choice", choiceCut(graph)) ??
    groups("sequence", sequenceCut(graph)) ??
    groups("parallel", parallelCut(graph)) ??
    groups("loop", loopCut(graph))
  );
}

/** Parts between which no edge runs. */
function choiceCut({ n, edge }: Graph): number[][] {
  const parts = new Partition(n);
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) if (edge[a * n + b] > 0) parts.join(a, b);
  return parts.groups();
}

/**
 * Groups in order, each reached from the one before and never the other way round; groups that can only be
 * skipped together become one (Leemans 2017, page 233).
 */
function sequenceCut(graph: Graph): number[][] | undefined {
  const { n, edge, start, end } = graph;
  const reach = closure(n, edge);
  const parts = new Partition(n);
  const reaches = (a: number, b: number) => (reach[a * words(n) + (b >> 5)] & (1 << (b & 31))) !== 0;
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) if (reaches(a, b) === reaches(b, a)) parts.join(a, b);
  }
  let groups = parts.groups();
  if (groups.length < 2) return undefined;
  // Groups are totally ordered: how many activities a group's first member is reached from, less those that
  // it reaches.
  const rank = groups.map(([a]) => {
    let value = 0;
    for (let b = 0; b < n; b++) value += (reaches(b, a) ? 1 : 0) - (reaches(a, b) ? 1 : 0);
    return value;
  });
  groups = groups
    .map((_, i) => i)
    .sort((i, j) => rank[i] - rank[j])
    .map((i) => groups[i]);

  const groupOf = new Int32Array(n);
  groups.forEach((group, g) => group.forEach((a) => (groupOf[a] = g)));
  const count = groups.length;
  const earliest = groups.map((group) => (group.some((a) => start[a] > 0) ? -1 : count)); // from where it is entered
  const latest = groups.map((group) => (group.some((a) => end[a] > 0) ? count : -1)); // to where it is left
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      if (edge[a * n + b] === 0) continue;
      const [from, to] = [groupOf[a], groupOf[b]];
      if (from < earliest[to]) earliest[to] = from;
      if (to > latest[from]) latest[from] = to;
    }
  }
  const slots: number[][] = groups.map((group) => [...group]);
  for (let p = 0; p < count; p++) {
    if (!skippable(p, graph, slots)) continue;
    for (let q = p - 1; q >= 0 && latest[q] <= p; q--)
      [slots[p], slots[q]] = [[...slots[p], ...slots[q]], []];
    for (let q = p + 1; q < count && earliest[q] >= p; q++)
      [slots[p], slots[q]] = [[...slots[p], ...slots[q]], []];
  }
  return slots.filter((group) => group.length > 0);
}

/** Whether the graph has a way past group p of groups in sequence. */
export function skippable(p: number, { n, edge, start, end }: Graph, slots: readonly number[][]): boolean {
  for (let i = 0; i < p; i++) {
    for (const a of slots[i]) {
      if (end[a] > 0) return true;
      for (let j = p + 1; j < slots.length; j++)
        for (const b of slots[j]) if (edge[a * n + b] > 0) return true;
    }
  }
  for (let j = p + 1; j < slots.length; j++) if (slots[j].some((b) => start[b] > 0)) return true;
  return false;
}

/** Groups whose activities all follow one another in both directions, each with a start and an end. */
function parallelCut({ n, edge, start, end }: Graph): number[][] | undefined {
  const parts = new Partition(n);
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) if (edge[a * n + b] === 0 || edge[b * n + a] === 0) parts.join(a, b);
  }
  const groups = parts.groups().sort((g, h) => g.length - h.length);
  for (let i = 0; i < groups.length && groups.length > 1;) {
    const whole = groups[i].some((a) => start[a] > 0) && groups[i].some((a) => end[a] > 0);
    if (whole) i++;
    else {
      const [group] = groups.splice(i, 1);
      groups[i === 0 ? 0 : i - 1].push(...group);
    }
  }
  return groups;
}

/** A body with all starts and ends, and parts that lead from its ends back to its starts. */
function loopCut({ n, edge, start, end }: Graph): number[][] | undefined {
  const isBody = Array.from({ length: n }, (_, a) => start[a] > 0 || end[a] > 0);
  const parts = new Partition(n);
  const body = isBody.indexOf(true);
  if (body < 0) return undefined;
  for (let a = 0; a < n; a++) {
    if (isBody[a]) parts.join(body, a);
    for (let b = 0; b < n; b++) {
      if (edge[a * n + b] === 0) continue;
      if (!isBody[a] && !isBody[b]) parts.join(a, b);
      // Only an end is left for a part that repeats, and only a start entered from one.
      if (start[a] > 0 && end[a] === 0) parts.join(body, b);
      if (end[b] > 0 && start[b] === 0) parts.join(body, a);
    }
  }
  const starts = Array.from(start.keys()).filter((a) => start[a] > 0);
  const ends = Array.from(end.keys()).filter((a) => end[a] > 0);
  const complete = (group: number[]) =>
    group.every((a) => {
      const leads = starts.filter((s) => edge[a * n + s] > 0).length;
      const led = ends.filter((e) => edge[e * n + a] > 0).length;
      return (leads === 0 || leads === starts.length) && (led === 0 || led === ends.length);
    });
  const groups = parts.groups();
  const bodyGroup = groups.find((group) => group.includes(body))!;
  const again: number[][] = [];
  for (const group of groups) {
    if (group === bodyGroup) continue;
    if (complete(group)) again.push(group);
    else bodyGroup.push(...group);
  }
  return [bodyGroup, ...again];
}

const words = (n: number) => (n + 31) >> 5;

/** Which activities each reaches over one edge or more, as bits: row a, bit b. Warshall, O(n³ / 32). */
function closure(n: number, edge: Float64Array): Int32Array {
  const w = words(n);
  const reach = new Int32Array(n * w);
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++) if (edge[a * n + b] > 0) reach[a * w + (b >> 5)] |= 1 << (b & 31);
  for (let via = 0; via < n; via++) {
    for (let a = 0; a < n; a++) {
      if ((reach[a * w + (via >> 5)] & (1 << (via & 31))) === 0) continue;
      for (let k = 0; k < w; k++) reach[a * w + k] |= reach[via * w + k];
    }
  }
  return reach;
}

/** Activities joined into groups (union and find). */
class Partition {
  readonly #parent: Int32Array;

  constructor(n: number) {
    this.#parent = Int32Array.from({ length: n }, (_, a) => a);
  }

  join(a: number, b: number): void {
    const [x, y] = [this.#root(a), this.#root(b)];
    if (x < y) this.#parent[y] = x;
    else this.#parent[x] = y;
  }

  /** In the order of their first members, members ascending. */
  groups(): number[][] {
    const groups = new Map<number, number[]>();
    this.#parent.forEach((_, a) => {
      const root = this.#root(a);
      const group = groups.get(root);
      if (group) group.push(a);
      else groups.set(root, [a]);
    });
    return [...groups.values()];
  }

  #root(a: number): number {
    while (this.#parent[a] !== a) a = this.#parent[a] = this.#parent[this.#parent[a]];
    return a;
  }
}
