import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAudit } from "../src/audit/run-audit.ts";
import { detectors as all } from "../src/detectors/index.ts";
import { Evidence } from "../src/detectors/evidence.ts";
import { simulate, type SimulatedProcess } from "../src/simulate/simulate.ts";
import { logCsv } from "../src/simulate/write.ts";
import { readLog } from "../src/sources/index.ts";
import { clopperPearson } from "../src/statistics/intervals.ts";
import { markdown } from "./measure.ts";

interface Score {
  found: number;
  planted: number;
  alarms: number;
  clean: number;
  /** found and planted by third of strength */
  byStrength: [found: number, planted: number][];
}

/**
 * Recall and precision on simulated organisations over 20 seeds, leaky and clean, pooled, with exact 95 % intervals; recall by strength of the planted leak. A finding is
 * right when detector and subject are those of a planted leak; everything else is a false alarm, also what is a true consequence of another leak.
 */
export async function detectors(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
  const scores = new Map(
    all.map(({ id }) => [
      id,
      {
        found: 0,
        planted: 0,
        alarms: 0,
        clean: 0,
        byStrength: [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
      } as Score,
    ]),
  );
  for (let seed = 1; seed <= 20; seed++) {
    for (const clean of [false, true]) {
      for (const process of simulate({ seed, clean })) {
        const path = join(directory, "log.csv");
        writeFileSync(path, logCsv(process));
        const { log } = await readLog(path);
        score(process, runAudit(new Evidence(log)).findings, scores, clean);
      }
    }
  }
  rmSync(directory, { recursive: true });
  const rows = [...scores].map(([id, s]) => [
    id,
    `${s.found} of ${s.planted}`,
    share(s.found, s.planted),
    s.byStrength.map(([found, planted]) => `${found}/${planted}`).join(" · "),
    share(s.found, s.found + s.alarms),
    String(s.clean),
  ]);
  const sum = (pick: (s: Score) => number) => [...scores.values()].reduce((total, s) => total + pick(s), 0);
  const found = sum((s) => s.found);
  rows.push([
    "**all**",
    `${found} of ${sum((s) => s.planted)}`,
    share(
      found,
      sum((s) => s.planted),
    ),
    [0, 1, 2].map((k) => `${sum((s) => s.byStrength[k][0])}/${sum((s) => s.byStrength[k][1])}`).join(" · "),
    share(found, found + sum((s) => s.alarms)),
    String(sum((s) => s.clean)),
  ]);
  return markdown(
    [
      "detector",
      "found",
      "recall (95 %)",
      "found by strength: weak · middle · strong",
      "precision (95 %)",
      "findings in 20 clean organisations",
    ],
    rows,
  );
}

function score(
  process: SimulatedProcess,
  findings: ReturnType<typeof runAudit>["findings"],
  scores: Map<string, Score>,
  clean: boolean,
): void {
  const right = new Set<string>();
  for (const leak of process.leaks) {
    const hits = findings.filter(
      (f) =>
        f.detector === leak.detector && (leak.subjects.includes("*") || leak.subjects.includes(f.subject)),
    );
    const s = scores.get(leak.detector)!;
    const third = s.byStrength[Math.min(2, Math.floor(leak.strength * 3))];
    s.planted++;
    third[1]++;
    if (hits.length > 0) {
      s.found++;
      third[0]++;
    }
    for (const { id } of hits) right.add(id);
  }
  for (const { id, detector } of findings) {
    if (clean) scores.get(detector)!.clean++;
    else if (!right.has(id)) scores.get(detector)!.alarms++;
  }
}

function share(count: number, outOf: number): string {
  const interval = clopperPearson(count, outOf);
  return interval ? `${(count / outOf).toFixed(2)} (${interval.map((v) => v.toFixed(2)).join("–")})` : "none";
}
