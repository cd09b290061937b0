import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { Problem } from "./problem.ts";

/**
 * How often one actor or address may ask, within this process. What guards an account against guessing is in
 * the database.
 */
export interface Limits {
  /** of signed-in people and of tokens, each */
  known: RateLimiterMemory;
  /** of everybody else, by address */
  unknown: RateLimiterMemory;
  /** attempts to sign in, by address */
  signIn: RateLimiterMemory;
}

export const limitsOf = ({ known = 3000, unknown = 600, signIn = 30 } = {}): Limits => ({
  known: new RateLimiterMemory({ points: known, duration: 60 }),
  unknown: new RateLimiterMemory({ points: unknown, duration: 60 }),
  signIn: new RateLimiterMemory({ points: signIn, duration: 60 }),
});

/** Counts one request of `key`. Throws a problem that says how long to wait. */
export async function count(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw tooMany(refused);
  }
}

function tooMany({ msBeforeNext }: RateLimiterRes): Problem {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new Problem(429, "too-many-requests", `Too many requests within a minute. Wait ${seconds} s.`, {
    headers: { "retry-after": String(seconds) },
  });
}
