import { describe, expect, test } from "vitest";
import { resultsOf, type StepSeries, type TouchedSeries } from "../../src/implementations/results-of.ts";
import { Random } from "../../src/statistics/random.ts";

const WEEK = 604_800_000;
const FROM = Date.parse("2025-01-06T00:00:00Z");
const rates = { currency: "EUR", hourly: 45, assumed: false };
/** 60 weeks of one hour an execution, and from the 30th week on `after` hours. */
const series = (after: number, executions = 40): StepSeries => {
  const random = new Random("results");
  const hours = Array.from({ length: 60 }, (_, w) => (w < 30 ? 1 : after) + 0.05 * (random.next() - 0.5));
  return {
    from: new Date(FROM).toISOString(),
    unknown: [],
    executions: hours.map(() => executions),
    means: { hours, wait: hours.map(() => null), again: hours.map(() => null) },
  };
};
const touched = (one: StepSeries | undefined): TouchedSeries => ({ id: "p", name: "P", series: one });
const tool = {
  startsOn: new Date(FROM + 30 * WEEK).toISOString().slice(0, 10),
  currency: null,
  costPerMonth: 100,
};
const promise = {
  id: "x",
  by: "2025-12-01",
  measure: "hours" as const,
  direction: "less" as const,
  size: 20,
  unit: "%",
};

describe("the results of an implementation", () => {
  test("half the hours are less, are worth money, and keep a promise of a fifth less", () => {
    const { processes, money, promises } = resultsOf(
      tool,
      [touched(series(0.5))],
      undefined,
      [promise],
      rates,
    );
    expect(processes[0].startsAt).toBe(30);
    const hours = processes[0].measures.find(({ measure }) => measure === "hours")!;
    expect(hours).toMatchObject({ verdict: "less", why: null });
    // half an hour of 40 executions a week, 4.348 weeks a month, at 45 EUR
    expect(money!.savedPerMonth).toBeGreaterThan(3500);
    expect(money!.savedPerMonth).toBeLessThan(4300);
    expect(money!.netPerMonth).toBeCloseTo(money!.savedPerMonth - 100, 6);
    expect(promises).toMatchObject([{ id: "x", process: "p", verdict: "kept", due: true }]);
  });

  test("what is not recorded cannot be shown and says why; a process without events says what is missing", () => {
    const { processes, promises, money } = resultsOf(
      tool,
      [touched(series(1)), touched(undefined)],
      undefined,
      [
        { ...promise, measure: "wait" },
        { ...promise, measure: null },
      ],
      rates,
    );
    const wait = processes[0].measures.find(({ measure }) => measure === "wait")!;
    expect(wait).toMatchObject({ verdict: "cannot be shown", interval: null });
    expect(wait.why).not.toBeNull();
    expect(processes[1]).toMatchObject({ measures: [], missing: expect.stringContaining("import") });
    expect(promises).toMatchObject([{ verdict: "cannot be shown", words: wait.why }]);
    expect(money!.interval[0]).toBeLessThanOrEqual(0);
  });

  test("a promise whose day lies after the evidence is not due", () => {
    const { promises } = resultsOf(
      tool,
      [touched(series(0.5))],
      undefined,
      [{ ...promise, by: "2026-12-01" }],
      rates,
    );
    expect(promises).toMatchObject([{ due: false, evidenceEnds: "2026-03-02" }]);
  });

  test("a cost in another currency is no cost here", () => {
    const { money } = resultsOf({ ...tool, currency: "USD" }, [touched(series(0.5))], undefined, [], rates);
    expect(money).toMatchObject({ costPerMonth: null, netPerMonth: null });
  });
});
