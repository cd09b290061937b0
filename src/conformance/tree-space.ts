import type { ProcessTree } from "../model/process-tree.ts";
import { shortestRun } from "../model/process-tree.ts";
import type { StateSpace } from "./state-space.ts";

/** The two states that every node has: nothing done yet, and nothing left to do. */
const FRESH = 0;
const DONE = 1;
const NO_LIMIT = 255;
const NOTHING = new Int32Array(0);

/**
 * The state space of a process tree. The state of a node is built from those of its children and numbered per
 * node, so equal parts are computed once for all states, and all traces, that contain them.
 *
 * Steps are as late as possible: doing an activity first completes, at least cost, exactly what must come
 * before it (earlier parts of a sequence, the rest of a loop's turn), and leaves parallel branches alone. Any
 * alignment can be brought into this order without changing its cost, so nothing is lost, and interleavings
 * of moves that the log does not show are never enumerated.
 */
export class TreeSpace implements StateSpace {
  readonly labels: readonly string[];
  readonly initial = FRESH;
  readonly isExact = true;
  readonly #root: Node;
  readonly #leavesOf: number[][];
  readonly #next: (Int32Array | undefined)[][] = [];

  constructor(tree: ProcessTree) {
    const labels: string[] = [];
    const leaves: number[] = []; // label of each leaf
    const build = (part: ProcessTree): Node => {
      const from = leaves.length;
      if (part.kind === "activity") {
        let label = labels.indexOf(part.activity);
        if (label < 0) label = labels.push(part.activity) - 1;
        leaves.push(label);
        return new Node("activity", [], from, leaves.length, 1, label);
      }
      const children = part.kind === "silent" ? [] : part.children.map(build);
      return new Node(part.kind, children, from, leaves.length, shortestRun(part), -1);
    };
    this.#root = build(tree);
    this.labels = labels;
    this.#leavesOf = labels.map((_, label) => leaves.flatMap((l, leaf) => (l === label ? [leaf] : [])));
  }

  get size(): number {
    return this.#root.size;
  }

  next(state: number, label: number): Int32Array {
    const row = (this.#next[state] ??= []);
    return (row[label] ??= this.#options(state, label));
  }

  #options(state: number, label: number): Int32Array {
    const leaves = this.#leavesOf[label];
    if (leaves.length === 1) return this.#root.fire(state, leaves[0]);
    return cheapest(leaves.flatMap((leaf) => [...this.#root.fire(state, leaf)]));
  }

  moves(): Int32Array {
    return NOTHING;
  }

  isCut(): boolean {
    return false;
  }

  completion(state: number): number {
    return this.#root.completion(state);
  }

  isFinal(state: number): boolean {
    return this.#root.completion(state) === 0;
  }

  left(state: number): { least: Uint8Array; most: Uint8Array } {
    return this.#root.left(state, this.labels.length);
  }

  explain(state: number, label: number, target: number): number[] {
    const options = this.next(state, label);
    let cost = Infinity;
    for (let k = 0; k < options.length; k += 2)
      if (options[k + 1] === target) cost = Math.min(cost, options[k]);
    for (const leaf of this.#leavesOf[label]) {
      const moves = this.#root.explain(state, leaf, target, cost);
      if (moves) return moves;
    }
    throw new Error(`state ${target} is not reached from ${state} by "${this.labels[label]}"`);
  }

  finish(state: number): number[] {
    return this.#root.finish(state);
  }

  enabled(state: number): readonly number[] {
    return this.#root.enabled(state);
  }

  follow(state: number, label: number): number[] {
    const options = this.next(state, label);
    const states: number[] = [];
    for (let k = 0; k < options.length; k += 2) if (options[k] === 0) states.push(options[k + 1]);
    return states;
  }
}

/** Pairs of cost and state, each state once at its least cost. */
function cheapest(options: number[]): Int32Array {
  const best = new Map<number, number>();
  for (let k = 0; k < options.length; k += 2) {
    const known = best.get(options[k + 1]);
    if (known === undefined || options[k] < known) best.set(options[k + 1], options[k]);
  }
  return Int32Array.from([...best].flatMap(([state, cost]) => [cost, state]));
}

/** A node of the tree with the states that it has been seen in. */
class Node {
  readonly kind: ProcessTree["kind"];
  readonly children: Node[];
  /** its leaves: numbers from `from` up to `to` */
  readonly from: number;
  readonly to: number;
  /** visible steps of its shortest run */
  readonly shortest: number;
  readonly label: number;
  /**
   * What a state is made of. Parallel: the state of each child. Else: [which child is at work, its state]; a
   * loop's child 0 is the body.
   */
  readonly #parts: number[][] = [[], []];
  readonly #ids = new Map<string, number>();
  readonly #fired = new Map<number, Int32Array>();
  readonly #completion: number[] = [];
  readonly #left: { least: Uint8Array; most: Uint8Array }[] = [];
  readonly #enabled: number[][] = [];
  /** of a sequence: what is left from its child k on, when nothing of these children is done */
  readonly #rest: { least: Uint8Array; most: Uint8Array }[] = [];
  /** of the leaves, the child they lie in */
  readonly #childOf: Int32Array;

  constructor(
    kind: ProcessTree["kind"],
    children: Node[],
    from: number,
    to: number,
    shortest: number,
    label: number,
  ) {
    this.kind = kind;
    this.children = children;
    this.from = from;
    this.to = to;
    this.shortest = shortest;
    this.label = label;
    this.#childOf = new Int32Array(to - from);
    children.forEach((child, k) => this.#childOf.fill(k, child.from - from, child.to - from));
  }

  get size(): number {
    return this.#parts.length;
  }

  /** Pairs of cost and state after the leaf is done; none where it can no longer be reached. */
  fire(state: number, leaf: number): Int32Array {
    if (this.kind === "activity") return state === FRESH ? FIRE_LEAF : NOTHING;
    const key = state * (this.to - this.from) + leaf - this.from;
    const known = this.#fired.get(key);
    if (known) return known;
    const found = cheapest(
      this.#ways(state, leaf).flatMap(({ cost, child, sub }) => {
        const options = this.children[child].fire(sub, leaf);
        const pairs: number[] = [];
        for (let k = 0; k < options.length; k += 2)
          pairs.push(cost + options[k], this.#with(state, child, options[k + 1]));
        return pairs;
      }),
    );
    this.#fired.set(key, found);
    return found;
  }

  /** How the child with this leaf can be brought to work: what that costs, and the state it is then in. */
  #ways(state: number, leaf: number): { cost: number; child: number; sub: number; turn?: number }[] {
    const child = this.#childOf[leaf - this.from];
    if (state === DONE) return [];
    if (this.kind === "parallel") {
      return [{ cost: 0, child, sub: state === FRESH ? FRESH : this.#parts[state][child] }];
    }
    const [current, sub] = state === FRESH ? [0, FRESH] : this.#parts[state];
    if (this.kind === "choice") {
      if (state === FRESH) return [{ cost: 0, child, sub: FRESH }];
      return current === child ? [{ cost: 0, child, sub }] : [];
    }
    if (this.kind === "sequence") {
      if (child < current) return [];
      if (child === current) return [{ cost: 0, child, sub }];
      let cost = this.children[current].completion(sub);
      for (let k = current + 1; k < child; k++) cost += this.children[k].shortest;
      return [{ cost, child, sub: FRESH }];
    }
    // loop: body 0, and the parts that lead back to it
    const finish = this.children[current].completion(sub);
    if (child === 0 && current === 0) {
      const back = Math.min(...this.children.slice(1).map((part) => part.shortest));
      const ways = [{ cost: 0, child, sub, turn: 0 }];
      if (sub !== FRESH) ways.push({ cost: finish + back, child, sub: FRESH, turn: 1 });
      return ways;
    }
    if (child === 0) return [{ cost: finish, child, sub: FRESH, turn: 1 }];
    if (current === 0) return [{ cost: finish, child, sub: FRESH, turn: 1 }];
    const again = { cost: finish + this.children[0].shortest, child, sub: FRESH, turn: 2 };
    return current === child ? [{ cost: 0, child, sub, turn: 0 }, again] : [again];
  }

  /** The state in which `child` has state `sub`, and nothing else has changed or is still under way. */
  #with(state: number, child: number, sub: number): number {
    if (this.kind === "parallel") {
      const parts = state === FRESH ? this.children.map(() => FRESH) : [...this.#parts[state]];
      parts[child] = sub;
      if (parts.every((s, k) => s === DONE || this.children[k].isEmpty)) return DONE;
      return this.#intern(parts);
    }
    if (this.kind === "choice") return sub === DONE ? DONE : this.#intern([child, sub]);
    if (this.kind === "sequence") {
      if (sub !== DONE) return this.#intern([child, sub]);
      return child === this.children.length - 1 ? DONE : this.#intern([child + 1, FRESH]);
    }
    // After a part that leads back the body is to be done anew, as at the beginning.
    return child > 0 && sub === DONE ? FRESH : this.#intern([child, sub]);
  }

  /** Without any visible leaf. */
  get isEmpty(): boolean {
    return this.from === this.to;
  }

  #intern(parts: number[]): number {
    const key = parts.join(",");
    let id = this.#ids.get(key);
    if (id === undefined) this.#ids.set(key, (id = this.#parts.push(parts) - 1));
    return id;
  }

  completion(state: number): number {
    if (state === FRESH) return this.shortest;
    if (state === DONE) return 0;
    return (this.#completion[state] ??= this.#complete(state));
  }

  #complete(state: number): number {
    const parts = this.#parts[state];
    if (this.kind === "parallel") return parts.reduce((sum, s, k) => sum + this.children[k].completion(s), 0);
    const [current, sub] = parts;
    let cost = this.children[current].completion(sub);
    if (this.kind === "sequence")
      for (let k = current + 1; k < this.children.length; k++) cost += this.children[k].shortest;
    return this.kind === "loop" && current > 0 ? cost + this.children[0].shortest : cost;
  }

  left(state: number, labels: number): { least: Uint8Array; most: Uint8Array } {
    return (this.#left[state] ??= this.#countLeft(state, labels));
  }

  #countLeft(state: number, labels: number): { least: Uint8Array; most: Uint8Array } {
    const least = new Uint8Array(labels);
    const most = new Uint8Array(labels);
    if (state === DONE || this.isEmpty) return { least, most };
    if (this.kind === "activity") {
      least[this.label] = most[this.label] = 1;
      return { least, most };
    }
    const add = (part: { least: Uint8Array; most: Uint8Array }) => {
      for (let a = 0; a < labels; a++) {
        least[a] = Math.min(NO_LIMIT - 1, least[a] + part.least[a]);
        most[a] = Math.min(NO_LIMIT, most[a] + part.most[a]);
      }
    };
    if (this.kind === "choice" && state === FRESH) {
      least.fill(NO_LIMIT - 1);
      for (const child of this.children) {
        const part = child.left(FRESH, labels);
        for (let a = 0; a < labels; a++) {
          least[a] = Math.min(least[a], part.least[a]);
          most[a] = Math.max(most[a], part.most[a]);
        }
      }
      return { least, most };
    }
    if (this.kind === "parallel") {
      this.children.forEach((child, k) =>
        add(child.left(state === FRESH ? FRESH : this.#parts[state][k], labels)),
      );
      return { least, most };
    }
    const [current, sub] = state === FRESH ? [0, FRESH] : this.#parts[state];
    add(this.children[current].left(sub, labels));
    if (this.kind === "sequence") {
      if (current + 1 < this.children.length) add(this.#restFrom(current + 1, labels));
    }
    if (this.kind === "loop") {
      if (current > 0) add(this.children[0].left(FRESH, labels));
      for (const child of this.children) {
        const part = child.left(FRESH, labels);
        for (let a = 0; a < labels; a++) if (part.most[a] > 0) most[a] = NO_LIMIT;
      }
    }
    return { least, most };
  }

  #restFrom(k: number, labels: number): { least: Uint8Array; most: Uint8Array } {
    for (let j = this.children.length - 1; j >= k; j--) {
      if (this.#rest[j]) continue;
      const own = this.children[j].left(FRESH, labels);
      const behind = this.#rest[j + 1];
      this.#rest[j] = behind
        ? {
            least: own.least.map((count, a) => Math.min(NO_LIMIT - 1, count + behind.least[a])),
            most: own.most.map((count, a) => Math.min(NO_LIMIT, count + behind.most[a])),
          }
        : own;
    }
    return this.#rest[k];
  }

  /** Labels that can come next without model moves. */
  enabled(state: number): readonly number[] {
    return (this.#enabled[state] ??= [...new Set(this.#findEnabled(state))]);
  }

  #findEnabled(state: number): number[] {
    if (state === DONE || this.isEmpty) return [];
    if (this.kind === "activity") return [this.label];
    if (this.kind === "parallel") {
      return this.children.flatMap((child, k) =>
        child.enabled(state === FRESH ? FRESH : this.#parts[state][k]),
      );
    }
    if (this.kind === "choice" && state === FRESH)
      return this.children.flatMap((child) => child.enabled(FRESH));
    const [current, sub] = state === FRESH ? [0, FRESH] : this.#parts[state];
    const found = [...this.children[current].enabled(sub)];
    if (this.children[current].completion(sub) > 0 || this.kind === "choice") return found;
    if (this.kind === "sequence") {
      for (let k = current + 1; k < this.children.length; k++) {
        found.push(...this.children[k].enabled(FRESH));
        if (this.children[k].shortest > 0) break;
      }
      return found;
    }
    const [body, ...back] = this.children;
    const around = (from: Node[], to: Node[]) => {
      found.push(...from.flatMap((child) => child.enabled(FRESH)));
      if (from.some(({ shortest }) => shortest === 0))
        found.push(...to.flatMap((child) => child.enabled(FRESH)));
    };
    if (current === 0) around(back, [body]);
    else around([body], back);
    return found;
  }

  /**
   * The model moves before `leaf` on the way to `target` at exactly this cost; undefined where that way does
   * not exist.
   */
  explain(state: number, leaf: number, target: number, cost: number): number[] | undefined {
    if (this.kind === "activity") return state === FRESH && target === DONE && cost === 0 ? [] : undefined;
    for (const way of this.#ways(state, leaf)) {
      const options = this.children[way.child].fire(way.sub, leaf);
      for (let k = 0; k < options.length; k += 2) {
        if (way.cost + options[k] !== cost || this.#with(state, way.child, options[k + 1]) !== target)
          continue;
        const inner = this.children[way.child].explain(way.sub, leaf, options[k + 1], options[k])!;
        return [...this.#before(state, way.child, way.turn ?? 0), ...inner];
      }
    }
    return undefined;
  }

  /** The model moves that bring a child to work. */
  #before(state: number, child: number, turn: number): number[] {
    if (this.kind === "parallel" || this.kind === "choice") return [];
    const [current, sub] = state === FRESH ? [0, FRESH] : this.#parts[state];
    if (this.kind === "sequence") {
      if (child === current) return [];
      const moves = this.children[current].finish(sub);
      for (let k = current + 1; k < child; k++) moves.push(...this.children[k].finish(FRESH));
      return moves;
    }
    if (turn === 0) return [];
    const moves = this.children[current].finish(sub);
    if (child === 0 && current === 0) moves.push(...shortestOf(this.children.slice(1)).finish(FRESH));
    if (turn === 2) moves.push(...this.children[0].finish(FRESH));
    return moves;
  }

  finish(state: number): number[] {
    if (state === DONE || this.isEmpty) return [];
    if (this.kind === "activity") return [this.label];
    if (this.kind === "choice" && state === FRESH) return shortestOf(this.children).finish(FRESH);
    if (this.kind === "parallel") {
      return this.children.flatMap((child, k) =>
        child.finish(state === FRESH ? FRESH : this.#parts[state][k]),
      );
    }
    const [current, sub] = state === FRESH ? [0, FRESH] : this.#parts[state];
    const moves = this.children[current].finish(sub);
    if (this.kind === "sequence") {
      for (let k = current + 1; k < this.children.length; k++) moves.push(...this.children[k].finish(FRESH));
    }
    if (this.kind === "loop" && current > 0) moves.push(...this.children[0].finish(FRESH));
    return moves;
  }
}

const FIRE_LEAF = Int32Array.of(0, DONE);

/** The first of the nodes whose shortest run is shortest. */
function shortestOf(nodes: Node[]): Node {
  return nodes.reduce((best, node) => (node.shortest < best.shortest ? node : best));
}
