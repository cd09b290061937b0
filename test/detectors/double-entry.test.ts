import { expect, test } from "vitest";
import { doubleEntry } from "../../src/detectors/double-entry.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { MONDAY } from "../log-of.ts";
import { observe } from "./detect.ts";
import { draw, times, purchases, every, DAY } from "./processes.ts";

const copied = (isSo: (c: number) => boolean, name = "Copy order to spreadsheet") =>
  purchases((s, c) => (isSo(c) ? [...s.slice(0, 3), [name, "buyer0"], ...s.slice(3)] : s));

test("what is entered again, by its name", () => {
  expect(
    observe(
      doubleEntry,
      copied((c) => c % 4 === 0),
    ),
  ).toMatchObject([
    {
      subject: "Copy order to spreadsheet",
      cases: every(4),
      outOf: 120,
      people: ["buyer0"],
      facts: [["second entries", "30"]],
    },
  ]);
});
test("two activities whose names differ by the system that they name", () => {
  const rows = draw(times(20, () => "Record_invoice/a Record_invoice_in_sheet/b Pay/c"));
  expect(observe(doubleEntry, rows)).toMatchObject([{ subject: "Record invoice in sheet", outOf: 20 }]);
});
test("one activity in two systems of one case, within a week", () => {
  const inTwo = (days: number, second = "SAP") =>
    draw(
      times(20, () => `Record/a Record/a+${days}d Pay/c`),
      (c) => MONDAY + c * DAY,
    ).map((row, i) => ({ ...row, system: i % 3 === 1 ? second : "ERP" }));
  expect(observe(doubleEntry, inTwo(7))).toMatchObject([{ subject: "Record", outOf: 20, people: ["a"] }]);
  expect(observe(doubleEntry, inTwo(7.1))).toEqual([]);
  expect(observe(doubleEntry, inTwo(1, "ERP"))).toEqual([]);
});
test("a similar name right behind, by one person in another system within the hour", () => {
  const behind = (minutes: number, who: string, second: string) =>
    draw(times(20, () => `Enter_order_data/a Enter_order_details/${who}+${minutes}m Pay/c`)).map(
      (row, i) => ({ ...row, system: i % 3 === 1 ? second : "ERP" }),
    );
  expect(observe(doubleEntry, behind(60, "a", "CRM"))).toMatchObject([
    { subject: "Enter order details", outOf: 20 },
  ]);
  for (const rows of [behind(61, "a", "CRM"), behind(60, "b", "CRM"), behind(60, "a", "ERP")])
    expect(observe(doubleEntry, rows)).toEqual([]);
});
test("ordinary work is none; five cases are enough, four are not", () => {
  expect(observe(doubleEntry, purchases())).toEqual([]);
  const found = (n: number, changed = {}) =>
    observe(
      doubleEntry,
      copied((c) => c < n),
      {},
      changed,
    ).length;
  expect([found(5), found(4)]).toEqual([1, 0]);
  const low = wilsonLow(5, 120);
  expect([found(5, { minShare: low }), found(5, { minShare: low + 1e-9 })]).toEqual([1, 0]);
});
