import { expect, test } from "vitest";
import { lateLogging } from "../../src/detectors/late-logging.ts";
import type { EventLog } from "../../src/eventlog/event-log.ts";
import { nameAt } from "../../src/eventlog/strings.ts";
import { logOfRows, type TestRow } from "../log-of.ts";
import { observe } from "./detect.ts";
import { draw, times, plain, every, workday, DAY, MINUTE } from "./processes.ts";

/** Recorded five minutes after it happened, and where it says so as many milliseconds later. */
function recorded(late: (row: TestRow, c: number) => number | undefined): EventLog {
  const log = logOfRows(
    plain(160).map((row) => ({
      ...row,
      recorded_at: new Date(row.time + (late(row, Number(row.case.slice(1))) ?? 5 * MINUTE)).toISOString(),
    })),
  );
  const at = log.columns.findIndex(({ name }) => name === "recorded_at");
  const texts = log.columns[at];
  if (texts.kind !== "text" && texts.kind !== "dictionary") throw new Error("expected text");
  const times = Float64Array.from(texts.codes, (code) => Date.parse(nameAt(texts.values, code)));
  log.columns[at] = { name: "recorded_at", scope: "event", missing: 0, kind: "time", times };
  return log;
}

/** Three entries a day by ana, so many seconds apart, and two by bob as they come. */
const typed = (seconds: number) =>
  draw(
    times(
      60,
      (c) =>
        `Request/req${c % 4} Enter/${c % 5 < 3 ? "ana" : "bob"}+${c % 5 < 3 ? 6 * 3600 + (c % 5) * seconds : 2400 + (c % 5) * 1300}s Pay/pay${c % 3}`,
    ),
    (c) => workday(Math.floor(c / 5)),
  );

test("entries recorded days later", () => {
  const [finding, ...more] = observe(
    lateLogging,
    recorded((row, c) => (row.activity === "Check" && c % 3 === 0 ? 4 * DAY : undefined)),
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "Check",
    outOf: 160,
    facts: [["recorded in column", "recorded_at"]],
    cases: every(3, 160),
  });
});
test("late entries by one person of one activity are about the activity", () => {
  const found = observe(
    lateLogging,
    recorded((row, c) => (row.person === "clerk0" && c % 2 === 0 ? 2 * DAY : undefined)),
  );
  expect(found.map(({ subject }) => subject)).toEqual(["Check"]);
});
test("what is recorded within the day is none", () => {
  expect(
    observe(
      lateLogging,
      recorded(() => undefined),
    ),
  ).toEqual([]);
});
test("24 hours are in time, a little more is late; eight cases are enough, seven are not", () => {
  const found = (n: number, ms: number) =>
    observe(
      lateLogging,
      recorded((row, c) => (row.activity === "Check" && c < n ? ms : undefined)),
      {},
      { minShare: 0.01 },
    ).length;
  expect([found(8, DAY), found(8, DAY + 1000)]).toEqual([0, 1]);
  expect(found(7, DAY + 1000)).toBe(0);
});
test("entries of one person within seconds on different cases", () => {
  const [finding, ...more] = observe(lateLogging, typed(10));
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "Enter",
    people: ["ana"],
    outOf: 36,
    facts: [["entries in bursts", "36"]],
  });
  const found = (changed: object) => observe(lateLogging, typed(10), {}, changed).length;
  expect([found({ gapSeconds: 10 }), found({ gapSeconds: 9 })]).toEqual([1, 0]);
  expect([found({ minRun: 3 }), found({ minRun: 4 })]).toEqual([1, 0]);
  expect([found({ minCases: 36 }), found({ minCases: 37 })]).toEqual([1, 0]);
});
