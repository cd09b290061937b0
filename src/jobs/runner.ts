import { hostname } from "node:os";
import { InputError, withoutValues } from "../input-error.ts";
import { ChildEnded } from "../threads/child.ts";
import { noteAct, plumbline } from "../store/acts.ts";
import { openBlobs } from "../store/blobs.ts";
import { isDatabaseGone, transact, type Database } from "../store/database.ts";
import { forAnybody, forEvidence } from "../store/places.ts";
import { endWork, giveBackWork, isDoneBy, keepResult, noteProgress, takeWork } from "../store/work.ts";
import { compute, endIdleChildren, type ComputeSettings } from "./compute.ts";
import { jobs } from "./index.ts";
import type { Queue } from "./queue.ts";
import { foldersOfWork } from "./remove-files.ts";
import type { Job, Work } from "./job.ts";

/** Work that failed so often is set aside. */
const MOST_FAILURES = 3;
/**
 * The code of an attempt whose child process was taken down: by a second one in a row the work is proved to
 * do that, and is set aside.
 */
const ABORTED = "aborted-attempt";
/**
 * So is work whose runners vanished so often. It computes in a child, whose end does not end its runner, so
 * that a runner vanishes because somebody ended it or switched the machine off: that speaks little against
 * the work, and more often than not it falls into some work.
 */
const MOST_VANISHED = 10;
const DATABASE_AWAY_MS = 120_000;

export interface RunnerLog {
  info(fields: object, words: string): void;
  warn(fields: object, words: string): void;
  error(fields: object, words: string): void;
}

/**
 * Does background work until it is stopped: what runs then is given back, so that another runner or the next
 * start goes on with it.
 */
export interface Runner {
  stop(): Promise<void>;
  running(): number;
}

class Stopped extends Error {
  readonly why: "cancelled" | "lost" | "stopping";
  constructor(why: Stopped["why"]) {
    super(why);
    this.why = why;
  }
}

export async function startRunner(
  database: Database,
  queue: Queue,
  settings: ComputeSettings,
  log: RunnerLog,
  atOnce = 2,
): Promise<Runner> {
  const stopping = new AbortController();
  const name = `${hostname()}:${process.pid}`;
  let running = 0;
  const { db } = database;
  const blobs = openBlobs(settings.directory, settings.blobs);

  async function run(workId: string): Promise<void> {
    const work = await takeWork(db, workId, name);
    if (!work) return;
    running++;
    const began = performance.now();
    const about = { work: work.id, kind: work.kind, attempt: work.attempt };
    log.info(about, "work begun");
    let next: string[] = [];
    try {
      next = await attempt(work);
      // what earlier attempts have left
      if (work.attempt > 1) await clear(work, (folder) => !folder.endsWith(`-${work.attempt}`));
      log.info({ ...about, seconds: (performance.now() - began) / 1000 }, "work done");
    } catch (error) {
      if (await leftNothing(work)) await clear(work, (folder) => folder.endsWith(`-${work.attempt}`));
      await afterFailure(work, error as Error);
    } finally {
      running--;
    }
    // what follows is at hand: the queue's entries for it will find it done
    for (const id of next) if (!stopping.signal.aborted) await run(id);
  }

  /** Whether nothing can name the files of a failed attempt; when the database cannot say, something may. */
  const leftNothing = (work: Work) =>
    isDoneBy(db, work.id, work.attempt).then(
      (done) => !done,
      () => false,
    );

  /** Removes the files of some attempts. What cannot be removed now goes with the process. */
  async function clear(work: Work, which: (folder: string) => boolean): Promise<void> {
    try {
      for (const prefix of foldersOfWork(work.organisation_id, work.id))
        for await (const key of blobs.list(prefix)) {
          const folder = key.split("/").slice(0, 3).join("/");
          if (which(folder)) await blobs.remove(key);
        }
    } catch (error) {
      log.warn({ work: work.id, error: (error as Error).message }, "files of an attempt were not removed");
    }
  }

  async function attempt(work: Work): Promise<string[]> {
    if (work.attempt - work.given_back - work.failures > MOST_VANISHED)
      throw new Error(`it was begun ${MOST_VANISHED} times, and its runner never came to the end`);
    const job = jobs.find(({ kind }) => kind === work.kind);
    if (!job) throw new InputError("unknown-work", work.kind, `This Plumbline knows no work "${work.kind}".`);
    const ends = new AbortController();
    let [share, doing] = [0, ""];
    const stop = () => ends.abort(new Stopped("stopping"));
    stopping.signal.addEventListener("abort", stop);
    if (stopping.signal.aborted) stop();
    // a word every second: the runner lives. Its answer says whether the work is wanted still.
    const words = setInterval(() => {
      noteProgress(db, work.id, work.attempt, share, doing).then(
        (word) => {
          if (word !== "go on") ends.abort(new Stopped(word));
        },
        () => {}, // the database is away; the last word is tried for long
      );
    }, 1000);
    try {
      const input = await job.prepare(db, work, new Date());
      const computed = await compute(
        settings,
        work.kind,
        input,
        (now, what) => ([share, doing] = [now, what]),
        ends.signal,
      );
      return await whileDatabaseIsAway(() => finish(job, work, computed));
    } finally {
      clearInterval(words);
      stopping.signal.removeEventListener("abort", stop);
    }
  }

  /**
   * Writes what came of the work, what follows from it (whose ids it returns), and that it is done, in one
   * transaction; or nothing, when the attempt has lost it.
   */
  const finish = (job: Job, work: Work, computed: unknown) =>
    transact(db, async (trx) => {
      // the answer to an earlier commit may have been lost, and not the commit
      if (await isDoneBy(trx, work.id, work.attempt)) return [];
      const word = await noteProgress(trx, work.id, work.attempt, 1, "");
      if (word !== "go on") throw new Stopped(word);
      if (!(await endWork(trx, work.id, work.attempt, "done"))) throw new Stopped("lost");
      const { result, next = [] } = await job.finish(trx, work, computed, new Date());
      await keepResult(trx, work.id, result);
      const ids: string[] = [];
      for (const one of next) ids.push(await queue.enqueue(trx, one));
      const doer = plumbline(work.organisation_id);
      await noteAct(trx, doer, `${work.kind} done`, { about: work.id, details: result }, new Date());
      return ids;
    });

  async function afterFailure(work: Work, failure: Error): Promise<void> {
    // a machine that goes down may end the child first
    const isEnding = failure instanceof ChildEnded && stopping.signal.aborted;
    const error = isEnding ? new Stopped("stopping") : failure;
    const about = { work: work.id, kind: work.kind, attempt: work.attempt };
    const end = (state: "failed" | "cancelled" | "set aside" | "waiting", code: string, words: string) =>
      whileDatabaseIsAway(() =>
        transact(db, async (trx) => {
          const [message, quoting] = [forAnybody(words), forEvidence(words)];
          const ended = await endWork(trx, work.id, work.attempt, state, {
            error: { code, message },
            errorQuoting: quoting === message ? undefined : quoting,
          });
          if (ended && state !== "waiting")
            await noteAct(
              trx,
              plumbline(work.organisation_id),
              `${work.kind} ${state}`,
              { about: work.id, details: { code, message } },
              new Date(),
            );
        }),
      );
    if (error instanceof Stopped) {
      log.info({ ...about, why: error.why }, "work stopped");
      if (error.why === "cancelled") await end("cancelled", "cancelled", "It was cancelled.");
      if (error.why === "stopping") {
        await giveBackWork(db, work.id, work.attempt);
        await queue.again(work);
      }
      return;
    }
    if (error instanceof InputError) {
      log.info({ ...about, code: error.code }, "work refused: its input needs correcting");
      await end("failed", error.code, error.message);
      return;
    }
    log.error({ ...about, error: withoutValues(error.stack ?? error.message) }, "work failed");
    if (error instanceof ChildEnded) {
      if (work.error?.code === ABORTED) {
        await end(
          "set aside",
          "set-aside",
          `Set aside, since it took the process that worked on it down twice. Export the file anew, or in another format; the server's log says more, under ${work.id}.`,
        );
        return;
      }
      await end(
        "waiting",
        ABORTED,
        `it took the process that worked on it down; it is tried once more. The server's log says more, under ${work.id}.`,
      );
      throw error;
    }
    // what the error says may hold paths and addresses of the machine: that is for the log
    const message = `it ended with an error in Plumbline, or of the machine (memory, disk). The server's log says which, under ${work.id}.`;
    if (
      work.failures + 1 >= MOST_FAILURES ||
      work.attempt - work.given_back - work.failures > MOST_VANISHED
    ) {
      await end("set aside", "set-aside", `Set aside after ${work.attempt} attempts, since ${message}`);
      return;
    }
    await end("waiting", "failed-attempt", message);
    throw error; // the queue gives it out again, after a while
  }

  await queue.run(atOnce, run);
  return {
    running: () => running,
    async stop() {
      stopping.abort();
      const idle = () => running === 0;
      for (let i = 0; !idle() && i < 200; i++) await new Promise((resolve) => setTimeout(resolve, 50));
      await endIdleChildren();
    },
  };
}

/** Tries again while the database cannot be reached, for two minutes. */
async function whileDatabaseIsAway<T>(act: () => Promise<T>): Promise<T> {
  const began = performance.now();
  for (let wait = 250; ; wait = Math.min(5000, wait * 2)) {
    try {
      return await act();
    } catch (error) {
      if (!isDatabaseGone(error) || performance.now() - began > DATABASE_AWAY_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
