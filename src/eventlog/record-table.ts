import type { AttributeRows } from "./build-event-log.ts";
import { nameAt } from "./strings.ts";

/**
 * What a column of a record table holds; the standard columns of invoices, payments, orders, receipts,
 * vendors and registers of reports.
 */
export type RecordRole =
  | "invoice_id"
  | "payment_id"
  | "order_id"
  | "receipt_id"
  | "vendor_id"
  | "vendor_name"
  | "reference"
  | "date"
  | "amount"
  | "currency"
  | "case_id"
  | "order_amount"
  | "received_amount"
  | "due_date"
  | "paid_at"
  | "delivered_at"
  | "billed_at"
  | "name"
  | "tax_id"
  | "bank_account"
  | "address"
  | "city"
  | "post_code"
  | "phone"
  | "email"
  | "approver"
  | "kind"
  | "reverses"
  | "report"
  | "decision"
  | "owner"
  | "last_used"
  | "hours"
  | "runs_per_year";

/** One table of records from a system of record: a row an object. Code 0 and NaN are "no value". */
export interface RecordTable {
  /** "invoices" in `--records invoices@erp=F` */
  name: string;
  /** "erp": which system says so; undefined where it was not told */
  tag?: string;
  file: string;
  rowCount: number;
  columns: AttributeRows[];
  /** names of the columns that were recognised */
  roles: ReadonlyMap<RecordRole, string>;
  /** name of the column that tells rows apart */
  key?: string;
}

/** The column in a role; undefined where the table has none. */
export function recordColumn(table: RecordTable, role: RecordRole): AttributeRows | undefined {
  return columnNamed(table, table.roles.get(role));
}

function columnNamed({ columns }: RecordTable, name: string | undefined): AttributeRows | undefined {
  return name === undefined ? undefined : columns.find((column) => column.name === name);
}

/** A value as text, the empty string where there is none; times as ISO dates. */
export function textOf(column: AttributeRows | undefined, row: number): string {
  if (!column) return "";
  if (column.kind === "dictionary") return nameAt(column.values, column.codes[row]);
  const value = column.kind === "number" ? column.numbers[row] : column.times[row];
  if (Number.isNaN(value)) return "";
  return column.kind === "number" ? String(value) : isoDate(value);
}

/**
 * Whether a number can be an amount: beyond a quadrillion it is a slip or a number of something, and cents
 * are lost.
 */
export const isAmount = (value: number): boolean => Math.abs(value) <= 1e15;

/** A number, or NaN. */
export function numberOf(column: AttributeRows | undefined, row: number): number {
  return column?.kind === "number" ? column.numbers[row] : NaN;
}

/** An instant in ms since epoch, or NaN. */
export function timeOf(column: AttributeRows | undefined, row: number): number {
  return column?.kind === "time" ? column.times[row] : NaN;
}

/** "invoices" or "invoices@erp". */
export function tableLabel({ name, tag }: Pick<RecordTable, "name" | "tag">): string {
  return tag === undefined ? name : `${name}@${tag}`;
}

function isoDate(ms: number): string {
  if (Math.abs(ms) > 8.64e15) return String(ms);
  const iso = new Date(ms).toISOString();
  return iso.endsWith("T00:00:00.000Z") ? iso.slice(0, 10) : iso;
}
