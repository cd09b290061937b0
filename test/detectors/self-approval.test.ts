import { expect, test } from "vitest";
import { selfApproval } from "../../src/detectors/self-approval.ts";
import { type TestRow } from "../log-of.ts";
import { observe, descriptionOf } from "./detect.ts";
import { plain } from "./processes.ts";

const approve = (c0: number, change: (row: TestRow, rows: TestRow[]) => TestRow) =>
  plain(160, (r, c) => (c === c0 ? r.map((row) => change(row, r)) : r));

test("one counter-example is enough, and only it, with the amount of its case", () => {
  const rows = approve(7, (row, r) =>
    row.activity === "Approve request" ? { ...row, person: r[0].person } : row,
  );
  expect(observe(selfApproval, rows)).toMatchObject([
    {
      subject: "Approve request",
      cases: ["c7"],
      outOf: 160,
      people: [rows[28].person],
      cost: { kind: "exposure", rows: { "c7 Approve request": 107 } },
    },
  ]);
  expect(observe(selfApproval, rows, {}, { minCases: 2 })).toEqual([]);
});
test("who recorded the thing that is approved counts as its requester", () => {
  const rows = plain(160, (r, c) => [
    ...r.slice(0, 2),
    { ...r[1], activity: "Record invoice", person: c < 2 ? "boss1" : "clerk1", time: r[1].time + 1000 },
    { ...r[2], activity: "Approve invoice", person: "boss1" },
    r[3],
  ]);
  expect(observe(selfApproval, rows)).toMatchObject([{ subject: "Approve invoice", cases: ["c0", "c1"] }]);
});
test("who did what a description says is approved is its requester, too", () => {
  const description = descriptionOf({
    process: "p",
    steps: { Check: {}, "Approve request": { approves: "Check" } },
    flow: ["Request", "Check", "Approve request", "Pay"],
  });
  const rows = approve(7, (row, r) =>
    row.activity === "Approve request" ? { ...row, person: r[1].person } : row,
  );
  expect(observe(selfApproval, rows)).toEqual([]);
  expect(observe(selfApproval, rows, { description })).toMatchObject([{ cases: ["c7"] }]);
});
test("an unknown person, and a program, approve nothing of their own", () => {
  const rows = plain(160, (r, c) =>
    c === 7
      ? r.map((row) => ({ ...row, person: undefined }))
      : c === 8
        ? r.map((row) => ({ ...row, person: "SYSTEM" }))
        : r,
  );
  expect(observe(selfApproval, rows)).toEqual([]);
});
test("approvals can be given by name", () => {
  const rows = approve(7, (row, r) => (row.activity === "Check" ? { ...row, person: r[0].person } : row));
  expect(observe(selfApproval, rows, { approvals: ["Check"] })).toMatchObject([
    { subject: "Check", cases: ["c7"] },
  ]);
});
