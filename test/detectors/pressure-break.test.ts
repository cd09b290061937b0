import { expect, test } from "vitest";
import { pressureBreak } from "../../src/detectors/pressure-break.ts";
import { type TestRow } from "../log-of.ts";
import { observe, OFFICE } from "./detect.ts";
import { draw, workday, DAY, MINUTE } from "./processes.ts";

/** Three cases a day for 25 weeks, nine in the weeks given; "Check" is left out of them where it says so. */
function underPressure(
  busy: readonly number[],
  isSkipped: (week: number, k: number) => boolean,
  perDay = 9,
): TestRow[] {
  const cases: { text: string; at: number }[] = [];
  for (let day = 0; day < 125; day++) {
    const week = Math.floor(day / 5);
    for (let k = 0; k < (busy.includes(week) ? perDay : 3); k++)
      cases.push({
        text: isSkipped(week, k) ? "Request/a Pay/c" : "Request/a Check/b Pay/c",
        at: workday(day) + k * 10 * MINUTE,
      });
  }
  return draw(
    cases.map(({ text }) => text),
    (c) => cases[c].at,
  );
}

test("a step that is skipped when much comes in", () => {
  const busy = [6, 16];
  const rows = underPressure(busy, (week, k) => busy.includes(week) && k % 2 === 0);
  const [finding, ...more] = observe(pressureBreak, rows, { calendar: OFFICE });
  expect(more).toEqual([]);
  const without = new Set(rows.map((row) => row.case));
  for (const row of rows) if (row.activity === "Check") without.delete(row.case);
  expect(finding).toMatchObject({
    subject: "Check",
    outOf: 90,
    facts: [["days of high load", "10"], expect.anything()],
  });
  expect(finding.cases).toEqual([...without]);
  expect(finding.cases).toHaveLength(50);
  expect(finding.p).toBeLessThan(1e-6);
});
test("work that comes back under pressure", () => {
  const rows = underPressure([6, 16], () => false);
  const again = rows.flatMap((row) => {
    const day = Math.floor((row.time - workday(0)) / DAY);
    const isBusy = [6, 16].includes(Math.floor(day / 7)) && Number(row.case.slice(1)) % 2 === 0;
    return row.activity === "Check" && isBusy
      ? [
          row,
          { ...row, activity: "Return", time: row.time + MINUTE },
          { ...row, time: row.time + 2 * MINUTE },
        ]
      : [row];
  });
  expect(observe(pressureBreak, again, { calendar: OFFICE }).map(({ subject }) => subject)).toHaveLength(1);
});
test("the same share left out at all times is no break, nor is one busy week", () => {
  expect(
    observe(
      pressureBreak,
      underPressure([6, 16], (_, k) => k % 2 === 0),
      { calendar: OFFICE },
    ),
  ).toEqual([]);
  expect(
    observe(
      pressureBreak,
      underPressure([6], (week, k) => week === 6 && k % 2 === 0),
      { calendar: OFFICE },
    ),
  ).toEqual([]);
});
test("load counts from its factor on, and a change from its size on", () => {
  const busy = [6, 16];
  const rows = underPressure(busy, (week, k) => busy.includes(week) && k % 2 === 0);
  const found = (changed: object) => observe(pressureBreak, rows, { calendar: OFFICE }, changed).length;
  expect([found({ highLoad: 3 }), found({ highLoad: 3.1 })]).toEqual([1, 0]);
  expect([found({ minChange: 50 / 90 - 1e-9 }), found({ minChange: 50 / 90 + 1e-9 })]).toEqual([1, 0]);
  expect([found({ minCases: 90 }), found({ minCases: 91 })]).toEqual([1, 0]);
});
