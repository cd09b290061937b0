import { AsyncLocalStorage } from "node:async_hooks";
import { join } from "node:path";
import { Kysely, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import { fromKysely, type ConstructorOptions, type Db as BossDatabase } from "pg-boss";
import { InputError } from "../input-error.ts";
import { lockDirectory } from "./directory-lock.ts";
import { EmbeddedDatabase, embeddedDialect } from "./embedded-database.ts";
import { migrate } from "./migrate.ts";
import { noteOwnPlace } from "./places.ts";
import type { Tables } from "./tables.ts";

/** The database, outside of a transaction. */
export type Db = Kysely<Tables>;
/** A transaction: what writes beside others takes one. */
export type Trx = Transaction<Tables>;
/** A table function reads with either; one that writes beside others takes a transaction. */
export type Reader = Db | Trx;

/** The database that everything is kept in: embedded, or PostgreSQL. */
export interface Database {
  kind: "embedded" | "postgres";
  db: Db;
  /** the same database as the queue takes it */
  queue: Pick<ConstructorOptions, "db" | "connectionString" | "backend">;
  /** calls when the embedded database has ended by itself: nothing can go on then */
  onLost(lost: (error: Error) => void): void;
  close(): Promise<void>;
}

const inside = new AsyncLocalStorage<true>();

/**
 * Runs `work` in one transaction: all of it or nothing. Statements inside go through the transaction that it
 * is given; one on the database itself would wait for itself where there is one session, so that a
 * transaction in a transaction is refused on both kinds. One that the database ended for another one's sake
 * is repeated, so that `work` must do nothing but what the transaction can take back. To wait for others as
 * little as may be, the trail is written last.
 */
export async function transact<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  if (inside.getStore()) throw new Error("A transaction inside of a transaction: pass the outer one on.");
  for (let attempt = 1; ; attempt++) {
    try {
      return await inside.run(true, () => db.transaction().execute(work));
    } catch (error) {
      const { code } = error as { code?: string };
      if (attempt >= 5 || (code !== DEADLOCK && code !== NOT_SERIALISABLE)) throw error;
      await new Promise((again) => setTimeout(again, 10 * attempt * (1 + Math.random())));
    }
  }
}

// the database ended one of two transactions that waited for one another: it may be repeated
const DEADLOCK = "40P01";
const NOT_SERIALISABLE = "40001";

/** A statement on a transaction, for the queue: a job is there when the transaction is, and not before. */
export const queueWithin = (trx: Trx): BossDatabase => fromKysely(trx as never);

/**
 * Opens the database at `url` (PostgreSQL), or the embedded one in `directory`, which is then locked for this
 * process, and brings its tables up to date, or to those of an earlier version (`tables`). Throws InputError
 * where the directory is in use, the address is none, or nothing answers there.
 */
export async function openDatabase(
  directory: string,
  url: string | undefined,
  tables?: string,
): Promise<Database> {
  noteOwnPlace(directory);
  return url ? openPostgres(url, tables) : openEmbedded(directory, tables);
}

async function openEmbedded(directory: string, tables?: string): Promise<Database> {
  const lock = await lockDirectory(directory);
  try {
    const session = await EmbeddedDatabase.open(join(directory, "database"));
    const db = new Kysely<Tables>({ dialect: embeddedDialect(session) });
    await migrate(db, tables);
    return {
      kind: "embedded",
      db,
      queue: { backend: "pglite", db: queueOn(session) },
      onLost: (lost) => (session.onLost = lock.onLost = lost),
      async close() {
        await db.destroy();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    const { code } = error as { code?: string };
    if (code !== "53100" && code !== "ENOSPC") throw error;
    throw new InputError(
      "disk-full",
      directory,
      `The disk that ${directory} lies on is full, so that the database cannot be opened. Nothing is lost; make room and start again.`,
      { cause: error },
    );
  }
}

async function openPostgres(url: string, tables?: string): Promise<Database> {
  if (!/^postgres(ql)?:\/\//.test(url))
    throw new InputError(
      "wrong-database-url",
      "DATABASE_URL",
      `DATABASE_URL: expected an address like postgres://user:password@host:5432/plumbline, got one that begins with "${url.slice(0, 12).replace(/[^a-z:/].*/i, "")}".`,
    );
  const pool = new pg.Pool({
    connectionString: url,
    max: Number(process.env["DATABASE_POOL"] ?? 12),
    application_name: "plumbline",
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
  });
  // a connection that breaks while idle is replaced by the pool; the next statement says whether the database
  // is there
  pool.on("error", () => {});
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db, tables);
  } catch (cause) {
    await db.destroy();
    const { code = "" } = cause as { code?: string };
    // no such user, wrong password, no such database, no right to make tables
    if (/^(28\w{3}|3D000|42501)$/.test(code))
      throw new InputError(
        "no-database",
        "DATABASE_URL",
        `PostgreSQL at ${withoutPassword(url)} refuses: ${(cause as Error).message}. Correct DATABASE_URL, or make the user and the database.`,
        { cause },
      );
    if (!isDatabaseGone(cause)) throw cause;
    throw new InputError(
      "no-database",
      "DATABASE_URL",
      `No PostgreSQL answers at ${withoutPassword(url)}: ${(cause as Error).message || (cause as { code?: string }).code}. Start it, or correct DATABASE_URL.`,
      { cause },
    );
  }
  return {
    kind: "postgres",
    db,
    queue: { connectionString: url },
    onLost: () => {}, // a server that goes away comes back
    close: () => db.destroy(),
  };
}

/** The embedded database as the queue takes it. */
const queueOn = (session: EmbeddedDatabase): BossDatabase => ({
  executeSql: (text, values) => (values?.length ? session.query(text, values) : session.exec(text)),
  listen: async (channel, heard, again) => {
    const close = await session.listen(channel, heard);
    again();
    return { close };
  },
});

const INT8 = 20;
/** Counts come as int8, which the driver leaves as text; ours are far below 2^53. */
function typeParser(oid: number, format?: "text" | "binary") {
  return oid === INT8 ? Number : pg.types.getTypeParser(oid, format as "text");
}

/** The address of a database as messages may say it. */
function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = "";
    return parsed.href;
  } catch {
    return "the address given";
  }
}

/**
 * Whether an error says that the database cannot be reached now, rather than that a statement is wrong: worth
 * trying again.
 */
export function isDatabaseGone(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return (
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code) ||
    /^(57P0[123]|08\w{3}|53300)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      message,
    ) ||
    (error instanceof AggregateError && error.errors.some(isDatabaseGone))
  );
}
