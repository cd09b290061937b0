import { Child } from "../../src/threads/child.ts";

// A parent whose child is in a loop without end: says the child's id, and waits to be killed.
const child = new Child(new URL("./odd-child.ts", import.meta.url), 512);
void child.ask("say and loop", {
  limitMs: 600_000,
  onProgress: () => process.stdout.write(`${child.pid}\n`),
});
