import { expect, test } from "vitest";
import { lateCorrection } from "../../src/detectors/late-correction.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { observe } from "./detect.ts";
import { plain, every } from "./processes.ts";

const changed = (isSo: (c: number) => boolean) =>
  plain(160, (r, c) =>
    isSo(c)
      ? [...r.slice(0, 3), { ...r[3], activity: "Change amount", time: r[3].time - 1 }, r[3]]
      : c % 10 === 5
        ? [...r.slice(0, 2), { ...r[1], activity: "Change amount", time: r[1].time + 1 }, ...r.slice(2)]
        : r,
  );

test("a change after the approval, never approved again", () => {
  const [finding, ...more] = observe(
    lateCorrection,
    changed((c) => c % 10 === 0),
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "Change amount",
    cases: every(10, 160),
    outOf: 160,
    cost: { kind: "exposure", rows: { "c0 Change amount": 100, "c150 Change amount": 250 } },
  });
});
test("an amount that is another at the end, without an event that says so", () => {
  const silent = plain(160, (r, c) =>
    r.map((row) =>
      row.activity === "Pay" && c % 10 === 0 ? { ...row, amount: 2 * (row["amount"] as number) } : row,
    ),
  );
  expect(observe(lateCorrection, silent)).toMatchObject([
    { subject: "amount", cases: every(10, 160), outOf: 160 },
  ]);
});
test("a change before the approval, or approved again, is none", () => {
  expect(
    observe(
      lateCorrection,
      changed(() => false),
    ),
  ).toEqual([]);
  const again = plain(160, (r, c) =>
    c % 10 === 0
      ? [
          ...r.slice(0, 3),
          { ...r[2], activity: "Change amount", time: r[2].time + 1 },
          { ...r[2], time: r[2].time + 2 },
          r[3],
        ]
      : r,
  );
  expect(observe(lateCorrection, again)).toEqual([]);
});
test("four cases are enough, three are not; the share counts by its lower bound", () => {
  const found = (n: number, options = {}) =>
    observe(
      lateCorrection,
      changed((c) => c % 10 === 0 && c < n * 10),
      {},
      options,
    ).length;
  expect([found(4), found(3)]).toEqual([1, 0]);
  const low = wilsonLow(4, 160);
  expect([found(4, { minShare: low }), found(4, { minShare: low + 1e-9 })]).toEqual([1, 0]);
});
