import { choose, didYouMean, InputError, reason } from "../input-error.ts";
import { uniqueNames } from "./csv/csv-dialect.ts";
import { readStart, type OpenedFile } from "./open-bytes.ts";
import { Rejections, type ReadOptions, type ReadResult } from "./format.ts";
import { readTable, TableBuilder, type CellValue, type RawTable } from "./table-builder.ts";
import { Workbook, type SheetCell, type SheetRows } from "./xlsx-workbook.ts";

/** Workbooks above this size are refused; they are held in memory whole. */
const MAX_SIZE = 200 << 20;

/**
 * Reads one sheet of an XLSX workbook. Where several sheets have data the sheet is asked for (`--sheet`, by
 * name or number from 1). The first row with at least three filled cells holds the headings.
 *
 * Dates are wall-clock times without a zone and read as such. Throws InputError for damaged workbooks and
 * unknown sheets.
 */
export async function readXlsx(file: OpenedFile, options: ReadOptions): Promise<ReadResult> {
  const { table, account } = await readXlsxTable(file, options, 3);
  return readTable(table, options, account);
}

/** One sheet as a table whose headings fill at least `leastColumns` cells; throws as `readXlsx`. */
export async function readXlsxTable(
  file: OpenedFile,
  options: ReadOptions,
  leastColumns: number,
): Promise<RawTable> {
  if (file.size > MAX_SIZE) {
    throw new InputError(
      "too-large",
      file.path,
      `${file.path}: expected a workbook of at most 200 MiB, got ${Math.round(file.size / 2 ** 20)} MiB. Save the sheet as CSV.`,
    );
  }
  options.onProgress?.(undefined, "reading the workbook");
  let found: SheetRows;
  try {
    const archive = Buffer.from(readStart(file.path, file.size));
    found = await chooseSheet(file.path, await Workbook.open(file.path, archive, file.size), options.sheet);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(
      "xlsx-damaged",
      file.path,
      `${file.path}: the workbook cannot be read (${reason(cause)}). Open and save it again, or save the sheet as CSV.`,
      { cause },
    );
  }
  const { sheet, rows: all, lastColumn } = found;
  const headingAt = all.findIndex(
    ({ cells }) => cells.filter((cell) => cell !== null && cell !== "").length >= leastColumns,
  );
  if (headingAt < 0)
    throw new InputError(
      "not-a-table",
      file.path,
      `${file.path}, sheet "${sheet}": expected a row of at least ${leastColumns} headings, found none.`,
    );
  const headings = uniqueNames(
    Array.from({ length: lastColumn }, (_, k) => String(all[headingAt].cells[k] ?? "")),
  );

  const builder = new TableBuilder(file.path);
  const rejections = new Rejections();
  const rows: number[] = [];
  for (const { number, cells } of all.slice(headingAt + 1)) {
    headings.forEach((name, k) => builder.set(rows.length, name, asCell(cells[k])));
    rows.push(number);
  }
  return {
    table: builder.finish(rows.length),
    account: {
      file: file.path,
      format: `XLSX, sheet "${sheet}"`,
      places: { unit: "row", at: (row) => rows[row] },
      rejections,
    },
  };
}

/** The sheet that is wanted; without a word, the only one with data. */
async function chooseSheet(path: string, workbook: Workbook, wanted: string | undefined): Promise<SheetRows> {
  const names = workbook.sheets;
  if (wanted !== undefined) {
    const byName = names.indexOf(wanted);
    const index = byName >= 0 ? byName : /^\d+$/.test(wanted) ? Number(wanted) - 1 : -1;
    if (index >= 0 && index < names.length) return workbook.rowsOf(index);
    const near = didYouMean(wanted, names);
    throw new InputError(
      "unknown-sheet",
      "--sheet",
      `${choose("sheet")}: ${path} has no sheet "${wanted}".${near ? ` Did you mean "${near}"?` : ""} Sheets: ${names.join(", ")}.`,
    );
  }
  const filled: SheetRows[] = [];
  for (const index of names.keys()) {
    const rows = await workbook.rowsOf(index);
    if (rows.lastRow > 1) filled.push(rows);
  }
  if (filled.length === 1) return filled[0];
  if (filled.length === 0)
    throw new InputError("no-rows", path, `${path}: no sheet of the workbook has a row of data.`);
  throw new InputError(
    "which-sheet",
    path,
    `${path} has data on several sheets: ${filled.map(({ sheet, lastRow }) => `${sheet} (${lastRow} rows)`).join(", ")}. Say which with ${choose("sheet")}.`,
  );
}

const DAY = 86_400_000;
const DAY_ZERO = Date.UTC(1899, 11, 30);
const DAY_ZERO_1904 = Date.UTC(1904, 0, 1);

/**
 * A cell formatted as a time alone lies on day 0, which is no date: a time of day, or a length of time where
 * it is longer.
 */
function clockTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function asCell(cell: SheetCell | undefined): CellValue {
  // Excel's days have no zone; as text they are read like any other wall-clock time.
  // Serial numbers miss the second by a hair, so times are taken to the hundredth.
  if (cell instanceof Date) {
    const ms = Math.round(cell.getTime() / 10) * 10;
    const sinceZero = ms - DAY_ZERO;
    if (sinceZero >= 0 && (sinceZero <= DAY || (sinceZero < 60 * DAY && sinceZero % DAY !== 0)))
      return clockTime(sinceZero);
    // in the 1904 system day 0 is 1 January 1904
    const since1904 = ms - DAY_ZERO_1904;
    if (since1904 > 0 && since1904 < DAY) return clockTime(since1904);
    return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString().slice(0, 23) : undefined;
  }
  return cell;
}

/** Whether a zip archive is an Excel workbook: its directory names the workbook part. */
export function looksLikeXlsx(file: OpenedFile): boolean {
  return (
    file.packing === "zip" &&
    Buffer.from(readStart(file.path, Math.min(file.size, MAX_SIZE))).includes("xl/workbook.xml")
  );
}
