import { expect, test } from "vitest";
import { processDrift } from "../../src/detectors/process-drift.ts";
import { observe } from "./detect.ts";
import { plain, DAY } from "./processes.ts";

const screenedFrom = (first: number, isSo: (c: number) => boolean = () => true) =>
  plain(400, (r, c) =>
    c >= first && isSo(c)
      ? [...r.slice(0, 2), { ...r[1], activity: "Screen", time: r[1].time + 1000 }, ...r.slice(2)]
      : r,
  );

test("a step that appears from a day on, within a week of it, in the cases since", () => {
  const rows = screenedFrom(200);
  const [finding, ...more] = observe(processDrift, rows);
  expect(more).toEqual([]);
  expect(finding.subject).toBe("Screen");
  const truth = rows.find((row) => row.activity === "Screen")!.time;
  expect(Math.abs(Date.parse(finding.at!) - truth)).toBeLessThan(8 * DAY);
  expect(finding.facts[0]).toEqual(['share of cases with "Screen"', "0 % → 100 %"]);
  expect(finding.cases.length).toBeGreaterThan(170);
  expect(finding.cases.length).toBe(finding.outOf);
});
test("a step that vanishes is a drift as well", () => {
  const rows = plain(400, (r, c) => (c >= 200 ? r.filter((row) => row.activity !== "Check") : r));
  const [finding] = observe(processDrift, rows);
  expect(finding.subject).toBe("Check");
  expect(finding.facts[0]).toEqual(['share of cases with "Check"', "100 % → 0 %"]);
});
test("a step that half of the cases always had is none", () => {
  expect(
    observe(
      processDrift,
      screenedFrom(0, (c) => c % 2 === 0),
    ),
  ).toEqual([]);
});
test("a change counts from its size on, and over as many cases as it takes", () => {
  const found = (changed: object) =>
    observe(
      processDrift,
      screenedFrom(200, (c) => c % 2 === 0),
      {},
      changed,
    ).length;
  expect([found({ minChange: 0.45 }), found({ minChange: 0.55 })]).toEqual([1, 0]);
  expect([found({ minCases: 300 }), found({ minCases: 400 })]).toEqual([1, 0]);
  expect([found({ minWeeks: 18 }), found({ minWeeks: 20 })]).toEqual([1, 0]);
});
