/**
 * The rows of a column of times in order of time; equal times keep their row order. Radix sort over whole
 * milliseconds, O(n).
 */
export function rowsByTime(time: Float64Array): Uint32Array {
  const n = time.length;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < n; i++) {
    if (time[i] < low) low = time[i];
    if (time[i] > high) high = time[i];
  }
  let rows = new Uint32Array(n);
  for (let i = 0; i < n; i++) rows[i] = i;
  let target = new Uint32Array(n);
  const counts = new Uint32Array(1 << 16);
  for (let shift = 1; shift <= high - low || shift === 1; shift *= 65_536) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[digit(time[i] - low, shift)]++;
    for (let d = 0, sum = 0; d < counts.length; d++) {
      const count = counts[d];
      counts[d] = sum;
      sum += count;
    }
    for (let i = 0; i < n; i++) target[counts[digit(time[rows[i]] - low, shift)]++] = rows[i];
    [rows, target] = [target, rows];
  }
  return rows;
}

function digit(offset: number, shift: number): number {
  return Math.floor(offset / shift) % 65_536;
}

/** Rows grouped by a code, in the order given: rows `start[k]` up to `start[k + 1]` of `rows` have code k. */
export interface RowsByCode {
  start: Uint32Array;
  rows: Uint32Array;
}

/** Groups rows by their code, keeping the order of `order` within a group. Two passes. */
export function groupRows(codes: ArrayLike<number>, codeCount: number, order: Uint32Array): RowsByCode {
  const start = new Uint32Array(codeCount + 1);
  for (let i = 0; i < order.length; i++) start[codes[order[i]] + 1]++;
  for (let k = 0; k < codeCount; k++) start[k + 1] += start[k];
  const next = start.slice();
  const rows = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) rows[next[codes[order[i]]]++] = order[i];
  return { start, rows };
}
