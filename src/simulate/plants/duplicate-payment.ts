import type { Random } from "../../statistics/random.ts";
import { DAY } from "../people.ts";
import type { InvoiceEntry } from "./invoices.ts";

/** An invoice is entered and paid a second time, in one of several spellings. */
export const duplicatePayment = {
  detector: "duplicate-payment",
  /** The second entry of an invoice, under the id given. */
  again(random: Random, entry: InvoiceEntry, id: string): InvoiceEntry {
    const { vendor, reference, time } = entry;
    const copy = { ...entry, id };
    delete copy.paidAt;
    const way = random.below(5);
    if (way === 0) copy.reference = reference.replace("-", "");
    else if (way === 1) copy.reference = `${reference}A`;
    else if (way === 2) copy.time = time + (1 + random.below(20)) * DAY;
    else if (way === 3)
      copy.vendor = { ...vendor, id: `X${vendor.id}`, name: `${vendor.name.toUpperCase()} LTD` };
    return copy;
  },
};
