import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { areaUnderCurve, finishedCases, predictCases } from "../../src/prediction/predict-cases.ts";
import { boost, predict } from "../../src/prediction/boosted-trees.ts";
import { END_OF_CASE, NextActivityModel } from "../../src/prediction/next-activity.ts";
import { prefixesOf } from "../../src/prediction/prefixes.ts";
import { Random } from "../../src/statistics/random.ts";
import { logOf, logOfRows, MONDAY, type TestRow } from "../log-of.ts";
import { anyTrace } from "../random-trees.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Claims that are checked, sometimes sent back, and paid; large ones wait ten days for a manager. */
function claims(count: number, seed: number): TestRow[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) => {
    const large = random.chance(0.3);
    let at = MONDAY + i * 3 * HOUR;
    const row = (activity: string, days: number): TestRow => {
      at += days * DAY * random.between(0.8, 1.2);
      return {
        case: `c${String(i).padStart(5, "0")}`,
        activity,
        time: at,
        amount: large ? 5000 + random.below(100) : random.below(100),
      };
    };
    const rows = [row("Submit", 0), row("Check", 1)];
    if (random.chance(0.2)) rows.push(row("Return", 1), row("Submit", 2), row("Check", 1));
    if (large) rows.push(row("Manager", 10));
    return [...rows, row("Pay", 2)];
  }).flat();
}

describe("features", () => {
  test("of a prefix know nothing of what comes after it", () => {
    const rows = claims(60, 5).sort((a, b) => a.time - b.time);
    const whole = prefixesOf(logOfRows(rows));
    const log = logOfRows(rows);
    const middle = rows[Math.floor(rows.length / 2)].time;
    const until = logOfRows(rows.filter(({ time }) => time <= middle));
    const cut = prefixesOf(until);
    for (const [k, name] of cut.names.entries()) {
      const same = whole.names.indexOf(name);
      if (same < 0) continue; // a value that is only frequent later
      for (let c = 0; c < until.caseCount; c++) {
        const of = Array.from({ length: log.caseCount }, (_, d) => d).find(
          (d) => log.caseIds.at(d) === until.caseIds.at(c),
        )!;
        const length = until.caseStart[c + 1] - until.caseStart[c];
        for (let i = 0; i < length; i++)
          expect(whole.features[same][log.caseStart[of] + i], `${name} of ${until.caseIds.at(c)}`).toBe(
            cut.features[k][until.caseStart[c] + i],
          );
      }
    }
  });
});

describe("boosting", () => {
  const random = new Random(3);
  const n = 3000;
  const x = Float32Array.from({ length: n }, () => random.between(0, 10));
  const noise = Float32Array.from({ length: n }, () => random.between(0, 10));
  const rows = Uint32Array.from({ length: 2000 }, (_, i) => i);
  const later = Uint32Array.from({ length: 1000 }, (_, i) => 2000 + i);
  test("learns a step and a slope, and is the same for the same seed", () => {
    const target = Float64Array.from(x, (value) => (value > 5 ? 10 + value : 0));
    const model = boost([x, noise], target, rows, later, { loss: "absolute" });
    const error =
      later.reduce((sum, i) => sum + Math.abs(predict(model, [x, noise], i) - target[i]), 0) / later.length;
    expect(error).toBeLessThan(0.5);
    expect(boost([x, noise], target, rows, later, { loss: "absolute" })).toEqual(model);
  });
  test("gives the median where nothing can be learned, and stops early", () => {
    const target = Float64Array.from({ length: n }, () => random.next());
    const model = boost([noise], target, rows, later, { loss: "absolute" });
    expect(model.trees.length).toBeLessThan(15);
    expect(Math.abs(predict(model, [noise], 2500) - 0.5)).toBeLessThan(0.1);
  });
  test("gives probabilities that come true", () => {
    const target = Float64Array.from(x, (value) => (random.chance(value / 10) ? 1 : 0));
    const model = boost([x, noise], target, rows, later, { loss: "logistic" });
    for (const [low, high] of [
      [0, 3],
      [3, 7],
      [7, 10],
    ]) {
      const own = later.filter((i) => x[i] >= low && x[i] < high);
      const said = own.reduce((sum, i) => sum + predict(model, [x, noise], i), 0) / own.length;
      const came = own.reduce((sum, i) => sum + target[i], 0) / own.length;
      expect(Math.abs(said - came)).toBeLessThan(0.08);
    }
  });
});

test("the next step is what most often followed the longest beginning seen often enough", () => {
  fc.assert(
    fc.property(
      fc.array(
        anyTrace(["a", "b", "c"], 6).filter((t) => t.length > 0),
        { minLength: 1, maxLength: 12 },
      ),
      anyTrace(["a", "b", "c"], 4),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      (cases, prefix, order, minSeen) => {
        const code = (trace: string[]) => trace.map((name) => name.charCodeAt(0));
        const model = new NextActivityModel(order, minSeen);
        cases.forEach((trace) => model.add(code(trace)));
        // literally: for contexts from long to short, every place in training with the same steps before it
        let expected: Map<number, number> | undefined;
        for (let k = Math.min(order, prefix.length); k >= 0; k--) {
          const context = code(prefix)
            .slice(prefix.length - k)
            .join(" ");
          const counts = new Map<number, number>();
          for (const trace of cases.map(code)) {
            for (let i = 1; i <= trace.length; i++) {
              if (i < k || trace.slice(i - k, i).join(" ") !== context) continue;
              if ((k === prefix.length) !== (i === k)) continue; // a whole prefix is compared with whole prefixes only
              const next = i < trace.length ? trace[i] : END_OF_CASE;
              counts.set(next, (counts.get(next) ?? 0) + 1);
            }
          }
          const total = [...counts.values()].reduce((a, b) => a + b, 0);
          if (total === 0 || (total < minSeen && k > 0)) continue;
          expected = counts;
          break;
        }
        fc.pre(prefix.length > 0);
        const guesses = model.guess(code(prefix), prefix.length);
        const total = [...(expected?.values() ?? [])].reduce((a, b) => a + b, 0);
        expect(new Map(guesses.map(({ next, share }) => [next, Math.round(share * total)]))).toEqual(
          expected ?? new Map(),
        );
        for (let i = 1; i < guesses.length; i++)
          expect(guesses[i].share).toBeLessThanOrEqual(guesses[i - 1].share);
      },
    ),
    { numRuns: 500, seed: 61 },
  );
});

test("the area under the curve is the share of pairs ranked right, ties half", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ p: fc.nat(5), late: fc.constantFrom(0, 1) }), { minLength: 2, maxLength: 30 }),
      (ranked) => {
        const [late, rest] = [ranked.filter((r) => r.late === 1), ranked.filter((r) => r.late === 0)];
        const pairs = late.flatMap((a) => rest.map((b) => (a.p > b.p ? 1 : a.p === b.p ? 0.5 : 0)));
        const expected =
          pairs.length === 0 ? undefined : pairs.reduce((a: number, b) => a + b, 0) / pairs.length;
        if (expected === undefined) expect(areaUnderCurve(ranked)).toBeUndefined();
        else expect(areaUnderCurve(ranked)).toBeCloseTo(expected, 10);
      },
    ),
  );
});

describe("forecasts of cases", () => {
  const rows = claims(900, 9);
  const log = logOfRows(rows);
  const { judgement } = predictCases(log)!;

  test("are judged on cases that began after those learned from had ended", () => {
    const begin = (c: number) => log.time[log.caseStart[c]];
    const end = (c: number) => log.time[log.caseStart[c + 1] - 1];
    const cases = Array.from({ length: log.caseCount }, (_, c) => c);
    expect(judgement.trainingCases).toBe(cases.filter((c) => end(c) < judgement.splitAt).length);
    expect(judgement.testCases).toBe(cases.filter((c) => begin(c) >= judgement.splitAt).length);
  });

  test("beat the usual time after the same step where the log says more, and hold what their intervals say", () => {
    expect(judgement.remaining.maeDays).toBeLessThan(judgement.remaining.baselineMaeDays * 0.6);
    expect(judgement.remaining.coverage).toBeGreaterThan(0.8);
    expect(judgement.late.auc).toBeGreaterThan(0.9);
    expect(judgement.late.brier).toBeLessThan(judgement.late.baselineBrier);
  });

  test("of running cases know the size of the claim", () => {
    const running: TestRow[] = [
      { case: "zl", activity: "Submit", time: rows.at(-1)!.time, amount: 5050 },
      { case: "zl", activity: "Check", time: rows.at(-1)!.time + DAY, amount: 5050 },
      { case: "zs", activity: "Submit", time: rows.at(-1)!.time, amount: 50 },
      { case: "zs", activity: "Check", time: rows.at(-1)!.time + DAY, amount: 50 },
    ];
    const more = logOfRows([...rows, ...running]);
    const { open } = predictCases(more)!;
    const of = (id: string) => open.find((p) => more.caseIds.at(p.case) === id)!;
    expect(open.length).toBeGreaterThanOrEqual(2);
    expect(of("zl").remainingMs / DAY).toBeGreaterThan(9);
    expect(of("zs").remainingMs / DAY).toBeLessThan(6);
    expect(of("zl").late!.share).toBeGreaterThan(of("zs").late!.share);
    expect(of("zl").interval[0]).toBeLessThanOrEqual(of("zl").remainingMs);
  });

  test("are not made from too little", () => {
    expect(predictCases(logOf("A B", "A B", "A B"))).toBeUndefined();
  });

  test("a case is finished when it ends as cases usually do, or has been quiet for very long", () => {
    const some = logOfRows(claims(50, 2));
    expect(finishedCases(some).every((is) => is === 1)).toBe(true);
  });
});
