import { writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { InputError } from "../input-error.ts";

/** What a child says of its task: how far it is, and in the end what came of it. */
export type LastWord<Result> =
  | { word: "done"; result: Result }
  | { word: "refused"; code: string; where: string; message: string }
  | { word: "failed"; message: string; stack: string };
export type TaskWord<Result> = { word: "progress"; share: number; doing: string } | LastWord<Result>;

/** What may still be worked out once the answer was given. */
type Afterwards = (() => void) | undefined;

/**
 * The child's side of `Child`: answers each task that comes, until the parent is gone. `answer` may hand over what is to be worked out after its answer; when that fails nobody hears of it, since nobody has
 * asked for it yet.
 */
export function answerTasks<Task, Result>(
  answer: (
    task: Task,
    progress: (share: number, doing: string) => void,
  ) => Promise<{ result: Result; afterwards?: Afterwards }>,
): void {
  watchOver(Number(process.argv[2]));
  const say = (word: TaskWord<Result>) =>
    new Promise<void>((written) => {
      if (process.send) process.send(word, undefined, undefined, () => written());
      else written();
    });
  process.on("disconnect", () => process.exit());
  // a terminal's Ctrl-C and a service manager's stop reach children, too: the parent ends them, once it has given back their work
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  process.on("message", async (task: Task) => {
    try {
      const { result, afterwards } = await answer(
        task,
        (share, doing) => void say({ word: "progress", share, doing }),
      );
      // written whole before what comes afterwards holds this thread
      await say({ word: "done", result });
      try {
        afterwards?.();
      } catch {
        // nobody has asked for it yet: the question that needs it fails with its reason
      }
    } catch (error) {
      if (error instanceof InputError) {
        // marked and with its paths, as it was worded: whoever hands it on decides who may read what
        const { code, where, message } = error;
        void say({ word: "refused", code, where, message });
      } else {
        const { message, stack = "" } = error as Error;
        void say({ word: "failed", message, stack });
      }
    }
  });
}

/** Memory and parent are watched from a thread of their own: this one may be in a loop without end. */
function watchOver(memoryMb: number): void {
  try {
    // where the machine runs out of memory, Linux ends the child first and not the server
    writeFileSync("/proc/self/oom_score_adj", "900");
  } catch {
    // another system, or one that does not allow it
  }
  const workerData = { parent: process.ppid, mostBytes: memoryMb * 2 ** 20 };
  new Worker(new URL("./watch-over.ts", import.meta.url), {
    workerData,
    name: "watch",
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
  }).unref();
}
