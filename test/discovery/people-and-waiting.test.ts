import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { socialNetworks } from "../../src/discovery/handovers.ts";
import { personCalendars } from "../../src/discovery/person-calendars.ts";
import { discoverRoles } from "../../src/discovery/roles.ts";
import { rootCauses } from "../../src/discovery/root-causes.ts";
import { temporalOutliers, temporalProfile } from "../../src/discovery/temporal-profile.ts";
import { CAUSES, waitingCauses } from "../../src/discovery/waiting-causes.ts";
import { WorkCalendar } from "../../src/eventlog/calendar.ts";
import { timeRange, type EventLog } from "../../src/eventlog/event-log.ts";
import { allNames } from "../../src/eventlog/strings.ts";
import { UTC } from "../../src/eventlog/time-zone.ts";
import { differenceInterval } from "../../src/statistics/intervals.ts";
import { meanAndVariance } from "../../src/statistics/tests.ts";
import { logOf, logOfRows, MONDAY, type TestRow } from "../log-of.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const nine = [9 * 60, 17 * 60] as [number, number];
const office = (log: EventLog) =>
  new WorkCalendar([nine, nine, nine, nine, nine, undefined, undefined], UTC, "given", timeRange(log)!);
/** A step of a case: hours after Monday 09:00. */
const step = (c: string, activity: string, person: string, from: number, to: number): TestRow => ({
  case: c,
  activity,
  person,
  start: MONDAY + from * HOUR,
  time: MONDAY + to * HOUR,
});

describe("why cases wait", () => {
  const split = (rows: TestRow[], c: string) => {
    const log = logOfRows(rows);
    const { edges } = waitingCauses(log, () => office(log));
    const edge = edges.find(({ to }) => log.activities.at(to) === c)!;
    return Object.fromEntries(
      CAUSES.filter((cause) => edge[cause] > 0).map((cause) => [cause, edge[cause] / HOUR]),
    );
  };

  test("the person was at work on what had come earlier, then on what had come later", () => {
    const rows = [
      step("1", "A", "ana", 0, 1),
      step("1", "B", "ben", 5, 6), // waits from 1 to 5
      step("2", "A", "ana", -1, 0.5),
      step("2", "Z", "ben", 1, 3), // came at 0.5: earlier
      step("3", "A", "ana", 1, 2),
      step("3", "Z", "ben", 3, 4), // came at 2: later
    ];
    expect(split(rows, "B")).toEqual({ contention: 2, prioritisation: 1, extraneous: 1 });
  });

  test("the person was away overnight", () => {
    // from Monday 16:00 to Tuesday 10:00: 2 working hours, 16 away
    expect(split([step("1", "A", "ana", 0, 7), step("1", "B", "ben", 25, 26)], "B")).toEqual({
      unavailability: 16,
      extraneous: 2,
    });
  });

  test("a batch waits for its last item", () => {
    const rows = [1, 2, 3].flatMap((k) => [
      step(`${k}`, "A", "ana", k - 1, k),
      step(`${k}`, "B", "ben", 4 + k * 0.5, 4.5 + k * 0.5),
    ]);
    // there at 1, 2, 3; the last at 3; begun at 4.5: until 3 batching, then an idle hour and a half, then the
    // batch itself in order of arrival
    expect(split(rows, "B")).toEqual({ batching: 3, extraneous: 4.5, contention: 1.5 });
  });

  test("parts add up to the whole wait, and are those of a minute-by-minute account", () => {
    const anyDay = fc.array(
      fc.record({
        c: fc.nat(5),
        activity: fc.constantFrom("A", "B", "C"),
        person: fc.constantFrom("ana", "ben"),
        from: fc.nat(60 * 30),
        length: fc.integer({ min: 1, max: 240 }),
      }),
      { minLength: 2, maxLength: 25 },
    );
    fc.assert(
      fc.property(anyDay, (steps) => {
        // one case does one thing at a time, so that waits are plain
        const free = new Map<number, number>();
        const rows = steps
          .sort((a, b) => a.from - b.from)
          .map(({ c, activity, person, from, length }) => {
            const start = Math.max(from, free.get(c) ?? 0);
            free.set(c, start + length);
            return {
              case: `c${c}`,
              activity,
              person,
              start: MONDAY + start * MINUTE,
              time: MONDAY + (start + length) * MINUTE,
            };
          });
        const log = logOfRows(rows);
        const calendar = office(log);
        const { total } = waitingCauses(log, () => calendar, { minBatch: 1000 });
        const literal = accountOf(log, calendar);
        for (const cause of CAUSES) expect(total[cause], cause).toBeCloseTo(literal[cause] * MINUTE, 3);
        expect(CAUSES.reduce((sum, cause) => sum + total[cause], 0)).toBeCloseTo(total.total, 3);
      }),
      { numRuns: 150, seed: 51 },
    );
  });

  /** Every minute of every wait, looked at on its own. */
  function accountOf(log: EventLog, calendar: WorkCalendar) {
    const sums = { batching: 0, contention: 0, prioritisation: 0, unavailability: 0, extraneous: 0 };
    const enabledAt = (e: number) => {
      for (let c = 0; c < log.caseCount; c++)
        if (e > log.caseStart[c] && e < log.caseStart[c + 1]) return log.time[e - 1];
      return log.start![e];
    };
    const isFirst = (e: number) => log.caseStart.includes(e);
    for (let e = 0; e < log.eventCount; e++) {
      if (isFirst(e)) continue;
      for (let t = log.time[e - 1]; t < log.start![e]; t += MINUTE) {
        // of what the person does at this minute, the one begun first
        const busy = Array.from({ length: log.eventCount }, (_, f) => f)
          .filter((f) => log.person![f] === log.person![e] && log.start![f] <= t && log.time[f] > t)
          .sort((f, g) => log.start![f] - log.start![g] || log.time[f] - log.time[g] || f - g)[0];
        if (busy !== undefined) sums[enabledAt(busy) <= log.time[e - 1] ? "contention" : "prioritisation"]++;
        else sums[calendar.isWorking(t) ? "extraneous" : "unavailability"]++;
      }
    }
    return sums;
  }

  test("waits that nobody is known to have ended are counted apart; without begins it is refused", () => {
    const log = logOfRows([
      step("1", "A", "ana", 0, 1),
      { case: "1", activity: "B", start: MONDAY + 3 * HOUR, time: MONDAY + 4 * HOUR },
    ]);
    expect(waitingCauses(log, () => office(log)).withoutPerson).toEqual({ count: 1, total: 2 * HOUR });
    expect(() => waitingCauses(logOf("A/ana B/ben"), () => office(log))).toThrow(RangeError);
  });
});

describe("networks", () => {
  const log = logOf("A/ana B/ben C/ana", "A/ana B C/cid", "A/ana B/ana");
  const named = (list: { from: number; to: number; count: number; cases: number }[]) =>
    list
      .map(({ from, to, count, cases }) => `${log.people.at(from)} ${log.people.at(to)} ${count} ${cases}`)
      .sort();
  test("a hand-over reaches over steps that nobody did, and to oneself", () => {
    expect(named(socialNetworks(log).handover)).toEqual([
      "ana ana 1 1",
      "ana ben 1 1",
      "ana cid 1 1",
      "ben ana 1 1",
    ]);
  });
  test("subcontracting is there and straight back; together is the same case", () => {
    expect(named(socialNetworks(log).subcontracting)).toEqual(["ana ben 1 1"]);
    expect(named(socialNetworks(log).together)).toEqual(["ana ben 1 1", "ana cid 1 1"]);
  });
  test("a log without people has none", () => {
    expect(socialNetworks(logOf("A B"))).toEqual({ handover: [], together: [], subcontracting: [] });
  });
});

test("people who do the same things share a role, others do not", () => {
  const rows = Array.from(
    { length: 30 },
    (_, i) => `Enter/clerk${i % 3} Approve/boss${i % 2} Pay/clerk${(i + 1) % 3}`,
  );
  const log = logOf(...rows);
  const roles = discoverRoles(log).map(({ people, activities }) => [
    people.map((p) => log.people.at(p)).sort(),
    activities.map(({ activity }) => log.activities.at(activity)).sort(),
  ]);
  expect(roles).toEqual([
    [
      ["clerk0", "clerk1", "clerk2"],
      ["Enter", "Pay"],
    ],
    [["boss0", "boss1"], ["Approve"]],
  ]);
  expect(discoverRoles(logOf("A B"))).toEqual([]);
});

test("the usual time between activities is mean and deviation since the last one before", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.array(fc.record({ activity: fc.constantFrom("a", "b", "c"), gap: fc.nat(1000) }), {
          minLength: 1,
          maxLength: 8,
        }),
        { minLength: 1, maxLength: 8 },
      ),
      (cases) => {
        const log = logOfRows(
          cases.flatMap((steps, c) => {
            let at = MONDAY;
            return steps.map(({ activity, gap }) => ({ case: `c${c}`, activity, time: (at += gap * 1000) }));
          }),
        );
        const literal = new Map<string, number[]>();
        for (let c = 0; c < log.caseCount; c++) {
          for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
            for (let a = 0; a < log.activities.length; a++) {
              let last = -1;
              for (let f = log.caseStart[c]; f < e; f++) if (log.activity[f] === a) last = f;
              if (last >= 0)
                literal.set(`${a} ${log.activity[e]}`, [
                  ...(literal.get(`${a} ${log.activity[e]}`) ?? []),
                  log.time[e] - log.time[last],
                ]);
            }
          }
        }
        const profile = temporalProfile(log, { minCount: 1 });
        expect(profile.length).toBe(literal.size);
        for (const { from, to, count, meanMs, deviationMs } of profile) {
          const own = literal.get(`${from} ${to}`)!;
          const [mean, variance] = meanAndVariance(own);
          expect(count).toBe(own.length);
          expect(meanMs).toBeCloseTo(mean, 4);
          expect(deviationMs).toBeCloseTo(Math.sqrt(variance), 3);
        }
      },
    ),
    { numRuns: 100 },
  );
  const usual = Array.from({ length: 40 }, (_, i): TestRow[] => [
    { case: `c${i}`, activity: "A", time: MONDAY },
    { case: `c${i}`, activity: "B", time: MONDAY + (60 + (i % 5)) * MINUTE },
  ]);
  const odd: TestRow[] = [
    { case: "odd", activity: "A", time: MONDAY },
    { case: "odd", activity: "B", time: MONDAY + 30 * HOUR },
  ];
  const log = logOfRows([...usual.flat(), ...odd]);
  const outliers = temporalOutliers(log, temporalProfile(log));
  expect(outliers.map((outlier) => log.caseIds.at(outlier.case))).toEqual(["odd"]);
});

describe("what goes with affected cases", () => {
  const rows = Array.from({ length: 400 }, (_, i): TestRow => ({
    case: `c${i}`,
    activity: "A",
    time: MONDAY + i * HOUR,
    vendor: i % 4 === 0 ? "Acme" : `v${i % 7}`,
    amount: i,
  }));
  const log = logOfRows(rows);
  test("a planted cause comes first, with its counts, and noise does not come at all", () => {
    // Acme cases are affected 80 of 100 times, others 30 of 300
    const affected = Uint8Array.from({ length: 400 }, (_, i) =>
      i % 4 === 0 ? (i % 20 === 0 ? 0 : 1) : i % 10 === 1 ? 1 : 0,
    );
    const byCase = Uint8Array.from(
      { length: 400 },
      (_, c) => affected[Number(String(log.caseIds.at(c)).slice(1))],
    );
    const found = rootCauses(log, byCase);
    expect(found[0]).toMatchObject({
      statement: "vendor is Acme",
      cases: 100,
      affected: 80,
      otherCases: 300,
    });
    expect(found.filter(({ attribute }) => attribute === "amount")).toEqual([]);
  });
  test("nothing is listed where chance would do, in 19 of 20 shuffles", () => {
    let lists = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const byCase = Uint8Array.from({ length: 400 }, (_, c) =>
        (c * 7919 + seed * 104_729) % 101 < 30 ? 1 : 0,
      );
      if (rootCauses(log, byCase).length > 0) lists++;
    }
    expect(lists).toBeLessThanOrEqual(6);
  });
  test("all or no cases affected give nothing", () => {
    expect(rootCauses(log, new Uint8Array(400))).toEqual([]);
    expect(rootCauses(log, new Uint8Array(400).fill(1))).toEqual([]);
  });
  test("the interval of a difference is Newcombe's (1998, table II: 56/70 and 48/80)", () => {
    const [low, high] = differenceInterval(56, 70, 48, 80);
    expect(low).toBeCloseTo(0.0524, 4);
    expect(high).toBeCloseTo(0.3339, 4);
  });
});

describe("the hours of each person", () => {
  test("are learned from enough of their own events, else the common ones", () => {
    // every day of four weeks: ana at 9 to 12, ben at 18 to 21; cleo on one day only
    const rows: TestRow[] = Array.from({ length: 28 * 4 }, (_, i) => {
      const hour = Math.floor(i / 4) * 24 + (i % 4);
      return [step(`a${i}`, "A", "ana", hour, hour), step(`b${i}`, "A", "ben", hour + 9, hour + 9)];
    }).flat();
    const log = logOfRows([...rows, step("c", "A", "cleo", 0, 0)]);
    const common = office(log);
    const calendars = personCalendars(log, common, { minEvents: 50 });
    const of = (name: string) => calendars[allNames(log.people).indexOf(name)];
    const from = (name: string) => MONDAY - 9 * HOUR + (name === "ana" ? 9 : 18) * HOUR;
    for (const name of ["ana", "ben"]) {
      expect(of(name).origin).toBe("learned");
      expect(of(name).workingMs(from(name), from(name) + 3 * HOUR), name).toBe(3 * HOUR);
    }
    expect(of("ana").workingMs(from("ben"), from("ben") + 3 * HOUR)).toBe(0);
    expect(of("cleo")).toBe(common);
  });

  test("nobody named: none", () => {
    const log = logOf("A B");
    expect(personCalendars(log, office(log)).every((calendar) => calendar.origin === "given")).toBe(true);
  });
});
