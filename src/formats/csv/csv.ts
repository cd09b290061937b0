import { availableParallelism } from "node:os";
import { askThread } from "../../threads/ask-thread.ts";
import type { RangeTask } from "./csv-worker.ts";
import { isUtf8 } from "node:buffer";
import { ByteDictionary } from "../../eventlog/byte-dictionary.ts";
import { choose, InputError, quoted } from "../../input-error.ts";
import { looksLikeIdentifier, sampleColumn, type ColumnSample } from "../column-sample.ts";
import { checkColumns, checkName } from "../limits.ts";
import { readAt, type OpenedFile } from "../open-bytes.ts";
import { joinNotes, type JoinCounts } from "../join-notes.ts";
import { timeOfDayNotes } from "../time-of-day-columns.ts";
import { recogniseColumns } from "../recognise-columns.ts";
import { Rejections, type ReadOptions, type ReadResult } from "../format.ts";
import {
  tableToLog,
  wantedForEvents,
  type ReadAccount,
  type Table,
  type TableColumn,
  type Wanted,
} from "../table.ts";
import { parseRange } from "./parse-range.ts";
import { CsvParser, type ColumnPlan, type CsvPart, type CsvPlan } from "./csv-parser.ts";
import { detectDialect, splitRecords } from "./csv-dialect.ts";

/** Files below this size are parsed on the calling thread; a thread costs more than it saves. */
const THREADS_FROM = 12 << 20;

/**
 * Reads CSV, TSV and other delimited text: separator, encoding, headings, number and date formats are found
 * from samples and can be given. Plain UTF-8 or Windows-1252 files are split over the cores by byte range;
 * compressed and UTF-16 ones are parsed as they stream. Result and row order do not depend on the number of
 * threads.
 *
 * Throws InputError when the file has no headings or no rows, when a needed column is not recognised, and
 * when a column of dates can be read day first and month first alike.
 */
export async function readCsv(file: OpenedFile, options: ReadOptions): Promise<ReadResult> {
  const { table, samples, account } = await readDelimited(file, options, (columns) =>
    wantedForEvents(recogniseColumns(file.path, columns, options), columns),
  );
  const recognised = recogniseColumns(file.path, samples, options);
  account.notes.unshift(...timeOfDayNotes(samples, recognised));
  return tableToLog(table, recognised, options, account);
}

/**
 * Delimited text as a table. `want` gets samples of the columns and says which must be times, names or
 * numbers, and which every row needs. Throws InputError as `readCsv`.
 */
export async function readDelimited(
  file: OpenedFile,
  options: ReadOptions,
  want: (samples: ColumnSample[]) => Wanted,
  leastColumns = 3,
): Promise<{ table: Table; samples: ColumnSample[]; account: ReadAccount }> {
  const encoding = encodingOf(file, options);
  const sampleText = decode(file.head, encoding);
  const dialect = detectDialect(sampleText, options.separator);
  checkColumns(file.path, dialect.headings.length);
  for (const heading of dialect.headings) checkName(file.path, heading);
  checkHeadings(file.path, sampleText, dialect.headings, dialect.separator, leastColumns);

  const samples = sampleColumns(file, encoding, dialect.separator, dialect.headings);
  const plan = planColumns(file.path, dialect.separator, samples, want(samples), options);

  // Text in which every ASCII character is its own byte can be split and parsed as it lies; values are
  // decoded one by one.
  const direct = file.packing === "none" && (encoding === "utf-8" || encoding === "windows-1252");
  const head = sampleText.slice(0, dialect.bodyStart);
  const read = (plan: CsvPlan) =>
    direct
      ? readRanges(
          file,
          plan,
          encoding === "utf-8" ? Buffer.byteLength(head) : head.length,
          dialect.bodyLine,
          options,
        )
      : readStream(file, plan, dialect.bodyLine, encoding, Buffer.byteLength(head), options);

  let parts = await read(plan);
  const again = replan(file.path, plan, parts, samples, options);
  if (again) parts = await read(plan);
  return assemble(file, plan, parts, samples, dialect.separator, options);
}

/**
 * The encoding that is given, or that byte order marks, zero bytes and invalid UTF-8 at the beginning tell.
 */
function encodingOf(file: OpenedFile, options: ReadOptions): string {
  if (options.encoding) {
    try {
      return new TextDecoder(options.encoding).encoding;
    } catch (cause) {
      const message = `${choose("encoding")}: expected a name like utf-8, utf-16le or windows-1252, got "${options.encoding}".`;
      throw new InputError("unknown-encoding", "--encoding", message, { cause });
    }
  }
  const [a, b] = file.head;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  const zeros = [0, 0];
  const length = Math.min(file.head.length, 2000) & ~1;
  for (let i = 0; i < length; i++) if (file.head[i] === 0) zeros[i & 1]++;
  if (zeros[1] > length * 0.35 && zeros[0] < length * 0.05) return "utf-16le";
  if (zeros[0] > length * 0.35 && zeros[1] < length * 0.05) return "utf-16be";
  if (zeros[0] + zeros[1] > 0) {
    throw new InputError(
      "not-text",
      file.path,
      `${file.path} is not a text file: it contains zero bytes. Expected CSV, XLSX, Parquet, JSON, XES, OCEL or mbox; export the data in one of these.`,
    );
  }
  return isUtf8(wholeCharacters(file.head)) ? "utf-8" : "windows-1252";
}

/** The bytes without a UTF-8 character that the end cuts in two. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  for (let back = 1; back <= 4 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      if (size > back) end = bytes.length - back;
      break;
    }
  }
  return bytes.subarray(0, end);
}

function decode(bytes: Uint8Array, encoding: string): string {
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
}

function checkHeadings(
  path: string,
  text: string,
  headings: string[],
  separator: string,
  leastColumns: number,
): void {
  if (headings.length === 0) throw new InputError("empty-file", path, `${path} holds only blank lines.`);
  if (headings.length < leastColumns) {
    const shown = headings.join(separator === "\t" ? "  " : separator).slice(0, 100);
    throw new InputError(
      "not-a-table",
      path,
      `${path}, line 1: expected headings of at least ${leastColumns === 3 ? "three columns (case, activity, time)" : "two columns"} split by comma, semicolon, tab or bar, got "${quoted(shown)}". Is this ${leastColumns === 3 ? "an event log" : "a table"}? Another separator can be given with ${choose("separator")}.`,
    );
  }
  const dataLike = sampleColumn("first line", headings).looksLikeTime;
  const timeAmong = headings.some((heading) => sampleColumn("time", [heading]).looksLikeTime);
  if (dataLike || timeAmong) {
    throw new InputError(
      "no-headings",
      path,
      `${path}, line 1: expected column headings, got what looks like a first row of data ("${quoted(headings.slice(0, 4).join(", "))}"). Add a line with headings.`,
    );
  }
  if (splitRecords(text.slice(0, 1 << 18), separator, 2).length < 2) {
    throw new InputError(
      "no-rows",
      path,
      `${path} has headings but not a single row. Export it again with data.`,
    );
  }
}

/** Samples from the beginning, and where the file can be read anywhere, from its middle and end. */
function sampleColumns(
  file: OpenedFile,
  encoding: string,
  separator: string,
  headings: string[],
): ColumnSample[] {
  const text = decode(file.head.subarray(0, 256 << 10), encoding);
  const records = splitRecords(text, separator, 1500).slice(1);
  if (
    file.packing === "none" &&
    (encoding === "utf-8" || encoding === "windows-1252") &&
    file.size > 1 << 20
  ) {
    for (const offset of [file.size * 0.25, file.size * 0.5, file.size * 0.75, file.size - (64 << 10)]) {
      const piece = decode(readAt(file.path, Math.floor(offset), 64 << 10), encoding);
      const whole = splitRecords(piece.slice(piece.indexOf("\n") + 1), separator, 300);
      records.push(...whole.slice(0, -1).filter(({ fields }) => fields.length === headings.length));
    }
  }
  const complete = records.filter(({ fields }) => fields.length >= headings.length);
  return headings.map((name, k) =>
    sampleColumn(
      name,
      complete.map(({ fields }) => fields[k]),
    ),
  );
}

function planColumns(
  file: string,
  separator: string,
  samples: ColumnSample[],
  wanted: Wanted,
  options: ReadOptions,
): CsvPlan {
  const joined = new Set([...wanted.values()].flatMap(({ date }) => date ?? []));
  const numberOf = (column: string | undefined) => {
    const k = samples.findIndex(({ name }) => name === column);
    return k < 0 ? undefined : k;
  };
  const columns = samples.map((sample): ColumnPlan => {
    const want = wanted.get(sample.name);
    const required = want?.required ?? false;
    if (want?.kind === "time-of-day")
      return {
        name: sample.name,
        kind: "time",
        required,
        hasRole: true,
        clock: { format: want.format!, date: numberOf(want.date)!, sameDay: numberOf(want.sameDay) },
      };
    if (want?.kind === "time" || (want === undefined && sample.looksLikeTime)) {
      const sampled = sample.dateOrder === "ambiguous" ? undefined : sample.dateOrder;
      return {
        name: sample.name,
        kind: "time",
        required,
        orElse: numberOf(want?.orElse),
        isWallClock: joined.has(sample.name),
        hasRole: want !== undefined,
        dateOrder: options.dateOrder ?? sampled ?? "dmy",
        numericTime: sample.numericTime,
      };
    }
    const isNumber = want === undefined ? !looksLikeIdentifier(sample) : want.kind === "number";
    if (isNumber && sample.numberFormat !== undefined) {
      const number =
        sample.numberFormat !== "ambiguous"
          ? sample.numberFormat
          : options.decimal &&
            ({ decimal: options.decimal, thousands: options.decimal === "." ? "," : "." } as const);
      if (number) return { name: sample.name, kind: "number", required: false, hasRole: false, number };
    }
    return { name: sample.name, kind: "dictionary", required, hasRole: want !== undefined };
  });
  return { file, separator, columns, timeZone: options.timeZone ?? "UTC" };
}

/**
 * Decides from the evidence of the whole file what the samples left open. Returns true when the file must be
 * read again: a column of dates turned out month first, or a column of numbers is not one.
 */
function replan(
  path: string,
  plan: CsvPlan,
  parts: CsvPart[],
  samples: ColumnSample[],
  options: ReadOptions,
): boolean {
  let again = false;
  const rows = parts.reduce((sum, part) => sum + part.read, 0);
  plan.columns.forEach((column, k) => {
    const sum = (pick: (part: CsvPart) => number) => parts.reduce((total, part) => total + pick(part), 0);
    const emptied = sum((part) => part.emptied[k]);
    const sampled = samples[k].dateOrder;
    if (column.kind === "time" && !options.dateOrder && (sampled === undefined || sampled === "ambiguous")) {
      const ambiguous = sum((part) => part.times[k].ambiguous);
      const dayFirst = sum((part) => part.times[k].onlyDayFirst);
      const monthFirst = sum((part) => part.times[k].onlyMonthFirst);
      if (monthFirst > 0 && dayFirst === 0) {
        column.dateOrder = "mdy";
        again = true;
        return;
      }
      if (dayFirst === 0 && ambiguous > 0) throw ambiguousDates(path, column.name, samples[k].examples);
    }
    if (!column.hasRole && column.kind !== "dictionary" && emptied > Math.max(20, rows * 0.005)) {
      column.kind = "dictionary";
      again = true;
    }
  });
  return again;
}

function ambiguousDates(path: string, column: string, examples: string[]): InputError {
  return new InputError(
    "ambiguous-dates",
    path,
    `${path}, column "${column}": dates like "${quoted(examples[0])}" can be read day first or month first, and no row in the file tells which. Say so with ${choose("date-order", "dmy")} or ${choose("date-order", "mdy")}.`,
  );
}

const PARSER = new URL("./csv-worker.ts", import.meta.url);

async function readRanges(
  file: OpenedFile,
  plan: CsvPlan,
  bodyStart: number,
  bodyLine: number,
  options: ReadOptions,
): Promise<CsvPart[]> {
  const { path, size } = file;
  const threads = size < THREADS_FROM ? 1 : Math.max(1, Math.min(8, availableParallelism()));
  if (threads === 1) return [parseRange(path, plan, bodyStart, size, bodyLine, options.onProgress)];

  const starts = [bodyStart];
  for (let k = 1; k < threads; k++) {
    const guess = recordStartNear(path, bodyStart + Math.floor(((size - bodyStart) * k) / threads), plan);
    if (guess !== undefined && guess > starts.at(-1)! && guess < size) starts.push(guess);
  }
  const done = starts.map(() => 0);
  const parts = await Promise.all(
    starts.map((start, k) => {
      const end = starts[k + 1] ?? size;
      const firstLine = k === 0 ? bodyLine : 1;
      return askThread<RangeTask, CsvPart>(
        PARSER,
        { path, plan, start, end, firstLine },
        {
          onProgress(share, doing) {
            done[k] = share * (end - start);
            options.onProgress?.(done.reduce((a, b) => a + b, 0) / size, doing);
          },
        },
      );
    }),
  );
  // A range was guessed right when the range before it ends exactly where it begins. Otherwise (a line break
  // in quotes looked like the end of a record) read on from where the parser really is.
  for (let k = 1; k < starts.length; k++) {
    if (parts[k - 1].end !== starts[k]) {
      const kept = parts.slice(0, k);
      kept.push(parseRange(path, plan, kept[k - 1].end, size, 1, options.onProgress));
      return withLines(kept, bodyLine);
    }
  }
  return withLines(parts, bodyLine);
}

/**
 * Line numbers counted from the beginning of the file; parts behind the first count from their own beginning.
 */
function withLines(parts: CsvPart[], bodyLine: number): CsvPart[] {
  let line = bodyLine;
  for (const [k, part] of parts.entries()) {
    if (k > 0) for (const rejection of [...part.rejections, ...part.emptiedValues]) rejection.at += line - 1;
    line += part.lines;
  }
  return parts;
}

/**
 * A likely beginning of a record at or behind `offset`: from there, ten records have the right number of
 * fields.
 */
function recordStartNear(path: string, offset: number, plan: CsvPlan): number | undefined {
  const piece = Buffer.from(readAt(path, offset, 1 << 20)).toString("latin1");
  let at = piece.indexOf("\n") + 1;
  for (let tries = 0; at > 0 && tries < 1000; tries++) {
    const records = splitRecords(piece.slice(at, at + (256 << 10)), plan.separator, 10).filter(
      (r) => r.complete,
    );
    if (records.length > 0 && records.every(({ fields }) => fields.length === plan.columns.length))
      return offset + at;
    at = piece.indexOf("\n", at) + 1;
  }
  return undefined;
}

async function readStream(
  file: OpenedFile,
  plan: CsvPlan,
  bodyLine: number,
  encoding: string,
  bodyStart: number,
  options: ReadOptions,
): Promise<CsvPart[]> {
  const parser = new CsvParser(plan, bodyLine);
  const decoder = encoding === "utf-8" ? undefined : new TextDecoder(encoding, { ignoreBOM: true });
  const encoder = new TextEncoder();
  let buffer = new Uint8Array(4 << 20);
  let length = 0;
  let skip = bodyStart; // bytes of UTF-8 that hold the headings
  let consumed = 0;
  const take = (bytes: Uint8Array, isEnd: boolean) => {
    if (skip > 0) {
      const cut = Math.min(skip, bytes.length);
      skip -= cut;
      bytes = bytes.subarray(cut);
    }
    if (length + bytes.length > buffer.length) {
      const larger = new Uint8Array(Math.max(buffer.length * 2, length + bytes.length));
      larger.set(buffer.subarray(0, length));
      buffer = larger;
    }
    buffer.set(bytes, length);
    length += bytes.length;
    const done = parser.parse(buffer, 0, length, length, isEnd);
    consumed += done;
    buffer.copyWithin(0, done, length);
    length -= done;
  };
  for await (const block of file.blocks((share) => options.onProgress?.(share, "reading"))) {
    take(decoder ? encoder.encode(decoder.decode(block, { stream: true })) : block, false);
  }
  take(decoder ? encoder.encode(decoder.decode()) : new Uint8Array(0), true);
  return [parser.finish(consumed)];
}

function assemble(
  file: OpenedFile,
  plan: CsvPlan,
  parts: CsvPart[],
  samples: ColumnSample[],
  separator: string,
  options: ReadOptions,
): { table: Table; samples: ColumnSample[]; account: ReadAccount } {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const rejections = new Rejections();
  const emptied = new Rejections();
  for (const part of parts) {
    for (const rejection of part.rejections) rejections.add(rejection);
    rejections.count += part.rejected - part.rejections.length;
    for (const value of part.emptiedValues) emptied.add(value);
    emptied.count += part.emptied.reduce((a, b) => a + b, 0) - part.emptiedValues.length;
  }
  const notes: string[] = [];
  const columns = plan.columns.map(({ name, kind }, k): TableColumn => {
    if (kind !== "dictionary") {
      const values = parts.map((part) => (part.columns[k] as { numbers: Float64Array }).numbers);
      const numbers = values.length === 1 ? values[0] : concatenate(values, new Float64Array(rows));
      return kind === "number" ? { name, kind, numbers } : { name, kind: "time", times: numbers };
    }
    const { codes, values } = mergeDictionaries(parts, k, rows);
    const odd = values.countNotUtf8();
    if (odd > 0 && !options.encoding) {
      notes.push(
        `Column "${name}": ${odd} distinct values are not valid UTF-8 and were read as Windows-1252.`,
      );
    }
    if (samples[k].numberFormat === "ambiguous" && !options.decimal) {
      notes.push(
        `Column "${name}": numbers like "${quoted(samples[k].examples[0])}" can have a decimal or a thousands separator; it was kept as text. Say which with ${choose("decimal", ".")} or ${choose("decimal", ",")}`,
      );
    }
    return { name, kind: "dictionary", codes, values };
  });
  for (const [k, { name, clock }] of plan.columns.entries()) {
    if (!clock) continue;
    const sum = (what: keyof JoinCounts) => parts.reduce((total, part) => total + part.joins[k][what], 0);
    notes.push(
      ...joinNotes(plan.columns[clock.date].name, name, { empty: sum("empty"), replaced: sum("replaced") }),
    );
  }
  const zoneless = parts.reduce(
    (sum, part) => sum + part.times.reduce((a, { zoneless }) => a + zoneless, 0),
    0,
  );
  if (zoneless > 0) {
    notes.push(
      options.timeZone
        ? `Times without a zone were read as wall-clock times of ${options.timeZone}.`
        : `Times carry no zone and were read as UTC; give ${choose("time-zone")} if they are local times.`,
    );
  }
  plan.columns.forEach((column, k) => {
    if (
      column.kind !== "time" ||
      !parts.some(({ times }) => times[k].ambiguous + times[k].onlyDayFirst + times[k].onlyMonthFirst > 0)
    )
      return;
    const order = column.dateOrder === "mdy" ? "month first" : "day first";
    notes.push(`Column "${column.name}": dates were read ${order}${options.dateOrder ? " (given)" : ""}.`);
  });
  const table: Table = { rowCount: rows, columns };
  const shownSeparator = separator === "\t" ? "tab" : separator;
  const account = {
    file: file.path,
    format: `delimited text, separator ${shownSeparator}${file.packing === "none" ? "" : `, ${file.packing}`}`,
    rejections,
    emptied,
    read: parts.reduce((sum, part) => sum + part.read, 0),
    notes,
  };
  return { table, samples, account };
}

function mergeDictionaries(
  parts: CsvPart[],
  k: number,
  rows: number,
): { codes: Uint32Array; values: ByteDictionary } {
  const columns = parts.map(
    (part) => part.columns[k] as Extract<CsvPart["columns"][number], { kind: "dictionary" }>,
  );
  const values = ByteDictionary.fromParts(columns[0].dictionary);
  if (columns.length === 1) return { codes: columns[0].codes, values };
  const codes = new Uint32Array(rows);
  let row = 0;
  for (const column of columns) {
    const map = values.merge(column.dictionary);
    for (let i = 0; i < column.codes.length; i++) codes[row++] = map[column.codes[i]];
  }
  return { codes, values };
}

function concatenate(parts: Float64Array[], to: Float64Array): Float64Array {
  let at = 0;
  for (const part of parts) {
    to.set(part, at);
    at += part.length;
  }
  return to;
}
