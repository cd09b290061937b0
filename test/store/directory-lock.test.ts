import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";

const source = resolve(import.meta.dirname, "../../src/store/database.ts");
const started: ChildProcess[] = [];
const places: string[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((child) => killed(child)));
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true });
});

const killed = (child: ChildProcess) =>
  new Promise<void>((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done();
    child.once("exit", () => done());
    child.kill("SIGKILL");
  });

/** An empty directory, as before a first start. */
function place(): string {
  const made = mkdtempSync(join(tmpdir(), "plumbline-lock-"));
  places.push(made);
  return join(made, "data");
}

/**
 * A process that opens the embedded database of a directory, and what it says: "open", then one line for each
 * of its input; or "refused: …".
 */
function open(directory: string) {
  const script = `
    import { readdirSync, readFileSync, statSync } from "node:fs";
    import { join } from "node:path";
    import { createInterface } from "node:readline";
    import { openDatabase } from ${JSON.stringify(source)};
    const everyFile = (at) => readdirSync(at).flatMap((name) => statSync(join(at, name)).isDirectory() ? everyFile(join(at, name)) : [join(at, name)]);
    try {
      await openDatabase(${JSON.stringify(directory)}, undefined);
      console.log("open");
      for await (const line of createInterface({ input: process.stdin })) {
        if (line === "read every file") console.log("read " + everyFile(${JSON.stringify(directory)}).map((path) => readFileSync(path)).length);
      }
    } catch (error) {
      console.log("refused: " + error.message);
      process.exit(2);
    }`;
  const path = join(directory, "..", `open-${started.length}.ts`);
  writeFileSync(path, script);
  const child = spawn(process.execPath, [path], { stdio: ["pipe", "pipe", "inherit"] });
  started.push(child);
  let said = "";
  const heard: (() => void)[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    for (const hear of heard.splice(0)) hear();
  });
  const line = async (): Promise<string> => {
    for (;;) {
      const end = said.indexOf("\n");
      if (end >= 0) {
        const [first, rest] = [said.slice(0, end), said.slice(end + 1)];
        said = rest;
        return first;
      }
      await new Promise<void>((go) => heard.push(go));
    }
  };
  return { child, line, say: (words: string) => child.stdin.write(`${words}\n`) };
}

const keeperOf = (directory: string) =>
  Number(
    execFileSync("ps", ["-eo", "pid,args"])
      .toString()
      .split("\n")
      .find((row) => row.includes("lock-keeper") && row.includes(directory))
      ?.trim()
      .split(/\s+/)[0],
  );

describe("a data directory belongs to one process", () => {
  test("on the very first run, too: making the database does not give the lock away", async () => {
    const directory = place();
    const first = open(directory);
    expect(await first.line()).toBe("open");
    expect(await open(directory).line()).toMatch(
      new RegExp(`^refused: .*in use by another Plumbline \\(process ${first.child.pid} on `),
    );
  });

  test("two first runs at the same time: one of them has it", async () => {
    const directory = place();
    const both = [open(directory), open(directory)];
    const said = await Promise.all(both.map(({ line }) => line()));
    expect(said.filter((words) => words === "open")).toHaveLength(1);
    expect(said.filter((words) => words.startsWith("refused: "))).toHaveLength(1);
  });

  test("whatever the process opens and closes there, the lock stays", async () => {
    const directory = place();
    const first = open(directory);
    expect(await first.line()).toBe("open");
    first.say("read every file"); // the lock's own among them
    expect(await first.line()).toMatch(/^read \d{3,}$/);
    expect(await open(directory).line()).toMatch(/^refused: /);
  });

  test("it is gone when its process is, killed or not", async () => {
    const directory = place();
    const first = open(directory);
    expect(await first.line()).toBe("open");
    await killed(first.child);
    expect(await open(directory).line()).toBe("open");
  });

  test("when somebody ends the process that keeps the lock, it is taken anew", async () => {
    const directory = place();
    const first = open(directory);
    expect(await first.line()).toBe("open");
    const keeper = keeperOf(directory);
    process.kill(keeper, "SIGKILL");
    let other = keeper;
    while (other === keeper || Number.isNaN(other)) other = keeperOf(directory);
    expect(await open(directory).line()).toMatch(/^refused: /);
    expect(readFileSync(join(directory, "holder.txt"), "utf8")).toContain(`process ${first.child.pid} `);
  });
});
