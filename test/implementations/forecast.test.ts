import { describe, expect, test } from "vitest";
import { forecastOf, type GapTimes } from "../../src/implementations/forecast.ts";
import { Random } from "../../src/statistics/random.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2027, 0, 15);

describe("when the last gap closes", () => {
  test("one gap, one closed in ten gap-days: by the closed form of the Lomax distribution", () => {
    const gaps: GapTimes[] = [
      { openedAt: NOW - 10 * DAY, closedAt: NOW - 4 * DAY },
      { openedAt: NOW - 4 * DAY, closedAt: null },
    ];
    // P(T > t) = (E / (E + t))^(k + 1/2), E = 6 + 4, k = 1
    const tail = (t: number) => (10 / (10 + t)) ** 1.5;
    const { dates, byDate, open, closed, gapDays } = forecastOf(gaps, NOW, NOW + 20 * DAY);
    expect([open, closed, gapDays]).toEqual([1, 1, 10]);
    expect(byDate).toBeCloseTo(1 - tail(20), 3);
    for (const [share, at] of [
      [0.1, dates.early],
      [0.5, dates.middle],
      [0.9, dates.late],
    ] as const)
      expect(1 - tail((at! - NOW) / DAY)).toBeCloseTo(share, 3);
  });

  test("three gaps: against the sum over the binomial, worked out exactly", () => {
    const gaps: GapTimes[] = [
      ...[5, 9, 13].map((days) => ({ openedAt: NOW - 30 * DAY, closedAt: NOW - days * DAY })),
      ...[1, 2, 3].map(() => ({ openedAt: NOW - 30 * DAY, closedAt: null })),
    ];
    const exposure = 25 + 21 + 17 + 90;
    const exact = (t: number) =>
      [1, -3, 3, -1].reduce((sum, sign, j) => sum + sign * (exposure / (exposure + j * t)) ** 3.5, 0);
    for (const days of [5, 20, 60, 200])
      expect(forecastOf(gaps, NOW, NOW + days * DAY).byDate).toBeCloseTo(exact(days), 4);
  });

  test("nothing open: now; nothing closed: an early day and no other; nothing watched: nothing is known", () => {
    expect(forecastOf([{ openedAt: NOW - DAY, closedAt: NOW }], NOW, NOW + DAY)).toMatchObject({
      dates: { early: NOW, late: NOW },
      byDate: 1,
    });
    const watched = forecastOf([{ openedAt: NOW - 50 * DAY, closedAt: null }], NOW, NOW + DAY);
    expect([watched.byDate, watched.dates.middle, watched.dates.late]).toEqual([null, null, null]);
    expect(watched.dates.early).toBeGreaterThan(NOW);
    expect(forecastOf([{ openedAt: NOW, closedAt: null }], NOW, NOW + DAY)).toMatchObject({
      dates: { early: null, middle: null, late: null },
      byDate: null,
    });
    // what people agreed to live with is neither open nor closed
    expect(
      forecastOf([{ openedAt: NOW - 9 * DAY, closedAt: null, acceptedAt: NOW - 3 * DAY }], NOW, null),
    ).toMatchObject({ open: 0, closed: 0, gapDays: 6 });
  });

  test("the range covers: in 80 of 100 simulated rollouts the last gap closes within it", () => {
    const random = new Random("forecast");
    let [inside, rollouts, early, late] = [0, 0, 0, 0];
    for (let run = 0; run < 6000; run++) {
      const mean = 20 + 60 * random.next();
      const n = 4 + random.below(16);
      const watched = 20 + 60 * random.next();
      const begin = NOW - watched * DAY;
      const ends = Array.from({ length: n }, () => begin + random.exponential(mean) * DAY);
      const gaps = ends.map((end) => ({ openedAt: begin, closedAt: end <= NOW ? end : null }));
      const last = Math.max(...ends);
      if (last <= NOW || !gaps.some(({ closedAt }) => closedAt !== null)) continue;
      const { dates } = forecastOf(gaps, NOW, null);
      rollouts++;
      if (last < dates.early!) early++;
      else if (dates.late !== null && last > dates.late) late++;
      else inside++;
    }
    expect(rollouts).toBeGreaterThan(4000);
    expect(inside / rollouts).toBeGreaterThan(0.78);
    expect(inside / rollouts).toBeLessThan(0.84);
    expect(early / rollouts).toBeLessThan(0.13);
    expect(late / rollouts).toBeLessThan(0.13);
  });
});
