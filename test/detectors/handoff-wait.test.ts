import { expect, test } from "vitest";
import { handoffWait } from "../../src/detectors/handoff-wait.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { observe, OFFICE } from "./detect.ts";
import { plain, every, DAY } from "./processes.ts";

const waiting = (isLong: (c: number) => boolean, shift = 7 * DAY) =>
  plain(120, (r, c) =>
    isLong(c) ? r.map((row, i) => ({ ...row, time: row.time + (i >= 1 ? shift : 0) })) : r,
  );

test("a hand-over that waits for days, in working time beyond the usual one", () => {
  const [finding, ...more] = observe(
    handoffWait,
    waiting((c) => c % 2 === 1),
    { calendar: OFFICE },
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ subject: "Check", outOf: 120, cost: { kind: "delay" } });
  expect(finding.cases).toEqual(every(1, 120).filter((id) => Number(id.slice(1)) % 2 === 1));
  // a week later is 40 working hours later: what goes beyond them is minutes
  for (const hours of Object.values(finding.cost!.rows)) expect(Math.abs(hours - 40)).toBeLessThan(1);
});
test("hand-overs within the hour are none, nor is waiting for somebody outside", () => {
  expect(observe(handoffWait, plain(120), { calendar: OFFICE })).toEqual([]);
  const outside = waiting((c) => c % 2 === 1).map((row) =>
    row.activity === "Check" ? { ...row, activity: "Receive goods" } : row,
  );
  expect(observe(handoffWait, outside, { calendar: OFFICE })).toEqual([]);
});
test("one person's own wait is no hand-over", () => {
  const own = waiting((c) => c % 2 === 1).map((row) =>
    row.activity === "Check" || row.activity === "Request"
      ? { ...row, person: `req${Number(row.case.slice(1)) % 6}` }
      : row,
  );
  expect(observe(handoffWait, own, { calendar: OFFICE }).map(({ subject }) => subject)).not.toContain(
    "Check",
  );
});
test("the share of long waits counts by its lower bound, and as many hand-overs as it takes", () => {
  const found = (changed: object) =>
    observe(
      handoffWait,
      waiting((c) => c % 2 === 1),
      { calendar: OFFICE },
      changed,
    ).length;
  const low = wilsonLow(60, 120);
  expect([found({ minShare: low }), found({ minShare: low + 1e-9 })]).toEqual([1, 0]);
  expect([found({ minCases: 120 }), found({ minCases: 121 })]).toEqual([1, 0]);
  expect([found({ minDays: 4.9 }), found({ minDays: 5.2 })]).toEqual([1, 0]);
});
