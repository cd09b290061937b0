import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { simulate } from "../src/simulate/simulate.ts";
import { logCsv } from "../src/simulate/write.ts";

/**
 * The path of a CSV log with about this many events (10 a case): made by the shared generator where it is
 * there, so that figures compare with the peer figures recorded for it, else from the simulator, repeated
 * under new case ids. Kept in the temporary directory.
 */
export function sampleLog(cases: number): string {
  const shared = resolve(process.env["PLUMBLINE_SHARED"] ?? "../shared", "data/gen-p2p.mjs");
  const path = join(tmpdir(), `plumbline-bench-${existsSync(shared) ? "gen" : "sim"}-${cases}.csv`);
  if (existsSync(path) && statSync(path).size > 0) return path;
  const file = openSync(path, "w");
  if (existsSync(shared))
    execFileSync(process.execPath, [shared, "--cases", String(cases), "--seed", "1"], {
      stdio: ["ignore", file, "ignore"],
    });
  else {
    const [base] = simulate({ seed: 1, cases: 2000, process: "expense-claims", clean: true });
    const [heading, ...lines] = logCsv(base).trimEnd().split("\n");
    writeSync(file, heading.replace(/^[^,]+/, "case_id").replace("Completed at", "timestamp") + "\n");
    for (let copy = 0; copy * 2000 < cases; copy++)
      writeSync(file, lines.map((line) => `${copy}-${line}`).join("\n") + "\n");
  }
  closeSync(file);
  return path;
}
