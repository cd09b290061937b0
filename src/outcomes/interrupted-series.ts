import { studentTwoSided } from "../statistics/tests.ts";

/** What changed in a series when something began, against what would have come without it. */
export interface SeriesEffect {
  /** mean before, mean after, and the mean after that the time before (and the comparison) led to expect */
  before: number;
  after: number;
  expected: number;
  /** after less expected, with its interval */
  effect: number;
  interval: [number, number];
  /** what was expected at each place from the start on; null where there is no value */
  course: (number | null)[];
  /** places with a value before and after */
  places: [number, number];
  /** correlation of neighbouring places, as it is most likely */
  correlation: number;
}

/** Values that a side must have: fewer say nothing. */
export const LEAST_PLACES = 8;

/** Correlations of neighbours that are tried. */
const CORRELATIONS = Array.from({ length: 32 }, (_, i) => -0.6 + i * 0.05);

/**
 * Interrupted time series: level and trend before, change of both from `start` on, and where there is one a
 * comparison series as covariate; errors correlate from place to place (AR(1)). The effect is the mean over
 * all places from the start on of what was seen less what the line before leads to expect. Correlation is not
 * known: for each that is tried there is a generalised least-squares fit, weighed by its restricted
 * likelihood, and the interval is that of the mixture of their t distributions, since fixing one makes
 * intervals too narrow. Undefined where a side has fewer than eight values, or the values leave nothing to
 * estimate. Sources: Wagner et al. (2002), segmented regression; Turner et al. (2021), REML for short series.
 * O(places · correlations).
 */
export function interruptedSeries(
  values: readonly (number | null)[],
  start: number,
  comparison?: readonly (number | null)[],
  confidence = 0.95,
): SeriesEffect | undefined {
  const places: number[] = [];
  for (let t = 0; t < values.length; t++)
    if (values[t] !== null && (!comparison || comparison[t] !== null)) places.push(t);
  const sides: [number, number] = [places.filter((t) => t < start).length, 0];
  sides[1] = places.length - sides[0];
  if (Math.min(...sides) < LEAST_PLACES) return undefined;
  const y = places.map((t) => values[t]!);
  const middleOf = (series: number[]) => series.reduce((sum, v) => sum + v, 0) / series.length;
  const beside = comparison && places.map((t) => comparison[t]!);
  // a comparison that never changes explains nothing
  const covariate = beside && beside.some((v) => v !== beside[0]) ? beside : undefined;
  const besideMean = covariate ? middleOf(covariate) : 0;
  const x = places.map((t, i) => [
    1,
    (t - start) / 10,
    t < start ? 0 : 1,
    t < start ? 0 : (t - start) / 10,
    ...(covariate ? [covariate[i] - besideMean] : []),
  ]);
  const p = x[0].length;
  const df = y.length - p;
  const after = places.flatMap((t, i) => (t < start ? [] : [i]));
  const contrast = Array.from({ length: p }, (_, k) =>
    k === 2 || k === 3 ? after.reduce((sum, i) => sum + x[i][k], 0) / after.length : 0,
  );
  const meanAfter = middleOf(after.map((i) => y[i]));
  const before = middleOf(places.flatMap((t, i) => (t < start ? [y[i]] : [])));
  const spread = Math.max(...y) - Math.min(...y);
  if (spread === 0)
    return {
      before,
      after: meanAfter,
      expected: meanAfter,
      effect: 0,
      interval: [0, 0],
      course: courseOf(values, start, () => meanAfter),
      places: sides,
      correlation: 0,
    };

  const fits = CORRELATIONS.flatMap((rho) => {
    const fit = fitAt(rho, x, y, places, df);
    if (!fit) return [];
    const effect = dot(contrast, fit.beta);
    const variance = fit.sigma2 * dot(contrast, times(fit.inverse, contrast));
    // a perfect fit leaves rounding alone
    return variance >= 0 ? [{ rho, effect, se: Math.sqrt(variance), ...fit }] : [];
  });
  if (fits.length === 0) return undefined;
  const most = Math.max(...fits.map(({ likelihood }) => likelihood));
  const weights = fits.map(({ likelihood }) => Math.exp(likelihood - most));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const mixed = (of: (fit: (typeof fits)[number]) => number) =>
    fits.reduce((sum, fit, i) => sum + weights[i] * of(fit), 0) / total;
  const effect = mixed((fit) => fit.effect);
  const below = (value: number) =>
    mixed((fit) =>
      fit.se === 0 ? (value >= fit.effect ? 1 : 0) : tBelow((value - fit.effect) / fit.se, df),
    );
  const reach = Math.max(...fits.map((fit) => Math.abs(fit.effect - effect) + 60 * fit.se)) + 1e-9;
  const quantile = (share: number) => {
    let [low, high] = [effect - reach, effect + reach];
    for (let i = 0; i < 80; i++) {
      const middle = (low + high) / 2;
      if (below(middle) < share) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  const tail = (1 - confidence) / 2;
  const beta = Array.from({ length: p }, (_, k) => mixed((fit) => fit.beta[k]));
  const index = new Map(places.map((t, i) => [t, i]));
  return {
    before,
    after: meanAfter,
    expected: meanAfter - effect,
    effect,
    interval: [quantile(tail), quantile(1 - tail)],
    course: courseOf(values, start, (t) => {
      const i = index.get(t);
      return i === undefined ? null : beta[0] + beta[1] * x[i][1] + (covariate ? beta[4] * x[i][4] : 0);
    }),
    places: sides,
    correlation: fits[weights.indexOf(Math.max(...weights))].rho,
  };
}

const courseOf = (
  values: readonly (number | null)[],
  start: number,
  expected: (t: number) => number | null,
): (number | null)[] => values.map((_, t) => (t < start ? null : expected(t)));

interface Fit {
  beta: number[];
  sigma2: number;
  /** (X'V⁻¹X)⁻¹ */
  inverse: number[][];
  /** restricted log likelihood, but for a constant */
  likelihood: number;
}

/**
 * Generalised least squares with errors whose correlation falls with each place; undefined where the values
 * do not determine it.
 */
function fitAt(
  rho: number,
  x: readonly number[][],
  y: readonly number[],
  places: readonly number[],
  df: number,
): Fit | undefined {
  const p = x[0].length;
  const xx = Array.from({ length: p }, () => new Array<number>(p).fill(0));
  const xy = new Array<number>(p).fill(0);
  let yy = 0;
  let logVariance = 0;
  for (let i = 0; i < y.length; i++) {
    // what the neighbour does not tell of this place; missing places lie between as many powers
    const link =
      i === 0
        ? 0
        : Math.sign(rho) ** (places[i] - places[i - 1]) * Math.abs(rho) ** (places[i] - places[i - 1]);
    const scale = 1 / Math.sqrt(1 - link * link);
    logVariance -= 2 * Math.log(scale);
    const row = x[i].map((v, k) => scale * (v - (i === 0 ? 0 : link * x[i - 1][k])));
    const value = scale * (y[i] - (i === 0 ? 0 : link * y[i - 1]));
    for (let a = 0; a < p; a++) {
      xy[a] += row[a] * value;
      for (let b = 0; b < p; b++) xx[a][b] += row[a] * row[b];
    }
    yy += value * value;
  }
  const solved = inverseOf(xx);
  if (!solved) return undefined;
  const beta = times(solved.inverse, xy);
  const residual = Math.max(yy - dot(beta, xy), yy * 1e-14);
  if (!(residual > 0)) return undefined;
  return {
    beta,
    sigma2: residual / df,
    inverse: solved.inverse,
    likelihood: -0.5 * (df * Math.log(residual) + solved.logDeterminant + logVariance),
  };
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
const times = (m: readonly (readonly number[])[], v: readonly number[]) => m.map((row) => dot(row, v));

/**
 * Inverse and log determinant of a symmetric positive matrix (Gauss–Jordan with pivots); undefined where it
 * has none.
 */
function inverseOf(
  matrix: readonly (readonly number[])[],
): { inverse: number[][]; logDeterminant: number } | undefined {
  const n = matrix.length;
  const work = matrix.map((row, i) => [...row, ...row.map((_, k) => (k === i ? 1 : 0))]);
  let logDeterminant = 0;
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(work[r][c]) > Math.abs(work[pivot][c])) pivot = r;
    const size = work[pivot][c];
    if (Math.abs(size) < 1e-10 * Math.abs(matrix[c][c] || 1)) return undefined;
    [work[c], work[pivot]] = [work[pivot], work[c]];
    logDeterminant += Math.log(Math.abs(size));
    for (let k = 0; k < 2 * n; k++) work[c][k] /= size;
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = work[r][c];
      if (factor !== 0) for (let k = 0; k < 2 * n; k++) work[r][k] -= factor * work[c][k];
    }
  }
  return { inverse: work.map((row) => row.slice(n)), logDeterminant };
}

/** P(T ≤ t) of Student's t. */
export const tBelow = (t: number, df: number): number =>
  t < 0 ? studentTwoSided(t, df) / 2 : 1 - studentTwoSided(t, df) / 2;
