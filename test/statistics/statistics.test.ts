import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  binomialCdf,
  clopperPearson,
  logGamma,
  regularisedBeta,
  wilson,
} from "../../src/statistics/intervals.ts";
import { median, quantile } from "../../src/statistics/quantile.ts";
import { Random } from "../../src/statistics/random.ts";
import {
  benjaminiHochberg,
  normalTail,
  studentTwoSided,
  twoShares,
  welch,
} from "../../src/statistics/tests.ts";

describe("intervals", () => {
  test("Wilson equals the worked values of Newcombe (1998), table I: 81/263, 15/148, 0/20, 1/29", () => {
    const rounded = (k: number, n: number) => wilson(k, n)!.map((v) => Math.round(v * 1e4) / 1e4);
    expect(rounded(81, 263)).toEqual([0.2553, 0.3662]);
    expect(rounded(15, 148)).toEqual([0.0624, 0.1605]);
    expect(rounded(0, 20)).toEqual([0, 0.1611]);
    expect(rounded(1, 29)).toEqual([0.0061, 0.1718]);
  });

  test("Clopper-Pearson equals the same table's exact values", () => {
    const rounded = (k: number, n: number) => clopperPearson(k, n)!.map((v) => Math.round(v * 1e4) / 1e4);
    expect(rounded(81, 263)).toEqual([0.2527, 0.3676]);
    expect(rounded(15, 148)).toEqual([0.0578, 0.1617]);
    expect(rounded(0, 20)).toEqual([0, 0.1684]);
    expect(rounded(1, 29)).toEqual([0.0009, 0.1776]);
  });

  test("zero in 59 is under 5 % at one-sided 95 %", () => {
    expect(clopperPearson(0, 59, 0.9)![1]).toBeLessThan(0.05);
    expect(clopperPearson(0, 58, 0.9)![1]).toBeGreaterThan(0.05);
  });

  test("nothing to divide by gives no interval", () => {
    expect(wilson(0, 0)).toBeUndefined();
    expect(clopperPearson(0, 0)).toBeUndefined();
  });

  test("the binomial distribution equals its sum of terms", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(40),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (n, k, p) => {
          let sum = 0;
          let term = (1 - p) ** n;
          for (let i = 0; i <= Math.min(k, n); i++) {
            sum += term;
            term *= ((n - i) / (i + 1)) * (p / (1 - p));
          }
          expect(binomialCdf(k, n, p)).toBeCloseTo(k >= n ? 1 : sum, 8);
        },
      ),
    );
  });

  test("ln Γ and the incomplete beta at known points", () => {
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    expect(regularisedBeta(0.3, 1, 1)).toBeCloseTo(0.3, 12);
    expect(regularisedBeta(0.5, 2, 3)).toBeCloseTo(0.6875, 12);
  });
});

describe("quantiles", () => {
  test("are those of R's type 7", () => {
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(median([3, 1, 2])).toBe(2);
    expect(median([])).toBeUndefined();
  });
});

describe("tests", () => {
  test("the normal tail equals its table", () => {
    expect(normalTail(1.959963984540054)).toBeCloseTo(0.025, 10);
    expect(normalTail(0)).toBeCloseTo(0.5, 12);
    expect(normalTail(5)).toBeCloseTo(2.866515718791939e-7, 15);
    expect(normalTail(-1)).toBeCloseTo(0.8413447460685429, 10);
  });

  test("Student's t equals its table (2.228 at 10 degrees of freedom is 5 %)", () => {
    expect(studentTwoSided(2.228138852, 10)).toBeCloseTo(0.05, 8);
  });

  test("Welch's test equals R's t.test(extra ~ group, data = sleep): p = 0.07939", () => {
    const one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const two = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const { difference, p } = welch(one, two);
    expect(p).toBeCloseTo(0.07939, 5);
    expect(difference).toBeCloseTo(1.58, 12);
    expect(welch([1, 1], [1, 1]).p).toBe(1);
  });

  test("equal shares are no difference", () => {
    expect(twoShares(10, 100, 20, 200)).toBeCloseTo(1, 12);
    expect(twoShares(0, 0, 1, 2)).toBe(1);
  });

  test("Benjamini-Hochberg keeps the four of the authors' 1995 example", () => {
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ];
    expect(benjaminiHochberg(p).filter(Boolean).length).toBe(4);
    expect(benjaminiHochberg([])).toEqual([]);
  });
});

test("the same seed gives the same numbers, another seed others", () => {
  const draw = (seed: number | string) =>
    Array.from(
      { length: 5 },
      (
        (random) => () =>
          random.next()
      )(new Random(seed)),
    );
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw("a")).not.toEqual(draw("b"));
});
