import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/audit/finding.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { riskDifference, rootOf, upstreamLinks, type UpstreamLink } from "../../src/readiness/upstream.ts";
import { Random } from "../../src/statistics/random.ts";
import { logOfRows, MONDAY, type TestRow } from "../log-of.ts";

const HOUR = 3_600_000;

/**
 * Cases that are entered, checked and paid; in `early` something was wrong at the entry, in `late` at the
 * payment.
 */
function leaks(
  cases: number,
  seed: string,
  plant: (random: Random, month: number) => { early: boolean; late: boolean; reversed?: boolean },
) {
  const random = new Random(seed);
  const rows: TestRow[] = [];
  const [early, late]: [string[], string[]] = [[], []];
  for (let c = 0; c < cases; c++) {
    const at = MONDAY + c * 6 * HOUR;
    const planted = plant(random, Math.floor((c * 6) / (30.4375 * 24)));
    if (planted.early) early.push(`c${c}`);
    if (planted.late) late.push(`c${c}`);
    const steps = planted.reversed ? ["Pay", "Check", "Enter"] : ["Enter", "Check", "Pay"];
    steps.forEach((activity, i) => rows.push({ case: `c${c}`, activity, time: at + i * HOUR, person: "p" }));
  }
  const finding = (id: string, subject: string, caseIds: string[]) =>
    ({ id, subject, caseIds, title: `leak ${id}`, state: "open" }) as unknown as Finding;
  return {
    evidence: new Evidence(logOfRows(rows), {}),
    findings: [finding("e", "Enter", early), finding("l", "Pay", late)],
  };
}

describe("which leak is the problem, and which the symptom", () => {
  test("a planted link is found with its size, from the earlier step to the later one and not back", () => {
    const { evidence, findings } = leaks(2000, "link", (random) => {
      const early = random.chance(0.2);
      return { early, late: random.chance(early ? 0.5 : 0.1) };
    });
    const links = upstreamLinks(evidence, findings);
    expect(links.map(({ from, to }) => [from, to])).toEqual([["e", "l"]]);
    const [{ difference, interval, attributable, withIt, without }] = links;
    expect(difference).toBeGreaterThan(0.33);
    expect(difference).toBeLessThan(0.47);
    expect(interval[0]).toBeLessThan(difference);
    expect(attributable).toBeCloseTo(difference * withIt, 9);
    expect(withIt + without).toBe(2000);
    // somebody called the earlier one a false alarm
    findings[0].state = "false alarm";
    expect(upstreamLinks(evidence, findings)).toEqual([]);
  });

  test("it begins where a leak is no symptom of another one", () => {
    const link = (from: string, to: string, attributable: number) =>
      ({ from, to, attributable }) as unknown as UpstreamLink;
    expect(rootOf([link("b", "c", 90), link("a", "b", 40)])).toMatchObject({ from: "a" });
    expect(rootOf([])).toBeUndefined();
    // where each is a symptom of the other, most counts
    expect(rootOf([link("b", "a", 90), link("a", "b", 40)])).toMatchObject({ from: "b" });
  });

  test("cases in which the later step came first do not count", () => {
    const { evidence, findings } = leaks(600, "reversed", (random) => {
      const early = random.chance(0.3);
      return { early, late: early, reversed: true };
    });
    // the payment came first: it is what goes before the entry
    expect(upstreamLinks(evidence, findings).map(({ from, to }) => [from, to])).toEqual([["l", "e"]]);
  });

  test("what only rises together is no link: both became frequent in the same month", () => {
    const { evidence, findings } = leaks(2400, "month", (random, month) => {
      const often = month >= 10 ? 0.6 : 0.05;
      return { early: random.chance(often), late: random.chance(often) };
    });
    const [early, late] = findings.map(({ caseIds }) => new Set(caseIds));
    const share = (of: Set<string>) => [...of].filter((id) => late.has(id)).length / of.size;
    expect(share(early)).toBeGreaterThan(0.3); // seen without months there is one
    expect(upstreamLinks(evidence, findings)).toEqual([]);
  });

  test("of leaks that have nothing to do with one another hardly any is linked (300 organisations)", () => {
    let linked = 0;
    for (let i = 0; i < 300; i++) {
      const { evidence, findings } = leaks(300, `none ${i}`, (random) => ({
        early: random.chance(0.3),
        late: random.chance(0.3),
      }));
      linked += upstreamLinks(evidence, findings).length;
    }
    expect(linked / 300).toBeLessThan(0.06);
  });

  test("within one stratum the risk difference is that of the shares, with its usual standard error", () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 })),
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        ([n1, n0], [s1, s0]) => {
          const [k1, k0] = [Math.round(s1 * n1), Math.round(s0 * n0)];
          const found = riskDifference([n1, 0, 7], [k1, 0, 3], [n0, 5, 0], [k0, 2, 0])!;
          const [p1, p0] = [k1 / n1, k0 / n0];
          expect(found.difference).toBeCloseTo(p1 - p0, 12);
          expect(found.se).toBeCloseTo(Math.sqrt((p1 * (1 - p1)) / n1 + (p0 * (1 - p0)) / n0), 12);
          // strata in which one group is missing say nothing
          expect([found.withIt, found.without]).toEqual([n1, n0]);
        },
      ),
    );
    expect(riskDifference([5], [1], [0], [0])).toBeUndefined();
  });

  test("two strata, by hand: 2/10 against 1/10, and 6/10 against 3/10", () => {
    const found = riskDifference([10, 10], [2, 6], [10, 10], [1, 3])!;
    expect(found.difference).toBeCloseTo(0.2, 12);
    // 5 of each stratum as weight: the variances of both differences, halved and averaged
    const variance = (0.2 * 0.8 + 0.1 * 0.9 + 0.6 * 0.4 + 0.3 * 0.7) / 10 / 4;
    expect(found.se).toBeCloseTo(Math.sqrt(variance), 12);
  });
});
