import { expect, test } from "vitest";
import { rubberStamp } from "../../src/detectors/rubber-stamp.ts";
import { type TestRow } from "../log-of.ts";
import { observe } from "./detect.ts";
import { plain } from "./processes.ts";

const stamped = (seconds: number, who = (row: TestRow, c: number) => row.person === "boss1" && c >= 0) =>
  plain(160, (r, c) =>
    r.map((row) =>
      row.activity === "Approve request" && who(row, c) ? { ...row, time: r[1].time + seconds * 1000 } : row,
    ),
  );

test("decisions in seconds after the request came, with the amounts of their cases", () => {
  const rows = stamped(20);
  const own = rows.filter((row) => row.activity === "Approve request" && row.person === "boss1");
  const [finding, ...more] = observe(rubberStamp, rows);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ subject: "Approve request", people: ["boss1"], outOf: 160 });
  expect(finding.cases).toEqual(own.map((row) => row.case));
  expect(finding.cost).toEqual({
    kind: "exposure",
    rows: Object.fromEntries(own.map((row) => [`${row.case} Approve request`, row.amount])),
  });
});
test("one who reads, and a program, stamp nothing", () => {
  expect(observe(rubberStamp, plain(160))).toEqual([]);
  expect(
    observe(
      rubberStamp,
      stamped(20).map((row) => (row.person === "boss1" ? { ...row, person: "SYSTEM" } : row)),
    ),
  ).toEqual([]);
});
test("a minute after the arrival is too quick, a second more is not; eight decisions are enough, seven are not", () => {
  expect([observe(rubberStamp, stamped(60)).length, observe(rubberStamp, stamped(61)).length]).toEqual([
    1, 0,
  ]);
  const n = observe(rubberStamp, stamped(20))[0].cases.length;
  const found = (minCases: number) => observe(rubberStamp, stamped(20), {}, { minCases }).length;
  expect([found(n), found(n + 1)]).toEqual([1, 0]);
});
