import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escalationPdf } from "../../src/reports/escalation-pdf.ts";
import { decideBy } from "../../src/implementations/gaps.ts";
import { escalationOf, type GapToDecide } from "../../src/implementations/escalation.ts";
import { workingDaysBetween } from "../../src/implementations/working-days.ts";

// 2026-11-23 is a Monday
const TODAY = "2026-11-23";
const gap = (over: Partial<GapToDecide>): GapToDecide => ({
  id: over.title ?? "g",
  title: "A gap",
  remedy: "Mend it.",
  owner: null,
  decides: "process owner",
  days: 3,
  decideBy: TODAY,
  state: "open",
  ...over,
});

describe("whom to go to, with what, and what waiting costs", () => {
  test("by hand: overdue, soon, later; by who decides, whoever holds up most first", () => {
    const found = escalationOf(
      [
        gap({ title: "soon", decideBy: "2026-12-07", decides: "controller" }),
        gap({ title: "later", decideBy: "2026-12-08", decides: "controller" }),
        gap({ title: "overdue", decideBy: "2026-11-18", days: 15 }),
        gap({ title: "today" }),
        gap({ title: "accepted", state: "accepted" }),
        gap({ title: "closed", state: "closed" }),
        gap({ title: "no day", decideBy: null }),
      ],
      "2026-12-04",
      TODAY,
    );
    expect(
      found.map(({ decides, overdue, needed }) => [decides, overdue, needed.map(({ title }) => title)]),
    ).toEqual([
      ["process owner", 1, ["overdue", "today"]],
      ["controller", 0, ["soon"]],
    ]);
    // from Wednesday to Monday: Thursday, Friday, Monday; fifteen working days from Monday on end on a
    // Friday, the sixth from the date on
    expect(found[0].needed[0]).toMatchObject({ overdue: 3, closedBy: "2026-12-11", late: 6 });
    expect(found[0].needed[1]).toMatchObject({ overdue: 0, closedBy: "2026-11-25", late: 0 });
    expect(escalationOf([gap({})], null, TODAY)[0].needed[0].late).toBeNull();
    expect(escalationOf([], "2026-12-04", TODAY)).toEqual([]);
  });

  test("what is decided on its last day is in time, on whichever weekday it goes live; what is due on a Friday is overdue on Saturday", () => {
    for (let i = 0; i < 14; i++) {
      const startsOn = new Date(Date.UTC(2026, 11, 1 + i)).toISOString().slice(0, 10);
      for (const days of [0, 1, 3, 15]) {
        const by = decideBy(startsOn, days)!;
        const [{ needed }] = escalationOf([gap({ days, decideBy: by })], startsOn, by);
        expect([startsOn, days, needed[0].isOverdue, needed[0].late]).toEqual([startsOn, days, false, 0]);
      }
    }
    const [{ overdue, needed }] = escalationOf([gap({ decideBy: "2026-11-20" })], null, "2026-11-21");
    expect([overdue, needed[0].isOverdue, needed[0].overdue]).toEqual([1, true, 0]);
  });

  test("working days between are those that are no Saturday and no Sunday (by counting)", () => {
    const day = fc.integer({ min: 0, max: 800 }).map((n) => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000));
    fc.assert(
      fc.property(day, day, (a, b) => {
        let counted = 0;
        for (let at = a.getTime() + 86_400_000; at <= b.getTime(); at += 86_400_000)
          if (!["Sat", "Sun"].includes(new Date(at).toUTCString().slice(0, 3))) counted++;
        expect(workingDaysBetween(a.toISOString().slice(0, 10), b.toISOString().slice(0, 10))).toBe(counted);
      }),
    );
  });

  test("the sheet is a PDF, whatever stands in it", () => {
    const about = { name: "Tool #[x]", startsOn: "2026-12-04", made: TODAY };
    for (const gaps of [
      [],
      [gap({ title: '#panic("no") *bold* $x$' })],
      Array.from({ length: 200 }, (_, i) => gap({ title: `g${i}` })),
    ]) {
      const pdf = Buffer.from(escalationPdf(escalationOf(gaps, about.startsOn, TODAY), about)).toString(
        "latin1",
      );
      expect(pdf.slice(0, 5)).toBe("%PDF-");
    }
  });
});
