/**
 * Which of the numbers that are in some state is the smallest? A number is pushed whenever it comes into the
 * state; those that have left it since are forgotten when they come up. `first` is undefined where none is
 * left. A push and a question cost O(log n), amortised.
 */
export class FirstInLine {
  readonly #heap: number[] = [];
  readonly #isStill: (n: number) => boolean;

  constructor(isStill: (n: number) => boolean) {
    this.#isStill = isStill;
  }

  push(n: number): void {
    const heap = this.#heap;
    let at = heap.length;
    for (; at > 0; at = (at - 1) >> 1) {
      const above = heap[(at - 1) >> 1];
      if (above <= n) break;
      heap[at] = above;
    }
    heap[at] = n;
  }

  first(): number | undefined {
    while (this.#heap.length > 0 && !this.#isStill(this.#heap[0])) this.#pop();
    return this.#heap[0];
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && heap[below + 1] < heap[below]) below++;
      if (heap[below] >= last) break;
      heap[at] = heap[below];
      at = below;
    }
    heap[at] = last;
  }
}
