import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { EventLog } from "../../src/eventlog/event-log.ts";
import { nameAt } from "../../src/eventlog/strings.ts";
import { summaries } from "../../src/evidence/summaries/index.ts";
import { inPlaces, spansFrom, type SpanSummary } from "../../src/evidence/summaries/spans.ts";
import type { Counts, Summary } from "../../src/evidence/summaries/summary.ts";
import type { VariantSummary } from "../../src/evidence/summaries/variants.ts";
import { logOfRows, MONDAY, type TestRow } from "../log-of.ts";

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;

/** A case as its rows, one an hour or so; a name may be missing. */
const someCase = fc.array(
  fc.record({
    activity: fc.constantFrom("A", "B", "C", "D"),
    hours: fc.integer({ min: 0, max: 400 }),
    person: fc.option(fc.constantFrom("ana", "ben", "cy"), { nil: undefined }),
    role: fc.option(fc.constantFrom("clerk", "head"), { nil: undefined }),
    note: fc.option(fc.constantFrom("x", "y"), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 6 },
);
const someCases = fc.array(someCase, { minLength: 1, maxLength: 12 });

type Drawn = typeof someCases extends fc.Arbitrary<infer T> ? T : never;

function rowsOf(cases: Drawn): TestRow[][] {
  return cases.map((events, c) => {
    let time = MONDAY + c * 5 * HOUR;
    return events.map(({ hours, ...event }) => ({ case: `c${c}`, time: (time += hours * HOUR), ...event }));
  });
}

type Told = [string, Record<string, number>][];
const sorted = (entries: Told): Told => entries.sort(([a], [b]) => (a < b ? -1 : 1));

/** What counts say by names alone, in one order; entries that count nothing say nothing. */
function told({ names, codes, counts }: Counts<string, string>): Told {
  const dimensions = Object.keys(names).sort();
  return sorted(
    Array.from(codes[dimensions[0]], (_, k): Told[number] => [
      JSON.stringify(dimensions.map((d) => nameAt(names[d], codes[d][k]))),
      Object.fromEntries(Object.entries(counts).map(([figure, all]) => [figure, all[k]])),
    ]).filter(([, figures]) => Object.values(figures).some((n) => n > 0)),
  );
}

function toldVariants({ activities, offset, steps, cases }: VariantSummary): Told {
  return sorted(
    Array.from(cases, (count, k): Told[number] => [
      JSON.stringify(Array.from(steps.subarray(offset[k], offset[k + 1]), (a) => nameAt(activities, a))),
      { cases: count },
    ]),
  );
}

const toldSpans = ({ first, events, begun }: SpanSummary): Told =>
  sorted(
    Array.from(events, (n, i): Told[number] => [String(first + i), { events: n, begun: begun[i] }]).filter(
      ([, { events, begun }]) => events + begun > 0,
    ),
  );

/** Counts rows, and the cases that they lie in, under a key; undefined counts nothing. */
function counted(
  cases: TestRow[][],
  keysOf: (rows: TestRow[]) => { key: string; figure: string }[],
  figures: string[],
): Told {
  const all = new Map<string, Record<string, number>>();
  for (const rows of cases)
    for (const { key, figure } of keysOf(rows)) {
      if (!all.has(key)) all.set(key, Object.fromEntries(figures.map((name) => [name, 0])));
      all.get(key)![figure]++;
    }
  return sorted([...all]);
}

const once = (keys: string[], figure: string) => [...new Set(keys)].map((key) => ({ key, figure }));
const each = (keys: string[], figure: string) => keys.map((key) => ({ key, figure }));
const pairs = (rows: TestRow[]) =>
  rows.slice(1).map(({ activity }, i) => JSON.stringify([rows[i].activity, activity]));
const performed = (rows: TestRow[]) => rows.filter(({ person }) => person !== undefined);

interface Case<T> {
  summary: Summary<T>;
  told(value: T): unknown;
  /** the definition, read literally */
  means(cases: TestRow[][]): unknown;
}
const caseOf = <T>(one: Case<T>) => one;

/** Every summary of the list with what it means. */
const list = {
  activities: caseOf({
    summary: summaries.activities,
    told,
    means: (cases) =>
      counted(
        cases,
        (rows) => {
          const names = rows.map(({ activity }) => JSON.stringify([activity]));
          return [
            ...each(names, "rows"),
            ...once(names, "cases"),
            { key: names[0], figure: "starts" },
            { key: names.at(-1)!, figure: "ends" },
          ];
        },
        ["rows", "cases", "starts", "ends"],
      ),
  }),
  follows: caseOf({
    summary: summaries.follows,
    told,
    means: (cases) =>
      counted(cases, (rows) => [...each(pairs(rows), "count"), ...once(pairs(rows), "cases")], [
        "count",
        "cases",
      ]),
  }),
  variants: caseOf({
    summary: summaries.variants,
    told: toldVariants,
    means: (cases) =>
      counted(cases, (rows) => each([JSON.stringify(rows.map(({ activity }) => activity))], "cases"), [
        "cases",
      ]),
  }),
  executions: caseOf({
    summary: summaries.executions,
    told,
    means: (cases) =>
      counted(
        cases,
        (rows) =>
          each(
            rows.map(({ activity, person = "", role = "" }) => JSON.stringify([activity, person, role])),
            "count",
          ),
        ["count"],
      ),
  }),
  handovers: caseOf({
    summary: summaries.handovers,
    told,
    means: (cases) =>
      counted(
        cases,
        (rows) =>
          each(
            performed(rows)
              .slice(1)
              .map((to, i) => {
                const from = performed(rows)[i];
                return JSON.stringify([from.person, from.role ?? "", to.person, to.role ?? ""]);
              }),
            "count",
          ),
        ["count"],
      ),
  }),
  weeks: caseOf({
    summary: summaries.weeks,
    told: toldSpans,
    means(cases) {
      const week = ({ time }: TestRow) => String(Math.floor((time - Date.UTC(1970, 0, 5)) / WEEK));
      return counted(
        cases,
        (rows) => [...each(rows.map(week), "events"), { key: week(rows[0]), figure: "begun" }],
        ["events", "begun"],
      );
    },
  }),
  missingValues: caseOf({
    summary: summaries.missingValues,
    told: (columns) => columns.filter(({ rows }) => rows > 0),
    means(cases) {
      const rows = cases.flat();
      const missing = rows.filter(({ note }) => note === undefined).length;
      return missing === rows.length ? [] : [{ name: "note", scope: "event", rows: rows.length, missing }];
    },
  }),
} satisfies Record<keyof typeof summaries, unknown>;

const without = (log: EventLog, ...of: (keyof EventLog)[]) => {
  for (const name of of) expect(log[name]).toBeUndefined();
};

/** Checks one summary on random logs and splits. */
function check<T>({ summary: { of, merge, empty }, told, means }: Case<T>, notesDiffer: boolean): void {
  fc.assert(
    fc.property(someCases, fc.infiniteStream(fc.integer({ min: 0, max: 2 })), (drawn, stream) => {
      const cases = rowsOf(drawn);
      // in every case both values: else the column is one of cases in some parts and of events in others
      if (notesDiffer)
        for (const rows of cases)
          for (const note of ["x", "y"]) rows.push({ ...rows[rows.length - 1], note });
      const parts: number[][] = [[], [], []];
      cases.forEach((_, c) => parts[stream.next().value].push(c));
      const log = logOfRows(cases.flat());
      const whole = told(of(log));
      expect(whole).toEqual(means(cases));

      // parts of one log, and logs of their own with dictionaries of their own
      const numberOf = new Map(Array.from({ length: log.caseCount }, (_, c) => [nameAt(log.caseIds, c), c]));
      const selected = parts.map((part) =>
        of(log, Uint32Array.from(part, (c) => numberOf.get(`c${c}`)!).sort()),
      );
      const apart = parts
        .filter((part) => part.length > 0)
        .map((part) => of(logOfRows(part.flatMap((c) => cases[c]))));
      for (const all of [selected, [...apart, empty, empty, empty].slice(0, 3)]) {
        const [a, b, c] = all;
        for (const merged of [
          merge(merge(a, b), c),
          merge(a, merge(b, c)),
          merge(c, merge(b, a)),
          merge(merge(empty, b), merge(merge(c, empty), a)),
        ])
          expect(told(merged)).toEqual(whole);
      }
    }),
    { numRuns: 60 },
  );
}

describe("a summary counts what its definition says, and parts of the cases add up to the whole in any order", () => {
  test("activities", () => check(list.activities, false));
  test("follows", () => check(list.follows, false));
  test("variants", () => check(list.variants, false));
  test("executions", () => check(list.executions, false));
  test("handovers", () => check(list.handovers, false));
  test("weeks", () => check(list.weeks, false));
  test("missing values", () => check(list.missingValues, true));
});

test("of selected cases the rows without a value are counted anew", () => {
  const log = logOfRows([
    { case: "a", activity: "A", time: MONDAY, note: "x" },
    { case: "b", activity: "A", time: MONDAY },
    { case: "b", activity: "B", time: MONDAY, note: "y" },
  ]);
  const of = (...cases: number[]) => summaries.missingValues.of(log, Uint32Array.from(cases));
  expect(of(0)).toEqual([{ name: "note", scope: "event", rows: 1, missing: 0 }]);
  expect(of(1)).toEqual([{ name: "note", scope: "event", rows: 2, missing: 1 }]);
  expect(summaries.missingValues.merge(of(0), of(1))).toEqual(summaries.missingValues.of(log));
});

test("a log without people, roles and columns has executions by nobody and no hand-over", () => {
  const log = logOfRows([
    { case: "a", activity: "A", time: MONDAY },
    { case: "a", activity: "B", time: MONDAY + HOUR },
  ]);
  without(log, "person", "role");
  expect(told(summaries.executions.of(log))).toEqual([
    [JSON.stringify(["A", "", ""]), { count: 1 }],
    [JSON.stringify(["B", "", ""]), { count: 1 }],
  ]);
  expect(told(summaries.handovers.of(log))).toEqual([]);
});

test("spans have the origin and the length asked for; what lies outside the places goes to the nearest", () => {
  const log = logOfRows([
    { case: "a", activity: "A", time: MONDAY - HOUR },
    { case: "a", activity: "B", time: MONDAY + 2.5 * HOUR },
    { case: "b", activity: "A", time: MONDAY + 9 * HOUR },
  ]);
  const { first, events, begun } = spansFrom(MONDAY, HOUR).of(log);
  expect([first, events.length]).toEqual([-1, 11]);
  expect(inPlaces(first, events, 4)).toEqual([1, 0, 1, 1]);
  expect(inPlaces(first, begun, 4)).toEqual([1, 0, 0, 1]);
  expect(() => spansFrom(0, 0)).toThrow("a span must be longer than 0 ms, got 0");
});

/**
 * Files whose loops run over the log itself, to count or to look: a line goes when its counts come from a
 * summary. The list may only shrink.
 */
const COUNT_FOR_THEMSELVES = [
  "detectors/absence-stall.ts",
  "detectors/batching.ts",
  "detectors/deadline-missed.ts",
  "detectors/double-entry.ts",
  "detectors/handoff-wait.ts",
  "detectors/inconsistent-entry.ts",
  "detectors/late-correction.ts",
  "detectors/missing-data.ts",
  "detectors/order-rules.ts",
  "detectors/phantom-step.ts",
  "detectors/ping-pong.ts",
  "detectors/pressure-break.ts",
  "detectors/process-drift.ts",
  "detectors/rework.ts",
  "detectors/rubber-stamp.ts",
  "detectors/segregation-of-duties.ts",
  "detectors/self-approval.ts",
  "detectors/slow-close.ts",
  "detectors/stalled-case.ts",
  "detectors/unbilled-work.ts",
  "detectors/undocumented-path.ts",
  "detectors/unowned-step.ts",
  "detectors/unowned-wait.ts",
  "detectors/variant-sprawl.ts",
  "exploration/case-story.ts",
  "exploration/cases.ts",
  "exploration/choices.ts",
  "exploration/variant-id.ts",
  "exploration/waiting.ts",
];

test("pages and detectors that go through the log themselves are those of the list", () => {
  const src = resolve(import.meta.dirname, "../../src");
  const found = ["exploration", "detectors"].flatMap((folder) =>
    readdirSync(join(src, folder))
      .filter((file) =>
        /\bcaseStart\b|; e < [\w.]*(eventCount|length);/.test(readFileSync(join(src, folder, file), "utf8")),
      )
      .map((file) => `${folder}/${file}`),
  );
  expect(found.sort()).toEqual(COUNT_FOR_THEMSELVES);
});
