import { expect, test } from "vitest";
import { rework } from "../../src/detectors/rework.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { logOf } from "../log-of.ts";
import { observe } from "./detect.ts";
import { draw, times, MINUTE } from "./processes.ts";

const open = { minCases: 1, minShare: 0, maxShare: 1, maxMeant: 1 };
const found = (...cases: string[]) => observe(rework, logOf(...cases, "Z/p", "Z/q"), {}, open);
const again = (n: number, of: number) => logOf(...times(of, (c) => (c < n ? "A B A C" : "A B C")));

test("A A is a self-loop and does not count; A B A A counts once", () => {
  expect(found("A A")).toEqual([]);
  expect(found("A B A A", "A B")).toMatchObject([
    { subject: "A", cases: ["c1"], outOf: 2, facts: [["repetitions", "1"]] },
  ]);
});
test("steps that come back in the same cases are one finding", () => {
  expect(found("A B A B", "A B A B", "A B")).toMatchObject([
    {
      subject: "A",
      cases: ["c1", "c2"],
      outOf: 3,
      facts: [
        ["repetitions", "2"],
        ["comes back with it", "B"],
      ],
    },
  ]);
});
test("each execution again costs the usual handling time of its activity", () => {
  const rows = draw(times(40, (c) => (c < 20 ? "A B A C" : "A B C"))).map((row) => ({
    ...row,
    start: row.time - 30 * MINUTE,
  }));
  const [finding] = observe(rework, rows);
  expect(finding.cases).toHaveLength(20);
  expect(finding.cost).toMatchObject({ kind: "labour", rows: { "c0 A": 0.5 } });
});
test("a stretch of ping-pong is left to ping-pong where that makes a finding of it", () => {
  const bouncing = "A/x B/y A/x B/y A/x B/y";
  expect(found(bouncing)).toMatchObject([{ subject: "A" }]); // once is no finding of ping-pong
  expect(found(...times(6, () => bouncing))).toEqual([]);
});
test("what only clarifying stands between is left to compensating work", () => {
  expect(found("A Clarify A", "A B A")[0].cases).toEqual(["c2"]);
});
test("ten cases are enough, nine are not; above the largest share it is meant", () => {
  const seen = (n: number, of: number, changed = {}) => observe(rework, again(n, of), {}, changed).length;
  expect([seen(10, 60), seen(9, 60)]).toEqual([1, 0]);
  expect([seen(51, 60), seen(52, 60)]).toEqual([1, 0]);
  const low = wilsonLow(10, 60);
  expect([seen(10, 60, { minShare: low - 1e-9 }), seen(10, 60, { minShare: low })]).toEqual([1, 0]);
});
