import { expect, test } from "vitest";
import { ownershipByHabit } from "../../src/detectors/ownership-by-habit.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { observe, descriptionOf } from "./detect.ts";
import { withAmount, PURCHASE, purchases, every } from "./processes.ts";

const given = { description: descriptionOf(PURCHASE) };
const checkedBy = (who: (c: number) => string | undefined, n = 120) =>
  purchases((steps, c) => steps.map(([a, p]) => [a, a === "Check" ? (who(c) ?? p) : p]), n);

test("a step that mostly another role does", () => {
  const [finding, ...more] = observe(
    ownershipByHabit,
    withAmount(checkedBy((c) => (c % 5 === 0 ? undefined : `buyer${c % 2}`))),
    given,
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ subject: "Check", outOf: 120, people: ["buyer1", "buyer0"] });
  expect(finding.cases).toEqual(every(1).filter((id) => Number(id.slice(1)) % 5 !== 0));
  expect(finding.facts).toEqual([
    ["done by Clerk", "24 times"],
    ["done by Buyer", "96 times"],
  ]);
  expect(Object.values(finding.cost!.rows)).toEqual(Array(96).fill(100));
});
test("exceptions are none", () => {
  expect(
    observe(
      ownershipByHabit,
      checkedBy((c) => (c % 10 === 0 ? "buyer0" : undefined)),
      given,
    ),
  ).toEqual([]);
});
test("others of several roles, none with half of it, are no owner", () => {
  const others = ["buyer0", "boss0", "ann1"];
  expect(
    observe(
      ownershipByHabit,
      checkedBy((c) => (c % 5 === 0 ? undefined : others[c % 3])),
      given,
    ),
  ).toEqual([]);
});
test("twenty executions are enough, and the share counts by its lower bound", () => {
  const found = (n: number, changed = {}) =>
    observe(
      ownershipByHabit,
      checkedBy(() => "buyer0", n),
      given,
      changed,
    ).length;
  expect([found(20), found(19)]).toEqual([1, 0]);
  const low = wilsonLow(20, 20);
  expect([found(20, { minShare: low }), found(20, { minShare: low + 1e-9 })]).toEqual([1, 0]);
});
