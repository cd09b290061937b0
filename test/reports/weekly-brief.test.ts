import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TimeZone } from "../../src/eventlog/time-zone.ts";
import type { WeekFacts } from "../../src/implementations/week-of.ts";
import { lastDue, weeklyBrief } from "../../src/reports/weekly-brief.ts";

const RETURNED = { kind: "labour", low: 1000, mid: 1200, high: 1400, currency: "EUR", basis: "" } as const;
const quiet: WeekFacts = {
  organisation: "Muster <b>AG</b>",
  address: "https://plumbline.example.org",
  from: "2026-11-16",
  to: "2026-11-23",
  processes: [
    {
      name: "Purchase to pay",
      path: "/o/1/p/2/brief",
      readyBefore: 4,
      readyNow: 4,
      steps: 9,
      becameReady: [],
      stoppedBeing: [],
      fresh: [],
      fixed: [],
      turned: [],
    },
  ],
  implementations: [
    {
      name: "Close platform",
      path: "/o/1/i/3",
      startsOn: "2027-01-24",
      opened: [],
      closed: [],
      accepted: [],
      due: [],
      decided: 0,
    },
  ],
  overrides: [],
};

describe("the weekly brief", () => {
  test("there is none in a week in which nothing changed, though a date comes nearer", () => {
    expect(weeklyBrief(quiet)).toBeUndefined();
    expect(weeklyBrief({ ...quiet, processes: [], implementations: [] })).toBeUndefined();
  });

  test("says what changed, in text and in HTML that runs nothing; more than three of a kind are counted", () => {
    const brief = weeklyBrief({
      ...quiet,
      processes: [
        {
          ...quiet.processes[0],
          readyNow: 5,
          becameReady: ["Pay", "Match"],
          stoppedBeing: ["Sort"],
          fresh: ["a", "b", "c", "d", "<script>x</script>"].map((title) => ({ title, money: null })),
          fixed: [{ title: "rework", money: RETURNED }],
          turned: [{ statement: "Approved first.", before: "confirmed", now: "contradicted" }],
        },
      ],
      implementations: [
        {
          ...quiet.implementations[0],
          closed: ["One source is right."],
          due: [{ title: "Owner is named.", decides: "process owner", by: "2026-12-01" }],
        },
      ],
      overrides: [{ step: "Pay", process: "Purchase to pay", what: "ends", until: "2026-11-27" }],
    })!;
    expect(brief.subject).toBe("Muster <b>AG</b>: 13 changes from 2026-11-16 to 2026-11-23");
    expect(brief.text.split("\n")).toEqual(
      expect.arrayContaining([
        "Close platform, 2027-01-24",
        "- 1 decision is due: Owner is named (process owner, by 2026-12-01).",
        "- 1 gap closed by evidence: One source is right.",
        "https://plumbline.example.org/o/1/i/3",
        "- Steps ready: 4 before, 5 of 9 now.",
        "- 2 steps became ready: Pay; Match.",
        "- 1 step no longer ready: Sort.",
        "- 5 new leaks: a; b; c; and 2 more.",
        "- 1 leak no longer seen: rework (EUR 1,200 labour).",
        "- 1 claim changed: Approved first: confirmed, now contradicted.",
        "- 1 override of the gate: Pay of Purchase to pay is overridden only until 2026-11-27.",
      ]) as string[],
    );
    expect(brief.html).not.toMatch(/<script|<b>AG/);
    expect(brief.html).toContain("Muster &lt;b&gt;AG&lt;/b&gt;");
  });

  test("a step that became ready and one that no longer is are news, though as many are ready as before", () => {
    const [process] = quiet.processes;
    const swapped = { ...process, becameReady: ["A"], stoppedBeing: ["B"] };
    expect(weeklyBrief({ ...quiet, processes: [swapped] })?.subject).toContain("2 changes");
  });

  test("is due at the weekday and hour of the organisation's clock, also where the clock changes (read off the calendar)", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2028, 0, 1) }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 4, max: 23 }),
        fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"),
        (now, weekday, hour, name) => {
          const zone = new TimeZone(name);
          const due = lastDue(now, weekday, hour, (utc) => zone.offsetAt(utc));
          const wall = new Intl.DateTimeFormat("en-GB", {
            timeZone: name,
            weekday: "long",
            hour: "numeric",
            minute: "numeric",
            hourCycle: "h23",
          }).formatToParts(due);
          const part = (type: string) => wall.find((one) => one.type === type)!.value;
          const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
          expect([part("weekday"), Number(part("hour")), Number(part("minute"))]).toEqual([
            days[weekday - 1],
            hour,
            0,
          ]);
          expect(due).toBeLessThanOrEqual(now);
          expect(now - due).toBeLessThan(7 * 86_400_000 + 3_600_000);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
