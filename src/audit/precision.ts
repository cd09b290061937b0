import { Random } from "../statistics/random.ts";

/** What a person found when they looked at a finding. */
export interface Review {
  finding: string;
  detector: string;
  subject: string;
  said: "confirmed" | "false alarm";
  note?: string;
  by?: string;
  /** ISO time */
  at: string;
}

/** How often what a detector says is right, and how much that rests on. */
export interface Precision {
  /** reviews of its findings that confirm them, and that do not */
  confirmed: number;
  falseAlarms: number;
  mean: number;
  interval: [low: number, high: number];
}

/**
 * Before anybody has looked: as if 9.5 of 10 had been confirmed, which is what the simulated organisations
 * bear out (docs/benchmarks.md) taken down a little, since real evidence is less tidy. Ten reviews weigh as
 * much as it does.
 */
const PRIOR = { right: 9.5, wrong: 0.5 };

/** The last review of each finding; an earlier one is taken back by a later one. */
export function latestReviews(reviews: readonly Review[]): Map<string, Review> {
  return new Map(reviews.map((review) => [review.finding, review]));
}

/**
 * Measured precision of a detector: the share of its findings that people confirmed, with a prior
 * (beta-binomial) and its 95 % interval.
 */
export function precisionOf(detector: string, reviews: readonly Review[]): Precision {
  const own = [...latestReviews(reviews).values()].filter((review) => review.detector === detector);
  const confirmed = own.filter(({ said }) => said === "confirmed").length;
  const falseAlarms = own.length - confirmed;
  const [a, b] = [PRIOR.right + confirmed, PRIOR.wrong + falseAlarms];
  const draws = drawPrecision(detector, { confirmed, falseAlarms }, 2000).sort();
  return { confirmed, falseAlarms, mean: a / (a + b), interval: [draws[50], draws[1949]] };
}

/** Draws from the beta distribution of a detector's precision; the same for the same detector and reviews. */
export function drawPrecision(
  detector: string,
  { confirmed, falseAlarms }: Pick<Precision, "confirmed" | "falseAlarms">,
  count: number,
): Float64Array {
  const random = new Random(`precision/${detector}/${confirmed}/${falseAlarms}`);
  return Float64Array.from({ length: count }, () => {
    const right = gamma(random, PRIOR.right + confirmed);
    return right / (right + gamma(random, PRIOR.wrong + falseAlarms));
  });
}

/** Gamma of shape `a` and scale 1 (Marsaglia and Tsang 2000). */
function gamma(random: Random, a: number): number {
  if (a < 1) return gamma(random, a + 1) * Math.max(random.next(), 1e-300) ** (1 / a);
  const d = a - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(Math.max(random.next(), 1e-300)) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
