import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { MEMORY_SIGN } from "./signs.ts";

// Looks after the process that it runs in: ends it when it takes more memory than it may (typed arrays and
// native libraries stand outside of V8's own limit), or when its parent is gone.
const { parent, mostBytes } = workerData as { parent: number; mostBytes: number };
const LOOK_MS = 50;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  if (process.memoryUsage.rss() <= mostBytes) return;
  writeSync(2, MEMORY_SIGN);
  process.kill(process.pid, "SIGKILL");
}, LOOK_MS);
