import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { edgeStatistics, handlingTimes } from "../../src/discovery/edge-statistics.ts";
import { heuristicsMiner } from "../../src/discovery/heuristics-miner.ts";
import { END, processMap, START } from "../../src/discovery/process-map.ts";
import { groupVariants, variantsFor, variantTable } from "../../src/discovery/variant-table.ts";
import { mapSvg } from "../../src/drawing/map-svg.ts";
import { WorkCalendar } from "../../src/eventlog/calendar.ts";
import { timeRange } from "../../src/eventlog/event-log.ts";
import { UTC } from "../../src/eventlog/time-zone.ts";
import { editDistance } from "../../src/input-error.ts";
import { quantile } from "../../src/statistics/quantile.ts";
import { logOf, logOfRows, MONDAY, type TestRow } from "../log-of.ts";
import { anyTrace } from "../random-trees.ts";

const HOUR = 3_600_000;

/** Random logs with begins and uneven waits. */
const anyRows = fc
  .array(
    fc.array(fc.record({ activity: fc.constantFrom("a", "b", "c"), wait: fc.nat(50), work: fc.nat(5) }), {
      minLength: 1,
      maxLength: 8,
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((cases) =>
    cases.flatMap((steps, c) => {
      let at = MONDAY + c * HOUR;
      return steps.map(({ activity, wait, work }): TestRow => {
        const start = at + wait * 60_000;
        at = start + work * 60_000;
        return { case: `c${c}`, activity, start, time: at };
      });
    }),
  );

describe("edges", () => {
  test("counts, cases and exact times are those of the definition", () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const log = logOfRows(rows);
        const waits = new Map<string, { waits: number[]; cases: Set<number> }>();
        for (let c = 0; c < log.caseCount; c++) {
          for (let e = log.caseStart[c] + 1; e < log.caseStart[c + 1]; e++) {
            const key = `${log.activity[e - 1]} ${log.activity[e]}`;
            const entry = waits.get(key) ?? waits.set(key, { waits: [], cases: new Set() }).get(key)!;
            entry.waits.push(Math.max(0, log.start![e] - log.time[e - 1]));
            entry.cases.add(c);
          }
        }
        const s = edgeStatistics(log);
        expect(s.count.length).toBe(waits.size);
        s.count.forEach((count, k) => {
          const { waits: own, cases } = waits.get(`${s.from[k]} ${s.to[k]}`)!;
          expect([count, s.cases[k], s.min[k], s.max[k]]).toEqual([
            own.length,
            cases.size,
            Math.min(...own),
            Math.max(...own),
          ]);
          expect(s.median[k]).toBeCloseTo(quantile(own, 0.5)!, 6);
          expect(s.p90[k]).toBeCloseTo(quantile(own, 0.9)!, 6);
          expect(s.mean[k]).toBeCloseTo(own.reduce((a, b) => a + b, 0) / own.length, 6);
        });
      }),
    );
  });

  test("the selection finds every quantile in long lists with many equal values", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 30, maxLength: 400 }), (gaps) => {
        let at = MONDAY;
        const log = logOfRows(gaps.map((gap) => ({ case: "c", activity: "a", time: (at += gap * 1000) })));
        const own = gaps.slice(1).map((gap) => gap * 1000);
        const s = edgeStatistics(log);
        expect(s.median[0]).toBeCloseTo(quantile(own, 0.5)!, 6);
        expect(s.p90[0]).toBeCloseTo(quantile(own, 0.9)!, 6);
      }),
    );
  });

  test("with a calendar, nights do not count", () => {
    const log = logOfRows([
      { case: "1", activity: "A", time: MONDAY + 7 * HOUR },
      { case: "1", activity: "B", time: MONDAY + 25 * HOUR },
    ]);
    const nine = [9 * 60, 17 * 60] as [number, number];
    const calendar = new WorkCalendar(
      [nine, nine, nine, nine, nine, undefined, undefined],
      UTC,
      "given",
      timeRange(log)!,
    );
    expect(edgeStatistics(log).median[0]).toBe(18 * HOUR);
    expect(edgeStatistics(log, { calendar }).median[0]).toBe(2 * HOUR);
  });

  test("handling runs from begin to end", () => {
    const log = logOfRows([
      { case: "1", activity: "A", start: MONDAY, time: MONDAY + HOUR },
      { case: "2", activity: "A", start: MONDAY, time: MONDAY + 3 * HOUR },
    ]);
    expect(handlingTimes(log)![0]!.median).toBe(2 * HOUR);
    expect(handlingTimes(logOf("A B"))).toBeUndefined();
  });
});

describe("a map with less detail", () => {
  const anyLog = fc
    .array(
      anyTrace(["a", "b", "c", "d", "e"], 8).filter((t) => t.length > 0),
      { minLength: 1, maxLength: 12 },
    )
    .map((traces) => logOf(...traces.map((t) => t.join(" "))));

  test("keeps every shown activity on a way from begin to end", () => {
    fc.assert(
      fc.property(
        anyLog,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (log, activities, paths) => {
          const { nodes, edges } = processMap(log, { activities, paths });
          const reach = (root: number, near: "from" | "to", far: "from" | "to") => {
            const seen = new Set([root]);
            for (const at of seen) for (const edge of edges) if (edge[near] === at) seen.add(edge[far]);
            return seen;
          };
          const [forward, backward] = [reach(START, "from", "to"), reach(END, "to", "from")];
          for (const { activity } of nodes)
            expect([forward.has(activity), backward.has(activity)]).toEqual([true, true]);
        },
      ),
    );
  });

  test("says what share of the cases it shows completely", () => {
    fc.assert(
      fc.property(anyLog, fc.double({ min: 0, max: 1, noNaN: true }), (log, detail) => {
        const map = processMap(log, { activities: detail, paths: detail });
        const shown = new Set(map.edges.map(({ from, to }) => `${from} ${to}`));
        let explained = 0;
        for (let c = 0; c < log.caseCount; c++) {
          const steps = [START, ...log.activity.subarray(log.caseStart[c], log.caseStart[c + 1]), END];
          if (steps.slice(1).every((to, i) => shown.has(`${steps[i]} ${to}`))) explained++;
        }
        expect(map.explainedCases).toBe(explained);
      }),
    );
    expect(processMap(logOf("A B", "A C")).explained).toBe(1);
  });

  test("joins what stands around a hidden activity", () => {
    const log = logOf("A B", "A B", "A X B");
    const { nodes, edges, explained } = processMap(log, { activities: 0.5 });
    expect(nodes.map(({ name }) => name)).toEqual(["A", "B"]);
    expect(edges.find(({ from, to }) => from === 0 && to === 1)?.count).toBe(3);
    expect(explained).toBe(2 / 3);
  });

  test("takes shares only", () => {
    expect(() => processMap(logOf("A"), { paths: 2 })).toThrow(RangeError);
  });
});

test("the picture holds every shown activity and edge, and names with markup as text", () => {
  const log = logOf("<b>&x A", "A A <b>&x");
  const svg = mapSvg(processMap(log), { title: "T<1>", isBack: () => false });
  expect(svg).toContain("T&lt;1&gt;");
  expect(svg).toContain("&lt;b&gt;&amp;x");
  expect(svg).not.toContain("<b>");
  expect(svg.match(/<path d="M[^"]*" fill="none"/g)).toHaveLength(processMap(log).edges.length);
});

describe("variants", () => {
  const table = variantTable(logOf("A B C", "A B C", "A B C", "A B B C", "X Y"));
  test("have shares that add up, and durations", () => {
    expect(table.map(({ cases, covered }) => [cases, covered])).toEqual([
      [3, 0.6],
      [1, 0.8],
      [1, 1],
    ]);
    expect(table[0].medianDurationMs).toBe(2 * HOUR);
    expect([variantsFor(table, 0.6), variantsFor(table, 0.61), variantsFor([], 0.5)]).toEqual([
      1,
      2,
      undefined,
    ]);
  });

  test("join a more frequent one when the edit distance allows it, and only then", () => {
    expect(groupVariants(table, 0.25).map(({ members }) => members)).toEqual([[0, 1], [2]]);
    fc.assert(
      fc.property(
        fc.array(
          anyTrace(["a", "b", "c"], 9).filter((t) => t.length > 0),
          { minLength: 1, maxLength: 8 },
        ),
        fc.constantFrom(0, 0.2, 0.5),
        (traces, distance) => {
          const rows = variantTable(logOf(...traces.map((t) => t.join(" "))));
          const written = rows.map(({ steps }) => String.fromCharCode(...steps));
          const near = (v: number, w: number) =>
            editDistance(written[v], written[w]) <=
            Math.floor(distance * Math.max(written[v].length, written[w].length));
          const leaders: number[] = [];
          const leaderOf = rows.map((_, v) => leaders.find((w) => near(v, w)) ?? (leaders.push(v), v));
          const grouped = groupVariants(rows, distance);
          for (const { leader, members } of grouped)
            for (const v of members) expect(leaderOf[v]).toBe(leader);
        },
      ),
    );
  });
});

test("dependencies are those of the definition, and keep every activity connected", () => {
  const graph = heuristicsMiner(logOf(...Array.from({ length: 9 }, () => "A B C"), "A C B"));
  const of = (from: number, to: number) =>
    graph.edges.find((edge) => edge.from === from && edge.to === to)?.dependency;
  expect(of(0, 1)).toBe(9 / 10); // 9 times A B, never B A: 9 / (9 + 1)
  expect(of(1, 2)).toBeCloseTo((9 - 1) / (9 + 1 + 1), 12); // under 0.9, but the best way into C
  const loop = heuristicsMiner(logOf(...Array.from({ length: 20 }, () => "A B A B A C")));
  expect(loop.edges.some(({ from, to }) => from === 1 && to === 0)).toBe(true); // A B A: a loop of two steps
  const parallel = heuristicsMiner(
    logOf(...Array.from({ length: 20 }, (_, i) => (i % 2 ? "A B C D" : "A C B D"))),
  );
  expect(parallel.splits.get(0)).toEqual([[1, 2]]);
});
