import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../input-error.ts";
import { Child, ChildEnded } from "../threads/child.ts";
import { defaultMemoryMb } from "../threads/memory.ts";
import type { ChildTask } from "./compute-child.ts";
import { jobs } from "./index.ts";

/** Where computing processes find blobs and room, and how much each may take. */
export interface ComputeSettings {
  directory: string;
  blobs: string | undefined;
  /** MiB of one process that reads files; half of the machine's where nothing is said */
  memoryMb?: number;
  /** minutes for one piece of background work, in place of what its kind may take */
  workMinutes?: number;
}

/**
 * A child that has nothing to do is kept so long for the next piece of work: to start one takes a third of a
 * second.
 */
const IDLE_MS = 15_000;
type Computer = Child<ChildTask, unknown>;
const idle = new Map<Computer, { timer: NodeJS.Timeout; memoryMb: number }>();

/**
 * Runs the computing part of a job in a process of its own. `onProgress` hears how far it is; when `signal`
 * is raised the process is ended, and its reason thrown. Throws InputError where the input is at fault or
 * takes more time or memory than it may, ChildEnded ("aborted") where it took the process down, and an Error
 * when computing failed.
 */
export async function compute(
  settings: ComputeSettings,
  kind: string,
  input: unknown,
  onProgress: (share: number, doing: string) => void,
  signal: AbortSignal,
): Promise<unknown> {
  signal.throwIfAborted();
  const { directory, blobs, memoryMb = defaultMemoryMb(), workMinutes } = settings;
  const job = jobs.find((one) => one.kind === kind)!;
  const minutes = workMinutes ?? job.minutes(input);
  const temporary = join(directory, "tmp", randomUUID());
  const child = idleChild(memoryMb) ?? new Child(new URL("./compute-child.ts", import.meta.url), memoryMb);
  let sound = false;
  try {
    const result = await child.ask(
      { kind, input, directory, blobs, temporary },
      { limitMs: minutes * 60_000, onProgress, signal },
    );
    sound = true;
    return result;
  } catch (error) {
    sound = error instanceof InputError && child.lives;
    if (!(error instanceof ChildEnded) || error.why === "aborted") throw error;
    const where = (input as { file?: string }).file ?? kind;
    throw error.why === "time"
      ? new InputError(
          "too-long",
          where,
          `${where}: expected work (${job.what}) that is done within ${minutes} minutes, got more. Give less of it (a shorter period, fewer columns), or have PLUMBLINE_WORK_MINUTES raised.`,
          { cause: error },
        )
      : new InputError(
          "too-much-memory",
          where,
          `${where}: expected work (${job.what}) that takes at most ${memoryMb} MiB of memory, got more. Give less of it (a shorter period, fewer columns), or have PLUMBLINE_MEMORY raised.`,
          { cause: error },
        );
  } finally {
    if (sound) rest(child, memoryMb);
    else await child.end();
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Ends the children that have nothing to do. */
export async function endIdleChildren(): Promise<void> {
  await Promise.all(
    [...idle].map(([child, { timer }]) => {
      clearTimeout(timer);
      return child.end();
    }),
  );
  idle.clear();
}

function idleChild(wanted: number): Computer | undefined {
  for (const [child, { timer, memoryMb }] of idle) {
    if (memoryMb !== wanted) continue;
    idle.delete(child);
    clearTimeout(timer);
    if (child.lives) return child;
  }
  return undefined;
}

/** Keeps a child for more to do, for a while. */
function rest(child: Computer, memoryMb: number): void {
  const timer = setTimeout(() => {
    idle.delete(child);
    void child.end();
  }, IDLE_MS);
  timer.unref();
  idle.set(child, { timer, memoryMb });
}
