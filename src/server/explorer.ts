import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { InputError } from "../input-error.ts";
import type { ComputeSettings } from "../jobs/compute.ts";
import type { ExplorerAnswer, ExplorerTask } from "./explorer-thread.ts";
import { Problem } from "./problem.ts";

/** Logs are kept in memory so long after the last question about one of them. */
const IDLE_MS = 10 * 60_000;
/** No question takes so long; one that does is ended, and the thread with it. */
const LIMIT_MS = 120_000;
/** Questions that may wait for the one that is worked on. */
const MOST_WAITING = 200;
/** Questions of one page come within so long. */
const GRACE_MS = 4;

interface Waiting {
  task: ExplorerTask;
  done(answer: string): void;
  failed(error: Error): void;
  signal: AbortSignal;
  urgent: boolean;
}

/**
 * Answers questions about logs in a thread of its own, one after the other: logs stay loaded there between questions, so that a filter is answered in the time of a few passes. A question whose
 * asker has gone is not begun. The thread ends when nobody has asked for ten minutes.
 */
export class Explorer {
  readonly #settings: ComputeSettings;
  readonly #waiting: Waiting[] = [];
  #worker: Worker | undefined;
  #current: Waiting | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(settings: ComputeSettings) {
    this.#settings = settings;
  }

  /** The answer as JSON. Throws InputError where the input is at fault, Problem 503 where too much is asked at once. */
  ask(task: ExplorerTask, signal: AbortSignal, urgent = false): Promise<string> {
    if (this.#waiting.length >= MOST_WAITING)
      throw new Problem(503, "busy", "Too many questions are waiting. Ask again in a moment.", {
        headers: { "retry-after": "2" },
      });
    return new Promise((done, failed) => {
      this.#waiting.push({ task, done, failed, signal, urgent });
      // a page asks several questions at once: what people wait for is answered before what stands beside it
      if (!this.#current) {
        if (urgent) this.#next();
        else setTimeout(() => this.#next(), GRACE_MS);
      }
    });
  }

  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    for (const one of [this.#current, ...this.#waiting.splice(0)])
      one?.failed(new Problem(503, "stopping", "The server is stopping. Ask again in a moment."));
    this.#current = undefined;
    await worker?.terminate();
  }

  #next(): void {
    if (this.#current || this.#ended) return;
    clearTimeout(this.#timer);
    const urgent = this.#waiting.findIndex((one) => one.urgent);
    const [next] = this.#waiting.splice(Math.max(0, urgent), 1);
    if (!next) {
      this.#timer = setTimeout(() => void this.#rest(), IDLE_MS);
      this.#timer.unref();
      return;
    }
    if (next.signal.aborted) {
      next.failed(new Problem(503, "gone", "Nobody waits for this answer any more."));
      return this.#next();
    }
    this.#current = next;
    this.#timer = setTimeout(
      () =>
        this.#lost(
          new Problem(
            503,
            "too-long",
            `This question takes more than ${LIMIT_MS / 1000} s. Ask about fewer cases, or with less detail.`,
          ),
        ),
      LIMIT_MS,
    );
    this.#thread().postMessage({
      ...next.task,
      ...this.#settings,
      temporary: join(this.#settings.directory, "tmp", randomUUID()),
    });
  }

  #thread(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL("./explorer-thread.ts", import.meta.url), { name: "explorer" });
    worker.unref();
    worker.on("message", (answer: ExplorerAnswer) => {
      const current = this.#current;
      this.#current = undefined;
      if (answer.word === "done") current?.done(answer.json);
      else if (answer.word === "refused")
        current?.failed(new InputError(answer.code, answer.where, answer.message));
      else current?.failed(Object.assign(new Error(answer.message), { stack: answer.stack }));
      this.#next();
    });
    worker.on("error", (error) => worker === this.#worker && this.#lost(error as Error));
    worker.on("exit", (code) => {
      if (worker === this.#worker) this.#lost(new Error(`the explorer thread ended (${code})`));
    });
    this.#worker = worker;
    return worker;
  }

  /** The thread has died or must: the question fails, the next one starts another thread. */
  #lost(error: Error): void {
    const [worker, current] = [this.#worker, this.#current];
    this.#worker = undefined;
    this.#current = undefined;
    void worker?.terminate();
    current?.failed(error);
    this.#next();
  }

  async #rest(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
