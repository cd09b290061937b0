import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Evidence } from "../../src/detectors/evidence.ts";
import { earthMovers, missingToFit } from "../../src/pressure/fit.ts";
import { preparePressureTest, pressureTest, type Prepared } from "../../src/pressure/pressure-test.ts";
import { Random } from "../../src/statistics/random.ts";
import { logOf, logOfRows, MONDAY, type TestRow } from "../log-of.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** A desk with some people, round the clock, whose cases take what they take: the truth is known, since it is simulated here with one line of its own. */
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
    const { answer } = pressureTest(evidence, ready, { kind: "volume", more: 0.4, monthEndOnly: false });
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
    const away = pressureTest(evidence, ready, { kind: "away", person, weeks: 8 }).answer!;
    expect(away.mean.interval[0]).toBeGreaterThan(0);
    const others = away.people.filter((one) => one.person !== person);
    expect(others.length).toBe(2);
    for (const one of others) expect(one.withIt).toBeGreaterThan(one.without * 1.1);
    const helped = (error: number) =>
      pressureTest(evidence, ready, { kind: "assistant", step: "Serve", share: 0.8, error }).answer!;
    expect(helped(0).mean.interval[1]).toBeLessThan(0);
    // one result in three wrong, each noticed a day later, is worse than no assistant
    expect(helped(0.33).mean.interval[0]).toBeGreaterThan(0);
    expect(pressureTest(evidence, ready, { kind: "away", person, weeks: 8 }).answer).toEqual(away);
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
    expect(pressureTest(evidence, ready, { kind: "volume", more: 1, monthEndOnly: false }).answer).toBeNull();
  });

  test("says what is missing: who did it, cases, time", () => {
    expect(missingToFit(new Evidence(logOf("A B", "A B"), {}))).toEqual([
      "who did each step (a person column)",
      "a hundred cases or more",
      "evidence of eight weeks or more",
    ]);
    expect(preparePressureTest(new Evidence(logOf("A/a B/b"), {}))).toMatchObject({
      missing: ["a hundred cases or more", "evidence of eight weeks or more"],
    });
  });
});
