import { InputError } from "../../src/input-error.ts";
import { answerTasks } from "../../src/threads/answer-tasks.ts";

/** A child that does what foreign files may do to one. */
export type OddTask =
  "answer" | "refuse" | "fail" | "exit" | "abort" | "loop" | "typed arrays" | "objects" | "say and loop";

answerTasks<OddTask, { pid: number; at: Date }>(async (task, progress) => {
  const held: unknown[] = [];
  if (task === "refuse") throw new InputError("odd", "/a/place/file", "/a/place/file: is odd");
  if (task === "fail") throw new Error("it failed");
  if (task === "exit") process.exit(3);
  if (task === "abort") process.abort();
  if (task === "say and loop") progress(0.5, "looping");
  if (task === "loop" || task === "say and loop") for (;;) Math.sqrt(2);
  if (task === "typed arrays") for (;;) held.push(new Uint8Array(8 << 20).fill(1));
  if (task === "objects") for (;;) held.push({ held: [Math.random()] });
  return { result: { pid: process.pid, at: new Date(5) } };
});
