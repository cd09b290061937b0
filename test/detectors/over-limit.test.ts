import { expect, test } from "vitest";
import { overLimit } from "../../src/detectors/over-limit.ts";
import { observe, descriptionOf } from "./detect.ts";
import { withAmount, PURCHASE, purchases } from "./processes.ts";

const rules = [
  { limit: "Approve request", role: "Boss", upTo: 1000 },
  { limit: "Approve request", person: "boss1", upTo: 5000 },
];
const given = { description: descriptionOf({ ...PURCHASE, rules }) };
const amounts = (own: Record<number, number>) => withAmount(purchases(), (c) => own[c] ?? 10);

test("the most specific limit counts, and the whole amount is exposed", () => {
  expect(observe(overLimit, amounts({ 2: 1000, 3: 4000, 4: 1001, 5: 6000 }), given)).toMatchObject([
    {
      subject: "Approve request",
      cases: ["c4", "c5"],
      outOf: 120,
      people: ["boss0", "boss1"],
      cost: { kind: "exposure", rows: { "c4 Approve request": 1001, "c5 Approve request": 6000 } },
    },
  ]);
});
test("amounts within everybody's limit are none", () => {
  expect(observe(overLimit, amounts({ 3: 4000 }), given)).toEqual([]);
});
test("the limit itself is allowed, a cent more is not", () => {
  expect(observe(overLimit, amounts({ 2: 1000 }), given)).toEqual([]);
  expect(observe(overLimit, amounts({ 2: 1000.01 }), given)).toHaveLength(1);
});
test("a limit of everybody holds for those without one of their own, and a limit only where its tests hold", () => {
  const everybody = [...rules, { limit: "Order", upTo: 50, when: { amount: { below: 90 } } }];
  const found = observe(overLimit, amounts({ 6: 80, 7: 95 }), {
    description: descriptionOf({ ...PURCHASE, rules: everybody }),
  });
  expect(found).toMatchObject([{ subject: "Order", cases: ["c6"], outOf: 119 }]);
});
