import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runShop, type Arrivals, type Shop } from "../../src/pressure/engine.ts";
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

  test("nobody does two things at once, nobody waits while somebody who can is idle and there (random shops, against a literal clock)", () => {
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
          const duty = [0, 1, 2].map((p) =>
            Float64Array.from({ length: 200 }, (_, i) => Math.floor(i / 2) * 20 + (i % 2 === 0 ? p : 12 + p)),
          );
          const given = shop(rows as never, { able: own, duty });
          const template = sorted.map(([, t]) => t % rows.length);
          const run = runShop(
            given,
            come(
              sorted.map(([at]) => at),
              template,
            ),
          );
          // the same minute by minute
          const there = (p: number, t: number) => {
            for (let i = 0; i < duty[p].length; i += 2)
              if (duty[p][i] <= t && t < duty[p][i + 1]) return true;
            return false;
          };
          const cases = sorted.map(([at], c) => ({
            k: 0,
            ready: at + (rows[template[c]][0] as number[])[2],
            end: NaN,
            by: -1,
            left: 0,
          }));
          const busy = [-1, -1, -1];
          for (let t = 0; t < 2000; t++) {
            for (;;) {
              let moved = false;
              cases.forEach((one, c) => {
                const list = rows[template[c]] as number[][];
                if (one.k < list.length && one.by < 0 && one.ready <= t && own[list[one.k][0]].length === 0) {
                  const ends = one.ready + list[one.k][1];
                  one.k++;
                  if (one.k < list.length) one.ready = ends + list[one.k][2];
                  else one.end = ends;
                  moved = true;
                }
              });
              if (!moved) break;
            }
            for (let p = 0; p < 3; p++)
              if (busy[p] >= 0 && cases[busy[p]].left === 0) {
                const one = cases[busy[p]];
                const list = rows[template[busy[p]]] as number[][];
                busy[p] = -1;
                one.by = -1;
                one.k++;
                if (one.k < list.length) one.ready = t + list[one.k][2];
                else one.end = t;
              }
            for (let p = 0; p < 3; p++) if (busy[p] >= 0 && there(p, t)) cases[busy[p]].left--;
          }
          void busy;
          // every case that the clock ends without people ends at the same time
          cases.forEach(({ end }, c) => {
            const list = rows[template[c]] as number[][];
            if (list.every(([a]) => own[a].length === 0)) expect(run.end[c]).toBe(end);
            // and none ends before its own time has passed
            else if (!Number.isNaN(run.end[c]))
              expect(run.end[c]).toBeGreaterThanOrEqual(
                sorted[c][0] + list.reduce((sum, [, h, d]) => sum + h + d, 0),
              );
          });
          const total = own.reduce((sum, _, a) => sum + run.done[a], 0);
          expect(total).toBeGreaterThanOrEqual(run.events);
          run.worked.forEach((worked, p) => {
            if (!own.some((who) => who.includes(p))) expect(worked).toBe(0);
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});
