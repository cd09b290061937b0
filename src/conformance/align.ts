import type { StateSpace } from "./state-space.ts";

/** One step of an alignment: in both (`log` and `model` equal), in the log only, or in the model only. */
export interface Move {
  log: string | null;
  model: string | null;
}

export interface Alignment {
  /** moves in the log only plus visible moves in the model only */
  cost: number;
  /** no alignment costs less; equal to `cost` where it is optimal */
  lowerBound: number;
  optimal: boolean;
  moves: Move[];
}

/** States that the search for one alignment opens at most before it stops with a lower bound. */
export const DEFAULT_STATES = 1_000_000;
/** As many times that for all traces of a log together; what is left then gets a hundredth each. */
const WHOLE_LOG = 20;

/**
 * Finds cheapest alignments of traces against one model. The state space stays from trace to trace.
 *
 * A* over (position in the trace, state of the model), costs 1 for a step that only one side makes and 0
 * else; the bound on what is left counts, for each activity, how often the model must and can still do it
 * against how often the trace still has it. Among equally cheap alignments the first found counts:
 * synchronous moves before others, activities in the order of the model.
 *
 * Time and memory grow with (position, state) pairs that could still lie on an alignment as cheap as the
 * cheapest: for a fitting trace its length. The search opens at most `maxStates` of them, and twenty times
 * that for all traces together; then `optimal` is false, `lowerBound` is proved and the moves are those of
 * the best alignment seen.
 */
export class Aligner {
  readonly #space: StateSpace;
  readonly #maxStates: number;
  // the trace that is being aligned: whole, its names, the part that the model knows, and the number of other
  // steps
  #trace: Int32Array = new Int32Array(0);
  #names: readonly string[] = [];
  #known: Int32Array = new Int32Array(0);
  #foreign = 0;
  // one entry a node of the search: a (position, state) pair
  #state = new Int32Array(1024);
  #position = new Int32Array(1024);
  #cost = new Int32Array(1024);
  #bound = new Int32Array(1024);
  #parent = new Int32Array(1024);
  /** how it was reached: LOG, SYNC or MODEL */
  #how = new Uint8Array(1024);
  #nodes = 0;
  #places = new Map<number, number>();
  #left = new Int32Array(0);
  #queue: number[][] = [];
  /** in all searches so far */
  #opened = 0;

  constructor(space: StateSpace, maxStates = DEFAULT_STATES) {
    this.#space = space;
    this.#maxStates = maxStates;
  }

  /**
   * `trace` as numbers of the model's labels; −1 for an activity that the model does not have, named in
   * `names`.
   */
  align(trace: Int32Array, names: readonly string[]): Alignment {
    this.#trace = trace;
    this.#names = names;
    this.#known = trace.filter((label) => label >= 0);
    this.#foreign = trace.length - this.#known.length;
    const alignment = this.#search();
    this.#opened += this.#nodes;
    return alignment;
  }

  #search(): Alignment {
    const space = this.#space;
    const known = this.#known;
    this.#countLeft(known);
    this.#nodes = 0;
    this.#places.clear();
    this.#queue = [];
    this.#reach(space.initial, 0, 0, -1, SYNC);

    const limit = this.#opened > this.#maxStates * WHOLE_LOG ? this.#maxStates / 100 : this.#maxStates;
    let best = -1; // a node from which only log moves and the completion are left, if the limit is met
    let bestCost = Infinity;
    for (let f = 0; f < this.#queue.length; f++) {
      const bucket = this.#queue[f];
      if (!bucket) continue;
      while (bucket.length > 0) {
        const node = bucket.pop()!;
        if (this.#cost[node] + this.#bound[node] !== f) continue; // reached more cheaply since
        const state = this.#state[node];
        const at = this.#position[node];
        const cost = this.#cost[node];
        if (at === known.length && (space.isExact || space.isFinal(state))) {
          return this.#result(node, f);
        }
        if (space.isExact) {
          const whole = cost + known.length - at + space.completion(state);
          if (whole < bestCost) [bestCost, best] = [whole, node];
        }
        const moves = space.moves(state);
        if (this.#nodes > limit || space.isCut(state)) return this.#stopped(best, f);
        this.#bound[node] = -1 - cost; // closed
        for (let k = 0; k < moves.length; k += 3) this.#reach(moves[k + 2], at, cost + moves[k], node, MODEL);
        if (at === known.length) continue;
        this.#reach(state, at + 1, cost + 1, node, LOG);
        const options = space.next(state, known[at]);
        for (let k = options.length - 2; k >= 0; k -= 2)
          this.#reach(options[k + 1], at + 1, cost + options[k], node, SYNC);
      }
    }
    // the model has no way to its end
    return { cost: Infinity, lowerBound: Infinity, optimal: true, moves: [] };
  }

  /** How often each label comes at or after each position. */
  #countLeft(trace: Int32Array): void {
    const labels = this.#space.labels.length;
    const size = (trace.length + 1) * labels;
    if (this.#left.length < size) this.#left = new Int32Array(size * 2);
    this.#left.fill(0, trace.length * labels, size);
    for (let i = trace.length - 1; i >= 0; i--) {
      this.#left.copyWithin(i * labels, (i + 1) * labels, (i + 2) * labels);
      this.#left[i * labels + trace[i]]++;
    }
  }
  /** A lower bound for the moves from here to the end. */
  #boundOf(state: number, at: number): number {
    const { least, most } = this.#space.left(state);
    const labels = least.length;
    let logMoves = 0;
    let modelMoves = 0;
    for (let a = 0, i = at * labels; a < labels; a++, i++) {
      const count = this.#left[i];
      if (count > most[a]) {
        if (most[a] !== 255) logMoves += count - most[a];
      } else if (count < least[a]) modelMoves += least[a] - count;
    }
    const synchronous = this.#known.length - at - logMoves;
    const missing = this.#space.completion(state) - synchronous;
    return logMoves + (missing > modelMoves ? missing : modelMoves);
  }

  #reach(state: number, at: number, cost: number, parent: number, how: number): void {
    const key = state * (this.#known.length + 1) + at;
    let node = this.#places.get(key);
    let bound: number;
    if (node === undefined) {
      bound = this.#boundOf(state, at);
      if (bound === Infinity) return;
      if (this.#nodes === this.#state.length) this.#grow();
      node = this.#nodes++;
      this.#places.set(key, node);
      this.#state[node] = state;
      this.#position[node] = at;
    } else {
      if (this.#cost[node] <= cost) return;
      bound = this.#bound[node] < 0 ? this.#boundOf(state, at) : this.#bound[node];
    }
    this.#cost[node] = cost;
    this.#bound[node] = bound;
    this.#parent[node] = parent;
    this.#how[node] = how;
    (this.#queue[cost + bound] ??= []).push(node);
  }

  #grow(): void {
    const larger = <T extends Int32Array | Uint8Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    const size = this.#state.length * 2;
    this.#state = larger(this.#state, new Int32Array(size));
    this.#position = larger(this.#position, new Int32Array(size));
    this.#cost = larger(this.#cost, new Int32Array(size));
    this.#bound = larger(this.#bound, new Int32Array(size));
    this.#parent = larger(this.#parent, new Int32Array(size));
    this.#how = larger(this.#how, new Uint8Array(size));
  }

  #result(node: number, f: number): Alignment {
    const cost = f + this.#foreign;
    return { cost, lowerBound: cost, optimal: true, moves: this.#moves(node) };
  }

  /** The best alignment seen when the search had to stop, every node left costing `f` or more. */
  #stopped(best: number, f: number): Alignment {
    const lowerBound = f + this.#foreign;
    if (best < 0) return { cost: Infinity, lowerBound, optimal: false, moves: [] };
    const moves = this.#moves(best);
    const cost = moves.filter((move) => move.log === null || move.model === null).length;
    return { cost, lowerBound, optimal: cost === lowerBound, moves };
  }

  /** The moves up to a node, then the rest of the trace as log moves and the cheapest completion. */
  #moves(node: number): Move[] {
    const space = this.#space;
    const trace = this.#trace;
    const names = this.#names;
    const path: number[] = [];
    for (let n = node; n >= 0; n = this.#parent[n]) path.push(n);
    path.reverse();
    const moves: Move[] = [];
    let i = 0; // position in the whole trace
    const foreign = () => {
      for (; i < trace.length && trace[i] < 0; i++) moves.push({ log: names[i], model: null });
    };
    const modelMove = (label: number) => moves.push({ log: null, model: space.labels[label] });
    for (let k = 1; k < path.length; k++) {
      const [from, to] = [path[k - 1], path[k]];
      const how = this.#how[to];
      if (how === MODEL) {
        const steps = space.moves(this.#state[from]);
        for (let s = 0; s < steps.length; s += 3) {
          if (steps[s + 2] !== this.#state[to] || steps[s] !== this.#cost[to] - this.#cost[from]) continue;
          if (steps[s + 1] >= 0) modelMove(steps[s + 1]);
          break;
        }
        continue;
      }
      foreign();
      const label = this.#known[this.#position[from]];
      const name = names[i];
      if (how === LOG) moves.push({ log: name, model: null });
      else {
        space.explain(this.#state[from], label, this.#state[to]).forEach(modelMove);
        moves.push({ log: name, model: name });
      }
      i++;
    }
    for (; i < trace.length; i++) moves.push({ log: names[i], model: null });
    if (space.isExact) space.finish(this.#state[node]).forEach(modelMove);
    return moves;
  }
}

const LOG = 0;
const SYNC = 1;
const MODEL = 2;
