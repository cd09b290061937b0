import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildEventLog, type EventRows } from "../../src/eventlog/build-event-log.ts";
import { ByteDictionary } from "../../src/eventlog/byte-dictionary.ts";
import { caseOfEvents } from "../../src/eventlog/event-log.ts";
import { casesWhere } from "../../src/eventlog/select-cases.ts";
import { allNames, nameAt } from "../../src/eventlog/strings.ts";
import { groupRows, rowsByTime } from "../../src/eventlog/time-order.ts";
import { directlyFollows } from "../../src/discovery/directly-follows.ts";
import { findVariants } from "../../src/discovery/variants.ts";
import { columnOf, logOf, logOfRows } from "../log-of.ts";

const randomRows = fc.array(fc.record({ c: fc.nat(6), a: fc.nat(4), t: fc.nat(5), p: fc.nat(3) }), {
  minLength: 1,
  maxLength: 60,
});

describe("building a log", () => {
  test("rows are grouped by case in order of first appearance, then sorted by time, ties in input order", () => {
    fc.assert(
      fc.property(randomRows, (rows) => {
        const log = logOfRows(
          rows.map(({ c, a, t, p }, i) => ({
            case: `c${c}`,
            activity: `a${a}`,
            time: t,
            person: `p${p}`,
            n: i,
          })),
        );
        const order = [...new Set(rows.map(({ c }) => c))];
        const literal = order.flatMap((wanted) =>
          rows
            .map((row, i) => ({ ...row, i }))
            .filter(({ c }) => c === wanted)
            .sort((x, y) => x.t - y.t || x.i - y.i),
        );
        const caseOf = caseOfEvents(log);
        const seen = Array.from({ length: log.eventCount }, (_, e) => ({
          c: nameAt(log.caseIds, caseOf[e]),
          a: nameAt(log.activities, log.activity[e]),
          t: log.time[e],
          p: nameAt(log.people, log.person![e]),
        }));
        expect(seen).toEqual(literal.map(({ c, a, t, p }) => ({ c: `c${c}`, a: `a${a}`, t, p: `p${p}` })));
      }),
    );
  });

  test("case, activity, time, person and role take at most 24 bytes an event", () => {
    const log = logOfRows(
      Array.from({ length: 1000 }, (_, i) => ({
        case: `c${i % 250}`,
        activity: `a${i % 9}`,
        time: i,
        person: `p${i % 7}`,
        role: `r${i % 3}`,
      })),
    );
    const bytes =
      log.caseStart.byteLength +
      log.activity.byteLength +
      log.time.byteLength +
      log.person!.byteLength +
      log.role!.byteLength;
    expect(bytes / log.eventCount).toBeLessThanOrEqual(24);
  });

  test("a missing person is nobody, code 0, and the first and last rows keep their case", () => {
    const log = logOf("A/ana B", "C");
    expect(nameAt(log.people, log.person![1])).toBe("");
    expect(log.person![1]).toBe(0);
    expect(allNames(log.caseIds)).toEqual(["c1", "c2"]);
  });

  test("an attribute with one value a case becomes a column of cases, one that changes stays one of events", () => {
    const log = logOfRows([
      { case: "1", activity: "A", time: 1, vendor: "Acme", step: "x" },
      { case: "1", activity: "B", time: 2, vendor: "Acme", step: "y" },
      { case: "2", activity: "A", time: 3, step: "x" },
    ]);
    expect(columnOf(log, "vendor")).toMatchObject({ scope: "case", missing: 1 });
    expect(columnOf(log, "step")).toMatchObject({ scope: "event", missing: 0 });
  });
});

describe("life cycle", () => {
  const rowsOf = (text: string): EventRows => {
    const words = text.split(" ").map((word) => word.split(":"));
    const names = ["A", "B"];
    const transitions = ["", "start", "complete", "suspend"];
    return {
      rowCount: words.length,
      caseOf: new Uint32Array(words.length),
      caseIds: ["c"],
      activity: Uint32Array.from(words, ([a]) => names.indexOf(a)),
      activities: names,
      time: Float64Array.from(words, (_, i) => i * 10),
      transition: {
        codes: Uint32Array.from(words, ([, t]) => transitions.findIndex((x) => x.startsWith(t))),
        values: transitions,
      },
      attributes: [],
    };
  };
  const shown = (text: string, lifecycle: "pairs" | "events" | "complete") => {
    const { log, counts } = buildEventLog(rowsOf(text), lifecycle);
    const events = Array.from(
      { length: log.eventCount },
      (_, e) => `${nameAt(log.activities, log.activity[e])}@${log.start?.[e] ?? log.time[e]}-${log.time[e]}`,
    );
    return { events, counts };
  };

  test("a start and the next completion of the same activity are one event", () => {
    const { events, counts } = shown("A:st B:st A:co B:co", "pairs");
    expect(events).toEqual(["A@0-20", "B@10-30"]);
    expect(counts).toMatchObject({
      rows: 4,
      events: 2,
      mergedStarts: 2,
      unpairedStarts: 0,
      unpairedCompletions: 0,
    });
  });

  test("overlapping executions pair first in, first out", () => {
    expect(shown("A:st A:st A:co A:co", "pairs").events).toEqual(["A@0-20", "A@10-30"]);
  });

  test("unpaired starts and completions are counted and kept", () => {
    const { events, counts } = shown("A:co A:st B:su", "pairs");
    expect(events).toEqual(["A@0-0", "A@10-10"]);
    expect(counts).toMatchObject({ unpairedStarts: 1, unpairedCompletions: 1, mergedStarts: 0, beside: 1 });
  });

  test("complete keeps completions only and says how many rows it left out; events keeps each row", () => {
    expect(shown("A:st A:co B:su", "complete")).toMatchObject({
      events: ["A@10-10"],
      counts: { leftOut: 2 },
    });
    expect(shown("A:st A:co B:su", "events").events.length).toBe(3);
  });

  test("no row is lost: rows = events + merged starts + beside + left out", () => {
    const word = fc.constantFrom("A:st", "A:co", "B:st", "B:co", "B:su");
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 30 }),
        fc.constantFrom("pairs" as const, "complete" as const, "events" as const),
        (words, lifecycle) => {
          const { counts } = shown(words.join(" "), lifecycle);
          expect(counts.events + counts.mergedStarts + counts.beside + counts.leftOut).toBe(words.length);
        },
      ),
    );
  });
});

test("a selection within a selection", () => {
  const log = logOf("A B", "B A", "A");
  const both = casesWhere(log, (c) => c < 2);
  expect([...both]).toEqual([0, 1]);
  expect([...casesWhere(log, (c, from, to) => c === 1 && to - from === 2, both)]).toEqual([1]);
  expect([...casesWhere(log, () => true, new Uint32Array(0))]).toEqual([]);
});

describe("kernels against their definition read literally", () => {
  const logs = fc.array(fc.array(fc.constantFrom("A", "B", "C", "D"), { minLength: 1, maxLength: 7 }), {
    minLength: 1,
    maxLength: 25,
  });

  test("directly-follows counts", () => {
    fc.assert(
      fc.property(logs, (cases) => {
        const log = logOf(...cases.map((c) => c.join(" ")));
        const literal = new Map<string, number>();
        for (const c of cases)
          c.slice(1).forEach((b, i) => literal.set(c[i] + b, (literal.get(c[i] + b) ?? 0) + 1));
        const n = log.activities.length;
        const seen = [...directlyFollows(log).edges].map(([key, count]): [string, number] => [
          nameAt(log.activities, Math.floor(key / n)) + nameAt(log.activities, key % n),
          count,
        ]);
        expect(new Map(seen)).toEqual(literal);
      }),
    );
  });

  test("variants", () => {
    fc.assert(
      fc.property(logs, (cases) => {
        const log = logOf(...cases.map((c) => c.join(" ")));
        const literal = new Map<string, number>();
        for (const c of cases) literal.set(c.join(), (literal.get(c.join()) ?? 0) + 1);
        const { variantOf, caseCount, example } = findVariants(log);
        expect([...caseCount].sort()).toEqual([...literal.values()].sort());
        cases.forEach((c, i) => {
          expect(cases[example[variantOf[i]]].join()).toBe(c.join());
          expect(caseCount[variantOf[i]]).toBe(literal.get(c.join()));
        });
        expect([...caseCount]).toEqual([...caseCount].sort((x, y) => y - x));
      }),
    );
  });

  test("order by time is a stable sort, before 1970 too", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5e12, max: 5e12 }), { minLength: 1 }), (times) => {
        const literal = times.map((_, i) => i).sort((i, j) => times[i] - times[j] || i - j);
        expect([...rowsByTime(Float64Array.from(times))]).toEqual(literal);
      }),
    );
  });

  test("grouped rows keep their order", () => {
    const { start, rows } = groupRows([2, 0, 2, 1], 3, Uint32Array.of(3, 2, 1, 0));
    expect([...start]).toEqual([0, 1, 2, 4]);
    expect([...rows]).toEqual([1, 3, 2, 0]);
  });
});

describe("byte dictionary", () => {
  test("gives equal bytes the same code in order of first appearance, whatever the names", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { maxLength: 200 }), (names) => {
        const dictionary = new ByteDictionary({ reserveMissing: false, expected: 2 });
        const known: string[] = [];
        for (const name of names) {
          const text = Buffer.from(name, "utf8").toString("utf8"); // lone surrogates become U+FFFD, as they do in any UTF-8 file
          if (!known.includes(text)) known.push(text);
          expect(dictionary.encodeString(name)).toBe(known.indexOf(text));
        }
        expect(allNames(dictionary)).toEqual(known);
        expect(allNames(ByteDictionary.fromParts(dictionary.toParts()))).toEqual(known);
      }),
    );
  });

  test("a name that is no UTF-8 is read as Windows-1252", () => {
    const dictionary = new ByteDictionary();
    const bytes = Buffer.from([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]);
    expect(dictionary.at(dictionary.encode(bytes, 0, bytes.length))).toBe("Müller");
    expect(dictionary.countNotUtf8()).toBe(1);
  });
});
