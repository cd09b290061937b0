import { isFinalMarking, type PetriNet } from "../model/petri-net.ts";

/** Tokens of one replayed trace. */
export interface Replay {
  produced: number;
  consumed: number;
  /** tokens that had to be added so that the trace could go on, and that were left over at its end */
  missing: number;
  remaining: number;
  /** steps that the net has no transition for; they are left out */
  foreign: number;
  /** ½ (1 − missing / consumed) + ½ (1 − remaining / produced) */
  fitness: number;
}

/**
 * Markings that one search for silent steps opens, that it finds, and that are carried from step to step, at
 * most.
 */
const OPENED = 300;
const FOUND = 3;
const CARRIED = 12;
/** Searches that are remembered, at most. */
const REMEMBERED = 20_000;

/**
 * Token-based replay: plays a trace on the net, firing silent transitions where they help and adding missing
 * tokens where nothing does. Up to 12 markings that can show the trace so far are carried along, not one
 * chosen greedily; silent transitions are tried, nearest first, only where they lead to the step that is due.
 * Steps without a transition are left out and counted.
 *
 * For a trace that alignments prove to be a run of the net (`isRun`), tokens that this search had to add are
 * none of the trace's fault: they are not counted, so a fitting trace is never called unfitting, as greedy
 * implementations do.
 *
 * Cost: steps of the trace times at most 12 × 300 markings. Source: Rozinat and van der Aalst (2008),
 * Conformance checking of processes based on monitoring real behavior.
 */
export class TokenReplay {
  readonly #net: PetriNet;
  /** tokens that each transition takes, by place */
  readonly #needs: Map<number, number>[];
  readonly #byLabel = new Map<string, number[]>();
  /** for each label, and undefined for the end, the silent transitions that may help to get there */
  readonly #helpful = new Map<string | undefined, number[]>();
  readonly #reached = new Map<string, Reached[]>();

  constructor(net: PetriNet) {
    this.#net = net;
    this.#needs = net.transitions.map(({ inputs }) => {
      const needs = new Map<number, number>();
      for (const p of inputs) needs.set(p, (needs.get(p) ?? 0) + 1);
      return needs;
    });
    net.transitions.forEach(({ label }, t) => {
      if (label !== undefined) this.#byLabel.set(label, [...(this.#byLabel.get(label) ?? []), t]);
    });
    for (const [label, transitions] of this.#byLabel)
      this.#helpful.set(label, this.#before(transitions.flatMap((t) => net.transitions[t].inputs)));
    this.#helpful.set(undefined, this.#before(net.final.flatMap((tokens, p) => (tokens > 0 ? [p] : []))));
  }

  /** The silent transitions from which a way of silent transitions leads to one of these places. */
  #before(places: number[]): number[] {
    const wanted = new Set(places);
    const found = new Set<number>();
    for (const p of wanted) {
      this.#net.transitions.forEach(({ label, inputs, outputs }, t) => {
        if (label !== undefined || found.has(t) || !outputs.includes(p)) return;
        found.add(t);
        inputs.forEach((q) => wanted.add(q));
      });
    }
    return [...found].sort((s, t) => s - t);
  }

  replay(trace: readonly string[], isRun = false): Replay {
    const begin = this.#net.initial.reduce((a, b) => a + b, 0);
    let front = new Map<string, Play>([
      [keyOf(this.#net.initial), { marking: this.#net.initial, produced: begin, consumed: 0, missing: 0 }],
    ]);
    let foreign = 0;
    for (const activity of trace) {
      const transitions = this.#byLabel.get(activity);
      if (!transitions) {
        foreign++;
        continue;
      }
      const next = new Map<string, Play>();
      for (const play of front.values()) {
        for (const reached of this.#reach(play.marking, activity)) {
          for (const t of transitions)
            if (this.#isEnabled(t, reached.marking)) keep(next, this.#fire(t, after(play, reached)));
        }
      }
      if (next.size === 0) {
        // Nothing can show this step: the transition that lacks fewest tokens gets them, in the first best
        // marking.
        let best: Play | undefined;
        for (const play of front.values()) {
          for (const t of transitions) {
            const forced = this.#force(t, play);
            if (!best || forced.missing < best.missing) best = forced;
          }
        }
        keep(next, best!);
      }
      front =
        next.size <= CARRIED
          ? next
          : new Map([...next].sort(([, x], [, y]) => x.missing - y.missing).slice(0, CARRIED));
    }
    const result = { ...this.#end(front), foreign };
    return isRun ? { ...result, missing: 0, remaining: 0, fitness: 1 } : result;
  }

  /** Silent steps to the final marking where they lead there, else the marking that is nearest to it. */
  #end(front: Map<string, Play>): Omit<Replay, "foreign"> {
    const { final } = this.#net;
    const wanted = final.reduce((a, b) => a + b, 0);
    let best: Omit<Replay, "foreign"> | undefined;
    for (const play of front.values()) {
      for (const reached of this.#reach(play.marking, undefined)) {
        const { marking, produced, consumed, missing } = after(play, reached);
        let lacking = 0;
        let over = 0;
        const stopped = this.#isFinal(marking); // also by a stop, which leaves nothing to be wanted
        marking.forEach((tokens, p) => {
          if (stopped) return;
          lacking += Math.max(0, final[p] - tokens);
          over += Math.max(0, tokens - final[p]);
        });
        const [c, m] = [consumed + wanted, missing + lacking];
        const fitness = (c === 0 ? 1 : 1 - m / c) / 2 + (produced === 0 ? 1 : 1 - over / produced) / 2;
        if (!best || m + over < best.missing + best.remaining)
          best = { produced, consumed: c, missing: m, remaining: over, fitness };
      }
    }
    return best!;
  }

  /**
   * The nearest markings that helpful silent steps lead to, in which the step can be done (for the end: all
   * that were opened), with the tokens that these steps take and give.
   */
  #reach(marking: readonly number[], target: string | undefined): Reached[] {
    const from = keyOf(marking);
    const key = `${from}\u0000${target ?? ""}`;
    const known = this.#reached.get(key);
    if (known) return known;
    const wanted = target === undefined ? [] : this.#byLabel.get(target)!;
    const opened = new Map<string, Reached>([[from, { marking, produced: 0, consumed: 0 }]]);
    const found: Reached[] = [];
    for (const at of opened.values()) {
      if (
        target === undefined ? this.#isFinal(at.marking) : wanted.some((t) => this.#isEnabled(t, at.marking))
      )
        found.push(at);
      if (opened.size > OPENED || found.length === FOUND) break;
      for (const t of this.#helpful.get(target)!) {
        if (!this.#isEnabled(t, at.marking)) continue;
        const next = this.#fire(t, { ...at, missing: 0 });
        const nextKey = keyOf(next.marking);
        if (!opened.has(nextKey)) opened.set(nextKey, next);
      }
    }
    if (target === undefined && found.length === 0) found.push(...opened.values());
    if (this.#reached.size >= REMEMBERED) this.#reached.clear();
    this.#reached.set(key, found);
    return found;
  }

  #isFinal(marking: readonly number[]): boolean {
    return isFinalMarking(this.#net, marking);
  }

  #isEnabled(t: number, marking: readonly number[]): boolean {
    for (const [p, tokens] of this.#needs[t]) if (marking[p] < tokens) return false;
    return true;
  }

  #fire(t: number, { marking, produced, consumed, missing }: Play): Play {
    const { inputs, outputs } = this.#net.transitions[t];
    const next = [...marking];
    for (const p of inputs) next[p]--;
    for (const p of outputs) next[p]++;
    return {
      marking: next,
      produced: produced + outputs.length,
      consumed: consumed + inputs.length,
      missing,
    };
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
  return {
    marking,
    produced: play.produced + produced,
    consumed: play.consumed + consumed,
    missing: play.missing,
  };
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
