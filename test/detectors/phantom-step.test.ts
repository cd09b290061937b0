import { expect, test } from "vitest";
import { phantomStep } from "../../src/detectors/phantom-step.ts";
import { observe, descriptionOf } from "./detect.ts";
import { PURCHASE, purchases } from "./processes.ts";

test("a described step that nobody does, also on the only way that has it", () => {
  const flow = ["Request", { choice: ["Reject", ["Approve request", "Order", "Sample", "Check", "Pay"]] }];
  const found = observe(phantomStep, purchases(), { description: descriptionOf({ ...PURCHASE, flow }) });
  expect(found.map(({ subject, outOf, cases }) => [subject, outOf, cases.length]).sort()).toEqual([
    ["Reject", 120, 120],
    ["Sample", 120, 120],
  ]);
});
test("a step that somebody does is none, once where it may be left out", () => {
  const flow = ["Request", "Approve request", "Order", { optional: "Sample" }, "Check", "Pay"];
  const description = descriptionOf({ ...PURCHASE, flow });
  expect(observe(phantomStep, purchases(), { description })).toMatchObject([{ subject: "Sample" }]);
  const once = purchases((steps, c) =>
    c === 9 ? [...steps.slice(0, 3), ["Sample", "clerk0"], ...steps.slice(3)] : steps,
  );
  expect(observe(phantomStep, once, { description })).toEqual([]);
});
test("a step of every run is a phantom below 2 % of the cases, and with fifty cases or more", () => {
  const done = (cases: number, n: number) =>
    observe(
      phantomStep,
      purchases((steps, c) => steps.filter(([a]) => a !== "Check" || c < cases), n),
      { description: descriptionOf(PURCHASE) },
    ).map(({ subject, cases: without, outOf }) => [subject, without.length, outOf]);
  expect(done(1, 100)).toEqual([["Check", 99, 100]]);
  expect(done(2, 100)).toEqual([]);
  expect(done(0, 50)).toEqual([["Check", 50, 50]]);
  expect(done(0, 49)).toEqual([]);
});
