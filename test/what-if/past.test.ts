import { describe, expect, test } from "vitest";
import { Evidence } from "../../src/evidence/evidence.ts";
import { allNames } from "../../src/eventlog/strings.ts";
import { pastOf } from "../../src/what-if/past.ts";
import { Random } from "../../src/statistics/random.ts";
import { logOfRows, type TestRow } from "../log-of.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const MONDAY = Date.UTC(2024, 0, 1);

/**
 * Forty weeks of cases of ten hours, a number a working day by week; in some weeks they take longer; ana
 * works every day but in some weeks.
 */
function evidenceOf(
  perDay: (week: number) => number,
  hours: (week: number) => number,
  anaAway: (week: number) => boolean,
): Evidence {
  const random = new Random("past");
  const rows: TestRow[] = [];
  let c = 0;
  for (let day = 0; day < 40 * 7; day++) {
    const week = Math.floor(day / 7);
    if (day % 7 > 4) continue;
    for (let i = 0; i < perDay(week); i++, c++) {
      const at = MONDAY + day * DAY + 8 * HOUR + random.between(0, 9 * HOUR);
      const person = i === 0 && !anaAway(week) ? "ana" : "ben";
      rows.push(
        { case: `c${c}`, activity: "Begin", time: at, person },
        { case: `c${c}`, activity: "End", time: at + hours(week) * HOUR, person: "" },
      );
    }
  }
  return new Evidence(logOfRows(rows), {});
}

describe("what the log shows of times like the one that is asked about", () => {
  const volume = (more: number, monthEndOnly = false) => ({ kind: "volume", more, monthEndOnly }) as const;

  test("weeks with more, beside the four weeks before and after", () => {
    const peaks = new Set([8, 16, 24, 32]);
    const evidence = evidenceOf(
      (week) => (peaks.has(week) ? 20 : 10),
      (week) => (peaks.has(week) ? 14 : 10),
      () => false,
    );
    const past = pastOf(evidence, volume(0.5))!;
    expect(past.spans.map(({ from, to }) => [(from - MONDAY) / WEEK, (to - from) / WEEK])).toEqual([
      [32, 1],
      [24, 1],
      [16, 1],
      [8, 1],
    ]);
    for (const span of past.spans) {
      expect(span.cases).toBe(100);
      expect(span.mean).toBeCloseTo(14, 6);
      expect(span.around).toBeCloseTo(10, 6);
      expect(span.rate).toBeCloseTo(2, 6);
    }
    expect(past.difference).toBeCloseTo(4, 6);
    expect(past.interval![0]).toBeCloseTo(4, 6);
    // more than ever came: nothing to show, but the most that came
    expect(pastOf(evidence, volume(1.5))).toMatchObject({ spans: [], difference: null, interval: null });
    expect(pastOf(evidence, volume(1.5))!.most).toBeCloseTo(2, 6);
  });

  test("ends of months are not compared with the ends of other months", () => {
    const random = new Random("ends");
    const rows: TestRow[] = [];
    let c = 0;
    for (let day = 0; day < 400; day++) {
      const date = new Date(MONDAY + day * DAY);
      const days = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
      const isEnd = date.getUTCDate() > days - 5 || date.getUTCDate() <= 2;
      for (let i = 0; i < (isEnd ? 20 : 10); i++, c++) {
        const at = MONDAY + day * DAY + random.between(8, 17) * HOUR;
        rows.push({ case: `c${c}`, activity: "Begin", time: at, person: "ana" });
        rows.push({ case: `c${c}`, activity: "End", time: at + (isEnd ? 9 : 6) * HOUR, person: "ben" });
      }
    }
    const past = pastOf(new Evidence(logOfRows(rows), {}), volume(0.9, true))!;
    expect(past.spans.length).toBeGreaterThan(8);
    for (const { rate } of past.spans) expect(rate).toBeCloseTo(2, 1);
    expect(past.difference).toBeCloseTo(3, 6);
  });

  test("absences of a person, and none of somebody who was always there", () => {
    const away = new Set([10, 20]);
    const evidence = evidenceOf(
      () => 4,
      (week) => (away.has(week) ? 13 : 10),
      (week) => away.has(week),
    );
    const personOf = (name: string) => allNames(evidence.log.people).indexOf(name);
    const past = pastOf(evidence, { kind: "away", person: personOf("ana"), weeks: 2 })!;
    expect(past.spans.length).toBe(2);
    expect(past.difference).toBeGreaterThan(2);
    expect(past.interval).toBeNull();
    expect(pastOf(evidence, { kind: "away", person: personOf("ben"), weeks: 2 })!.spans).toEqual([]);
  });

  test("absences in which too few cases began are said, and one is not compared with another", () => {
    const away = new Set([10, 12]);
    const evidence = evidenceOf(
      () => 4,
      (week) => (away.has(week) ? 13 : 10),
      (week) => away.has(week),
    );
    const person = allNames(evidence.log.people).indexOf("ana");
    const past = pastOf(evidence, { kind: "away", person, weeks: 2 })!;
    expect(past.spans.length).toBe(2);
    // the week between belongs to neither, and is compared with both
    for (const { around } of past.spans) expect(around).toBeLessThan(10.5);
    const few = evidenceOf(
      (week) => (away.has(week) ? 0 : 2),
      () => 10,
      (week) => away.has(week),
    );
    const nobody = pastOf(few, { kind: "away", person: allNames(few.log.people).indexOf("ana"), weeks: 2 })!;
    expect([nobody.spans.length, nobody.difference, nobody.tooFew]).toEqual([0, null, 2]);
  });

  test("the interval is Student's over the spans, and holds zero where nothing happened", () => {
    const random = new Random("noise");
    let held = 0;
    for (let round = 0; round < 40; round++) {
      const weekly = Array.from({ length: 40 }, () => 10 + random.normal());
      const evidence = evidenceOf(
        (week) => (week % 6 === 5 ? 12 : 6),
        (week) => weekly[week],
        () => false,
      );
      const { interval } = pastOf(evidence, volume(0.3))!;
      if (interval![0] <= 0 && interval![1] >= 0) held++;
    }
    expect(held).toBeGreaterThanOrEqual(34);
  });

  test("no log says that work moved or that an assistant did it", () => {
    const evidence = evidenceOf(
      () => 4,
      () => 10,
      () => false,
    );
    expect(pastOf(evidence, { kind: "moved", from: "a", to: "b" })).toBeUndefined();
    expect(pastOf(evidence, { kind: "assistant", step: "End", share: 1, error: 0 })).toBeUndefined();
  });
});
