import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import {
  CompiledQuery,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
} from "kysely";
import type { ThreadAnswer, ThreadRequest } from "./embedded-thread.ts";
import { syncPath, syncTree } from "./synced-files.ts";

type Asked = ThreadRequest extends infer R ? (R extends { id: number } ? Omit<R, "id"> : never) : never;
type Result = { rows: Record<string, unknown>[]; affected?: number };

/** For how long a statement waits for the one session before it is taken for a deadlock. */
const LONGEST_WAIT_MS = 60_000;

/**
 * PostgreSQL in a thread of this process, on a directory. It has one session: whoever holds it runs a
 * statement or a transaction, the others wait in order. The directory must be locked before.
 */
export class EmbeddedDatabase {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, { resolve: (r: Result) => void; reject: (e: Error) => void }>();
  readonly #listeners = new Map<string, (payload: string) => void>();
  #next = 1;
  #session: Promise<unknown> = Promise.resolve();
  #ended: Error | undefined;
  #closing = false;
  /** hears that the database has ended though nobody closed it */
  onLost: (error: Error) => void = () => {};

  private constructor(directory: string) {
    this.#thread = new Worker(new URL("./embedded-thread.ts", import.meta.url), {
      workerData: { directory },
    });
    this.#thread.on("message", (answer: ThreadAnswer) => this.#take(answer));
    this.#thread.on("error", (error) => this.#end(error as Error));
    this.#thread.on("exit", () => this.#end(new Error("The embedded database has ended.")));
  }

  /**
   * Opens the database in a directory; makes it where there is none. One that was not finished when it was
   * made is made anew: nothing was in it.
   */
  static async open(directory: string): Promise<EmbeddedDatabase> {
    const made = join(directory, "..", "database-made");
    if (!existsSync(made)) {
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      // making it takes twice the memory of using it; that goes with the thread
      const maker = new EmbeddedDatabase(directory);
      await maker.exec("CHECKPOINT");
      await maker.close();
      syncTree(directory);
      writeFileSync(made, "The database beside this file is complete.\n");
      syncPath(made);
      syncPath(join(directory, ".."));
    }
    const database = new EmbeddedDatabase(directory);
    await database.exec("SELECT 1");
    return database;
  }

  /** Runs one statement with its parameters. */
  query(sql: string, parameters: readonly unknown[] = []): Promise<Result> {
    return this.exclusively((ask) => ask({ kind: "query", sql, parameters }));
  }

  /** Runs statements without parameters; what a failing one left open is rolled back. */
  exec(sql: string): Promise<Result> {
    return this.exclusively(async (ask) => {
      try {
        return await ask({ kind: "exec", sql });
      } catch (error) {
        await ask({ kind: "exec", sql: "ROLLBACK" });
        throw error;
      }
    });
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>> {
    this.#listeners.set(channel, heard);
    await this.exclusively((ask) => ask({ kind: "listen", channel }));
    return async () => {
      this.#listeners.delete(channel);
      if (!this.#ended) await this.exclusively((ask) => ask({ kind: "unlisten", channel }));
    };
  }

  /** Gives the session to `use` alone; whoever comes in between waits. */
  async exclusively<T>(use: (ask: (request: Asked) => Promise<Result>) => Promise<T>): Promise<T> {
    const session = await this.lease();
    try {
      return await use(session.ask);
    } finally {
      session.release();
    }
  }

  /** The session, once everybody before has given it back. */
  async lease(): Promise<{ ask: (request: Asked) => Promise<Result>; release: () => void }> {
    const before = this.#session;
    let release!: () => void;
    this.#session = new Promise<void>((resolve) => (release = resolve));
    const turn = before.then(() => true);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), LONGEST_WAIT_MS);
      timer.unref();
    });
    const mine = await Promise.race([turn, late]);
    clearTimeout(timer);
    if (!mine) {
      void turn.then(release);
      throw new Error(
        `The session of the embedded database was not given back within ${LONGEST_WAIT_MS / 1000} s; a query outside of the transaction that it stands in waits for itself.`,
      );
    }
    return { ask: (request) => this.#ask(request), release };
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    this.#closing = true;
    await this.exclusively((ask) => ask({ kind: "close" }));
    await this.#thread.terminate();
  }

  #ask(request: Asked): Promise<Result> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#thread.postMessage({ id, ...request });
    });
  }

  #take(answer: ThreadAnswer): void {
    if ("notified" in answer) {
      this.#listeners.get(answer.notified)?.(answer.payload);
      return;
    }
    const asked = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("error" in answer) asked?.reject(Object.assign(new Error(answer.error.message), answer.error.fields));
    else asked?.resolve(answer);
  }

  #end(error: Error): void {
    if (!this.#ended && !this.#closing) this.onLost(error);
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

/** The embedded database as Kysely speaks to it. */
export function embeddedDialect(database: EmbeddedDatabase): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new EmbeddedDriver(database),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class EmbeddedDriver implements Driver {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<EmbeddedConnection> {
    return new EmbeddedConnection(await this.#database.lease());
  }
  async releaseConnection(connection: EmbeddedConnection): Promise<void> {
    connection.lease.release();
  }
  async beginTransaction(connection: EmbeddedConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("BEGIN"));
  }
  async commitTransaction(connection: EmbeddedConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("COMMIT"));
  }
  async rollbackTransaction(connection: EmbeddedConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("ROLLBACK"));
  }
  async destroy(): Promise<void> {
    await this.#database.close();
  }
}

class EmbeddedConnection implements DatabaseConnection {
  readonly lease: Awaited<ReturnType<EmbeddedDatabase["lease"]>>;
  constructor(lease: Awaited<ReturnType<EmbeddedDatabase["lease"]>>) {
    this.lease = lease;
  }
  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affected } = await this.lease.ask({ kind: "query", sql, parameters });
    return { rows: rows as R[], numAffectedRows: affected === undefined ? undefined : BigInt(affected) };
  }
  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("The embedded database does not stream.");
  }
}
