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
