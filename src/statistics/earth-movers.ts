/**
 * How far two samples lie apart: the mean distance by which one must be moved to become the other (earth
 * mover's, Wasserstein-1), in their unit. Sorts copies.
 */
export function earthMovers(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length === 0 || b.length === 0) return NaN;
  const [x, y] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  let [i, j, sum] = [0, 0, 0];
  let share = 0;
  while (i < x.length && j < y.length) {
    const until = Math.min((i + 1) / x.length, (j + 1) / y.length);
    sum += (until - share) * Math.abs(x[i] - y[j]);
    share = until;
    if (until >= (i + 1) / x.length - 1e-15) i++;
    if (until >= (j + 1) / y.length - 1e-15) j++;
  }
  return sum;
}
