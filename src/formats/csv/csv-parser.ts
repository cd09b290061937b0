import { ByteDictionary, type DictionaryParts } from "../../eventlog/byte-dictionary.ts";
import { TimeZone, UTC } from "../../eventlog/time-zone.ts";
import { checkCells, MOST_CELL_BYTES } from "../limits.ts";
import { isMissingWord } from "../missing-words.ts";
import { EXPECTED_TIME_OF_DAY, type JoinCounts } from "../join-notes.ts";
import { Rejections, type Rejection } from "../format.ts";
import { parseNumber, type NumberFormat } from "../values/parse-number.ts";
import { TimeOfDayParser, type TimeOfDayFormat } from "../values/parse-time-of-day.ts";
import { TimeParser, type NumericTime } from "../values/parse-time.ts";

/** What to do with each column of a delimited file; plain data, so that it can be posted to a thread. */
export interface CsvPlan {
  /** how messages call it */
  file?: string;
  separator: string;
  columns: ColumnPlan[];
  timeZone: string;
}

export interface ColumnPlan {
  name: string;
  kind: "dictionary" | "number" | "time";
  /** a row without a value here is not an event and is rejected */
  required: boolean;
  /** number of the column of begins: a row that has a begin and nothing here is open work and is kept */
  orElse?: number;
  /** taken as the case, the time, a person …: its kind is settled */
  hasRole: boolean;
  number?: NumberFormat;
  dateOrder?: "dmy" | "mdy";
  numericTime?: NumericTime;
  /** dates that are joined with times of day: days of the wall clock, in no zone yet */
  isWallClock?: boolean;
  /** times of day: the values become instants on the dates of column `date`; `sameDay` is `Wanted.sameDay` */
  clock?: { format: TimeOfDayFormat; date: number; sameDay?: number };
}

/** The columns of one stretch of a file, in input order. */
export interface CsvPart {
  rows: number;
  /** records read: rows plus rejected */
  read: number;
  lines: number;
  columns: PartColumn[];
  rejected: number;
  rejections: Rejection[];
  /** by column: values that did not fit and were left empty */
  emptied: number[];
  emptiedValues: Rejection[];
  /** by column: evidence for the order of dates, and times without a zone */
  times: { ambiguous: number; onlyDayFirst: number; onlyMonthFirst: number; zoneless: number }[];
  /** by column of times of day: what was met when they were joined with dates */
  joins: JoinCounts[];
  /** where the next record would begin */
  end: number;
}

export type PartColumn =
  | { kind: "dictionary"; codes: Uint32Array; dictionary: DictionaryParts }
  | { kind: "number" | "time"; numbers: Float64Array };

const MAX_RECORD = 16 << 20;

/**
 * Parses delimited text (RFC 4180, any line break) from bytes into columns, without a string or an object per
 * value. Feed it with `parse`, end with `finish`. Records with the wrong number of fields, without a required
 * value or with an unreadable required time are rejected with their line; other values that do not fit are
 * left empty and counted.
 *
 * A quoted field that is never closed, or a record of more than 16 MiB, rejects that line alone: reading goes
 * on with the next line. Cost: one pass to find the fields, one over each field's bytes.
 */
export class CsvParser {
  readonly #separator: number;
  readonly #plan: CsvPlan;
  readonly #width: number;
  readonly #dictionaries: (ByteDictionary | undefined)[];
  readonly #parsers: (TimeParser | undefined)[];
  readonly #zone: TimeZone;
  readonly #clocks: (TimeOfDayParser | undefined)[];
  readonly #joins: JoinCounts[];
  readonly #requiredClocks: number[];
  readonly #otherClocks: number[];
  readonly #order: number[]; // required columns first
  readonly #requiredTimes: number[];
  readonly #requiredNames: number[];
  #codes: (Uint32Array | undefined)[];
  #numbers: (Float64Array | undefined)[];
  #capacity: number;
  #from: Int32Array;
  #to: Int32Array;
  #escaped: Uint8Array;
  #scratch = new Uint8Array(256);
  #rows = 0;
  #filled = 0;
  #read = 0;
  #line: number;
  readonly #firstLine: number;
  #rejections = new Rejections();
  #emptied = new Rejections();
  #surplusFrom = 0; // where the fields beyond the last column begin
  readonly #emptiedBy: number[];
  #skippingLine = false; // the rest of a line that was too long
  readonly maxRecord: number;

  constructor(plan: CsvPlan, firstLine: number, expectedRows = 1024, maxRecord = MAX_RECORD) {
    this.maxRecord = maxRecord;
    this.#plan = plan;
    this.#separator = plan.separator.charCodeAt(0);
    const { columns } = plan;
    this.#width = columns.length;
    const zone = new TimeZone(plan.timeZone);
    this.#dictionaries = columns.map(({ kind }) =>
      kind === "dictionary" ? new ByteDictionary() : undefined,
    );
    this.#zone = zone;
    this.#parsers = columns.map(({ kind, clock, dateOrder, numericTime, isWallClock }) =>
      kind === "time" && !clock
        ? new TimeParser(dateOrder ?? "dmy", isWallClock ? UTC : zone, numericTime)
        : undefined,
    );
    this.#clocks = columns.map(({ clock }) => clock && new TimeOfDayParser(clock.format));
    this.#joins = columns.map(() => ({ empty: 0, replaced: 0 }));
    const indices = columns.map((_, k) => k);
    this.#requiredClocks = indices.filter((k) => columns[k].required && columns[k].clock);
    this.#otherClocks = indices.filter((k) => !columns[k].required && columns[k].clock);
    const unjoined = indices.filter((k) => !columns[k].clock);
    this.#order = unjoined.filter((k) => !(columns[k].required && columns[k].kind === "time"));
    this.#requiredTimes = unjoined.filter((k) => columns[k].required && columns[k].kind === "time");
    this.#requiredNames = indices.filter((k) => columns[k].required && columns[k].kind === "dictionary");
    // a row has a byte for each of its columns at least
    const likely = this.#width > 60 ? (expectedRows * 60) / this.#width : expectedRows;
    this.#capacity = Math.max(64, Math.ceil(likely));
    this.#codes = columns.map(({ kind }) =>
      kind === "dictionary" ? new Uint32Array(this.#capacity) : undefined,
    );
    this.#numbers = columns.map(({ kind }) =>
      kind === "dictionary" ? undefined : new Float64Array(this.#capacity),
    );
    this.#from = new Int32Array(this.#width + 1);
    this.#to = new Int32Array(this.#width + 1);
    this.#escaped = new Uint8Array(this.#width + 1);
    this.#emptiedBy = columns.map(() => 0);
    this.#line = this.#firstLine = firstLine;
  }

  get rows(): number {
    return this.#rows;
  }

  /**
   * Reads records that begin in [from, stop) of `b`, whose bytes are valid up to `to`. Returns the offset of
   * the first record that was not read: at or behind `stop`, or before it when the bytes end within a record
   * and `isEnd` is false (then move the rest to the front, append more bytes and call again).
   */
  parse(b: Uint8Array, from: number, stop: number, to: number, isEnd: boolean): number {
    const separator = this.#separator;
    const width = this.#width;
    const starts = this.#from;
    const ends = this.#to;
    const escaped = this.#escaped;
    let i = from;

    if (this.#skippingLine) {
      while (i < to && b[i] !== LF && b[i] !== CR) i++;
      if (i >= to) return to;
      this.#skippingLine = false;
      this.#line++;
      i++;
    }
    while (i < stop) {
      const recordStart = i;
      if (b[i] === LF || b[i] === CR) {
        if (b[i] === CR && i + 1 >= to && !isEnd) return recordStart;
        i += b[i] === CR && b[i + 1] === LF && i + 1 < to ? 2 : 1;
        this.#line++;
        continue;
      }
      let fields = 0;
      let breaks = 0; // line breaks inside quotes
      let unclosed = false;
      let stray = false; // line breaks in quotes and text behind the closing one: two stray quotes met
      for (;;) {
        const slot = fields < width ? fields : width; // surplus fields share the last slot
        let fieldStart = i;
        let fieldEnd: number;
        escaped[slot] = 0;
        if (b[i] === QUOTE && i < to) {
          fieldStart = ++i;
          for (;;) {
            while (i < to && b[i] !== QUOTE) {
              if (b[i] === LF || (b[i] === CR && b[i + 1] !== LF)) breaks++;
              i++;
            }
            if (i >= to) {
              unclosed = true;
              break;
            }
            if (i + 1 >= to && !isEnd) {
              unclosed = true; // the next byte decides whether this quote ends the field
              break;
            }
            if (i + 1 < to && b[i + 1] === QUOTE) {
              escaped[slot] = 1;
              i += 2;
              continue;
            }
            break;
          }
          fieldEnd = i;
          if (!unclosed) i++;
          // Characters after the closing quote belong to the value, as spreadsheets read it.
          if (i < to && b[i] !== separator && b[i] !== LF && b[i] !== CR) {
            escaped[slot] = 2;
            if (breaks > 0) stray = true;
            while (i < to && b[i] !== separator && b[i] !== LF && b[i] !== CR) i++;
            fieldEnd = i;
          }
        } else {
          while (i < to && b[i] !== separator && b[i] !== LF && b[i] !== CR) i++;
          fieldEnd = i;
        }
        starts[slot] = fieldStart;
        ends[slot] = fieldEnd;
        fields++;
        if (unclosed || i >= to || b[i] !== separator) break;
        if (fields === width) this.#surplusFrom = i;
        i++;
      }

      const incomplete = unclosed || i >= to || (b[i] === CR && i + 1 >= to);
      if (incomplete && !isEnd && to - recordStart <= this.maxRecord) return recordStart;
      const fits = !stray && (fields === width || (fields > width && this.#surplusIsEmpty(b, i)));
      if (unclosed || i - recordStart > this.maxRecord || (!fits && breaks > 0)) {
        i = this.#giveUp(b, recordStart, to, unclosed || breaks > 0);
        continue;
      }
      if (i < to) i += b[i] === CR && b[i + 1] === LF && i + 1 < to ? 2 : 1;
      this.#read++;
      const large = i - recordStart > MOST_CELL_BYTES ? this.#largeField(Math.min(fields, width)) : -1;
      if (fits && large >= 0)
        this.#reject(
          this.#plan.columns[large].name,
          `a cell of at most ${MOST_CELL_BYTES} bytes`,
          this.#text(b, large),
        );
      else if (fits) this.#takeRow(b);
      else {
        this.#reject(
          undefined,
          `${width} fields`,
          `${fields}: ${latin(b, recordStart, Math.min(i, recordStart + 120))}`,
        );
      }
      this.#line += 1 + breaks;
    }
    return i;
  }

  finish(end: number): CsvPart {
    const { columns } = this.#plan;
    return {
      rows: this.#rows,
      read: this.#read,
      lines: this.#line - this.#firstLine,
      columns: columns.map((_, k): PartColumn => {
        const dictionary = this.#dictionaries[k];
        return dictionary
          ? {
              kind: "dictionary",
              codes: this.#codes[k]!.subarray(0, this.#rows),
              dictionary: dictionary.toParts(),
            }
          : {
              kind: columns[k].kind as "number" | "time",
              numbers: this.#numbers[k]!.subarray(0, this.#rows),
            };
      }),
      rejected: this.#rejections.count,
      rejections: this.#rejections.first,
      emptied: this.#emptiedBy,
      emptiedValues: this.#emptied.first,
      times: this.#parsers.map((parser) => ({
        ambiguous: parser?.ambiguous ?? 0,
        onlyDayFirst: parser?.onlyDayFirst ?? 0,
        onlyMonthFirst: parser?.onlyMonthFirst ?? 0,
        zoneless: parser?.zoneless ?? 0,
      })),
      joins: this.#joins,
      end,
    };
  }

  /**
   * Rejects the line on which a record begins whose quote does not close where it should, or that is too
   * long, and returns where the next line begins: one stray quote costs one line, not the rest of the file.
   */
  #giveUp(b: Uint8Array, recordStart: number, to: number, quote: boolean): number {
    let next = recordStart;
    while (next < to && b[next] !== LF && b[next] !== CR) next++;
    const got = latin(b, recordStart, Math.min(next, recordStart + 120));
    this.#read++;
    this.#reject(undefined, quote ? "a closing quote" : `a record of at most ${this.maxRecord} bytes`, got);
    if (next < to) {
      this.#line++;
      return next + (b[next] === CR && b[next + 1] === LF && next + 1 < to ? 2 : 1);
    }
    this.#skippingLine = true;
    return to;
  }

  /** The first field that is larger than a cell may be, or -1. */
  #largeField(fields: number): number {
    for (let k = 0; k < fields; k++) if (this.#to[k] - this.#from[k] > MOST_CELL_BYTES) return k;
    return -1;
  }

  /** Whether everything behind the last wanted field is separators and blanks, as trailing commas are. */
  #surplusIsEmpty(b: Uint8Array, to: number): boolean {
    for (let i = this.#surplusFrom; i < to; i++) {
      if (b[i] !== this.#separator && b[i] !== QUOTE && b[i] !== 32) return false;
    }
    return true;
  }

  #takeRow(b: Uint8Array): void {
    const row = this.#rows;
    if (row === this.#capacity) this.#grow();
    const { columns } = this.#plan;

    for (const k of this.#requiredTimes) {
      const time = this.#parsers[k]!.parse(b, this.#from[k], this.#to[k]);
      if (Number.isNaN(time) && !this.#isOpen(b, k)) {
        this.#reject(columns[k].name, "a time like 2025-03-01T09:30:00Z", this.#text(b, k));
        return;
      }
      this.#numbers[k]![row] = time;
    }
    for (const k of this.#requiredClocks) if (!this.#join(b, k, row)) return;
    for (const k of this.#requiredNames) {
      if (isMissingBytes(b, this.#from[k], this.#to[k])) {
        this.#reject(columns[k].name, "a value", this.#text(b, k));
        return;
      }
    }
    for (const k of this.#order) {
      let from = this.#from[k];
      let to = this.#to[k];
      const dictionary = this.#dictionaries[k];
      if (dictionary) {
        if (isMissingBytes(b, from, to)) {
          this.#codes[k]![row] = 0;
          continue;
        }
        this.#filled++;
        if (this.#escaped[k] === 0) this.#codes[k]![row] = dictionary.encode(b, from, to);
        else {
          const length = this.#unescape(b, k);
          this.#codes[k]![row] = dictionary.encode(this.#scratch, 0, length);
        }
        continue;
      }
      while (from < to && b[from] === 32) from++;
      while (to > from && b[to - 1] === 32) to--;
      const value =
        from === to
          ? NaN
          : columns[k].kind === "number"
            ? parseNumber(b, from, to, columns[k].number!)
            : this.#parsers[k]!.parse(b, from, to);
      this.#numbers[k]![row] = value;
      if (from < to) this.#filled++;
      if (from < to && Number.isNaN(value) && !isMissingBytes(b, from, to)) this.#leaveEmpty(b, k);
    }
    for (const k of this.#otherClocks) this.#join(b, k, row);
    this.#rows++;
  }

  /** Puts a time of day on its date. False where it is none and the row was rejected. */
  #join(b: Uint8Array, k: number, row: number): boolean {
    const { clock, name, required } = this.#plan.columns[k];
    const { date, sameDay } = clock!;
    const numbers = this.#numbers[k]!;
    const day = this.#numbers[date]![row];
    const from = this.#from[k];
    const to = this.#to[k];
    const joins = this.#joins[k];
    if (Number.isNaN(day)) numbers[row] = NaN;
    else if (isMissingBytes(b, from, to)) {
      const isUnknown =
        sameDay !== undefined && (!required || !isMissingBytes(b, this.#from[sameDay], this.#to[sameDay]));
      numbers[row] = isUnknown ? NaN : this.#zone.toUtc(day);
      if (!isUnknown) joins.empty++;
    } else {
      const parser = this.#clocks[k]!;
      const ofDay = parser.parse(b, from, to);
      if (Number.isNaN(ofDay)) {
        numbers[row] = NaN;
        if (required) this.#reject(name, EXPECTED_TIME_OF_DAY, this.#text(b, k));
        else {
          this.#emptiedBy[k]++;
          const place = { at: this.#line, unit: "line", column: name } as const;
          this.#emptied.add({ ...place, expected: EXPECTED_TIME_OF_DAY, got: this.#text(b, k) });
        }
        return false;
      }
      const midnight = Math.floor(day / 86_400_000) * 86_400_000;
      if (midnight !== day) joins.replaced++;
      numbers[row] =
        parser.offset === undefined ? this.#zone.toUtc(midnight + ofDay) : midnight + ofDay - parser.offset;
    }
    return true;
  }

  /** Whether a row has no end in column `k` but a begin. */
  #isOpen(b: Uint8Array, k: number): boolean {
    const start = this.#plan.columns[k].orElse;
    if (start === undefined || !isMissingBytes(b, this.#from[k], this.#to[k])) return false;
    return !Number.isNaN(this.#parsers[start]!.parse(b, this.#from[start], this.#to[start]));
  }

  #leaveEmpty(b: Uint8Array, k: number): void {
    const { name, kind } = this.#plan.columns[k];
    this.#emptiedBy[k]++;
    const expected = kind === "number" ? "a number" : "a time";
    this.#emptied.add({ at: this.#line, unit: "line", column: name, expected, got: this.#text(b, k) });
  }

  #reject(column: string | undefined, expected: string, got: string): void {
    this.#rejections.add({ at: this.#line, unit: "line", column, expected, got });
  }

  #text(b: Uint8Array, k: number): string {
    return latin(b, this.#from[k], Math.min(this.#to[k], this.#from[k] + 120));
  }

  /**
   * Copies a quoted field with doubled quotes, or with characters behind its closing quote, to the scratch
   * buffer.
   */
  #unescape(b: Uint8Array, k: number): number {
    const from = this.#from[k];
    const to = this.#to[k];
    if (this.#scratch.length < to - from) this.#scratch = new Uint8Array((to - from) * 2);
    const scratch = this.#scratch;
    let length = 0;
    let inside = true;
    for (let i = from; i < to; i++) {
      if (b[i] === QUOTE && inside) {
        if (b[i + 1] === QUOTE && i + 1 < to) i++;
        else {
          inside = false;
          continue;
        }
      }
      scratch[length++] = b[i];
    }
    return length;
  }

  #grow(): void {
    this.#capacity *= 2;
    checkCells(this.#plan.file ?? "the file", this.#width, this.#capacity, this.#filled);
    this.#codes = this.#codes.map((codes) => codes && enlarge(codes, new Uint32Array(this.#capacity)));
    this.#numbers = this.#numbers.map(
      (numbers) => numbers && enlarge(numbers, new Float64Array(this.#capacity)),
    );
  }
}

function enlarge<T extends Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Whether the bytes are a written form of "no value"; settled by the first byte for nearly every value. */
function isMissingBytes(b: Uint8Array, from: number, to: number): boolean {
  if (from === to) return true;
  const first = b[from];
  if (
    first > 32 &&
    first !== 35 &&
    first !== 60 &&
    first !== 63 &&
    first !== 78 &&
    first !== 92 &&
    first !== 110
  )
    return false;
  if (to - from > 6 && first > 32) return false;
  return isMissingWord(latin(b, from, Math.min(to, from + 4096)));
}

function latin(b: Uint8Array, from: number, to: number): string {
  return Buffer.from(b.buffer, b.byteOffset + from, to - from).toString("utf8");
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
