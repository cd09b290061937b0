import { PgBoss } from "pg-boss";
import { queueWithin, type Database, type Trx } from "../store/database.ts";
import { addWork, countWaiting, reviveForgotten, waitingOf, type NewWork } from "../store/work.ts";

/** The one queue: whose turn it is. What is true of the work stands in its row. */
const QUEUE = "work";
/** Work is put back by one place for each piece that its organisation has waiting, at most so many. */
const LEAST_PRIORITY = 100;

/** The queue of background work, in the same database as everything else. */
export interface Queue {
  /**
   * Queues work, within a transaction: it waits from when that is committed on, and not before. Returns its
   * id.
   */
  enqueue(trx: Trx, work: NewWork): Promise<string>;
  /** Queues again what a runner that stops has given back. */
  again(work: { id: string; organisation_id: string }): Promise<void>;
  /**
   * Calls `run` for work in turn, `atOnce` at a time. Of several turns at once an organisation has all but
   * one, so that the others' work begins though all of its own takes long; and who asks for much waits behind
   * who asks for little.
   */
  run(atOnce: number, run: (workId: string) => Promise<void>): Promise<void>;
  /** waiting for their turn now */
  waiting(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Opens the queue on a database. Errors of its own upkeep (the database is away for a while) go to `onError`;
 * it tries again by itself.
 */
export async function openQueue(database: Database, onError: (error: Error) => void): Promise<Queue> {
  const boss = new PgBoss({
    ...database.queue,
    ...(database.kind === "postgres" ? { max: 4, application_name: "plumbline queue" } : {}),
    useListenNotify: true,
    // a silent runner's entry is given to another one within seconds
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    queueCacheIntervalSeconds: 10,
    schedule: false,
  });
  boss.on("error", onError);
  await boss.start();
  await boss.createQueue(QUEUE, {
    // at most one entry waits for each piece of work
    policy: "short",
    notify: true,
    heartbeatSeconds: 10,
    expireInSeconds: 6 * 3600,
    retryLimit: 10,
    retryDelay: 2,
    retryBackoff: true,
    retryDelayMax: 30,
    deleteAfterSeconds: 3600,
  });
  const send = (workId: string, organisationId: string, priority = 0, trx?: Trx) =>
    boss.send(
      QUEUE,
      { workId },
      {
        singletonKey: workId,
        group: { id: organisationId },
        priority,
        ...(trx ? { db: queueWithin(trx) } : {}),
      },
    );
  // what was acknowledged is done though its entry were lost: with a restored backup, or a queue that
  // somebody emptied
  const sweep = async () => {
    try {
      for (const work of await reviveForgotten(database.db)) await send(work.id, work.organisation_id);
    } catch (error) {
      onError(error as Error);
    }
  };
  await sweep();
  const sweeping = setInterval(() => void sweep(), 30_000);
  sweeping.unref();
  return {
    async enqueue(trx, work) {
      const { id, added } = await addWork(trx, work);
      if (added) {
        const before = await waitingOf(trx, work.organisationId);
        await send(id, work.organisationId, -Math.min(LEAST_PRIORITY, before), trx);
      }
      return id;
    },
    async again(work) {
      await send(work.id, work.organisation_id);
    },
    async run(atOnce, run) {
      await boss.work<{ workId: string }>(
        QUEUE,
        {
          localConcurrency: atOnce,
          ...(atOnce > 1 ? { localGroupConcurrency: atOnce - 1 } : {}),
          pollingIntervalSeconds: 0.5,
          notifyPollingIntervalSeconds: 0.5,
        },
        async ([{ data }]) => run(data.workId),
      );
    },
    waiting: () => countWaiting(database.db),
    async stop() {
      clearInterval(sweeping);
      await boss.stop({ graceful: true, timeout: 20_000 });
    },
  };
}
