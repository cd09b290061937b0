import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { runAudit } from "../../src/audit/run-audit.ts";
import { Evidence } from "../../src/detectors/evidence.ts";
import { detectors } from "../../src/detectors/index.ts";
import { plants } from "../../src/simulate/leaks.ts";
import { simulate, type SimulatedProcess } from "../../src/simulate/simulate.ts";
import { logCsv, writeProcess } from "../../src/simulate/write.ts";
import { readLog } from "../../src/sources/index.ts";
import { temporaryFiles } from "../sources/temporary-files.ts";

const { directory, file } = temporaryFiles();
const hash = (processes: SimulatedProcess[]) =>
  createHash("sha256").update(processes.map(logCsv).join("")).digest("hex");

test("the same seed gives the same bytes, another seed another organisation", () => {
  expect(hash(simulate({ seed: 1, cases: 60 }))).toBe(hash(simulate({ seed: 1, cases: 60 })));
  expect(hash(simulate({ seed: 1, cases: 60 }))).not.toBe(hash(simulate({ seed: 2, cases: 60 })));
});

test("people do one thing at a time, at work, and nobody approves their own request in a clean organisation", () => {
  for (const { rows, plan } of simulate({ seed: 4, cases: 150, clean: true })) {
    const busyUntil = new Map<string, number>();
    for (const row of [...rows].sort((a, b) => a.start - b.start)) {
      expect(row.start).toBeGreaterThanOrEqual(busyUntil.get(row.person.name) ?? 0);
      expect(row.person.away.has(Math.floor(row.start / 86_400_000)), row.person.name).toBe(false);
      busyUntil.set(row.person.name, row.end);
      if (plan.steps[row.activity]?.kind === "approve") expect(row.person).not.toBe(row.case.requester);
    }
  }
});

test("writes log, description, records and truth; the truth's cases stand in the log", async () => {
  const [process] = simulate({ seed: 1, cases: 120, process: "purchase-to-pay" });
  const written = writeProcess(directory, process, 1);
  const truth = JSON.parse(readFileSync(written.truth, "utf8")) as {
    leaks: { detector: string; caseIds?: string[] }[];
    cases: number;
  };
  const { log, report } = await readLog(written.log);
  expect(report.rejected).toBe(0);
  expect(log.caseCount).toBe(truth.cases);
  const ids = new Set(process.cases.map(({ id }) => id));
  expect(truth.leaks.length).toBeGreaterThan(0);
  for (const { caseIds } of truth.leaks) for (const id of caseIds ?? []) expect(ids.has(id)).toBe(true);
  const description = parse(readFileSync(written.description, "utf8")) as {
    steps: Record<string, { role: string }>;
    roles: Record<string, string[]>;
  };
  for (const { role } of Object.values(description.steps)) expect(description.roles[role]).toBeDefined();
  expect(written.records.map((path) => path.split("/").at(-1))).toEqual([
    "vendors.csv",
    "invoices.csv",
    "payments.csv",
  ]);
  expect(join(directory, "purchase-to-pay")).toBe(written.directory);
});

test("every way of leaking has a detector of its name, and the other way round", () => {
  expect(Object.keys(plants).sort()).toEqual(detectors.map(({ id }) => id).sort());
});

describe("the detectors on simulated organisations", () => {
  const audits = async (seed: number, clean: boolean) => {
    const found: { process: SimulatedProcess; findings: ReturnType<typeof runAudit>["findings"] }[] = [];
    for (const process of simulate({ seed, clean })) {
      const { log } = await readLog(file(logCsv(process)));
      found.push({ process, findings: runAudit(new Evidence(log)).findings });
    }
    return found;
  };

  test("clean organisations yield next to nothing", async () => {
    const all = [...(await audits(1, true)), ...(await audits(2, true)), ...(await audits(3, true))];
    expect(
      all.flatMap(({ findings }) => findings.map((f) => `${f.detector}: ${f.subject}`)).length,
    ).toBeLessThanOrEqual(1);
  });

  test("planted leaks are found, with few false alarms", async () => {
    let hits = 0;
    let planted = 0;
    let alarms = 0;
    for (const seed of [1, 2, 3]) {
      for (const { process, findings } of await audits(seed, false)) {
        const matches = (leak: SimulatedProcess["leaks"][number]) =>
          findings.filter(
            (f) =>
              f.detector === leak.detector &&
              (leak.subjects.includes("*") || leak.subjects.includes(f.subject)),
          );
        planted += process.leaks.length;
        hits += process.leaks.filter((leak) => matches(leak).length > 0).length;
        const right = new Set(process.leaks.flatMap(matches));
        alarms += findings.filter((f) => !right.has(f)).length;
      }
    }
    expect(planted).toBeGreaterThan(45);
    expect(hits / planted).toBeGreaterThanOrEqual(0.9);
    expect(alarms / (hits + alarms)).toBeLessThanOrEqual(0.1);
  });
});
