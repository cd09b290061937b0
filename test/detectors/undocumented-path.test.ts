import { expect, test } from "vitest";
import { undocumentedPath } from "../../src/detectors/undocumented-path.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { observe, descriptionOf } from "./detect.ts";
import { PURCHASE, purchases, every, HOUR, DAY } from "./processes.ts";

const given = { description: descriptionOf(PURCHASE) };
const swapped = (isSwapped: (c: number) => boolean) =>
  purchases((steps, c) => (isSwapped(c) ? [steps[0], steps[1], steps[3], steps[2], steps[4]] : steps));

test("a step out of its place, put down to the one that came too early", () => {
  const [finding, ...more] = observe(
    undocumentedPath,
    swapped((c) => c % 8 === 0),
    given,
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "Check",
    cases: every(8),
    outOf: 120,
    facts: [['"Check" before "Order"', "15 cases"]],
  });
});
test("of several, the one that is out of order with most", () => {
  const first = purchases((steps, c) => (c % 8 === 0 ? [steps[4], ...steps.slice(0, 4)] : steps));
  expect(observe(undocumentedPath, first, given).map(({ subject }) => subject)).toEqual(["Pay"]);
});
test("work in its order is none, nor work that comes back, nor an approval that comes late", () => {
  expect(observe(undocumentedPath, purchases(), given)).toEqual([]);
  expect(
    observe(
      undocumentedPath,
      purchases((steps) => [...steps, steps[3]]),
      given,
    ),
  ).toEqual([]);
  expect(
    observe(
      undocumentedPath,
      purchases((steps) => [steps[0], steps[2], steps[1], steps[3], steps[4]]),
      given,
    ),
  ).toEqual([]);
});
test("five cases are enough, four are not; equal times are in order", () => {
  const found = (n: number, changed = {}) =>
    observe(
      undocumentedPath,
      swapped((c) => c >= 40 && c < 40 + n),
      given,
      changed,
    ).length;
  expect([found(5), found(4)]).toEqual([1, 0]);
  const low = wilsonLow(5, 120);
  expect([found(5, { minShare: low }), found(5, { minShare: low + 1e-9 })]).toEqual([1, 0]);
  const equal = swapped(() => true).map((row) =>
    ["Check", "Order"].includes(row.activity)
      ? { ...row, time: Math.floor(row.time / DAY) * DAY + 14 * HOUR }
      : row,
  );
  expect(observe(undocumentedPath, equal, given)).toEqual([]);
});
