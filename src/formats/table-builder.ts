import { ByteDictionary } from "../eventlog/byte-dictionary.ts";
import { nameAt, type Strings } from "../eventlog/strings.ts";
import { TimeZone, UTC } from "../eventlog/time-zone.ts";
import { choose, InputError, quoted } from "../input-error.ts";
import { EXPECTED_TIME_OF_DAY, joinNotes, type JoinCounts } from "./join-notes.ts";
import { checkCell, checkCells, checkColumns, checkName, MOST_CELLS } from "./limits.ts";
import { isMissingWord } from "./missing-words.ts";
import { looksLikeIdentifier, sampleColumn, type ColumnSample } from "./column-sample.ts";
import { recogniseColumns } from "./recognise-columns.ts";
import { Rejections, type ReadOptions, type ReadResult, type Records, type Rejection } from "./format.ts";
import { tableToLog, wantedForEvents, type Table, type TableColumn, type Wanted } from "./table.ts";
import { parseWritten, type NumberFormat } from "./values/parse-number.ts";
import { TimeOfDayParser } from "./values/parse-time-of-day.ts";
import { TimeParser } from "./values/parse-time.ts";
import { timeOfDayNotes } from "./time-of-day-columns.ts";

/** A value as a parsed document holds it. */
export type CellValue = string | number | boolean | Date | null | undefined;

/**
 * Collects a table cell by cell, for sources that are not delimited text. Columns come into being with their
 * first value; a cell never set is missing. A column that meets numbers and texts becomes text.
 */
export class TableBuilder {
  readonly #file: string;
  readonly #columns = new Map<string, ColumnBuilder>();
  /** cells for which there is room */
  #room = 0;

  /** `file` is how messages call what the table is read from. */
  constructor(file = "the table") {
    this.#file = file;
  }

  set(row: number, name: string, value: CellValue): void {
    if (value === null || value === undefined) {
      this.column(name);
      return;
    }
    const column = this.column(name);
    if (typeof value === "number") column.setNumber(row, value);
    else if (value instanceof Date) column.setTime(row, value.getTime());
    else column.setText(row, String(value));
  }

  column(name: string): ColumnBuilder {
    let column = this.#columns.get(name);
    if (!column) {
      checkName(this.#file, name);
      column = new ColumnBuilder(name, this.#file, (cells) => this.#grow(cells));
      this.#columns.set(name, column);
      checkColumns(this.#file, this.#columns.size);
    }
    return column;
  }

  /**
   * Room is made before cells are: a table that is nearly empty is refused before it has taken the memory.
   */
  #grow(cells: number): void {
    this.#room += cells;
    if (this.#room > MOST_CELLS) this.#check(this.#room / this.#columns.size);
  }

  #check(rows: number): void {
    let filled = 0;
    for (const column of this.#columns.values()) filled += column.filled;
    checkCells(this.#file, this.#columns.size, Math.round(rows), filled);
  }

  /** Takes back what was set in a row. */
  clear(row: number): void {
    for (const column of this.#columns.values()) column.clear(row);
  }

  finish(rowCount: number): Table {
    this.#check(rowCount);
    return { rowCount, columns: [...this.#columns.values()].map((column) => column.finish(rowCount)) };
  }
}

/** One column that grows with the rows set in it. */
class ColumnBuilder {
  readonly name: string;
  kind: "empty" | "dictionary" | "number" | "time" = "empty";
  /** how often a value was set */
  filled = 0;
  readonly #file: string;
  readonly #onGrow: (cells: number) => void;
  #codes = new Uint32Array(0);
  #numbers = new Float64Array(0);
  #dictionary = new ByteDictionary();
  readonly #known = new Map<string, number>();

  constructor(name: string, file: string, onGrow: (cells: number) => void = () => {}) {
    this.name = name;
    this.#file = file;
    this.#onGrow = onGrow;
  }

  setText(row: number, text: string): void {
    checkCell(this.#file, this.name, text.length);
    this.filled++;
    this.#become("dictionary");
    this.#reserve(row);
    if (isMissingWord(text)) return;
    let code = this.#known.get(text);
    if (code === undefined) {
      code = this.#dictionary.encodeString(text);
      if (this.#known.size < 100_000) this.#known.set(text, code);
    }
    this.#codes[row] = code;
  }

  setBytes(row: number, b: Uint8Array, from: number, to: number): void {
    checkCell(this.#file, this.name, to - from);
    this.filled++;
    if (this.kind !== "dictionary") this.#become("dictionary");
    this.#reserve(row);
    this.#codes[row] = this.#dictionary.encode(b, from, to);
  }

  setNumber(row: number, value: number): void {
    this.#setNumeric(row, value, "number");
  }

  setTime(row: number, time: number): void {
    this.#setNumeric(row, time, "time");
  }

  /** Takes back what was set in a row. */
  clear(row: number): void {
    if (row < this.#codes.length) this.#codes[row] = 0;
    if (row < this.#numbers.length) this.#numbers[row] = NaN;
  }

  finish(rowCount: number): TableColumn {
    const { name } = this;
    if (this.kind === "number" || this.kind === "time") {
      const numbers = new Float64Array(rowCount).fill(NaN);
      numbers.set(this.#numbers.subarray(0, Math.min(rowCount, this.#numbers.length)));
      return this.kind === "number"
        ? { name, kind: "number", numbers }
        : { name, kind: "time", times: numbers };
    }
    const codes = new Uint32Array(rowCount);
    codes.set(this.#codes.subarray(0, Math.min(rowCount, this.#codes.length)));
    return { name, kind: "dictionary", codes, values: this.#dictionary };
  }

  #setNumeric(row: number, value: number, kind: "number" | "time"): void {
    if (this.kind === "empty") this.kind = kind;
    if (this.kind !== kind) {
      this.#become("dictionary");
      this.setText(row, kind === "time" ? isoTime(value) : String(value));
      return;
    }
    this.filled++;
    if (row >= this.#numbers.length) {
      const size = roomFor(row);
      this.#onGrow(size - this.#numbers.length);
      const larger = new Float64Array(size).fill(NaN);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[row] = value;
  }

  #become(kind: "dictionary"): void {
    const before = this.kind;
    if (before === kind) return;
    this.kind = kind;
    if (before === "empty") return;
    this.#numbers.forEach((value, row) => {
      if (!Number.isNaN(value)) this.setText(row, before === "time" ? isoTime(value) : String(value));
    });
    this.#numbers = new Float64Array(0);
  }

  #reserve(row: number): void {
    if (row < this.#codes.length) return;
    const size = roomFor(row);
    this.#onGrow(size - this.#codes.length);
    const larger = new Uint32Array(size);
    larger.set(this.#codes);
    this.#codes = larger;
  }
}

const roomFor = (row: number) => Math.max(64, (row + 1) * 2);

function isoTime(ms: number): string {
  return Number.isNaN(ms) || Math.abs(ms) > 8.64e15 ? "" : new Date(ms).toISOString();
}

/** What each column of a finished table looks like, for recognising which is which. */
export function sampleTable({ columns }: Table): ColumnSample[] {
  return columns.map((column) => {
    if (column.kind === "dictionary") {
      const sample = sampleColumn(column.name, firstValues(column.values, 400));
      // One telling date anywhere decides the order of all.
      return sample.dateOrder === "ambiguous"
        ? sampleColumn(column.name, firstValues(column.values, 500_000))
        : sample;
    }
    const numbers = column.kind === "number" ? column.numbers : column.times;
    const filled = numbers.subarray(0, 5000).filter((value) => !Number.isNaN(value));
    if (column.kind === "number") return sampleColumn(column.name, Array.from(filled, String));
    const examples = [...new Set(Array.from(filled.subarray(0, 3), isoTime))];
    return {
      name: column.name,
      filled: filled.length,
      examples,
      looksLikeTime: filled.length > 0,
      dateOnly: filled.length > 0 && filled.every((time) => time % 86_400_000 === 0),
      timeShare: filled.length > 0 ? 1 : 0,
      looksLikeIdentifier: false,
    };
  });
}

function firstValues(values: Strings, most: number): string[] {
  return Array.from({ length: Math.min(most, values.length - 1) }, (_, i) => nameAt(values, i + 1));
}

/** Where each row of a table stands in its file. */
export interface RowPlaces {
  unit: Rejection["unit"];
  at: (row: number) => number;
}

/**
 * Gives each column of a table the kind it must have (times as times, names as names) and rejects the rows
 * that have no case, activity or time. Columns of text whose every value is a number or a time become so.
 *
 * Throws InputError where dates can be read day first and month first alike.
 */
export function completeTable(
  file: string,
  table: Table,
  samples: ColumnSample[],
  wanted: Wanted,
  options: ReadOptions,
  places: RowPlaces,
): { table: Table; rejections: Rejections; emptied: Rejections; notes: string[] } {
  const rejections = new Rejections();
  const emptied = new Rejections();
  const notes: string[] = [];
  const bad = new Uint8Array(table.rowCount);
  const reject = (row: number, column: string, expected: string, got: string) => {
    if (!bad[row]) rejections.add({ at: places.at(row), unit: places.unit, column, expected, got });
    bad[row] = 1;
  };

  const clocks: { k: number; column: TableColumn; want: NonNullable<ReturnType<Wanted["get"]>> }[] = [];
  const joined = new Set([...wanted.values()].flatMap(({ date }) => date ?? []));
  const needed: { times: Float64Array; column: string; orElse: string | undefined }[] = [];
  const columns = table.columns.map((column, k): TableColumn => {
    const want = wanted.get(column.name);
    const sample = samples[k];
    const required = want?.required ?? false;
    if (want?.kind === "time-of-day") {
      clocks.push({ k, column, want });
      return column;
    }
    if (want?.kind === "time" || (want === undefined && sample.looksLikeTime)) {
      const times = asTimes(
        file,
        column,
        sample,
        options,
        notes,
        (row, got) => {
          const place = { at: places.at(row), unit: places.unit, column: column.name };
          if (required) reject(row, column.name, "a time like 2025-03-01T09:30:00Z", got);
          else emptied.add({ ...place, expected: "a time", got });
        },
        joined.has(column.name),
      );
      if (required) needed.push({ times, column: column.name, orElse: want?.orElse });
      return { name: column.name, kind: "time", times };
    }
    if (want === undefined && looksLikeIdentifier(sample)) return column;
    if (want === undefined || want.kind === "number") return asNumbers(column, sample, options, notes);
    const names = asNames(column);
    if (required) names.codes.forEach((code, row) => code === 0 && reject(row, column.name, "a value", ""));
    return names;
  });
  for (const { k, column, want } of clocks) {
    const dates = columns.find(({ name }) => name === want.date);
    if (dates?.kind !== "time") throw new Error(`column "${want.date}" was not read as dates`);
    const other = table.columns.find(({ name }) => name === want.sameDay);
    const times = joinTimesOfDay(dates.times, asNames(column), want, options, notes, {
      isUnknown: (row) => other !== undefined && (!want.required || hasValue(other, row)),
      onBad: (row, got) => {
        if (want.required) reject(row, column.name, EXPECTED_TIME_OF_DAY, got);
        else
          emptied.add({
            at: places.at(row),
            unit: places.unit,
            column: column.name,
            expected: EXPECTED_TIME_OF_DAY,
            got,
          });
      },
    });
    columns[k] = { name: column.name, kind: "time", times };
  }
  for (const { times, column, orElse } of needed) {
    const other = columns.find(({ name }) => name === orElse);
    const instead = other?.kind === "time" ? other.times : undefined;
    times.forEach((time, row) => {
      if (Number.isNaN(time) && !(instead && !Number.isNaN(instead[row]))) reject(row, column, "a time", "");
    });
  }
  return { table: withoutRows({ rowCount: table.rowCount, columns }, bad), rejections, emptied, notes };
}

function asTimes(
  file: string,
  column: TableColumn,
  sample: ColumnSample,
  options: ReadOptions,
  notes: string[],
  onBad: (row: number, got: string) => void,
  isWallClock: boolean,
): Float64Array {
  if (column.kind === "time") return column.times;
  if (sample.dateOrder === "ambiguous" && !options.dateOrder) {
    throw new InputError(
      "ambiguous-dates",
      file,
      `${file}, column "${column.name}": dates like "${quoted(sample.examples[0])}" can be read day first or month first, and no row tells which. Say so with ${choose("date-order", "dmy")} or ${choose("date-order", "mdy")}.`,
    );
  }
  const sampled = sample.dateOrder === "ambiguous" ? undefined : sample.dateOrder;
  const order = options.dateOrder ?? sampled ?? "dmy";
  const parser = new TimeParser(
    order,
    isWallClock ? UTC : new TimeZone(options.timeZone ?? "UTC"),
    sample.numericTime,
  );
  const names = asNames(column);
  const parsed = new Float64Array(names.values.length).fill(NaN);
  for (let code = 1; code < parsed.length; code++)
    parsed[code] = parser.parseString(names.values.at(code) ?? "");
  const times = new Float64Array(names.codes.length);
  names.codes.forEach((code, row) => {
    times[row] = parsed[code];
    if (code !== 0 && Number.isNaN(parsed[code])) onBad(row, names.values.at(code) ?? "");
  });
  if (sample.dateOrder)
    notes.push(`Column "${column.name}": dates were read ${order === "dmy" ? "day" : "month"} first.`);
  if (parser.zoneless > 0) {
    notes.push(
      `Column "${column.name}": times without a zone were read as times of ${options.timeZone ?? "UTC"}.`,
    );
  }
  return times;
}

/** Days of the wall clock and times of day as instants. */
function joinTimesOfDay(
  dates: Float64Array,
  clock: Extract<TableColumn, { kind: "dictionary" }>,
  { format, date }: NonNullable<ReturnType<Wanted["get"]>>,
  options: ReadOptions,
  notes: string[],
  { isUnknown, onBad }: { isUnknown: (row: number) => boolean; onBad: (row: number, got: string) => void },
): Float64Array {
  const parser = new TimeOfDayParser(format!);
  const zone = new TimeZone(options.timeZone ?? "UTC");
  const ofDay = new Float64Array(clock.values.length).fill(NaN);
  const offset = new Float64Array(clock.values.length).fill(NaN);
  for (let code = 1; code < ofDay.length; code++) {
    ofDay[code] = parser.parseString(clock.values.at(code) ?? "");
    offset[code] = parser.offset ?? NaN;
  }
  const counts: JoinCounts = { empty: 0, replaced: 0 };
  const times = Float64Array.from(clock.codes, (code, row) => {
    if (Number.isNaN(dates[row])) return NaN;
    if (code === 0) {
      if (isUnknown(row)) return NaN;
      counts.empty++;
      return zone.toUtc(dates[row]);
    }
    if (Number.isNaN(ofDay[code])) {
      onBad(row, clock.values.at(code) ?? "");
      return NaN;
    }
    const day = Math.floor(dates[row] / 86_400_000) * 86_400_000;
    if (day !== dates[row]) counts.replaced++;
    return Number.isNaN(offset[code]) ? zone.toUtc(day + ofDay[code]) : day + ofDay[code] - offset[code];
  });
  notes.push(...joinNotes(date!, clock.name, counts));
  return times;
}

function hasValue(column: TableColumn, row: number): boolean {
  if (column.kind === "dictionary") return column.codes[row] !== 0;
  return !Number.isNaN(column.kind === "number" ? column.numbers[row] : column.times[row]);
}

function asNumbers(
  column: TableColumn,
  sample: ColumnSample,
  options: ReadOptions,
  notes: string[],
): TableColumn {
  if (column.kind !== "dictionary" || sample.numberFormat === undefined) return column;
  let format: NumberFormat;
  if (sample.numberFormat !== "ambiguous") format = sample.numberFormat;
  else if (options.decimal)
    format = { decimal: options.decimal, thousands: options.decimal === "." ? "," : "." };
  else {
    notes.push(
      `Column "${column.name}": numbers like "${quoted(sample.examples[0])}" can be read two ways; kept as text. Say which with ${choose("decimal", ".")} or ${choose("decimal", ",")}`,
    );
    return column;
  }
  const parsed = new Float64Array(column.values.length).fill(NaN);
  for (let code = 1; code < parsed.length; code++) {
    parsed[code] = parseWritten(column.values.at(code) ?? "", format);
    if (Number.isNaN(parsed[code])) return column; // one value that is no number: the column is text
  }
  return {
    name: column.name,
    kind: "number",
    numbers: Float64Array.from(column.codes, (code) => parsed[code]),
  };
}

/** A column as names; numbers and times are written out. */
export function asNames(column: TableColumn): Extract<TableColumn, { kind: "dictionary" }> {
  if (column.kind === "dictionary") return column;
  const builder = new ColumnBuilder(column.name, column.name);
  const numbers = column.kind === "number" ? column.numbers : column.times;
  numbers.forEach((value, row) => {
    if (!Number.isNaN(value)) builder.setText(row, column.kind === "time" ? isoTime(value) : String(value));
  });
  builder.kind = "dictionary";
  return builder.finish(numbers.length) as Extract<TableColumn, { kind: "dictionary" }>;
}

/** The table without the rows marked 1. */
function withoutRows({ rowCount, columns }: Table, bad: Uint8Array): Table {
  if (!bad.includes(1)) return { rowCount, columns };
  const kept: number[] = [];
  for (let r = 0; r < rowCount; r++) if (!bad[r]) kept.push(r);
  return {
    rowCount: kept.length,
    columns: columns.map((column): TableColumn => {
      if (column.kind === "number")
        return { ...column, numbers: Float64Array.from(kept, (r) => column.numbers[r]) };
      if (column.kind === "time")
        return { ...column, times: Float64Array.from(kept, (r) => column.times[r]) };
      return { ...column, codes: Uint32Array.from(kept, (r) => column.codes[r]) };
    }),
  };
}

/** What a reader of rows knows besides them. */
export interface TableAccount {
  file: string;
  format: string;
  places: RowPlaces;
  /** rows that could not be made cells of at all */
  rejections?: Rejections;
  notes?: string[];
  records?: Records[];
}

/** A table as a reader built it, before anybody said which column is what. */
export interface RawTable {
  table: Table;
  account: TableAccount;
}

/**
 * The event log of a table that a reader built cell by cell: recognises the columns and rejects incomplete
 * rows.
 */
export function readTable(table: Table, options: ReadOptions, account: TableAccount): ReadResult {
  const { file, format, places, records } = account;
  const early = account.rejections ?? new Rejections();
  if (table.rowCount === 0 && early.count === 0) {
    throw new InputError("no-rows", file, `${file} holds not a single row. Export it again with data.`);
  }
  const samples = sampleTable(table);
  const recognised = recogniseColumns(file, samples, options);
  const complete = completeTable(file, table, samples, wantedForEvents(recognised, samples), options, places);
  for (const rejection of complete.rejections.first) early.add(rejection);
  early.count += complete.rejections.count - complete.rejections.first.length;
  return tableToLog(complete.table, recognised, options, {
    file,
    format,
    read: table.rowCount + early.count - complete.rejections.count,
    rejections: early,
    emptied: complete.emptied,
    notes: [...(account.notes ?? []), ...timeOfDayNotes(samples, recognised), ...complete.notes],
    records,
  });
}
