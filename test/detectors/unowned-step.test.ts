import { expect, test } from "vitest";
import { unownedStep } from "../../src/detectors/unowned-step.ts";
import { observe, descriptionOf } from "./detect.ts";
import { PURCHASE, purchases, every } from "./processes.ts";

const said = (changed: object) => ({ description: descriptionOf({ ...PURCHASE, ...changed }) });
const orderedBy = (after: number, who: string) =>
  purchases((steps, c) => steps.map(([a, p]) => [a, a === "Order" && c > after ? who : p]));

test("a step without a role, and one whose role nobody holds", () => {
  const steps = { ...PURCHASE.steps, Check: {}, Pay: { role: "Ghosts" } };
  const found = observe(unownedStep, purchases(), said({ steps }));
  expect(found.map(({ subject, cases, outOf }) => [subject, cases.length, outOf]).sort()).toEqual([
    ["Check", 120, 120],
    ["Pay", 120, 120],
  ]);
});
test("a step whose holders are gone, from when the last was seen", () => {
  const [finding, ...more] = observe(unownedStep, orderedBy(40, "clerk0"), said({}));
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ subject: "Order", outOf: 120 });
  expect(finding.cases).toEqual(every(1).slice(41));
});
test("a step whose deputy still does it, and one that anybody may do, are none", () => {
  const steps = { ...PURCHASE.steps, Order: { role: "Buyer", deputy: ["clerk0"] } };
  expect(observe(unownedStep, orderedBy(40, "clerk0"), said({ steps }))).toEqual([]);
  expect(observe(unownedStep, purchases(), said({}))).toEqual([]);
});
test("45 days without a holder are enough, a little less is not; so are five cases, and four are not", () => {
  const found = (after: number) => observe(unownedStep, orderedBy(after, "clerk0"), said({})).length;
  expect([found(119 - 46), found(119 - 45)]).toEqual([1, 0]); // the second is five seconds short of 45 days
  const steps = { ...PURCHASE.steps, Check: {} };
  const few = (n: number) =>
    observe(
      unownedStep,
      purchases((own, c) => own.filter(([a]) => a !== "Check" || c < n)),
      said({ steps }),
    ).length;
  expect([few(5), few(4)]).toEqual([1, 0]);
});
