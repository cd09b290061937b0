import { DuckDBInstance } from "@duckdb/node-api";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { handlingTimes } from "../../src/discovery/edge-statistics.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { handlingMs } from "../../src/eventlog/handling.ts";
import type { EventLog } from "../../src/eventlog/event-log.ts";
import { allNames, nameAt } from "../../src/eventlog/strings.ts";
import { withValues } from "../../src/input-error.ts";
import { accountOf } from "../../src/formats/account.ts";
import { readLog } from "../../src/formats/index.ts";
import { logSummary } from "../../src/formats/log-summary.ts";
import { shared, whySkipped } from "../shared.ts";
import { inputErrorOf, temporaryFiles } from "./temporary-files.ts";

const { directory, file } = temporaryFiles();
const own = (name: string) => join(import.meta.dirname, "files", name);
const counts = (log: EventLog) => {
  const found = new Map<string, number>();
  for (const a of log.activity) {
    const name = nameAt(log.activities, a);
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...found].sort());
};

describe("rows of a life cycle", () => {
  test("scheduled work is done once; a case with nothing done is counted and said, not shown", async () => {
    const { log, report } = await readLog(own("lifecycle-schedule.xes"));
    expect(counts(log)).toEqual({ Assess: 1, "Call customer": 1 });
    expect([log.caseCount, report.read, report.kept]).toEqual([1, 7, 7]);
    expect(accountOf(report)).toBe(
      [
        "Read 7 rows of XES 1.0 = 7 kept + 0 rejected.",
        "Life cycle: 2 starts joined with their completion; 0 starts without completion and 0 completions without start kept.",
        '  3 schedule: 2 are the "waiting since" of the execution that followed, 1 waits still.',
        "  1 case has nothing that was done and is not among the cases.",
      ].join("\n"),
    );
    expect(logSummary(log, report)).toMatchObject({
      cases: 1,
      beside: 3,
      openWork: 0,
      casesWithoutEvents: 1,
      lifecycleRows: expect.arrayContaining([
        {
          transition: "schedule",
          isStandard: true,
          rows: 3,
          became: { "waiting since": 2, "waiting still": 1 },
        },
      ]) as unknown,
    });
    expect(Array.from(log.waitingSince!, (ms) => new Date(ms).toISOString().slice(0, 16))).toEqual([
      "2025-01-06T08:00",
      "2025-01-06T10:30",
    ]);
  });

  test("suspended and aborted, in a CSV: one review of an hour and a half, and a payment that was never done", async () => {
    const { log, report } = await readLog(own("schedule-and-abort.csv"));
    expect(counts(log)).toEqual({ Review: 1 });
    expect(handlingMs(log, 0)).toBe(1.5 * 3_600_000);
    expect(handlingTimes(log)![0]!.median).toBe(1.5 * 3_600_000);
    expect(report.notes).toContain(
      'Never done, only scheduled, skipped, withdrawn or aborted: "Pay" (once).',
    );
    expect(accountOf(report)).toMatch(/1 ate_abort: 1 says of work that it was never done\./);
  });

  test.each([
    ["German", ["geplant", "gestartet", "unterbrochen", "fortgesetzt", "abgeschlossen", "abgebrochen"]],
    ["spelt out", ["Scheduled", "Started", "Suspended", "Resumed", "Completed", "Cancelled"]],
    ["capitals", ["SCHEDULE", "START", "SUSPEND", "RESUME", "COMPLETE", "PI_ABORT"]],
  ])("as JSON, in other words: %s", async (_, [schedule, start, suspend, resume, complete, abort]) => {
    const row = (activity: string, hour: number, lifecycle: string) => ({
      case: "1",
      activity,
      time: `2025-01-06T${String(hour).padStart(2, "0")}:00:00Z`,
      lifecycle,
    });
    const rows = [
      row("Review", 8, schedule),
      row("Review", 9, start),
      row("Review", 10, suspend),
      row("Review", 11, resume),
      row("Review", 12, complete),
      row("Pay", 13, start),
      row("Pay", 14, abort),
      row("Close", 15, start),
    ];
    const { log } = await readLog(file(JSON.stringify(rows)));
    expect(counts(log)).toEqual({ Close: 1, Review: 1 });
    expect([handlingMs(log, 0), Array.from(log.open!)]).toEqual([2 * 3_600_000, [0, 1]]);
    expect(log.notDone!.begun[0]).toBe(Date.UTC(2025, 0, 6, 13));
  });

  test("states are events of their own, and the account says so", async () => {
    const text = `case,activity,time,lifecycle\n${[
      "Assigned",
      "In Progress",
      "Queued",
      "In Progress",
      "Cancelled",
    ]
      .map((state, i) => `1,Ticket,2025-01-0${i + 1},${state}`)
      .join("\n")}\n`;
    const { log, report } = await readLog(file(text));
    expect(log.eventCount).toBe(5);
    expect(withValues(accountOf(report))).toContain(
      "Life cycle: 2 In Progress, 1 Assigned, 1 Queued, 1 Cancelled: no transitions of the standard; each row is an event of its own.",
    );
  });

  test("each row an event, and completions only, are as they were", async () => {
    const events = await readLog(own("lifecycle-schedule.xes"), { lifecycle: "events" });
    expect([events.log.eventCount, events.log.caseCount]).toEqual([7, 2]);
    const complete = await readLog(own("lifecycle-schedule.xes"), { lifecycle: "complete" });
    expect([complete.log.eventCount, complete.report.counts.leftOut]).toEqual([2, 5]);
  });

  test("a log in which nothing was done says why it has no event", async () => {
    const error = await inputErrorOf(
      readLog(file("case,activity,time,lifecycle\n1,A,2025-01-01,schedule\n2,A,2025-01-01,withdraw\n")),
    );
    expect(error.message).toMatch(/none of 2 rows is an execution: .*--lifecycle events/);
  });
});

describe("a row with a begin and no end is open work", () => {
  const right = (log: EventLog) => ({
    events: log.eventCount,
    cases: log.caseCount,
    open: Array.from(log.open ?? []),
    times: Array.from(log.time, (ms) => new Date(ms).toISOString().slice(0, 13)),
  });
  const expected = {
    events: 5,
    cases: 3,
    open: [0, 1, 0, 0, 1],
    times: ["2025-01-02T09", "2025-01-03T08", "2025-01-03T09", "2025-01-04T10", "2025-01-05T08"],
  };

  test("5 events of 3 cases, in CSV, JSON, JSON lines and Parquet", async () => {
    const { log, report } = await readLog(own("open-work-without-end.csv"));
    expect(right(log)).toEqual(expected);
    expect(accountOf(report)).toMatch(
      /5 kept \+ 0 rejected\.\n2 of them have a begin and no end: open work, kept at its begin\./,
    );
    expect(logSummary(log, report).openWork).toBe(2);

    const rows = [
      ["1", "Open", "2025-01-02 08:00", "2025-01-02 09:00"],
      ["1", "Check", "2025-01-03 08:00", null],
      ["2", "Open", "2025-01-03 08:00", "2025-01-03 09:00"],
      ["2", "Check", null, "2025-01-04 10:00"],
      ["3", "Open", "2025-01-05 08:00", null],
    ].map(([c, activity, start, end]) => ({ case: c, activity, start, end }));
    expect(right((await readLog(file(JSON.stringify(rows)))).log)).toEqual(expected);
    expect(right((await readLog(file(rows.map((r) => JSON.stringify(r)).join("\n")))).log)).toEqual(expected);

    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const path = join(directory, "open.parquet");
    const quoted = (value: string | null) => (value === null ? "null::timestamp" : `timestamp '${value}'`);
    await connection.run(
      `copy (select * from (values ${rows.map((r) => `('${r.case}', '${r.activity}', ${quoted(r.start)}, ${quoted(r.end)})`).join(", ")}) t("case", activity, "Beginn", "Ende")) to '${path}' (format parquet)`,
    );
    expect(right((await readLog(path)).log)).toEqual(expected);
    connection.closeSync();
    instance.closeSync();
  });

  test("a row with neither is rejected, and so is an end that is no time", async () => {
    const { report } = await readLog(
      file(
        "case,activity,start,end\n1,A,2025-01-02 08:00,\n1,B,,\n1,C,2025-01-02 08:00,soon\n1,D,2025-01-03 08:00,2025-01-03 09:00\n",
      ),
    );
    expect(report).toMatchObject({ kept: 2, rejected: 2 });
    expect(report.rejections.map(({ at, got }) => [at, got])).toEqual([
      [3, ""],
      [4, "soon"],
    ]);
  });

  test("a case that ends in open work is not closed, and open work has no handling", async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) =>
        `${i},Open,2025-01-02 08:00,2025-01-02 09:00\n${i},Close,2025-01-03 08:00,${i === 39 ? "" : "2025-01-03 09:00"}\n`,
    ).join("");
    const { log } = await readLog(file(`case,activity,start,end\n${rows}`));
    const evidence = new Evidence(log);
    expect(evidence.isClosed[0]).toBe(1);
    expect(evidence.isClosed[39]).toBe(0);
    const close = allNames(log.activities).indexOf("Close");
    expect(handlingTimes(log)![close]!.min).toBe(3_600_000);
  });
});

test.skipIf(!shared)(
  `BPIC 2012: W_Nabellen offertes was completed 22,976 times, W_Wijzigen contractgegevens never${whySkipped}`,
  async () => {
    const { log, report } = await readLog(`${shared}/data/logs/bpic2012.xes.gz`);
    const done = counts(log);
    const open = counts({
      ...log,
      activity: log.activity.filter((_, e) => log.open?.[e] === 1),
    });
    expect(done["W_Nabellen offertes"] - open["W_Nabellen offertes"]).toBe(22_976);
    expect(done["W_Completeren aanvraag"]).toBe(23_967);
    expect(done["W_Wijzigen contractgegevens"]).toBeUndefined();
    expect(report.notes.join()).toContain('"W_Wijzigen contractgegevens" (12 times)');
    expect(report.counts).toMatchObject({
      rows: 262_200,
      events: 164_509,
      mergedStarts: 71_373,
      unpairedStarts: 3,
      beside: 26_318,
    });
  },
);
