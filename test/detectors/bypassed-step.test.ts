import { expect, test } from "vitest";
import { bypassedStep } from "../../src/detectors/bypassed-step.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { observe, descriptionOf } from "./detect.ts";
import { withAmount, PURCHASE, purchases, every } from "./processes.ts";

const given = { description: descriptionOf(PURCHASE) };
const without = (step: string, isLeftOut: (c: number) => boolean) =>
  purchases((steps, c) => steps.filter(([a]) => a !== step || !isLeftOut(c)));

test("a step that cases leave out, with their amounts", () => {
  const rows = withAmount(
    without("Check", (c) => c % 12 === 0),
    (c) => 10 + c,
  );
  const [finding, ...more] = observe(bypassedStep, rows, given);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ subject: "Check", cases: every(12), outOf: 120 });
  expect(finding.cost).toEqual({
    kind: "exposure",
    rows: Object.fromEntries(every(12).map((id) => [`${id} Pay`, 10 + Number(id.slice(1))])),
  });
});
test("an approval left out is another finding, and so is a step that hardly anybody does", () => {
  expect(
    observe(
      bypassedStep,
      without("Approve request", (c) => c % 12 === 0),
      given,
    ),
  ).toEqual([]);
  expect(
    observe(
      bypassedStep,
      without("Check", (c) => c > 1),
      given,
    ),
  ).toEqual([]);
});
test("a case that has not come so far has left nothing out", () => {
  const rows = purchases((steps, c) => (c % 12 === 0 ? steps.slice(0, 3) : steps));
  expect(observe(bypassedStep, rows, given)).toEqual([]);
});
test("three cases are enough where only the flow says so, one where a rule does", () => {
  const found = (n: number, rules: object[], changed = {}) =>
    observe(
      bypassedStep,
      without("Check", (c) => c >= 60 && c < 60 + n),
      { description: descriptionOf({ ...PURCHASE, rules }) },
      changed,
    ).map(({ cases }) => cases.length);
  expect([found(3, []), found(2, [])]).toEqual([[3], []]);
  const low = wilsonLow(3, 120);
  expect([found(3, [], { minShare: low }), found(3, [], { minShare: low + 1e-9 })]).toEqual([[3], []]);
  expect(found(1, [{ before: "Pay", must: "Check" }])).toEqual([1]);
});
