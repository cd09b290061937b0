import { DuckDBInstance, DuckDBTypeId, type DuckDBType } from "@duckdb/node-api";
import { InputError } from "../input-error.ts";
import type { OpenedFile } from "./open-bytes.ts";
import type { ReadOptions, ReadResult } from "./source.ts";
import { readTable, TableBuilder } from "./table-builder.ts";

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
 * Reads a Parquet file through DuckDB, in chunks. Numbers, times and texts keep their kind; lists and structs become text. Timestamps
 * without a zone are wall-clock times, as in any other file.
 *
 * Throws InputError for damaged files. Nothing but this one file can be read: DuckDB runs without access to others.
 */
export async function readParquet(file: OpenedFile, options: ReadOptions): Promise<ReadResult> {
  const instance = await DuckDBInstance.create(":memory:", {
    allow_community_extensions: "false",
    autoinstall_known_extensions: "false",
  });
  const connection = await instance.connect();
  try {
    const builder = new TableBuilder();
    let rows = 0;
    try {
      const described = await connection.run("select * from read_parquet($file) limit 0", {
        file: file.path,
      });
      const names = described.columnNames();
      const kinds = described.columnTypes();
      const columns = names.map((name, k) => `${expressionFor(name, kinds[k])} as c${k}`);
      const result = await connection.stream(`select ${columns.join(", ")} from read_parquet($file)`, {
        file: file.path,
      });
      for (;;) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) break;
        names.forEach((name, k) => {
          const values = chunk.getColumnValues(k);
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
      throw new InputError(
        "parquet-damaged",
        file.path,
        `${file.path}: the Parquet file cannot be read (${(cause as Error).message.split("\n")[0]}). Export it again.`,
        { cause },
      );
    }
    return readTable(builder.finish(rows), options, {
      file: file.path,
      format: "Parquet",
      places: { unit: "row", at: (row) => row + 1 },
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function expressionFor(name: string, { typeId }: DuckDBType): string {
  const column = `"${name.replaceAll('"', '""')}"`;
  if (NUMBERS.has(typeId)) return `cast(${column} as double)`;
  if (typeId === DuckDBTypeId.TIMESTAMP_TZ) return `cast(epoch_us(${column}) as double) / 1000`;
  if (ZONELESS.has(typeId)) return `strftime(cast(${column} as timestamp), '%Y-%m-%dT%H:%M:%S.%g')`;
  return `cast(${column} as varchar)`;
}
