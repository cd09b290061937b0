import { expect, test } from "vitest";
import { segregationOfDuties } from "../../src/detectors/segregation-of-duties.ts";
import { observe, descriptionOf } from "./detect.ts";
import { withAmount, PURCHASE, purchases } from "./processes.ts";

const rules = [{ separate: ["Order", "Check"] }, { separate: ["Request", "Approve request"] }];
const given = { description: descriptionOf({ ...PURCHASE, rules }) };
const checkedBy = (who: string | undefined, c0 = 11) =>
  purchases((steps, c) => steps.map(([a, p]) => [a, a === "Check" && c === c0 ? (who ?? p) : p]));

test("one case in which one person did both", () => {
  expect(observe(segregationOfDuties, withAmount(checkedBy("buyer1")), given)).toMatchObject([
    {
      subject: "Check",
      cases: ["c11"],
      outOf: 120,
      people: ["buyer1"],
      cost: { kind: "exposure", rows: { "c11 Check": 100 } },
    },
  ]);
});
test("two people of one role are two people", () => {
  expect(observe(segregationOfDuties, checkedBy("buyer0"), given)).toEqual([]);
});
test("requester and approver are left to self-approval", () => {
  const own = purchases((steps, c) =>
    steps.map(([a, p]) => [a, a === "Approve request" && c === 20 ? "ann6" : p]),
  );
  expect(observe(segregationOfDuties, own, given)).toEqual([]);
});
test("a program and an unknown person count as nobody, and a rule only where its tests hold", () => {
  const program = purchases((steps, c) =>
    steps.map(([a, p]) => [a, c === 11 && (a === "Check" || a === "Order") ? "SYSTEM" : p]),
  );
  expect(observe(segregationOfDuties, program, given)).toEqual([]);
  const when = { amount: { atLeast: 100 } };
  const above = {
    description: descriptionOf({ ...PURCHASE, rules: [{ separate: ["Order", "Check"], when }] }),
  };
  const found = (amount: number) =>
    observe(
      segregationOfDuties,
      withAmount(checkedBy("buyer1"), (c) => (c === 11 ? amount : 500)),
      above,
    ).length;
  expect([found(100), found(99)]).toEqual([1, 0]);
});
