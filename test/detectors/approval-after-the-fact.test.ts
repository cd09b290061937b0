import { expect, test } from "vitest";
import { approvalAfterTheFact } from "../../src/detectors/approval-after-the-fact.ts";
import { observe, descriptionOf } from "./detect.ts";
import { withAmount, PURCHASE, purchases, every, HOUR, DAY } from "./processes.ts";

const given = { description: descriptionOf(PURCHASE) };
const late = (isLate: (c: number) => boolean) =>
  purchases((steps, c) => (isLate(c) ? [steps[0], steps[2], steps[1], ...steps.slice(3)] : steps));

test("one approval after what it approves is enough", () => {
  const rows = withAmount(
    late((c) => c === 15),
    () => 80,
  );
  expect(observe(approvalAfterTheFact, rows, given)).toMatchObject([
    {
      subject: "Approve request",
      cases: ["c15"],
      outOf: 120,
      people: ["boss1"],
      cost: { kind: "exposure", rows: { "c15 Approve request": 80 } },
    },
  ]);
  expect(
    observe(
      approvalAfterTheFact,
      late((c) => c % 15 === 0),
      given,
    ),
  ).toMatchObject([{ cases: every(15) }]);
});
test("a step too late that is no approval is another finding, and so is an approval never given", () => {
  expect(
    observe(
      approvalAfterTheFact,
      purchases((steps) => [steps[0], steps[1], steps[3], steps[2], steps[4]]),
      given,
    ),
  ).toEqual([]);
  expect(
    observe(
      approvalAfterTheFact,
      purchases((steps, c) => (c === 15 ? steps.filter(([a]) => a !== "Approve request") : steps)),
      given,
    ),
  ).toEqual([]);
});
test("at the same moment it is in order, a second later it is not", () => {
  const apart = (ms: number) =>
    late((c) => c % 15 === 0).map((row) =>
      row.activity === "Order" || row.activity === "Approve request"
        ? { ...row, time: row.time - (row.time % DAY) + 12 * HOUR + (row.activity === "Order" ? 0 : ms) }
        : row,
    );
  expect(observe(approvalAfterTheFact, apart(0), given)).toEqual([]);
  expect(observe(approvalAfterTheFact, apart(-1000), given)).toEqual([]);
  expect(observe(approvalAfterTheFact, apart(1000), given)[0].cases).toHaveLength(120);
});
