import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Evidence } from "../../src/evidence/evidence.ts";
import { fitShop, missingToFit } from "../../src/what-if/fit.ts";
import { preparePressureTest, pressureTest, type Prepared } from "../../src/what-if/what-if.ts";
import { priorityOf } from "../../src/what-if/priorities.ts";
import { workRuns } from "../../src/what-if/work-runs.ts";
import { earthMovers } from "../../src/statistics/earth-movers.ts";
import { Random } from "../../src/statistics/random.ts";
import { logOf, logOfRows, MONDAY, type TestRow } from "../log-of.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * A desk with some people, round the clock, whose cases take what they take: the truth is known, since it is
 * simulated here with one line of its own.
 */
function desk(people: number, perDay: number, minutes: number, days: number, seed: string) {
  const random = new Random(seed);
  const cases: { at: number; work: number }[] = [];
  for (let at = 0; (at += random.exponential(DAY / perDay)) < days * DAY;)
    cases.push({ at, work: random.exponential(minutes * MINUTE) });
  const free = new Array<number>(people).fill(0);
  const served = cases.map(({ at, work }) => {
    const p = free.indexOf(Math.min(...free));
    const begin = Math.max(at, free[p]);
    free[p] = begin + work;
    return { at, begin, end: begin + work, p };
  });
  const waits = served.slice(served.length >> 2).map(({ at, begin }) => (begin - at) / 3_600_000);
  return { served, wait: waits.reduce((sum, v) => sum + v, 0) / waits.length };
}

const evidenceOf = ({ served }: ReturnType<typeof desk>) =>
  new Evidence(
    logOfRows(
      served.flatMap(({ at, begin, end, p }, c): TestRow[] => [
        { case: `c${c}`, activity: "Receive mail", start: MONDAY + at, time: MONDAY + at, person: "" },
        {
          case: `c${c}`,
          activity: "Serve",
          start: MONDAY + begin,
          time: MONDAY + end,
          person: `p${p}`,
          role: "Clerk",
        },
      ]),
    ),
    {},
  );
const prepared = (evidence: Evidence): Prepared => {
  const found = preparePressureTest(evidence);
  if ("missing" in found) throw new Error(found.missing.join());
  return found;
};

describe("a shop fitted to a log", () => {
  test("the distance of two samples is the area between their distributions (by definition)", () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const share = (list: number[], x: number) => list.filter((v) => v <= x).length / list.length;
        let area = 0;
        for (let x = 0; x < 41; x++) area += Math.abs(share(a, x) - share(b, x));
        expect(earthMovers(a, b)).toBeCloseTo(area, 9);
      }),
    );
    expect(earthMovers([], [1])).toBeNaN();
  });

  test("foretells weeks it has not seen, and what more work does to the queue, beside the truth", () => {
    const truth = desk(3, 100, 26, 140, "desk");
    const evidence = evidenceOf(truth);
    const ready = prepared(evidence);
    expect(ready.fits).toBe(true);
    expect(ready.check.distance).toBeLessThan(0.15 * ready.check.mean);
    // nearly all waits of such a desk are its queue
    expect(ready.queueShare).toBeGreaterThan(0.8);
    const answer = pressureTest(evidence, ready, { kind: "volume", more: 0.4, monthEndOnly: false });
    const serve = answer!.steps.find(({ step }) => step === "Serve")!;
    const more = desk(3, 140, 26, 2000, "more");
    expect(serve.without).toBeGreaterThan(truth.wait * 0.6);
    expect(serve.without).toBeLessThan(truth.wait * 1.4);
    expect(serve.withIt).toBeGreaterThan(more.wait * 0.55);
    expect(serve.withIt).toBeLessThan(more.wait * 1.6);
    expect(serve.interval[0]).toBeGreaterThan(0);
  });

  test("somebody who is away makes the others busier, an assistant who errs little frees them", () => {
    const evidence = evidenceOf(desk(3, 100, 26, 140, "away"));
    const ready = prepared(evidence);
    const person = ready.fitted.people[0];
    const away = pressureTest(evidence, ready, { kind: "away", person, weeks: 8 })!;
    expect(away.mean.interval[0]).toBeGreaterThan(0);
    const others = away.people.filter((one) => one.person !== person);
    expect(others.length).toBe(2);
    for (const one of others) expect(one.withIt).toBeGreaterThan(one.without * 1.1);
    const helped = (error: number) =>
      pressureTest(evidence, ready, { kind: "assistant", step: "Serve", share: 0.8, error })!;
    expect(helped(0).mean.interval[1]).toBeLessThan(0);
    // one result in three wrong, each noticed a day later, is worse than no assistant
    expect(helped(0.33).mean.interval[0]).toBeGreaterThan(0);
    expect(pressureTest(evidence, ready, { kind: "away", person, weeks: 8 })).toEqual(away);
  });

  test("a process that has changed is not foretold by its past: no answer", () => {
    const before = desk(3, 100, 26, 100, "before").served;
    const after = desk(3, 100, 41, 60, "after").served.map(({ at, begin, end, p }) => ({
      at: at + 100 * DAY,
      begin: begin + 100 * DAY,
      end: end + 100 * DAY,
      p,
    }));
    const evidence = evidenceOf({ served: [...before, ...after], wait: 0 });
    const ready = prepared(evidence);
    expect(ready.fits).toBe(false);
    expect(pressureTest(evidence, ready, { kind: "volume", more: 1, monthEndOnly: false })).toBeNull();
  });

  test("urgent cases are found to go first, by the column that says so, and other orders are not", () => {
    const random = new Random("urgent");
    const cases: { at: number; work: number; urgency: string; colour: string }[] = [];
    for (let at = 0; (at += random.exponential(DAY / 100)) < 120 * DAY;)
      cases.push({
        at,
        work: random.exponential(11.5 * MINUTE),
        urgency: random.chance(0.2) ? "high" : random.chance(0.5) ? "normal" : "low",
        colour: random.pick(["red", "green"]),
      });
    // one clerk, who takes the most urgent, and of these the oldest; or whatever is oldest
    const served = (byUrgency: boolean) => {
      const order = ["high", "normal", "low"];
      const waiting: number[] = [];
      const begin = new Float64Array(cases.length);
      let [next, free] = [0, 0];
      for (let done = 0; done < cases.length; done++) {
        if (waiting.length === 0) free = Math.max(free, cases[next].at);
        while (next < cases.length && cases[next].at <= free) waiting.push(next++);
        const key = (c: number) => (byUrgency ? order.indexOf(cases[c].urgency) * 1e6 : 0) + c;
        const c = waiting.splice(waiting.indexOf(waiting.reduce((a, b) => (key(b) < key(a) ? b : a))), 1)[0];
        begin[c] = free;
        free += cases[c].work;
      }
      return new Evidence(
        logOfRows(
          cases.flatMap(({ at, work, urgency, colour }, c): TestRow[] => [
            {
              case: `c${c}`,
              activity: "Come",
              start: MONDAY + at,
              time: MONDAY + at,
              person: "",
              urgency,
              colour,
            },
            {
              case: `c${c}`,
              activity: "Serve",
              start: MONDAY + begin[c],
              time: MONDAY + begin[c] + work,
              person: "ana",
              urgency,
              colour,
            },
          ]),
        ),
        {},
      );
    };
    const evidence = served(true);
    const found = priorityOf(evidence, 0, Infinity)!;
    expect([found.column, found.values]).toEqual(["urgency", ["high", "normal", "low"]]);
    expect(found.ahead).toBeGreaterThan(0.95);
    expect(found.usual).toBeLessThan(0.05);
    expect(priorityOf(served(false), 0, Infinity)).toBeUndefined();
    const ready = prepared(evidence);
    expect(ready.fits).toBe(true);
    expect(ready.fitted.priority?.column).toBe("urgency");
  });

  test("a weekly run is found, and cases wait for it however many come", () => {
    const random = new Random("weekly");
    const rows: TestRow[] = [];
    let c = 0;
    for (let at = 0; (at += random.exponential(DAY / 20)) < 140 * DAY; c++) {
      // paid on Thursdays at noon
      const week = Math.floor((at - 3.125 * DAY) / (7 * DAY)) + 1;
      const paid = (3.125 + 7 * week) * DAY;
      rows.push(
        { case: `c${c}`, activity: "Approve", start: MONDAY + at, time: MONDAY + at, person: `p${c % 3}` },
        { case: `c${c}`, activity: "Pay", start: MONDAY + paid, time: MONDAY + paid, person: "run" },
      );
    }
    const evidence = new Evidence(logOfRows(rows), {});
    expect(workRuns(evidence, 0, Infinity).map((starts) => starts?.length)).toEqual([undefined, 21]);
    const ready = prepared(evidence);
    expect([ready.fits, ready.fitted.inRuns]).toEqual([true, [1]]);
    expect(ready.runShare).toBeGreaterThan(0.9);
    const answer = pressureTest(evidence, ready, { kind: "volume", more: 1, monthEndOnly: false });
    const days = 24;
    // uniform over the week: half a week, whatever comes
    expect(Math.abs(answer!.mean.without - 3.5 * days)).toBeLessThan(8);
    expect(Math.abs(answer!.mean.difference)).toBeLessThan(4);
  });

  test("cases that have not ended are replaced by longer ones: the mean of what is drawn is that of all", () => {
    const random = new Random("censored");
    const rows: TestRow[] = [];
    // twelve weeks of cases that take four weeks on average: a third of them has not ended when they are
    // looked at
    for (let c = 0; c < 3000; c++) {
      const at = random.between(0, 84 * DAY);
      rows.push(
        { case: `c${c}`, activity: "Ask", start: MONDAY + at, time: MONDAY + at, person: "ana" },
        { case: `c${c}`, activity: "End", time: MONDAY + at + random.exponential(28 * DAY), person: "" },
      );
    }
    const evidence = new Evidence(
      logOfRows(rows.map((row) => ({ ...row, start: row.start ?? row.time }))),
      {},
    );
    const to = MONDAY + 84 * DAY;
    const fitted = fitShop(evidence, { from: MONDAY, to })!;
    const mean = (lengths: ArrayLike<number>) =>
      Array.from(lengths).reduce((sum, ms) => sum + ms / DAY, 0) / lengths.length;
    const lengthOf = (c: number) =>
      evidence.log.time[evidence.log.caseStart[c + 1] - 1] - evidence.log.time[evidence.log.caseStart[c]];
    expect(mean(Array.from(fitted.cases, lengthOf))).toBeLessThan(20);
    const { template } = fitted.arrivalsOver(new Random("drawn"), to, to + 400 * DAY, to + 400 * DAY);
    const drawn = mean(Array.from(template, (t) => lengthOf(fitted.cases[t])));
    // E[min(L, 84 days)] of an exponential L of 28 days: what takes longer than twelve weeks nobody has seen
    const known = 28 * (1 - Math.exp(-3));
    expect(Math.abs(drawn - known)).toBeLessThan(3);
  });

  test("a step that is all there is to wait for waits as much longer as its cases take; nobody is busy all the time", () => {
    const evidence = evidenceOf(desk(3, 100, 26, 140, "alone"));
    const ready = prepared(evidence);
    expect(ready.fits).toBe(true);
    const person = ready.fitted.people[0];
    const answer = pressureTest(evidence, ready, { kind: "away", person, weeks: 2 });
    const step = answer!.steps.find((one) => one.step === "Serve")!;
    expect(answer!.mean.difference).toBeGreaterThan(0.3);
    expect(step.difference).toBeCloseTo(answer!.mean.difference, 6);
    const flooded = pressureTest(evidence, ready, { kind: "volume", more: 5, monthEndOnly: false })!;
    expect(flooded.people[0].withIt).toBeGreaterThan(0.9);
    expect(flooded.people[0].withIt).toBeLessThan(1.02);
  });

  test("what ends with something that takes no time has as much left as was seen", () => {
    const { served } = desk(3, 100, 26, 140, "archive");
    const rows = served.flatMap(({ at, begin, end, p }, c): TestRow[] => [
      { case: `c${c}`, activity: "Receive mail", start: MONDAY + at, time: MONDAY + at, person: "" },
      { case: `c${c}`, activity: "Serve", start: MONDAY + begin, time: MONDAY + end, person: `p${p}` },
      { case: `c${c}`, activity: "Archive", start: MONDAY + end, time: MONDAY + end, person: "" },
    ]);
    const { check } = prepared(new Evidence(logOfRows(rows), {}));
    expect(check.remaining!.distance).toBeLessThan(0.2 * check.remaining!.mean);
    expect(check.waits!.distance).toBeLessThan(0.3 * check.waits!.mean);
  });

  test("too short a burst, and cases of one step, are said and not simulated", () => {
    const burst: TestRow[] = [];
    for (let c = 0; c < 300; c++) {
      const at = MONDAY + (c / 300) * 5 * DAY;
      burst.push({ case: `c${c}`, activity: "A", start: at, time: at, person: "ana" });
      burst.push({
        case: `c${c}`,
        activity: "B",
        start: at,
        time: at + (c < 5 ? 60 : 1) * DAY,
        person: "ben",
      });
    }
    expect(preparePressureTest(new Evidence(logOfRows(burst), {}))).toEqual({
      missing: [{ kind: "whole weeks to fit" }],
    });
    const single = Array.from({ length: 500 }, (_, c): TestRow => {
      const at = MONDAY + (c / 500) * 140 * DAY;
      return { case: `c${c}`, activity: "A", start: at, time: at, person: "ana" };
    });
    // one step takes its own time alone, which is none
    const { fits, check } = prepared(new Evidence(logOfRows(single), {}));
    expect([fits, check.mean, check.waits, check.remaining]).toEqual([false, 0, null, null]);
  });

  test("says what is missing: who did it, cases, time", () => {
    expect(missingToFit(new Evidence(logOf("A B", "A B"), {}))).toEqual([
      { kind: "column", role: "person" },
      { kind: "cases", least: 100 },
      { kind: "weeks", least: 8 },
    ]);
    expect(preparePressureTest(new Evidence(logOf("A/a B/b"), {}))).toMatchObject({
      missing: [
        { kind: "cases", least: 100 },
        { kind: "weeks", least: 8 },
      ],
    });
  });
});
