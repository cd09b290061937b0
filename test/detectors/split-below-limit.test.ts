import { expect, test } from "vitest";
import { splitBelowLimit } from "../../src/detectors/split-below-limit.ts";
import { type TestRow } from "../log-of.ts";
import { observe, descriptionOf } from "./detect.ts";
import { PURCHASE, purchases, HOUR } from "./processes.ts";

const rules = [{ splitLimit: 1000, by: ["person", "vendor"], within: "1d", step: "Request" }];
const given = { description: descriptionOf({ ...PURCHASE, rules }) };

/**
 * Cases 30 and 31 by one person for one vendor, so many hours apart, of these amounts; everything else is
 * small.
 */
const twoParts = (hours: number, first: number, second: number, vendor = "acme") =>
  purchases((steps) => steps.map(([a, p]) => [a, a === "Request" ? "ann" : p])).map((row) => {
    const c = Number(row.case.slice(1));
    return {
      ...row,
      time: c === 31 ? row.time - 24 * HOUR - 1000 + hours * HOUR : row.time,
      amount: c === 30 ? first : c === 31 ? second : 5,
      vendor: c === 31 ? vendor : "acme",
    };
  });

test("two parts of one person and vendor within a day, together above the limit", () => {
  expect(observe(splitBelowLimit, twoParts(4, 600, 700), given, { minGroups: 1 })).toMatchObject([
    {
      subject: "Request",
      cases: expect.arrayContaining(["c30", "c31"]),
      people: ["ann"],
      outOf: 120,
      cost: { kind: "exposure" },
      facts: [["groups", "1"]],
    },
  ]);
});
test("only the parts are charged, with their amounts", () => {
  const rows = twoParts(4, 600, 700).map((row) =>
    ["c30", "c31"].includes(row.case) ? row : { ...row, vendor: `v${row.case}` },
  );
  expect(observe(splitBelowLimit, rows, given)[0]).toMatchObject({
    cases: ["c30", "c31"],
    cost: { rows: { "c30 Request": 600, "c31 Request": 700 } },
  });
});
test("another vendor, or one part that is above the limit itself, is no split", () => {
  expect(observe(splitBelowLimit, twoParts(4, 600, 700, "other"), given)).toEqual([]);
  expect(observe(splitBelowLimit, twoParts(4, 1001, 20), given)).toEqual([]);
});
test("a day apart still counts, an hour more does not; together the limit itself is allowed", () => {
  const alone = (rows: TestRow[]) =>
    rows.map((row) => (["c30", "c31"].includes(row.case) ? row : { ...row, vendor: `v${row.case}` }));
  const found = (hours: number, first: number, second: number) =>
    observe(splitBelowLimit, alone(twoParts(hours, first, second)), given).length;
  expect([found(24, 600, 700), found(25, 600, 700)]).toEqual([1, 0]);
  expect([found(4, 400, 600.01), found(4, 400, 600)]).toEqual([1, 0]);
  expect([found(4, 1000, 1), found(4, 1000.01, 1)]).toEqual([1, 0]);
});
