import { expect, test } from "vitest";
import { compensatingWork } from "../../src/detectors/compensating-work.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { observe, descriptionOf } from "./detect.ts";
import { draw, times, every, MINUTE } from "./processes.ts";

const clarified = (n: number, of = 100) =>
  draw(times(of, (c) => (c < n ? "Request/a Clarify/b Clarify/b Pay/c" : "Request/a Pay/c"))).map((row) => ({
    ...row,
    start: row.time - 15 * MINUTE,
  }));

test("work that makes up for something, each time with its usual handling time", () => {
  const [finding, ...more] = observe(compensatingWork, clarified(20));
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "Clarify",
    outOf: 100,
    facts: [["executions", "40"]],
    cost: { kind: "labour", rows: { "c0 Clarify": 0.25 } },
  });
  expect(finding.cases).toEqual(every(1, 20));
});
test("ordinary work is none", () => {
  expect(observe(compensatingWork, draw(times(100, () => "Request/a Check/b Pay/c")))).toEqual([]);
});
test("five cases are enough, four are not; the share counts by its lower bound, and a described step may take more", () => {
  const found = (n: number, changed = {}, given = {}) =>
    observe(compensatingWork, clarified(n, 40), given, changed).length;
  expect([found(5), found(4)]).toEqual([1, 0]);
  const low = wilsonLow(5, 40);
  expect([found(5, { minShare: low }), found(5, { minShare: low + 1e-9 })]).toEqual([1, 0]);
  const description = descriptionOf({ process: "p", flow: ["Request", { optional: "Clarify" }, "Pay"] });
  expect([found(5, {}, { description }), found(9, {}, { description })]).toEqual([0, 1]);
});
