import { DatabaseSync } from "node:sqlite";
import { InputError, reason } from "../input-error.ts";
import { cellTooLarge, checkCell, checkUnpacked, MOST_CELL_BYTES } from "./limits.ts";
import { flattenObjects, type ObjectLog } from "./ocel.ts";
import type { OpenedFile } from "./open-bytes.ts";
import type { ReadOptions, ReadResult } from "./format.ts";
import type { CellValue } from "./table-builder.ts";

type Row = Record<string, CellValue | bigint | Uint8Array>;

/**
 * Reads OCEL 2.0 SQLite (ocel-standard.org), opened for reading only, and flattens it by the object type of
 * the options. Real files are damaged: events whose type's table has no row for them have no time and are
 * rejected; the counts stand in the notes.
 */
export async function readOcelSqlite(file: OpenedFile, options: ReadOptions): Promise<ReadResult> {
  return flattenObjects(file.path, "OCEL 2.0 SQLite", readSqliteObjects(file), options);
}

/** The events and objects of OCEL 2.0 SQLite. */
export function readSqliteObjects(file: OpenedFile): ObjectLog {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file.path, { readOnly: true });
    limitCells(database);
    // what a file says of itself calls no functions, but for what SQLite knows to be harmless
    database.exec("pragma trusted_schema = off; pragma mmap_size = 0");
    return readTables(new Tables(file, database));
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    if (/too big/.test((cause as Error).message)) throw cellTooLarge(file.path, file.path, undefined);
    throw new InputError(
      "ocel-shape",
      file.path,
      `${file.path} cannot be read as OCEL 2.0 SQLite: ${reason(cause)}.`,
      { cause },
    );
  } finally {
    database?.close();
  }
}

/**
 * No cell, and no row, is made that is larger than what a row of large cells takes. Node 22 cannot say so:
 * there a huge one is refused once it is made.
 */
function limitCells(database: DatabaseSync): void {
  const { limits } = database as { limits?: { length: number } };
  if (limits) limits.length = MOST_CELL_BYTES * 16;
}

function readTables(database: Tables): ObjectLog {
  const log: ObjectLog = { objects: new Map(), events: [], notes: [] };
  // as SQLite itself has understood them: no views, which may be computed without end
  const tables = new Set(
    [...database.all("select name from pragma_table_list where schema = 'main' and type = 'table'")].map(
      (row) => String(row["name"]),
    ),
  );
  for (const needed of ["event", "object", "event_object", "event_map_type", "object_map_type"]) {
    if (!tables.has(needed)) throw new Error(`it has no table "${needed}"`);
  }
  for (const { ocel_id: id, ocel_type: type } of database.all("select ocel_id, ocel_type from object")) {
    log.objects.set(String(id), { type: String(type), attributes: new Map() });
  }
  for (const { ocel_type_map: map } of database.all("select ocel_type_map from object_map_type")) {
    const table = `object_${String(map)}`;
    if (!tables.has(table)) continue;
    // Later rows of an object change single attributes; the last value stands.
    for (const row of database.all(`select * from ${quoted(table)} order by ocel_time`)) {
      const object = log.objects.get(String(row["ocel_id"]));
      if (object) for (const [name, value] of attributesOf(row)) object.attributes.set(name, value);
    }
  }

  const details = new Map<string, Row>();
  for (const { ocel_type_map: map } of database.all("select ocel_type_map from event_map_type")) {
    const table = `event_${String(map)}`;
    if (tables.has(table))
      for (const row of database.all(`select * from ${quoted(table)}`))
        details.set(String(row["ocel_id"]), row);
  }
  const related = new Map<string, ObjectLog["events"][number]["related"]>();
  for (const row of database.all("select ocel_event_id, ocel_object_id, ocel_qualifier from event_object")) {
    const event = String(row["ocel_event_id"]);
    const list = related.get(event) ?? related.set(event, []).get(event)!;
    list.push({ object: String(row["ocel_object_id"]), qualifier: String(row["ocel_qualifier"] ?? "") });
  }
  let timeless = 0;
  const known = new Set<string>();
  for (const { ocel_id: id, ocel_type: type } of database.all("select ocel_id, ocel_type from event")) {
    const row = details.get(String(id));
    known.add(String(id));
    if (!row) timeless++;
    log.events.push({
      id: String(id),
      type: String(type),
      time: row ? asCell(row["ocel_time"]) : undefined,
      attributes: new Map(row ? attributesOf(row) : []),
      related: related.get(String(id)) ?? [],
    });
  }
  const orphans = [...details.keys()].filter((id) => !known.has(id)).length;
  if (timeless > 0)
    log.notes.push(
      `The file is damaged: ${timeless} events have no row in the table of their type, so no time; they were rejected.`,
    );
  if (orphans > 0) log.notes.push(`The file is damaged: ${orphans} rows of event tables belong to no event.`);
  const used = new Set(log.events.map(({ type }) => type));
  const declared = [...database.all("select ocel_type from event_map_type")].map((row) =>
    String(row["ocel_type"]),
  );
  const empty = declared.filter((type) => !used.has(type));
  if (empty.length > 0)
    log.notes.push(`Event types are declared of which the file holds no event: ${empty.join(", ")}.`);
  const dangling = [...related.values()].flat().filter(({ object }) => !log.objects.has(object)).length;
  if (dangling > 0) log.notes.push(`${dangling} relations point to objects that are not in the file.`);
  return log;
}

/**
 * Text that the rows of a file may hold: its own size, and what indexes or packed pages may save, but not
 * what generated columns multiply.
 */
const textLimit = (size: number) => Math.max(64 << 20, size * 4);

/** The rows of a file's tables, one after the other, within the limits of cells and of what they come to. */
class Tables {
  readonly #file: OpenedFile;
  readonly #database: DatabaseSync;
  #text = 0;

  constructor(file: OpenedFile, database: DatabaseSync) {
    this.#file = file;
    this.#database = database;
  }

  *all(sql: string): Generator<Row> {
    const { path, size } = this.#file;
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true); // an identifier of nineteen digits stays what it is
    for (const row of statement.iterate() as Iterable<Row>) {
      for (const name in row) {
        const value = row[name];
        if (typeof value !== "string" && !(value instanceof Uint8Array)) continue;
        checkCell(path, name, value.length);
        this.#text += value.length;
      }
      if (this.#text > textLimit(size)) checkUnpacked(path, "text", this.#text, textLimit(size));
      yield row;
    }
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function attributesOf(row: Row): [string, CellValue][] {
  return Object.entries(row)
    .filter(([name, value]) => !/^ocel_(id|time|changed_field|type)$/.test(name) && value !== null)
    .map(([name, value]) => [name, asCell(value)]);
}

function asCell(value: Row[string]): CellValue {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : value;
}
