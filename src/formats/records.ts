import { isAmount, type RecordRole, type RecordTable } from "../eventlog/record-table.ts";
import { choose, InputError } from "../input-error.ts";
import type { ColumnSample } from "./column-sample.ts";
import { readDelimited } from "./csv/csv.ts";
import { openBytes, type OpenedFile } from "./open-bytes.ts";
import { timesOfDayAside } from "./time-of-day-columns.ts";
import { recogniseRecords } from "./recognise-records.ts";
import { completeTable, sampleTable } from "./table-builder.ts";
import { sources } from "./index.ts";
import { describeRejection, type ReadOptions, type Rejections } from "./format.ts";
import type { Table, Wanted } from "./table.ts";

/** A record table and how it was read, for people. */
export interface RecordReading {
  table: RecordTable;
  notes: string[];
}

const TIMES = new Set<RecordRole>(["date", "due_date", "paid_at", "delivered_at", "billed_at", "last_used"]);
const NUMBERS = new Set<RecordRole>(["amount", "order_amount", "received_amount", "hours", "runs_per_year"]);

/**
 * Reads a table of records (CSV, JSON, XLSX, Parquet) and recognises its standard columns by name and
 * content. Identifiers, references, tax numbers and accounts stay as they are written. Every row is kept;
 * values that do not fit their column are missing and named in the notes.
 *
 * Throws InputError for files of other kinds, without rows, or with dates that can be read two ways.
 */
export async function readRecords(
  path: string,
  name: string,
  tag: string | undefined,
  options: ReadOptions = {},
): Promise<RecordReading> {
  const file = await openBytes(path);
  let found: ReturnType<typeof recogniseRecords> | undefined;
  let aside: string | undefined;
  const want = (samples: ColumnSample[]): Wanted => {
    found = recogniseRecords(name, samples);
    const dates = [...found.roles].filter(([role]) => TIMES.has(role)).map(([, column]) => column);
    aside = timesOfDayAside(samples, dates);
    return new Map(
      [...found.roles].map(([role, column]) => [
        column,
        {
          kind: TIMES.has(role) ? "time" : NUMBERS.has(role) ? "number" : "names",
          required: false,
        },
      ]),
    );
  };
  const { table, notes } = await readRows(file, options, want);
  if (table.rowCount === 0)
    throw new InputError("no-rows", path, `${path} holds not a single row. Export it again with data.`);
  if (aside !== undefined) notes.push(`${path}: ${aside}`);
  const roles = new Map(found!.roles);
  // a column of amounts that holds texts after all is no column of amounts
  for (const [role, column] of roles) {
    const kind = table.columns.find((c) => c.name === column)?.kind;
    if ((NUMBERS.has(role) && kind !== "number") || (TIMES.has(role) && kind !== "time")) {
      roles.delete(role);
      notes.push(
        `${path}: column "${column}" looks like the ${role.replaceAll("_", " ")}, but its values are no ${NUMBERS.has(role) ? "numbers" : "dates"}; it is not used as such. Choose with ${choose("decimal")} or ${choose("date-order")} if they can be read two ways.`,
      );
    }
  }
  for (const role of NUMBERS) {
    const column = table.columns.find(({ name: own }) => own === roles.get(role));
    if (column?.kind !== "number") continue;
    const huge = column.numbers.filter((value) => !Number.isNaN(value) && !isAmount(value)).length;
    if (huge === 0) continue;
    column.numbers = column.numbers.map((value) => (isAmount(value) ? value : NaN));
    notes.push(`${path}: column "${column.name}": ${huge} numbers beyond a quadrillion were left empty.`);
  }
  const recognised = [...roles].filter(([role, column]) => role !== column);
  if (recognised.length > 0)
    notes.push(
      `${path}: taken as ${recognised.map(([role, column]) => `${role} = "${column}"`).join(", ")}.`,
    );
  const key = found!.key;
  return {
    table: { name, tag, file: path, rowCount: table.rowCount, columns: table.columns, roles, key },
    notes,
  };
}

async function readRows(
  file: OpenedFile,
  options: ReadOptions,
  want: (samples: ColumnSample[]) => Wanted,
): Promise<{ table: Table; notes: string[] }> {
  let source;
  for (const candidate of sources) {
    if (await candidate.recognises(file)) {
      source = candidate;
      break;
    }
  }
  if (source?.id === "csv") {
    const { table, account } = await readDelimited(file, options, want, 2);
    return { table, notes: notesOn(file.path, account.rejections, account.emptied) };
  }
  if (!source?.readTable) {
    const known = sources.filter((s) => s.readTable || s.id === "csv").map(({ what }) => what);
    throw new InputError(
      "wrong-records",
      file.path,
      `${file.path}: expected a table of records (${known.join("; ")}), got ${source?.what ?? "another kind of file"}. Export the table as CSV.`,
    );
  }
  const raw = await source.readTable(file, options);
  const samples = sampleTable(raw.table);
  const { file: path, places } = raw.account;
  const complete = completeTable(path, raw.table, samples, want(samples), options, places);
  return { table: complete.table, notes: notesOn(path, raw.account.rejections, complete.emptied) };
}

/** What of a file could not be read: whole rows, and values that do not fit their column. */
function notesOn(path: string, rejected: Rejections | undefined, emptied: Rejections): string[] {
  return (
    [
      [rejected, "rows could not be read"],
      [emptied, "values do not fit their column and were left empty"],
    ] as const
  ).flatMap(([list, what]) =>
    list && list.count > 0
      ? [
          `${path}: ${list.count} ${what}: ${list.first
            .slice(0, 3)
            .map((one) => describeRejection(path, one))
            .join("; ")}${list.count > 3 ? " …" : ""}.`,
        ]
      : [],
  );
}
