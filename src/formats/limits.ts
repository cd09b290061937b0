import { InputError, quoted } from "../input-error.ts";

/**
 * What a table may hold: generous for logs and records of real systems (100 million events, some hundred
 * columns), and little enough that a small file that unpacks to a huge table is refused before it has taken
 * the memory. Every reader keeps to them, so that the command line has them too.
 */
export const MOST_CELL_BYTES = 1 << 20;
const MOST_COLUMNS = 10_000;
const MOST_NAME = 2000;
/** Cells of a table, columns × rows, that may stand there nearly empty … */
export const MOST_CELLS = 50_000_000;
/** … beyond which at least one in so many must be filled. */
export const SPARSEST = 20;

/** "20 MiB", "1.5 MiB" */
const mib = (bytes: number) => `${Number((bytes / 2 ** 20).toPrecision(2))} MiB`;

/** `where` names file, line and column as far as they are known. */
export function cellTooLarge(file: string, where: string, bytes: number | undefined): InputError {
  const got = bytes === undefined ? "a larger one" : `one of ${mib(bytes)}`;
  return new InputError(
    "cell-too-large",
    where,
    `${where}: a cell of ${file === where ? "the file" : file} is larger than ${mib(MOST_CELL_BYTES)}: expected cells of at most ${mib(MOST_CELL_BYTES)}, got ${got}. Leave the column with long contents out of the export.`,
  );
}

export function checkCell(file: string, column: string, bytes: number): void {
  if (bytes > MOST_CELL_BYTES) throw cellTooLarge(file, `${file}, column "${column.slice(0, 80)}"`, bytes);
}

export function checkColumns(file: string, columns: number): void {
  if (columns > MOST_COLUMNS)
    throw new InputError(
      "too-many-columns",
      file,
      `${file}: expected at most ${MOST_COLUMNS} columns, got ${columns === MOST_COLUMNS + 1 ? "more" : columns}. Where each row has keys of its own, write them as rows (key, value), or leave them out.`,
    );
}

export function checkName(file: string, name: string): void {
  if (name.length > MOST_NAME)
    throw new InputError(
      "name-too-long",
      file,
      `${file}: expected names of columns of at most ${MOST_NAME} characters, got one of ${name.length} ("${quoted(name.slice(0, 60))}…"). Give the column a shorter name.`,
    );
}

/** Columns × rows, against how many cells say something. */
export function checkCells(file: string, columns: number, rows: number, filled: number): void {
  if (columns * rows > MOST_CELLS && columns * rows > SPARSEST * filled)
    throw new InputError(
      "too-many-cells",
      file,
      `${file}: expected a table of at most ${MOST_CELLS / 1e6} million cells where less than one in ${SPARSEST} is filled, got ${columns} columns × ${rows} rows with ${filled} filled. Leave columns out that are nearly empty, or write them as rows (key, value).`,
    );
}

/**
 * What a file says that it unpacks to, cell by cell, against its size on the disk: for formats that can
 * repeat what stands in them once.
 */
export function checkUnpacked(file: string, what: string, amount: number, most: number): void {
  if (amount > most)
    throw new InputError(
      "unpacks-too-large",
      file,
      `${file}: expected ${what} in proportion to its size (at most ${Math.round(most)}), got ${Math.round(amount)}, which no real file has. Export it anew, or as CSV.`,
    );
}
