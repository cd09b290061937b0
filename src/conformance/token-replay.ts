import type { PetriNet } from "../model/petri-net.ts";

/** Tokens of one replayed trace. */
export interface Replay {
  produced: number;
  consumed: number;
  /** tokens that had to be added so that the trace could go on, and that were left over at its end */
  missing: number;
  remaining: number;
  /** ½ (1 − missing / consumed) + ½ (1 − remaining / produced) */
  fitness: number;
}

/** Markings that one search for silent steps opens at most. */
const MARKINGS = 20_000;

/**
 * Token-based replay: plays a trace on the net, firing silent transitions where they help and adding missing tokens where nothing does. A
 * trace that is a run of the net always replays without missing or remaining tokens: all markings that can show the trace so far are kept, and tokens
 * are added only when none of them can go on. (Choosing one marking greedily, as other implementations do, calls
 * fitting traces unfitting.) Activities without a transition are left out.
 *
 * Cost: steps of the trace times markings reachable by silent steps, at most 20,000 a step.
 * Source: Rozinat and van der Aalst (2008), Conformance checking of processes based on monitoring real behavior.
 */
export class TokenReplay {
  readonly #net: PetriNet;
  readonly #byLabel = new Map<string, number[]>();
  readonly #silent: number[] = [];
  readonly #reached = new Map<string, Reached[]>();

  constructor(net: PetriNet) {
    this.#net = net;
    net.transitions.forEach(({ label }, t) => {
      if (label === undefined) this.#silent.push(t);
      else this.#byLabel.set(label, [...(this.#byLabel.get(label) ?? []), t]);
    });
  }

  replay(trace: readonly string[]): Replay {
    const begin = this.#net.initial.reduce((a, b) => a + b, 0);
    let front = new Map<string, Play>([
      [keyOf(this.#net.initial), { marking: this.#net.initial, produced: begin, consumed: 0, missing: 0 }],
    ]);
    for (const activity of trace) {
      const transitions = this.#byLabel.get(activity);
      if (!transitions) continue;
      const next = new Map<string, Play>();
      for (const play of front.values()) {
        for (const reached of this.#reach(play.marking)) {
          for (const t of transitions) {
            if (!this.#isEnabled(t, reached.marking)) continue;
            keep(next, this.#fire(t, after(play, reached)));
          }
        }
      }
      if (next.size === 0) {
        // Nothing can show this step: the transition that lacks fewest tokens gets them, in the first best marking.
        let best: Play | undefined;
        for (const play of front.values()) {
          for (const reached of this.#reach(play.marking)) {
            for (const t of transitions) {
              const forced = this.#force(t, after(play, reached));
              if (!best || forced.missing < best.missing) best = forced;
            }
          }
        }
        keep(next, best!);
      }
      front = next;
    }
    return this.#end(front);
  }

  /** Silent steps to the final marking where they lead there, else the marking that is nearest to it. */
  #end(front: Map<string, Play>): Replay {
    const { final } = this.#net;
    const wanted = final.reduce((a, b) => a + b, 0);
    let best: Replay | undefined;
    for (const play of front.values()) {
      for (const reached of this.#reach(play.marking)) {
        const { marking, produced, consumed, missing } = after(play, reached);
        let lacking = 0;
        let over = 0;
        marking.forEach((tokens, p) => {
          lacking += Math.max(0, final[p] - tokens);
          over += Math.max(0, tokens - final[p]);
        });
        const [c, m] = [consumed + wanted, missing + lacking];
        const fitness = (c === 0 ? 1 : 1 - m / c) / 2 + (produced === 0 ? 1 : 1 - over / produced) / 2;
        if (!best || m + over < best.missing + best.remaining) best = { produced, consumed: c, missing: m, remaining: over, fitness };
      }
    }
    return best!;
  }

  /** The markings that silent steps lead to, with the tokens they take and give; the marking itself first. */
  #reach(marking: readonly number[]): Reached[] {
    const key = keyOf(marking);
    const known = this.#reached.get(key);
    if (known) return known;
    const found = new Map<string, Reached>([[key, { marking, produced: 0, consumed: 0 }]]);
    for (const at of found.values()) {
      if (found.size > MARKINGS) break;
      for (const t of this.#silent) {
        if (!this.#isEnabled(t, at.marking)) continue;
        const next = this.#fire(t, { ...at, missing: 0 });
        const nextKey = keyOf(next.marking);
        if (!found.has(nextKey)) found.set(nextKey, next);
      }
    }
    const list = [...found.values()];
    this.#reached.set(key, list);
    return list;
  }

  #isEnabled(t: number, marking: readonly number[]): boolean {
    const { inputs } = this.#net.transitions[t];
    // a place named twice must hold two tokens
    return inputs.every((p) => marking[p] >= inputs.filter((q) => q === p).length);
  }

  #fire(t: number, { marking, produced, consumed, missing }: Play): Play {
    const { inputs, outputs } = this.#net.transitions[t];
    const next = [...marking];
    for (const p of inputs) next[p]--;
    for (const p of outputs) next[p]++;
    return { marking: next, produced: produced + outputs.length, consumed: consumed + inputs.length, missing };
  }

  #force(t: number, play: Play): Play {
    const marking = [...play.marking];
    let missing = play.missing;
    const needed = [...marking];
    for (const p of this.#net.transitions[t].inputs) {
      if (needed[p]-- > 0) continue;
      marking[p]++;
      missing++;
    }
    return this.#fire(t, { ...play, marking, missing });
  }
}

interface Reached {
  marking: readonly number[];
  produced: number;
  consumed: number;
}

interface Play extends Reached {
  missing: number;
}

function after(play: Play, { marking, produced, consumed }: Reached): Play {
  return { marking, produced: play.produced + produced, consumed: play.consumed + consumed, missing: play.missing };
}

/** Of plays that end in the same marking, the one with fewest missing tokens. */
function keep(plays: Map<string, Play>, play: Play): void {
  const key = keyOf(play.marking);
  const known = plays.get(key);
  if (!known || play.missing < known.missing) plays.set(key, play);
}

function keyOf(marking: readonly number[]): string {
  return String.fromCharCode(...marking);
}
