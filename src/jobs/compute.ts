import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { InputError } from "../input-error.ts";
import type { ThreadTask, ThreadWord } from "./compute-thread.ts";

/** Where computing threads find blobs and room. */
export interface ComputeSettings {
  directory: string;
  blobs: string | undefined;
}

/** A thread that has nothing to do is kept so long for the next piece of work: to start one takes a third of a second. */
const IDLE_MS = 15_000;
const idle = new Set<ComputeThread>();

/**
 * Runs the computing part of a job in a thread of its own. `onProgress` hears how far it is; when `signal` is raised the thread is ended, and its reason thrown. Throws InputError
 * where the input is at fault, and an Error when the thread failed or died.
 */
export async function compute(
  settings: ComputeSettings,
  kind: string,
  input: unknown,
  onProgress: (share: number, doing: string) => void,
  signal: AbortSignal,
): Promise<unknown> {
  signal.throwIfAborted();
  const temporary = join(settings.directory, "tmp", randomUUID());
  const [thread = new ComputeThread()] = idle;
  idle.delete(thread);
  let sound = false;
  try {
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
    );
    const word = await Promise.race([
      thread.run({ kind, input, ...settings, temporary }, onProgress),
      aborted,
    ]);
    sound = word.word !== "failed";
    if (word.word === "done") return word.computed;
    if (word.word === "refused") throw new InputError(word.code, word.where, word.message);
    throw Object.assign(new Error(word.message), { stack: word.stack });
  } finally {
    if (sound) thread.rest();
    else await thread.end();
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Ends the threads that have nothing to do. */
export async function endIdleThreads(): Promise<void> {
  await Promise.all([...idle].map((thread) => thread.end()));
}

type LastWord = Exclude<ThreadWord, { word: "progress" }>;

/** A thread that computes one thing after the other. */
class ComputeThread {
  readonly #worker = new Worker(new URL("./compute-thread.ts", import.meta.url), { name: "work" });
  #timer: NodeJS.Timeout | undefined;
  #progress: (share: number, doing: string) => void = () => {};
  #done: (word: LastWord) => void = () => {};
  #lost: (error: Error) => void = () => {};

  constructor() {
    this.#worker.on("message", (word: ThreadWord) => {
      if (word.word === "progress") this.#progress(word.share, word.doing);
      else this.#done(word);
    });
    this.#worker.on("error", (error) => this.#lost(error as Error));
    this.#worker.on("exit", (code) => {
      idle.delete(this);
      this.#lost(new Error(`the thread ended (${code}) before it was done`));
    });
  }

  run(task: ThreadTask, onProgress: (share: number, doing: string) => void): Promise<LastWord> {
    clearTimeout(this.#timer);
    this.#progress = onProgress;
    return new Promise((done, lost) => {
      this.#done = done;
      this.#lost = lost;
      this.#worker.postMessage(task);
    });
  }

  /** Waits for more to do, for a while. */
  rest(): void {
    this.#lost = () => {};
    idle.add(this);
    this.#timer = setTimeout(() => void this.end(), IDLE_MS);
    this.#timer.unref();
  }

  async end(): Promise<void> {
    idle.delete(this);
    clearTimeout(this.#timer);
    await this.#worker.terminate();
  }
}
