export type Interval = [low: number, high: number];

const Z95 = 1.959963984540054;

/** Wilson score interval of a share, 95 % unless told (Wilson 1927). Undefined for nothing to divide by. */
export function wilson(count: number, outOf: number, z = Z95): Interval | undefined {
  if (outOf === 0) return undefined;
  const share = count / outOf;
  const z2 = (z * z) / outOf;
  const centre = share + z2 / 2;
  const spread = z * Math.sqrt((share * (1 - share)) / outOf + z2 / (4 * outOf));
  const low = count <= 0 ? 0 : (centre - spread) / (1 + z2);
  const high = count >= outOf ? 1 : (centre + spread) / (1 + z2);
  return [Math.max(0, low), Math.min(1, high)];
}

/** Lower end of the Wilson interval; 0 for nothing to divide by, since nothing is then shown. */
export function wilsonLow(count: number, outOf: number): number {
  return wilson(count, outOf)?.[0] ?? 0;
}

/**
 * 95 % interval of the difference a/n − b/m of two shares: two Wilson intervals joined (Newcombe 1998, method
 * 10). Both n and m above 0.
 */
export function differenceInterval(a: number, n: number, b: number, m: number): Interval {
  const [p, q] = [a / n, b / m];
  const [low1, high1] = wilson(a, n)!;
  const [low2, high2] = wilson(b, m)!;
  return [p - q - Math.hypot(p - low1, high2 - q), p - q + Math.hypot(high1 - p, q - low2)];
}

/**
 * Exact interval of a share (Clopper and Pearson 1934), by bisection on the binomial tail. Undefined for
 * nothing to divide by. Zero in 59 gives an upper end just over 6 % (two-sided; one-sided 95 % it is 5 %).
 */
export function clopperPearson(count: number, outOf: number, confidence = 0.95): Interval | undefined {
  if (outOf === 0) return undefined;
  const tail = (1 - confidence) / 2;
  const low = count === 0 ? 0 : bisect((p) => 1 - binomialCdf(count - 1, outOf, p) - tail);
  const high = count >= outOf ? 1 : bisect((p) => tail - binomialCdf(count, outOf, p));
  return [low, high];
}

/** Probability of at most `count` successes in `trials` of probability `p`. */
export function binomialCdf(count: number, trials: number, p: number): number {
  if (count < 0) return 0;
  if (count >= trials) return 1;
  return 1 - regularisedBeta(p, count + 1, trials - count);
}

// The function rises from below 0 to above 0 on [0, 1].
function bisect(rising: (p: number) => number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** I_x(a, b), by Lentz's continued fraction (Abramowitz and Stegun 26.5.8). */
export function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(1 - x, b, a);
  const front =
    Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let fraction = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return front * fraction;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** ln Γ(x) for x > 0 (Lanczos 1964, g = 7, n = 9). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const t = x + 6.5;
  let sum = coefficients[0];
  for (let i = 1; i < 9; i++) sum += coefficients[i] / (x - 1 + i);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}
