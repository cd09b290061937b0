import { mkdirSync } from "node:fs";
import { answerTasks } from "../threads/answer-tasks.ts";
import { openBlobs } from "../store/blobs.ts";
import { jobs } from "./index.ts";

/** What a child is given to compute. */
export interface ChildTask {
  kind: string;
  input: unknown;
  directory: string;
  blobs: string | undefined;
  temporary: string;
}

/** Progress is said so often at most. */
const SAID_MS = 200;

answerTasks<ChildTask, unknown>(async (task, say) => {
  let said = 0;
  mkdirSync(task.temporary, { recursive: true, mode: 0o700 });
  const job = jobs.find(({ kind }) => kind === task.kind)!;
  const result = await job.compute(task.input, {
    blobs: openBlobs(task.directory, task.blobs),
    temporary: task.temporary,
    progress(share, doing) {
      const now = performance.now();
      if (now - said < SAID_MS) return;
      said = now;
      say(share, doing);
    },
  });
  return { result };
});
