import { mkdirSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { InputError } from "../input-error.ts";
import { openBlobs } from "../store/blobs.ts";
import { jobs } from "./index.ts";

/** What a thread is given to compute. */
export interface ThreadTask {
  kind: string;
  input: unknown;
  directory: string;
  blobs: string | undefined;
  temporary: string;
}

export type ThreadWord =
  | { word: "progress"; share: number; doing: string }
  | { word: "done"; computed: unknown }
  | { word: "refused"; code: string; where: string; message: string }
  | { word: "failed"; message: string; stack: string };

const port = parentPort!;
const say = (word: ThreadWord) => port.postMessage(word);

port.on("message", async (task: ThreadTask) => {
  let said = 0;
  try {
    mkdirSync(task.temporary, { recursive: true, mode: 0o700 });
    const job = jobs.find(({ kind }) => kind === task.kind)!;
    const computed = await job.compute(task.input, {
      blobs: openBlobs(task.directory, task.blobs),
      temporary: task.temporary,
      progress(share, doing) {
        const now = performance.now();
        if (now - said < 200) return;
        said = now;
        say({ word: "progress", share, doing });
      },
    });
    say({ word: "done", computed });
  } catch (error) {
    if (error instanceof InputError) {
      const { code, where, message } = error;
      say({ word: "refused", code, where, message });
    } else {
      const { message, stack = "" } = error as Error;
      say({ word: "failed", message, stack });
    }
  }
});
