import { expect, test } from "vitest";
import { pingPong } from "../../src/detectors/ping-pong.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { logOf } from "../log-of.ts";
import { observe } from "./detect.ts";
import { draw, times, MINUTE } from "./processes.ts";

const open = { minCases: 1, minShare: 0 };
const found = (...cases: string[]) => observe(pingPong, logOf(...cases, "Z/p", "Z/q"), {}, open);

test("A B A B A between the same two people, with the same work coming back", () => {
  expect(found("do/x back/y do/x back/y do/x", "do/x")).toMatchObject([
    { subject: "do", cases: ["c1"], outOf: 2, people: ["x", "y"] },
  ]);
});
test("the rows behind the first turn of each side are charged", () => {
  const rows = draw(times(6, () => "do/x back/y do/x back/y do/x end/z").concat("do/p end/q")).map((row) => ({
    ...row,
    start: row.time - 30 * MINUTE,
  }));
  expect(observe(pingPong, rows)[0].cost).toMatchObject({
    kind: "labour",
    rows: { "c0 do": 0.5, "c0 back": 0.5 },
  });
});
test("one return is not ping-pong, a third person interrupts, and work that moves on is none", () => {
  expect(found("do/x back/y do/x")).toEqual([]);
  expect(found("do/x back/y do/x other/z back/y do/x")).toEqual([]);
  expect(found("a/x b/y c/x d/y e/x")).toEqual([]);
});
test("nobody's event ends a stretch", () => {
  expect(found("do/x back/y do/x wait back/y do/x")).toEqual([]);
});
test("five turns are enough, four are not; five cases are enough, four are not", () => {
  expect([found("do/x back/y do/x back/y do/x").length, found("do/x back/y do/x back/y").length]).toEqual([
    1, 0,
  ]);
  const seen = (n: number, changed = {}) =>
    observe(
      pingPong,
      logOf(...times(30, (c) => (c < n ? "do/x back/y do/x back/y do/x" : "do/x back/y")), "Z/p", "Z/q"),
      {},
      changed,
    ).length;
  expect([seen(5), seen(4)]).toEqual([1, 0]);
  const low = wilsonLow(5, 30);
  expect([seen(5, { minShare: low }), seen(5, { minShare: low + 1e-9 })]).toEqual([1, 0]);
});
