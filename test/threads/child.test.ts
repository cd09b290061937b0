import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/input-error.ts";
import { askThread } from "../../src/threads/ask-thread.ts";
import { Child, ChildEnded } from "../../src/threads/child.ts";
import type { AskOptions } from "../../src/threads/words.ts";
import type { OddTask } from "./odd-child.ts";

const oddChild = (memoryMb = 512) =>
  new Child<OddTask, { pid: number; at: Date }>(new URL("./odd-child.ts", import.meta.url), memoryMb);

async function endingOf(task: OddTask, limitMs = 60_000, memoryMb = 256): Promise<string> {
  const child = oddChild(memoryMb);
  const error: unknown = await child.ask(task, { limitMs }).catch((e: unknown) => e);
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
  const ask = (task: OddTask) => child.ask(task, { limitMs: 60_000 });
  const first = await ask("answer");
  expect(first).toEqual({ pid: child.pid, at: new Date(5) });
  await expect(ask("refuse")).rejects.toThrow(
    new InputError("odd", "/a/place/file", "/a/place/file: is odd"),
  );
  await expect(ask("refuse")).rejects.toMatchObject({
    name: "InputError",
    code: "odd",
    where: "/a/place/file",
  });
  await expect(ask("fail")).rejects.toMatchObject({ name: "Error", message: "it failed" });
  expect(await ask("answer")).toEqual(first);
  await child.end();
  expect(lives(child.pid!)).toBe(false);
});

test("an abort ends the child and not this process", async () => {
  expect(await endingOf("abort")).toBe("aborted");
});

test("a raised signal ends the child, and its reason is thrown", async () => {
  const child = oddChild();
  const gone = new AbortController();
  const asked = child.ask("say and loop", {
    limitMs: 60_000,
    signal: gone.signal,
    onProgress: (share, doing) => gone.abort(new Error(`gone at ${share}, ${doing}`)),
  });
  await expect(asked).rejects.toThrow("gone at 0.5, looping");
  expect(child.lives).toBe(false);
  await child.end();
});

describe("a thread keeps the protocol of a process", () => {
  const module = new URL("./odd-child.ts", import.meta.url);
  const ask = (task: OddTask, options?: AskOptions) =>
    askThread<OddTask, { pid: number; at: Date }>(module, task, options);

  test("it answers, and its module is the same", async () => {
    expect(await ask("answer")).toEqual({ pid: process.pid, at: new Date(5) });
  });

  test("a refusal and a failure are thrown as what they were", async () => {
    await expect(ask("refuse")).rejects.toMatchObject({
      name: "InputError",
      code: "odd",
      where: "/a/place/file",
      message: "/a/place/file: is odd",
    });
    expect(await ask("refuse").catch((error: unknown) => error)).toBeInstanceOf(InputError);
    await expect(ask("fail")).rejects.toMatchObject({
      name: "Error",
      message: "it failed",
      stack: expect.stringContaining("odd-child.ts"),
    });
  });

  test("progress is heard while it works, and a raised signal ends a loop", async () => {
    const gone = new AbortController();
    const heard: [number, string][] = [];
    const asked = ask("say and loop", {
      signal: gone.signal,
      onProgress(share, doing) {
        heard.push([share, doing]);
        gone.abort(new Error("gone"));
      },
    });
    await expect(asked).rejects.toThrow("gone");
    expect(heard).toEqual([[0.5, "looping"]]);
    await expect(ask("answer", { signal: gone.signal })).rejects.toThrow("gone");
  });

  test("one that ends before it has answered is an error, and says which module it was", async () => {
    await expect(ask("exit")).rejects.toThrow(/odd-child\.ts ended with 3 before it had answered/);
  });
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
