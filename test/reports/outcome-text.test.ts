import { describe, expect, test } from "vitest";
import { worthOf, type MeasuredOf } from "../../src/implementations/results-of.ts";
import { outcomeInWords } from "../../src/reports/outcome-text.ts";

const rates = { currency: "EUR", hourly: 45, assumed: false };
const tool = { name: "Capture", startsOn: "2025-03-03" };
const measured = (over: Partial<MeasuredOf>): MeasuredOf => ({
  process: "P",
  measure: "hours",
  name: "work an execution",
  unit: "h",
  verdict: "cannot be shown",
  effect: null,
  interval: null,
  why: null,
  ...over,
});

describe("what came of a tool, in money and words", () => {
  test("a quarter of an hour less, 84 executions in two weeks, by hand", () => {
    // 42 a week are 182.625 a month (365.25 / 12 / 7 weeks): 45.65625 h, at 45 EUR
    const worth = worthOf(
      [{ hours: { effect: -0.25, interval: [-0.5, -0.1] }, executions: [40, 44] }],
      rates,
      1000,
    )!;
    expect(worth.savedPerMonth).toBeCloseTo(2054.53125, 6);
    expect(worth.interval.map((value) => value.toFixed(4))).toEqual(["821.8125", "4109.0625"]);
    expect(worth.netPerMonth).toBeCloseTo(1054.53125, 6);
    expect(worth.netInterval![0]).toBeCloseTo(-178.1875, 6);
    expect(
      outcomeInWords(tool, [measured({ verdict: "less", effect: -0.25, interval: [-0.5, -0.1] })], worth),
    ).toEqual([
      "Since Capture, 1 of 1 measures is better than the earlier trend predicts.",
      "Working time saved: EUR 2,050 a month at EUR 45 an hour; net of its cost EUR 1,050 a month (95 %: \u2212EUR 178 to EUR 3,110).",
      "P, work an execution: 15.0 min less (95 %: 6.0 min to 30.0 min).",
    ]);
  });

  test("what the interval leaves open cannot be shown, and what nobody recorded has no price", () => {
    const open = worthOf(
      [{ hours: { effect: -0.1, interval: [-0.3, 0.1] }, executions: [10] }],
      rates,
      null,
    )!;
    const [title, money] = outcomeInWords(tool, [measured({})], open);
    expect(title).toBe("This evidence cannot show what Capture changed.");
    expect(money).toMatch(
      /^Whether it saves working time cannot be shown: between \u2212EUR \d+ and EUR \d+ a month/,
    );
    expect(worthOf([{ hours: undefined, executions: [10] }], rates, 1000)).toBeNull();
    expect(outcomeInWords(tool, [], null)).toEqual([
      "What Capture changed cannot be shown: there is no evidence from the steps it touches.",
    ]);
  });
});
