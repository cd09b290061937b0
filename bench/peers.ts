import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Where pm4js 0.0.28 is installed for comparison: in the temporary directory, not in the project. Undefined
 * where it cannot be had.
 */
export function pm4js(): string | undefined {
  const directory = join(tmpdir(), "plumbline-bench-pm4js");
  const installed = join(directory, "node_modules/pm4js/init.js");
  if (existsSync(installed)) return installed;
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), '{"private":true}');
  spawnSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "pm4js@0.0.28"], {
    cwd: directory,
    stdio: "ignore",
  });
  return existsSync(installed) ? installed : undefined;
}

/**
 * Runs a script of CommonJS code with pm4js loaded as globals; what it prints, or undefined where the peer is
 * not to be had.
 */
export function withPm4js(code: string, args: string[]): string | undefined {
  const path = pm4js();
  if (!path) return undefined;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--max-old-space-size=8000", "-e", `require(${JSON.stringify(path)});${code}`, "--", ...args],
    {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    },
  );
  if (status !== 0) throw new Error(`pm4js ended with ${status}: ${stderr.slice(0, 2000)}`);
  return stdout.trim().split("\n").at(-1);
}
