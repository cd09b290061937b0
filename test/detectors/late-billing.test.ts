import { expect, test } from "vitest";
import { lateBilling } from "../../src/detectors/late-billing.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { observe, OFFICE } from "./detect.ts";
import { draw, times, withAmount, every } from "./processes.ts";

/** Shipped at 10:00 and billed a day later, or two weeks, which are ten working days. */
const sold = (isLate: (c: number) => boolean) =>
  withAmount(
    draw(times(60, (c) => `Take_order/a Ship_goods/b Send_invoice/c+${isLate(c) ? 14 : 1}d`)),
    () => 365,
  );
const given = { calendar: OFFICE };

test("bills long after the delivery bind capital: the amount for the share of a year beyond the usual wait", () => {
  const [finding, ...more] = observe(
    lateBilling,
    sold((c) => c < 6),
    given,
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "Send invoice",
    cases: every(1, 6),
    outOf: 60,
    people: [],
    facts: [["usual wait", "1.0 working days"]],
  });
  // nine working days are 12.6 calendar days
  expect(finding.cost).toEqual({
    kind: "working capital",
    rows: Object.fromEntries(every(1, 6).map((id) => [`${id} Send invoice`, 12.6])),
  });
});
test("bills that go out the next day are none, and what is never billed is another finding", () => {
  expect(
    observe(
      lateBilling,
      sold(() => false),
      given,
    ),
  ).toEqual([]);
  expect(
    observe(
      lateBilling,
      sold((c) => c < 6).filter((row) => row.activity !== "Send invoice" || Number(row.case.slice(1)) >= 6),
      given,
    ),
  ).toEqual([]);
});
test("where the usual wait is long, all beyond the limit are late, for what goes beyond it", () => {
  const [finding] = observe(
    lateBilling,
    sold((c) => c < 40),
    given,
  );
  expect(finding.cases).toHaveLength(40);
  expect(finding.cost!.rows["c0 Send invoice"]).toBeCloseTo((2 * 7) / 5, 5);
});
test("five cases are enough, four are not; ten working days are not more than ten", () => {
  const found = (n: number, options = {}) =>
    observe(
      lateBilling,
      sold((c) => c < n),
      given,
      options,
    ).length;
  expect([found(5), found(4)]).toEqual([1, 0]);
  expect([found(5, { minDays: 9.9 }), found(5, { minDays: 10 })]).toEqual([1, 0]);
  expect([found(5, { factor: 9.9 }), found(5, { factor: 10 })]).toEqual([1, 0]);
  const low = wilsonLow(5, 60);
  expect([found(5, { minShare: low }), found(5, { minShare: low + 1e-9 })]).toEqual([1, 0]);
});
