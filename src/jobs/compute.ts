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
  const task: ThreadTask = { kind, input, ...settings, temporary };
  const thread = new Worker(new URL("./compute-thread.ts", import.meta.url), {
    workerData: task,
    name: kind,
  });
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      thread.on("message", (word: ThreadWord) => {
        if (word.word === "done") resolve(word.computed);
        else if (word.word === "progress") onProgress(word.share, word.doing);
        else if (word.word === "refused") reject(new InputError(word.code, word.where, word.message));
        else reject(Object.assign(new Error(word.message), { stack: word.stack }));
      });
      thread.on("error", reject);
      thread.on("exit", (code) => reject(new Error(`the thread ended (${code}) before it was done`)));
    });
  } finally {
    await thread.terminate();
    await rm(temporary, { recursive: true, force: true });
  }
}
