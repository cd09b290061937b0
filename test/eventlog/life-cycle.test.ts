import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WorkCalendar, type DayHours } from "../../src/eventlog/calendar.ts";
import { buildEventLog, type EventRows } from "../../src/eventlog/build-event-log.ts";
import type { EventLog } from "../../src/eventlog/event-log.ts";
import { handlingMs } from "../../src/eventlog/handling.ts";
import { NOT_DONE, transitionsOf } from "../../src/eventlog/life-cycle.ts";
import { logFromBytes, logToBytes } from "../../src/eventlog/log-bytes.ts";
import { logOfCases } from "../../src/eventlog/select-cases.ts";
import { nameAt } from "../../src/eventlog/strings.ts";
import { UTC } from "../../src/eventlog/time-zone.ts";

const HOUR = 3_600_000;

/** Rows of a text: "1 A schedule, 1 A start, 2 B done"; a row an hour. */
function rowsOf(text: string): EventRows {
  const words = text.split(",").map((row) => row.trim().split(" "));
  const coded = (k: number, from: string[]) => {
    const values = [...new Set([...from, ...words.map((word) => word[k])])];
    return { codes: Uint32Array.from(words, (word) => values.indexOf(word[k])), values };
  };
  const [cases, activities] = [coded(0, []), coded(1, [])];
  return {
    rowCount: words.length,
    caseOf: cases.codes,
    caseIds: cases.values,
    activity: activities.codes,
    activities: activities.values,
    time: Float64Array.from(words, (_, i) => i * HOUR),
    transition: coded(2, [""]),
    attributes: [],
  };
}

const eventsOf = (log: EventLog) =>
  Array.from({ length: log.caseCount }, (_, c) =>
    Array.from({ length: log.caseStart[c + 1] - log.caseStart[c] }, (_, i) => {
      const e = log.caseStart[c] + i;
      const since = log.waitingSince && !Number.isNaN(log.waitingSince[e]) ? log.waitingSince[e] / HOUR : "";
      return `${nameAt(log.caseIds, c)} ${nameAt(log.activities, log.activity[e])} ${since}>${(log.start?.[e] ?? log.time[e]) / HOUR}-${log.open?.[e] ? "" : log.time[e] / HOUR}`;
    }),
  ).flat();

const notDoneOf = ({ notDone }: EventLog) =>
  notDone
    ? Array.from(notDone.what, (what, k) => {
        const hour = (ms: number) => (Number.isNaN(ms) ? "" : ms / HOUR);
        return `${nameAt(notDone.caseIds, notDone.caseOf[k])} ${nameAt(notDone.activities, notDone.activity[k])} ${NOT_DONE[what]} ${hour(notDone.since[k])}>${hour(notDone.begun[k])}-${hour(notDone.until[k])}`;
      }).sort()
    : [];

const built = (text: string) => {
  const { log, counts } = buildEventLog(rowsOf(text), "pairs");
  return { log, counts, events: eventsOf(log), notDone: notDoneOf(log) };
};

describe("rows of other transitions are no executions", () => {
  test("scheduled work is done once, and waits since it was scheduled; what is only scheduled waits still", () => {
    const { events, notDone, counts, log } = built(
      "1 Call schedule, 1 Call assign, 1 Call start, 1 Call complete, 2 Call schedule",
    );
    expect(events).toEqual(["1 Call 0>2-3"]);
    expect(notDone).toEqual(["2 Call waiting 4>-"]);
    expect(log.notDone!.caseInLog[0]).toBe(0);
    expect(counts).toMatchObject({ mergedStarts: 1, beside: 3, casesWithoutEvents: 1 });
    expect(counts.lifecycleRows.find(({ transition }) => transition === "schedule")).toEqual({
      transition: "schedule",
      isStandard: true,
      rows: 2,
      became: { "waiting since": 1, "waiting still": 1 },
    });
  });

  test("suspended work is one execution, whose handling is the time it was not suspended", () => {
    const { log, events } = built(
      "1 A start, 1 A suspend, 1 A resume, 1 A suspend, 1 A resume, 1 A complete",
    );
    expect(events).toEqual(["1 A >0-5"]);
    expect(handlingMs(log, 0)).toBe(3 * HOUR);
  });

  test("work suspended over night was suspended for the working hours in between, not for the night", () => {
    const { log } = built("1 A start, 1 A suspend, 1 A resume, 1 A complete");
    const day = Date.UTC(2025, 0, 6);
    log.start![0] = day + 15 * HOUR;
    log.time[0] = day + 34 * HOUR;
    log.suspensions = {
      event: new Uint32Array([0]),
      from: new Float64Array([day + 16 * HOUR]),
      to: new Float64Array([day + 33 * HOUR]),
    };
    // Monday to Friday, 9 to 17: worked 15 to 16 and 9 to 10, suspended 16 to 17
    const days = Array.from({ length: 7 }, (_, d): DayHours => (d < 5 ? [540, 1020] : undefined));
    const calendar = new WorkCalendar(days, UTC, "given", { from: day, to: day + 48 * HOUR });
    expect([handlingMs(log, 0), handlingMs(log, 0, calendar)]).toEqual([2 * HOUR, 2 * HOUR]);
  });

  test("what was skipped, withdrawn or aborted was never done, whether it was begun or not", () => {
    const { events, notDone } = built(
      "1 A schedule, 1 A withdraw, 1 B start, 1 B ate_abort, 1 C schedule, 1 C autoskip, 1 D manualskip, 1 E start, 1 E pi_abort, 1 F complete",
    );
    expect(events).toEqual(["1 F >9-9"]);
    expect(notDone).toEqual([
      "1 A withdrawn 0>-1",
      "1 B aborted >2-3",
      "1 C skipped 4>-5",
      "1 D skipped >-6",
      "1 E aborted >7-8",
    ]);
  });

  test("aborted and done again is done once", () => {
    const { events, log } = built("1 A start, 1 A ate_abort, 1 A start, 1 A complete");
    expect(events).toEqual(["1 A >2-3"]);
    expect(log.open).toBeUndefined();
  });

  test("a start without completion is open work, and an activity that was never done is none", () => {
    const { log, events } = built("1 A start, 1 B schedule");
    expect(events).toEqual(["1 A >0-"]);
    expect(Number.isNaN(handlingMs(log, 0))).toBe(true);
    expect(log.activities.length).toBe(1);
  });

  test("many pieces of one activity under way at once add up", () => {
    const each = (word: string) => Array.from({ length: 30_000 }, () => `1 Call ${word}`).join(", ");
    const { log, notDone, counts } = built(
      [
        each("schedule"),
        each("start"),
        each("suspend"),
        each("resume"),
        each("complete"),
        each("withdraw"),
      ].join(", "),
    );
    expect([log.eventCount, counts.mergedStarts, notDone.length]).toEqual([30_000, 30_000, 30_000]);
    expect(log.suspensions!.event.length).toBe(30_000);
  });

  test("an assignment at the same instant, before its schedule in the file, is the same piece of work", () => {
    expect(built("1 A assign, 1 A schedule, 1 A start, 1 A complete")).toMatchObject({
      events: ["1 A 0>2-3"],
      notDone: [],
    });
  });

  test("words of no standard stay events of their own, however often other rows pair", () => {
    const { events, counts } = built("1 A start, 1 A In_Progress, 1 A complete");
    expect(events).toEqual(["1 A >1-1", "1 A >0-2"]);
    expect(counts.lifecycleRows.find(({ transition }) => transition === "In_Progress")?.became).toEqual({
      event: 1,
    });
  });
});

describe("words", () => {
  const meant = (...words: string[]) => transitionsOf(words, new Uint8Array(words.length).fill(1));
  test("the standard's, in any case", () => {
    expect(meant("SCHEDULE", "Start", "ate_abort", "PI_ABORT", "autoskip", "reassign")).toEqual([
      "schedule",
      "start",
      "abort",
      "abort",
      "skip",
      "assign",
    ]);
  });
  test("usual spellings where every word is one, in several languages", () => {
    expect(meant("", "Scheduled", "Started", "Cancelled", "Skipped", "UNKNOWN")).toEqual([
      "own",
      "schedule",
      "start",
      "abort",
      "skip",
      "own",
    ]);
    expect(meant("geplant", "gestartet", "übersprungen", "abgebrochen", "abgeschlossen")).toEqual([
      "schedule",
      "start",
      "skip",
      "abort",
      "complete",
    ]);
    for (const words of [
      ["démarré", "terminé", "annulé"],
      ["démarrée", "terminée", "annulée"],
      ["iniciada", "completada", "cancelada"],
      ["iniziato", "completato", "annullato"],
    ])
      expect(meant(...words)).toEqual(["start", "complete", "abort"]);
    // beside words of its own a log's "manual skip" is still one
    expect(meant("Created", "manual skip", "PI-ABORT")).toEqual(["own", "skip", "abort"]);
  });
  test("in a list of states they are states: BPIC 2013", () => {
    expect(meant("Assigned", "In Progress", "Cancelled", "Resolved")).toEqual(["own", "own", "own", "own"]);
  });
  test("a word that every object has is no transition", () => {
    expect(meant("constructor", "start")).toEqual(["own", "start"]);
  });
});

const WORDS = [
  "schedule",
  "assign",
  "start",
  "suspend",
  "resume",
  "complete",
  "manualskip",
  "withdraw",
  "ate_abort",
  "Queued",
];

/** The definition read literally: pieces of work as plain objects, searched from the front. */
function literally(rows: { c: number; a: number; w: string }[]) {
  type Piece = {
    key: string;
    state: "waits" | "runs" | "sleeps" | "gone";
    since?: number;
    begun?: number;
    scheduled?: true;
    assigned?: true;
    asleep: number;
    slept?: number;
  };
  const pieces: Piece[] = [];
  const events: string[] = [];
  const notDone: string[] = [];
  const hours = (piece: Piece) => `${piece.since ?? ""}>${piece.begun ?? ""}`;
  rows.forEach(({ c, a, w }, t) => {
    const key = `${c} a${a}`;
    const first = (...states: Piece["state"][]) =>
      pieces
        .filter((piece) => piece.key === key && states.includes(piece.state))
        .sort((x, y) => pieces.indexOf(x) - pieces.indexOf(y))[0] as Piece | undefined;
    const fresh = (state: Piece["state"]): Piece => {
      const piece: Piece = { key, state, asleep: 0 };
      pieces.push(piece);
      return piece;
    };
    const waits = (test: (piece: Piece) => boolean) =>
      pieces.find((piece) => piece.key === key && piece.state === "waits" && test(piece));
    if (w === "Queued") events.push(`${key} >${t}-${t}`);
    if (w === "schedule") {
      const piece = waits(({ scheduled }) => !scheduled) ?? Object.assign(fresh("waits"), { since: t });
      piece.scheduled = true;
    }
    if (w === "assign") {
      const piece =
        waits(({ assigned }) => !assigned) ??
        first("waits") ??
        first("runs", "sleeps") ??
        Object.assign(fresh("waits"), { since: t });
      piece.assigned = true;
    }
    if (w === "start") Object.assign(first("waits") ?? fresh("waits"), { state: "runs", begun: t });
    if (w === "suspend") {
      const piece = first("runs");
      if (piece) Object.assign(piece, { state: "sleeps", slept: t });
    }
    if (w === "resume") {
      const piece = first("sleeps");
      if (piece) Object.assign(piece, { state: "runs", asleep: piece.asleep + t - piece.slept! });
    }
    if (w === "complete") {
      const piece = first("runs", "sleeps") ?? first("waits") ?? fresh("waits");
      events.push(`${key} ${piece.since ?? ""}>${piece.begun ?? t}-${t}`);
      piece.state = "gone";
    }
    const end = { manualskip: "skipped", withdraw: "withdrawn", ate_abort: "aborted" }[w];
    if (end) {
      const piece =
        (end === "aborted" ? first("runs", "sleeps") : undefined) ??
        first("waits") ??
        (end === "withdrawn" ? first("runs", "sleeps") : undefined) ??
        fresh("waits");
      notDone.push(`${key} ${end} ${hours(piece)}-${t}`);
      piece.state = "gone";
    }
  });
  for (const piece of pieces) {
    if (piece.state === "waits") notDone.push(`${piece.key} waiting ${hours(piece)}-`);
    if (piece.state === "runs" || piece.state === "sleeps") events.push(`${piece.key} ${hours(piece)}-`);
  }
  return { events: events.sort(), notDone: notDone.sort() };
}

test("executions, open work and work never done are those of the definition read literally, and every row is named once", () => {
  const row = fc.record({ c: fc.nat(2), a: fc.nat(1), w: fc.constantFrom(...WORDS) });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
      const text = rows.map(({ c, a, w }) => `${c} a${a} ${w}`).join(",");
      const { log, counts, events, notDone } = built(text);
      expect({ events: events.sort(), notDone }).toEqual(literally(rows));
      expect(counts.events + counts.mergedStarts + counts.beside).toBe(rows.length);
      const told = counts.lifecycleRows.flatMap(({ became }) => Object.values(became));
      expect(told.reduce((a, b) => a + b, 0)).toBe(rows.length);
      for (let e = 0; e < log.eventCount; e++)
        expect(handlingMs(log, e)).not.toBeGreaterThan(log.time[e] - (log.start?.[e] ?? 0));
    }),
    { numRuns: 500 },
  );
});

test("what was not done, open work and suspensions are written to bytes and read back, and follow a selection of cases", () => {
  const { log } = built(
    "1 A schedule, 1 A start, 1 A complete, 2 A start, 2 A suspend, 2 A resume, 2 A complete, 3 B start, 3 C schedule",
  );
  const back = logFromBytes(new Uint8Array(Buffer.concat([...logToBytes(log)])));
  expect(eventsOf(back)).toEqual(eventsOf(log));
  expect(notDoneOf(back)).toEqual(notDoneOf(log));
  expect(handlingMs(back, 1)).toBe(2 * HOUR);
  const part = logOfCases(log, new Uint32Array([1, 2]));
  expect(eventsOf(part)).toEqual(eventsOf(log).slice(1));
  expect([handlingMs(part, 0), part.open![1]]).toEqual([2 * HOUR, 1]);
});
