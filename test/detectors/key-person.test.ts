import { expect, test } from "vitest";
import { keyPerson } from "../../src/detectors/key-person.ts";
import { withValues } from "../../src/input-error.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { Random } from "../../src/statistics/random.ts";
import { observe } from "./detect.ts";
import { plain } from "./processes.ts";

const checkedBy = (who: (c: number) => string, n = 160) =>
  plain(n, (r, c) => r.map((row) => (row.activity === "Check" ? { ...row, person: who(c) } : row)));

test("a step that one person does, and whoever else did it", () => {
  const [finding, ...more] = observe(
    keyPerson,
    checkedBy((c) => (c === 3 ? "clerk1" : "clerk0")),
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "Check",
    people: ["clerk0"],
    outOf: 160,
    facts: [
      ["executions", "159 of 160"],
      ["others who did it at all", "1"],
    ],
  });
  expect(finding.cases).toHaveLength(159);
  expect(finding.cases).not.toContain("c3");
});
test("also for one kind of case only", () => {
  const random = new Random(1);
  const sites = ["Oslo", "Graz", "Lyon"];
  const rows = checkedBy((c) => (c % 3 === 0 ? "clerk0" : `clerk${random.below(3)}`), 240).map((row) => ({
    ...row,
    site: sites[Number(row.case.slice(1)) % 3],
  }));
  const [finding] = observe(keyPerson, rows);
  expect(finding).toMatchObject({ subject: "Check", people: ["clerk0"], outOf: 80 });
  expect(withValues(finding.statement)).toMatch(/where site is "Oslo"/);
});
test("an approval by one person is another finding, and shared work is none", () => {
  expect(
    observe(
      keyPerson,
      plain(160, (r) =>
        r.map((row) => (row.activity === "Approve request" ? { ...row, person: "boss0" } : row)),
      ),
    ),
  ).toEqual([]);
  expect(observe(keyPerson, plain(160))).toEqual([]);
});
test("the share counts by its lower bound, over so many executions and days", () => {
  const found = (changed: object) =>
    observe(
      keyPerson,
      checkedBy((c) => (c % 20 === 0 ? "clerk1" : "clerk0")),
      {},
      changed,
    ).length;
  const low = wilsonLow(152, 160);
  expect([found({ minShare: low }), found({ minShare: low + 1e-9 })]).toEqual([1, 0]);
  expect([found({ minRows: 160 }), found({ minRows: 161 })]).toEqual([1, 0]);
  expect([found({ minDays: 53 }), found({ minDays: 56 })]).toEqual([1, 0]);
});
