import { ByteDictionary } from "../eventlog/byte-dictionary.ts";
import { TimeZone } from "../eventlog/time-zone.ts";
import { choose, InputError } from "../input-error.ts";
import type { OpenedFile } from "./open-bytes.ts";
import { recogniseColumns } from "./recognise-columns.ts";
import { Rejections, type ReadOptions, type ReadResult } from "./format.ts";
import { completeTable, sampleTable, TableBuilder } from "./table-builder.ts";
import { tableToLog, type TableColumn, wantedForEvents } from "./table.ts";
import { parseNumber } from "./values/parse-number.ts";
import { TimeParser } from "./values/parse-time.ts";
import { XmlScanner, type XmlTag } from "./xml-scanner.ts";

/**
 * Reads XES 1.0 and 2.0 (IEEE 1849): all attribute types; attributes of traces become columns named
 * "case:KEY"; nested attributes, lists and containers become columns named "PARENT.CHILD", a repeated key
 * becomes "KEY (2)". Globals, classifiers and extensions are named in the notes; declared defaults are not
 * filled in, since nobody recorded them.
 *
 * One streaming pass over the bytes. A trace without concept:name is named by its position ("trace 17");
 * traces of the same name are one case. Throws InputError for XML that is not well formed or not XES.
 */
export async function readXes(file: OpenedFile, options: ReadOptions): Promise<ReadResult> {
  const reader = new XesReader(file.path, new TimeZone(options.timeZone ?? "UTC"));
  const scanner = new XmlScanner(file.path, {
    open: (tag) => reader.open(tag),
    close: () => reader.close(),
  });
  for await (const block of file.blocks((share) => options.onProgress?.(share, "reading")))
    scanner.push(block);
  scanner.end();

  const { table, caseAttributes, lines } = reader.finish();
  const samples = sampleTable(table);
  const recognised = recogniseColumns(file.path, samples, options).map((found) =>
    found.how === "name" && found.column.includes(":") ? { ...found, how: "standard" as const } : found,
  );
  const places = { unit: "line" as const, at: (row: number) => lines[row] };
  const complete = completeTable(
    file.path,
    table,
    samples,
    wantedForEvents(recognised, samples),
    options,
    places,
  );
  for (const bad of reader.emptied.first) complete.emptied.add(bad);
  complete.emptied.count += reader.emptied.count - reader.emptied.first.length;
  return tableToLog(complete.table, recognised, options, {
    file: file.path,
    format: `XES${reader.version}${file.packing === "none" ? "" : `, ${file.packing}`}`,
    read: table.rowCount,
    rejections: complete.rejections,
    emptied: complete.emptied,
    notes: [...reader.notes(), ...complete.notes],
    caseAttributes,
  });
}

const CASE = "case:concept:name";

class XesReader {
  version = "";
  readonly emptied = new Rejections();
  readonly #path: string;
  readonly #events: TableBuilder;
  readonly #traces: TableBuilder;
  readonly #time: TimeParser;
  readonly #classifiers: string[] = [];
  readonly #extensions: string[] = [];
  readonly #globals = { trace: [] as string[], event: [] as string[] };
  readonly #stack: ("log" | "trace" | "event" | "attribute" | "global" | "other")[] = [];
  readonly #keys: string[] = []; // of the open attributes, outermost first
  #ofEvent = new Map<string, number>(); // columns with a value in the current event, and how often their key came
  #ofTrace = new Map<string, number>(); // and in the current trace, whose attributes may stand behind its events
  #globalScope: "trace" | "event" = "event";
  #event = -1;
  #trace = -1;
  #caseOf = new Uint32Array(1024);
  #lines = new Uint32Array(1024);
  #sawLog = false;
  #looseEvents = 0;
  #nameless = 0;

  constructor(path: string, zone: TimeZone) {
    this.#path = path;
    this.#events = new TableBuilder(path);
    this.#traces = new TableBuilder(path);
    this.#time = new TimeParser("dmy", zone);
  }

  open(tag: XmlTag): void {
    const parent = this.#stack.at(-1);
    switch (tag.name) {
      case "string":
      case "date":
      case "int":
      case "float":
      case "boolean":
      case "id":
      case "list":
      case "container":
        this.#attribute(tag, parent);
        this.#stack.push("attribute");
        break;
      case "event":
        this.#stack.push("event");
        if (parent !== "trace") this.#looseEvents++;
        this.#beginEvent(tag.line, parent === "trace");
        break;
      case "trace":
        this.#stack.push("trace");
        this.#trace++;
        this.#ofTrace.clear();
        break;
      case "log":
        this.#sawLog = true;
        this.version = tag.text("xes.version") ? ` ${tag.text("xes.version")}` : "";
        this.#stack.push("log");
        break;
      case "global":
        this.#globalScope = tag.text("scope") === "trace" ? "trace" : "event";
        this.#stack.push("global");
        break;
      case "classifier":
        this.#classifiers.push(`${tag.text("name") ?? "unnamed"} = ${tag.text("keys") ?? ""}`);
        this.#stack.push("other");
        break;
      case "extension":
        this.#extensions.push(tag.text("name") ?? tag.text("prefix") ?? "unnamed");
        this.#stack.push("other");
        break;
      default:
        if (!this.#sawLog) throw notXes(this.#path, tag.name, tag.line);
        this.#stack.push(parent === "attribute" ? "attribute" : "other");
        if (parent === "attribute") this.#keys.push(""); // <values> of a list: no name of its own
    }
  }

  close(): void {
    const kind = this.#stack.pop();
    if (kind === "attribute") this.#keys.pop();
  }

  finish() {
    if (!this.#sawLog) throw notXes(this.#path, "nothing", 1);
    const rowCount = this.#event + 1;
    if (rowCount === 0)
      throw new InputError("no-rows", this.#path, `${this.#path} is an XES log without a single event.`);
    const table = this.#events.finish(rowCount);
    const traces = this.#traces.finish(this.#trace + 1);
    const names = traces.columns.find((column) => column.name === "concept:name");

    const values = new ByteDictionary();
    const codeOfTrace = new Uint32Array(this.#trace + 1);
    for (let t = 0; t <= this.#trace; t++) codeOfTrace[t] = values.encodeString(traceName(names, t));
    const codes = this.#caseOf
      .subarray(0, rowCount)
      .map((trace) => (trace === LOOSE ? 0 : codeOfTrace[trace]));
    table.columns.unshift({ name: CASE, kind: "dictionary", codes, values });

    const firstTrace = new Int32Array(values.length).fill(-1);
    codeOfTrace.forEach((code, t) => firstTrace[code] < 0 && (firstTrace[code] = t));
    const caseAttributes = traces.columns
      .filter((column) => column !== names)
      .map((column) => byCase(column, firstTrace));
    return { table, caseAttributes, lines: this.#lines };
  }

  notes(): string[] {
    const notes: string[] = [];
    if (this.#classifiers.length > 0) {
      notes.push(
        `The file declares the classifiers ${this.#classifiers.map((c) => `"${c}"`).join(", ")}; choose one with ${choose("classifier", "KEY,KEY")}.`,
      );
    }
    if (this.#extensions.length > 0) notes.push(`Extensions: ${this.#extensions.join(", ")}.`);
    const globals = this.#globals.trace.length + this.#globals.event.length;
    if (globals > 0)
      notes.push(
        `${globals} global attributes are declared; their defaults were not filled in for missing values.`,
      );
    if (this.#looseEvents > 0)
      notes.push(`${this.#looseEvents} events stand outside any trace and were rejected.`);
    if (this.#nameless > 0) notes.push(`${this.#nameless} attributes have no key and were left out.`);
    if (this.#time.zoneless > 0)
      notes.push(
        `${this.#time.zoneless} times carry no zone and were read as times of ${this.#time.zone.name}.`,
      );
    return notes;
  }

  #beginEvent(line: number, inTrace: boolean): void {
    this.#event++;
    this.#ofEvent.clear();
    if (this.#event === this.#caseOf.length) {
      this.#caseOf = doubled(this.#caseOf);
      this.#lines = doubled(this.#lines);
    }
    this.#caseOf[this.#event] = inTrace ? this.#trace : LOOSE;
    this.#lines[this.#event] = line;
  }

  #attribute(tag: XmlTag, parent: string | undefined): void {
    const key = tag.key("key") ?? "";
    if (parent === "global") this.#globals[this.#globalScope].push(key);
    this.#keys.push(key);
    const owner = this.#owner();
    if (owner === undefined || tag.name === "list" || tag.name === "container") return;
    const name = this.#keys.length === 1 ? key : this.#keys.filter((k) => k !== "").join(".");
    if (name === "") {
      this.#nameless++;
      return;
    }
    const inEvent = owner === "event";
    const row = inEvent ? this.#event : this.#trace;
    const used = inEvent ? this.#ofEvent : this.#ofTrace;
    const plain = inEvent && name === CASE ? `event ${CASE}` : name;
    // a repeated key is another column, not the last one that wins
    let own = plain;
    if (used.has(plain)) {
      let n = used.get(plain)! + 1;
      while (used.has(`${plain} (${n})`)) n++;
      used.set(plain, n);
      own = `${plain} (${n})`;
    }
    used.set(own, 1);
    this.#take(tag, row, inEvent ? this.#events : this.#traces, own);
  }

  /** What the attribute that is being opened belongs to: an event, a trace, or neither (log, globals). */
  #owner(): "event" | "trace" | undefined {
    for (let i = this.#stack.length - 1; i >= 0; i--) {
      const kind = this.#stack[i];
      if (kind === "event" || kind === "trace") return kind;
      if (kind !== "attribute") return undefined;
    }
    return undefined;
  }

  #take(tag: XmlTag, row: number, builder: TableBuilder, name: string): void {
    const at = tag.find("value");
    if (at < 0) return;
    const column = builder.column(name);
    const { bytes } = tag;
    const from = tag.valueFrom(at);
    const to = tag.valueTo(at);
    if (from === to) return;
    if (tag.name === "date") {
      const time = this.#time.parse(bytes, from, to);
      if (Number.isNaN(time)) {
        this.emptied.add({
          at: tag.line,
          unit: "line",
          column: name,
          expected: "a date",
          got: tag.valueText(at),
        });
      } else column.setTime(row, time);
    } else if (tag.name === "int" || tag.name === "float") {
      const number = parseNumber(bytes, from, to, { decimal: ".", thousands: "" });
      if (Number.isNaN(number) && !/^-?(nan|infinity)$/i.test(tag.valueText(at))) {
        this.emptied.add({
          at: tag.line,
          unit: "line",
          column: name,
          expected: "a number",
          got: tag.valueText(at),
        });
      } else if (tag.name === "int" && !Number.isSafeInteger(number))
        column.setText(row, tag.valueText(at)); // an identifier keeps its digits
      else column.setNumber(row, number);
    } else if (tag.isEscaped(at)) column.setText(row, tag.valueText(at));
    else if (column.kind === "dictionary" || column.kind === "empty") column.setBytes(row, bytes, from, to);
    else column.setText(row, tag.valueText(at));
  }
}

const LOOSE = 0xffff_ffff;

function traceName(names: TableColumn | undefined, t: number): string {
  if (names?.kind === "dictionary") {
    const name = names.codes[t] === 0 ? "" : (names.values.at(names.codes[t]) ?? "");
    if (name !== "") return name;
  } else if (names) {
    const number = names.kind === "number" ? names.numbers[t] : names.times[t];
    if (!Number.isNaN(number)) return String(number);
  }
  return `trace ${t + 1}`;
}

function byCase(column: TableColumn, firstTrace: Int32Array): TableColumn {
  const name = `case:${column.name}`;
  const at = Array.from(firstTrace);
  if (column.kind === "number")
    return { ...column, name, numbers: Float64Array.from(at, (t) => (t < 0 ? NaN : column.numbers[t])) };
  if (column.kind === "time")
    return { ...column, name, times: Float64Array.from(at, (t) => (t < 0 ? NaN : column.times[t])) };
  return { ...column, name, codes: Uint32Array.from(at, (t) => (t < 0 ? 0 : column.codes[t])) };
}

function doubled(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}

function notXes(path: string, got: string, line: number): InputError {
  return new InputError(
    "not-xes",
    path,
    `${path}, line ${line}: expected an XES log (<log …>), got <${got}>. Is this another kind of XML?`,
  );
}
