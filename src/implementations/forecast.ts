import { logGamma } from "../statistics/intervals.ts";

/**
 * One gap as far as its pace goes: when it opened, and when it was really closed; null while it has not been.
 * Times in ms.
 */
export interface GapTimes {
  openedAt: number;
  closedAt: number | null;
  /** when people agreed to live with it: from then on it says nothing about the pace */
  acceptedAt?: number | null;
}

/** When the last open gap closes if they go on closing as they have. */
export interface Forecast {
  open: number;
  closed: number;
  /** how long gaps have been watched, one beside the other, in days */
  gapDays: number;
  /** the day by which the last gap is closed with 10, 50 and 90 %; null where the evidence allows none */
  dates: { early: number | null; middle: number | null; late: number | null };
  /** probability that the last gap is closed by the date; null without a date or without evidence */
  byDate: number | null;
}

const DAY = 86_400_000;
/** Forecasts end here: what takes longer has no date. */
const FURTHEST_DAYS = 3650;

/**
 * Each open gap closes at one rate, whichever it is and however long it is open already (exponential times);
 * what is known of the rate is what was seen: k gaps closed in E gap-days, so the rate is distributed as
 * Gamma(k + ½, E) (Jeffreys' prior). The last of n gaps is closed by t with probability E[(1 −
 * e^(−rate·t))ⁿ], worked out by quadrature over the rate. With nothing closed yet there is an early day and
 * no other; with nothing open it is now; without time that was watched it is not known. New gaps are not
 * foreseen. Source: Gelman et al., Bayesian Data Analysis (2013), ch. 2.
 */
export function forecastOf(gaps: readonly GapTimes[], now: number, date: number | null): Forecast {
  let [open, closed, gapDays] = [0, 0, 0];
  for (const { openedAt, closedAt, acceptedAt } of gaps) {
    const end = Math.min(closedAt ?? now, acceptedAt ?? now, now);
    gapDays += Math.max(0, end - openedAt) / DAY;
    const lived = acceptedAt !== null && acceptedAt !== undefined;
    // what was accepted and went away later says nothing about how fast gaps are closed
    if (closedAt !== null && closedAt <= now) closed += lived && acceptedAt < closedAt ? 0 : 1;
    else if (!lived) open++;
  }
  const none = { early: null, middle: null, late: null };
  if (open === 0)
    return {
      open,
      closed,
      gapDays,
      dates: { early: now, middle: now, late: now },
      byDate: date === null ? null : 1,
    };
  if (gapDays < 1) return { open, closed, gapDays, dates: none, byDate: null };
  const cdf = lastClosed(open, closed + 0.5, gapDays);
  const dateOf = (share: number) => {
    const days = quantile(cdf, share);
    return days === null ? null : now + days * DAY;
  };
  return {
    open,
    closed,
    gapDays,
    dates:
      closed === 0
        ? { ...none, early: dateOf(0.1) }
        : { early: dateOf(0.1), middle: dateOf(0.5), late: dateOf(0.9) },
    byDate: date === null || closed === 0 ? null : date <= now ? 0 : cdf((date - now) / DAY),
  };
}

/**
 * P(all n are closed by t days), the rate being Gamma(shape, exposure): a sum over 400 points of the
 * logarithm of the rate.
 */
function lastClosed(n: number, shape: number, exposure: number): (days: number) => number {
  const middle = Math.log(shape / exposure);
  const width = 6 / Math.sqrt(shape) + 4;
  const points = 400;
  const rates = new Float64Array(points);
  const weights = new Float64Array(points);
  let sum = 0;
  for (let i = 0; i < points; i++) {
    const log = middle - width + (2 * width * (i + 0.5)) / points;
    rates[i] = Math.exp(log);
    // density of the logarithm of the rate
    weights[i] = Math.exp(shape * log + shape * Math.log(exposure) - rates[i] * exposure - logGamma(shape));
    sum += weights[i];
  }
  return (days) => {
    let share = 0;
    for (let i = 0; i < points; i++)
      share += weights[i] * Math.exp(n * Math.log(-Math.expm1(-rates[i] * days)));
    return share / sum;
  };
}

/** The least number of days by which the share is reached; null where that takes ten years. */
function quantile(cdf: (days: number) => number, share: number): number | null {
  if (cdf(FURTHEST_DAYS) < share) return null;
  let [low, high] = [0, FURTHEST_DAYS];
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if (cdf(middle) < share) low = middle;
    else high = middle;
  }
  return high;
}
