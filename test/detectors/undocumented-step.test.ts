import { expect, test } from "vitest";
import { undocumentedStep } from "../../src/detectors/undocumented-step.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { observe, descriptionOf } from "./detect.ts";
import { PURCHASE, purchases, every } from "./processes.ts";

const given = { description: descriptionOf(PURCHASE) };
const withCalls = (calls: (c: number) => boolean) =>
  purchases((steps, c) => (calls(c) ? [...steps.slice(0, 3), ["Call", "clerk0"], ...steps.slice(3)] : steps));

test("work that nobody described", () => {
  expect(
    observe(
      undocumentedStep,
      withCalls((c) => c % 10 === 0),
      given,
    ),
  ).toEqual([
    expect.objectContaining({
      subject: "Call",
      cases: every(10),
      outOf: 120,
      people: [],
      facts: [["executions", "12"]],
    }),
  ]);
});
test("described work, under its name or by the mapping, is none", () => {
  expect(observe(undocumentedStep, purchases(), given)).toEqual([]);
  const mapped = descriptionOf({ ...PURCHASE, mapping: { Call: "Check" } });
  expect(
    observe(
      undocumentedStep,
      withCalls((c) => c % 10 === 0),
      { description: mapped },
    ),
  ).toEqual([]);
});
test("what only marks a begin is none", () => {
  const marked = purchases((steps) => [["START", "clerk0"], ...steps]);
  expect(observe(undocumentedStep, marked, given)).toEqual([]);
});
test("three cases are enough, two are not, and the share counts by its lower bound", () => {
  const found = (n: number, changed = {}) =>
    observe(
      undocumentedStep,
      withCalls((c) => c < n),
      given,
      changed,
    ).length;
  expect([found(3), found(2)]).toEqual([1, 0]);
  const low = wilsonLow(3, 120);
  expect([found(3, { minShare: low }), found(3, { minShare: low + 1e-9 })]).toEqual([1, 0]);
});
