import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Evidence } from "../../src/evidence/evidence.ts";
import { weeklySeries } from "../../src/outcomes/weekly-series.ts";
import { logOfRows, MONDAY, type TestRow } from "../log-of.ts";

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;
const NAMES = ["Enter", "Check", "Clarify difference", "Pay"];

describe("steps week by week", () => {
  test("as the definition says, event by event (random logs)", () => {
    const event = fc.record({
      after: fc.integer({ min: 1, max: 400 }),
      takes: fc.integer({ min: 0, max: 5 }),
      activity: fc.nat(3),
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(60), fc.array(event, { minLength: 1, maxLength: 7 })), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: -20, max: 80 }),
        (cases, chosen, anchorDays) => {
          const rows: TestRow[] = cases.flatMap(([day, events], c) => {
            let at = MONDAY + day * 24 * HOUR;
            return events.map(({ after, takes, activity }) => {
              at += after * HOUR;
              return { case: `c${c}`, activity: NAMES[activity], start: at - takes * HOUR, time: at };
            });
          });
          const evidence = new Evidence(logOfRows(rows), {});
          const anchor = Date.UTC(2025, 0, 6) + anchorDays * 24 * HOUR;
          const names = new Set(chosen.map((a) => NAMES[a]));
          const activities = evidence.activityNames.flatMap((name, a) => (names.has(name) ? [a] : []));
          const found = weeklySeries(evidence, activities, anchor);
          const { from: first, to: last } = evidence.range;
          expect(Math.abs((found.from - anchor) % WEEK)).toBe(0);
          if (found.executions.length > 0) expect(found.from).toBeGreaterThanOrEqual(first);
          expect(found.from + found.executions.length * WEEK).toBeLessThanOrEqual(last + WEEK);
          found.executions.forEach((n, week) => {
            const [from, to] = [found.from + week * WEEK, found.from + (week + 1) * WEEK];
            const own = rows.filter((row) => names.has(row.activity) && row.time >= from && row.time < to);
            expect(n).toBe(own.length);
            if (n < 3) {
              expect([found.means.hours[week], found.means.again[week], found.means.wait[week]]).toEqual([
                null,
                null,
                null,
              ]);
              return;
            }
            const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
            expect(found.means.hours[week]).toBeCloseTo(
              mean(own.map((row) => (row.time - row.start!) / HOUR)),
              9,
            );
            const waits = own.flatMap((row) => {
              const earlier = rows.filter((one) => one.case === row.case && one.time < row.time);
              return earlier.length === 0
                ? []
                : [Math.max(0, row.start! - Math.max(...earlier.map(({ time }) => time))) / HOUR];
            });
            if (waits.length < 3) expect(found.means.wait[week]).toBeNull();
            else expect(found.means.wait[week]).toBeCloseTo(mean(waits), 9);
            if (to + 4 * WEEK > last) return expect(found.means.again[week]).toBeNull();
            const again = own.filter((row) => {
              const later = rows
                .filter((one) => one.case === row.case && one.time > row.time)
                .sort((a, b) => a.time - b.time);
              return later.some(
                (one, k) =>
                  one.time - row.time <= 4 * WEEK &&
                  (one.activity === "Clarify difference" || (k > 0 && one.activity === row.activity)),
              );
            });
            expect(found.means.again[week]).toBeCloseTo(again.length / own.length, 9);
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});
