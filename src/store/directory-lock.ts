import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../input-error.ts";

/** A directory that belongs to this process until it is released, or the process ends in any way. */
export interface DirectoryLock {
  /**
   * hears that the lock was lost though nobody released it, and that another process has the directory now
   */
  onLost: (error: Error) => void;
  release(): Promise<void>;
}

/**
 * Takes a data directory for this process alone. The operating system keeps the lock (a file lock, through
 * SQLite), so that a killed process leaves none behind. A process of its own holds it (lock-keeper.ts):
 * whatever this one opens and closes in the directory, the lock stays. Throws InputError that names the
 * process which has it.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  makeDirectory(directory);
  const holder = join(directory, "holder.txt");
  let keeper = await keep(directory);
  if (!keeper)
    throw new InputError(
      "directory-in-use",
      directory,
      `${directory} is in use by another Plumbline (${holderOf(holder)}). Stop that one, or give this one a directory of its own with PLUMBLINE_DATA; to run several on one set of data, give them a PostgreSQL with DATABASE_URL.`,
    );
  writeFileSync(holder, `process ${process.pid} on ${hostname()}, since ${new Date().toISOString()}\n`);
  let released = false;
  const lock: DirectoryLock = {
    onLost: () => {},
    async release() {
      released = true;
      await end(keeper);
    },
  };
  // somebody ended the keeper (a machine short of memory does): the lock is taken anew, unless another
  // process was quicker
  const watch = (watched: ChildProcess) =>
    watched.once("exit", async () => {
      if (released) return;
      try {
        keeper = await keep(directory);
        if (released) await end(keeper);
        else if (keeper) watch(keeper);
        else throw new Error(`another process has taken ${directory}`);
      } catch (cause) {
        lock.onLost(new Error(`The lock of ${directory} was lost.`, { cause }));
      }
    });
  watch(keeper);
  return lock;
}

/**
 * Starts a keeper of the lock; undefined where another process has it. Throws where it could not be started,
 * or the file is none that can be locked.
 */
function keep(directory: string): Promise<ChildProcess | undefined> {
  const keeper = spawn(
    process.execPath,
    [fileURLToPath(new URL("./lock-keeper.ts", import.meta.url)), join(directory, "lock.sqlite")],
    // a group of its own: what is sent to the server's group ends the server first
    { stdio: ["pipe", "pipe", "pipe"], detached: true, env: { NODE_NO_WARNINGS: "1" } },
  );
  return new Promise((resolve, reject) => {
    let [said, complaint] = ["", ""];
    keeper.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said === "locked\n") {
        keeper.unref();
        for (const stream of [keeper.stdin, keeper.stdout, keeper.stderr])
          (stream as unknown as { unref(): void }).unref();
        resolve(keeper);
      }
    });
    keeper.stderr.on("data", (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
    keeper.stdin.on("error", () => {}); // it has ended; "close" says how
    keeper.once("error", reject);
    keeper.once("close", () => {
      if (said === "busy\n") resolve(undefined);
      else
        reject(
          new Error(`${directory} cannot be locked: ${complaint.trim() || "the keeper of the lock ended"}`),
        );
    });
  });
}

const end = (keeper: ChildProcess | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (!keeper || keeper.exitCode !== null || keeper.signalCode !== null) return resolve();
    keeper.ref();
    keeper.once("exit", () => resolve());
    keeper.stdin!.end();
  });

/** Makes a data directory that only its owner can read. Throws InputError where none can be. */
export function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new InputError(
      "unwritable",
      directory,
      `${directory} cannot be a data directory: ${(cause as Error).message}. Set PLUMBLINE_DATA to one that can be written.`,
      { cause },
    );
  }
}

function holderOf(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "it has not said which";
  }
}
