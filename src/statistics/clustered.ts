import type { Interval } from "./intervals.ts";
import { wilson } from "./intervals.ts";
import { quantileOfSorted } from "./quantile.ts";
import { studentTwoSided } from "./tests.ts";

/**
 * A way in which units (cases, executions) hang together: the number of the week or person of each, from 0.
 */
export interface Clustering {
  of: ArrayLike<number>;
  count: number;
}

/** How far an estimate varies when what hangs together varies together. */
export interface Spread {
  variance: number;
  /** degrees of freedom: effective number of clusters less one (Satterthwaite), for Student's t */
  degrees: number;
}

/**
 * Interval of a share whose units depend on one another by week, person or both: Wilson's with as many
 * effective units as the variance between clusters leaves, and Student's t for few clusters. `hit[i]` is 1
 * where unit i counts. Undefined for no units; with fewer than two clusters as if all were independent. One
 * pass per clustering.
 *
 * Source: ratio of cluster totals (Cochran 1977, chapter 11), two ways joined as Cameron, Gelbach and Miller
 * (2011); Korn and Graubard (1998) for effective units.
 */
export function clusteredShare(
  hit: ArrayLike<number>,
  clusterings: readonly Clustering[],
  confidence = 0.95,
): Interval | undefined {
  const n = hit.length;
  if (n === 0) return undefined;
  let count = 0;
  for (let i = 0; i < n; i++) count += hit[i];
  const share = count / n;
  const { variance, degrees } = spreadOfResiduals(n, (i) => hit[i] - share, clusterings);
  const plain = (share * (1 - share)) / n;
  const inflation = plain === 0 ? 1 : Math.max(1, variance / (n * n) / plain);
  const t = studentQuantile(1 - (1 - confidence) / 2, degrees);
  return wilson(count / inflation, n / inflation, t);
}

/**
 * As `clusteredShare`, of `count` in `outOf` units, where of each cluster only is known how many count and
 * about how many there are: the spread of the clusters' shares says how far units hang together. Undefined
 * for no units.
 */
export function shareOfClusters(
  count: number,
  outOf: number,
  hits: ArrayLike<number>,
  totals: ArrayLike<number>,
  confidence = 0.95,
): Interval | undefined {
  let n = 0;
  let counted = 0;
  let sizeSquares = 0;
  const used: number[] = [];
  for (let k = 0; k < totals.length; k++) {
    n += totals[k];
    counted += hits[k];
    sizeSquares += totals[k] ** 2;
    if (totals[k] > 0) used.push(k);
  }
  if (n === 0 || outOf === 0) return undefined;
  const share = counted / n;
  const residuals = used.map((k) => hits[k] - share * totals[k]);
  const squares = residuals.reduce((sum, r) => sum + r * r, 0);
  const plain = n * share * (1 - share);
  const variance = used.length > 1 ? (squares * used.length) / (used.length - 1) : plain;
  const inflation = plain === 0 ? 1 : Math.max(1, variance / plain);
  const effective = sizeSquares === 0 ? 1 : (n * n) / sizeSquares;
  const degrees =
    inflation === 1 ? Math.max(1, n - 1) : Math.max(1, Math.min(effective - 1, degreesOf(residuals, 0)));
  return wilson(count / inflation, outOf / inflation, studentQuantile(1 - (1 - confidence) / 2, degrees));
}

/**
 * Median with its interval under clustering: the values at the ends of the interval of the share below it
 * (Woodruff 1952). Undefined for no values. n log n.
 */
export function clusteredMedian(
  values: ArrayLike<number>,
  clusterings: readonly Clustering[],
  confidence = 0.95,
): { median: number; interval: Interval } | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const median = quantileOfSorted(sorted, 0.5)!;
  const below = Uint8Array.from({ length: values.length }, (_, i) => (values[i] <= median ? 1 : 0));
  const [low, high] = clusteredShare(below, clusterings, confidence)!;
  const half = (high - low) / 2;
  return {
    median,
    interval: [
      quantileOfSorted(sorted, Math.max(0, 0.5 - half))!,
      quantileOfSorted(sorted, Math.min(1, 0.5 + half))!,
    ],
  };
}

/**
 * Spread of a sum over units. `weeks` may differ in how many units they have (that is part of the spread);
 * for any other clustering the number of units is given, and how far its units differ from the mean is what
 * varies. The larger of the spread by week and the two-way joint.
 *
 * Sums of money are skewed, and a sample without its largest weeks shows too small a variance just when its
 * total is too small. So where the sums of weeks and the means of people look lognormal, their variance is
 * taken from their logarithms (Aitchison and Brown 1957, chapter 5; with weeks of nothing, Aitchison 1955);
 * where they do not, as it is.
 */
export function spreadOfTotal(
  values: ArrayLike<number>,
  weeks: Clustering,
  others: readonly Clustering[] = [],
): Spread {
  const n = values.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += values[i];
  const each = total / n;
  const residual = (i: number) => values[i] - each;
  const byWeek = spreadOfClusters(groupsOf(values, weeks), true);
  if (others.length === 0 || n === 0) return byWeek.lognormal ?? byWeek.asItIs;
  let alone = 0;
  for (let i = 0; i < n; i++) alone += residual(i) ** 2;
  if (others.length === 1) {
    const other = spreadOfClusters(groupsOf(values, others[0]), false);
    if (byWeek.lognormal && other.lognormal) return joined(byWeek.lognormal, other.lognormal, alone);
  }
  const other = spreadOfResiduals(n, residual, others);
  const joint = byWeek.asItIs.variance + other.variance - alone;
  return joint > byWeek.asItIs.variance
    ? { variance: joint, degrees: Math.min(byWeek.asItIs.degrees, other.degrees) }
    : byWeek.asItIs;
}

/** Two ways joined, less what both count; degrees of freedom of a sum of variances (Satterthwaite 1946). */
function joined(one: Spread, other: Spread, alone: number): Spread {
  const variance = one.variance + other.variance - alone;
  if (variance <= one.variance) return one;
  return {
    variance,
    degrees: Math.max(
      2,
      variance ** 2 / (one.variance ** 2 / one.degrees + other.variance ** 2 / other.degrees),
    ),
  };
}

interface Groups {
  sums: Float64Array;
  sizes: Float64Array;
  total: number;
}

function groupsOf(values: ArrayLike<number>, { of, count }: Clustering): Groups {
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sums[of[i]] += values[i];
    sizes[of[i]]++;
    total += values[i];
  }
  return { sums, sizes, total };
}

/**
 * Spread of a total through the sums of its groups (`sizesVary`), or through their means with the number of
 * units in each as it is.
 */
function spreadOfClusters(
  { sums, sizes, total }: Groups,
  sizesVary: boolean,
): { asItIs: Spread; lognormal?: Spread } {
  const count = sums.length;
  const mean = total / Math.max(1, count);
  let squares = 0;
  let n = 0;
  let sizeSquares = 0;
  const logs: number[] = [];
  for (let k = 0; k < count; k++) {
    squares += (sums[k] - mean) ** 2;
    n += sizes[k];
    sizeSquares += sizes[k] ** 2;
    if (sums[k] > 0) logs.push(Math.log(sizesVary ? sums[k] : sums[k] / sizes[k]));
  }
  const asItIs: Spread = {
    variance: count > 1 ? (squares * count) / (count - 1) : 0,
    degrees: degreesOf(sums, mean),
  };
  const logVariance = varianceWhereNormal(logs);
  if (logVariance === undefined) return { asItIs };
  const effective = sizesVary ? count : (n * n) / sizeSquares;
  const meeting = sizesVary ? logs.length / count : 1;
  return {
    asItIs,
    lognormal: {
      variance: (total ** 2 * (Math.exp(logVariance) / meeting - 1)) / effective,
      degrees: Math.max(1, effective - 1),
    },
  };
}

/**
 * Variance of values that pass for normal; undefined for those that do not, or are fewer than eight: Jarque
 * and Bera's (1987) test at 5 %, and at 10 % against a tail to the left, which is where logarithms of small
 * sums would make the variance far too large.
 */
function varianceWhereNormal(values: readonly number[]): number | undefined {
  const n = values.length;
  if (n < 8) return undefined;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const [second, third, fourth] = [2, 3, 4].map(
    (power) => values.reduce((sum, v) => sum + (v - mean) ** power, 0) / n,
  );
  if (second === 0) return 0;
  const skewness = third / second ** 1.5 / Math.sqrt(6 / n);
  const kurtosis = (fourth / second ** 2 - 3) / Math.sqrt(24 / n);
  const passes = skewness ** 2 + kurtosis ** 2 < 5.99 && skewness > -1.28;
  return passes ? (second * n) / (n - 1) : undefined;
}

/**
 * By what factor a sum may be off at a standard normal deviate: on the scale of the logarithm, since sums of
 * money are skewed and positive, with Student's t for few or uneven clusters. At z = ±1.96 the ends of the 95
 * % interval. 1 for a sum of nothing.
 */
export function totalFactor(total: number, { variance, degrees }: Spread): (z: number) => number {
  if (variance === 0 || total === 0) return () => 1;
  const scale = ((studentQuantile(0.975, degrees) / Z95) * Math.sqrt(variance)) / Math.abs(total);
  return (z) => Math.exp(z * scale);
}

/** 95 % interval of a sum of positive parts with this spread. */
export function totalInterval(total: number, spread: Spread): Interval {
  const factor = totalFactor(total, spread);
  return [total * factor(-Z95), total * factor(Z95)];
}

const Z95 = 1.959963984540054;

/**
 * Degrees of freedom of a variance estimated from these sums: one less than their number where they are about
 * normal, fewer where a few of them are far larger than the rest, since the variance is then itself uncertain
 * (Satterthwaite's rule with the kurtosis of the sums).
 */
function degreesOf(sums: ArrayLike<number>, mean: number): number {
  const n = sums.length;
  let second = 0;
  let fourth = 0;
  for (let k = 0; k < n; k++) {
    const square = (sums[k] - mean) ** 2;
    second += square;
    fourth += square * square;
  }
  if (second === 0 || n < 4) return Math.max(1, n - 1);
  const kurtosis = fourth / n / (second / n) ** 2;
  return Math.max(2, Math.min(n - 1, (2 * n) / Math.max(2, kurtosis - (n - 3) / (n - 1))));
}

/** Variance of a sum of residuals: the largest of independent units, each clustering, and two joined. */
function spreadOfResiduals(
  n: number,
  residual: (i: number) => number,
  clusterings: readonly Clustering[],
): Spread {
  let alone = 0;
  for (let i = 0; i < n; i++) alone += residual(i) ** 2;
  alone *= n > 1 ? n / (n - 1) : 1;
  let best: Spread = { variance: alone, degrees: Math.max(1, n - 1) };
  const ways = clusterings.map(({ of, count }) => {
    const sums = new Float64Array(count);
    const sizes = new Float64Array(count);
    for (let i = 0; i < n; i++) {
      sums[of[i]] += residual(i);
      sizes[of[i]]++;
    }
    let squares = 0;
    let used = 0;
    let sizeSquares = 0;
    sums.forEach((sum, k) => {
      if (sizes[k] === 0) return;
      used++;
      squares += sum * sum;
      sizeSquares += sizes[k] ** 2;
    });
    const effective = sizeSquares === 0 ? 0 : (n * n) / sizeSquares;
    return {
      variance: used > 1 ? (squares * used) / (used - 1) : alone,
      degrees: Math.max(
        1,
        Math.min(
          effective - 1,
          degreesOf(
            sums.filter((_, k) => sizes[k] > 0),
            0,
          ),
        ),
      ),
    };
  });
  for (const way of ways) if (way.variance > best.variance) best = way;
  if (ways.length === 2) {
    const joint = ways[0].variance + ways[1].variance - alone;
    if (joint > best.variance)
      best = {
        variance: joint,
        degrees: Math.min(ways[0].degrees, ways[1].degrees),
      };
  }
  return best;
}

/**
 * The quantile of Student's t with (also fractional) degrees of freedom, for shares above one half; by
 * bisection.
 */
export function studentQuantile(share: number, degrees: number): number {
  let low = 0;
  let high = 700;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (1 - studentTwoSided(middle, degrees) / 2 < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
