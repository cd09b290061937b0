import { Worker } from "node:worker_threads";
import { resultOf, type AskOptions, type TaskWord } from "./words.ts";

/**
 * The result of one task, worked out in a thread of its own by a module that calls `answerTasks`. For our own
 * work on several cores: a thread shares memory with this process, and takes it down where a native library
 * aborts; what a foreign file may do something to belongs in a `Child`. Starting it takes some 30 ms.
 *
 * Throws what the task threw, InputErrors as such; the reason of the signal when it is raised; and an Error
 * when the thread ended before it had answered.
 */
export async function askThread<Task, Result>(
  module: URL,
  task: Task,
  { onProgress, signal }: AskOptions = {},
): Promise<Result> {
  signal?.throwIfAborted();
  const thread = new Worker(module);
  let abort: (() => void) | undefined;
  try {
    return await new Promise<Result>((resolve, reject) => {
      abort = () => {
        reject(signal!.reason as Error);
        void thread.terminate();
      };
      signal?.addEventListener("abort", abort, { once: true });
      thread.on("message", (word: TaskWord<Result>) => {
        if (word.word === "progress") onProgress?.(word.share, word.doing);
        else
          try {
            resolve(resultOf(word));
          } catch (error) {
            reject(error as Error);
          }
      });
      thread.once("error", reject);
      thread.once("messageerror", reject);
      thread.once("exit", (code) =>
        reject(new Error(`a thread of ${module.pathname} ended with ${code} before it had answered`)),
      );
      thread.postMessage(task);
    });
  } finally {
    if (abort) signal?.removeEventListener("abort", abort);
  }
}
