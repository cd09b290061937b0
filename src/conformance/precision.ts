import type { LogAlignment } from "./align-log.ts";
import type { StateSpace } from "./state-space.ts";

/**
 * How much more does the model allow than is done? Align-ETC: each case stands for the model run of its
 * alignment; after every prefix of such a run, weighted by the cases that share it (a whole run is a prefix
 * too), the activities that were done next are counted against those that the model would have allowed. 1:
 * nothing more; undefined where the model allows nothing or no case has an alignment.
 *
 * What the model allows after a prefix is what can follow in any of its states that show the same visible
 * steps (of many, the first 256). One alignment a variant; ties as in `Aligner`. Undefined also for a net too
 * large to be gone through. Cost: steps of the runs, times labels and states for each new set of states.
 * Source: Adriansyah, Munoz-Gama, Carmona, van Dongen, van der Aalst (2015), Measuring precision of modeled
 * behavior.
 */
export function alignEtcPrecision(space: StateSpace, { variants }: LogAlignment): number | undefined {
  interface Prefix {
    cases: number;
    states: StateSet;
    next: Map<number, Prefix>;
  }
  if (!space.isExact) return undefined;
  const sets = new StateSets(space);
  const start: Prefix = { cases: 0, states: sets.of([space.initial]), next: new Map() };
  const number = new Map(space.labels.map((label, i) => [label, i]));
  for (const { moves, cases, cost } of variants) {
    if (!Number.isFinite(cost)) continue;
    let prefix = start;
    prefix.cases += cases;
    for (const { model } of moves) {
      if (model === null) continue;
      const label = number.get(model)!;
      let next = prefix.next.get(label);
      if (!next)
        prefix.next.set(
          label,
          (next = { cases: 0, states: sets.after(prefix.states, label), next: new Map() }),
        );
      next.cases += cases;
      prefix = next;
    }
  }
  let done = 0;
  let allowed = 0;
  const open = [start];
  while (open.length > 0) {
    const { cases, states, next } = open.pop()!;
    done += cases * next.size;
    // done is allowed, also where the state that allows it is one of those left out
    const labels = sets.allowed(states);
    let more = 0;
    for (const label of next.keys()) if (!labels.has(label)) more++;
    allowed += cases * (labels.size + more);
    open.push(...next.values());
  }
  return allowed === 0 ? undefined : done / allowed;
}

/**
 * States that stand for a prefix, at most: nested loops can reach the same steps in exponentially many ways.
 */
const MAX_STATES = 256;

/** States after the same visible steps, each set numbered once. */
interface StateSet {
  states: number[];
  after: Map<number, StateSet>;
  allowed?: ReadonlySet<number>;
}

class StateSets {
  readonly #space: StateSpace;
  readonly #known = new Map<string, StateSet>();

  constructor(space: StateSpace) {
    this.#space = space;
  }

  of(states: Iterable<number>): StateSet {
    const kept = [...new Set(states)].slice(0, MAX_STATES);
    const key = kept.join(",");
    let set = this.#known.get(key);
    if (!set) this.#known.set(key, (set = { states: kept, after: new Map() }));
    return set;
  }

  after(set: StateSet, label: number): StateSet {
    let next = set.after.get(label);
    if (!next)
      set.after.set(label, (next = this.of(set.states.flatMap((state) => this.#space.follow(state, label)))));
    return next;
  }

  /** The labels that can come next. */
  allowed(set: StateSet): ReadonlySet<number> {
    return (set.allowed ??= new Set(set.states.flatMap((state) => this.#space.enabled(state))));
  }
}
