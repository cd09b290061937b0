/**
 * Keeps what was worked out for the last few keys: people go back and forth between a few, and what nobody
 * asks for again takes no room.
 */
export class Recent<T> {
  readonly #most: number;
  readonly #kept = new Map<string, T>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string, work: () => T): T {
    const value = this.#kept.has(key) ? this.#kept.get(key)! : work();
    this.#kept.delete(key); // the last asked for stays longest
    this.#kept.set(key, value);
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value!);
    return value;
  }
}
