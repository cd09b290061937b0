import { regularisedBeta } from "./intervals.ts";

/**
 * Upper tail of the standard normal distribution (Abramowitz and Stegun 7.1.26 refined by a continued
 * fraction).
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  if (z > 38) return 0;
  if (z < 3) {
    // series of erf
    let term = z;
    let sum = z;
    for (let n = 1; n < 200; n++) {
      term *= -(z * z) / (2 * n);
      const next = term / (2 * n + 1);
      sum += next;
      if (Math.abs(next) < 1e-17) break;
    }
    return 0.5 - sum / Math.sqrt(2 * Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / (z + fraction);
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / (z + fraction);
}

/** Two-sided p-value of Student's t (Welch's test gives fractional degrees of freedom). */
export function studentTwoSided(t: number, degrees: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? 1 : 0;
  return regularisedBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/**
 * Mean and standard error of values that are themselves summaries (a week, a person), and Welch's test
 * between two sets.
 */
export function welch(a: ArrayLike<number>, b: ArrayLike<number>): { difference: number; p: number } {
  const [ma, va] = meanAndVariance(a);
  const [mb, vb] = meanAndVariance(b);
  const ea = va / a.length;
  const eb = vb / b.length;
  const difference = mb - ma;
  if (a.length < 2 || b.length < 2) return { difference, p: 1 };
  if (ea + eb === 0) return { difference, p: difference === 0 ? 1 : 0 };
  const degrees = (ea + eb) ** 2 / (ea ** 2 / (a.length - 1) + eb ** 2 / (b.length - 1));
  return { difference, p: studentTwoSided(difference / Math.sqrt(ea + eb), degrees) };
}

export function meanAndVariance(values: ArrayLike<number>): [mean: number, variance: number] {
  const n = values.length;
  if (n === 0) return [NaN, NaN];
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i];
  mean /= n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  return [mean, n > 1 ? squares / (n - 1) : 0];
}

/** Two-sided p-value for two shares being equal (pooled z). 1 where nothing can be compared. */
export function twoShares(countA: number, totalA: number, countB: number, totalB: number): number {
  if (totalA === 0 || totalB === 0) return 1;
  const pooled = (countA + countB) / (totalA + totalB);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / totalA + 1 / totalB));
  if (error === 0) return 1;
  return 2 * normalTail(Math.abs(countA / totalA - countB / totalB) / error);
}

/**
 * Which of these p-values stand at a false-discovery rate of `rate` (Benjamini and Hochberg 1995). The family
 * is one detector in one run.
 */
export function benjaminiHochberg(p: readonly number[], rate = 0.05): boolean[] {
  const order = p.map((_, i) => i).sort((i, j) => p[i] - p[j]);
  let last = -1;
  order.forEach((i, rank) => {
    if (p[i] <= (rate * (rank + 1)) / p.length) last = rank;
  });
  const stands = p.map(() => false);
  for (let rank = 0; rank <= last; rank++) stands[order[rank]] = true;
  return stands;
}
