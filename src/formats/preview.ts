import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isMissing, type EventLog } from "../eventlog/event-log.ts";
import { textOf } from "../eventlog/record-table.ts";
import { nameAt } from "../eventlog/strings.ts";
import { InputError } from "../input-error.ts";
import { detectDialect, splitRecords } from "./csv/csv-dialect.ts";
import { readLog, sources } from "./index.ts";
import { openBytes, type OpenedFile } from "./open-bytes.ts";
import type { ColumnRole, ReadOptions } from "./format.ts";

/**
 * How a file would be read: its columns, what they are taken as, its first rows, and what stands in the way.
 */
export interface Preview {
  format: string;
  columns: {
    name: string;
    takenAs: ColumnRole | null;
    how: "given" | "name" | "content" | "standard" | null;
  }[];
  /** the first rows as they are written, a text a column */
  rows: string[][];
  /** of what was looked at */
  read: number;
  kept: number;
  rejected: number;
  rejections: { at: number; unit: string; column: string | null; expected: string; got: string }[];
  cases: number;
  /** only the beginning of the file was looked at */
  beginning: boolean;
  notes: string[];
  /** why it cannot be read as it is; null where it can */
  problem: { code: string; where: string; message: string } | null;
}

const ROWS = 10;
const COLUMNS = 1000;
/** Longer cells are shown by their beginning. */
const SHOWN = 2000;
const shown = (cell: string) => (cell.length > SHOWN ? `${cell.slice(0, SHOWN)}…` : cell);
/** Files that cannot be looked at by their beginning are not looked at from this size on. */
const WHOLE_UP_TO = 100 << 20;

/**
 * Looks at the beginning of a file as an import would read it. Of delimited text the first MiB is read, of
 * other files the whole. What a reader would refuse is the `problem`, not an error, so that somebody can
 * correct the options and look again. `folder` has room for the beginning.
 */
export async function previewLog(path: string, options: ReadOptions, folder: string): Promise<Preview> {
  const empty: Preview = {
    format: "",
    columns: [],
    rows: [],
    read: 0,
    kept: 0,
    rejected: 0,
    rejections: [],
    cases: 0,
    beginning: false,
    notes: [],
    problem: null,
  };
  try {
    const file = await openBytes(path);
    let source = sources[0];
    for (const one of sources)
      if (await one.recognises(file)) {
        source = one;
        break;
      }
    const isText = source.id === "csv";
    const raw = isText ? rawText(file, options) : undefined;
    const beginning = isText && (file.packing !== "none" || file.size > file.head.length);
    if (!isText && file.size > WHOLE_UP_TO)
      return {
        ...empty,
        format: source.id,
        notes: ["The file is too large to look into before it is read."],
      };
    const table = !isText && source.readTable ? (await source.readTable(file, options)).table : undefined;
    const columns = raw?.columns ?? table?.columns.slice(0, COLUMNS).map(({ name }) => name) ?? [];
    const rows =
      raw?.rows ??
      (table
        ? Array.from({ length: Math.min(ROWS, table.rowCount) }, (_, r) =>
            table.columns.slice(0, COLUMNS).map((column) => shown(textOf(column, r))),
          )
        : []);
    const shape = { ...empty, format: source.id, rows, beginning };
    try {
      const { log, report } = await readLog(beginning ? beginningOf(file, folder) : path, options);
      const known = new Map(report.recognised.map(({ column, role, how }) => [column, { role, how }]));
      const names = columns.length > 0 ? columns : report.recognised.map(({ column }) => column);
      return {
        ...shape,
        columns: names.map((name) => ({
          name,
          takenAs: known.get(name)?.role ?? null,
          how: known.get(name)?.how ?? null,
        })),
        ...(columns.length > 0 ? {} : rowsOfLog(log)),
        read: report.read,
        kept: report.kept,
        rejected: report.rejected,
        rejections: report.rejections.slice(0, 20).map((one) => ({ ...one, column: one.column ?? null })),
        cases: log.caseCount,
        notes: report.notes,
      };
    } catch (error) {
      return {
        ...shape,
        columns: columns.map((name) => ({ name, takenAs: null, how: null })),
        problem: problemOf(error),
      };
    }
  } catch (error) {
    return { ...empty, problem: problemOf(error) };
  }
}

function problemOf(error: unknown): NonNullable<Preview["problem"]> {
  if (!(error instanceof InputError)) throw error;
  const { code, where, message } = error;
  return { code, where, message };
}

/** Headings and first records of delimited text, before anything is made of them. */
function rawText(file: OpenedFile, { encoding, separator }: ReadOptions) {
  let text: string;
  try {
    text = new TextDecoder(encoding ?? guessed(file.head)).decode(file.head);
  } catch {
    return { columns: [], rows: [] }; // an encoding of an unknown name: the reader says so
  }
  const dialect = detectDialect(text, separator);
  const records = splitRecords(text.slice(dialect.bodyStart), dialect.separator, ROWS + 1);
  const headings = dialect.headings.slice(0, COLUMNS);
  return {
    columns: headings.map(shown),
    rows: records.slice(0, ROWS).map(({ fields }) => headings.map((_, i) => shown(fields[i] ?? ""))),
  };
}

function guessed(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}

/** The first MiB up to its last whole line as a file of its own, under the same name. */
function beginningOf(file: OpenedFile, folder: string): string {
  const path = join(folder, basename(file.path).replace(/\.(gz|zip)$/i, ""));
  const { head } = file;
  // a UTF-16 line break has the same byte, and perhaps a zero behind it
  let end = head.lastIndexOf(10) + 1;
  if (head[0] === 0xff && head[1] === 0xfe) end += end % 2;
  writeFileSync(path, head.subarray(0, end > 0 ? end : head.length));
  return path;
}

/** Logs in a standard format have no table to show: their first events are. */
function rowsOfLog(log: EventLog): Pick<Preview, "columns" | "rows"> {
  const events = log.columns.filter(({ scope }) => scope === "event").slice(0, 6);
  const rows: string[][] = [];
  for (let c = 0; c < log.caseCount && rows.length < ROWS; c++)
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1] && rows.length < ROWS; e++)
      rows.push([
        nameAt(log.caseIds, c),
        nameAt(log.activities, log.activity[e]),
        Math.abs(log.time[e]) > 8.64e15 ? "" : new Date(log.time[e]).toISOString(),
        ...(log.person ? [nameAt(log.people, log.person[e])] : []),
        ...(log.role ? [nameAt(log.roles, log.role[e])] : []),
        ...events.map((column) =>
          isMissing(column, e)
            ? ""
            : column.kind === "number"
              ? String(column.numbers[e])
              : column.kind === "time"
                ? new Date(column.times[e]).toISOString()
                : nameAt(column.values, column.codes[e]),
        ),
      ]);
  const column = (name: string, takenAs: ColumnRole | null) => ({
    name,
    takenAs,
    how: takenAs && ("standard" as const),
  });
  return {
    columns: [
      column("case", "case"),
      column("activity", "activity"),
      column("time", "time"),
      ...(log.person ? [column("person", "person")] : []),
      ...(log.role ? [column("role", "role")] : []),
      ...events.map(({ name }) => column(name, null)),
    ],
    rows,
  };
}
