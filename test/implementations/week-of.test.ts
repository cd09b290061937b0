import { describe, expect, test } from "vitest";
import { weekOf, type WeekAudit, type WeekRows } from "../../src/implementations/week-of.ts";

const [FROM, TO] = [new Date("2026-11-16T08:00:00Z"), new Date("2026-11-23T08:00:00Z")];
const within = new Date("2026-11-20T12:00:00Z");
const rows = (over: Partial<WeekRows>): WeekRows => ({
  id: "o",
  name: "Org",
  processes: [],
  implementations: [],
  overrides: [],
  ...over,
});
const audit = (at: Date, readySteps: string[], steps = 3): WeekAudit => ({
  at,
  headline: {
    readiness: { ready: readySteps.length, "fix first": steps - readySteps.length },
    readySteps,
    history: {},
  },
});
const process = (audits: WeekAudit[]) => ({ id: "p", name: "P", audits, fresh: [] });
const week = (over: Partial<WeekRows>) => weekOf(rows(over), FROM, TO, "https://example.org");

describe("what happened in a week", () => {
  test("steps that became ready and stopped being so, against the last audit before it", () => {
    const { processes } = week({
      processes: [process([audit(within, ["Sort", "Pay"]), audit(FROM, ["Sort", "Copy"])])],
    });
    expect(processes).toMatchObject([
      { becameReady: ["Pay"], stoppedBeing: ["Copy"], readyBefore: 2, readyNow: 2, steps: 3 },
    ]);
  });

  test("a first audit has nothing to be compared with, and no audit is no news", () => {
    expect(week({ processes: [process([audit(within, ["Sort"])])] }).processes).toMatchObject([
      { becameReady: [], stoppedBeing: [], readyBefore: null, readyNow: 1 },
    ]);
    expect(week({ processes: [process([audit(FROM, ["Sort"])])] }).processes).toEqual([]);
  });

  test("a decision is due from tomorrow to the fourteenth day; what is in use has its date behind it", () => {
    const gap = (decide_by: string | null, state: "open" | "accepted" = "open") => ({
      state,
      content: { title: `by ${decide_by}`, days: 3, decides: "controller" },
      decide_by,
      opened_at: new Date(0),
      accepted_at: null,
      closed_at: null,
    });
    const due = (state: "planned" | "in use", gaps: ReturnType<typeof gap>[]) =>
      week({
        implementations: [{ id: "i", name: "Tool", state, starts_on: "2026-12-04", gaps, notes: [] }],
      }).implementations[0].due.map(({ by }) => by);
    const days = ["2026-11-23", "2026-11-24", "2026-12-07", "2026-12-08"];
    expect(
      due(
        "planned",
        days.map((day) => gap(day)),
      ),
    ).toEqual(["2026-11-24", "2026-12-07"]);
    // three working days before Friday the fourth
    expect(due("planned", [gap(null)])).toEqual(["2026-12-01"]);
    expect(due("planned", [gap(null, "accepted")])).toEqual([]);
    expect(due("in use", [gap(null), gap("2026-11-30")])).toEqual(["2026-11-30"]);
  });

  test("an override is news when it begins, and again in its last week", () => {
    const override = (made_at: Date, until: string) => ({
      step: "Pay",
      process_id: "p",
      made_at,
      until: new Date(until),
    });
    const { overrides } = week({
      processes: [process([])],
      overrides: [
        override(within, "2027-03-01T00:00:00Z"),
        override(FROM, "2026-11-30T07:59:00Z"),
        override(FROM, "2026-11-30T08:00:00Z"),
      ],
    });
    expect(overrides).toEqual([
      { step: "Pay", process: "P", what: "begun", until: "2027-03-01" },
      { step: "Pay", process: "P", what: "ends", until: "2026-11-30" },
    ]);
  });
});
