import { withOptions } from "../../src/input-error.ts";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DuckDBInstance } from "@duckdb/node-api";
import { caseOfEvents, type EventLog } from "../../src/eventlog/event-log.ts";
import { nameAt } from "../../src/eventlog/strings.ts";
import { CsvParser } from "../../src/formats/csv/csv-parser.ts";
import { readLog } from "../../src/formats/index.ts";
import type { ReadOptions } from "../../src/formats/format.ts";
import { columnOf } from "../log-of.ts";
import { inputErrorOf, temporaryFiles } from "./temporary-files.ts";

const { directory, file } = temporaryFiles();
const read = (content: string | Uint8Array, options: ReadOptions = {}) => readLog(file(content), options);
const problem = (content: string | Uint8Array, options: ReadOptions = {}) =>
  inputErrorOf(read(content, options));
const events = (log: EventLog) => {
  const caseOf = caseOfEvents(log);
  return Array.from({ length: log.eventCount }, (_, e) =>
    [
      nameAt(log.caseIds, caseOf[e]),
      nameAt(log.activities, log.activity[e]),
      new Date(log.time[e]).toISOString(),
    ].join(" "),
  );
};
const HEAD = "case,activity,time\n";

describe("writing styles", () => {
  test.each([
    ["comma", "case,activity,time\n1,A,2025-01-31 09:30\n"],
    ["semicolon", "case;activity;time\n1;A;2025-01-31 09:30\n"],
    ["tab", "case\tactivity\ttime\n1\tA\t2025-01-31 09:30\n"],
    ["bar, no last line break", "case|activity|time\n1|A|2025-01-31 09:30"],
    ["CRLF", "case,activity,time\r\n1,A,2025-01-31 09:30\r\n"],
    ["old Mac line breaks", "case,activity,time\r1,A,2025-01-31 09:30\r"],
    ["quotes", '"case","activity","time"\n"1","A","2025-01-31 09:30"\n'],
    ["byte order mark", "\uFEFFcase,activity,time\n1,A,2025-01-31 09:30\n"],
    ["Excel's sep line", "sep=;\ncase;activity;time\n1;A;2025-01-31 09:30\n"],
    ["blank lines", "case,activity,time\n\n1,A,2025-01-31 09:30\n\n\n"],
    ["trailing separators", "case,activity,time\n1,A,2025-01-31 09:30,,\n"],
  ])("%s", async (_, text) => {
    expect(events((await read(text)).log)).toEqual(["1 A 2025-01-31T09:30:00.000Z"]);
  });

  test("UTF-16 in both orders, and Windows-1252", async () => {
    const text = "case;activity;time\n1;Prüfung;2025-01-31 09:30\n";
    const little = Buffer.from(`\uFEFF${text}`, "utf16le");
    const big = Buffer.from(little).swap16();
    const windows = Buffer.from(text, "latin1");
    for (const bytes of [little, big, windows, Buffer.from(text, "utf16le")]) {
      expect(events((await read(bytes)).log)).toEqual(["1 Prüfung 2025-01-31T09:30:00.000Z"]);
    }
  });

  test("gzip and zip", async () => {
    const text = Buffer.from(`${HEAD}1,A,2025-01-31\n`);
    for (const packed of [gzipSync(text), zipSync({ "log.csv": text })]) {
      expect(events((await read(packed)).log)).toEqual(["1 A 2025-01-31T00:00:00.000Z"]);
    }
  });

  test("quoted separators, quotes and line breaks stay part of the value", async () => {
    const { log, report } = await read(`${HEAD}1,"a ""b"", c\nd",2025-01-31\n1,E,2025-02-01\n`);
    expect(nameAt(log.activities, log.activity[0])).toBe('a "b", c\nd');
    expect(report).toMatchObject({ read: 2, kept: 2, rejected: 0 });
  });
});

describe("times", () => {
  test.each([
    ["2025-03-01T09:30:15.250+02:00", "2025-03-01T07:30:15.250Z"],
    ["2025-03-01T09:30:15.123456789Z", "2025-03-01T09:30:15.123Z"],
    ["2025-03-01 09:30:15-0500", "2025-03-01T14:30:15.000Z"],
    ["20250301T093015", "2025-03-01T09:30:15.000Z"],
    ["31.03.2025 09:30", "2025-03-31T09:30:00.000Z"],
    ["03/31/2025 9:30 PM", "2025-03-31T21:30:00.000Z"],
    ["31-Mär-2025 09:30", "2025-03-31T09:30:00.000Z"],
    ["Mar 31, 2025 12:05 AM", "2025-03-31T00:05:00.000Z"],
    ["Mon, 31 Mar 2025 09:30:00 +0200 (CEST)", "2025-03-31T07:30:00.000Z"],
    ["1901-02-03 04:05", "1901-02-03T04:05:00.000Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
    ["2025-03-01 24:00", "2025-03-02T00:00:00.000Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
  ])("%s", async (written, iso) => {
    const { log } = await read(`case;activity;time\n1;A;"${written}"\n`);
    expect(new Date(log.time[0]).toISOString()).toBe(iso);
  });

  test.each(["1740821415", "1740821415000", "1740821415000000"])(
    "%s is a count since 1970",
    async (written) => {
      const { log } = await read(`${HEAD}1,A,${written}\n`);
      expect(new Date(log.time[0]).toISOString()).toBe("2025-03-01T09:30:15.000Z");
    },
  );

  test("impossible dates are rejected with line, column, what was expected and what came", async () => {
    const { report } = await read(
      `${HEAD}1,A,2025-02-28\n1,B,2025-02-30\n1,C,soon\n,D,2025-03-01\n1,,2025-03-01\n1,E\n`,
    );
    expect(report).toMatchObject({ read: 6, kept: 1, rejected: 5 });
    expect(report.rejections.map(({ at, column, got }) => [at, column, got])).toEqual([
      [3, "time", "2025-02-30"],
      [4, "time", "soon"],
      [5, "case", ""],
      [6, "activity", ""],
      [7, undefined, "2: 1,E"],
    ]);
  });

  test("a column of dates that can be read both ways is asked about, never guessed", async () => {
    const text = `${HEAD}1,A,03/04/2025\n1,B,05/06/2025\n`;
    expect(withOptions((await problem(text)).message)).toMatch(/--date-order dmy or --date-order mdy/);
    expect(events((await read(text, { dateOrder: "dmy" })).log)[0]).toContain("2025-04-03");
    expect(events((await read(text, { dateOrder: "mdy" })).log)[0]).toContain("2025-03-04");
  });

  test("one telling date anywhere in the file decides the order, also far behind the sample", async () => {
    const many = Array.from(
      { length: 200_000 },
      (_, i) => `${i % 997},A,0${(i % 9) + 1}/0${((i * 7) % 9) + 1}/2025`,
    ).join("\n");
    const { log } = await read(`${HEAD}${many}\n1,Z,01/31/2025\n2,A,02/03/2025\n`);
    expect(events(log).filter((e) => e.includes(" Z "))).toEqual(["1 Z 2025-01-31T00:00:00.000Z"]);
    expect(
      events(log)
        .filter((e) => e.startsWith("2 "))
        .every((e) => /2025-0[1-9]-0[1-9]/.test(e)),
    ).toBe(true);
  });

  test("wall-clock times follow the zone through both clock changes", async () => {
    const { log } = await read(
      `${HEAD}1,A,2025-01-15 12:00\n1,B,2025-03-30 02:30\n1,C,2025-07-15 12:00\n1,D,2025-10-26 02:30\n`,
      { timeZone: "Europe/Berlin" },
    );
    expect(events(log).map((e) => e.slice(4))).toEqual([
      "2025-01-15T11:00:00.000Z",
      "2025-03-30T01:30:00.000Z",
      "2025-07-15T10:00:00.000Z",
      "2025-10-26T00:30:00.000Z",
    ]);
  });
});

describe("numbers", () => {
  const numbersOf = async (values: string[], options: ReadOptions = {}) => {
    const rows = values.map((v, i) => `1;A${i};2025-01-31 09:0${i % 10};${v}`).join("\n");
    const { log } = await read(`case;activity;time;amount\n${rows}\n`, options);
    const column = columnOf(log, "amount");
    return column.kind === "number" ? [...column.numbers] : column.kind;
  };
  test("decimal comma, thousands, currencies, signs", async () => {
    expect(await numbersOf(["1.234,50", "12,5"])).toEqual([1234.5, 12.5]);
    expect(await numbersOf(["1,234.50", "12.5"])).toEqual([1234.5, 12.5]);
    expect(await numbersOf(["€ 1 234,50", "12,5 EUR"])).toEqual([1234.5, 12.5]);
    expect(await numbersOf(["-1", "2-", "(3)"])).toEqual([-1, -2, -3]);
  });
  test("numbers that can be read two ways stay text until somebody says which", async () => {
    expect(await numbersOf(["1,234", "5,678"])).toBe("dictionary");
    expect(await numbersOf(["1,234", "5,678"], { decimal: "." })).toEqual([1234, 5678]);
    expect(await numbersOf(["1,234", "5,678"], { decimal: "," })).toEqual([1.234, 5.678]);
  });
  test("identifiers are not numbers", async () => {
    expect(await numbersOf(["00123", "00456"])).toBe("dictionary");
    expect(await numbersOf(["CLS123", "CLS456"])).toBe("dictionary");
  });
  test("every finite number that JavaScript writes is read back exactly", async () => {
    const { parseNumber } = await import("../../src/formats/values/parse-number.ts");
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const bytes = Buffer.from(String(value));
        expect(parseNumber(bytes, 0, bytes.length, { decimal: ".", thousands: "" }) + 0).toBe(value + 0); // no -0
      }),
    );
  });
});

describe("recognising columns", () => {
  test("spellings in other languages", async () => {
    const { report } = await read(
      "Vorgang;Aktivität;Zeitstempel;Bearbeiter;Rolle\n1;A;31.01.2025 09:30;x;R\n",
    );
    expect(report.recognised.map(({ role, column }) => `${role}=${column}`)).toEqual([
      "case=Vorgang",
      "activity=Aktivität",
      "time=Zeitstempel",
      "person=Bearbeiter",
      "role=Rolle",
    ]);
  });
  test("an unknown column is named with its likely spelling", async () => {
    expect((await problem(`${HEAD}1,A,2025-01-31\n`, { case: "cse" })).message).toMatch(
      /no column "cse". Did you mean "case"\?/,
    );
  });
  test("what cannot be told is asked for, with the columns of the file", async () => {
    expect((await problem("a,b,c\nx,y,z\n")).message).toMatch(
      /the case, the activity, the time[\s\S]*--case COLUMN[\s\S]*for example x/,
    );
  });
  test("values that mean nothing are missing, and said to be", async () => {
    const { log } = await read(
      "case,activity,time,user,vendor\n1,A,2025-01-31,?,NULL\n1,B,2025-02-01,ana,Acme\n",
    );
    expect(log.person![0]).toBe(0);
    expect(columnOf(log, "vendor").missing).toBe(1);
  });
});

describe("damaged and strange files end in a clear error or a clear result", () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ["empty", "", /is empty/],
    ["blank lines only", "\n\n\n", /only blank lines/],
    ["headings only", "case,activity,time\n", /not a single row/],
    ["one word", "hello", /expected headings of at least three columns/],
    ["no headings", "1,A,2025-01-31\n2,B,2025-02-01\n", /expected column headings/],
    ["binary", Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256), /zero bytes|expected headings/],
    ["no readable time", `${HEAD}1,A,soon\n2,B,later\n`, /time/],
    [
      "gzip cut off",
      gzipSync(Buffer.from(HEAD + "1,A,2025-01-31\n".repeat(5000))).subarray(0, 200),
      /damaged or cut off/,
    ],
    [
      "zip of two files",
      zipSync({ "a.csv": Buffer.from(HEAD), "b.csv": Buffer.from(HEAD) }),
      /more than one file/,
    ],
  ])("%s", async (_, content, message) => {
    expect((await problem(content)).message).toMatch(message);
  });

  test("a missing path and a directory", async () => {
    await expect(readLog(join(directory, "none.csv"))).rejects.toThrow(/There is no file/);
    await expect(readLog(directory)).rejects.toThrow(/is a directory/);
  });

  test("one event, one case, equal times", async () => {
    expect(events((await read(`${HEAD}1,A,2025-01-31\n`)).log)).toEqual(["1 A 2025-01-31T00:00:00.000Z"]);
    expect(events((await read(`${HEAD}1,B,2025-01-31\n1,A,2025-01-31\n`)).log)).toEqual([
      "1 B 2025-01-31T00:00:00.000Z",
      "1 A 2025-01-31T00:00:00.000Z",
    ]);
  });

  test("200 columns", async () => {
    const names = Array.from({ length: 197 }, (_, i) => `x${i}`);
    const { log } = await read(`case,activity,time,${names}\n1,A,2025-01-31,${names.map((_, i) => i)}\n`);
    expect(log.columns.length).toBe(197);
  });

  test("a quote that never closes costs its line, not the file", async () => {
    const { log, report } = await read(`${HEAD}1,A,2025-01-31\n1,"B,2025-02-01\n1,C,2025-02-02\n`);
    expect(events(log)).toEqual(["1 A 2025-01-31T00:00:00.000Z", "1 C 2025-02-02T00:00:00.000Z"]);
    expect(report.rejections).toMatchObject([{ at: 3, expected: "a closing quote" }]);
  });

  test("a line of 40 MB is rejected as one line and the rest is read", async () => {
    const { log, report } = await read(
      Buffer.concat([
        Buffer.from(`${HEAD}1,A,2025-01-31\n`),
        Buffer.alloc(40 << 20, "x"),
        Buffer.from("\n1,C,2025-02-02\n"),
      ]),
    );
    expect(events(log).length).toBe(2);
    expect(report.rejected).toBeGreaterThan(0);
    expect(report.rejections[0].at).toBe(3);
  });

  test("a gzip that unpacks to gigabytes is refused", async () => {
    const bomb = gzipSync(Buffer.alloc(60 << 20, "1,A,2025-01-31\n"), { level: 9 });
    const many = Buffer.concat([gzipSync(Buffer.from(HEAD)), ...Array.from({ length: 20 }, () => bomb)]); // members follow one another
    expect((await problem(many)).message).toMatch(/grows to more than 1 GiB/);
  });
});

describe("the parser against another", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", "B", " ", ",", '"', "\n", "é", "7"), maxLength: 8 });
  const quoted = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  test("reads back what was written, wherever the blocks are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        (rows, size) => {
          const kept = rows.map(([a, b]) => [`k${a}`, `v${b}`]);
          const bytes = Buffer.from(kept.map((row) => row.map(quoted).join(",")).join("\n") + "\n");
          const columns = ["a", "b"].map((name) => ({
            name,
            kind: "dictionary" as const,
            required: false,
            hasRole: false,
          }));
          const parser = new CsvParser({ separator: ",", columns, timeZone: "UTC" }, 1);
          let rest = Buffer.alloc(0);
          for (let at = 0; at < bytes.length; at += size) {
            rest = Buffer.concat([rest, bytes.subarray(at, at + size)]);
            rest = rest.subarray(parser.parse(rest, 0, rest.length, rest.length, false));
          }
          const end = parser.parse(rest, 0, rest.length, rest.length, true);
          const part = parser.finish(end);
          expect(part.rows).toBe(kept.length);
          const text = part.columns.map((column) => {
            if (column.kind !== "dictionary") throw new Error("not names");
            const { bytes: b, offsets } = column.dictionary;
            return Array.from(column.codes, (code) =>
              Buffer.from(b.subarray(offsets[code], offsets[code + 1])).toString("utf8"),
            );
          });
          expect(kept.map((_, r) => [text[0][r], text[1][r]])).toEqual(kept);
        },
      ),
    );
  });

  test("random bytes never crash it, and read = kept + rejected", () => {
    const junk = fc.array(fc.constantFrom(44, 34, 10, 13, 65, 0, 255, 49), { maxLength: 120 });
    fc.assert(
      fc.property(junk, fc.integer({ min: 1, max: 30 }), (bytes, size) => {
        const columns = ["a", "b", "c"].map((name, k) => ({
          name,
          kind: "dictionary" as const,
          required: k === 0,
          hasRole: false,
        }));
        const parser = new CsvParser({ separator: ",", columns, timeZone: "UTC" }, 1, 16, 64);
        let rest = Buffer.alloc(0);
        for (let at = 0; at <= bytes.length; at += size) {
          rest = Buffer.concat([rest, Buffer.from(bytes.slice(at, at + size))]);
          rest = rest.subarray(parser.parse(rest, 0, rest.length, rest.length, at + size > bytes.length));
        }
        const part = parser.finish(0);
        expect(part.read).toBe(part.rows + part.rejected);
      }),
      { numRuns: 2000 },
    );
  });

  test("DuckDB reads the same events from a file that is split over threads, quotes with line breaks included", async () => {
    const lines: string[] = ["case,activity,time,note"];
    for (let i = 0; i < 260_000; i++)
      lines.push(
        `c${(i * 7919) % 5003},act ${i % 11},2025-01-0${(i % 9) + 1} 10:${String(i % 60).padStart(2, "0")}:00,${i % 13 === 0 ? `"line one\nc1,fake,2025-01-01,""x"" ${i}"` : `plain text number ${i}`}`,
      );
    const path = file(`${lines.join("\n")}\n`);
    const { log, report } = await readLog(path);
    expect(report).toMatchObject({ read: 260_000, rejected: 0 });
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const rows = await connection.runAndReadAll(
      `select "case", activity, count(*)::int n, min(epoch_ms(time))::double lo, max(epoch_ms(time))::double hi from read_csv($path, header = true, types = {'time': 'timestamp'}) group by all`,
      { path },
    );
    const expected = new Map(
      rows.getRowsJS().map(([c, a, n, lo, hi]) => [`${String(c)}/${String(a)}`, [n, lo, hi]]),
    );
    const seen = new Map<string, [number, number, number]>();
    const caseOf = caseOfEvents(log);
    for (let e = 0; e < log.eventCount; e++) {
      const key = `${nameAt(log.caseIds, caseOf[e])}/${nameAt(log.activities, log.activity[e])}`;
      const [n, lo, hi] = seen.get(key) ?? [0, Infinity, -Infinity];
      seen.set(key, [n + 1, Math.min(lo, log.time[e]), Math.max(hi, log.time[e])]);
    }
    expect(seen).toEqual(expected);
    connection.closeSync();
    instance.closeSync();
  });
});
