import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pseudonymise } from "../../src/audit/audit-document.ts";
import { judgeProcess } from "../../src/judgement/judge-process.ts";
import { wordedAudit } from "../../src/wording/worded-audit.ts";
import { htmlReport } from "../../src/reports/html-report.ts";
import { headline, textReport } from "../../src/reports/text-report.ts";
import { ASSUMED_RATES } from "../../src/audit/rates.ts";
import { findingId, runAudit } from "../../src/audit/run-audit.ts";
import {
  caseSet,
  costOf,
  defineDetector,
  type Cost,
  type Detector,
  type Observation,
} from "../../src/detectors/detector.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { learnCalendar, WorkCalendar } from "../../src/eventlog/calendar.ts";
import { TimeZone, UTC } from "../../src/eventlog/time-zone.ts";
import { logOf, logOfRows } from "../log-of.ts";

const log = logOf(...Array.from({ length: 40 }, (_, i) => (i % 2 ? "A/x B/y" : "A/x B/z A/y")));

function fake(id: string, observations: Partial<Observation>[], yieldsTo: string[] = []): Detector {
  return defineDetector({
    id,
    category: "handoffs",
    title: id,
    question: id,
    remedy: { text: "Mend it.", effort: "days", decides: "process owner" },
    yieldsTo,
    options: {},
    missing: () => [],
    detect: () =>
      observations.map((o) => ({
        subject: "A",
        statement: "",
        cases: Uint32Array.of(0),
        outOf: 40,
        people: [],
        facts: [],
        ...o,
      })),
  }) as Detector;
}
const labour = (rows: [number, number][]): Cost => costOf("labour", "test", rows);

describe("money", () => {
  test("one euro belongs to one finding: a row charged twice is charged to the first, the other names it", () => {
    const audit = runAudit(new Evidence(log), {
      detectors: [
        fake("first", [
          {
            cost: labour([
              [0, 1],
              [1, 2],
            ]),
          },
        ]),
        fake("second", [
          {
            cost: labour([
              [1, 2],
              [2, 4],
            ]),
          },
        ]),
      ],
    });
    const [second, first] = audit.findings;
    expect(first).toMatchObject({
      detector: "first",
      money: { mid: 3 * 45 * 0.95, kind: "labour", currency: "EUR" },
    });
    expect(second).toMatchObject({
      detector: "second",
      money: { mid: 4 * 45 * 0.95 },
      alsoSeenBy: [first.id],
    });
  });

  test("different kinds of money on one row are different euros", () => {
    const audit = runAudit(new Evidence(log), {
      detectors: [
        fake("a", [{ cost: labour([[0, 1]]) }]),
        fake("b", [{ cost: costOf("exposure", "x", [[0, 500]]) }]),
      ],
    });
    expect(audit.findings.map(({ money }) => money?.mid)).toEqual([42.75, 500]);
    expect(audit.totals[0].labour.mid).toBe(42.75);
    expect(audit.exposure).toMatchObject([{ mid: 500 }]);
  });

  test("mids add up exactly, and each range holds its mid", () => {
    const entries = fc.uniqueArray(fc.tuple(fc.nat(99), fc.double({ min: 0.01, max: 50, noNaN: true })), {
      minLength: 1,
      maxLength: 20,
      selector: ([row]) => row,
    });
    fc.assert(
      fc.property(fc.array(entries, { minLength: 1, maxLength: 4 }), (groups) => {
        const audit = runAudit(new Evidence(log), {
          detectors: groups.map((rows, i) => fake(`d${i}`, [{ cost: labour(rows) }])),
        });
        const priced = audit.findings.flatMap(({ money }) => money ?? []);
        const sum = (pick: (m: (typeof priced)[number]) => number) => priced.reduce((s, m) => s + pick(m), 0);
        const { labour: total } = audit.totals[0];
        expect(total.mid).toBeCloseTo(
          sum((m) => m.mid),
          6,
        );
        for (const { low, mid, high } of [...priced, total]) expect(low <= mid && mid <= high).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  test("the range of a sum is narrower than the sum of ranges where findings vary apart", () => {
    const apart = Array.from({ length: 8 }, (_, k) =>
      fake(`d${k}`, [{ cost: labour(Array.from({ length: 5 }, (_, i) => [k * 10 + i, 1])) }]),
    );
    const rates = { ...ASSUMED_RATES, assumed: false };
    const { findings, totals } = runAudit(new Evidence(log), { detectors: apart, rates });
    const sum = findings.reduce((width, { money }) => width + money!.high - money!.low, 0);
    expect(totals[0].labour.high - totals[0].labour.low).toBeLessThan(sum * 0.8);
  });

  test("delay has a price only when somebody gives one", () => {
    const detectors = [fake("d", [{ cost: costOf("delay", "hours", [[0, 48]]) }])];
    expect(runAudit(new Evidence(log), { detectors }).findings[0].money).toBeNull();
    const rates = { ...ASSUMED_RATES, delayPerDay: 100 };
    expect(runAudit(new Evidence(log), { detectors, rates }).findings[0].money).toMatchObject({
      kind: "delay",
      mid: 190, // round-the-clock days of 24 hours; 0.95 is the precision before anybody has judged
    });
  });

  test("a role has its own rate", () => {
    const roles = logOfRows([
      { case: "1", activity: "A", time: 1, person: "x", role: "Clerk" },
      { case: "1", activity: "B", time: 2, person: "y", role: "Boss" },
    ]);
    const rates = {
      currency: "SEK",
      hourly: 10,
      roles: { Boss: 100 },
      assumed: false,
      capital: 0,
      capitalAssumed: false,
    };
    const [finding] = runAudit(new Evidence(roles), {
      detectors: [
        fake("d", [
          {
            cost: labour([
              [0, 1],
              [1, 1],
            ]),
          },
        ]),
      ],
      rates,
    }).findings;
    expect(finding.money).toMatchObject({ mid: 110 * 0.95, currency: "SEK" });
  });
});

describe("findings", () => {
  test("ids are a hash of detector and subject", () => {
    expect(findingId("rework", "A")).toMatch(/^[0-9a-f]{10}$/);
    expect(findingId("rework", "A")).toBe(findingId("rework", "A"));
    expect(findingId("rework", "A")).not.toBe(findingId("rework", "B"));
  });

  test("one cause is one finding: the more specific keeps it and says who else saw it", () => {
    const cases = caseSet([0, 1, 2, 3]);
    const audit = runAudit(new Evidence(log), {
      detectors: [
        fake("batching", [{ cases }]),
        fake("handoff-wait", [{ cases: caseSet([1, 2, 3, 4]) }], ["batching"]),
      ],
    });
    expect(audit.findings).toMatchObject([
      { detector: "batching", alsoSeenBy: [findingId("handoff-wait", "A")] },
    ]);
  });

  test("false-discovery control is over one detector's tests; counts of counter-examples stand outside", () => {
    const tests = [0.001, 0.04, 0.9, 0.9].map((p, i) => ({ subject: `s${i}`, p }));
    const audit = runAudit(new Evidence(log), { detectors: [fake("t", [...tests, { subject: "counted" }])] });
    expect(audit.findings.map(({ subject }) => subject).sort()).toEqual(["counted", "s0"]);
  });

  test("a share with nothing to divide by is null", () => {
    const [finding] = runAudit(new Evidence(log), {
      detectors: [fake("d", [{ cases: new Uint32Array(0), outOf: 0 }])],
    }).findings;
    expect([finding.share, finding.interval, finding.money]).toEqual([null, null, null]);
  });
});

describe("the working calendar", () => {
  const range = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2025, 11, 31) };
  const week = [
    [480, 1020],
    [480, 1020],
    [480, 1020],
    [480, 1020],
    [480, 960],
    undefined,
    undefined,
  ] as const;
  const calendar = new WorkCalendar(
    week.map((d) => d && [d[0], d[1]]),
    new TimeZone("Europe/Berlin"),
    "given",
    range,
    new Set([Math.floor(Date.UTC(2025, 4, 1) / 86_400_000)]),
  );

  test("working time equals counting the minutes one by one", () => {
    const minute = fc.integer({ min: 0, max: 90 * 1440 }).map((m) => Date.UTC(2025, 2, 1) + m * 60_000); // over the clock change of 30 March
    fc.assert(
      fc.property(minute, fc.integer({ min: 0, max: 6000 }), (from, length) => {
        let counted = 0;
        for (let m = 0; m < length; m++) if (calendar.isWorking(from + m * 60_000)) counted++;
        expect(calendar.workingMs(from, from + length * 60_000)).toBe(counted * 60_000);
      }),
      { numRuns: 200 },
    );
  });
  test("nothing lies between an instant and an earlier one; a day off has no hours", () => {
    expect(calendar.workingMs(range.to, range.from)).toBe(0);
    expect(calendar.workingMs(Date.UTC(2025, 4, 1), Date.UTC(2025, 4, 2) - 2 * 3_600_000)).toBe(0);
  });
  test("is learned from the log's own hours, with its day off", () => {
    const rows = [];
    for (let d = 0; d < 140; d++) {
      const day = Date.UTC(2025, 0, 6) + d * 86_400_000;
      if (new Date(day).getUTCDay() % 6 === 0 || d === 44) continue;
      for (let i = 0; i < 12; i++)
        rows.push({
          case: `${d}-${i}`,
          activity: "A",
          time: day + (8 * 60 + i * 45) * 60_000,
          person: `p${i % 3}`,
        });
    }
    const learned = learnCalendar(logOfRows(rows), UTC, { from: rows[0].time, to: rows.at(-1)!.time });
    expect(learned.describe()).toBe("Mon–Fri 08:00–17:00 (learned from the log, UTC, 1 days off)");
  });
  test("round the clock where the log shows no hours", () => {
    expect(learnCalendar(logOf("A B"), UTC, range).describe()).toMatch(/^round the clock/);
  });
});

test("reports do not name the person whom a finding is about", () => {
  const rows = Array.from({ length: 120 }, (_, c) =>
    ["Take order", "Pack", "Ship", "Bill"].map((activity, i) => {
      const time = Date.UTC(2025, 0, 6 + Math.floor(c / 4), 9 + i, (c % 4) * 12, (c * 7) % 50);
      // greta types her packing and shipping of the day in at once
      return i === 1 || i === 2
        ? {
            case: `c${c}`,
            activity,
            person: "greta",
            time: Date.UTC(2025, 0, 6 + Math.floor(c / 4), 17, i, (c % 4) * 5),
          }
        : { case: `c${c}`, activity, person: `p${(c + i) % 5}`, time };
    }),
  ).flat();
  const document = judgeProcess(new Evidence(logOfRows(rows)), {
    summary: { cases: 120, events: 480, from: null, to: null },
    source: "x",
    notes: [],
    now: 0,
  }).audit;
  expect(document.findings.some(({ subject }) => subject === "greta")).toBe(true);
  expect(htmlReport(wordedAudit(document), "")).not.toContain("greta");
  expect(textReport(wordedAudit(document), "", (text) => text, 100)).not.toContain("greta");
});

test("every kind of loss stands in the headline", () => {
  const none = { low: 0, mid: 0, high: 0 };
  const some = { low: 1, mid: 2, high: 3 };
  const document = judgeProcess(new Evidence(logOfRows([{ case: "c", activity: "A", time: 0 }])), {
    summary: { cases: 1, events: 1, from: null, to: null },
    source: "x",
    notes: [],
    now: 0,
  }).audit;
  for (const kind of ["cash", "workingCapital", "labour", "delay"] as const) {
    const total = {
      currency: "EUR",
      cash: none,
      workingCapital: none,
      labour: none,
      delay: none,
      [kind]: some,
    };
    const words = { cash: "Cash", workingCapital: "Working capital", labour: "Labour", delay: "Delay" }[kind];
    expect(
      headline({ ...document, totals: [total] }).filter((sentence) => sentence.startsWith(words)),
    ).toHaveLength(1);
  }
});

describe("the HTML report", () => {
  test("encodes whatever stands in a log, asks for nothing from outside and carries no script", () => {
    const hostile = `<script>alert(1)</script>"'&`;
    const rows = Array.from({ length: 40 }, (_, c) =>
      [`Request ${hostile}`, "Check", `Clarify ${hostile}`].map((activity, i) => ({
        case: `${hostile}${c}`,
        activity,
        time: Date.UTC(2025, 0, 6 + c, 9 + i),
        person: `p${i}`,
      })),
    ).flat();
    const document = judgeProcess(new Evidence(logOfRows(rows)), {
      summary: { cases: 40, events: 120, from: null, to: null },
      source: `${hostile}.csv`,
      notes: [hostile],
      now: 0,
    }).audit;
    expect(document.findings.length).toBeGreaterThan(0);
    const html = htmlReport(wordedAudit(document), hostile);
    expect(html).not.toMatch(/<script|javascript:|onerror=/);
    expect(html).not.toMatch(/src=|href="(?!#f-)|https?:\/\/(?!www\.w3)|@import|url\(/);
    expect(html).toContain("&lt;script&gt;");
    for (const { id } of document.findings) expect(html).toContain(`id="f-${id}"`);
  });

  test("pseudonyms hide names and stay the same within an audit", () => {
    const rows = Array.from({ length: 60 }, (_, c) =>
      ["Request", "Approve request", "Pay"].map((activity, i) => ({
        case: `c${c}`,
        activity,
        time: Date.UTC(2025, 0, 6 + c, 9 + i),
        person: i === 1 ? "boss" : `p${(c + i) % 5}`,
      })),
    ).flat();
    const named = judgeProcess(new Evidence(logOfRows(rows)), {
      summary: {},
      source: "x",
      notes: [],
      now: 0,
    }).audit;
    const { document, key } = pseudonymise(named);
    expect(JSON.stringify(named.findings)).toContain('"boss"');
    expect(JSON.stringify(document)).not.toContain("boss");
    expect(JSON.stringify(document)).not.toMatch(/"c\d+"/);
    expect(Object.values(key.people)).toContain("boss");
    const [finding] = document.findings;
    expect(finding.caseIds.map((id) => key.cases[id])).toEqual(named.findings[0].caseIds);
  });
});
