import type { Random } from "../../statistics/random.ts";
import { FORMS, type Vendor } from "./invoices.ts";

/**
 * The same vendor stands under two numbers: in another spelling, with another legal form and no tax number,
 * or without its account.
 */
export const duplicateVendor = {
  detector: "duplicate-vendor",
  /** Copies of two to four vendors, each with the id that it was copied from. */
  copies(random: Random, vendors: readonly Vendor[]): { of: string; copy: Vendor }[] {
    const chosen = random.shuffle([...vendors]).slice(0, 2 + random.below(3));
    return chosen.map((vendor, i) => {
      const copy = { ...vendor, id: `V${5000 + i}` };
      const way = random.below(3);
      if (way === 0) copy.name = `${vendor.name.toUpperCase()} LTD`;
      else if (way === 1) [copy.tax, copy.name] = ["", `${vendor.name} ${random.pick(FORMS)}`];
      else copy.bank = "";
      return { of: vendor.id, copy };
    });
  },
};
