import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runShop, type Arrivals, type Shop } from "../../src/what-if/engine.ts";
import { Random } from "../../src/statistics/random.ts";

const always = (n: number) => Array.from({ length: n }, () => Float64Array.of(0, 1e12));
const shop = (rows: [activity: number, handling: number, delay: number][][], over: Partial<Shop>): Shop => ({
  row: Uint32Array.from([0, ...rows.map((_, t) => rows.slice(0, t + 1).flat().length)]),
  activity: Uint16Array.from(rows.flat(), ([a]) => a),
  handling: Float64Array.from(rows.flat(), ([, h]) => h),
  delay: Float64Array.from(rows.flat(), ([, , d]) => d),
  able: [[0]],
  duty: always(1),
  ...over,
});
const come = (times: number[], template = times.map(() => 0)): Arrivals => ({
  time: Float64Array.from(times),
  template: Uint32Array.from(template),
});

describe("a simulated shop", () => {
  test("one person, first come first served, by hand", () => {
    const run = runShop(shop([[[0, 10, 0]]], {}), come([0, 1, 2, 50]));
    expect([...run.end]).toEqual([10, 20, 30, 60]);
    expect([run.waited[0], run.done[0], run.worked[0], run.events]).toEqual([9 + 18, 4, 40, 4]);
  });

  test("a night between: what is begun goes on in the morning, what comes at night waits", () => {
    const run = runShop(
      shop([[[0, 10, 0]]], { duty: [Float64Array.of(0, 15, 100, 200)] }),
      come([0, 11, 40]),
    );
    expect([...run.end]).toEqual([10, 106, 116]);
  });

  test("two can do it, one is away: the other does it; with nobody there it never ends", () => {
    const two = { able: [[0, 1]], duty: [Float64Array.of(), Float64Array.of(0, 1000)] };
    expect([...runShop(shop([[[0, 10, 0]]], two), come([0, 0])).end]).toEqual([10, 20]);
    const none = { able: [[0]], duty: [Float64Array.of()] };
    expect([...runShop(shop([[[0, 10, 0]]], none), come([0])).end]).toEqual([NaN]);
  });

  test("what takes nobody takes only its time; a delay passes before", () => {
    const run = runShop(
      shop(
        [
          [
            [0, 5, 3],
            [1, 7, 2],
          ],
        ],
        { able: [[], [0]] },
      ),
      come([0]),
    );
    expect([...run.end]).toEqual([3 + 5 + 2 + 7]);
  });

  test("what is saved up waits for its next run; what comes after the last run never ends", () => {
    const arrivals = { ...come([0, 3, 40, 90]), runs: [Float64Array.of(5, 50)] };
    const run = runShop(shop([[[0, 10, 0]]], {}), arrivals);
    expect([...run.end]).toEqual([15, 25, 60, NaN]);
    expect([run.held[0], run.waited[0]]).toEqual([5 + 2 + 10, 10]);
    // a run of work that needs nobody is done at once
    expect([...runShop(shop([[[0, 1, 0]]], { able: [[]] }), arrivals).end]).toEqual([6, 6, 51, NaN]);
  });

  test("what is urgent goes before what has waited longer, within it the oldest goes first", () => {
    const run = runShop(
      shop([[[0, 10, 0]], [[0, 10, 0]]], { rank: Uint8Array.of(1, 0) }),
      come([0, 1, 2, 3], [0, 0, 1, 1]),
    );
    expect([...run.end]).toEqual([10, 40, 20, 30]);
  });

  test("somebody who comes at the same moment and takes what waited does not keep others from what is new", () => {
    // p0 does both and comes at 9 to a B that waits; p1 does A only and has been idle; A comes at 9
    const run = runShop(
      shop([[[1, 4, 0]], [[0, 1, 0]]], {
        able: [[0, 1], [0]],
        duty: [Float64Array.of(9, 100), Float64Array.of(0, 100)],
      }),
      come([0, 9], [0, 1]),
    );
    expect([...run.end]).toEqual([13, 10]);
  });

  test("urgent work in an M/M/1 queue waits as Cobham says, and the rest pays for it", () => {
    const random = new Random("cobham");
    const n = 300_000;
    const [lambda, mu, urgent] = [0.8, 1, 0.3];
    let at = 0;
    const times = Array.from({ length: n }, () => (at += random.exponential(1 / lambda)));
    const rank = Uint8Array.from({ length: n }, () => (random.chance(urgent) ? 0 : 1));
    const handling = Float64Array.from({ length: n }, () => random.exponential(1 / mu));
    const { end } = runShop(
      {
        row: Uint32Array.from({ length: n + 1 }, (_, i) => i),
        activity: new Uint16Array(n),
        handling,
        delay: new Float64Array(n),
        able: [[0]],
        duty: always(1),
        rank,
      },
      come(
        times,
        times.map((_, i) => i),
      ),
    );
    const wait = (of: number) => {
      const own = times.flatMap((came, c) => (rank[c] === of ? [end[c] - handling[c] - came] : []));
      return own.reduce((sum, v) => sum + v, 0) / own.length;
    };
    // W0 = λ E[S²] / 2; first class W0 / (1 − ρ₁), second W0 / ((1 − ρ₁)(1 − ρ)); Cobham 1954
    const w0 = lambda;
    const rho1 = lambda * urgent;
    expect(Math.abs(wait(0) / (w0 / (1 - rho1)) - 1)).toBeLessThan(0.05);
    expect(Math.abs(wait(1) / (w0 / ((1 - rho1) * (1 - lambda))) - 1)).toBeLessThan(0.1);
  });

  test("the wait of an M/M/1 queue is rho / (mu - lambda) (Erlang)", () => {
    const random = new Random("mm1");
    const n = 200_000;
    const [lambda, mu] = [0.7, 1];
    let at = 0;
    const times = Array.from({ length: n }, () => (at += random.exponential(1 / lambda)));
    const templates = Array.from({ length: n }, (): [number, number, number][] => [
      [0, random.exponential(1 / mu), 0],
    ]);
    const run = runShop(
      {
        row: Uint32Array.from({ length: n + 1 }, (_, i) => i),
        activity: new Uint16Array(n),
        handling: Float64Array.from(templates, ([[, h]]) => h),
        delay: new Float64Array(n),
        able: [[0]],
        duty: always(1),
      },
      come(
        times,
        times.map((_, i) => i),
      ),
    );
    expect(run.waited[0] / run.done[0]).toBeCloseTo(lambda / mu / (mu - lambda), 0);
    expect(Math.abs(run.waited[0] / run.done[0] - lambda / (mu - lambda))).toBeLessThan(0.12);
  });

  test("an M/M/3 queue waits as Erlang C says", () => {
    const random = new Random("mm3");
    const n = 200_000;
    const [lambda, servers] = [2.4, 3];
    let at = 0;
    const times = Array.from({ length: n }, () => (at += random.exponential(1 / lambda)));
    const run = runShop(
      {
        row: Uint32Array.from({ length: n + 1 }, (_, i) => i),
        activity: new Uint16Array(n),
        handling: Float64Array.from({ length: n }, () => random.exponential(1)),
        delay: new Float64Array(n),
        able: [[0, 1, 2]],
        duty: always(servers),
      },
      come(
        times,
        times.map((_, i) => i),
      ),
    );
    const a = lambda;
    const top = (a ** 3 / 6) * (servers / (servers - a));
    const erlangC = top / (1 + a + a ** 2 / 2 + top);
    const wait = erlangC / (servers - a);
    expect(Math.abs(run.waited[0] / run.done[0] - wait) / wait).toBeLessThan(0.06);
  });

  test("what needs nobody ends when its own time has passed, and all work is done once (random shops)", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 5 }), fc.nat(3)), {
            minLength: 1,
            maxLength: 4,
          }),
          { minLength: 1, maxLength: 4 },
        ),
        fc.array(fc.tuple(fc.nat(30), fc.nat(3)), { minLength: 1, maxLength: 12 }),
        fc.array(fc.array(fc.nat(2), { maxLength: 3 }), { minLength: 3, maxLength: 3 }),
        (rows, arrivals, able) => {
          const own = able.map((who) => [...new Set(who)]);
          const sorted = [...arrivals].sort((a, b) => a[0] - b[0]);
          // three people, there for twelve hours of twenty, each an hour later than the one before
          const duty = [0, 1, 2].map((p) =>
            Float64Array.from({ length: 400 }, (_, i) => Math.floor(i / 2) * 20 + (i % 2 === 0 ? p : 12 + p)),
          );
          const template = sorted.map(([, t]) => t % rows.length);
          const run = runShop(
            shop(rows as never, { able: own, duty }),
            come(
              sorted.map(([at]) => at),
              template,
            ),
          );
          sorted.forEach(([at], c) => {
            const list = rows[template[c]] as number[][];
            const least = at + list.reduce((sum, [, handling, delay]) => sum + handling + delay, 0);
            if (list.every(([a]) => own[a].length === 0)) expect(run.end[c]).toBe(least);
            else expect(run.end[c]).toBeGreaterThanOrEqual(least);
          });
          // every piece of work is done once, and its time is somebody's who can do it
          const of = template.flatMap((t) => rows[t] as number[][]);
          expect(run.events).toBe(of.length);
          const work = of.reduce((sum, [a, handling]) => sum + (own[a].length > 0 ? handling : 0), 0);
          expect(run.worked.reduce((sum, ms) => sum + ms, 0)).toBe(work);
          run.worked.forEach((worked, p) => {
            if (!own.some((who) => who.includes(p))) expect(worked).toBe(0);
          });
        },
      ),
      { numRuns: 500 },
    );
  });
});
