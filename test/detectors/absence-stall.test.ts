import { expect, test } from "vitest";
import { absenceStall } from "../../src/detectors/absence-stall.ts";
import { observe, OFFICE } from "./detect.ts";
import { draw, HOUR, workday } from "./processes.ts";

/**
 * Two cases a day for six weeks, one checked by ana and one by bob; ana is away on working days 10 to 14 and
 * 20 to 24.
 */
function twoADay(isTakenOver: boolean) {
  const back = (day: number) => (day >= 10 && day < 15 ? 15 : day >= 20 && day < 25 ? 25 : day);
  const cases = Array.from({ length: 60 }, (_, c) => {
    const day = Math.floor(c / 2);
    const waits = (workday(back(day)) - workday(day)) / HOUR + 1;
    if (c % 2 === 1) return `Request/req${day % 3} Check/bob File/carl`;
    return waits > 1 && isTakenOver
      ? `Request/req${day % 3} Check/bob+2h File/carl`
      : `Request/req${day % 3} Check/ana+${waits}h File/carl`;
  });
  return draw(cases, (c) => workday(Math.floor(c / 2)));
}

test("cases that wait for one person to come back, with what they wait beyond the usual hour", () => {
  const [finding, ...more] = observe(absenceStall, twoADay(false), { calendar: OFFICE });
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ subject: "Check", people: ["ana"], outOf: 20 });
  // of five in each absence; the one of the last day waits for an ordinary night
  expect(finding.cases).toEqual(["c20", "c22", "c24", "c26", "c40", "c42", "c44", "c46"]);
  expect(finding.cost).toEqual({
    kind: "delay",
    rows: Object.fromEntries(finding.cases.map((id, i) => [`${id} Check`, [40, 32, 24, 16][i % 4]])),
  });
});

test("work that others take over does not stall", () => {
  expect(observe(absenceStall, twoADay(true), { calendar: OFFICE })).toEqual([]);
});

test("as many cases, and days, as it takes, and one fewer", () => {
  const found = (options: object) =>
    observe(absenceStall, twoADay(false), { calendar: OFFICE }, options).length;
  expect([found({ minCases: 8 }), found({ minCases: 9 })]).toEqual([1, 0]);
  expect([found({ minAbsence: 5 }), found({ minAbsence: 6 })]).toEqual([1, 0]);
});
