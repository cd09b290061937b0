import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";

/** One run of a whole process, start-up included. */
export interface Run {
  wall: number;
  cpu: number;
  peakMiB: number;
  /** what it printed */
  stdout: string;
}

/** Runs a script as a process of its own and measures it from outside. Throws when it fails. */
export function measure(script: string, args: string[]): Run {
  const directory = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
  const usage = join(directory, "usage.json");
  const hook = new URL("./report-usage.ts", import.meta.url).href;
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", hook, script, ...args], {
    env: { ...process.env, BENCH_USAGE: usage, PLUMBLINE_DATA: join(directory, "data") },
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const wall = (performance.now() - began) / 1000;
  if (status !== 0) throw new Error(`${script} ${args.join(" ")} ended with ${status}: ${stderr}`);
  const { cpu, peakMiB } = JSON.parse(readFileSync(usage, "utf8")) as Omit<Run, "wall" | "stdout">;
  rmSync(directory, { recursive: true });
  return { wall, cpu, peakMiB, stdout };
}

/**
 * Several commands in turn, A B A B …, so that a machine whose speed drifts treats them alike; the medians.
 */
export function compare(
  commands: Record<string, [script: string, args: string[]]>,
  rounds: number,
): Record<string, Run> {
  const runs: Record<string, Run[]> = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (const [script, args] of Object.values(commands)) measure(script, args); // warm file caches
  for (let round = 0; round < rounds; round++) {
    for (const [name, [script, args]] of Object.entries(commands)) runs[name].push(measure(script, args));
  }
  return Object.fromEntries(
    Object.entries(runs).map(([name, list]) => [
      name,
      {
        wall: middle(list.map((r) => r.wall)),
        cpu: middle(list.map((r) => r.cpu)),
        peakMiB: middle(list.map((r) => r.peakMiB)),
        stdout: list[0].stdout,
      },
    ]),
  );
}

export function middle(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** A Markdown table. */
export function markdown(headings: string[], rows: string[][]): string {
  return [headings, headings.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** "2 × Some CPU, 24 GiB, Node v24.1.0" */
export function machine(): string {
  return `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
}
