import { expect, test } from "vitest";
import { variantSprawl } from "../../src/detectors/variant-sprawl.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { Random } from "../../src/statistics/random.ts";
import { observe } from "./detect.ts";
import { draw, times } from "./processes.ts";

/** Improvised steps at random places in so many of a hundred cases. */
const improvised = (n: number, of = 100) => {
  const random = new Random(5);
  return draw(
    times(of, (c) => {
      const extra = random.shuffle(["P", "Q", "R", "S", "T", "U", "V"]).slice(0, 5);
      return c < n ? `A ${extra.join(" ")} Z` : "A B Z";
    }),
  );
};

test("nearly every case takes its own way", () => {
  const [finding, ...more] = observe(variantSprawl, improvised(60));
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ subject: "whole process", outOf: 100 });
  expect(finding.cases.length).toBeGreaterThan(50);
  expect(finding.cases).not.toContain("c99");
});
test("one way through the process is none, nor is parallel work in any order", () => {
  expect(observe(variantSprawl, improvised(0))).toEqual([]);
  const random = new Random(5);
  const shuffled = draw(times(200, () => `A ${random.shuffle(["P", "Q", "R", "S", "T", "U"]).join(" ")} Z`));
  expect(observe(variantSprawl, shuffled)).toEqual([]);
});
test("sixty closed cases are enough, 59 are not; the share counts by its lower bound", () => {
  const found = (of: number) => observe(variantSprawl, improvised(of, of)).length;
  expect([found(60), found(59)]).toEqual([1, 0]);
  const rare = observe(variantSprawl, improvised(60))[0].cases.length;
  const low = wilsonLow(rare, 100);
  const at = (minShare: number) => observe(variantSprawl, improvised(60), {}, { minShare }).length;
  expect([at(low), at(low + 1e-9)]).toEqual([1, 0]);
});
test("three cases in a hundred are a rare way, four are not", () => {
  const ways = (n: number) =>
    draw(times(100, (c) => (c < 40 ? "A B Z" : `A S${Math.floor((c - 40) / n)} Z`)));
  expect([observe(variantSprawl, ways(3)).length, observe(variantSprawl, ways(4)).length]).toEqual([1, 0]);
});
