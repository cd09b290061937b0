/**
 * The quantile of sorted numbers, linear between order statistics (type 7 of Hyndman and Fan 1996, as in R
 * and NumPy). Undefined for no numbers.
 */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number | undefined {
  if (sorted.length === 0) return undefined;
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

/** As `quantileOfSorted` for numbers in any order, which stay as they are. O(n log n). */
export function quantile(numbers: ArrayLike<number>, share: number): number | undefined {
  return quantileOfSorted(Float64Array.from(numbers).sort(), share);
}

export function median(numbers: ArrayLike<number>): number | undefined {
  return quantile(numbers, 0.5);
}
