import { expect, test } from "vitest";
import { batching } from "../../src/detectors/batching.ts";
import { observe, OFFICE } from "./detect.ts";
import { draw, times, workday, HOUR, MINUTE } from "./processes.ts";

/** Three cases a working day; paid an hour later, or at 13:00 of the next run. */
const paid = (n: number, nextRun: (day: number) => number | undefined) =>
  draw(
    times(n, (c) => {
      const day = Math.floor(c / 3);
      const run = nextRun(day);
      const hours = run === undefined ? 1 : (workday(run) - workday(day)) / HOUR + 4;
      return `Request/req${c % 5} Pay/clerk${c % 3}+${hours}h`;
    }),
    (c) => workday(Math.floor(c / 3)) + (c % 3) * 7 * MINUTE + (c % 50) * 1000,
  );
const friday = (day: number) => Math.floor(day / 5) * 5 + 4;

test("a weekly run is a batch; what waits for it is delay", () => {
  const [finding, ...more] = observe(batching, paid(120, friday), { calendar: OFFICE });
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "Pay",
    outOf: 120,
    cost: { kind: "delay", rows: { "c0 Pay": 36, "c12 Pay": 4 } },
    facts: [
      ["days with arrivals (effective)", "40"],
      ["days with executions (effective)", "8"],
    ],
  });
  expect(finding.cases).toHaveLength(120);
});
test("what is done the same day, or by a program, is none", () => {
  expect(
    observe(
      batching,
      paid(120, () => undefined),
      { calendar: OFFICE },
    ),
  ).toEqual([]);
  const program = paid(120, friday).map((row) =>
    row.activity === "Pay" ? { ...row, person: "SYSTEM" } : row,
  );
  expect(observe(batching, program, { calendar: OFFICE })).toEqual([]);
});
test("as many rows, days and hours as it takes, and a little more", () => {
  const found = (changed: object) =>
    observe(batching, paid(120, friday), { calendar: OFFICE }, changed).length;
  expect([found({ minRows: 120 }), found({ minRows: 121 })]).toEqual([1, 0]);
  const ratio = (maxRatio: number) =>
    observe(batching, paid(117, friday), { calendar: OFFICE }, { maxRatio }).length;
  expect([ratio(0.205), ratio(0.204)]).toEqual([1, 0]); // 7.96 of 39 days
  expect([found({ minSize: 15 }), found({ minSize: 16 })]).toEqual([1, 0]);
  expect([found({ minWaitHours: 20 }), found({ minWaitHours: 20.1 })]).toEqual([1, 0]);
});
