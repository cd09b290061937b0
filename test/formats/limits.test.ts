import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { didYouMean } from "../../src/input-error.ts";
import { allNames, nameAt } from "../../src/eventlog/strings.ts";
import { readLog } from "../../src/formats/index.ts";
import { readRecords } from "../../src/formats/records.ts";
import { uniqueNames } from "../../src/formats/csv/csv-dialect.ts";
import { parseWritten } from "../../src/formats/values/parse-number.ts";
import { TimeParser } from "../../src/formats/values/parse-time.ts";
import { UTC } from "../../src/eventlog/time-zone.ts";
import { inputErrorOf, temporaryFiles } from "./temporary-files.ts";

const { directory, file } = temporaryFiles();
const given = (name: string) => join(import.meta.dirname, "hardening", name);
const codeOf = async (path: string, options = {}) => (await inputErrorOf(readLog(path, options))).code;

const LARGE = "x".repeat(1_100_000);
const wideKeys = (rows: number, each: number) =>
  Array.from({ length: rows }, (_, r) =>
    JSON.stringify({
      case: "1",
      activity: "A",
      time: "2025-01-01T00:00:00Z",
      ...Object.fromEntries(Array.from({ length: each }, (_, k) => [`k${r}_${k}`, 1])),
    }),
  );

describe("the cases that took the program down", () => {
  test("a generated column of 400 MB cells: refused before such a cell is made", async () => {
    const error = await inputErrorOf(readLog(given("gen400.sqlite")));
    expect(error.code).toBe("cell-too-large");
    expect(error.message).toMatch(/a cell of .* is larger than 1 MiB/);
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(200 << 20);
  });
  test("4,000 rows with 50 keys of their own", async () => {
    expect(await codeOf(file(gzipSync(wideKeys(4000, 50).join("\n"))))).toBe("too-many-columns");
  });
  test("cells of 20 MB in a Parquet file of 2.5 kB: said from what the file says of itself", async () => {
    expect(await codeOf(given("big.parquet"))).toBe("cell-too-large");
  });
  test("a text that stands in a Parquet file once and in every row is refused before the rows are held", async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const path = join(directory, "dictionary.parquet");
    await connection.run(
      `copy (select '1' as "case", 'A' as activity, '2025-03-01' as time, repeat('a', 100000) as x from range(20000)) to '${path}' (format parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    expect(statSync(path).size).toBeLessThan(200_000);
    expect(await codeOf(path)).toBe("unpacks-too-large");
  });
  test("a cell far away, written with other quotes", async () => {
    expect((await inputErrorOf(readLog(given("quote2.xlsx")))).message).toMatch(
      /spans 100000 rows and 16384 columns/,
    );
  });
  test("a comment full of beginnings of cells is one comment", async () => {
    expect(await codeOf(given("redos.xlsx"))).toBe("no-rows");
  });
});

describe("a large cell in other formats", () => {
  test("CSV: the row is rejected with line and column, the others are kept", async () => {
    const path = file(
      `case,activity,time,note\n1,A,2025-01-01,x\n1,B,2025-01-02,"${LARGE}"\n1,C,2025-01-03,y\n`,
    );
    const { report } = await readLog(path);
    expect(report).toMatchObject({ read: 3, kept: 2, rejected: 1 });
    expect(report.rejections[0]).toMatchObject({
      at: 3,
      column: "note",
      expected: "a cell of at most 1048576 bytes",
    });
  });
  test("JSON, JSON lines", async () => {
    const row = { case: "1", activity: "A", time: "2025-01-01", note: LARGE };
    expect(await codeOf(file(JSON.stringify([row, row])))).toBe("cell-too-large");
    expect(await codeOf(file(`${JSON.stringify({ ...row, note: "" })}\n${JSON.stringify(row)}\n`))).toBe(
      "cell-too-large",
    );
    expect(await codeOf(file(JSON.stringify([{ ...row, note: [[LARGE]] }])))).toBe("cell-too-large");
  });
  test("XES: an attribute of an event and of a trace", async () => {
    const log = (trace: string, event: string) =>
      `<log><trace><string key="concept:name" value="1"/>${trace}<event><string key="concept:name" value="A"/><date key="time:timestamp" value="2025-01-01T00:00:00Z"/>${event}</event></trace></log>`;
    const note = `<string key="note" value="${LARGE}"/>`;
    expect(await codeOf(file(log("", note)))).toBe("cell-too-large");
    expect(await codeOf(file(log(note, "")))).toBe("cell-too-large");
  });
  test("OCEL in JSON and XML, of an object that stands in no event, too", async () => {
    const ocel = (eventNote: string, objectNote: string) => ({
      eventTypes: [],
      objectTypes: [],
      events: [
        {
          id: "e",
          type: "A",
          time: "2025-01-01T00:00:00Z",
          attributes: [{ name: "note", value: eventNote }],
          relationships: [{ objectId: "o", qualifier: "" }],
        },
      ],
      objects: [{ id: "o", type: "order", attributes: [{ name: "note", value: objectNote }] }],
    });
    expect(await codeOf(file(JSON.stringify(ocel(LARGE, ""))))).toBe("cell-too-large");
    expect(await codeOf(file(JSON.stringify(ocel("", LARGE))))).toBe("cell-too-large");
    expect(
      await codeOf(
        file(
          `<log><object-types/><objects><object id="o" type="order"><attributes><attribute name="note">${LARGE}</attribute></attributes></object></objects></log>`,
        ),
      ),
    ).toBe("cell-too-large");
  });
  test("SQLite: a text, a blob, and small ones that are many", async () => {
    const base = (name: string, more: string) => {
      const path = join(directory, name);
      const database = new DatabaseSync(path);
      database.exec(
        `create table event_map_type(ocel_type text, ocel_type_map text); create table object_map_type(ocel_type text, ocel_type_map text);
         create table object(ocel_id text, ocel_type text); create table event_object(ocel_event_id text, ocel_object_id text, ocel_qualifier text);
         create table event(ocel_id text, ocel_type text); insert into event_map_type values ('a','a'); insert into object values ('o','o');
         insert into event values ('e','a'); insert into event_object values ('e','o',''); ${more}`,
      );
      database.close();
      return path;
    };
    const cell = (expression: string) =>
      `create table event_a(ocel_id text, ocel_time text, note); insert into event_a select 'e', '2025-01-01', ${expression}`;
    expect(await codeOf(base("text.sqlite", cell("printf('%.*c', 2000000, 'x')")))).toBe("cell-too-large");
    expect(await codeOf(base("blob.sqlite", cell("zeroblob(2000000)")))).toBe("cell-too-large");
    const many = `create table event_a(ocel_id text, ocel_time text, note generated always as (hex(zeroblob(400000))));
      insert into event_a(ocel_id, ocel_time) with recursive n(i) as (values(1) union all select i + 1 from n where i < 1000) select 'e', '2025-01-01' from n`;
    expect(await codeOf(base("many.sqlite", many))).toBe("unpacks-too-large");
    const endless = `create view event_a as with recursive n(i) as (values(1) union all select i + 1 from n) select 'e' as ocel_id, '2025-01-01' as ocel_time, i from n`;
    // a view is no table: the event has no row, so no time
    const { report } = await readLog(base("view.sqlite", endless)).catch(() => ({ report: undefined }));
    expect(report).toBeUndefined();
  });
  test("Parquet: repeated by a dictionary, and a file of far more rows than it has bytes", async () => {
    const database = await DuckDBInstance.create(":memory:");
    const connection = await database.connect();
    const write = async (name: string, select: string) => {
      await connection.run(
        `copy (${select}) to '${join(directory, name)}' (format parquet, compression zstd)`,
      );
      return join(directory, name);
    };
    const rest = "'1' as \"case\", 'A' as activity, timestamp '2025-01-01' as time";
    const one = await write(
      "one.parquet",
      `select ${rest}, case when i = 5 then repeat('x', 3000000) else 'y' end as note from range(5000) t(i)`,
    );
    expect(await codeOf(one)).toBe("cell-too-large");
    const many = await write(
      "many.parquet",
      `select ${rest}, repeat('x', 900000) as note from range(2000) t(i)`,
    );
    expect(await codeOf(many)).toBe("unpacks-too-large");
    const rows = await write("rows.parquet", `select ${rest} from range(20000000) t(i)`);
    expect(await codeOf(rows)).toBe("unpacks-too-large");
    connection.closeSync();
  });
  test("mail: an endless subject is cut, and costs no square of its length", async () => {
    const subject = `re${" ".repeat(1_000_000)}x`;
    const path = file(
      `From: a@x\nTo: b@x\nDate: Sat, 01 Mar 2025 09:30:00 +0100\nSubject: ${subject}\n\nhello\n`,
    );
    const began = performance.now();
    await readLog(path).catch(() => {});
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});

describe("columns × rows in other formats", () => {
  const names = Array.from({ length: 12_000 }, (_, k) => `column${k}`);

  test("CSV, also packed: 12,000 columns; and a table of separators", async () => {
    const head = ["case", "activity", "time", ...names].join(",");
    const path = file(`${head}\n1,A,2025-01-01${",".repeat(names.length)}\n`);
    expect(await codeOf(path)).toBe("too-many-columns");
    const wide = ["case", "activity", "time", ...names.slice(0, 2000)].join(",");
    const row = `1,A,2025-01-01${",".repeat(2000)}\n`;
    expect(await codeOf(file(gzipSync(`${wide}\n${row.repeat(40_000)}`)))).toBe("too-many-cells");
  });
  test("JSON lines that are nearly empty, though their columns are few enough", async () => {
    const rows = Array.from({ length: 30_000 }, (_, r) =>
      JSON.stringify({ case: "1", activity: "A", time: "2025-01-01T00:00:00Z", [`k${r % 4000}`]: 1 }),
    );
    expect(await codeOf(file(rows.join("\n")))).toBe("too-many-cells");
  });
  test("XES: keys of events of their own; one key again and again", async () => {
    const log = (attributes: string) =>
      `<log><trace><string key="concept:name" value="1"/><event><string key="concept:name" value="A"/><date key="time:timestamp" value="2025-01-01T00:00:00Z"/>${attributes}</event></trace></log>`;
    expect(await codeOf(file(log(names.map((n) => `<int key="${n}" value="1"/>`).join(""))))).toBe(
      "too-many-columns",
    );
    expect(await codeOf(file(log(`<int key="a" value="1"/>`.repeat(12_000))))).toBe("too-many-columns");
  });
  test("OCEL: attributes of objects, and one event of very many cases", async () => {
    const objects = (n: number, attributes: (i: number) => object[]) =>
      Array.from({ length: n }, (_, i) => ({ id: `o${i}`, type: "order", attributes: attributes(i) }));
    const event = (n: number, attributes: object[]) => ({
      id: "e",
      type: "A",
      time: "2025-01-01T00:00:00Z",
      attributes,
      relationships: Array.from({ length: n }, (_, i) => ({ objectId: `o${i}`, qualifier: "" })),
    });
    const head = { eventTypes: [], objectTypes: [] };
    const wide = objects(300, (i) =>
      Array.from({ length: 50 }, (_, k) => ({ name: `k${i}_${k}`, value: 1 })),
    );
    expect(await codeOf(file(JSON.stringify({ ...head, events: [event(300, [])], objects: wide })))).toBe(
      "too-many-columns",
    );
    const attributes = names.slice(0, 2000).map((name) => ({ name, value: 1 }));
    expect(
      await codeOf(
        file(
          JSON.stringify({
            ...head,
            events: [event(30_000, attributes)],
            objects: objects(30_000, () => []),
          }),
        ),
      ),
    ).toBe("unpacks-too-large");
  });
  test("a JSON text that nests a million levels, or holds nothing but commas, is an error of the file", async () => {
    await inputErrorOf(readLog(file("[".repeat(1_000_000))));
    await inputErrorOf(readLog(file(`[${"[],".repeat(20_000_000)}[]]`)));
    const { report } = await readLog(
      file(
        `{"case":"1","activity":"A","time":"2025-01-01T00:00:00Z"}\n{"case":"1","activity":"B","time":"2025-01-02T00:00:00Z","deep":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}\n`,
      ),
    );
    expect(report.read).toBe(2);
  });
});

describe("workbooks", () => {
  const relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const book = (
    sheets: string[],
    {
      strings = "",
      styles = "",
      workbook = "",
    }: { strings?: string; styles?: string; workbook?: string } = {},
  ) =>
    zipSync(
      Object.fromEntries(
        Object.entries({
          "[Content_Types].xml": "<Types/>",
          "xl/workbook.xml": `<x:workbook xmlns:x="m" xmlns:r='${relation}'>${workbook}<x:sheets>${sheets.map((_, i) => `<x:sheet name = 'S${i + 1}' sheetId="${i + 1}" r:id='r${i + 1}'/>`).join("")}</x:sheets></x:workbook>`,
          "xl/_rels/workbook.xml.rels": `<Relationships>${sheets.map((_, i) => `<Relationship Id="r${i + 1}" Type="${relation}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join("")}<Relationship Id="s" Type="${relation}/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="t" Type="${relation}/styles" Target="styles.xml"/></Relationships>`,
          "xl/sharedStrings.xml": `<sst>${strings}</sst>`,
          "xl/styles.xml": `<styleSheet>${styles}</styleSheet>`,
          ...Object.fromEntries(sheets.map((xml, i) => [`xl/worksheets/sheet${i + 1}.xml`, xml])),
        }).map(([name, text]) => [name, strToU8(text)]),
      ),
    );
  const headings =
    '<row r="1"><c r="A1" t="inlineStr"><is><t>case</t></is></c><c r="B1" t="inlineStr"><is><t>activity</t></is></c><c r="C1" t="inlineStr"><is><t>time</t></is></c></row>';

  test("the limit of cells holds however the XML is written", async () => {
    for (const far of [
      "<row r='90000'><c r='XFD90000'><v>1</v></c></row>",
      '<x:row xmlns:x="m"  r = "90000" ><x:c\n r\t=\n\'XFD90000\'\n><x:v>1</x:v></x:c></x:row>',
      '<row r="&#57;0000"><c r="XFD&#57;0000"><v>1</v></c></row>',
      // without a row's number, and cells that say nothing
      '<row><c r="XFD90000"/></row>',
    ])
      expect(
        await codeOf(file(book([`<worksheet><sheetData>${headings}${far}</sheetData></worksheet>`]))),
      ).toBe("too-large");
    for (const row of ["99999999999", "1e9", "-1", "2000000"])
      expect(
        await codeOf(
          file(
            book([
              `<worksheet><sheetData>${headings}<row r="${row}"><c><v>1</v></c></row></sheetData></worksheet>`,
            ]),
          ),
        ),
      ).toBe("xlsx-damaged");
  });
  test("sheets count together, and the same sheet under many names as often as it is read", async () => {
    const wide = `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2000"><c r="ABC2000"><v>1</v></c></row></sheetData></worksheet>`;
    expect(await codeOf(file(book(Array.from({ length: 40 }, () => wide))))).toBe("too-large");
  });
  test("a large shared text, a large inline text, and a part that unpacks without end", async () => {
    const sheet = (cell: string) =>
      `<worksheet><sheetData>${headings}<row r="2">${cell}</row></sheetData></worksheet>`;
    const shared = book([sheet('<c r="A2" t="s"><v>0</v></c>')], { strings: `<si><t>${LARGE}</t></si>` });
    expect(await codeOf(file(shared))).toBe("cell-too-large");
    expect(await codeOf(file(book([sheet(`<c r="A2" t="inlineStr"><is><t>${LARGE}</t></is></c>`)])))).toBe(
      "cell-too-large",
    );
  });
  test("numbers in formats of dates, shared texts in pieces, text without characters of XML, other kinds of cells", async () => {
    const cell = (r: string, t: string, v: string, s = "") => `<c r="${r}" t="${t}"${s}><v>${v}</v></c>`;
    const row = (n: number, more: string) =>
      `<row r="${n}">${cell(`A${n}`, "s", "0")}<c r="B${n}" t="inlineStr"><is><r><t>Pay </t></r><r><t>it</t></r><rPh><t>no</t></rPh></is></c>${more}</row>`;
    const bytes = book(
      [
        `<worksheet><sheetData>${headings.replace("</row>", '<c r="D1" t="str"><v>paid</v></c><c r="F1" t="str"><v>note</v></c></row>')}${row(2, `<c r="C2" s="1"><v>45658.5</v></c>${cell("D2", "b", "1")}${cell("E2", "e", "#REF!")}${cell("F2", "s", "1")}`)}${row(4, `<c r="C4" s="2"><v>45659</v></c>${cell("D4", "b", "0")}`)}</sheetData></worksheet>`,
      ],
      {
        strings:
          "<si><t>case 1</t></si><si><r><t>a_x0041_</t></r><r><t> &amp; b</t></r><rPh><t>x</t></rPh></si>",
        styles:
          '<numFmts><numFmt numFmtId="170" formatCode="[$-407]dd/mm/yyyy\\ hh:mm;@"/></numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="14"/></cellXfs>',
      },
    );
    const { log, report } = await readLog(file(bytes));
    expect(report).toMatchObject({ kept: 2, rejected: 0 });
    expect(allNames(log.activities)).toEqual(["Pay it"]);
    expect(allNames(log.caseIds)).toEqual(["case 1"]);
    expect(Array.from(log.time, (time) => new Date(time).toISOString())).toEqual([
      "2025-01-01T12:00:00.000Z",
      "2025-01-02T00:00:00.000Z",
    ]);
    const first = log.columns.map((column) => [
      column.name,
      column.kind === "dictionary" ? nameAt(column.values, column.codes[0]) : column.kind,
    ]);
    expect(Object.fromEntries(first)).toMatchObject({ paid: "true", note: "aA & b" });
  });
  test("days of 1904", async () => {
    const sheet = `<worksheet><sheetData>${headings}<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="str"><v>A</v></c><c r="C2" s="0"><v>44196</v></c></row></sheetData></worksheet>`;
    const bytes = book([sheet], {
      styles: '<cellXfs><xf numFmtId="22"/></cellXfs>',
      workbook: '<x:workbookPr date1904="1"/>',
    });
    const { log } = await readLog(file(bytes));
    expect(new Date(log.time[0]).toISOString()).toBe("2025-01-01T00:00:00.000Z");
  });
});

describe("work grows with the length of a text, not with its square", () => {
  /**
   * Time for a text and for one of eight times its length: a linear scan takes about eight times as long, a
   * quadratic one sixty-four.
   */
  function growth(work: (n: number) => void): number {
    work(20_000); // compiled
    const timed = (n: number) => {
      const began = performance.now();
      work(n);
      return performance.now() - began;
    };
    const small = timed(50_000);
    return timed(400_000) / Math.max(small, 0.5);
  }

  test.each<[string, (n: number) => void]>([
    ["a number behind blanks", (n) => parseWritten(`1${" ".repeat(n)}x`, { decimal: ".", thousands: "," })],
    [
      "a time behind blanks",
      (n) => new TimeParser("dmy", UTC).parseString(`2025-01-01T09:30${" ".repeat(n)}x`),
    ],
    [
      "a time behind brackets",
      (n) => new TimeParser("dmy", UTC).parseString(`2025-01-01T09:30 ${"(".repeat(n)}`),
    ],
    ["names alike", (n) => uniqueNames(Array.from({ length: n / 10 }, () => "name"))],
    ["a word unlike the others", (n) => didYouMean("word", ["x".repeat(n)])],
  ])("%s", (_, work) => {
    expect(growth(work)).toBeLessThan(30);
  });
});

test("records keep to the same limits", async () => {
  const path = file(JSON.stringify([{ id: 1, note: LARGE }, { id: 2 }]));
  expect((await inputErrorOf(readRecords(path, "invoices", undefined))).code).toBe("cell-too-large");
});
