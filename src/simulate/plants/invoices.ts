import type { Random } from "../../statistics/random.ts";

/** A vendor as the sample's systems keep it. */
export interface Vendor {
  id: string;
  name: string;
  tax: string;
  bank: string;
  city: string;
  country: string;
  terms: string;
}

/** An invoice as somebody enters it; paid when due unless it says when. */
export interface InvoiceEntry {
  id: string;
  vendor: Vendor;
  reference: string;
  time: number;
  amount: number;
  caseId: string;
  ordered: number;
  received: number;
  paidAt?: number;
}

/** Legal forms that a name may end in. */
export const FORMS = ["GmbH", "Ltd", "AG", "BV", "SAS", "Inc"];

/** A bank account that no other vendor has. */
export const bankAccount = (random: Random) =>
  `DE${10 + random.below(89)}${String(random.below(1e9)).padStart(18, "5")}`;
