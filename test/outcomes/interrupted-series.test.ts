import { describe, expect, test } from "vitest";
import { interruptedSeries, tBelow } from "../../src/outcomes/interrupted-series.ts";
import { Random } from "../../src/statistics/random.ts";

/** A series with a trend, errors that hang together by `rho`, and an effect from the start on. */
function series(
  random: Random,
  { before = 20, after = 20, rho = 0, effect = 0, slope = 0.1 }: Partial<Record<string, number>>,
): number[] {
  let error = random.normal();
  return Array.from({ length: before + after }, (_, t) => {
    if (t > 0) error = rho * error + Math.sqrt(1 - rho * rho) * random.normal();
    return 10 + slope * t + (t >= before ? effect : 0) + error;
  });
}

describe("what changed when something began", () => {
  test("Student's t against the published table", () => {
    for (const [df, t] of [
      [5, 2.571],
      [10, 2.228],
      [30, 2.042],
      [120, 1.98],
    ])
      expect(tBelow(t, df)).toBeCloseTo(0.975, 4);
    expect(tBelow(-2.228, 10)).toBeCloseTo(0.025, 4);
  });

  test("without noise the change is told exactly, and what was expected is the line before", () => {
    const values = Array.from({ length: 30 }, (_, t) => 5 + 0.5 * t - (t >= 15 ? 3 + 0.2 * (t - 15) : 0));
    const noisy = values.map((v, t) => v + (t % 2 === 0 ? 1e-6 : -1e-6));
    const found = interruptedSeries(noisy, 15)!;
    expect(found.effect).toBeCloseTo(-3 - 0.2 * 7, 3);
    expect(found.course[20]).toBeCloseTo(5 + 0.5 * 20, 3);
    expect(found.course[14]).toBeNull();
    expect(found.places).toEqual([15, 15]);
  });

  test("a trend that simply goes on is no effect", () => {
    const random = new Random("trend");
    const found = interruptedSeries(series(random, { slope: 1, before: 30, after: 30 }), 30)!;
    expect(found.after - found.before).toBeGreaterThan(20);
    expect(found.interval[0]).toBeLessThan(0);
    expect(found.interval[1]).toBeGreaterThan(0);
  });

  test("too little says nothing: seven weeks on a side, or weeks without values", () => {
    const random = new Random("few");
    expect(interruptedSeries(series(random, { before: 7 }), 7)).toBeUndefined();
    const gaps = series(random, {}).map((v, t) => (t >= 20 && t % 3 !== 0 ? null : v));
    expect(interruptedSeries(gaps, 20)).toBeUndefined();
    expect(interruptedSeries([], 0)).toBeUndefined();
    const constant = interruptedSeries(
      Array.from({ length: 20 }, () => 4),
      10,
    )!;
    expect([constant.effect, constant.interval]).toEqual([0, [0, 0]]);
  });

  test.each([
    [0, 0.935],
    [0.3, 0.935],
    [0.6, 0.93],
  ])("the interval covers what was planted: correlation of neighbours %f, in at least %f", (rho, least) => {
    const random = new Random(`coverage ${rho}`);
    const runs = 1200;
    let covered = 0;
    let bias = 0;
    for (let i = 0; i < runs; i++) {
      const effect = random.between(-3, 3);
      const values: (number | null)[] = series(random, { rho, effect, before: 26, after: 26 });
      if (i % 3 === 0) values[5] = values[30] = null;
      const found = interruptedSeries(values, 26)!;
      if (found.interval[0] <= effect && effect <= found.interval[1]) covered++;
      bias += found.effect - effect;
    }
    expect(covered / runs).toBeGreaterThan(least);
    expect(covered / runs).toBeLessThan(0.995);
    expect(Math.abs(bias / runs)).toBeLessThan(0.15);
  });

  test("a comparison that shares its ups and downs makes the interval narrower, and takes away what happened to both", () => {
    const random = new Random("comparison");
    let [alone, beside, wrong, right] = [0, 0, 0, 0];
    for (let i = 0; i < 200; i++) {
      const shared = Array.from({ length: 52 }, (_, t) => 3 * random.normal() + (t >= 26 ? 4 : 0));
      const values = shared.map((v) => 20 + v + 0.4 * random.normal());
      const comparison = shared.map((v) => 7 + v + 0.4 * random.normal());
      const one = interruptedSeries(values, 26)!;
      const two = interruptedSeries(values, 26, comparison)!;
      alone += one.interval[1] - one.interval[0];
      beside += two.interval[1] - two.interval[0];
      wrong += one.effect / 200;
      right += two.effect / 200;
    }
    expect(beside).toBeLessThan(alone / 3);
    expect(wrong).toBeGreaterThan(3);
    expect(Math.abs(right)).toBeLessThan(0.3);
  });

  test("with independent errors close to ordinary least squares, worked out by elimination", () => {
    const random = new Random("ols");
    for (let i = 0; i < 40; i++) {
      const values = series(random, { before: 60, after: 60, effect: 2 });
      const x = values.map((_, t) => [1, t, t < 60 ? 0 : 1, t < 60 ? 0 : t - 60]);
      // normal equations, solved by elimination
      const m = Array.from({ length: 4 }, (_, a) => [
        ...Array.from({ length: 4 }, (_, b) => x.reduce((sum, row) => sum + row[a] * row[b], 0)),
        x.reduce((sum, row, t) => sum + row[a] * values[t], 0),
      ]);
      for (let c = 0; c < 4; c++)
        for (let r = 0; r < 4; r++) {
          if (r === c) continue;
          const factor = m[r][c] / m[c][c];
          for (let k = c; k < 5; k++) m[r][k] -= factor * m[c][k];
        }
      const beta = m.map((row, k) => row[4] / row[k]);
      const ols = beta[2] + beta[3] * 29.5;
      expect(Math.abs(interruptedSeries(values, 60)!.effect - ols)).toBeLessThan(0.12);
    }
  });
});
