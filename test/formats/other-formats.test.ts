import { DuckDBInstance } from "@duckdb/node-api";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import type { EventLog } from "../../src/eventlog/event-log.ts";
import { nameAt } from "../../src/eventlog/strings.ts";
import { readLog } from "../../src/formats/index.ts";
import { shared, whySkipped } from "../shared.ts";
import { inputErrorOf, temporaryFiles } from "./temporary-files.ts";

const { directory, file } = temporaryFiles();
const stories = (log: EventLog) =>
  Array.from({ length: log.caseCount }, (_, c) =>
    [
      nameAt(log.caseIds, c),
      ...Array.from({ length: log.caseStart[c + 1] - log.caseStart[c] }, (_, i) =>
        nameAt(log.activities, log.activity[log.caseStart[c] + i]),
      ),
    ].join(" "),
  );

describe("JSON", () => {
  const rows = [
    {
      case: "1",
      activity: "A",
      time: "2025-01-31T09:30:00Z",
      amount: 12.5,
      who: { name: "ana", tags: ["x", "y"] },
    },
    { case: 2, activity: "B", time: "2025-01-31T10:30:00Z" },
  ];
  test.each([
    ["an array", JSON.stringify(rows)],
    ["a list under a key", JSON.stringify({ version: 1, events: rows })],
    ["lines", rows.map((row) => JSON.stringify(row)).join("\n")],
  ])("%s", async (_, text) => {
    const { log } = await readLog(file(text));
    expect(stories(log)).toEqual(["1 A", "2 B"]);
    expect(log.columns.map(({ name }) => name)).toEqual(["amount", "who.name", "who.tags"]);
  });
  test("lines that are no object are rejected with their number", async () => {
    const { report } = await readLog(
      file(`${JSON.stringify(rows[0])}\n{broken\n[1]\n${JSON.stringify(rows[1])}\n`),
    );
    expect(report).toMatchObject({ read: 4, kept: 2, rejected: 2 });
    expect(report.rejections.map(({ at }) => at)).toEqual([2, 3]);
  });
  test("damaged JSON says where", async () => {
    expect((await inputErrorOf(readLog(file('[{"case": 1},\n{"case": }]')))).message).toMatch(
      /line 2: the JSON is damaged/,
    );
  });
  test("a key named __proto__ is a column and nothing else", async () => {
    const { log } = await readLog(
      file('[{"case":"1","activity":"A","time":"2025-01-31","__proto__":{"polluted":"yes"}}]'),
    );
    expect(log.columns.map(({ name }) => name)).toEqual(["__proto__.polluted"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("Parquet", () => {
  test("keeps kinds: text, number, decimal, date, timestamps with and without zone, nested", async () => {
    const path = join(directory, "x.parquet");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(
      `copy (select 'c1' as "case", 'A' as activity, timestamptz '2025-01-31 09:30:00+01' as time, 1.25::decimal(9,2) as amount, date '2025-02-01' as due, [1,2] as list, null::varchar as gone, timestamp '2025-01-31 09:30:00.5' as local)
       to '${path}' (format parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    const { log } = await readLog(path);
    expect(new Date(log.time[0]).toISOString()).toBe("2025-01-31T08:30:00.000Z");
    expect(log.columns.map(({ name, kind, missing }) => `${name} ${kind} ${missing}`)).toEqual([
      "amount number 0",
      "due time 0",
      "list dictionary 0",
      "gone dictionary 1",
      "local time 0",
    ]);
  });
  test("a damaged file is an error of the file", async () => {
    expect((await inputErrorOf(readLog(file("PAR1 nothing else PAR1")))).message).toMatch(
      /Parquet file cannot be read/,
    );
  });
});

describe("XLSX", () => {
  const sheet = (rows: string[][]) =>
    `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows
      .map(
        (cells, r) =>
          `<row r="${r + 1}">${cells.map((cell, c) => `<c r="${String.fromCharCode(65 + c)}${r + 1}" t="inlineStr"><is><t>${cell}</t></is></c>`).join("")}</row>`,
      )
      .join("")}</sheetData></worksheet>`;
  const workbook = (sheets: Record<string, string[][]>) => {
    const names = Object.keys(sheets);
    const parts: Record<string, string> = {
      "[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
      "_rels/.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      "xl/workbook.xml": `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>${names.map((n, i) => `<sheet name="${n}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join("")}</sheets></workbook>`,
      "xl/_rels/workbook.xml.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${names.map((_, i) => `<Relationship Id="rId${i + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join("")}</Relationships>`,
    };
    names.forEach((n, i) => (parts[`xl/worksheets/sheet${i + 1}.xml`] = sheet(sheets[n])));
    return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
  };
  const rows = [
    ["case", "activity", "time"],
    ["1", "A", "2025-01-31 09:30"],
    ["1", "B", "not a time"],
  ];

  test("reads the only sheet with data, also below a title", async () => {
    const { log, report } = await readLog(file(workbook({ Notes: [["hello"]], Log: [["My log"], ...rows] })));
    expect(stories(log)).toEqual(["1 A"]);
    expect(report).toMatchObject({ read: 2, kept: 1, rejected: 1 });
    expect(report.rejections[0]).toMatchObject({ at: 4, unit: "row", column: "time", got: "not a time" });
  });
  test("several sheets with data are asked about; a wrong name gets the likely one", async () => {
    const path = file(workbook({ Log: rows, Other: rows }));
    expect((await inputErrorOf(readLog(path))).message).toMatch(/several sheets: Log \(3 rows\), Other/);
    expect((await inputErrorOf(readLog(path, { sheet: "Lug" }))).message).toMatch(/Did you mean "Log"/);
    expect(stories((await readLog(path, { sheet: "2" })).log)).toEqual(["1 A"]);
  });
  test("a damaged workbook is an error of the file", async () => {
    const bytes = workbook({ Log: rows });
    bytes.fill(0, 200, 600);
    await inputErrorOf(readLog(file(bytes)));
  });
});

describe("OCEL", () => {
  const version1 = {
    "ocel:global-log": {},
    "ocel:events": {
      e1: {
        "ocel:activity": "place",
        "ocel:timestamp": "2025-01-31T09:30:00Z",
        "ocel:omap": ["o1", "i1", "i2"],
        "ocel:vmap": { resource: "ana" },
      },
      e2: {
        "ocel:activity": "pay",
        "ocel:timestamp": "2025-02-01T09:30:00Z",
        "ocel:omap": ["o1"],
        "ocel:vmap": {},
      },
    },
    "ocel:objects": {
      o1: { "ocel:type": "order", "ocel:ovmap": { price: 5 } },
      i1: { "ocel:type": "item", "ocel:ovmap": {} },
      i2: { "ocel:type": "item", "ocel:ovmap": {} },
    },
  };

  test("1.0 JSON flattened by the type that is picked, objects kept as records", async () => {
    const path = file(JSON.stringify(version1));
    expect((await inputErrorOf(readLog(path))).message).toMatch(
      /--object-type\uFDD5\. Types: order \(1\), item \(2\)/,
    );
    const orders = await readLog(path, { objectType: "order" });
    expect(stories(orders.log)).toEqual(["o1 place pay"]);
    expect(nameAt(orders.log.people, orders.log.person![0])).toBe("ana");
    expect(orders.records).toEqual([
      { name: "order", columns: ["id", "price"], rows: [["o1", 5]] },
      { name: "item", columns: ["id"], rows: [["i1"], ["i2"]] },
    ]);
    const items = await readLog(path, { objectType: "item" });
    expect(stories(items.log)).toEqual(["i1 place", "i2 place"]);
    expect(items.report.notes.join(" ")).toMatch(/1 events belong to several item objects/);
  });

  test.skipIf(!shared)(`the three 2.0 formats of one log agree${whySkipped}`, async () => {
    const read = async (ending: string) => {
      const { log, records, report } = await readLog(`${shared}/data/logs/ocel20_example.${ending}`, {
        objectType: "Purchase Order",
      });
      return {
        stories: stories(log),
        records: records.map(({ name, rows }) => `${name} ${rows.length}`).sort(),
        kept: report.kept,
      };
    };
    const json = await read("jsonocel");
    expect(json.stories).toEqual(
      [
        "PO1 Create Purchase Order Change PO Quantity Insert Invoice Insert Invoice",
        "PO2 Create Purchase Order",
      ].map((s) => expect.stringContaining(s.split(" ")[0])),
    );
    expect(await read("xmlocel")).toEqual(json);
    expect(await read("sqlite")).toEqual(json);
  });

  test.skipIf(!shared)(
    `a really damaged SQLite file is read as far as it goes, and says so${whySkipped}`,
    async () => {
      const { log, report } = await readLog(`${shared}/data/logs/ocel2_running-example.sqlite`, {
        objectType: "items",
      });
      expect(log.caseCount).toBe(7670);
      expect(report.notes.join(" ")).toMatch(/of which the file holds no event: .*package delivered/);
    },
  );

  test("SQLite that is no OCEL says what is missing", async () => {
    const path = join(directory, "other.sqlite");
    const database = new DatabaseSync(path);
    database.exec("create table t (a)");
    database.close();
    expect((await inputErrorOf(readLog(path))).message).toMatch(/it has no table "event"/);
  });

  test("a shape that is not the standard's is named", async () => {
    expect(
      (await inputErrorOf(readLog(file('{"objectTypes": [], "events": 7, "objects": []}')))).message,
    ).toMatch(/not OCEL as the standard has it: events/);
  });
});

describe("mail", () => {
  const message = (headers: Record<string, string>, body = "text") =>
    `${Object.entries(headers)
      .map(([k, v]) => `${k}: ${v}`)
      .join("\r\n")}\r\n\r\n${body}\r\n`;
  const first = message(
    {
      From: "Ana <ana@x.example>",
      To: "ben@x.example",
      Subject: "Invoice 7",
      Date: "Mon, 6 Jan 2025 10:00:00 +0100",
      "Message-ID": "<a@x>",
    },
    "hello\r\n>From here quoted",
  );
  const reply = message(
    {
      From: "ben@x.example",
      To: "ana@x.example",
      Cc: "kai@x.example",
      Subject: "Re: Invoice 7",
      Date: "Mon, 6 Jan 2025 11:00:00 +0100",
      "Message-ID": "<b@x>",
      "In-Reply-To": "<a@x>",
      "MIME-Version": "1.0",
      "Content-Type": "multipart/mixed; boundary=q",
    },
    '--q\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="inv.pdf"\r\n\r\nx\r\n--q--',
  );
  const lost = message({
    From: "ana@x.example",
    To: "ben@x.example",
    Subject: "AW: Invoice 7",
    Date: "Tue, 7 Jan 2025 09:00:00 +0100",
    "Message-ID": "<c@x>",
  });
  const other = message({
    From: "zoe@x.example",
    To: "ben@x.example",
    Subject: "Lunch",
    Date: "Tue, 7 Jan 2025 09:00:00 +0100",
    "Message-ID": "<d@x>",
  });
  const timeless = message({ From: "zoe@x.example", Subject: "Never" });
  const mbox = (...messages: string[]) =>
    messages.map((m) => `From x@y Mon Jan  6 10:00:00 2025\r\n${m}\r\n`).join("");

  test("a thread is a case, a message an event, attachments are named", async () => {
    const { log, report } = await readLog(file(mbox(first, reply, lost, other, timeless)));
    expect(stories(log)).toEqual(["a@x Message Reply Reply", "d@x Message"]);
    expect(nameAt(log.people, log.person![1])).toBe("ben@x.example");
    expect(report).toMatchObject({ read: 5, kept: 4, rejected: 1 });
    expect(report.rejections[0]).toMatchObject({ at: 5, unit: "message", expected: "a date (Date)" });
    const attachments = log.columns.find(({ name }) => name === "attachments")!;
    expect(attachments.kind === "dictionary" && nameAt(attachments.values, attachments.codes[1])).toBe(
      "inv.pdf",
    );
  });
  test("replies that refer to each other in a ring are one thread", async () => {
    const ring = (id: string, to: string) =>
      message({
        From: "a@x",
        Subject: "x",
        Date: "Mon, 6 Jan 2025 10:00:00 +0100",
        "Message-ID": id,
        "In-Reply-To": to,
      });
    const { log } = await readLog(file(mbox(ring("<1@x>", "<2@x>"), ring("<2@x>", "<1@x>"))));
    expect(log.caseCount).toBe(1);
  });
  test("a single EML", async () => {
    expect(stories((await readLog(file(first))).log)).toEqual(["a@x Message"]);
  });
});
