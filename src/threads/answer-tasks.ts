import { writeFileSync } from "node:fs";
import { isMainThread, parentPort, Worker, type TransferListItem } from "node:worker_threads";
import { failedWord, type TaskWord } from "./words.ts";

/** What came of a task. */
export interface Answer<Result> {
  result: Result;
  /** buffers in the result that a thread hands over instead of copying them; a process always copies */
  transfer?: readonly TransferListItem[];
  /**
   * what may still be worked out once the answer was given; when that fails nobody hears of it, since nobody
   * has asked for it yet
   */
  afterwards?: (() => void) | undefined;
}

/**
 * How a task is answered; `progress` tells whoever asked how far it is (share from 0 to 1) and what it does.
 * What is thrown is thrown where it was asked: InputErrors as such, with code and place.
 */
export type Answerer<Task, Result> = (
  task: Task,
  progress: (share: number, doing: string) => void,
) => Answer<Result> | Promise<Answer<Result>>;

/**
 * Declares the module that calls it as one that answers tasks: in a thread when it is asked by `askThread`,
 * in a process of its own when by `Child`. A thread answers one task and ends; a process answers one after
 * the other, until the parent is gone.
 */
export function answerTasks<Task, Result>(answer: Answerer<Task, Result>): void {
  if (isMainThread) answerInProcess(answer);
  else answerInThread(answer);
}

function answerInThread<Task, Result>(answer: Answerer<Task, Result>): void {
  const port = parentPort!;
  const say = (word: TaskWord<Result>, transfer?: readonly TransferListItem[]) =>
    port.postMessage(word, transfer);
  // nothing else holds the thread: it ends once it has answered
  port.once("message", async (task: Task) => {
    try {
      const { result, transfer, afterwards } = await answer(task, (share, doing) =>
        say({ word: "progress", share, doing }),
      );
      say({ word: "done", result }, transfer);
      workOut(afterwards);
    } catch (error) {
      say(failedWord(error));
    }
  });
}

function answerInProcess<Task, Result>(answer: Answerer<Task, Result>): void {
  watchOver(Number(process.argv[2]));
  const say = (word: TaskWord<Result>) =>
    new Promise<void>((written) => {
      if (process.send) process.send(word, undefined, undefined, () => written());
      else written();
    });
  process.on("disconnect", () => process.exit());
  // a terminal's Ctrl-C and a service manager's stop reach children, too: the parent ends them, once it has
  // given back their work
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  process.on("message", async (task: Task) => {
    try {
      const { result, afterwards } = await answer(
        task,
        (share, doing) => void say({ word: "progress", share, doing }),
      );
      // written whole before what comes afterwards holds this thread
      await say({ word: "done", result });
      workOut(afterwards);
    } catch (error) {
      void say(failedWord(error));
    }
  });
}

function workOut(afterwards: (() => void) | undefined): void {
  try {
    afterwards?.();
  } catch {
    // nobody has asked for it yet: the question that needs it fails with its reason
  }
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
