import { DatabaseSync } from "node:sqlite";

/**
 * Holds the lock of a data directory for the process that started it. A file lock belongs to a process, and
 * goes when that process closes any descriptor of the file, whoever opened it; this process opens the file
 * once and nothing else. It says "locked" or "busy", and ends, with its lock, when its standard input does:
 * when the process that it holds the lock for gives it back, or dies in any way.
 */
const WAIT_MS = 1500;

// a terminal or a supervisor tells the whole group to stop; the lock is needed until the server has
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.stdin.on("error", () => process.exit());
process.stdin.on("close", () => process.exit());
process.stdin.resume();

const lock = new DatabaseSync(process.argv[2]);
try {
  // the keeper of a process that was killed just now ends at any moment
  lock.exec(`PRAGMA busy_timeout = ${WAIT_MS}; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;`);
  process.stdout.write("locked\n");
} catch (error) {
  if ((error as { errcode?: number }).errcode !== 5) throw error; // 5: SQLITE_BUSY
  process.stdout.write("busy\n", () => process.exit());
}
