import { isUtf8 } from "node:buffer";
import { InputError, quoted, reason } from "../input-error.ts";
import type { OpenedFile } from "./open-bytes.ts";
import { Rejections, type ReadOptions, type ReadResult } from "./format.ts";
import { readTable, TableBuilder, type CellValue, type RawTable } from "./table-builder.ts";

/** JSON texts above this size must come as JSON lines, which are read as they stream. */
const MAX_ARRAY = 256 << 20;
/** So must those with more values; with ten characters a value the size above comes first. */
const MAX_VALUES = 30_000_000;
/** Above this length a line is counted before it is parsed, too. */
const COUNTED_FROM = 1 << 20;

/**
 * Reads JSON lines (one object a line, streamed) and JSON arrays of objects, also under one key as in
 * `{"events": [ … ]}`. Nested objects become columns "outer.inner"; lists are joined by "; ". Lines that are
 * no object are rejected with their number.
 *
 * Throws InputError for JSON that is damaged as a whole, holds no objects, or is an array above 256 MiB.
 */
export async function readJson(file: OpenedFile, options: ReadOptions): Promise<ReadResult> {
  const { table, account } = await readJsonTable(file, options);
  return readTable(table, options, account);
}

/** The objects of a JSON file as a table; throws as `readJson`. */
export async function readJsonTable(file: OpenedFile, options: ReadOptions): Promise<RawTable> {
  const builder = new TableBuilder(file.path);
  const rejections = new Rejections();
  const places: number[] = [];
  const take = (value: unknown, at: number, unit: "line" | "element") => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      rejections.add({
        at,
        unit,
        expected: "an object",
        got: Array.isArray(value) ? "a list" : String(value).slice(0, 100),
      });
      return;
    }
    try {
      flatten(builder, places.length, "", value as Record<string, unknown>, 0, new Set());
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      rejections.add({ at, unit, expected: "an object nested less deeply", got: "too many levels" });
      builder.clear(places.length);
      return;
    }
    places.push(at);
  };

  const lines = isJsonLines(file);
  const progress = (share: number) => options.onProgress?.(share, "reading");
  if (lines) await readLines(file, rejections, take, progress);
  else (await wholeArray(file, progress)).forEach((value, i) => take(value, i + 1, "element"));
  return {
    table: builder.finish(places.length),
    account: {
      file: file.path,
      format: `${lines ? "JSON lines" : "JSON"}${file.packing === "none" ? "" : `, ${file.packing}`}`,
      places: { unit: lines ? "line" : "element", at: (row) => places[row] },
      rejections,
    },
  };
}

/**
 * Whether the first line is a whole object and another line follows it, or an object that is no wrapper of a
 * list.
 */
function isJsonLines(file: OpenedFile): boolean {
  const text = Buffer.from(file.head)
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trimStart();
  const end = text.indexOf("\n");
  const first = (end < 0 ? text : text.slice(0, end)).trim();
  if (!first.startsWith("{")) return false;
  try {
    const value = JSON.parse(first) as Record<string, unknown>;
    return end >= 0 && text.slice(end).trim() !== "" ? true : !Object.values(value).some(isObjectList);
  } catch {
    return false;
  }
}

async function readLines(
  file: OpenedFile,
  rejections: Rejections,
  take: (value: unknown, at: number, unit: "line") => void,
  progress: (share: number) => void,
): Promise<void> {
  let rest = Buffer.alloc(0);
  let line = 0;
  const takeLine = (bytes: Buffer) => {
    line++;
    const text = asText(bytes);
    if (text.trim() === "") return;
    if (bytes.length > COUNTED_FROM && valuesOf(bytes) > COUNTED_FROM) {
      rejections.add({
        at: line,
        unit: "line",
        expected: `an object of at most ${COUNTED_FROM} values`,
        got: text.slice(0, 100),
      });
      return;
    }
    let value: unknown;
    try {
      value = parseExactly(text.replace(/^\uFEFF/, ""));
    } catch (error) {
      rejections.add({
        at: line,
        unit: "line",
        expected: `JSON (${reason(error)})`,
        got: text.slice(0, 100),
      });
      return;
    }
    take(value, line, "line");
  };
  for await (const block of file.blocks(progress)) {
    const bytes = rest.length === 0 ? Buffer.from(block) : Buffer.concat([rest, block]);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      takeLine(bytes.subarray(from, end));
      from = end + 1;
    }
    rest = Buffer.from(bytes.subarray(from));
    if (rest.length > 64 << 20) {
      throw new InputError(
        "line-too-long",
        file.path,
        `${file.path}, line ${line + 1}: expected JSON lines of at most 64 MiB, got a longer one.`,
      );
    }
  }
  takeLine(rest);
}

/** The bytes as UTF-8, or as Windows-1252 where they are none. */
function asText(bytes: Uint8Array): string {
  return isUtf8(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8")
    : new TextDecoder("windows-1252").decode(bytes);
}

/**
 * Parses JSON; whole numbers too long for a double stay the text they are, so that two identifiers do not
 * become one.
 */
function parseExactly(text: string): unknown {
  const parse = JSON.parse as (
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ) => unknown;
  if (!/\d{16}/.test(text)) return JSON.parse(text) as unknown;
  return parse(text, (_, value, { source }) =>
    typeof value === "number" &&
    !Number.isSafeInteger(value) &&
    source !== undefined &&
    /^-?\d+$/.test(source)
      ? source
      : value,
  );
}

/**
 * How many values a JSON text holds at most: what stands behind a comma, a colon or an opening bracket. Each
 * takes memory many times its two bytes. One pass.
 */
function valuesOf(bytes: Uint8Array): number {
  let count = 1;
  let quoted = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === 34) quoted = !quoted;
    else if (byte === 92 && quoted) i++;
    else if (!quoted && (byte === 44 || byte === 58 || byte === 91 || byte === 123)) count++;
  }
  return count;
}

/** The whole content of a JSON file, parsed. Throws InputError above `MAX_ARRAY` and for damaged JSON. */
export async function parseJsonFile(file: OpenedFile, progress?: (share: number) => void): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const block of file.blocks(progress)) {
    parts.push(block);
    size += block.length;
    if (size > MAX_ARRAY) {
      throw new InputError(
        "too-large",
        file.path,
        `${file.path}: expected a JSON document of at most 256 MiB, got more. Write it as JSON lines (one object a line) or CSV.`,
      );
    }
  }
  const bytes = Buffer.concat(parts);
  const values = valuesOf(bytes);
  if (values > MAX_VALUES)
    throw new InputError(
      "too-large",
      file.path,
      `${file.path}: expected a JSON document of at most ${MAX_VALUES / 1e6} million values, got ${values}. Write it as JSON lines (one object a line) or CSV.`,
    );
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  try {
    return parseExactly(text);
  } catch (cause) {
    const position = damagedAt(text, (cause as Error).message);
    const line = position === undefined ? "" : `, line ${text.slice(0, position).split("\n").length}`;
    throw new InputError(
      "json-damaged",
      file.path,
      `${file.path}${line}: the JSON is damaged: ${reason(cause)}. Export it again.`,
      { cause },
    );
  }
}

/** Where a parser's message points to: it names the position, or quotes the text around it. */
function damagedAt(text: string, message: string): number | undefined {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  if (message.includes("end of JSON")) return text.length;
  const quoted = /"([^]*)"(?:\.\.\.)? is not valid JSON/.exec(message)?.[1];
  const found = quoted === undefined ? -1 : text.indexOf(quoted);
  return found < 0 ? undefined : found + Math.floor(quoted!.length / 2);
}

async function wholeArray(file: OpenedFile, progress: (share: number) => void): Promise<unknown[]> {
  const value = await parseJsonFile(file, progress);
  if (Array.isArray(value)) return value;
  if (value !== null && typeof value === "object") {
    const lists = Object.values(value).filter(isObjectList) as unknown[][];
    const [list] = lists.sort((a, b) => b.length - a.length); // the longest is the log, the others describe it
    if (list) return list;
    return [value];
  }
  throw new InputError(
    "not-a-table",
    file.path,
    `${file.path}: expected a list of objects, got ${quoted(String(JSON.stringify(value)).slice(0, 60))}.`,
  );
}

function isObjectList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value[0] !== null && typeof value[0] === "object";
}

function flatten(
  builder: TableBuilder,
  row: number,
  prefix: string,
  value: Record<string, unknown>,
  depth: number,
  used: Set<string>,
): void {
  for (const [key, inner] of Object.entries(value)) {
    const plain = (prefix + key).trim() || "column";
    if (inner !== null && typeof inner === "object" && !Array.isArray(inner) && depth < 8) {
      flatten(builder, row, `${plain}.`, inner as Record<string, unknown>, depth + 1, used);
      continue;
    }
    let name = plain;
    for (let n = 2; used.has(name); n++) name = `${plain} (${n})`; // {"a.b": 1, "a": {"b": 2}} has two columns
    used.add(name);
    builder.set(row, name, asCell(inner));
  }
}

function asCell(value: unknown): CellValue {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (Array.isArray(value))
    return value.map((part) => (typeof part === "object" ? JSON.stringify(part) : String(part))).join("; ");
  return value === undefined ? undefined : JSON.stringify(value);
}
