import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const main = resolve(import.meta.dirname, "../../src/cli/main.ts");

/** A way to run the program as a process of its own, with its data in a directory. */
export function plumblineIn(
  directory: string,
): (...args: string[]) => { status: number | null; stdout: string; stderr: string } {
  return (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      encoding: "utf8",
      env: { ...process.env, PLUMBLINE_DATA: join(directory, "data") },
      maxBuffer: 1 << 28,
    });
    return { status, stdout, stderr };
  };
}
