import { createInflateRaw } from "node:zlib";
import { SaxesParser, type SaxesTagPlain } from "saxes";
import { InputError, quoted } from "../input-error.ts";
import { cellTooLarge, MOST_CELL_BYTES } from "./limits.ts";
import { expansionLimit } from "./open-bytes.ts";

export type SheetCell = string | number | boolean | Date | null;

/** What a sheet holds: its rows that say anything, in order, each as far as its last cell. */
export interface SheetRows {
  sheet: string;
  rows: { number: number; cells: SheetCell[] }[];
  /** number of the last row that says anything, and of the last column */
  lastRow: number;
  lastColumn: number;
}

/**
 * Cells that the sheets of a workbook may span, each from A1 to its last one: room is kept for all of them.
 */
const MAX_CELLS = 30_000_000;
/** The last row and column that Excel has. */
const LAST_ROW = 1_048_576;
const LAST_COLUMN = 16_384;
const MOST_SHEETS = 1000;

/**
 * A workbook (ECMA-376) whose sheets are read as they are asked for. Cells are counted where they are read,
 * so that the limits hold however the XML is written. Takes one pass over each part that is read, which is
 * unpacked as it streams. Throws InputError beyond the limits, and an Error that says what is wrong for
 * damaged ones.
 */
export class Workbook {
  readonly sheets: string[] = [];
  readonly #path: string;
  readonly #parts: Map<string, Part>;
  readonly #places: string[] = [];
  readonly #mostBytes: number;
  #bytes = 0;
  #cells = 0;
  #strings: string[] = [];
  /** by number of style: whether numbers in it are dates */
  #isDate: boolean[] = [];
  #epochDays = 0;

  private constructor(path: string, archive: Buffer, size: number) {
    this.#path = path;
    this.#parts = partsOf(archive);
    this.#mostBytes = expansionLimit(size);
  }

  static async open(path: string, archive: Buffer, size: number): Promise<Workbook> {
    const workbook = new Workbook(path, archive, size);
    await workbook.#readFrame();
    return workbook;
  }

  /** Sheets, their places, shared texts, and which styles are dates. */
  async #readFrame(): Promise<void> {
    const targets = new Map<string, string>();
    let strings: string | undefined;
    let styles: string | undefined;
    await this.#read("xl/_rels/workbook.xml.rels", {
      open: ({ name, attributes }) => {
        if (name !== "Relationship") return;
        const target = attributes["Target"] ?? "";
        const place = target.startsWith("/") ? target.slice(1) : `xl/${target}`;
        const kind = attributes["Type"]?.split("/").at(-1);
        if (kind === "worksheet") targets.set(attributes["Id"], place);
        if (kind === "sharedStrings") strings = place;
        if (kind === "styles") styles = place;
      },
    });
    await this.#read("xl/workbook.xml", {
      open: ({ name, attributes }) => {
        if (name === "workbookPr" && /^(1|true)$/.test(attributes["date1904"] ?? "")) this.#epochDays = 1462;
        if (name !== "sheet" || !attributes["name"]) return;
        const id = Object.entries(attributes).find(([key]) => key.endsWith(":id"))?.[1] ?? attributes["id"];
        const place = targets.get(id ?? "");
        // charts have no cells
        if (place === undefined || !this.#parts.has(place)) return;
        this.#places.push(place);
        if (this.sheets.push(unescaped(attributes["name"])) > MOST_SHEETS)
          throw new InputError(
            "too-large",
            this.#path,
            `${this.#path}: expected at most ${MOST_SHEETS} sheets, got more. Save the sheet as CSV.`,
          );
      },
    });
    if (strings !== undefined && this.#parts.has(strings)) await this.#readStrings(strings);
    if (styles !== undefined && this.#parts.has(styles)) await this.#readStyles(styles);
  }

  async #readStrings(place: string): Promise<void> {
    let text = "";
    let phonetic = 0;
    let inText = false;
    await this.#read(place, {
      open: ({ name }) => {
        if (name === "si") text = "";
        else if (name === "rPh") phonetic++;
        else if (name === "t") inText = phonetic === 0;
      },
      text: (more) => {
        if (!inText) return;
        text += more;
        if (text.length > MOST_CELL_BYTES) throw cellTooLarge(this.#path, this.#path, undefined);
      },
      close: (name) => {
        if (name === "si") this.#strings.push(unescaped(text));
        else if (name === "rPh") phonetic--;
        else if (name === "t") inText = false;
      },
    });
  }

  async #readStyles(place: string): Promise<void> {
    const written = new Map<number, string>();
    const base: number[] = [];
    const own: { format: number | undefined; base: number | undefined }[] = [];
    let list: "base" | "own" | undefined;
    const number = (text: string | undefined) => (text ? Number(text) : undefined);
    await this.#read(place, {
      open: ({ name, attributes }) => {
        if (name === "numFmt") written.set(Number(attributes["numFmtId"]), attributes["formatCode"] ?? "");
        else if (name === "cellStyleXfs") list = "base";
        else if (name === "cellXfs") list = "own";
        else if (name === "xf" && list === "base") base.push(number(attributes["numFmtId"]) ?? 0);
        else if (name === "xf" && list === "own")
          own.push({ format: number(attributes["numFmtId"]), base: number(attributes["xfId"]) });
      },
      close: (name) => {
        if (name === "cellStyleXfs" || name === "cellXfs") list = undefined;
      },
    });
    const known = new Map<number, boolean>();
    this.#isDate = own.map(({ format, base: parent }) => {
      const id = format ?? base[parent ?? -1] ?? 0;
      if (!known.has(id))
        known.set(id, isBuiltInDate(id) || (id >= 100 && writesDate(written.get(id) ?? "")));
      return known.get(id)!;
    });
  }

  /** The rows of a sheet, by its place among the sheets. */
  async rowsOf(index: number): Promise<SheetRows> {
    const found: SheetRows = { sheet: this.sheets[index], rows: [], lastRow: 0, lastColumn: 0 };
    let row = { number: 0, cells: [] as SheetCell[] };
    let [lastRow, lastColumn] = [0, 0]; // with cells that say nothing
    let cell: { column: number; type: string; style: string | undefined; text: string } | undefined;
    let column = 0;
    let phonetic = 0;
    let inText = false;
    let inSheet = false;
    const wrong = (what: string) => new Error(`sheet "${found.sheet}", row ${row.number}: ${what}`);
    const begin = (number: number) => {
      if (!Number.isInteger(number) || number <= lastRow || number > LAST_ROW)
        throw wrong(`expected a row behind row ${lastRow} and up to ${LAST_ROW}, got row ${number}`);
      row = { number, cells: [] };
      lastRow = number;
      column = 0;
    };
    const checkSpan = (rows: number) => {
      if (this.#cells + rows * lastColumn > MAX_CELLS)
        throw new InputError(
          "too-large",
          this.#path,
          `${this.#path}, sheet "${found.sheet}": the sheet spans ${rows} rows and ${lastColumn} columns, more than fit in memory. Delete what stands far outside the table, or save it as CSV.`,
        );
    };
    let rowBegun = false;
    await this.#read(this.#places[index], {
      open: ({ name, attributes }) => {
        if (name === "sheetData") inSheet = true;
        if (!inSheet) return;
        if (name === "row") {
          rowBegun = attributes["r"] !== undefined;
          if (rowBegun) begin(Number(attributes["r"]));
          else column = 0;
        } else if (name === "c") {
          const address = attributes["r"] === undefined ? undefined : addressOf(attributes["r"]);
          if (attributes["r"] !== undefined && !address)
            throw wrong(`got a cell "${attributes["r"].slice(0, 40)}"`);
          if (!rowBegun) begin(address?.row ?? lastRow + 1);
          rowBegun = true;
          const at = address?.column ?? column + 1;
          if (at <= column || at > LAST_COLUMN)
            throw wrong(`expected a cell behind column ${column}, got column ${at}`);
          column = at;
          lastColumn = Math.max(lastColumn, at);
          checkSpan(Math.max(lastRow, address?.row ?? 0));
          cell = { column: at, type: attributes["t"] ?? "n", style: attributes["s"], text: "" };
        } else if (cell && name === "rPh") phonetic++;
        else if (cell && (name === "v" || name === "t")) {
          inText = phonetic === 0;
          if (name === "v") cell.text = "";
        }
      },
      text: (more) => {
        if (!cell || !inText) return;
        cell.text += more;
        if (cell.text.length > MOST_CELL_BYTES)
          throw cellTooLarge(
            this.#path,
            `${this.#path}, sheet "${found.sheet}", row ${row.number}, column ${cell.column}`,
            undefined,
          );
      },
      close: (name) => {
        if (name === "sheetData") inSheet = false;
        else if (name === "v" || name === "t") inText = false;
        else if (name === "rPh" && phonetic > 0) phonetic--;
        else if (name === "c" && cell) {
          const value = this.#valueOf(cell);
          if (typeof value === "object" && value !== null && Number.isNaN(value.getTime()))
            throw wrong(`expected a date, got "${quoted(cell.text.slice(0, 40))}"`);
          if (typeof value === "number" && Number.isNaN(value))
            throw wrong(`expected a number, got "${quoted(cell.text.slice(0, 40))}"`);
          if (value !== null) {
            while (row.cells.length < cell.column - 1) row.cells.push(null);
            row.cells.push(value);
            found.lastColumn = Math.max(found.lastColumn, cell.column);
          }
          cell = undefined;
        } else if (name === "row") {
          // a row without number and cells stands there all the same
          if (!rowBegun) begin(lastRow + 1);
          rowBegun = false;
          if (row.cells.length === 0) return;
          found.rows.push(row);
          found.lastRow = row.number;
        }
      },
    });
    this.#cells += found.lastRow * found.lastColumn;
    return found;
  }

  #valueOf({ type, style, text }: { type: string; style: string | undefined; text: string }): SheetCell {
    if (type === "e") return null;
    if (type === "s" || type === "str" || type === "inlineStr") {
      const string = type === "s" ? (text === "" ? "" : this.#strings[Number(text)]) : unescaped(text);
      if (string === undefined)
        throw new Error(`expected a shared text, got number "${quoted(text.slice(0, 40))}"`);
      return string.trim() || null;
    }
    if (text === "") return null;
    if (type === "b") return text === "1";
    if (type === "d") return new Date(text);
    const number = Number(text);
    if (!this.#isDate[Number(style ?? -1)]) return number;
    return new Date(Math.floor((number + this.#epochDays - UNIX_EPOCH) * DAY_MS));
  }

  /** Reads a part of the archive as XML, as it unpacks; names come without their prefix. */
  async #read(place: string, { open, text, close }: Handler): Promise<void> {
    const part = this.#parts.get(place);
    if (!part) throw new Error(`it has no ${place}`);
    const parser = new SaxesParser({ position: false });
    parser.on("error", (error) => {
      // some programs write characters that XML does not have
      if (!/disallowed character/i.test(error.message)) throw new Error(`${place}: ${error.message}`);
    });
    parser.on("doctype", () => {
      throw new Error(`${place}: it has a document type declaration, which is refused for safety`);
    });
    let depth = 0;
    parser.on("opentag", (tag) => {
      if (++depth > 100) throw new Error(`${place}: it nests too deep`);
      open({ name: local(tag.name), attributes: (tag as SaxesTagPlain).attributes });
    });
    if (text) {
      parser.on("text", text);
      parser.on("cdata", text);
    }
    parser.on("closetag", (tag) => {
      depth--;
      close?.(local(tag.name));
    });
    const decoder = new TextDecoder();
    for await (const block of unpacked(part)) {
      this.#bytes += block.length;
      if (this.#bytes > this.#mostBytes)
        throw new InputError(
          "archive-too-large",
          this.#path,
          `${this.#path} unpacks to more than ${Math.round(this.#mostBytes / 2 ** 20)} MiB, over 200 times its size, which no real workbook does. Save the sheet as CSV.`,
        );
      parser.write(decoder.decode(block, { stream: true }));
    }
    parser.write(decoder.decode()).close();
  }
}

interface Handler {
  open(tag: { name: string; attributes: Record<string, string> }): void;
  text?(text: string): void;
  close?(name: string): void;
}

interface Part {
  isPacked: boolean;
  bytes: Buffer;
}

/**
 * The parts of an archive by name, from its directory (APPNOTE 4.3.12); of a name that stands twice the
 * first.
 */
function partsOf(archive: Buffer): Map<string, Part> {
  const parts = new Map<string, Part>();
  const end = archive.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  if (end < 0 || end + 22 > archive.length) throw new Error("the archive has no end");
  let at = archive.readUInt32LE(end + 16);
  for (let n = archive.readUInt16LE(end + 10); n > 0; n--) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== 0x02014b50)
      throw new Error("the directory of the archive is damaged");
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((k) => archive.readUInt16LE(at + k));
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength).replaceAll("\\", "/");
    const start = archive.readUInt32LE(at + 42);
    const length = archive.readUInt32LE(at + 20);
    const method = archive.readUInt16LE(at + 10);
    if (start + 30 > archive.length) throw new Error("the directory of the archive is damaged");
    const body = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28);
    if (method !== 0 && method !== 8) throw new Error(`${name} is packed in an unknown way`);
    if (!parts.has(name))
      parts.set(name, { isPacked: method === 8, bytes: archive.subarray(body, body + length) });
    at += 46 + nameLength + extraLength + noteLength;
  }
  return parts;
}

async function* unpacked({ isPacked, bytes }: Part): AsyncIterable<Uint8Array> {
  if (!isPacked) {
    yield bytes;
    return;
  }
  const inflate = createInflateRaw({ chunkSize: 256 << 10 });
  inflate.end(bytes);
  yield* inflate as AsyncIterable<Buffer>;
}

const local = (name: string) => name.slice(name.indexOf(":") + 1);

/** "BC12": row 12, column 55. Undefined for what is no address. */
function addressOf(text: string): { row: number; column: number } | undefined {
  const match = /^([A-Z]{1,3})(\d{1,7})$/.exec(text);
  if (!match) return undefined;
  const column = [...match[1]].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 64, 0);
  return { row: Number(match[2]), column };
}

/** Characters that XML does not have, as ECMA-376 writes them: _x000D_. */
const unescaped = (text: string) =>
  text.includes("_x")
    ? text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : text;

const DAY_MS = 86_400_000;
/** Days from Excel's day 0 to 1970, with the leap day of 1900 that there was not. */
const UNIX_EPOCH = 25_569;

/** Built-in formats of dates and times, also those of East Asian and Thai editions. */
const isBuiltInDate = (id: number) =>
  (id >= 14 && id <= 22) ||
  (id >= 27 && id <= 36) ||
  (id >= 45 && id <= 47) ||
  (id >= 50 && id <= 58) ||
  (id >= 71 && id <= 81);

const DATE_TOKENS = /^(s{1,2}|m{1,5}|h{1,2}|am|pm|a|p|d{1,4}|a{3,5}|y{1,2}|yyyy|e{1,2}|eeee)$/;
/** Longer formats are cut: the patterns below take the square of a length. */
const MOST_FORMAT = 500;

/**
 * Whether a format of numbers ("dd/mm/yyyy hh:mm;@") writes dates: some part of it consists of nothing but
 * their tokens.
 */
function writesDate(format: string): boolean {
  return format
    .slice(0, MOST_FORMAT)
    .toLowerCase()
    .replace(/;@$/, "")
    .replaceAll(/\\./g, " ")
    .split(";")
    .some((part) => {
      const tokens = part
        .replaceAll(/"[^"]*"/g, " ")
        .replaceAll(/(\[?[smhd]{1,2}\]?)[.,]00?0?/g, "$1")
        .replaceAll(/\[([smhd]{1,2})\]/g, "$1")
        .replaceAll(/\[[^\]]*\]/g, "")
        .split(/[^a-z0#?%]+/)
        .filter((token) => token !== "");
      return tokens.length > 0 && tokens.every((token) => DATE_TOKENS.test(token));
    });
}
