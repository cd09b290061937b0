import { expect, test } from "vitest";
import { learnCalendar } from "../../src/eventlog/calendar.ts";
import { UTC } from "../../src/eventlog/time-zone.ts";
import { logOfRows, type TestRow } from "../log-of.ts";

test("quiet weeks between month ends are working days, not days off", () => {
  const rows: TestRow[] = [];
  for (let d = 0; d < 200; d++) {
    const day = Date.UTC(2025, 0, 6) + d * 86_400_000;
    const date = new Date(day);
    if (date.getUTCDay() % 6 === 0 || date.getUTCDate() < 20) continue;
    for (let i = 0; i < 40; i++)
      rows.push({
        case: `${d}-${i}`,
        activity: "A",
        time: day + (8 * 60 + i * 13) * 60_000,
        person: `p${i % 3}`,
      });
  }
  const calendar = learnCalendar(logOfRows(rows), UTC, { from: rows[0].time, to: rows.at(-1)!.time });
  expect(calendar.describe()).toBe("Mon–Fri 08:00–17:00 (learned from the log, UTC)");
});

test.each([
  [2, 10],
  [4, 20],
  [3, 200],
])("a closure of %i weeks a year, with %i events a day, is days off", (closed, events) => {
  const rows: TestRow[] = [];
  const expected: string[] = [];
  const first = Date.UTC(2023, 0, 2);
  for (let d = 0; d < 3 * 365; d++) {
    const date = new Date(first + d * 86_400_000);
    if (date.getUTCDay() % 6 === 0) continue;
    const week = Math.floor(d / 7) % 52;
    if (week >= 30 && week < 30 + closed) {
      expected.push(date.toISOString().slice(0, 10));
      continue;
    }
    for (let i = 0; i < events; i++)
      rows.push({
        case: `${d}-${i}`,
        activity: "A",
        time: date.getTime() + (8 * 60 + (i * 539) / events) * 60_000,
        person: `p${i % 3}`,
      });
  }
  const range = { from: rows[0].time, to: rows.at(-1)!.time };
  const { holidays } = learnCalendar(logOfRows(rows), UTC, range);
  expect([...holidays].map((one) => new Date(one * 86_400_000).toISOString().slice(0, 10))).toEqual(expected);
});

test("work that fades out at the end leaves no days off behind; Christmas does", () => {
  const rows: TestRow[] = [];
  for (let d = 0; d < 200; d++) {
    const day = Date.UTC(2025, 8, 1) + d * 86_400_000;
    const date = new Date(day);
    if (date.getUTCDay() % 6 === 0) continue;
    if (date.getUTCMonth() === 11 && [24, 25, 26].includes(date.getUTCDate())) continue;
    // half as much each week, from the 150th day on
    const events = d < 150 ? 40 : Math.floor(40 * 2 ** -((d - 150) / 7));
    for (let i = 0; i < events; i++)
      rows.push({
        case: `${d}-${i}`,
        activity: "A",
        time: day + (8 * 60 + i * 13) * 60_000,
        person: `p${i % 3}`,
      });
  }
  const range = { from: rows[0].time, to: Date.UTC(2025, 8, 1) + 200 * 86_400_000 };
  const { holidays } = learnCalendar(logOfRows(rows), UTC, range);
  expect([...holidays].map((one) => new Date(one * 86_400_000).toISOString().slice(0, 10))).toEqual([
    "2025-12-24",
    "2025-12-25",
    "2025-12-26",
  ]);
});
