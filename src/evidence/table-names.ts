/** What record tables are called, by what they hold. */
export const INVOICES = /invoice|bill|rechnung|factur/i;
export const PAYMENTS = /payment|zahlung|paiement|pago|betaling/i;
export const VENDORS = /vendor|supplier|creditor|lieferant|kredit|fournisseur|proveedor/i;
export const ORDERS = /order|bestell|auftrag/i;
export const RECEIPTS = /receipt|goods|deliver|wareneingang|liefer/i;
export const REPORTS = /report|bericht|rapport/i;
