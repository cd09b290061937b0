import type { EventLog } from "../eventlog/event-log.ts";
import { findVariants } from "./variants.ts";

/**
 * Different sequences of codes 0 … codeCount − 1, each with how often it occurs: the log as a miner cuts it.
 * The steps of trace i are `codes[offset[i]]` up to (not including) `codes[offset[i + 1]]`.
 */
export interface TraceBag {
  codeCount: number;
  offset: Uint32Array;
  codes: Uint32Array;
  count: Float64Array;
}

/** The variants of a log as a bag over its activity codes. One pass. */
export function traceBag(log: EventLog): TraceBag {
  const { example, caseCount } = findVariants(log);
  const offset = new Uint32Array(example.length + 1);
  example.forEach((c, v) => (offset[v + 1] = offset[v] + log.caseStart[c + 1] - log.caseStart[c]));
  const codes = new Uint32Array(offset[example.length]);
  example.forEach((c, v) =>
    codes.set(log.activity.subarray(log.caseStart[c], log.caseStart[c + 1]), offset[v]),
  );
  return { codeCount: log.activities.length, offset, codes, count: Float64Array.from(caseCount) };
}

/** Collects traces into a bag; equal ones are counted together. Expected O(1) a step. */
export class TraceBagBuilder {
  readonly #codeCount: number;
  #codes = new Uint32Array(64);
  #length = 0;
  #offset = new Uint32Array(16);
  #count = new Float64Array(16);
  #traces = 0;
  #slots = new Int32Array(32);

  constructor(codeCount: number) {
    this.#codeCount = codeCount;
  }

  /** One more step of the open trace. */
  push(code: number): void {
    if (this.#length === this.#codes.length) this.#codes = grown(this.#codes, Uint32Array);
    this.#codes[this.#length++] = code;
  }

  /** How many steps the open trace has. */
  get openLength(): number {
    return this.#length - this.#offset[this.#traces];
  }

  /** Ends the open trace, which may be empty. */
  end(count: number): void {
    const from = this.#offset[this.#traces];
    const mask = this.#slots.length - 1;
    let slot = this.#hash(from, this.#length) & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const other = this.#slots[slot] - 1;
      if (this.#same(other, from)) {
        this.#count[other] += count;
        this.#length = from;
        return;
      }
    }
    this.#slots[slot] = ++this.#traces;
    if (this.#traces + 1 > this.#count.length) {
      this.#offset = grown(this.#offset, Uint32Array);
      this.#count = grown(this.#count, Float64Array);
    }
    this.#count[this.#traces - 1] = count;
    this.#offset[this.#traces] = this.#length;
    if (this.#traces * 2 > this.#slots.length) this.#rehash();
  }

  build(): TraceBag {
    return {
      codeCount: this.#codeCount,
      offset: this.#offset.slice(0, this.#traces + 1),
      codes: this.#codes.slice(0, this.#length),
      count: this.#count.slice(0, this.#traces),
    };
  }

  #same(trace: number, from: number): boolean {
    const begin = this.#offset[trace];
    const length = this.#offset[trace + 1] - begin;
    if (length !== this.#length - from) return false;
    for (let i = 0; i < length; i++) if (this.#codes[begin + i] !== this.#codes[from + i]) return false;
    return true;
  }

  #hash(from: number, to: number): number {
    let h = to - from;
    for (let i = from; i < to; i++) {
      h = Math.imul(h ^ this.#codes[i], 0x9e3779b1);
      h ^= h >>> 15;
    }
    return Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  }

  #rehash(): void {
    const mask = this.#slots.length * 2 - 1;
    this.#slots = new Int32Array(mask + 1);
    for (let t = 0; t < this.#traces; t++) {
      let slot = this.#hash(this.#offset[t], this.#offset[t + 1]) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = t + 1;
    }
  }
}

function grown<T extends Uint32Array | Float64Array>(array: T, Kind: new (length: number) => T): T {
  const larger = new Kind(array.length * 2);
  larger.set(array as never);
  return larger;
}
