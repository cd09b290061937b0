import { expect, test } from "vitest";
import { sideChannel } from "../../src/detectors/side-channel.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { observe } from "./detect.ts";
import { purchases, every } from "./processes.ts";

const byMail = (isSo: (c: number) => boolean) =>
  purchases((s, c) => (isSo(c) ? [...s.slice(0, 2), ["Agree price by e-mail", "buyer0"], ...s.slice(2)] : s));
const checkedIn = (system: string, isSo: (c: number) => boolean) =>
  purchases().map((row) => ({
    ...row,
    system: row.activity === "Check" && isSo(Number(row.case.slice(1))) ? system : "ERP",
  }));

test("a step by mail, by its name", () => {
  expect(
    observe(
      sideChannel,
      byMail((c) => c % 6 === 0),
    ),
  ).toMatchObject([
    {
      subject: "Agree price by e-mail",
      cases: every(6),
      outOf: 120,
      people: ["buyer0"],
      facts: [["times", "20"]],
    },
  ]);
});
test("a step in a sheet, by the system of its row", () => {
  expect(
    observe(
      sideChannel,
      checkedIn("Excel", (c) => c % 5 === 0),
    ),
  ).toMatchObject([{ subject: "Check", cases: every(5), outOf: 120 }]);
});
test("steps in two systems of record are none", () => {
  expect(
    observe(
      sideChannel,
      checkedIn("CRM", (c) => c % 5 === 0),
    ),
  ).toEqual([]);
});
test("five cases are enough, four are not; the share counts by its lower bound", () => {
  const found = (n: number, changed = {}) =>
    observe(
      sideChannel,
      byMail((c) => c < n),
      {},
      changed,
    ).length;
  expect([found(5), found(4)]).toEqual([1, 0]);
  const low = wilsonLow(5, 120);
  expect([found(5, { minShare: low }), found(5, { minShare: low + 1e-9 })]).toEqual([1, 0]);
});
