import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { auditSimulated, scoreAudit } from "../../bench/score-audit.ts";
import { runAudit } from "../../src/audit/run-audit.ts";
import { needInWords } from "../../src/wording/needs.ts";
import { readDescription } from "../../src/cli/description-file.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { detectors } from "../../src/detectors/index.ts";
import { plants, recordPlants } from "../../src/simulate/plants/index.ts";
import { simulate, type SimulatedProcess } from "../../src/simulate/simulate.ts";
import { logCsv, writeProcess } from "../../src/simulate/write.ts";
import { readLog } from "../../src/formats/index.ts";
import { temporaryFiles } from "../formats/temporary-files.ts";

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
  // a step may be planted to belong to nobody
  const owned = Object.values(description.steps).filter(({ role }) => description.roles[role] !== undefined);
  expect(owned.length).toBeGreaterThanOrEqual(Object.keys(description.steps).length - 1);
  expect(written.records.map((path) => path.split("/").at(-1))).toEqual([
    "vendors@erp.csv",
    "vendors@crm.csv",
    "invoices.csv",
    "payments.csv",
  ]);
  expect(join(directory, "purchase-to-pay")).toBe(written.directory);
});

test("every way of leaking has a detector of its name, and the other way round", () => {
  const planted = new Set([...plants, ...recordPlants].map(({ detector }) => detector));
  expect([...planted].sort()).toEqual(detectors.map(({ id }) => id).sort());
  const files = readdirSync(new URL("../../src/simulate/plants/", import.meta.url));
  for (const id of planted) expect(files).toContain(`${id}.ts`);
});

/**
 * Detectors that miss a leak or raise a false alarm in the four organisations below: least shares found and
 * right. All others find all of theirs and nothing else.
 */
const FLOORS: Readonly<Record<string, { recall: number; precision: number }>> = {
  "ping-pong": { recall: 0.6, precision: 0.6 }, // 2 of 3, one false alarm
  rework: { recall: 0.75, precision: 1 }, // 3 of 4
};

describe("the detectors on simulated organisations", () => {
  const audits = async (seed: number, clean: boolean) => {
    const all = [];
    for (const process of simulate({ seed, clean })) all.push(await auditSimulated(process, seed, directory));
    return all;
  };

  test("clean organisations yield nothing", async () => {
    for (const seed of [1, 2])
      for (const { audit } of await audits(seed, true))
        expect(audit.findings.map((f) => `${f.detector}: ${f.subject}`)).toEqual([]);
  });

  describe("planted leaks, over four organisations", () => {
    const scores = new Map(detectors.map(({ id }) => [id, { found: 0, planted: 0, alarms: 0 }]));
    beforeAll(async () => {
      for (const seed of [1, 2, 3, 4])
        for (const { truth, audit } of await audits(seed, false)) {
          const { found, alarms } = scoreAudit(truth, audit);
          for (const { detector } of truth.leaks) scores.get(detector)!.planted++;
          for (const { detector } of found) scores.get(detector)!.found++;
          for (const { detector } of alarms) scores.get(detector)!.alarms++;
        }
    });

    test.each(detectors.map(({ id }) => id))("%s finds its own, and little else", (id) => {
      const { found, planted, alarms } = scores.get(id)!;
      const { recall, precision } = FLOORS[id] ?? { recall: 1, precision: 1 };
      expect(planted, "leaks planted").toBeGreaterThan(0);
      expect(found / planted, "recall").toBeGreaterThanOrEqual(recall);
      expect(found / (found + alarms), "precision").toBeGreaterThanOrEqual(precision);
    });
    test("together they find 97 in 100, with one false alarm in 100", () => {
      const sum = (count: "found" | "planted" | "alarms") =>
        [...scores.values()].reduce((total, score) => total + score[count], 0);
      expect(sum("planted")).toBeGreaterThan(120);
      expect(sum("found") / sum("planted")).toBeGreaterThanOrEqual(0.97);
      expect(sum("alarms") / (sum("found") + sum("alarms"))).toBeLessThanOrEqual(0.01);
    });
  });
});

describe("with only part of the data", () => {
  const csv = (change: (cells: string[], heading: string[]) => string[]) => {
    const [process] = simulate({ seed: 1, process: "purchase-to-pay" });
    const written = writeProcess(directory, process, 1);
    const [heading, ...lines] = readFileSync(written.log, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    const changed = [change(heading, heading), ...lines.map((cells) => change(cells, heading))];
    return {
      path: file(changed.map((cells) => cells.join(",")).join("\n")),
      description: readDescription(written.description).description,
    };
  };
  const without = (...names: string[]) =>
    csv((cells, heading) => cells.filter((_, k) => !names.includes(heading[k])));
  const untested = async ({ path, description }: ReturnType<typeof csv>) => {
    const { log } = await readLog(path);
    return new Map(
      runAudit(new Evidence(log, { description })).notTestable.map(({ detector, needs }) => [
        detector,
        needs.map(needInWords).join(),
      ]),
    );
  };

  test("without people and roles the questions about them are not asked, and say what is missing", async () => {
    const lacking = await untested(without("resource", "role"));
    for (const id of [
      "self-approval",
      "key-person",
      "single-approver",
      "rubber-stamp",
      "role-mismatch",
      "ownership-by-habit",
      "shifting-ownership",
    ])
      expect(lacking.get(id), id).toMatch(/person|role/);
    expect(lacking.has("undocumented-step")).toBe(false);
  });
  test("without amounts limits cannot be tested, and nothing has an exposure", async () => {
    const { path, description } = without("amount");
    const lacking = await untested({ path, description });
    expect(lacking.get("over-limit")).toMatch(/a column "amount"/);
    const { log } = await readLog(path);
    expect(runAudit(new Evidence(log, { description })).exposure).toEqual([]);
  });
  test("with days only, what needs times of day is not asked, and equal days are no disorder", async () => {
    const days = csv((cells, heading) =>
      cells.map((cell, k) =>
        /_time|_at/.test(heading[k]) && /^\d{4}-/.test(cell) ? cell.slice(0, 10) : cell,
      ),
    );
    const lacking = await untested(days);
    expect(lacking.get("rubber-stamp")).toMatch(/times of day/);
    expect(lacking.get("batching")).toMatch(/times of day/);
    const { log } = await readLog(days.path);
    const found = runAudit(new Evidence(log, { description: days.description })).findings.map(
      ({ detector }) => detector,
    );
    expect(found).not.toContain("approval-after-the-fact");
    expect(found).not.toContain("undocumented-path");
  });
  test("without a description nothing is held against one", async () => {
    const { log } = await readLog(without().path);
    const lacking = new Map(
      runAudit(new Evidence(log)).notTestable.map(({ detector, needs }) => [
        detector,
        needs.map(needInWords).join(),
      ]),
    );
    for (const id of [
      "undocumented-step",
      "phantom-step",
      "approval-bypassed",
      "role-mismatch",
      "unmapped-approval-chain",
      "bypassed-step",
    ])
      expect(lacking.get(id), id).toMatch(/a description|in the description/);
    for (const id of [
      "duplicate-payment",
      "duplicate-vendor",
      "amount-mismatch",
      "conflicting-sources",
      "report-without-decision",
    ])
      expect(lacking.get(id), id).toMatch(/a table of|two systems/);
  });
});
