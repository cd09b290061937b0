import { expect, test } from "vitest";
import { roleMismatch } from "../../src/detectors/role-mismatch.ts";
import { observe, descriptionOf } from "./detect.ts";
import { withAmount, PURCHASE, purchases, every } from "./processes.ts";

const given = { description: descriptionOf(PURCHASE) };
const checkedBy = (who: (c: number) => string | undefined) =>
  purchases((steps, c) => steps.map(([a, p]) => [a, a === "Check" ? (who(c) ?? p) : p]));

test("a step done by another role now and then, with the amounts of those cases", () => {
  const rows = withAmount(
    checkedBy((c) => (c % 10 === 0 ? "buyer0" : undefined)),
    (c) => 5 + c,
  );
  expect(observe(roleMismatch, rows, given)).toMatchObject([
    {
      subject: "Check",
      cases: every(10),
      outOf: 120,
      people: ["buyer0"],
      cost: {
        kind: "exposure",
        rows: Object.fromEntries(every(10).map((id) => [`${id} Check`, 5 + Number(id.slice(1))])),
      },
      facts: [["done by Buyer", "12 times"]],
    },
  ]);
});
test("a deputy, a program and an unknown person are no mismatch", () => {
  const rows = purchases((steps, c) =>
    steps.map(([a, p]) => [
      a,
      a === "Approve request" && c % 9 === 0 ? "dep" : a === "Check" && c % 9 === 0 ? "SYSTEM" : p,
    ]),
  ).map((row) => (row.activity === "Pay" && row.case === "c5" ? { ...row, person: undefined } : row));
  expect(observe(roleMismatch, rows, given)).toEqual([]);
});
test("two cases are enough, one is not; half of the executions still are an exception, more are a habit", () => {
  const found = (n: number) =>
    observe(
      roleMismatch,
      checkedBy((c) => (c < n ? "buyer0" : undefined)),
      given,
    ).map(({ cases }) => cases.length);
  expect([found(2), found(1)]).toEqual([[2], []]);
  expect([found(60), found(61)]).toEqual([[60], []]);
});
