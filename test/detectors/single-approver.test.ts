import { expect, test } from "vitest";
import { singleApprover } from "../../src/detectors/single-approver.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { observe } from "./detect.ts";
import { plain } from "./processes.ts";

const approvedBy = (who: (c: number) => string, n = 160) =>
  plain(n, (r, c) => r.map((row) => (row.activity === "Approve request" ? { ...row, person: who(c) } : row)));

test("an approval that one person gives", () => {
  const [finding, ...more] = observe(
    singleApprover,
    approvedBy(() => "boss0"),
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "Approve request",
    people: ["boss0"],
    outOf: 160,
    facts: [
      ["executions", "160 of 160"],
      ["others who did it at all", "0"],
    ],
  });
  expect(finding.cases).toHaveLength(160);
});
test("two who share it are none, nor is other work that one person does", () => {
  expect(
    observe(
      singleApprover,
      approvedBy((c) => `boss${c % 2}`),
    ),
  ).toEqual([]);
  expect(
    observe(
      singleApprover,
      plain(160, (r) => r.map((row) => (row.activity === "Check" ? { ...row, person: "clerk0" } : row))),
    ),
  ).toEqual([]);
});
test("the share counts by its lower bound, over so many approvals and days", () => {
  const found = (changed: object) =>
    observe(
      singleApprover,
      approvedBy((c) => (c % 20 === 0 ? "boss1" : "boss0")),
      {},
      changed,
    ).length;
  const low = wilsonLow(152, 160);
  expect([found({ minShare: low }), found({ minShare: low + 1e-9 })]).toEqual([1, 0]);
  expect([found({ minRows: 160 }), found({ minRows: 161 })]).toEqual([1, 0]);
  expect([found({ minDays: 53 }), found({ minDays: 56 })]).toEqual([1, 0]);
});
