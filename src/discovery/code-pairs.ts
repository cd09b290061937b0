/** Pairs of codes up to which a table is kept: 16 MB. */
const TABLE = 1 << 22;

/** Numbers pairs of codes in the order in which they are met. */
export class CodePairs {
  /** the codes of pair k */
  readonly first: number[] = [];
  readonly second: number[] = [];
  readonly #width: number;
  /** number of the pair + 1, where there are few enough of them; 0 for one not met */
  readonly #table: Uint32Array | undefined;
  readonly #map = new Map<number, number>();

  /** Codes below `height` and `width`; 0 counts as 1, so that code 0 always has a place. */
  constructor(height: number, width: number) {
    this.#width = Math.max(1, width);
    const all = Math.max(1, height) * this.#width;
    this.#table = all <= TABLE ? new Uint32Array(all) : undefined;
  }

  /** The number of a pair: a new one where it was not met before. Expected O(1). */
  of(first: number, second: number): number {
    const key = first * this.#width + second;
    const known = this.#table ? this.#table[key] : (this.#map.get(key) ?? 0);
    if (known > 0) return known - 1;
    this.second.push(second);
    const number = this.first.push(first);
    if (this.#table) this.#table[key] = number;
    else this.#map.set(key, number);
    return number - 1;
  }
}
