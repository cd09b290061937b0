import { InputError } from "../input-error.ts";
import { isFinalMarking, type PetriNet } from "../model/petri-net.ts";
import type { StateSpace } from "./state-space.ts";

/** Markings up to which a net is explored whole, so that the way to its end is known from each of them. */
const EXPLORED = 50_000;
/** Markings that are kept at most; what lies beyond is cut off, and searches that come there stop. */
const KEPT = 300_000;
/** Markings that silent steps alone lead to, at most, when it is asked what can follow. */
const CLOSURE = 2_000;
/** Most tokens in one place; a net that puts more there is taken for unbounded. */
const MAX_TOKENS = 100;

/**
 * The state space of any Petri net: its markings. Used for nets that are not made of nested blocks (those
 * have a process tree, whose state space is far smaller). Up to 50,000 markings are explored at once, with
 * exact distances to the end; beyond, markings are met as the search needs them and nothing is known about
 * what is left.
 *
 * Cost of exploring: markings times transitions, times labels.
 */
export class NetSpace implements StateSpace {
  readonly labels: readonly string[];
  readonly initial: number;
  readonly isExact: boolean;
  readonly #cut = new Set<number>();
  readonly #net: PetriNet;
  readonly #labelOf: Int32Array;
  readonly #markings: Uint8Array[] = [];
  readonly #ids = new Map<string, number>();
  readonly #steps: (Int32Array | undefined)[] = [];
  readonly #completion: Int32Array;
  readonly #enabled: (number[] | undefined)[] = [];
  readonly #least: Uint8Array[] = [];
  readonly #most: Uint8Array[] = [];
  readonly #unknown: { least: Uint8Array; most: Uint8Array };

  constructor(net: PetriNet) {
    this.#net = net;
    const labels = [...new Set(net.transitions.flatMap(({ label }) => (label === undefined ? [] : [label])))];
    this.labels = labels;
    this.#labelOf = Int32Array.from(net.transitions, ({ label }) =>
      label === undefined ? -1 : labels.indexOf(label),
    );
    this.initial = this.#intern(Uint8Array.from(net.initial));
    for (let s = 0; s < this.#markings.length && this.#markings.length <= EXPLORED; s++) this.#stepsOf(s);
    this.isExact = this.#markings.length <= EXPLORED;
    this.#completion = this.isExact ? this.#distances((label) => (label < 0 ? 0 : 1)) : new Int32Array(0);
    this.#unknown = { least: new Uint8Array(labels.length), most: new Uint8Array(labels.length).fill(255) };
    if (!this.isExact) return;
    for (let s = 0; s < this.#markings.length; s++) {
      this.#least.push(new Uint8Array(labels.length));
      this.#most.push(new Uint8Array(labels.length));
    }
    labels.forEach((_, label) => {
      const distance = this.#distances((l) => (l === label ? 1 : 0));
      const possible = this.#comesTo(label);
      for (let s = 0; s < this.#markings.length; s++) {
        this.#least[s][label] = distance[s] === UNREACHED ? 0 : Math.min(254, distance[s]);
        this.#most[s][label] = possible[s] === 1 ? 255 : 0;
      }
    });
  }

  get size(): number {
    return this.#markings.length;
  }

  next(state: number, label: number): Int32Array {
    const steps = this.#stepsOf(state);
    const found: number[] = [];
    for (let k = 0; k < steps.length; k += 2) if (steps[k] === label) found.push(0, steps[k + 1]);
    return Int32Array.from(found);
  }

  moves(state: number): Int32Array {
    const steps = this.#stepsOf(state);
    const found = new Int32Array((steps.length / 2) * 3);
    for (let k = 0, m = 0; k < steps.length; k += 2, m += 3) {
      found[m] = steps[k] < 0 ? 0 : 1;
      found[m + 1] = steps[k];
      found[m + 2] = steps[k + 1];
    }
    return found;
  }

  isCut(state: number): boolean {
    return this.#cut.has(state);
  }

  completion(state: number): number {
    if (!this.isExact) return 0;
    const distance = this.#completion[state];
    return distance === UNREACHED ? Infinity : distance;
  }

  isFinal(state: number): boolean {
    return isFinalMarking(this.#net, this.#markings[state]);
  }

  left(state: number): { least: Uint8Array; most: Uint8Array } {
    return this.isExact ? { least: this.#least[state], most: this.#most[state] } : this.#unknown;
  }

  explain(): number[] {
    return [];
  }

  finish(state: number): number[] {
    const moves: number[] = [];
    const seen = new Set<number>();
    // Silent circles have distance 0 all round, so the states already seen are not entered again.
    const walk = (s: number): boolean => {
      if (this.isFinal(s)) return true;
      seen.add(s);
      const steps = this.#stepsOf(s);
      for (let k = 0; k < steps.length; k += 2) {
        const [label, target] = [steps[k], steps[k + 1]];
        const closer = this.#completion[target] === this.#completion[s] - (label < 0 ? 0 : 1);
        if (!closer || this.#completion[target] === UNREACHED || seen.has(target)) continue;
        if (label >= 0) moves.push(label);
        if (walk(target)) return true;
        if (label >= 0) moves.pop();
      }
      return false;
    };
    walk(state);
    return moves;
  }

  enabled(state: number): readonly number[] {
    const known = this.#enabled[state];
    if (known) return known;
    const found = new Set<number>();
    this.#afterSilence(state, (label) => found.add(label));
    return (this.#enabled[state] = [...found]);
  }

  follow(state: number, label: number): number[] {
    const found = new Set<number>();
    this.#afterSilence(state, (l, target) => l === label && found.add(target));
    return [...found];
  }

  /** The visible steps from all markings that silent steps alone lead to. */
  #afterSilence(state: number, visit: (label: number, target: number) => void): void {
    const closure = new Set([state]);
    for (const s of closure) {
      if (closure.size > CLOSURE) break;
      const steps = this.#stepsOf(s);
      for (let k = 0; k < steps.length; k += 2) {
        if (steps[k] < 0) closure.add(steps[k + 1]);
        else visit(steps[k], steps[k + 1]);
      }
    }
  }

  /** Pairs of label and marking reached, in the order of the transitions. */
  #stepsOf(state: number): Int32Array {
    const known = this.#steps[state];
    if (known) return known;
    const marking = this.#markings[state];
    const steps: number[] = [];
    this.#net.transitions.forEach(({ inputs, outputs }, t) => {
      const next = marking.slice();
      for (const p of inputs) if (next[p]-- === 0) return;
      for (const p of outputs) {
        if (++next[p] > MAX_TOKENS) {
          throw new InputError(
            "unbounded-model",
            this.#net.name,
            `The model "${this.#net.name}" can pile up more than ${MAX_TOKENS} tokens in "${this.#net.places[p]}", so it has no end of states. In BPMN that is a split without a matching join. Mend the model there.`,
          );
        }
      }
      const target = this.#intern(next);
      if (target >= 0) steps.push(this.#labelOf[t], target);
      else this.#cut.add(state);
    });
    return (this.#steps[state] = Int32Array.from(steps));
  }

  #intern(marking: Uint8Array): number {
    const key = String.fromCharCode(...marking);
    let id = this.#ids.get(key);
    if (id !== undefined) return id;
    if (this.#markings.length >= KEPT) return -1;
    this.#ids.set(key, (id = this.#markings.push(marking) - 1));
    return id;
  }

  /**
   * Cost of the cheapest way from each marking to a final one, steps costing 0 or 1. Backwards, breadth first
   * with two ends.
   */
  #distances(costOf: (label: number) => 0 | 1): Int32Array {
    const n = this.#markings.length;
    const back: number[][] = Array.from({ length: n }, () => []);
    for (let s = 0; s < n; s++) {
      const steps = this.#stepsOf(s);
      for (let k = 0; k < steps.length; k += 2) back[steps[k + 1]].push(costOf(steps[k]), s);
    }
    const distance = new Int32Array(n).fill(UNREACHED);
    let level: number[] = [];
    for (let s = 0; s < n; s++) if (this.isFinal(s)) level.push(s);
    for (let d = 0; level.length > 0; d++) {
      const later: number[] = [];
      while (level.length > 0) {
        const s = level.pop()!;
        if (distance[s] !== UNREACHED) continue;
        distance[s] = d;
        for (let k = 0; k < back[s].length; k += 2) {
          const from = back[s][k + 1];
          if (distance[from] !== UNREACHED) continue;
          (back[s][k] === 0 ? level : later).push(from);
        }
      }
      level = later;
    }
    return distance;
  }

  /** The markings from which a way to the end leads over a step with this label. */
  #comesTo(label: number): Uint8Array {
    const n = this.#markings.length;
    const back: number[][] = Array.from({ length: n }, () => []);
    const possible = new Uint8Array(n);
    const open: number[] = [];
    for (let s = 0; s < n; s++) {
      const steps = this.#stepsOf(s);
      for (let k = 0; k < steps.length; k += 2) {
        back[steps[k + 1]].push(s);
        if (steps[k] === label && this.#completion[steps[k + 1]] !== UNREACHED && possible[s] === 0) {
          possible[s] = 1;
          open.push(s);
        }
      }
    }
    while (open.length > 0) {
      for (const s of back[open.pop()!]) {
        if (possible[s] === 1) continue;
        possible[s] = 1;
        open.push(s);
      }
    }
    return possible;
  }
}

const UNREACHED = 0x7fffffff;
