import type { Random } from "../../statistics/random.ts";

/** More is billed than was ordered or received. */
export const amountMismatch = {
  detector: "amount-mismatch",
  /** What was ordered and received for an amount billed: a twentieth to a third less of one of them. */
  less(random: Random, amount: number): { ordered: number; received: number } {
    const factor = 1 - (0.05 + 0.3 * random.next());
    return random.chance(0.5)
      ? { ordered: amount, received: amount * factor }
      : { ordered: amount * factor, received: amount };
  },
};
