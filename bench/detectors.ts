import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "../src/audit/finding.ts";
import { detectors as all } from "../src/detectors/index.ts";
import { simulate } from "../src/simulate/simulate.ts";
import { auditSimulated, scoreAudit, type TruthLeak } from "./score-audit.ts";
import { clopperPearson } from "../src/statistics/intervals.ts";
import { markdown } from "./measure.ts";

interface Score {
  found: number;
  planted: number;
  alarms: number;
  clean: number;
  /** found and planted by third of strength; record leaks have none */
  byStrength: [found: number, planted: number][];
}

/**
 * Recall and precision on simulated organisations over 20 seeds, leaky and clean, with their descriptions and
 * records, pooled, with exact 95 % intervals; recall by strength of the planted leak. A finding is right when
 * detector and subject are those of a planted leak; what the simulator says is true because of another leak
 * counts neither way; everything else is a false alarm. A leak that another finding keeps as the same cause
 * counts as found.
 */
export async function detectors(): Promise<string> {
  const verbose = process.env["BENCH_VERBOSE"] !== undefined;
  const seeds = Number(process.env["BENCH_SEEDS"] ?? 20);
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
  for (let seed = 1; seed <= seeds; seed++) {
    for (const clean of [false, true]) {
      for (const simulated of simulate({ seed, clean })) {
        const { truth, audit } = await auditSimulated(simulated, seed, directory);
        const { found, missed, alarms } = scoreAudit(truth, audit);
        for (const leak of truth.leaks) {
          const s = scores.get(leak.detector)!;
          const third =
            leak.strength === undefined
              ? undefined
              : s.byStrength[Math.min(2, Math.floor(leak.strength * 3))];
          const hit = found.includes(leak) ? 1 : 0;
          s.planted++;
          s.found += hit;
          if (third) third[1]++;
          if (third) third[0] += hit;
        }
        for (const { detector } of clean ? audit.findings : alarms)
          scores.get(detector)![clean ? "clean" : "alarms"]++;
        if (verbose) tell(seed, simulated.plan.id, missed, clean ? audit.findings : alarms);
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

/** Misses and false alarms, for whoever works on a detector (BENCH_VERBOSE). */
function tell(seed: number, process: string, missed: TruthLeak[], alarms: Finding[]): void {
  for (const { detector, subjects, note, caseIds = [] } of missed)
    console.error(
      `${seed} ${process}: missed ${detector} ${subjects.join("/")}: ${note} (${caseIds.length} cases)`,
    );
  for (const { detector, subject, statement } of alarms)
    console.error(`${seed} ${process}: false alarm ${detector} ${subject}: ${statement}`);
}

function share(count: number, outOf: number): string {
  const interval = clopperPearson(count, outOf);
  return interval ? `${(count / outOf).toFixed(2)} (${interval.map((v) => v.toFixed(2)).join("–")})` : "none";
}
