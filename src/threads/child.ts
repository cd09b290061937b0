import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { MEMORY_SIGN } from "./signs.ts";
import { resultOf, type AskOptions, type LastWord, type TaskWord } from "./words.ts";

/**
 * Why a child ended before it was done: it went beyond its memory or its time, or what it worked on took it
 * down (an abort of a native library, a signal).
 */
export type Ending = "memory" | "time" | "aborted";

/**
 * A child process ended before it was done. The message is for the log: it may hold what the child said last.
 */
export class ChildEnded extends Error {
  readonly why: Ending;
  constructor(why: Ending, message: string) {
    super(message);
    this.why = why;
  }
}

/** What a V8 that finds no more room says before it aborts. */
const NO_ROOM =
  /JavaScript heap out of memory|Array buffer allocation failed|invalid array length Allocation/i;
/** Of what a child says on standard error so much is kept, from its end. */
const REMARKS = 4000;
/**
 * Settings of this process that a child must not share: it would wait for a debugger, or run something else.
 */
const OWN_FLAGS =
  /^(--inspect|--debug|-e$|--eval|-p$|--print|--input-type|--test|--watch|--max-old-space-size)/;

/**
 * A process of its own that computes one task after the other, so that whatever a foreign file does to it (an
 * abort of a native library, memory without end, a loop without end) ends the child and never the server. It
 * may take `memoryMb`; it dies with its parent, also by kill -9. Its module calls `answerTasks`.
 */
export class Child<Task, Result> {
  readonly #process: ChildProcess;
  #remarks = "";
  #ended: ChildEnded | undefined;
  #onProgress: (share: number, doing: string) => void = () => {};
  #settle: { done(word: LastWord<Result>): void; lost(error: Error): void } | undefined;
  readonly #closed: Promise<void>;

  constructor(module: URL, memoryMb: number) {
    const child = fork(fileURLToPath(module), [String(memoryMb)], {
      execArgv: [
        ...process.execArgv.filter(
          (flag, i, all) => !OWN_FLAGS.test(flag) && !/^(-e|--eval|-p|--print)$/.test(all[i - 1] ?? ""),
        ),
        `--max-old-space-size=${memoryMb}`,
      ],
      serialization: "advanced",
      // a library's remarks on a file are nobody's; what a dying child says is for the log
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#process = child;
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#remarks = (this.#remarks + text).slice(-REMARKS);
    });
    child.on("message", (word: TaskWord<Result>) => {
      if (word.word === "progress") this.#onProgress(word.share, word.doing);
      else this.#settle?.done(word);
    });
    this.#closed = new Promise((closed) => {
      const end = (how: string) => {
        this.#ended ??= new ChildEnded(
          this.#remarks.includes(MEMORY_SIGN) || NO_ROOM.test(this.#remarks) ? "memory" : "aborted",
          `the child process ended (${how}) before it was done${this.#remarks ? `: ${this.#remarks.trim()}` : ""}`,
        );
        this.#settle?.lost(this.#ended);
        closed();
      };
      child.once("error", (error) => end(error.message));
      child.once("close", (code, signal) => end(String(signal ?? code)));
    });
    this.#hold(false);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether it can be given more to do. */
  get lives(): boolean {
    return this.#ended === undefined;
  }

  /**
   * The result of one task. Throws what the task threw, InputErrors as such; ChildEnded where the child does
   * not come to the end of it, and the reason of the signal when it is raised: it is no more then.
   */
  async ask(
    task: Task,
    { limitMs, onProgress = () => {}, signal }: AskOptions & { limitMs: number },
  ): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#ended) throw this.#ended;
    this.#onProgress = onProgress;
    this.#remarks = "";
    this.#hold(true);
    let clock: NodeJS.Timeout | undefined;
    let abort: (() => void) | undefined;
    try {
      const last = await new Promise<LastWord<Result>>((done, lost) => {
        this.#settle = { done, lost };
        clock = setTimeout(() => {
          this.#ended = new ChildEnded("time", `the child process was not done after ${limitMs / 1000} s`);
          this.#process.kill("SIGKILL");
          lost(this.#ended);
        }, limitMs);
        abort = () => {
          this.#ended ??= new ChildEnded("aborted", "the child process was ended: nobody waits for its task");
          this.#process.kill("SIGKILL");
          lost(signal!.reason as Error);
        };
        signal?.addEventListener("abort", abort, { once: true });
        // a channel that has broken: the end of the child says why
        this.#process.send(task as object, () => {});
      });
      return resultOf(last);
    } finally {
      clearTimeout(clock);
      if (abort) signal?.removeEventListener("abort", abort);
      this.#settle = undefined;
      this.#hold(false);
    }
  }

  async end(): Promise<void> {
    this.#ended ??= new ChildEnded("aborted", "the child process was ended");
    this.#settle?.lost(this.#ended);
    this.#process.kill("SIGKILL");
    // a program with nothing else to do would end before it has heard of the end
    this.#hold(true);
    await this.#closed;
  }

  /** While it works, this process waits for it; an idle child keeps nobody from ending. */
  #hold(works: boolean): void {
    const channel = this.#process.channel as { ref(): void; unref(): void } | null | undefined;
    const pipe = this.#process.stderr as unknown as { ref?(): void; unref?(): void };
    for (const one of [this.#process, channel, pipe])
      if (works) one?.ref?.();
      else one?.unref?.();
  }
}
