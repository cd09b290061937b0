import { InputError } from "../input-error.ts";
import { uniqueNames } from "./csv/csv-dialect.ts";
import type { OpenedFile } from "./open-bytes.ts";
import { Rejections, type ReadOptions, type ReadResult } from "./source.ts";
import { readTable, TableBuilder, type CellValue } from "./table-builder.ts";

/** JSON texts above this size must come as JSON lines, which are read as they stream. */
const MAX_ARRAY = 256 << 20;

/**
 * Reads JSON lines (one object a line, streamed) and JSON arrays of objects, also under one key as in `{"events": [ … ]}`. Nested
 * objects become columns "outer.inner"; lists are joined by "; ". Lines that are no object are rejected with their number.
 *
 * Throws InputError for JSON that is damaged as a whole, holds no objects, or is an array above 256 MiB.
 */
export async function readJson(file: OpenedFile, options: ReadOptions): Promise<ReadResult> {
  const builder = new TableBuilder();
  const rejections = new Rejections();
  const places: number[] = [];
  const take = (value: unknown, at: number, unit: "line" | "element") => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      rejections.add({ at, unit, expected: "an object", got: JSON.stringify(value).slice(0, 100) });
      return;
    }
    flatten(builder, places.length, "", value as Record<string, unknown>, 0);
    places.push(at);
  };

  const lines = isJsonLines(file);
  const progress = (share: number) => options.onProgress?.(share, "reading");
  if (lines) await readLines(file, rejections, take, progress);
  else (await wholeArray(file, progress)).forEach((value, i) => take(value, i + 1, "element"));
  return readTable(builder.finish(places.length), options, {
    file: file.path,
    format: `${lines ? "JSON lines" : "JSON"}${file.packing === "none" ? "" : `, ${file.packing}`}`,
    places: { unit: lines ? "line" : "element", at: (row) => places[row] },
    rejections,
  });
}

/** Whether the first line is a whole object and another line follows it, or an object that is no wrapper of a list. */
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
  const decoder = new TextDecoder("utf-8");
  let rest = "";
  let line = 0;
  const takeLine = (text: string) => {
    line++;
    if (text.trim() === "") return;
    let value: unknown;
    try {
      value = JSON.parse(text.replace(/^\uFEFF/, ""));
    } catch (error) {
      rejections.add({
        at: line,
        unit: "line",
        expected: `JSON (${(error as Error).message})`,
        got: text.slice(0, 100),
      });
      return;
    }
    take(value, line, "line");
  };
  for await (const block of file.blocks(progress)) {
    const pieces = (rest + decoder.decode(block, { stream: true })).split("\n");
    rest = pieces.pop()!;
    if (rest.length > 64 << 20)
      throw new InputError(
        "line-too-long",
        file.path,
        `${file.path}, line ${line + 1}: expected JSON lines of at most 64 MiB, got a longer one.`,
      );
    for (const piece of pieces) takeLine(piece);
  }
  takeLine(rest + decoder.decode());
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
  const text = Buffer.concat(parts)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const position = damagedAt(text, (cause as Error).message);
    const line = position === undefined ? "" : `, line ${text.slice(0, position).split("\n").length}`;
    throw new InputError(
      "json-damaged",
      file.path,
      `${file.path}${line}: the JSON is damaged: ${(cause as Error).message}. Export it again.`,
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
    const list = Object.values(value).find(isObjectList);
    if (list) return list as unknown[];
    return [value];
  }
  throw new InputError(
    "not-a-table",
    file.path,
    `${file.path}: expected a list of objects, got ${JSON.stringify(value)?.slice(0, 60)}.`,
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
): void {
  for (const [key, inner] of Object.entries(value)) {
    const name = uniqueNames([prefix + key])[0];
    if (inner !== null && typeof inner === "object" && !Array.isArray(inner) && depth < 8) {
      flatten(builder, row, `${name}.`, inner as Record<string, unknown>, depth + 1);
    } else builder.set(row, name, asCell(inner));
  }
}

function asCell(value: unknown): CellValue {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (Array.isArray(value))
    return value.map((part) => (typeof part === "object" ? JSON.stringify(part) : String(part))).join("; ");
  return value === undefined ? undefined : JSON.stringify(value);
}
