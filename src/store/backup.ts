import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdtemp, open, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { sql } from "kysely";
import { extract, pack, type Pack } from "tar-stream";
import { z } from "zod";
import { InputError } from "../input-error.ts";
import { checkKey, type Blobs } from "./blobs.ts";
import { transact, type Db, type Trx } from "./database.ts";
import { doneMigrations, LATEST, migrate, migrations } from "./migrate.ts";
import { FORMER_TABLES, TABLES } from "./tables.ts";
import { syncPath } from "./synced-files.ts";

/** What a backup says of itself, at its end. */
const manifestSchema = z.object({
  plumbline: z.literal("backup 1"),
  /** the last change of the tables that it holds */
  tables: z.string(),
  at: z.string(),
  rows: z.record(z.string(), z.int()),
  blobs: z.int(),
  /** blobs that rows name and that were not there */
  missing: z.array(z.string()),
  sha256: z.record(z.string(), z.string()),
});
/**
 * What a backup says of itself: of which version it is, how many rows and files it holds, and their hashes.
 */
export type Manifest = z.infer<typeof manifestSchema>;

/** What was written. */
export interface BackupResult {
  file: string;
  bytes: number;
  rows: number;
  blobs: number;
  /** files that rows name and that were not there: removed meanwhile, or lost before */
  missing: number;
}

/**
 * Writes everything into one file (tar, gzipped): each table as JSON lines, as it stood at one instant, and
 * the blobs that these rows name. Others may go on working meanwhile; on the embedded database they wait
 * while the tables, not the blobs, are written. The file appears whole or not at all.
 */
export async function writeBackup(db: Db, blobs: Blobs, file: string, now: Date): Promise<BackupResult> {
  if (existsSync(file))
    throw new InputError(
      "file-exists",
      file,
      `${file} is there already. Name another file; a backup is never written over.`,
    );
  const folder = await mkdtemp(join(tmpdir(), "plumbline-backup-"));
  const unfinished = join(dirname(file), `.${Date.now()}-${process.pid}.unfinished`);
  try {
    const rows = await transact(db, (trx) => dumpTables(trx, folder));
    const manifest: Manifest = {
      plumbline: "backup 1",
      tables: LATEST,
      at: now.toISOString(),
      rows,
      blobs: 0,
      missing: [],
      sha256: {},
    };
    const tar = pack();
    const written = pipeline(tar, createGzip({ level: 3 }), createWriteStream(unfinished, { mode: 0o600 }));
    // whoever waits for room in the archive must hear that the disk is full
    written.catch((error: Error) => tar.destroy(error));
    for (const table of TABLES) {
      const path = join(folder, `${table}.jsonl`);
      manifest.sha256[`tables/${table}.jsonl`] = await addFile(tar, `tables/${table}.jsonl`, () =>
        createReadStream(path),
      );
    }
    for (const key of await blobKeys(folder, blobs)) {
      if (!(await isThere(blobs, key))) {
        manifest.missing.push(key);
        continue;
      }
      manifest.sha256[`blobs/${key}`] = await addFile(tar, `blobs/${key}`, () => blobs.read(key));
      manifest.blobs++;
    }
    tar.entry({ name: "manifest.json" }, JSON.stringify(manifest));
    tar.finalize();
    await written;
    syncPath(unfinished);
    await rename(unfinished, file);
    syncPath(dirname(file) || ".");
    const { size } = await stat(file);
    return {
      file,
      bytes: size,
      rows: Object.values(rows).reduce((a, b) => a + b, 0),
      blobs: manifest.blobs,
      missing: manifest.missing.length,
    };
  } finally {
    await rm(unfinished, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes every table as JSON lines; returns how many rows each has. One transaction sees one instant. */
async function dumpTables(trx: Trx, folder: string): Promise<Record<string, number>> {
  await sql`set transaction isolation level repeatable read`.execute(trx);
  const rows: Record<string, number> = {};
  for (const table of TABLES) {
    const out = await open(join(folder, `${table}.jsonl`), "w", 0o600);
    rows[table] = 0;
    await sql`declare dump cursor for select to_jsonb(t)::text as line from ${sql.table(table)} t`.execute(
      trx,
    );
    for (;;) {
      const page = await sql<{ line: string }>`fetch 500 from dump`.execute(trx);
      if (page.rows.length === 0) break;
      rows[table] += page.rows.length;
      await out.appendFile(`${page.rows.map(({ line }) => line).join("\n")}\n`);
    }
    await sql`close dump`.execute(trx);
    await out.close();
  }
  return rows;
}

async function isThere(blobs: Blobs, key: string): Promise<boolean> {
  try {
    (await blobs.read(key)).destroy();
    return true;
  } catch (error) {
    const { code, status } = error as { code?: string; status?: number };
    if (code === "ENOENT" || status === 404) return false;
    throw error;
  }
}

/** The blobs that the rows of a dump name. A folder (of an audit) stands for all in it. */
async function blobKeys(folder: string, blobs: Blobs): Promise<string[]> {
  const keys = new Set<string>();
  const named = async (table: string, columns: string[], prefixes: string[] = []) => {
    for await (const row of jsonLines(join(folder, `${table}.jsonl`))) {
      for (const column of columns) if (typeof row[column] === "string") keys.add(row[column]);
      for (const column of prefixes)
        for await (const key of blobs.list(`${String(row[column])}/`)) keys.add(key);
    }
  };
  await named("upload_part", ["blob"]);
  await named("log", ["blob", "rejected_blob"]);
  await named("audit", [], ["blob"]);
  return [...keys].sort();
}

async function* jsonLines(path: string): AsyncGenerator<Record<string, unknown>> {
  for await (const line of linesOf(createReadStream(path)))
    if (line !== "") yield JSON.parse(line) as Record<string, unknown>;
}

/**
 * Adds one entry to the archive; returns its hash. Its length must be known first, so that it is read twice.
 */
async function addFile(tar: Pack, name: string, read: () => Readable | Promise<Readable>): Promise<string> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const part of await read()) {
    size += (part as Buffer).length;
    hash.update(part as Buffer);
  }
  const entry = tar.entry({ name, size, mode: 0o600 });
  await pipeline(await read(), entry);
  return hash.digest("hex");
}

/**
 * Puts a backup that `checkBackup` has read into an empty blob store and an empty database of either kind,
 * whose tables are those of the backup, and brings these up to date. Throws InputError for a database that is
 * not empty.
 */
export async function readBackup(db: Db, blobs: Blobs, file: string, { tables }: Manifest): Promise<void> {
  await refuseUnlessEmpty(db, tables);
  for await (const { name, content } of entriesOf(file)) {
    if (name.startsWith("blobs/")) await blobs.put(checkKey(name.slice(6)), content);
    else content.resume();
  }
  await transact(db, async (trx) => {
    // a server that was started there before anything was done has left these
    await trx.deleteFrom("installation").execute();
    await trx.deleteFrom("one_time_link").execute();
    for await (const { name, content } of entriesOf(file)) {
      const table = [...TABLES, ...FORMER_TABLES].find((one) => name === `tables/${one}.jsonl`);
      if (table) await loadTable(trx, table, content);
      else content.resume();
    }
  });
  await migrate(db);
}

async function loadTable(trx: Trx, table: string, content: Readable): Promise<void> {
  let lines: string[] = [];
  let bytes = 0;
  const insert = async () => {
    if (lines.length > 0)
      await sql`insert into ${sql.table(table)} select * from jsonb_populate_recordset(null::${sql.table(table)}, ${`[${lines.join(",")}]`}::jsonb)`.execute(
        trx,
      );
    lines = [];
    bytes = 0;
  };
  for await (const line of linesOf(content)) {
    if (line === "") continue;
    lines.push(line);
    bytes += line.length;
    if (lines.length >= 500 || bytes > 4_000_000) await insert();
  }
  await insert();
}

async function* linesOf(content: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of content) {
    const parts = (rest + decoder.decode(part as Buffer, { stream: true })).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
  yield rest;
}

async function refuseUnlessEmpty(db: Db, tables: string): Promise<void> {
  const notEmpty = (what: string) =>
    new InputError(
      "not-empty",
      "database",
      `The database is not empty (${what}). A backup is restored into an empty one: set PLUMBLINE_DATA to a new directory, or DATABASE_URL to a new database.`,
    );
  for (const table of ["organisation", "person", "trail"] as const) {
    const row = await sql`select 1 from ${sql.table(table)} limit 1`.execute(db);
    if (row.rows.length > 0) throw notEmpty(`it has rows in ${table}`);
  }
  const done = (await doneMigrations(db)).at(-1);
  if (done !== tables) throw notEmpty(`its tables are those of ${done}, the backup's those of ${tables}`);
}

/**
 * Reads a whole backup and compares every hash, before anything is written: what is damaged or was changed is
 * refused. Throws InputError that says what is wrong with it.
 */
export async function checkBackup(file: string): Promise<Manifest> {
  const damaged = (what: string, cause?: unknown) =>
    new InputError("damaged-backup", file, `${file}: ${what}. Nothing was restored. Take another backup.`, {
      cause,
    });
  const seen = new Map<string, string>();
  let manifest: Manifest | undefined;
  try {
    for await (const { name, content } of entriesOf(file)) {
      const hash = createHash("sha256");
      const parts: Buffer[] = [];
      for await (const part of content) {
        hash.update(part as Buffer);
        if (name === "manifest.json") parts.push(part as Buffer);
      }
      if (name === "manifest.json")
        manifest = manifestSchema.parse(JSON.parse(Buffer.concat(parts).toString()));
      else seen.set(name, hash.digest("hex"));
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT")
      throw new InputError(
        "unreadable",
        file,
        `${file} is not there. Name a file that plumbline backup has written.`,
      );
    throw damaged(`expected a backup that plumbline backup has written, ${(cause as Error).message}`, cause);
  }
  if (!manifest) throw damaged("the end is missing; it was cut off");
  for (const [name, hash] of Object.entries(manifest.sha256)) {
    if (!seen.has(name)) throw damaged(`${name} is missing`);
    if (seen.get(name) !== hash) throw damaged(`${name} is not what was backed up`);
  }
  for (const name of seen.keys())
    if (!Object.hasOwn(manifest.sha256, name)) throw damaged(`${name} was added to it`);
  if (!Object.hasOwn(migrations, manifest.tables))
    throw new InputError(
      "newer-backup",
      file,
      `${file} was written by a newer Plumbline (${manifest.tables}). Restore it with that version.`,
    );
  return manifest;
}

/** The entries of an archive in order; each must be read to its end before the next comes. */
async function* entriesOf(file: string): AsyncGenerator<{ name: string; content: Readable }> {
  const tar = extract();
  const reading = pipeline(createReadStream(file), createGunzip(), tar as unknown as Transform);
  reading.catch(() => {});
  for await (const entry of tar) yield { name: entry.header.name, content: entry as unknown as Readable };
  await reading;
}
