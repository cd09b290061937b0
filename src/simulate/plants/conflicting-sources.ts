import type { Random } from "../../statistics/random.ts";
import { bankAccount } from "./invoices.ts";

/** The second system has other accounts for some vendors. */
export const conflictingSources = {
  detector: "conflicting-sources",
  /** Changes accounts in the second system's rows (id first), in place; gives the ids of those it changed. */
  changeAccounts(random: Random, rows: string[][], account: number): string[] {
    const share = 0.04 + 0.12 * random.next();
    return rows.flatMap((row) => {
      if (!random.chance(share)) return [];
      row[account] = bankAccount(random);
      return [row[0]];
    });
  },
};
