import { expect, test } from "vitest";
import { Evidence } from "../../src/evidence/evidence.ts";
import { judgeProcess } from "../../src/judgement/judge-process.ts";
import { wordedAudit } from "../../src/wording/worded-audit.ts";
import { htmlReport } from "../../src/reports/html-report.ts";
import { cited } from "../../src/input-error.ts";
import { quotesNothing } from "../../src/jobs/render-reports.ts";
import { toldDocument } from "../../src/jobs/told-document.ts";
import type { KeptDocument } from "../../src/store/audit-files.ts";
import { logOf } from "../log-of.ts";

const got = 'expected a time, got "Maria Canary-7431"';
const whole = judgeProcess(new Evidence(logOf(...Array.from({ length: 40 }, () => "A/x B/y"))), {
  summary: { cases: 40, events: 80, read: 81, kept: 80, rejected: 1, from: null, to: null },
  source: "canary-orders.csv",
  notes: ["Taken as: case = a.", "canary-vendors.csv: 3 rows could not be read."],
  reviews: [],
  past: [],
  now: 0,
}).audit;
const claims = [
  {
    ...whole.claims[0],
    id: "c",
    needs: [],
    says: {
      kind: "finding" as const,
      id: "c",
      title: "",
      sentence: `"site" is "${cited("Kept Canary-4040")}".`,
    },
    saidBy: { kind: "description" as const, version: 3, signedBy: "Sina Canary-8123" },
    subject: null,
    caseIds: [],
  },
];
const kept: KeptDocument = {
  ...whole,
  claims,
  description: {
    process: "Pay",
    owner: "Olga Canary-Owner",
    version: 3,
    signedOff: "Sina Canary-8123, 2025",
  },
  account:
    "Read 81 rows of CSV = 80 kept + 1 rejected.\n  rejected: canary-orders.csv, line 3: a text of 17 characters",
  process: "Pay",
  files: ["canary-orders.csv", "canary-vendors.csv"],
  quotes: false,
};

test("members read the evidence that an audit cites, and nobody who signed a description off", () => {
  const { account, document } = toldDocument(kept, true);
  expect(account).toBe(kept.account);
  expect(document.notes).toEqual(kept.notes);
  expect(wordedAudit(document).claims[0]).toMatchObject({
    statement: '"site" is "Kept Canary-4040".',
    saidBy: "description, version 3",
  });
  expect(JSON.stringify(document)).not.toMatch(/8123|[\uFDD0-\uFDD3]/);
});

test("an outsider reads counts, and neither values nor names of files and people", () => {
  const { account, document } = toldDocument(kept, false);
  expect(account).toBe("Read 81 rows = 80 kept + 1 rejected.");
  expect(document.notes).toContain("a file: 3 rows could not be read.");
  expect(wordedAudit(document).claims[0].statement).toBe('"site" is a text of 16 characters.');
  expect(JSON.stringify(document) + htmlReport(wordedAudit(document), account)).not.toMatch(/canary/i);
});

test("what an audit of an earlier version quotes stays out for everybody", () => {
  const { quotes: _none, files: _files, ...old } = { ...kept, account: got, notes: [`orders.csv: ${got}`] };
  for (const isMember of [true, false]) {
    const { account, document } = toldDocument(old, isMember);
    expect(account).toBe("Read 81 rows = 80 kept + 1 rejected.");
    expect(document.notes).toEqual([expect.stringContaining("Audit again")]);
    expect(JSON.stringify(document) + htmlReport(wordedAudit(document), account)).not.toContain("7431");
  }
});

test("reports of earlier versions are drawn anew", () => {
  expect(quotesNothing("o/audits/a-1/report.html")).toBe(false);
  expect(quotesNothing("o/audits/a-1/told-report.html")).toBe(true);
});
