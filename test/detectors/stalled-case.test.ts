import { expect, test } from "vitest";
import { stalledCase } from "../../src/detectors/stalled-case.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { observe } from "./detect.ts";
import { plain } from "./processes.ts";

const left = (isLeft: (c: number) => boolean, activity = 2) =>
  plain(200, (r, c) => (isLeft(c) || c > 190 ? r.slice(0, activity) : r));

test("cases left on the way stand still, recent ones do not", () => {
  const [finding, ...more] = observe(
    stalledCase,
    left((c) => c % 12 === 0 && c < 150),
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "Check",
    outOf: 200,
    cost: { kind: "exposure", rows: { "c12 Check": 112 } },
  });
  expect(finding.cases).toEqual(Array.from({ length: 13 }, (_, i) => `c${i * 12}`));
});
test("cases that went on, and logs in which none ends, are none", () => {
  expect(
    observe(
      stalledCase,
      left(() => false),
    ),
  ).toEqual([]);
});
test("where no activity stands out it is about the whole process", () => {
  const rows = plain(200, (r, c) => (c < 150 && c % 12 === 0 ? r.slice(0, 1 + ((c / 12) % 3)) : r));
  expect(observe(stalledCase, rows, {}, { minCases: 6 })).toMatchObject([
    { subject: "whole process", outOf: 200 },
  ]);
});
test("five cases are enough, four are not; the share counts by its lower bound", () => {
  const found = (n: number, changed = {}) =>
    observe(
      stalledCase,
      left((c) => c < n * 12 && c % 12 === 0),
      {},
      changed,
    ).length;
  expect([found(5), found(4)]).toEqual([1, 0]);
  const low = wilsonLow(5, 200);
  expect([found(5, { minShare: low - 1e-9 }), found(5, { minShare: low })]).toEqual([1, 0]);
});
