import { DuckDBInstance, DuckDBTypeId, type DuckDBConnection, type DuckDBType } from "@duckdb/node-api";
import { InputError, reason } from "../input-error.ts";
import {
  cellTooLarge,
  checkCell,
  checkColumns,
  checkUnpacked,
  MOST_CELL_BYTES,
  MOST_CELLS,
} from "./limits.ts";
import { expansionLimit, type OpenedFile } from "./open-bytes.ts";
import type { ReadOptions, ReadResult } from "./format.ts";
import { readTable, TableBuilder, type RawTable } from "./table-builder.ts";

/** DuckDB's own; what is read is counted beside it. */
const MEMORY_MB = 2048;
/** What a query says of a cell that is larger than a cell may be. */
const LARGE_CELL = "plumbline: a large cell";

const NUMBERS = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.DECIMAL,
]);
const ZONELESS = new Set([
  DuckDBTypeId.DATE,
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_NS,
]);

/**
 * Reads a Parquet file through DuckDB, in chunks. Numbers, times and texts keep their kind; lists and structs
 * become text. Timestamps without a zone are wall-clock times, as in any other file.
 *
 * Throws InputError for damaged files. Nothing but this one file can be read: DuckDB runs without access to
 * others.
 */
export async function readParquet(file: OpenedFile, options: ReadOptions): Promise<ReadResult> {
  const { table, account } = await readParquetTable(file, options);
  return readTable(table, options, account);
}

/** The rows of a Parquet file as a table; throws as `readParquet`. */
export async function readParquetTable(file: OpenedFile, options: ReadOptions): Promise<RawTable> {
  const instance = await DuckDBInstance.create(":memory:", {
    allow_community_extensions: "false",
    // a page that unpacks to more is refused; rows stream through far less
    memory_limit: `${MEMORY_MB}MB`,
    autoinstall_known_extensions: "false",
  });
  const connection = await instance.connect();
  try {
    const path = file.path.replace(/[[*?]/g, "[$&]"); // a path, not a pattern
    const builder = new TableBuilder(file.path);
    let rows = 0;
    let text = 0;
    try {
      const described = await connection.run(
        "select * from read_parquet($file, hive_partitioning = false) limit 0",
        {
          file: file.path,
        },
      );
      const names = described.columnNames();
      checkColumns(file.path, names.length);
      await checkSizes(connection, file, path, names.length);
      const kinds = described.columnTypes();
      await checkTexts(connection, file, path, names, kinds);
      const long = await longNumbers(connection, path, names, kinds);
      const columns = names.map(
        (name, k) =>
          `${long.has(k) ? `cast(${quoted(name)} as varchar)` : expressionFor(name, kinds[k])} as c${k}`,
      );
      const result = await connection.stream(
        `select ${columns.join(", ")} from read_parquet($file, hive_partitioning = false)`,
        {
          file: path,
        },
      );
      for (;;) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) break;
        names.forEach((name, k) => {
          const values = chunk.getColumnValues(k);
          for (const value of values) if (typeof value === "string") text += value.length;
          checkUnpacked(file.path, "text", text, expansionLimit(file.size));
          for (let r = 0; r < values.length; r++) {
            const value = values[r];
            if (kinds[k].typeId === DuckDBTypeId.TIMESTAMP_TZ && typeof value === "number")
              builder.column(name).setTime(rows + r, value);
            else builder.set(rows + r, name, value as string | number | null);
          }
        });
        rows += chunk.rowCount;
        options.onProgress?.(undefined, `reading, ${rows} rows`);
      }
    } catch (cause) {
      if (cause instanceof InputError) throw cause;
      const { message } = cause as Error;
      if (message.includes(LARGE_CELL)) throw cellTooLarge(file.path, file.path, undefined);
      if (/^Out of Memory/i.test(message))
        throw new InputError(
          "unpacks-too-large",
          file.path,
          `${file.path}: expected a Parquet file whose pages unpack to less than ${MEMORY_MB} MB, got more. Write it with smaller row groups, or as CSV.`,
          { cause },
        );
      throw new InputError(
        "parquet-damaged",
        file.path,
        `${file.path}: the Parquet file cannot be read (${reason((cause as Error).message.split("\n")[0])}). Export it again.`,
        { cause },
      );
    }
    return {
      table: builder.finish(rows),
      account: { file: file.path, format: "Parquet", places: { unit: "row", at: (row) => row + 1 } },
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const LONG = new Set([DuckDBTypeId.BIGINT, DuckDBTypeId.UBIGINT, DuckDBTypeId.HUGEINT, DuckDBTypeId.DECIMAL]);

/** Columns of numbers too long for a double: identifiers, which must not lose their last digits. */
async function longNumbers(
  connection: DuckDBConnection,
  path: string,
  names: readonly string[],
  kinds: readonly DuckDBType[],
): Promise<Set<number>> {
  const asked = names.map((_, k) => k).filter((k) => LONG.has(kinds[k].typeId));
  if (asked.length === 0) return new Set();
  const sums = asked.map(
    (k) => `coalesce(max(abs(cast(${quoted(names[k])} as hugeint))), 0) > 9007199254740991`,
  );
  const result = await connection.runAndReadAll(
    `select ${sums.join(", ")} from read_parquet($file, hive_partitioning = false)`,
    { file: path },
  );
  const [row] = result.getRowsJS();
  return new Set(asked.filter((_, i) => row[i] === true));
}

/** Cells above this are large; a chunk of smaller ones fits in memory. */
const LARGE_BYTES = 1 << 16;
/** Of large cells a file may hold so much in all, or four times its size. */
const MOST_LARGE_BYTES = 256 * 2 ** 20;

/**
 * How much text the rows hold, summed up before any of it is held: a text that stands in the file once may
 * stand in every row.
 */
async function checkTexts(
  connection: DuckDBConnection,
  file: OpenedFile,
  path: string,
  names: readonly string[],
  kinds: readonly DuckDBType[],
): Promise<void> {
  const texts = names.filter((_, k) => isText(kinds[k]));
  if (texts.length === 0) return;
  const lengths = texts.map((name) => `strlen(cast(${quoted(name)} as varchar))`);
  const large = lengths.map((length) => `case when ${length} > ${LARGE_BYTES} then ${length} else 0 end`);
  const sumOf = (list: readonly string[]) =>
    list.map((one) => `coalesce(cast(sum(${one}) as double), 0)`).join(" + ");
  const longest = `greatest(${lengths.map((one) => `coalesce(max(${one}), 0)`).join(", ")})`;
  const result = await connection.runAndReadAll(
    `select ${sumOf(lengths)}, ${sumOf(large)}, cast(${longest} as double) from read_parquet($file, hive_partitioning = false)`,
    { file: path },
  );
  const [[all, ofLarge, most]] = result.getRowsJS() as number[][];
  if (most > MOST_CELL_BYTES) throw cellTooLarge(file.path, file.path, most);
  checkUnpacked(file.path, "text", all, expansionLimit(file.size));
  checkUnpacked(
    file.path,
    `text in cells of over ${LARGE_BYTES >> 10} KiB`,
    ofLarge,
    Math.max(MOST_LARGE_BYTES, 4 * file.size),
  );
}

const isText = ({ typeId }: DuckDBType) =>
  !NUMBERS.has(typeId) && !ZONELESS.has(typeId) && typeId !== DuckDBTypeId.TIMESTAMP_TZ;

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

function expressionFor(name: string, { typeId }: DuckDBType): string {
  const column = quoted(name);
  if (NUMBERS.has(typeId)) return `cast(${column} as double)`;
  if (typeId === DuckDBTypeId.TIMESTAMP_TZ) return `cast(epoch_us(${column}) as double) / 1000`;
  if (ZONELESS.has(typeId)) return `strftime(cast(${column} as timestamp), '%Y-%m-%dT%H:%M:%S.%g')`;
  const text = `cast(${column} as varchar)`;
  return `case when strlen(${text}) > ${MOST_CELL_BYTES} then error('${LARGE_CELL}') else ${text} end`;
}

/**
 * What the file says of its own size, before anything is unpacked: rows × columns, and bytes a column and a
 * cell on average.
 */
async function checkSizes(
  connection: DuckDBConnection,
  file: OpenedFile,
  path: string,
  columns: number,
): Promise<void> {
  const result = await connection.runAndReadAll(
    `select path_in_schema as name, max(total_uncompressed_size // greatest(num_values, 1)) as mean,
      sum(total_uncompressed_size) as bytes, sum(num_values) as cells
    from parquet_metadata($file) group by 1`,
    { file: path },
  );
  let bytes = 0;
  let cells = 0;
  for (const row of result.getRowObjectsJS()) {
    checkCell(file.path, String(row["name"]), Number(row["mean"]));
    bytes += Number(row["bytes"]);
    cells += Number(row["cells"]);
  }
  checkUnpacked(file.path, "bytes", bytes, expansionLimit(file.size));
  checkUnpacked(file.path, `cells (${columns} columns)`, cells, Math.max(MOST_CELLS, file.size * 200));
}
