import { cited } from "../input-error.ts";
import { tableLabel, textOf, type RecordRole, type RecordTable } from "../eventlog/record-table.ts";
import { findTableErrors } from "../matching/table-errors.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import type { Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { isNothing } from "./missing-data.ts";

/** Columns that are rightly empty until something happens, or on most rows. */
const MAY_BE_EMPTY = new Set<RecordRole>([
  "paid_at",
  "delivered_at",
  "billed_at",
  "last_used",
  "reverses",
  "decision",
  "order_id",
  "kind",
]);

const LARGEST = 200_000;

/**
 * Fields of record tables that are normally filled and often are not; one observation per table and column. A
 * field that some kind of row never has (one value of another column always empty) is none. One pass per pair
 * of columns.
 */
export function emptyFields(
  evidence: Evidence,
  { minCount, minShare, minFilled }: { minCount: number; minShare: number; minFilled: number },
): Observation[] {
  return judgedTables(evidence).flatMap((table) =>
    table.columns.flatMap((column): Observation[] => {
      const role = [...table.roles].find(([, name]) => name === column.name)?.[0];
      if (role && MAY_BE_EMPTY.has(role)) return [];
      if (!role && /comment|note|remark|text|second|2$|3$|bemerkung|notiz/i.test(column.name)) return [];
      const rows: number[] = [];
      for (let r = 0; r < table.rowCount; r++) if (isNothing(textOf(column, r))) rows.push(r);
      const filled = table.rowCount - rows.length;
      if (rows.length < minCount || filled < table.rowCount * minFilled) return [];
      if (wilsonLow(rows.length, table.rowCount) < minShare || isOfAKind(table, column.name, rows)) return [];
      return [
        {
          subject: column.name,
          statement: `"${column.name}" is empty in ${rows.length} of ${table.rowCount} ${tableLabel(table)}.`,
          ...ofRows(evidence, table, rows),
          people: [],
          facts: [["filled", `${filled} of ${table.rowCount}`]],
        },
      ];
    }),
  );
}

/**
 * Fields of record tables in which the same thing is written differently, or that contradict what the rest of
 * the row says; one observation per table and column. Work as in `findTableErrors`.
 */
export function inconsistentFields(
  evidence: Evidence,
  { minCount, minShare }: { minCount: number; minShare: number },
): Observation[] {
  return judgedTables(evidence).flatMap((table) => {
    const skip = new Set<number>();
    const columns = table.columns.map((column, k) => {
      const role = [...table.roles].find(([, name]) => name === column.name)?.[0];
      if (column.name === table.key || column.kind !== "dictionary" || (role && FREE.has(role))) skip.add(k);
      return Array.from({ length: table.rowCount }, (_, r) => textOf(column, r));
    });
    const errors = findTableErrors(columns, { minConfidence: 0.93, skip }).filter(
      ({ why }) => why === "spelling" || why === "disagrees",
    );
    return table.columns.flatMap((column, k): Observation[] => {
      const own = errors.filter((error) => error.column === k);
      const written = spelledDifferently(columns[k], skip.has(k));
      const rows = [...new Set([...own.map(({ row }) => row), ...written.keys()])].sort((a, b) => a - b);
      if (rows.length < minCount || wilsonLow(rows.length, table.rowCount) < minShare) return [];
      if (rows.length > table.rowCount * 0.35) return [];
      const examples = new Map<string, string>();
      for (const r of rows) {
        const expected = written.get(r) ?? own.find(({ row }) => row === r)?.expected ?? "";
        if (expected !== "") examples.set(columns[k][r], expected);
      }
      const shown = (evidence.namesSomebody(table, column) ? [] : [...examples])
        .slice(0, 4)
        .map(([is, should]) => `"${cited(is)}" for "${cited(should)}"`);
      return [
        {
          subject: column.name,
          statement: `"${column.name}" is spelled inconsistently or contradicts the rest of its row in ${rows.length} of ${table.rowCount} ${tableLabel(table)}${shown.length > 0 ? `: ${shown.join(", ")}` : ""}.`,
          ...ofRows(evidence, table, rows),
          people: [],
          facts: [["different values too many", String(new Set(rows.map((r) => columns[k][r])).size)]],
        },
      ];
    });
  });
}

/** Columns whose values are everybody's own. */
const FREE = new Set<RecordRole>([
  "reference",
  "bank_account",
  "tax_id",
  "case_id",
  "phone",
  "email",
  "address",
]);

/** Rows whose value is another one's but for case, blanks and punctuation, with the form that most use. */
function spelledDifferently(values: readonly string[], skip: boolean): Map<number, string> {
  const result = new Map<number, string>();
  if (skip) return result;
  const forms = new Map<string, Map<string, number>>();
  for (const value of values) {
    if (value === "") continue;
    const key = plainForm(value);
    const own = forms.get(key) ?? forms.set(key, new Map()).get(key)!;
    own.set(value, (own.get(value) ?? 0) + 1);
  }
  if (forms.size > values.length * 0.5) return result; // nearly every row its own value
  values.forEach((value, r) => {
    const own = value === "" ? undefined : forms.get(plainForm(value));
    if (!own || own.size < 2) return;
    const [usual] = [...own].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
    if (value !== usual) result.set(r, usual);
  });
  return result;
}

const plainForm = (value: string) =>
  value
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "") || value;

/** Tables small enough and not registers of reports, whose empty fields are findings of their own. */
function judgedTables(evidence: Evidence): RecordTable[] {
  return evidence.records.filter(
    (table) => table.rowCount >= 20 && table.rowCount <= LARGEST && !table.roles.has("report"),
  );
}

function ofRows(evidence: Evidence, table: RecordTable, rows: number[]) {
  const cases = evidence.casesOfRecords(table, rows);
  const key = table.columns.find(({ name }) => name === table.key);
  return {
    cases,
    outOf: evidence.log.caseCount,
    counted: { unit: tableLabel(table), count: rows.length, outOf: table.rowCount },
    records: rows.slice(0, 5000).map((r): [string, string] => {
      const id = textOf(key, r) || String(r + 1);
      return [id, id];
    }),
  };
}

/**
 * Whether the empty rows are those of a kind: nearly all of them have values of another column whose rows are
 * nearly all empty.
 */
function isOfAKind(table: RecordTable, name: string, rows: readonly number[]): boolean {
  const empty = new Set(rows);
  return table.columns.some((other) => {
    if (other.name === name || other.kind !== "dictionary" || other.values.length > 60) return false;
    const total = new Float64Array(other.values.length);
    const without = new Float64Array(other.values.length);
    for (let r = 0; r < table.rowCount; r++) {
      total[other.codes[r]]++;
      if (empty.has(r)) without[other.codes[r]]++;
    }
    const explained = without.reduce((sum, n, v) => sum + (n >= total[v] * 0.95 && total[v] >= 3 ? n : 0), 0);
    return explained >= rows.length * 0.9;
  });
}

export const hasTables = (evidence: Evidence) => judgedTables(evidence).length > 0;
