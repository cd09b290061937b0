import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { SYNCED_START, SyncedFiles } from "./synced-files.ts";

/**
 * What the thread of the embedded database is asked. It is no task module (`answerTasks`): a session of a
 * database stays open over many requests, answers in the order in which they came, tells of notifications
 * that nobody asked for, and its errors keep the fields of PostgreSQL (SQLSTATE, constraint) by which the
 * store tells them apart.
 */
export type ThreadRequest = { id: number } & (
  | { kind: "query"; sql: string; parameters: readonly unknown[] }
  | { kind: "exec"; sql: string }
  | { kind: "listen"; channel: string }
  | { kind: "unlisten"; channel: string }
  | { kind: "close" }
);

/** What it answers; `notified` comes unasked. */
export type ThreadAnswer =
  | { id: number; rows: Record<string, unknown>[]; affected?: number }
  | { id: number; error: { message: string; fields: Record<string, unknown> } }
  | { notified: string; payload: string };

// The session blocks while a statement runs; here it blocks this thread alone.
const { directory } = workerData as { directory: string };
const port = parentPort!;
const opened = PGlite.create({
  fs: new SyncedFiles(directory),
  startParams: [...SYNCED_START, "-c", "shared_buffers=32MB", "-c", "timezone=UTC"],
  relaxedDurability: false,
});
const listeners = new Map<string, () => Promise<void>>();

async function answer(request: ThreadRequest): Promise<Omit<Extract<ThreadAnswer, { rows: unknown }>, "id">> {
  const database = await opened;
  switch (request.kind) {
    case "query": {
      const { rows, affectedRows } = await database.query<Record<string, unknown>>(request.sql, [
        ...request.parameters,
      ]);
      return { rows, affected: affectedRows };
    }
    case "exec": {
      const results = await database.exec(request.sql);
      return { rows: results.flatMap(({ rows }) => rows as Record<string, unknown>[]) };
    }
    case "listen": {
      const { channel } = request;
      const stop = await database.listen(channel, (payload) =>
        port.postMessage({ notified: channel, payload } satisfies ThreadAnswer),
      );
      listeners.set(channel, () => stop());
      return { rows: [] };
    }
    case "unlisten":
      await listeners.get(request.channel)?.();
      listeners.delete(request.channel);
      return { rows: [] };
    case "close":
      await database.close();
      return { rows: [] };
  }
}

let last: Promise<unknown> = Promise.resolve();
port.on("message", (request: ThreadRequest) => {
  last = last.then(async () => {
    try {
      port.postMessage({ id: request.id, ...(await answer(request)) });
    } catch (error) {
      const { message, ...rest } = error as Error & Record<string, unknown>;
      const fields = Object.fromEntries(
        Object.entries(rest).filter(([, value]) => ["string", "number"].includes(typeof value)),
      );
      port.postMessage({ id: request.id, error: { message, fields } } satisfies ThreadAnswer);
    }
  });
});
