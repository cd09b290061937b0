import { InputError } from "../input-error.ts";

/** What whoever answers a task says in the end: what came of it, or why nothing did. */
export type LastWord<Result> =
  | { word: "done"; result: Result }
  | { word: "refused"; code: string; where: string; message: string }
  | { word: "failed"; message: string; stack: string };

/**
 * All that it says: how far it is, any number of times, and one last word. The same between threads and
 * between processes.
 */
export type TaskWord<Result> = { word: "progress"; share: number; doing: string } | LastWord<Result>;

/**
 * The last word for what was thrown. An InputError goes with code, place and marks, as it was worded: whoever
 * hands it on decides who may read what.
 */
export function failedWord(error: unknown): LastWord<never> {
  if (error instanceof InputError) {
    const { code, where, message } = error;
    return { word: "refused", code, where, message };
  }
  if (!(error instanceof Error)) return { word: "failed", message: String(error), stack: "" };
  const { message, stack = "" } = error;
  return { word: "failed", message, stack };
}

/**
 * The result of a last word. Throws what was thrown where the task was answered: an InputError, or an Error
 * with its message and stack.
 */
export function resultOf<Result>(last: LastWord<Result>): Result {
  if (last.word === "done") return last.result;
  if (last.word === "refused") throw new InputError(last.code, last.where, last.message);
  throw Object.assign(new Error(last.message), { stack: last.stack });
}

/** What asking takes beside the task, of a thread and of a process alike. */
export interface AskOptions {
  onProgress?: (share: number, doing: string) => void;
  /** when it is raised, the thread or process is ended and its reason thrown */
  signal?: AbortSignal;
}
