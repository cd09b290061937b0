import { DuckDBInstance } from "@duckdb/node-api";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { caseOfEvents, type EventLog } from "../../src/eventlog/event-log.ts";
import { TimeZone } from "../../src/eventlog/time-zone.ts";
import { allNames, nameAt } from "../../src/eventlog/strings.ts";
import { readLog } from "../../src/formats/index.ts";
import type { ReadOptions } from "../../src/formats/format.ts";
import { columnOf } from "../log-of.ts";
import { inputErrorOf, temporaryFiles } from "./temporary-files.ts";

// Each of these once read wrongly, crashed, or never ended.

const { directory, file } = temporaryFiles();
const read = (content: string | Uint8Array, options: ReadOptions = {}) => readLog(file(content), options);
const events = (log: EventLog) => {
  const caseOf = caseOfEvents(log);
  return Array.from(
    { length: log.eventCount },
    (_, e) => `${nameAt(log.caseIds, caseOf[e])} ${nameAt(log.activities, log.activity[e])}`,
  );
};

describe("CSV", () => {
  test("a Windows-1252 heading does not eat the first row's bytes, given or found", async () => {
    const bytes = Buffer.from(
      "Vorgang;Tätigkeit;Zeitstempel\n1001;Prüfen;2025-01-01 10:00\n1001;Ende;2025-01-02 10:00\n",
      "latin1",
    );
    for (const encoding of [undefined, "windows-1252"])
      expect(events((await read(bytes, { encoding })).log)).toEqual(["1001 Prüfen", "1001 Ende"]);
  });
  test("UTF-8 whose sample ends within a character stays UTF-8", async () => {
    const row = "一,活动,2025-01-01 10:00,备注\n";
    for (const pad of ["", "x", "xx", "xxx"]) {
      const text = `案例,activity,time,${pad}注\n${row.repeat(33_000)}`;
      const { log, report } = await read(text, { case: "案例" });
      expect([log.eventCount, report.rejected, nameAt(log.activities, log.activity[0])]).toEqual([
        33_000,
        0,
        "活动",
      ]);
    }
  });
  test("any other encoding that is given is used", async () => {
    const bytes = Buffer.concat([
      Buffer.from("case,activity,time\n1,"),
      Buffer.from([0xd8]),
      Buffer.from("ízení".replace("í", ""), "latin1"),
      Buffer.from(",2025-01-01\n"),
    ]);
    const { log } = await read(bytes, { encoding: "iso-8859-2" });
    expect(nameAt(log.activities, log.activity[0])[0]).toBe("Ř");
  });
  test("a day that no month has is rejected, also right behind one that lends it its number", async () => {
    const { report } = await read(
      "case,activity,time\n1,A,2025-04-01\n1,B,2025-03-33\n1,C,2025-02-01\n1,D,2025-00-65\n",
    );
    expect(report.rejections.map(({ got }) => got)).toEqual(["2025-03-33", "2025-00-65"]);
  });
  test("dates that turn up only behind the sample are asked about as well", async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `${i},A,2025-01-0${(i % 9) + 1}`).join("\n");
    const packed = zipSync({
      "log.csv": strToU8(`case,activity,time\n${rows}\n${"1,B,03/04/2025\n".repeat(500)}`),
    });
    expect((await inputErrorOf(read(packed))).message).toMatch(/day first or month first/);
  });
  test("two stray quotes cost their line, not the rows between them", async () => {
    const { log, report } = await read(
      'case,activity,time,who\n1,"A,2025-01-01,x\n2,"B",2025-01-02,y\n3,C,2025-01-03,z\n',
    );
    expect(events(log)).toEqual(["2 B", "3 C"]);
    expect(report).toMatchObject({ read: 3, kept: 2, rejected: 1 });
  });
  test("old Mac line breaks recover from a stray quote, too", async () => {
    const { log } = await read(
      'case,activity,time\r0,Z,2025-01-01\r0,Y,2025-01-01\r0,X,2025-01-01\r1,"A,2025-01-01\r2,B,2025-01-02\r3,C,2025-01-03\r',
    );
    expect(events(log)).toEqual(["0 Z", "0 Y", "0 X", "2 B", "3 C"]);
  });
  test("a start column with many unreadable values is still the start", async () => {
    const rows = Array.from(
      { length: 60 },
      (_, i) => `${i},A,${i % 3 ? "-" : "2025-01-01 09:00"},2025-01-01 10:00`,
    );
    const { log, report } = await read(`case,activity,start,time\n${rows.join("\n")}\n`);
    expect([log.eventCount, report.emptied]).toEqual([60, 40]);
    expect(log.time[0] - log.start![0]).toBe(3_600_000);
  });
  test("an instant beyond the year 9999 is no time", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `1,A,${1_740_821_415 + i}`).join("\n");
    const { report } = await read(`case,activity,timestamp\n${rows}\n1,C,99999999999999999999\n`);
    expect(report).toMatchObject({ kept: 20, rejected: 1 });
  });
});

test("a time that is one a case is not taken for the time of the steps", async () => {
  const rows = Array.from(
    { length: 60 },
    (_, i) =>
      `${i >> 1},S${i % 2},2025-01-${String(10 + ((i >> 1) % 10))} 12:00,2025-01-0${1 + (i % 2)} 09:00`,
  );
  const path = file(`case,activity,closed_at,sys_updated_at\n${rows.join("\n")}\n`);
  expect((await inputErrorOf(readLog(path))).message).toMatch(
    /"closed_at" has one time a case.*sys_updated_at/,
  );
  expect((await readLog(path, { time: "sys_updated_at" })).log.eventCount).toBe(60);
});

test("zones that change on the half hour", () => {
  const adelaide = new TimeZone("Australia/Adelaide");
  const utc = (hour: number, minute: number) =>
    new Date(adelaide.toUtc(Date.UTC(2025, 9, 5, hour, minute))).toISOString();
  expect([utc(3, 15), utc(3, 45)]).toEqual(["2025-10-04T16:45:00.000Z", "2025-10-04T17:15:00.000Z"]);
});

describe("identifiers longer than a double", () => {
  const long = ["1234567890123456788", "1234567890123456789"];
  test("JSON", async () => {
    const { log } = await read(
      `[${long.map((id) => `{"case": ${id}, "activity": "A", "time": "2025-01-01"}`).join()}]`,
    );
    expect(allNames(log.caseIds)).toEqual(long);
  });
  test("XES", async () => {
    const { log } = await read(
      `<log>${long.map((id) => `<trace><int key="concept:name" value="${id}"/><event><string key="concept:name" value="A"/><date key="time:timestamp" value="2025-01-01T00:00:00Z"/></event></trace>`).join("")}</log>`,
    );
    expect(allNames(log.caseIds)).toEqual(long);
  });
  test("Parquet, whose path is not a pattern", async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const write = (name: string, ids: string[]) =>
      connection.run(
        `copy (select unnest([${ids.join()}]::bigint[]) as "case", 'A' as activity, timestamp '2025-01-01' as time) to '${join(directory, name)}' (format parquet)`,
      );
    await write("log[1].parquet", long);
    await write("log1.parquet", ["7"]);
    connection.closeSync();
    instance.closeSync();
    expect(allNames((await readLog(join(directory, "log[1].parquet"))).log.caseIds)).toEqual(long);
  });
});

describe("OCEL", () => {
  test("attributes cannot take the place of case, activity and time", async () => {
    const log = {
      objectTypes: [],
      eventTypes: [],
      objects: [
        { id: "o1", type: "order" },
        { id: "i1", type: "item" },
      ],
      events: [
        {
          id: "e1",
          type: "place",
          time: "2025-01-01T00:00:00Z",
          attributes: [
            { name: "timestamp", value: "1999-01-01T00:00:00Z" },
            { name: "concept:name", value: "x" },
            { name: "item", value: "gold" },
          ],
          relationships: [
            { objectId: "o1", qualifier: "" },
            { objectId: "i1", qualifier: "" },
          ],
        },
      ],
    };
    const read_ = await read(JSON.stringify(log), { objectType: "order" });
    expect(events(read_.log)).toEqual(["o1 place"]);
    expect(new Date(read_.log.time[0]).getUTCFullYear()).toBe(2025);
    const item = columnOf(read_.log, "item");
    expect((item.kind === "dictionary" || item.kind === "text") && nameAt(item.values, item.codes[0])).toBe(
      "i1",
    );
  });
  test("an object named __proto__ is an object", async () => {
    const { log } = await read(
      '{"ocel:events":{"e":{"ocel:activity":"A","ocel:timestamp":"2025-01-01","ocel:omap":["__proto__"]}},"ocel:objects":{"__proto__":{"ocel:type":"order"}}}',
    );
    expect(allNames(log.caseIds)).toEqual(["__proto__"]);
  });
});

describe("XES", () => {
  const event = (more = "") =>
    `<event><string key="concept:name" value="A"/><date key="time:timestamp" value="2025-01-01T00:00:00Z"/>${more}</event>`;
  test("attributes of a trace may stand behind its events", async () => {
    const { log } = await read(`<log><trace>${event()}<string key="concept:name" value="c1"/></trace></log>`);
    expect(allNames(log.caseIds)).toEqual(["c1"]);
  });
  test("a repeated key keeps every value", async () => {
    const { log } = await read(
      `<log><trace>${event([0, 1, 2].map((i) => `<string key="k" value="v${i}"/>`).join(""))}</trace></log>`,
    );
    expect(log.columns.map(({ name }) => name)).toEqual(["k", "k (2)", "k (3)"]);
  });
  test("entity names of the language are text", async () => {
    const { log } = await read(
      `<log><trace>${event('<string key="k" value="&constructor;&__proto__;"/>')}</trace></log>`,
    );
    const k = columnOf(log, "k");
    expect(k.kind === "dictionary" && nameAt(k.values, k.codes[0])).toBe("&constructor;&__proto__;");
  });
});

describe("JSON", () => {
  test("ten thousand levels are one rejected row", async () => {
    const deep = `{"a":`.repeat(5000) + "1" + "}".repeat(5000);
    const { report } = await read(
      `{"case":"1","activity":"A","time":"2025-01-01"}\n{"case":"2","activity":"A","time":"2025-01-01","x":${deep}}\n`,
    );
    expect(report.kept + report.rejected).toBe(2);
  });
  test("a key with a dot and a nested one are two columns", async () => {
    const { log } = await read('[{"case":"1","activity":"A","time":"2025-01-01","a.b":1,"a":{"b":2}}]');
    expect(log.columns.map(({ name }) => name)).toEqual(["a.b", "a.b (2)"]);
  });
  test("lines in Windows-1252 keep their umlauts", async () => {
    const { log } = await read(
      Buffer.from(
        '{"case":"1","activity":"A","time":"2025-01-01","user":"Müller"}\n{"case":"2","activity":"A","time":"2025-01-01","user":"Möller"}\n',
        "latin1",
      ),
    );
    expect(allNames(log.people)).toEqual(["", "Müller", "Möller"]);
  });
});

describe("other files", () => {
  test("a workbook with bytes behind its end, and one with a cell at the far corner", async () => {
    const sheet = (ref: string) =>
      `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="${ref}" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>`;
    const workbook = (ref: string) =>
      zipSync({
        "[Content_Types].xml": strToU8(
          "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        ),
        "xl/workbook.xml": strToU8(
          '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        ),
        "xl/_rels/workbook.xml.rels": strToU8(
          '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        ),
        "xl/worksheets/sheet1.xml": strToU8(sheet(ref)),
      });
    expect((await inputErrorOf(read(workbook("XFD1048576")))).message).toMatch(
      /spans 1048576 rows and 16384 columns/,
    );
    expect((await inputErrorOf(read(Buffer.concat([workbook("A1"), Buffer.from("\n")])))).message).toMatch(
      /sheet/,
    );
  });
  test("one message nested without end is one rejection; its date must exist", async () => {
    const message = (date: string, body = "x") =>
      `From a\nFrom: a@x\nSubject: s\nDate: ${date}\nMessage-ID: <${date}>\n${body}\n\n`;
    const nested = `Content-Type: multipart/mixed; boundary=b0\n\n${Array.from({ length: 80 }, (_, i) => `--b${i}\nContent-Type: multipart/mixed; boundary=b${i + 1}\n\n`).join("")}`;
    const { report } = await read(
      [
        message("Mon, 6 Jan 2025 10:00:00 +0100", "\nok"),
        message("banana 3", "\nok"),
        message("Mon, 31 Feb 2025 10:00:00 +0100", "\nok"),
        message("Tue, 7 Jan 2025 10:00:00 +0100", nested),
      ].join("\n"),
    );
    expect(report).toMatchObject({ read: 4, kept: 1, rejected: 3 });
  });
  test("XML in UTF-16, a PDF and a packed Parquet file say what to do", async () => {
    expect((await inputErrorOf(read(Buffer.from("\uFEFF<log/>", "utf16le")))).message).toMatch(
      /UTF-16. Save it as UTF-8/,
    );
    expect((await inputErrorOf(read("%PDF-1.7\n"))).message).toMatch(/is a PDF/);
    writeFileSync(join(directory, "p.zip"), zipSync({ "x.parquet": strToU8("PAR1xxxxPAR1") }));
    expect((await inputErrorOf(readLog(join(directory, "p.zip")))).message).toMatch(/Unpack it/);
  });
});
