import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Evidence } from "../../src/evidence/evidence.ts";
import { judgeProcess } from "../../src/judgement/judge-process.ts";
import { wordedAudit } from "../../src/wording/worded-audit.ts";
import { htmlReport } from "../../src/reports/html-report.ts";
import { pdfReport } from "../../src/reports/pdf-report.ts";
import { readDescription } from "../../src/cli/description-file.ts";
import { readLog } from "../../src/formats/index.ts";
import { shared, whySkipped } from "../shared.ts";

const audit = async (log: string, example: string) => {
  const { log: events } = await readLog(`${shared}/data/logs/${log}`);
  const { description } = readDescription(join(import.meta.dirname, "../../examples", example));
  const summary = { cases: events.caseCount, events: events.eventCount, from: null, to: null };
  return judgeProcess(new Evidence(events, { description }), { summary, source: log, notes: [], now: 0 })
    .audit;
};

describe.skipIf(!shared)(`the examples on their public logs${whySkipped}`, () => {
  // counts recounted by a program of somebody else's, from the XES itself
  test("expense declarations: paid without a final approval, paid without a request, approvers nobody described", async () => {
    const document = await audit("bpic2020_DomesticDeclarations.xes.gz", "expense-declarations.yaml");
    const of = (detector: string) => document.findings.filter((finding) => finding.detector === detector);
    expect(of("approval-bypassed")).toMatchObject([
      { subject: "Declaration FINAL_APPROVED by SUPERVISOR", cases: 2 },
    ]);
    expect(of("approval-bypassed")[0].caseIds).toContain("declaration90815");
    expect(of("bypassed-step")).toMatchObject([
      { subject: "Request Payment", caseIds: ["declaration124535"] },
    ]);
    expect(of("unmapped-approval-chain")).toMatchObject([
      { subject: "Declaration APPROVED by PRE_APPROVER", cases: 666 },
    ]);
    // the administration approves since 2018 only: a change of the process, and no control that was skipped
    // before
    expect(of("process-drift")[0].statement).toMatch(
      /about 201[78]-1?[12]?-?\d*.*"Declaration APPROVED by ADMINISTRATION"/,
    );
    expect(of("unowned-step")).toEqual([]);
    for (const { share, interval } of document.findings)
      if (share !== null && interval)
        expect(interval[0] <= share + 1e-9 && share <= interval[1] + 1e-9).toBe(true);
    expect(htmlReport(wordedAudit(document), "")).toContain("Described, and observed");
    expect(pdfReport(wordedAudit(document), "").length).toBeGreaterThan(10_000);
  });

  test("travel permits: approved after the trip had begun", async () => {
    const document = await audit("bpic2020_PermitLog.xes.gz", "travel-permits.yaml");
    const late = document.findings.find(({ detector }) => detector === "approval-after-the-fact")!;
    expect(late).toMatchObject({ subject: "Permit FINAL_APPROVED by SUPERVISOR", outOf: 6424 });
    expect(late.cases).toBeGreaterThan(1200);
    expect(late.cases).toBeLessThan(1300);
  });
});
