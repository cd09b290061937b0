import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { InputError } from "../input-error.ts";

/** A directory that belongs to this process until it is released, or the process ends in any way. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes a data directory for this process alone. The operating system keeps the lock (a file lock, through SQLite), so that a killed process leaves none behind.
 * Throws InputError that names the process which has it.
 */
export function lockDirectory(directory: string): DirectoryLock {
  makeDirectory(directory);
  const holder = join(directory, "holder.txt");
  const lock = new DatabaseSync(join(directory, "lock.sqlite"));
  try {
    lock.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
  } catch (cause) {
    lock.close();
    if ((cause as { errcode?: number }).errcode !== 5) throw cause; // 5: SQLITE_BUSY
    throw new InputError(
      "directory-in-use",
      directory,
      `${directory} is in use by another Plumbline (${holderOf(holder)}). Stop that one, or give this one a directory of its own with PLUMBLINE_DATA; to run several on one set of data, give them a PostgreSQL with DATABASE_URL.`,
      { cause },
    );
  }
  writeFileSync(holder, `process ${process.pid} on ${hostname()}, since ${new Date().toISOString()}\n`);
  return {
    release() {
      if (lock.isOpen) lock.close();
    },
  };
}

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
