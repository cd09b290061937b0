import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Child, ChildEnded } from "../../src/threads/child.ts";
import type { OddTask } from "./odd-child.ts";

const oddChild = (memoryMb = 512) =>
  new Child<OddTask, { pid: number; at: Date }>(new URL("./odd-child.ts", import.meta.url), memoryMb);

async function endingOf(task: OddTask, limitMs = 60_000, memoryMb = 256): Promise<string> {
  const child = oddChild(memoryMb);
  const error: unknown = await child.run(task, limitMs).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ChildEnded);
  expect(child.lives).toBe(false);
  await child.end();
  return (error as ChildEnded).why;
}

/** Whether a process is there that is no remains of one. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a child answers one task after the other, and a refusal or a failure leaves it alive", async () => {
  const child = oddChild();
  const first = await child.run("answer", 60_000);
  expect(first).toEqual({ word: "done", result: { pid: child.pid, at: new Date(5) } });
  expect(await child.run("refuse", 60_000)).toEqual({
    word: "refused",
    code: "odd",
    where: "/a/place/file",
    message: "/a/place/file: is odd",
  });
  expect(await child.run("fail", 60_000)).toMatchObject({ word: "failed", message: "it failed" });
  expect(await child.run("answer", 60_000)).toEqual(first);
  await child.end();
  expect(lives(child.pid!)).toBe(false);
});

test("an abort ends the child and not this process", async () => {
  expect(await endingOf("abort")).toBe("aborted");
});

test("a loop without end is ended by its time", async () => {
  expect(await endingOf("loop", 1500)).toBe("time");
});

test("memory outside of V8's heap counts as much as objects do", async () => {
  expect(await endingOf("typed arrays")).toBe("memory");
  expect(await endingOf("objects")).toBe("memory");
});

test.skipIf(process.platform === "win32")(
  "a child in a loop without end dies with its parent, though that is killed by -9",
  async () => {
    const parent = spawn(process.execPath, [fileURLToPath(new URL("./parent.ts", import.meta.url))], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = await new Promise<number>((said) =>
      parent.stdout.once("data", (text: Buffer) => said(Number(text.toString()))),
    );
    expect(lives(pid)).toBe(true);
    parent.kill("SIGKILL");
    for (let i = 0; i < 100 && lives(pid); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lives(pid)).toBe(false);
  },
);
