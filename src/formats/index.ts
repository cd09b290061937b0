import { InputError } from "../input-error.ts";
import { openBytes, type OpenedFile } from "./open-bytes.ts";
import { columnsOfObjects, type ObjectLog, type ObjectReading } from "./ocel.ts";
import type { ReadOptions, ReadResult } from "./format.ts";
import type { RawTable } from "./table-builder.ts";

/** One kind of file that can be read as an event log. The first whose `recognises` says yes reads it. */
export interface FileSource {
  id: string;
  what: string;
  recognises(file: OpenedFile): boolean | Promise<boolean>;
  read(file: OpenedFile, options: ReadOptions): Promise<ReadResult>;
  /** for formats that hold tables of any kind: the rows, before anybody said which column is what */
  readTable?(file: OpenedFile, options: ReadOptions): Promise<RawTable>;
  /** for object-centric formats: the events with all their objects */
  readObjects?(file: OpenedFile, options: ReadOptions): Promise<ObjectLog>;
}

const startsWith = (file: OpenedFile, magic: string) =>
  Buffer.from(file.head.subarray(0, magic.length)).toString("latin1") === magic;

/** The first character that says something: behind byte order marks and blanks. */
const firstMark = (file: OpenedFile) =>
  Buffer.from(file.head.subarray(0, 4096))
    .toString("utf8")
    .replace(/^\uFEFF?\s*/, "")[0] ?? "";

/**
 * Every file source, in the order in which they are asked; each is loaded when it is needed. A new one is a
 * file and an entry here.
 */
export const sources: FileSource[] = [
  {
    id: "parquet",
    what: "Parquet (.parquet)",
    recognises: (file) => startsWith(file, "PAR1"),
    read: async (file, options) => (await import("./parquet.ts")).readParquet(file, options),
    readTable: async (file, options) => (await import("./parquet.ts")).readParquetTable(file, options),
  },
  {
    id: "ocel-sqlite",
    what: "OCEL 2.0 SQLite (.sqlite)",
    recognises: (file) => startsWith(file, "SQLite format 3"),
    read: async (file, options) => (await import("./ocel-sqlite.ts")).readOcelSqlite(file, options),
    readObjects: async (file) => (await import("./ocel-sqlite.ts")).readSqliteObjects(file),
  },
  {
    id: "xlsx",
    what: "Excel workbooks (.xlsx)",
    recognises: async (file) => file.packing === "zip" && (await import("./xlsx.ts")).looksLikeXlsx(file),
    read: async (file, options) => (await import("./xlsx.ts")).readXlsx(file, options),
    readTable: async (file, options) => (await import("./xlsx.ts")).readXlsxTable(file, options, 2),
  },
  {
    id: "ocel-xml",
    what: "OCEL 2.0 XML (.xmlocel)",
    recognises: async (file) =>
      firstMark(file) === "<" && (await import("./ocel-xml.ts")).looksLikeOcelXml(file.head),
    read: async (file, options) => (await import("./ocel-xml.ts")).readOcelXml(file, options),
    readObjects: async (file, options) => (await import("./ocel-xml.ts")).readXmlObjects(file, options),
  },
  {
    id: "xes",
    what: "XES 1.0 and 2.0 event logs (.xes, .xes.gz)",
    recognises: (file) => firstMark(file) === "<",
    read: async (file, options) => (await import("./xes.ts")).readXes(file, options),
  },
  {
    id: "ocel-json",
    what: "OCEL 2.0 and 1.0 JSON (.jsonocel)",
    recognises: async (file) =>
      firstMark(file) === "{" && (await import("./ocel-json.ts")).looksLikeOcelJson(file.head),
    read: async (file, options) => (await import("./ocel-json.ts")).readOcelJson(file, options),
    readObjects: async (file, options) =>
      (await (await import("./ocel-json.ts")).readJsonObjects(file, options)).log,
  },
  {
    id: "json",
    what: "JSON and JSON lines (.json, .jsonl)",
    recognises: (file) => firstMark(file) === "{" || firstMark(file) === "[",
    read: async (file, options) => (await import("./json.ts")).readJson(file, options),
    readTable: async (file, options) => (await import("./json.ts")).readJsonTable(file, options),
  },
  {
    id: "mail",
    what: "mail: mbox and EML, a thread is a case",
    recognises: async (file) => (await import("./mail.ts")).looksLikeMail(file.head),
    read: async (file, options) => (await import("./mail.ts")).readMail(file, options),
  },
  {
    id: "csv",
    what: "CSV, TSV and other delimited text (.csv, .tsv, .txt, also gzipped or zipped)",
    recognises: () => true,
    read: async (file, options) => (await import("./csv/csv.ts")).readCsv(file, options),
  },
];

/** Refuses with the right advice what would else be taken for a strange CSV. */
function refuseWhatHidesIt(file: OpenedFile): void {
  if (file.packing !== "none" && (startsWith(file, "PAR1") || startsWith(file, "SQLite format 3"))) {
    throw new InputError(
      "packed",
      file.path,
      `${file.path} holds a ${startsWith(file, "PAR1") ? "Parquet" : "SQLite"} file inside ${file.packing}. Unpack it and name the unpacked file.`,
    );
  }
  if (startsWith(file, "%PDF"))
    throw new InputError(
      "unknown-format",
      file.path,
      `${file.path} is a PDF. Export the data as CSV, XLSX or another table.`,
    );
  const utf16 = Buffer.from(file.head.subarray(0, 8))
    .toString("utf16le")
    .replace(/^\uFEFF/, "")
    .trimStart()[0];
  if (utf16 === "<" || utf16 === "{" || utf16 === "[") {
    throw new InputError(
      "utf-16",
      file.path,
      `${file.path} is ${utf16 === "<" ? "XML" : "JSON"} in UTF-16. Save it as UTF-8.`,
    );
  }
}

/**
 * Reads any supported file as an event log; its content decides what it is, not its name.
 * Throws InputError where the file cannot be read or a column must be named.
 */
export async function readLog(path: string, options: ReadOptions = {}): Promise<ReadResult> {
  const file = await openBytes(path);
  refuseWhatHidesIt(file);
  for (const source of sources) if (await source.recognises(file)) return source.read(file, options);
  throw new InputError(
    "unknown-format",
    path,
    `${path} is of no known kind. Plumbline reads ${sources.map((s) => s.what).join("; ")}.`,
  );
}

/**
 * Reads an object-centric log with all its objects. Throws InputError for files of other kinds, and where no
 * event has a time.
 */
export async function readObjectLog(path: string, options: ReadOptions = {}): Promise<ObjectReading> {
  const file = await openBytes(path);
  for (const source of sources) {
    if (!(await source.recognises(file))) continue;
    if (source.readObjects) return columnsOfObjects(path, await source.readObjects(file, options), options);
    break;
  }
  const known = sources.filter(({ readObjects }) => readObjects).map(({ what }) => what);
  throw new InputError(
    "not-object-centric",
    path,
    `${path}: expected an object-centric log (${known.join("; ")}), got another kind of file. For a log with one case an event, use plumbline map.`,
  );
}
