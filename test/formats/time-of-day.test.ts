import { DuckDBInstance } from "@duckdb/node-api";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventLog } from "../../src/eventlog/event-log.ts";
import { nameAt } from "../../src/eventlog/strings.ts";
import { CsvParser } from "../../src/formats/csv/csv-parser.ts";
import { readLog } from "../../src/formats/index.ts";
import { previewLog } from "../../src/formats/preview.ts";
import { readRecords } from "../../src/formats/records.ts";
import type { ReadOptions } from "../../src/formats/format.ts";
import { timesOfDayIn, TimeOfDayParser } from "../../src/formats/values/parse-time-of-day.ts";
import { inputErrorOf, temporaryFiles } from "./temporary-files.ts";

const { directory, file } = temporaryFiles();
const read = (text: string, options: ReadOptions = {}) => readLog(file(text), options);
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 19);
const times = (log: EventLog) => Array.from(log.time, iso);
const begins = (log: EventLog) => Array.from(log.start ?? [], iso);

/** A table as text: headings, then rows; cells are split by a bar. */
const csv = (...rows: string[]) => rows.map((row) => row.replaceAll("|", ";")).join("\n") + "\n";

/** A log of one case whose rows are dates and times of day as they are written. */
const log = (headings: string, ...rows: string[]) =>
  csv(`case|activity|${headings}`, ...rows.map((row, i) => `c${1 + Math.floor(i / 2)}|A${i % 2}|${row}`));

describe("a column of dates and one of times of day are joined", () => {
  test.each([
    ["a change document of SAP", "UDATE|UTIME", ["20250102|80000", "20250102|161530", "20250103|0"]],
    ["leading zeros kept", "CPUDT|CPUTM", ["20250102|080000", "20250102|161530", "20250103|000000"]],
    ["German", "Datum|Uhrzeit", ["02.01.2025|08:00", "02.01.2025|16:15:30", "03.01.2025|0:00"]],
    [
      "German words",
      "Buchungsdatum|Buchungszeit",
      ["02.01.2025|8 Uhr 00", "02.01.2025|16.15.30", "03.01.2025|0 Uhr"],
    ],
    ["English", "Date|Time", ["2025-01-02|8:00 AM", "2025-01-02|4:15:30 PM", "2025-01-03|12:00 AM"]],
    ["Spanish", "Fecha|Hora", ["31/01/2025|08:00", "31/01/2025|16:15:30", "01/02/2025|00:00"]],
    ["Italian", "Data|Ora", ["2025-01-02|08.00", "2025-01-02|16.15.30", "2025-01-03|00.00"]],
    ["French", "Date|Heure", ["02 janvier 2025|08h00", "02 janvier 2025|16h15m30", "03 janvier 2025|0h00"]],
    [
      "Access",
      "Date|Time",
      [
        "2025-01-02 00:00:00|1899-12-30 08:00:00",
        "2025-01-02 00:00:00|1899-12-30 16:15:30",
        "2025-01-03 00:00:00|1899-12-30 00:00:00",
      ],
    ],
    ["parts of a day", "Date|Time", ["2025-01-02|0.3333333333", "2025-01-02|0.6774305556", "2025-01-03|0"]],
    ["gaps written by pandas", "date|time", ["20250102|80000.0", "20250102|161530.0", "20250103|0.0"]],
    ["no seconds", "Date|Time", ["2025-01-02|0800", "2025-01-02|1615", "2025-01-03|0000"]],
    ["other script", "日期|时间", ["2025-01-02|08:00", "2025-01-02|16:15:30", "2025-01-03|00:00"]],
    ["OData", "Date|Time", ["2025-01-02|PT08H00M00S", "2025-01-02|PT16H15M30S", "2025-01-03|PT00H00M00S"]],
  ])("%s", async (_, headings, rows) => {
    const { log: found, report } = await read(log(headings, ...rows), { dateOrder: "dmy" });
    const [date, clock] = headings.split("|");
    const first = date === "Fecha" ? "2025-01-31" : "2025-01-02";
    const second =
      rows[1].includes(":30") || /30|16[.h]15/.test(rows[1]) || rows[1].includes("0.677") ? "30" : "00";
    expect(times(found)).toEqual([
      `${first}T08:00:00`,
      `${first}T16:15:${second}`,
      `${date === "Fecha" ? "2025-02-01" : "2025-01-03"}T00:00:00`,
    ]);
    expect(report.notes).toContain(`Times are "${date}" and "${clock}" joined.`);
    expect(report.recognised).toContainEqual({
      role: "time-of-day",
      column: clock,
      how: expect.any(String) as string,
    });
    expect(report.notes.join()).not.toMatch(/order of events within a day/);
  });

  test.each([
    ["English", "Start Date|Start Time|End Date|End Time", "2025-01-02|08:00|2025-01-02|09:30"],
    ["German", "Beginn Datum|Beginn Uhrzeit|Ende Datum|Ende Uhrzeit", "02.01.2025|08:00|02.01.2025|09:30"],
    ["German, in one word", "Startdatum|Startzeit|Enddatum|Endzeit", "13.01.2025|08:00|13.01.2025|09:30"],
    ["Spanish", "Fecha inicio|Hora inicio|Fecha fin|Hora fin", "2025-01-02|08:00|2025-01-02|09:30"],
    ["French", "Date début|Heure début|Date fin|Heure fin", "2025-01-02|08:00|2025-01-02|09:30"],
    ["one date for both", "Date|Start time|End time", "2025-01-02|08:00|09:30"],
  ])("begin and end are joined each with its own: %s", async (_, headings, row) => {
    const { log: found } = await read(
      log(headings, row, row.replace("08:00", "08:15").replace("09:30", "17:45")),
      { dateOrder: "dmy" },
    );
    expect(begins(found).map((t) => t.slice(11))).toEqual(["08:00:00", "08:15:00"]);
    expect(times(found).map((t) => t.slice(11))).toEqual(["09:30:00", "17:45:00"]);
  });

  test("on one date for both, work without an end is open and an end without a begin has no begin", async () => {
    const { log: found, report } = await read(
      log("Date|Start time|End time", "2025-01-02|08:00|09:30", "2025-01-02|10:00|", "2025-01-02||11:30"),
    );
    expect([times(found), Array.from(found.open!)]).toEqual([
      ["2025-01-02T09:30:00", "2025-01-02T10:00:00", "2025-01-02T11:30:00"],
      [0, 1, 0],
    ]);
    expect(found.start![2]).toBe(found.time[2]);
    expect(report.counts.openRows).toBe(1);
  });

  test("they are local times like any other", async () => {
    const text = log("Datum|Uhrzeit", "29.03.2025|12:00", "30.03.2025|12:00", "30.03.2025|02:30");
    const { log: found } = await read(text, { timeZone: "Europe/Berlin" });
    expect(times(found)).toEqual(["2025-03-29T11:00:00", "2025-03-30T10:00:00", "2025-03-30T01:30:00"]);
  });

  test("24:00 is the midnight that follows", async () => {
    const { log: found } = await read(
      log("UDATE|UTIME", "20241231|240000", "20250102|161530", "20250102|120000"),
    );
    expect(iso(found.time[0])).toBe("2025-01-01T00:00:00");
  });

  test("a row without a time of day keeps its date and is counted; one whose time of day is none is rejected", async () => {
    const { log: found, report } = await read(
      log("Date|Time", "2025-01-02|08:00", "2025-01-02|", "2025-01-02|25:00", "2025-01-03|09:00"),
    );
    expect(times(found)).toEqual(["2025-01-02T00:00:00", "2025-01-02T08:00:00", "2025-01-03T09:00:00"]);
    expect(report).toMatchObject({ read: 4, kept: 3, rejected: 1 });
    expect(report.rejections).toEqual([
      { at: 4, unit: "line", column: "Time", expected: "a time of day like 09:30", got: "25:00" },
    ]);
    expect(report.notes).toContain(
      '1 row has a date in "Date" and no time of day in "Time"; it stands at 00:00.',
    );
  });

  test("0 of 77 invoices of a German export are booked before they are released", async () => {
    const path = join(import.meta.dirname, "files/invoices-date-and-time-columns.csv");
    const { log: found, report } = await readLog(path);
    expect([found.caseCount, report.kept, report.rejected]).toEqual([77, 400, 2]);
    let early = 0;
    for (let c = 0; c < found.caseCount; c++) {
      const names = Array.from({ length: found.caseStart[c + 1] - found.caseStart[c] }, (_, i) =>
        nameAt(found.activities, found.activity[found.caseStart[c] + i]),
      );
      const [released, booked] = [names.indexOf("Freigabe"), names.indexOf("Buchung")];
      if (released >= 0 && booked >= 0 && booked < released) early++;
    }
    expect(early).toBe(0);
  });
});

describe("what is not clear is asked, and what is something else is left alone", () => {
  test("two columns that may be it, and names that do not settle it", async () => {
    const text = log("Datum|Uhrzeit|Zeit", "02.01.2025|08:00|09:00", "13.01.2025|10:00|11:00");
    const error = await inputErrorOf(read(text));
    expect([error.code, error.message]).toEqual([
      "time-of-day-not-clear",
      expect.stringMatching(
        /"Datum" holds dates without a time of day, and more than one column may hold it: "Uhrzeit" \(for example 08:00, 10:00\), "Zeit" \(.*--time-of-day COLUMN\uFDD5, or \uFDD4--time-of-day none/,
      ),
    ]);
    expect(times((await read(text, { timeOfDay: "Zeit" })).log)[0]).toBe("2025-01-02T09:00:00");
    const aside = await read(text, { timeOfDay: "none" });
    expect(times(aside.log)[0]).toBe("2025-01-02T00:00:00");
    expect(aside.report.notes).toContain(
      '"Datum" holds dates without a time of day: the order of events within a day is that of the file.',
    );
  });

  test.each([
    "clock reading",
    "Wait",
    "Pause",
    "Talk time",
    "Zeit netto",
    "Temps d'attente",
    "Tempo di attesa",
  ])("times of day or lengths of time under 24 hours: %s", async (name) => {
    const text = log(
      `Date|${name}`,
      "2025-01-02|8:05",
      "2025-01-02|0:40",
      "2025-01-03|2:10",
      "2025-01-04|1:15",
    );
    expect((await inputErrorOf(read(text))).code).toBe("time-of-day-not-clear");
    expect(times((await read(text, { timeOfDay: "none" })).log)[0]).toBe("2025-01-02T00:00:00");
    expect(times((await read(text, { timeOfDay: name })).log)).toContain("2025-01-02T08:05:00");
  });

  test("lengths of time of more than a day cost no row, whatever the column is called", async () => {
    const text = log(
      "Date|Time",
      "2025-01-02|8:05",
      "2025-01-02|31:40",
      "2025-01-03|2:10",
      "2025-01-04|26:15",
    );
    const { log: found, report } = await read(text);
    expect([found.eventCount, report.rejected]).toEqual([4, 0]);
    expect(new Set(times(found).map((time) => time.slice(10)))).toEqual(new Set(["T00:00:00"]));
  });

  test("one time of day for a begin and an end", async () => {
    const text = log(
      "Start Date|End Date|Time",
      "2025-01-02|2025-01-02|08:00",
      "2025-01-02|2025-01-03|10:00",
    );
    expect((await inputErrorOf(read(text))).code).toBe("time-of-day-not-clear");
    const { log: found } = await read(text, { startTimeOfDay: "Time", timeOfDay: "none" });
    expect(begins(found)[1]).toBe("2025-01-02T10:00:00");
  });

  test.each([
    ["amounts", "Betrag", ["123000", "80000", "161530"]],
    ["document numbers", "Belegnummer", ["101530", "111530", "121545"]],
    ["post codes", "PLZ", ["80331", "10115", "20095"]],
    ["minutes worked, under a name that says time", "Time", ["45", "130", "7"]],
    ["hours worked", "Time", ["0.25", "1.5", "0.75"]],
    ["hours of service", "Service time", ["0.3333333", "0.6774305", "0.5"]],
    ["prices", "Price", ["8.00", "12.30", "16.15"]],
    ["rates", "Share", ["0.3333333", "0.6774305", "0.5"]],
    ["a length of time", "Dauer", ["01:30", "00:45", "02:15"]],
    ["an hour of closing, the same for all", "Cut-off", ["17:00", "17:00", "17:00"]],
  ])("%s are no times of day", async (_, heading, values) => {
    const { log: found, report } = await read(
      log(`Date|${heading}`, ...values.map((v) => `2025-01-02|${v}`)),
    );
    expect(new Set(times(found))).toEqual(new Set(["2025-01-02T00:00:00"]));
    expect(report.recognised.map(({ role }) => role)).not.toContain("time-of-day");
    expect(report.notes.join()).toMatch(/the order of events within a day is that of the file/);
    if (values[0].includes(":")) expect(report.notes.join()).toMatch(`"${heading}" looks like times of day`);
  });

  test("times with their own time of day take none from another column", async () => {
    const { log: found, report } = await read(
      log("Date|Time", "2025-01-02 08:00|09:00", "2025-01-02 10:00|11:00"),
    );
    expect(times(found)[0]).toBe("2025-01-02T08:00:00");
    expect(report.recognised.map(({ role }) => role)).not.toContain("time-of-day");
  });

  test("a time of day belongs to the dates that its name is about", async () => {
    const { log: found } = await read(
      log("Date|Due Date|Due Time", "2025-01-02|2025-02-02|09:00", "2025-01-02|2025-02-02|11:00"),
    );
    expect(times(found)[0]).toBe("2025-01-02T00:00:00");
  });

  test("times of day alone are no times of events", async () => {
    const error = await inputErrorOf(read(log("Time", "08:00", "09:00")));
    expect([error.code, error.message]).toEqual([
      "column-not-recognised",
      expect.stringMatching(/"Time" holds times of day, which are times of events only with a date/),
    ]);
    const text = log("Date|Time", "2025-01-02|08:00", "2025-01-02|09:00");
    expect((await inputErrorOf(read(text, { time: "Time" }))).code).toBe("time-without-date");
    expect((await inputErrorOf(read(text, { timeOfDay: "Tme" }))).message).toMatch(/Did you mean "Time"/);
  });
});

/** A workbook of one sheet; numbers with style 1 are dates, with style 2 times of day. */
function workbook(rows: (string | [number, 0 | 1 | 2])[][], date1904 = false): Uint8Array {
  const cell = (value: string | [number, 0 | 1 | 2], r: number, c: number) => {
    const at = `${String.fromCharCode(65 + c)}${r + 1}`;
    return typeof value === "string"
      ? `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`
      : `<c r="${at}" s="${value[1]}"><v>${value[0]}</v></c>`;
  };
  const sheet = rows.map((row, r) => `<row r="${r + 1}">${row.map((v, c) => cell(v, r, c)).join("")}</row>`);
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packaged = "http://schemas.openxmlformats.org/package/2006";
  const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  return zipSync(
    Object.fromEntries(
      Object.entries({
        "[Content_Types].xml": `<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kind}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${kind}.styles+xml"/></Types>`,
        "_rels/.rels": `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
        "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${relations}"><workbookPr${date1904 ? ' date1904="1"' : ""}/><sheets><sheet name="Log" sheetId="1" r:id="r1"/></sheets></workbook>`,
        "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
        "xl/styles.xml": `<styleSheet xmlns="${main}"><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="20" applyNumberFormat="1"/></cellXfs></styleSheet>`,
        "xl/worksheets/sheet1.xml": `<worksheet xmlns="${main}"><sheetData>${sheet.join("")}</sheetData></worksheet>`,
      }).map(([name, text]) => [name, strToU8(text)]),
    ),
  );
}

const DAY_45659 = 45_659; // 2 January 2025

describe("workbooks", () => {
  const rows = (asTime: 0 | 1 | 2, epoch = 0): (string | [number, 0 | 1 | 2])[][] => [
    ["Case", "Activity", "Date", "Time"],
    ["1", "A", [DAY_45659 - epoch, 1], [1 / 3, asTime]],
    ["1", "B", [DAY_45659 - epoch, 1], [0.75, asTime]],
    ["2", "A", [DAY_45659 + 1 - epoch, 1], [0, asTime]],
  ];
  const right = ["2025-01-02T08:00:00", "2025-01-02T18:00:00", "2025-01-03T00:00:00"];
  test.each([
    ["cells formatted as times", workbook(rows(2))],
    [
      "parts of a day without a format",
      workbook(rows(0).map((row, r) => (r === 2 ? [...row.slice(0, 3), [0.750_001, 0]] : row) as never)),
    ],
    ["the 1904 system", workbook(rows(2, 1462), true)],
    [
      "text",
      workbook(
        rows(2).map((row, r) => (r === 0 ? row : [...row.slice(0, 3), ["08:00", "18:00", "0:00"][r - 1]])),
      ),
    ],
  ])("%s", async (_, bytes) => {
    const { log: found, report } = await readLog(file(bytes));
    expect(times(found)).toEqual(right);
    expect(report.notes).toContain('Times are "Date" and "Time" joined.');
  });

  test("24:00 as Excel counts it is the midnight that follows", async () => {
    const { log: found } = await readLog(file(workbook([...rows(2), ["3", "A", [DAY_45659, 1], [1, 2]]])));
    expect(iso(found.time[3])).toBe("2025-01-03T00:00:00");
  });

  test("the workbook of the field has its times, and none in 1899", async () => {
    const { log: found } = await readLog(join(import.meta.dirname, "files/date-and-time-columns.xlsx"));
    expect([iso(Math.min(...found.time)), iso(Math.max(...found.time))]).toEqual([
      "2025-01-02T08:00:00",
      "2025-01-03T18:00:00",
    ]);
  });

  test("cells formatted as times alone are asked for a date", async () => {
    const bytes = workbook(rows(2).map((row) => [row[0], row[1], row[3]]));
    expect((await inputErrorOf(readLog(file(bytes)))).code).toBe("column-not-recognised");
  });
});

test("the same dates and times of day are the same instants in CSV, XLSX, Parquet and JSON, by any zone", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const moment = fc.record({ day: fc.nat(300), second: fc.nat(86_399) });
  let round = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(moment, { minLength: 4, maxLength: 12 }),
      fc.constantFrom("UTC", "Europe/Berlin", "America/New_York"),
      async (moments, timeZone) => {
        const rows = moments.map(({ day, second }, i) => {
          const at = new Date(Date.UTC(2025, 0, 1 + day, 0, 0, second)).toISOString();
          return {
            case: `c${i % 3}`,
            activity: `a${i}`,
            Date: at.slice(0, 10),
            Time: at.slice(11, 19),
            day,
            second,
          };
        });
        const name = `round-${round++}`;
        const values = rows.map((r) => `('${r.case}', '${r.activity}', DATE '${r.Date}', TIME '${r.Time}')`);
        const parquet = join(directory, `${name}.parquet`);
        await connection.run(
          `copy (select * from (values ${values.join(", ")}) t("case", activity, "Date", "Time")) to '${parquet}' (format parquet)`,
        );
        const plain = rows.map(({ case: c, activity, Date: date, Time }) => ({
          case: c,
          activity,
          Date: date,
          Time,
        }));
        const paths = [
          file(csv("case|activity|Date|Time", ...plain.map((r) => Object.values(r).join("|")))),
          file(
            workbook([
              ["case", "activity", "Date", "Time"],
              ...rows.map((r): (string | [number, 0 | 1 | 2])[] => [
                r.case,
                r.activity,
                [45_658 + r.day, 1],
                [r.second / 86_400, 2],
              ]),
            ]),
          ),
          parquet,
          file(JSON.stringify(plain)),
          file(plain.map((r) => JSON.stringify(r)).join("\n")),
          file(
            JSON.stringify(
              rows.map((r) => ({
                case: r.case,
                activity: r.activity,
                UDATE: Number(r.Date.replaceAll("-", "")),
                UTIME: r.Time.replaceAll(":", ""),
              })),
            ),
          ),
        ];
        const [first, ...others] = await Promise.all(paths.map((path) => readLog(path, { timeZone })));
        const stories = ({ log: l }: { log: EventLog }) =>
          Array.from(l.time, (t, e) => `${nameAt(l.activities, l.activity[e])} ${iso(t)}`);
        for (const other of others) expect(stories(other)).toEqual(stories(first));
        const both = await readLog(
          file(csv("case|activity|at", ...rows.map((r) => `${r.case}|${r.activity}|${r.Date} ${r.Time}`))),
          { timeZone },
        );
        expect(stories(first)).toEqual(stories(both));
      },
    ),
    { numRuns: 12 },
  );
  connection.closeSync();
  instance.closeSync();
});

test("Parquet intervals and times with a zone, JSON with an epoch before the time", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const path = join(directory, "interval.parquet");
  await connection.run(
    `copy (select 'c' as "case", a as activity, DATE '2025-01-02' as "Date", t as "Time" from (values ('A', INTERVAL 8 HOUR), ('B', INTERVAL 990 MINUTE)) v(a, t)) to '${path}' (format parquet)`,
  );
  expect(times((await readLog(path)).log)).toEqual(["2025-01-02T08:00:00", "2025-01-02T16:30:00"]);
  connection.closeSync();
  instance.closeSync();
  const json = [
    { case: "c", activity: "A", Date: "2025-01-02T00:00:00", Time: "1970-01-01T08:00:00" },
    { case: "c", activity: "B", Date: "2025-01-02T00:00:00", Time: "1970-01-01T16:30:00" },
  ];
  expect(times((await readLog(file(JSON.stringify(json)))).log)).toEqual([
    "2025-01-02T08:00:00",
    "2025-01-02T16:30:00",
  ]);
});

test("a large file, read in ranges, is joined as a small one", () => {
  const rows = Array.from(
    { length: 500 },
    (_, i) => `c${i};A;2025-01-02;${i % 24}:${String(i % 60).padStart(2, "0")};x`,
  );
  const plan = {
    separator: ";",
    timeZone: "Europe/Berlin",
    columns: [
      { name: "case", kind: "dictionary" as const, required: true, hasRole: true },
      { name: "activity", kind: "dictionary" as const, required: true, hasRole: true },
      { name: "Date", kind: "time" as const, required: true, hasRole: true, isWallClock: true },
      {
        name: "Time",
        kind: "time" as const,
        required: true,
        hasRole: true,
        clock: { format: { compact: "hhmmss" as const, isFraction: false }, date: 2 },
      },
      { name: "note", kind: "dictionary" as const, required: false, hasRole: false },
    ],
  };
  const parts = [rows.slice(0, 200), rows.slice(200)].map((some) => {
    const bytes = Buffer.from(`${some.join("\n")}\n`);
    const parser = new CsvParser(plan, 2);
    parser.parse(bytes, 0, bytes.length, bytes.length, true);
    return Array.from((parser.finish(bytes.length).columns[3] as { numbers: Float64Array }).numbers);
  });
  expect(parts.flat()).toEqual(
    rows.map((_, i) => Date.UTC(2025, 0, 2, (i % 24) - 1, i % 60)), // Berlin is an hour ahead in January
  );
});

test("the preview says which column is the time of day, or what is to be asked", async () => {
  const clear = await previewLog(
    file(log("Date|Time", "2025-01-02|08:00", "2025-01-02|09:00")),
    {},
    directory,
  );
  expect(clear.columns.find(({ name }) => name === "Time")).toMatchObject({ takenAs: "time-of-day" });
  expect(clear.notes).toContain('Times are "Date" and "Time" joined.');
  const asked = await previewLog(
    file(log("Date|Time|Hora", "2025-01-02|08:00|08:00", "2025-01-02|09:00|09:00")),
    {},
    directory,
  );
  expect(asked.problem?.code).toBe("time-of-day-not-clear");
});

describe("a time of day", () => {
  const parse = (text: string, compact: "hhmmss" | "hhmm" = "hhmmss") => {
    const ms = new TimeOfDayParser({ compact, isFraction: false }).parseString(text);
    return Number.isNaN(ms) ? "none" : new Date(ms).toISOString().slice(11, 19);
  };
  test.each([
    ["08:00", "08:00:00"],
    ["8:05 PM", "20:05:00"],
    ["12:05 a.m.", "00:05:00"],
    ["8:05 p. m.", "20:05:00"],
    ["8h", "08:00:00"],
    ["08h15", "08:15:00"],
    ["8 Uhr 05", "08:05:00"],
    ["8.05 Uhr", "08:05:00"],
    ["08:00:15.250", "08:00:15"],
    ["80015", "08:00:15"],
    ["0", "00:00:00"],
    ["30.12.1899 08:15", "08:15:00"],
    ["0 days 08:15:00", "08:15:00"],
    ["8", "00:00:08"],
    ["24:01", "none"],
    ["8:5", "none"],
    ["08:60", "none"],
    ["236060", "none"],
    ["13:00 PM", "none"],
    ["noon", "none"],
    ["2025-01-02 08:00", "none"],
  ])("%s is %s", (text, right) => expect(parse(text)).toBe(right));

  test("any second of the day is read in every form that it is written in", () => {
    fc.assert(
      fc.property(fc.nat(86_399), (second) => {
        const shown = new Date(second * 1000).toISOString().slice(11, 19);
        const [h, m, s] = shown.split(":");
        const half = `${Number(h) % 12 || 12}:${m}:${s} ${Number(h) < 12 ? "AM" : "PM"}`;
        for (const text of [
          shown,
          `${Number(h)}:${m}:${s}`,
          h + m + s,
          String(Number(h + m + s)),
          half,
          `${h}.${m}.${s}`,
          `PT${h}H${m}M${s}S`,
        ])
          expect(parse(text)).toBe(shown);
        expect(parse(h + m, "hhmm")).toBe(`${h}:${m}:00`);
      }),
    );
  });

  test("numbers are times of day only where all are, and most are as long as times of day are", () => {
    expect(timesOfDayIn(["080000", "161530", "0"])).toMatchObject({ compact: "hhmmss", isClear: false });
    expect(timesOfDayIn(["080000", "161530", "999999"])).toBeUndefined();
    expect(timesOfDayIn(["12", "45", "130000"])).toBeUndefined();
  });
});

test("a table of records says that its dates are days, and keeps times of day as they are written", async () => {
  const path = file(
    csv("invoice_id|invoice date|invoice time|amount", "1|2025-01-02|08:00|12.50", "2|2025-01-13|16:15|8.00"),
    "invoices.csv",
  );
  const { table, notes } = await readRecords(path, "invoices", undefined);
  expect(notes.join("\n")).toContain(
    '"invoice time" holds times of day and is kept as written; "invoice date" holds days.',
  );
  expect(table.columns.find(({ name }) => name === "invoice time")).toMatchObject({ kind: "dictionary" });
  const sheet = await readRecords(
    file(
      workbook([
        ["invoice_id", "Date", "Time"],
        ["1", [45_659, 1], [1 / 3, 2]],
        ["2", [45_660, 1], [0.75, 2]],
      ]),
      "sheet.xlsx",
    ),
    "invoices",
    undefined,
  );
  const column = sheet.table.columns.find(({ name }) => name === "Time")!;
  expect(column.kind === "dictionary" && nameAt(column.values, column.codes[1])).toBe("18:00:00");
});
