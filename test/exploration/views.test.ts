import { wordedView } from "../../src/wording/worded-view.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { summariseInPlace } from "../../src/discovery/edge-statistics.ts";
import { marksOf, selectedTimes, sortTimes } from "../../src/discovery/sorted-times.ts";
import { parseDescription } from "../../src/description/read-description.ts";
import { nameAt } from "../../src/eventlog/strings.ts";
import { casesView } from "../../src/exploration/cases.ts";
import { caseView } from "../../src/exploration/case-story.ts";
import { choicesView } from "../../src/exploration/choices.ts";
import { describedFlow } from "../../src/exploration/described-flow.ts";
import { Explored } from "../../src/exploration/explored.ts";
import { selectCases, type ResolvedFilter } from "../../src/exploration/filter.ts";
import { mapView } from "../../src/exploration/map.ts";
import { peopleView } from "../../src/exploration/people.ts";
import { tasksView } from "../../src/exploration/workload.ts";
import { variantIds } from "../../src/exploration/variant-id.ts";
import { variantsView } from "../../src/exploration/variants.ts";
import type { View } from "../../src/exploration/view.ts";
import { waitingView } from "../../src/exploration/waiting.ts";
import { taskKindOf } from "../../src/evidence/task-kinds.ts";
import { logOf, logOfRows, MONDAY, type TestRow } from "../log-of.ts";

const HOUR = 3_600_000;

/** Asks a view as a page does; the answer has the shape that its schema says. */
async function ask<T>(
  view: View,
  explored: Explored,
  query: object = {},
  filter: ResolvedFilter = {},
): Promise<T> {
  const answer = await view.work({
    explored,
    selection: explored.select(filter),
    query: view.query.parse(query),
    caseName: (c) => nameAt(explored.whole.log.caseIds, c),
    showsDetails: true,
  });
  return view.answer.parse(JSON.parse(JSON.stringify(wordedView(answer)))) as T;
}

interface MapAnswer {
  cases: number;
  nodes: {
    id: number;
    name: string;
    count: number;
    cases: number;
    standing: string | null;
    x: number;
    y: number;
  }[];
  edges: {
    fromName: string | null;
    toName: string | null;
    count: number;
    cases: number;
    standing: string | null;
    wait: { median: number } | null;
  }[];
  explained: number | null;
}

const activities = ["A", "B", "C", "D"];
const randomRows = fc
  .array(
    fc.record({
      c: fc.nat(9),
      a: fc.nat(3),
      t: fc.nat(200),
      p: fc.nat(3),
      k: fc.constantFrom("x", "y", "z"),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((list) =>
    list.map(({ c, a, t, p, k }): TestRow => ({
      case: `case ${c}`,
      activity: activities[a],
      time: MONDAY + t * HOUR,
      person: p === 0 ? undefined : `p${p}`,
      kind: k,
    })),
  );

const randomFilter: fc.Arbitrary<ResolvedFilter> = fc.record(
  {
    from: fc.constantFrom("2025-01-07", "2025-01-09T12:00:00Z"),
    to: fc.constantFrom("2025-01-08", "2025-01-12"),
    with: fc.subarray(activities, { maxLength: 2 }),
    without: fc.subarray(activities, { maxLength: 1 }),
    follows: fc.tuple(
      fc.constantFrom("A", "B", null, "unknown"),
      fc.constantFrom("A", "C", null),
    ) as fc.Arbitrary<[string | null, string | null]>,
    values: fc.constantFrom<Record<string, string[]>>(
      { kind: ["x"] },
      { kind: ["x", "y"] },
      { nothing: ["x"] },
    ),
    longerThanHours: fc.constantFrom(0, 10),
    shorterThanHours: fc.constantFrom(50, 150),
    id: fc.constantFrom("1", "CASE", "zzz"),
  },
  { requiredKeys: [] },
);

/** The cases that a filter keeps, by its definition read literally over rows. */
function literally(rows: TestRow[], filter: ResolvedFilter): Set<string> {
  const byCase = new Map<string, TestRow[]>();
  for (const row of rows) byCase.set(row.case, [...(byCase.get(row.case) ?? []), row]);
  const kept = new Set<string>();
  for (const [id, own] of byCase) {
    own.sort((a, b) => a.time - b.time); // stable: equal times keep their order
    const names = own.map(({ activity }) => activity);
    const begin = own[0].time;
    const length = own.at(-1)!.time - begin;
    const pairs = [null, ...names, null].slice(1).map((next, i) => [[null, ...names][i] ?? null, next]);
    const holds =
      (filter.from === undefined || begin >= Date.parse(filter.from)) &&
      (filter.to === undefined || begin < Date.parse(filter.to)) &&
      (filter.with ?? []).every((name) => names.includes(name)) &&
      !(filter.without ?? []).some((name) => names.includes(name)) &&
      (filter.follows === undefined ||
        (filter.follows[0] === null && filter.follows[1] === null) ||
        pairs.some(([a, b]) => a === filter.follows![0] && b === filter.follows![1])) &&
      Object.entries(filter.values ?? {}).every(([column, values]) =>
        own.some((row) => row[column] !== undefined && values.includes(String(row[column]))),
      ) &&
      (filter.longerThanHours === undefined || length > filter.longerThanHours * HOUR) &&
      (filter.shorterThanHours === undefined || length < filter.shorterThanHours * HOUR) &&
      (filter.id === undefined || id.toLowerCase().includes(filter.id.toLowerCase()));
    if (holds) kept.add(id);
  }
  return kept;
}

describe("filters", () => {
  test("keep the cases that their definition keeps, on random logs", () => {
    fc.assert(
      fc.property(randomRows, randomFilter, (rows, filter) => {
        const log = logOfRows(rows);
        const kept = selectCases(log, filter);
        const ids = new Set(
          Array.from(kept ?? Array.from({ length: log.caseCount }, (_, c) => c), (c) =>
            nameAt(log.caseIds, c),
          ),
        );
        expect(ids).toEqual(literally(rows, filter));
      }),
      { numRuns: 500 },
    );
  });

  test("every view of selected cases is the view of a log that has only these", async () => {
    await fc.assert(
      fc.asyncProperty(randomRows, randomFilter, async (rows, filter) => {
        const kept = literally(rows, filter);
        fc.pre(kept.size > 0);
        const part = new Explored(logOfRows(rows.filter((row) => kept.has(row.case))));
        const whole = new Explored(logOfRows(rows));
        const plain = ({ nodes, edges, explained, cases }: MapAnswer) => ({
          cases,
          explained,
          nodes: nodes
            .filter(({ count }) => count > 0)
            .map(({ name, count, cases: own }) => ({ name, count, cases: own }))
            .sort((a, b) => (a.name < b.name ? -1 : 1)),
          edges: edges
            .filter(({ count }) => count > 0)
            .map(({ fromName, toName, count, cases: own, wait }) => ({ fromName, toName, count, own, wait }))
            .sort((a, b) => (`${a.fromName}>${a.toName}` < `${b.fromName}>${b.toName}` ? -1 : 1)),
        });
        const all = { activities: 1, paths: 1 };
        expect(plain(await ask(mapView, whole, all, filter))).toEqual(plain(await ask(mapView, part, all)));
        interface Variants {
          items: { id: string; cases: number; steps: number[] }[];
          activities: string[];
        }
        const ways = ({ items, activities: names }: Variants) =>
          items
            .map(({ id, cases, steps }) => `${id} ${cases} ${steps.map((s) => names[s]).join(" ")}`)
            .sort();
        expect(ways(await ask(variantsView, whole, {}, filter))).toEqual(ways(await ask(variantsView, part)));
        const { items, total } = await ask<{ items: { id: string }[]; total: number }>(
          casesView,
          whole,
          { order: "-duration" },
          filter,
        );
        expect(new Set(items.map(({ id }) => id))).toEqual(kept);
        expect(total).toBe(kept.size);
      }),
      { numRuns: 120 },
    );
  });

  test("a variant's id is told by its names alone, and finds its cases again in another log", async () => {
    const one = logOf("A B C", "A B C", "A C B");
    const other = logOf("X Y", "A C B", "A B C");
    const [id, same, different] = [0, 1, 2].map(variantIds(one));
    expect(same).toBe(id);
    expect(different).not.toBe(id);
    expect(variantIds(other)(2)).toBe(id);
    const found = await ask<{ items: { id: string }[] }>(casesView, new Explored(other), {}, { variant: id });
    expect(found.items.map(({ id: name }) => name)).toEqual(["c3"]);
  });
});

describe("the map beside a description", () => {
  const description = parseDescription(
    "process: P\nroles: { Clerk: [], Boss: [] }\nsteps: { A: { role: Clerk }, Check: { role: Boss }, B: { role: Clerk }, Never: {} }\nflow: [A, Check, B, { optional: Never }]\nmapping: { C: Check }\n",
    "d.yaml",
  ).description;

  test("says of steps and ways: as described, out of order, never described, never seen", async () => {
    const explored = new Explored(logOf("A C B", "A C B", "A B C", "A X C B"), { description });
    const { nodes, edges } = await ask<MapAnswer>(mapView, explored, { activities: 1, paths: 1 });
    const ofNode = Object.fromEntries(nodes.map(({ name, standing }) => [name, standing]));
    expect(ofNode).toEqual({
      begin: null,
      end: null,
      A: "as described",
      B: "as described",
      C: "as described",
      X: "never described",
      Never: "never seen",
    });
    const ofEdge = Object.fromEntries(
      edges.map(({ fromName, toName, standing }) => [`${fromName}>${toName}`, standing]),
    );
    expect(ofEdge).toMatchObject({
      "A>C": "as described",
      "C>B": "as described",
      "A>B": "out of order",
      "B>C": "out of order",
      "A>X": "never described",
      "X>C": "never described",
      "B>Never": "never seen",
    });
  });

  test("stands where it stood: a filter moves nothing, and a slider keeps the order from left to right", async () => {
    const explored = new Explored(
      logOf(...Array.from({ length: 40 }, (_, i) => (i % 3 ? "A B D F" : i % 2 ? "A C E F" : "A D E B F"))),
    );
    const place = ({ nodes }: MapAnswer) => new Map(nodes.map(({ id, x, y }) => [id, { x, y }]));
    const whole = place(await ask<MapAnswer>(mapView, explored));
    expect(place(await ask<MapAnswer>(mapView, explored, {}, { with: ["C"] }))).toEqual(whole);
    for (const paths of [0, 0.3, 0.7, 1]) {
      const other = place(await ask<MapAnswer>(mapView, explored, { activities: 1, paths }));
      for (const [a, one] of other)
        for (const [b, two] of other)
          if (one.y === two.y && one.x < two.x && whole.get(a)!.y === whole.get(b)!.y)
            expect([paths, a, b, whole.get(a)!.x < whole.get(b)!.x]).toEqual([paths, a, b, true]);
    }
  });

  test("of 400 activities so many are shown as can be read, and no more than can be drawn", async () => {
    const names = Array.from({ length: 400 }, (_, i) => `Step ${i}`);
    const explored = new Explored(
      logOfRows(
        Array.from({ length: 4000 }, (_, i): TestRow => ({
          case: `c${i % 50}`,
          activity: names[(i * 17 + (i % 50)) % 400],
          time: MONDAY + i * HOUR,
        })),
      ),
    );
    const first = await ask<MapAnswer & { activities: { all: number } }>(mapView, explored);
    expect(first.activities.all).toBeGreaterThan(100);
    // the steps of the most frequent way are shown whatever their number
    expect(first.nodes.length).toBeLessThan(150);
    const most = await ask<MapAnswer>(mapView, explored, { activities: 1, paths: 1 });
    expect(most.nodes.length).toBeLessThanOrEqual(252 + 80);
    expect(most.edges.length).toBeLessThanOrEqual(1400);
  });

  test("the flow of a description is a picture of its steps with their roles", () => {
    const flow = describedFlow(description)!;
    expect(flow.nodes.map(({ name, role, always }) => [name, role, always])).toEqual([
      ["begin", null, true],
      ["end", null, true],
      ["A", "Clerk", true],
      ["Check", "Boss", true],
      ["B", "Clerk", true],
      ["Never", null, false],
    ]);
    expect(flow.edges.length).toBeGreaterThan(4);
  });
});

describe("cases and stories", () => {
  test("any part of the list in any order; the parts together are the whole, once", async () => {
    const explored = new Explored(logOf(...Array.from({ length: 23 }, (_, i) => "A ".repeat((i % 7) + 1))));
    for (const order of ["begin", "-begin", "duration", "-events"]) {
      const ids: string[] = [];
      for (let from = 0; from < 30; from += 5)
        ids.push(
          ...(
            await ask<{ items: { id: string }[] }>(casesView, explored, { order, from, most: 5 })
          ).items.map(({ id }) => id),
        );
      expect(new Set(ids).size).toBe(23);
      expect(ids.length).toBe(23);
    }
    const { items } = await ask<{ items: { durationMs: number }[] }>(casesView, explored, {
      order: "duration",
    });
    expect(items.map(({ durationMs }) => durationMs)).toEqual(
      items.map(({ durationMs }) => durationMs).sort((a, b) => a - b),
    );
  });

  test("a story names nobody, and a column of people is no attribute", async () => {
    const rows: TestRow[] = Array.from({ length: 60 }, (_, i) => ({
      case: `c${i >> 1}`,
      activity: i % 2 ? "B" : "A",
      time: MONDAY + i * HOUR,
      person: `anna${i % 5}`,
      responsible: `anna${(i + 1) % 5}`,
      amount: i * 10,
    }));
    const story = await ask<{ found: boolean; events: { person: number | null; waitMs: number | null }[] }>(
      caseView,
      new Explored(logOfRows(rows)),
      { case: "c7" },
    );
    expect(story.found).toBe(true);
    expect(story.events.map(({ waitMs }) => waitMs)).toEqual([null, HOUR]);
    expect(JSON.stringify(story)).not.toContain("anna");
    expect(JSON.stringify(story)).toContain("amount");
    const none = await ask<{ found: boolean }>(caseView, new Explored(logOfRows(rows)), { case: "c99" });
    expect(none.found).toBe(false);
  });
});

describe("time and people", () => {
  test("kinds of task are told by names, in several languages; the description knows better", async () => {
    const told = (names: string[]) => names.map(taskKindOf);
    expect(told(["Assign ticket", "Triage request", "Weiterleiten", "Take in charge ticket"])).toEqual([
      "sort",
      "sort",
      "sort",
      "sort",
    ]);
    expect(told(["Check credit", "Rechnung prüfen", "Match invoice", "Vérifier facture"])).toEqual([
      "check",
      "check",
      "check",
      "check",
    ]);
    expect(
      told(["Record invoice", "Enter customer order", "Rechnung erfassen", "Registrar factura"]),
    ).toEqual(["copy", "copy", "copy", "copy"]);
    expect(told(["Chase carrier", "Send reminder", "Rückfrage stellen"])).toEqual([
      "chase",
      "chase",
      "chase",
    ]);
    expect(told(["Approve purchase", "Genehmigen", "Reject claim"])).toEqual(["decide", "decide", "decide"]);
    expect(told(["Correct invoice", "Change order quantity"])).toEqual(["fix", "copy"]);
    expect(told(["Pack goods", "Paint wall"])).toEqual(["do", "do"]);
    const description = parseDescription(
      "process: P\nsteps: { Pack goods: { task: copy } }\nflow: [Pack goods]\n",
      "d.yaml",
    ).description;
    const { activities: list } = await ask<{ activities: { name: string; kind: string; told: string }[] }>(
      tasksView,
      new Explored(logOfRows([{ case: "1", activity: "Pack goods", time: MONDAY }]), { description }),
    );
    expect(list).toMatchObject([{ kind: "copy", told: "description" }]);
  });

  test("hours are executions times handling time, and compensation is part of them", async () => {
    const rows: TestRow[] = Array.from({ length: 300 }, (_, i) => ({
      case: `c${i >> 1}`,
      activity: i % 2 ? "Correct invoice" : "Enter invoice",
      start: MONDAY + i * 0.4 * HOUR,
      time: MONDAY + i * 0.4 * HOUR + (i % 2 ? 0.1 : 0.2) * HOUR,
      person: `p${i % 6}`,
    }));
    const answer = await ask<{
      hours: number;
      compensationHours: number;
      kinds: { kind: string; hours: number }[];
    }>(tasksView, new Explored(logOfRows(rows)));
    expect(answer.hours).toBeCloseTo(150 * 0.2 + 150 * 0.1, 6);
    expect(answer.compensationHours).toBeCloseTo(150 * 0.1, 6);
    expect(answer.kinds.reduce((sum, { hours }) => sum + hours, 0)).toBeCloseTo(answer.hours, 6);
  });

  test("what the log does not show is said to be missing, never zero", async () => {
    const explored = new Explored(logOf("A B", "A B"));
    const people = await ask<{ groupedBy: null; missing: string[] }>(peopleView, explored);
    expect([people.groupedBy, people.missing.length]).toEqual([null, 1]);
    const waiting = await ask<{ causes: null; missing: string[]; edges: object[] }>(waitingView, explored);
    expect(waiting.causes).toBeNull();
    expect(waiting.missing).toHaveLength(2);
    const tasks = await ask<{ hours: null; missing: string[] }>(tasksView, explored);
    expect([tasks.hours, tasks.missing.length]).toEqual([null, 1]);
  });

  test("who does each step: shares add up, and a hand-over is counted between groups only", async () => {
    const explored = new Explored(
      logOf(...Array.from({ length: 30 }, (_, i) => `A/p${i % 3} B/q${i % 2} B/q${i % 2} C/p0`)),
    );
    const answer = await ask<{
      people: number;
      kept: number;
      steps: { activity: string; executions: number; topShare: number; top: { share: number }[] }[];
      handovers: { count: number }[];
    }>(peopleView, explored);
    expect(answer.people).toBe(5);
    // of three hand-overs in each case one stays with the same person
    expect(answer.kept).toBeCloseTo(1 / 3, 6);
    for (const { top } of answer.steps)
      expect(top.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(answer.steps.find(({ activity }) => activity === "C")!.topShare).toBe(1);
  });

  test("what can be filtered by: bars count every case once, values the selected ones", async () => {
    await fc.assert(
      fc.asyncProperty(randomRows, randomFilter, async (rows, filter) => {
        const explored = new Explored(logOfRows(rows));
        const answer = await ask<{
          cases: number;
          selected: number;
          weeks: { all: number[]; selected: number[] };
        }>(choicesView, explored, {}, filter);
        expect(answer.selected).toBe(literally(rows, filter).size);
        const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
        expect([sum(answer.weeks.all), sum(answer.weeks.selected)]).toEqual([answer.cases, answer.selected]);
      }),
      { numRuns: 80 },
    );
  });
});

test("an empty selection is an answer like any other in every view", async () => {
  const explored = new Explored(logOf("A/p B/q", "A/p B/q"));
  const nothing = { id: "nobody has this" };
  for (const [view, query] of [
    [mapView, {}],
    [mapView, { anew: "true" }],
    [variantsView, {}],
    [casesView, {}],
    [choicesView, {}],
    [peopleView, {}],
    [waitingView, {}],
    [tasksView, {}],
  ] as [View, object][])
    await ask(view, explored, query, nothing);
});

test("sorted times summarise any selection as the kernels of the discovery do", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          g: fc.nat(2),
          v: fc.oneof(fc.nat(5), fc.double({ min: 0, max: 1e12, noNaN: true })),
          c: fc.nat(6),
        }),
        { maxLength: 40 },
      ),
      fc.subarray([0, 1, 2, 3, 4, 5, 6]),
      (items, chosen) => {
        items.sort((a, b) => a.c - b.c);
        const sorted = sortTimes(
          Uint32Array.from(items, ({ g }) => g),
          3,
          Float64Array.from(items, ({ v }) => v),
          Uint32Array.from(items, ({ c }) => c),
        );
        for (const marks of [undefined, marksOf(7, Uint32Array.from(chosen))])
          for (const g of [0, 1, 2]) {
            const own = items.filter((one) => one.g === g && (!marks || marks[one.c] === 1));
            const values = Float64Array.from(own, ({ v }) => v);
            const { count, cases, times } = selectedTimes(sorted, g, marks);
            expect([count, cases]).toEqual([own.length, new Set(own.map(({ c }) => c)).size]);
            if (own.length === 0) expect(times).toBeUndefined();
            else {
              const expected = summariseInPlace(values, 0, values.length);
              for (const key of ["median", "mean", "p90", "min", "max"] as const)
                expect(times![key]).toBeCloseTo(expected[key], -Math.log10(Math.max(1, expected[key])) + 6);
            }
          }
      },
    ),
    { numRuns: 400 },
  );
});
