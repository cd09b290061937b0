import { strFromU8, unzipSync } from "fflate";
import readXlsxFile from "read-excel-file/node";
import { didYouMean, InputError, reason } from "../input-error.ts";
import { uniqueNames } from "./csv/csv-dialect.ts";
import { expansionLimit, readStart, type OpenedFile } from "./open-bytes.ts";
import { Rejections, type ReadOptions, type ReadResult } from "./source.ts";
import { readTable, TableBuilder, type CellValue, type RawTable } from "./table-builder.ts";

/** Workbooks above this size are refused; they are held in memory whole. */
const MAX_SIZE = 200 << 20;

/**
 * Reads one sheet of an XLSX workbook. Where several sheets have data the sheet is asked for (`--sheet`, by name or number from 1).
 * The first row with at least three filled cells holds the headings.
 *
 * Dates are wall-clock times without a zone and read as such. Throws InputError for damaged workbooks and unknown sheets.
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
  let sheets: { sheet: string; data: unknown[][] }[];
  try {
    sheets = (await readXlsxFile(workbookBytes(file))) as unknown as { sheet: string; data: unknown[][] }[];
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(
      "xlsx-damaged",
      file.path,
      `${file.path}: the workbook cannot be read (${reason(cause)}). Open and save it again, or save the sheet as CSV.`,
      { cause },
    );
  }
  const { sheet, data } = chooseSheet(file.path, sheets, options.sheet);
  const headingRow = data.findIndex(
    (row) => row.filter((cell) => cell !== null && cell !== "").length >= leastColumns,
  );
  if (headingRow < 0)
    throw new InputError(
      "not-a-table",
      file.path,
      `${file.path}, sheet "${sheet}": expected a row of at least ${leastColumns} headings, found none.`,
    );
  const headings = uniqueNames(data[headingRow].map((cell) => (cell === null ? "" : String(cell))));

  const builder = new TableBuilder();
  const rejections = new Rejections();
  const rows: number[] = [];
  data.slice(headingRow + 1).forEach((cells, i) => {
    if (cells.every((cell) => cell === null || cell === "")) return;
    const surplus = cells.slice(headings.length).find((cell) => cell !== null && cell !== "");
    if (surplus !== undefined) {
      rejections.add({
        at: headingRow + i + 2,
        unit: "row",
        expected: `${headings.length} cells`,
        got: String(surplus),
      });
      return;
    }
    headings.forEach((name, k) => builder.set(rows.length, name, asCell(cells[k])));
    rows.push(headingRow + i + 2);
  });
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

function chooseSheet(
  path: string,
  sheets: { sheet: string; data: unknown[][] }[],
  wanted: string | undefined,
) {
  const names = sheets.map(({ sheet }) => sheet);
  if (wanted !== undefined) {
    const found =
      sheets.find(({ sheet }) => sheet === wanted) ??
      (/^\d+$/.test(wanted) ? sheets[Number(wanted) - 1] : undefined);
    if (found) return found;
    const near = didYouMean(wanted, names);
    throw new InputError(
      "unknown-sheet",
      "--sheet",
      `--sheet: ${path} has no sheet "${wanted}".${near ? ` Did you mean "${near}"?` : ""} Sheets: ${names.join(", ")}.`,
    );
  }
  const filled = sheets.filter(({ data }) => data.length > 1);
  if (filled.length === 1) return filled[0];
  if (filled.length === 0)
    throw new InputError("no-rows", path, `${path}: no sheet of the workbook has a row of data.`);
  throw new InputError(
    "which-sheet",
    path,
    `${path} has data on several sheets: ${filled.map(({ sheet, data }) => `${sheet} (${data.length} rows)`).join(", ")}. Say which with --sheet.`,
  );
}

const DAY = 86_400_000;
const DAY_ZERO = Date.UTC(1899, 11, 30);
const DAY_ZERO_1904 = Date.UTC(1904, 0, 1);

/** A cell formatted as a time alone lies on day 0, which is no date: a time of day, or a length of time where it is longer. */
function clockTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function asCell(cell: unknown): CellValue {
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
  return cell as CellValue;
}

/** Cells that a sheet may span, from A1 to its last one: they are all held in memory. */
const MAX_CELLS = 30_000_000;

/**
 * The bytes of the workbook, without anything that follows the archive (the library waits for ever then). Refuses archives that say
 * they unpack to far more than any real one, and sheets that span more cells than fit in memory.
 */
function workbookBytes(file: OpenedFile): Buffer {
  const bytes = Buffer.from(readStart(file.path, file.size));
  const end = bytes.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  if (end < 0 || end + 22 > bytes.length) throw new Error("the archive has no end");
  const archive = bytes.subarray(0, Math.min(bytes.length, end + 22 + bytes.readUInt16LE(end + 20)));
  let total = 0;
  for (
    let at = archive.indexOf("PK\u0001\u0002", 0, "latin1");
    at >= 0 && at + 46 <= archive.length;
    at = archive.indexOf("PK\u0001\u0002", at + 46, "latin1")
  ) {
    total += archive.readUInt32LE(at + 24);
  }
  if (total > expansionLimit(file.size)) {
    throw new InputError(
      "archive-too-large",
      file.path,
      `${file.path} says that it unpacks to ${Math.round(total / 2 ** 20)} MiB, over 200 times its size, which no real workbook does. Save the sheet as CSV.`,
    );
  }
  const parts = unzipSync(archive, { filter: ({ name }) => /^xl\/worksheets\/[^/]+\.xml$/.test(name) });
  for (const [name, part] of Object.entries(parts)) {
    let rows = 0;
    let columns = 0;
    for (const [, letters, row] of strFromU8(part, true).matchAll(/<c [^>]*?r="([A-Z]{1,4})(\d{1,8})"/g)) {
      rows = Math.max(rows, Number(row));
      columns = Math.max(
        columns,
        [...letters].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 64, 0),
      );
    }
    if (rows * columns > MAX_CELLS) {
      throw new InputError(
        "too-large",
        file.path,
        `${file.path}, ${name}: the sheet spans ${rows} rows and ${columns} columns, more than fit in memory. Delete what stands far outside the table, or save it as CSV.`,
      );
    }
  }
  return archive;
}

/** Whether a zip archive is an Excel workbook: its directory names the workbook part. */
export function looksLikeXlsx(file: OpenedFile): boolean {
  return (
    file.packing === "zip" &&
    Buffer.from(readStart(file.path, Math.min(file.size, MAX_SIZE))).includes("xl/workbook.xml")
  );
}
