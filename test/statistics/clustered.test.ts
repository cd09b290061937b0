import fc from "fast-check";
import { expect, test } from "vitest";
import {
  clusteredMedian,
  clusteredShare,
  shareOfClusters,
  spreadOfTotal,
  studentQuantile,
  totalInterval,
} from "../../src/statistics/clustered.ts";
import { wilson } from "../../src/statistics/intervals.ts";
import { Random } from "../../src/statistics/random.ts";

// R 4.3: qt(0.975, c(1, 5, 10, 30, 1000))
test.each([
  [0.975, 1, 12.7062],
  [0.975, 5, 2.570582],
  [0.975, 10, 2.228139],
  [0.975, 30, 2.042272],
  [0.975, 1000, 1.962339],
])("the %f quantile of Student's t with %f degrees is %f", (share, degrees, value) => {
  expect(studentQuantile(share, degrees)).toBeCloseTo(value, 3);
});

test("without clusters a share has Wilson's interval; with them it is never narrower and holds the share", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1), fc.nat(6)), { minLength: 60, maxLength: 200 }), (units) => {
      const hit = units.map(([h]) => h);
      const count = hit.reduce((a, b) => a + b, 0);
      const plain = wilson(count, hit.length)!;
      const [low, high] = clusteredShare(hit, [])!;
      expect(high - low).toBeGreaterThanOrEqual(plain[1] - plain[0] - 1e-9);
      expect(high - low).toBeLessThan((plain[1] - plain[0]) * 1.06); // Student's t
      const [a, b] = clusteredShare(hit, [{ of: units.map(([, k]) => k), count: 7 }])!;
      expect(b - a).toBeGreaterThanOrEqual(plain[1] - plain[0] - 1e-9);
      expect(a <= count / hit.length && count / hit.length <= b).toBe(true);
    }),
  );
});

test("cases that always go together count as one", () => {
  const weeks = 20;
  const hit = Array.from({ length: weeks * 30 }, (_, i) => Math.floor(i / 30) % 2);
  const of = hit.map((_, i) => Math.floor(i / 30));
  const [low, high] = clusteredShare(hit, [{ of, count: weeks }])!;
  const alone = wilson(10, 20)!;
  expect(high - low).toBeGreaterThan(alone[1] - alone[0]);
  expect(high - low).toBeLessThan((alone[1] - alone[0]) * 1.2);
});

test("from counts by week the interval holds the share, whatever the weeks are taken to have", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(40)), { minLength: 8, maxLength: 40 }), (weeks) => {
      const hits = weeks.map(([h]) => h);
      const count = hits.reduce((a, b) => a + b, 0);
      const outOf = count + 10;
      const interval = shareOfClusters(
        count,
        outOf,
        hits,
        weeks.map(([h, n]) => Math.max(h, n)),
      );
      if (!interval) return;
      expect(interval[0]).toBeLessThanOrEqual(count / outOf + 1e-12);
      expect(interval[1]).toBeGreaterThanOrEqual(count / outOf - 1e-12);
    }),
  );
});

test("a median lies in its interval, which grows with what hangs together; nothing has none", () => {
  const random = new Random(4);
  const effects = Array.from({ length: 12 }, () => random.normal());
  const of = Array.from({ length: 240 }, (_, i) => i % 12);
  const values = of.map((k) => Math.exp(effects[k] + 0.3 * random.normal()));
  const alone = clusteredMedian(values, [])!;
  const together = clusteredMedian(values, [{ of, count: 12 }])!;
  expect(together.median).toBe(alone.median);
  expect(together.interval[1] - together.interval[0]).toBeGreaterThan(
    2 * (alone.interval[1] - alone.interval[0]),
  );
  for (const { median, interval } of [alone, together])
    expect(interval[0] <= median && median <= interval[1]).toBe(true);
  expect(clusteredMedian([], [])).toBeUndefined();
});

test("95 % intervals of a sum hold the truth in about 95 of 100 organisations whose weeks differ", () => {
  let held = 0;
  const runs = 600;
  for (let run = 0; run < runs; run++) {
    const random = new Random(`total ${run}`);
    const of: number[] = [];
    const values: number[] = [];
    for (let w = 0; w < 40; w++) {
      const effect = random.normal() * 0.4;
      for (let i = 0; i < 10; i++) {
        of.push(w);
        values.push(random.logNormal(Math.exp(effect), 0.5));
      }
    }
    const total = values.reduce((a, b) => a + b, 0);
    const [low, high] = totalInterval(total, spreadOfTotal(values, { of, count: 40 }));
    const truth = 400 * Math.exp(0.4 ** 2 / 2 + 0.5 ** 2 / 2);
    if (low <= truth && truth <= high) held++;
  }
  expect(held / runs).toBeGreaterThan(0.925);
  expect(held / runs).toBeLessThan(0.985);
});

test.each([
  ["weeks with a heavy tail", (random: Random) => Math.exp(random.normal() * 0.9), Math.exp(0.9 ** 2 / 2)],
  ["weeks of two kinds", (random: Random) => (random.next() < 1 / 7 ? 6 : 1), 1 + 5 / 7],
])("intervals of totals hold the truth in about 95 % of runs: %s", (name, weekOf, meanOfWeek) => {
  let held = 0;
  const runs = 600;
  for (let run = 0; run < runs; run++) {
    const random = new Random(`totals/${name}/${run}`);
    const of: number[] = [];
    const values: number[] = [];
    for (let w = 0; w < 48; w++) {
      const dear = weekOf(random);
      for (let i = 0; i < 10; i++) {
        of.push(w);
        values.push(random.logNormal(dear, 0.5));
      }
    }
    const total = values.reduce((a, b) => a + b, 0);
    const [low, high] = totalInterval(total, spreadOfTotal(values, { of, count: 48 }));
    const truth = 480 * meanOfWeek * Math.exp(0.5 ** 2 / 2);
    if (low <= truth && truth <= high) held++;
  }
  expect(held / runs).toBeGreaterThan(0.925);
  expect(held / runs).toBeLessThan(0.985);
});

test("weeks of nothing make a total less certain", () => {
  const random = new Random("gaps");
  const values = Array.from({ length: 40 }, () => random.logNormal(100, 0.4));
  const of = values.map((_, i) => i);
  const full = spreadOfTotal(values, { of, count: 40 });
  const gaps = spreadOfTotal(values, { of: of.map((w) => 2 * w), count: 80 });
  expect(gaps.variance).toBeGreaterThan(full.variance * 2);
});
