import { expect, test } from "vitest";
import { approvalBypassed } from "../../src/detectors/approval-bypassed.ts";
import { observe, descriptionOf } from "./detect.ts";
import { withAmount, PURCHASE, purchases, every } from "./processes.ts";

const given = { description: descriptionOf(PURCHASE) };
const without = (isLeftOut: (c: number) => boolean) =>
  purchases((steps, c) => steps.filter(([a]) => a !== "Approve request" || !isLeftOut(c)));

test("one case that goes on without its approval is enough", () => {
  const rows = withAmount(
    without((c) => c === 7),
    () => 250,
  );
  expect(observe(approvalBypassed, rows, given)).toMatchObject([
    {
      subject: "Approve request",
      cases: ["c7"],
      outOf: 120,
      cost: { kind: "exposure", rows: { "c7 Order": 250 } },
    },
  ]);
});
test("approvals given in order are none, and a step left out is another finding", () => {
  expect(observe(approvalBypassed, purchases(), given)).toEqual([]);
  expect(
    observe(
      approvalBypassed,
      purchases((steps, c) => (c === 7 ? steps.filter(([a]) => a !== "Check") : steps)),
      given,
    ),
  ).toEqual([]);
});
test("a rule holds only where its tests do", () => {
  const rules = [{ before: "Order", must: "Approve request", when: { amount: { atLeast: 500 } } }];
  const flow = ["Request", { optional: "Approve request" }, "Order", "Check", "Pay"];
  const rows = withAmount(
    without((c) => c % 8 === 0 || c % 2 === 1),
    (c) => (c % 4 === 0 ? 900 : 100),
  );
  expect(
    observe(approvalBypassed, rows, { description: descriptionOf({ ...PURCHASE, rules, flow }) }),
  ).toMatchObject([{ subject: "Approve request", cases: every(8), outOf: 30 }]);
});
test("an approval given in 2 % of the cases is one that cases leave out, below that it is a phantom", () => {
  const rows = purchases(
    (steps, c) => steps.filter(([a]) => a !== "Approve request" || c === 0 || c === 99),
    100,
  );
  const found = (minDone: number) =>
    observe(approvalBypassed, rows, given, { minDone }).map(({ cases }) => cases.length);
  expect([found(0.02), found(0.021)]).toEqual([[98], []]);
});
