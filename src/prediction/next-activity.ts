import { wilson, type Interval } from "../statistics/intervals.ts";

/** What comes after everything: the end of the case. */
export const END_OF_CASE = -1;

export interface NextGuess {
  /** an activity code, or END_OF_CASE */
  next: number;
  share: number;
  /** 95 %, from how often the same beginning went on like this */
  interval: Interval;
}

const MAX_ORDER = 12;

/**
 * What is done next, from the last steps of a case: a Markov model of variable order. The longest suffix of
 * the case that was seen at least `minSeen` times in training speaks; what followed it there, and how often,
 * is the forecast. (Ron, Singer, Tishby 1996, The power of amnesia.)
 */
export class NextActivityModel {
  readonly #counts = new Map<string, Map<number, number>>();
  readonly #minSeen: number;
  readonly order: number;

  constructor(order: number, minSeen: number) {
    this.order = Math.min(order, MAX_ORDER);
    this.#minSeen = minSeen;
  }

  /** Learns one finished case. */
  add(steps: ArrayLike<number>): void {
    for (let i = 1; i <= steps.length; i++) {
      const next = i < steps.length ? steps[i] : END_OF_CASE;
      for (let k = 0; k <= Math.min(this.order, i); k++) {
        const key = contextKey(steps, i, k);
        let counts = this.#counts.get(key);
        if (!counts) this.#counts.set(key, (counts = new Map()));
        counts.set(next, (counts.get(next) ?? 0) + 1);
      }
    }
  }

  /**
   * Guesses for what comes after the first `length` steps, most likely first; [] for a model that learned
   * nothing.
   */
  guess(steps: ArrayLike<number>, length: number): NextGuess[] {
    for (let k = Math.min(this.order, length); k >= 0; k--) {
      const counts = this.#counts.get(contextKey(steps, length, k));
      if (!counts) continue;
      const total = [...counts.values()].reduce((a, b) => a + b, 0);
      if (total < this.#minSeen && k > 0) continue;
      return [...counts]
        .sort(([a, x], [b, y]) => y - x || a - b)
        .map(([next, count]) => ({ next, share: count / total, interval: wilson(count, total)! }));
    }
    return [];
  }
}

/** The k steps before position `length`; a case shorter than that is marked by its begin. */
function contextKey(steps: ArrayLike<number>, length: number, k: number): string {
  let key = k === length ? "^" : "";
  for (let i = length - k; i < length; i++) key += String.fromCharCode(steps[i] & 0xffff, steps[i] >>> 16);
  return `${k}:${key}`;
}
