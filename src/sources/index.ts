import { InputError } from "../input-error.ts";
import { openBytes, type OpenedFile } from "./open-bytes.ts";
import type { ReadOptions, ReadResult } from "./source.ts";
import { readCsv } from "./csv/csv.ts";
import { looksLikeXes, readXes } from "./xes.ts";

/** One kind of file that can be read as an event log. The first whose `recognises` says yes reads it. */
export interface FileSource {
  id: string;
  what: string;
  recognises(file: OpenedFile): boolean;
  read(file: OpenedFile, options: ReadOptions): Promise<ReadResult>;
}

const startsWith = (file: OpenedFile, magic: string) =>
  Buffer.from(file.head.subarray(0, magic.length)).toString("latin1") === magic;

/** The first text of the file that is not a byte order mark, blank or comment. */
const begins = (file: OpenedFile) =>
  Buffer.from(file.head.subarray(0, 4096))
    .toString("utf8")
    .replace(/^\uFEFF?\s*/, "");

/** Every file source, in the order in which they are asked. A new one is a file and a line here. */
export const sources: FileSource[] = [
  {
    id: "xes",
    what: "XES 1.0 and 2.0 event logs (.xes, .xes.gz)",
    recognises: (file) => begins(file).startsWith("<") && looksLikeXes(file.head),
    read: readXes,
  },
  {
    id: "xml",
    what: "other XML: refused with an explanation",
    recognises: (file) => begins(file).startsWith("<?xml") || begins(file).startsWith("<!DOCTYPE"),
    read: (file, options) => readXes(file, options),
  },
  {
    id: "csv",
    what: "CSV, TSV and other delimited text (.csv, .tsv, .txt, also gzipped or zipped)",
    recognises: (file) => !startsWith(file, "\0"),
    read: readCsv,
  },
];

/**
 * Reads any supported file as an event log; what it is decides its content, not its name.
 * Throws InputError where the file cannot be read, is of no known kind, or a column must be named.
 */
export async function readLog(path: string, options: ReadOptions = {}): Promise<ReadResult> {
  const file = await openBytes(path);
  const source = sources.find((candidate) => candidate.recognises(file));
  if (!source) {
    throw new InputError(
      "unknown-format",
      path,
      `${path} is of no known kind. Plumbline reads ${sources.map((s) => s.what).join("; ")}.`,
    );
  }
  return source.read(file, options);
}
