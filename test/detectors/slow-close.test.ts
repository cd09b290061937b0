import { expect, test } from "vitest";
import { slowClose } from "../../src/detectors/slow-close.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { type TestRow } from "../log-of.ts";
import { observe, descriptionOf, OFFICE } from "./detect.ts";
import { every, HOUR, DAY, MINUTE } from "./processes.ts";

/** The n-th working day of a month of 2025, at 09:00; 0 is the first. */
function workdayOf(month: number, n: number): number {
  let day = Date.UTC(2025, month, 1, 9);
  for (let left = n; ; day += DAY) {
    const isOff = [0, 6].includes(new Date(day).getUTCDay());
    if (!isOff && left-- === 0) return day;
  }
}

/**
 * Five tasks in each of six months, posted at once and checked an hour later; reconciled so many hours after
 * the third, or the ninth working day begins.
 */
const close = (isLate: (month: number, task: number) => boolean, hours = 1, day = 8): TestRow[] =>
  Array.from({ length: 30 }, (_, c): TestRow[] => {
    const [month, task] = [Math.floor(c / 5), c % 5];
    const from = workdayOf(month, 0) + task * MINUTE;
    return [
      { case: `c${c}`, activity: "Post", person: `a${task}`, time: from },
      { case: `c${c}`, activity: "Check", person: `b${task}`, time: from + HOUR },
      {
        case: `c${c}`,
        activity: "Reconcile",
        person: `c${task}`,
        time: workdayOf(month, isLate(month, task) ? day : 2) + hours * HOUR,
      },
    ];
  }).flat();
const given = {
  calendar: OFFICE,
  description: descriptionOf({ process: "Month-end close", flow: ["Post", "Check", "Reconcile"] }),
};

test("tasks that end more than eight working days after the month, with the hours beyond them", () => {
  const [finding, ...more] = observe(
    slowClose,
    close((_, task) => task < 2, 1, 10),
    given,
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ subject: "Reconcile", outOf: 30, people: [] });
  expect(finding.cases).toEqual(every(1, 30).filter((id) => Number(id.slice(1)) % 5 < 2));
  // two working days and an hour beyond the eighth
  expect(finding.cost).toEqual({
    kind: "delay",
    rows: Object.fromEntries(finding.cases.map((id) => [`${id} Reconcile`, 17])),
  });
  expect(finding.facts).toHaveLength(6);
  expect(finding.facts[0]).toEqual(["month ending 2024-12-31", "2 of 5 tasks late"]);
});
test("a close in time is none", () => {
  expect(
    observe(
      slowClose,
      close(() => false),
      given,
    ),
  ).toEqual([]);
});
test("eight working days are in time, an hour more is late", () => {
  expect(
    observe(
      slowClose,
      close(() => true, 0),
      given,
    ),
  ).toEqual([]);
  expect(
    observe(
      slowClose,
      close(() => true, 1),
      given,
    ),
  ).toMatchObject([{ outOf: 30, cost: { rows: { "c0 Reconcile": 1 } } }]);
});
test("half of the months are enough, fewer are not; the share counts by its lower bound", () => {
  const found = (months: number, options = {}) =>
    observe(
      slowClose,
      close((month) => month < months),
      given,
      options,
    ).length;
  expect([found(3), found(2)]).toEqual([1, 0]);
  const low = wilsonLow(15, 30);
  expect([found(3, { minShare: low }), found(3, { minShare: low + 1e-9 })]).toEqual([1, 0]);
});
