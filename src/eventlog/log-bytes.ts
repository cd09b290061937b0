import type { Column, EventLog } from "./event-log.ts";
import { packStrings, PackedStrings } from "./packed-strings.ts";
import type { Strings } from "./strings.ts";

const MAGIC = "PLUMLOG1";
const TYPES = { Uint8Array, Uint16Array, Uint32Array, Float64Array };
type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Where an array lies behind the header. */
interface Place {
  type: keyof typeof TYPES;
  at: number;
  length: number;
}
type StringsPlace = { bytes: Place; offsets: Place };
type ColumnPlace = Pick<Column, "name" | "scope" | "missing" | "kind"> & {
  values: Place;
  names?: StringsPlace;
};
interface Header {
  caseCount: number;
  eventCount: number;
  arrays: Record<string, Place>;
  strings: Record<string, StringsPlace>;
  columns: ColumnPlace[];
}

const ARRAYS = [
  "caseStart",
  "activity",
  "time",
  "start",
  "open",
  "waitingSince",
  "person",
  "role",
  "transition",
] as const;
const SUSPENSIONS = ["event", "from", "to"] as const;
const NOT_DONE = ["caseInLog", "caseOf", "activity", "since", "begun", "until", "what"] as const;
const STRINGS = ["caseIds", "activities", "people", "roles", "transitions"] as const;

/**
 * An event log as bytes: a header that says where each column lies, then the columns as they lie in memory
 * (little-endian), each at a multiple of 8. Yields views of the columns, not copies; reading it back is one
 * read. Its size is that of the columns.
 */
export function* logToBytes(log: EventLog): Generator<Uint8Array> {
  const parts: Numbers[] = [];
  let end = 0;
  const place = (array: Numbers): Place => {
    const at = end;
    parts.push(array);
    end += padded(array.byteLength);
    return { type: array.constructor.name as Place["type"], at, length: array.length };
  };
  const placeStrings = (names: Strings): StringsPlace => {
    const { bytes, offsets } = packStrings(names);
    return {
      bytes: place(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)),
      offsets: place(offsets),
    };
  };
  const header: Header = {
    caseCount: log.caseCount,
    eventCount: log.eventCount,
    arrays: {},
    strings: {},
    columns: [],
  };
  for (const name of ARRAYS) {
    const array = log[name];
    if (array) header.arrays[name] = place(array);
  }
  for (const name of STRINGS) {
    const names = log[name];
    if (names) header.strings[name] = placeStrings(names);
  }
  const { suspensions, notDone } = log;
  if (suspensions)
    for (const name of SUSPENSIONS) header.arrays[`suspensions.${name}`] = place(suspensions[name]);
  if (notDone) {
    for (const name of NOT_DONE) header.arrays[`notDone.${name}`] = place(notDone[name]);
    header.strings["notDone.caseIds"] = placeStrings(notDone.caseIds);
    header.strings["notDone.activities"] = placeStrings(notDone.activities);
  }
  header.columns = log.columns.map((column) => {
    const { name, scope, missing, kind } = column;
    const common = { name, scope, missing, kind };
    if (column.kind === "number") return { ...common, values: place(column.numbers) };
    if (column.kind === "time") return { ...common, values: place(column.times) };
    return { ...common, values: place(column.codes), names: placeStrings(column.values) };
  });
  const text = new TextEncoder().encode(JSON.stringify(header));
  const front = new Uint8Array(padded(16 + text.length));
  front.set(new TextEncoder().encode(MAGIC));
  new DataView(front.buffer).setUint32(8, text.length, true);
  front.set(text, 16);
  yield front;
  for (const part of parts) {
    yield new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    const gap = padded(part.byteLength) - part.byteLength;
    if (gap > 0) yield new Uint8Array(gap);
  }
}

const padded = (bytes: number) => Math.ceil(bytes / 8) * 8;

/**
 * The log that `logToBytes` wrote: views of the same bytes. `bytes` must begin at a multiple of 8 of its
 * buffer. Throws RangeError for bytes of another kind or that were cut off.
 */
export function logFromBytes(bytes: Uint8Array): EventLog {
  const decoder = new TextDecoder();
  // a decoder takes no shared memory
  const text = (from: number, to: number) => decoder.decode(bytes.slice(from, to));
  if (bytes.length < 16 || text(0, 8) !== MAGIC) throw new RangeError("these bytes are not an event log");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  const front = padded(16 + length);
  const header = JSON.parse(text(16, 16 + length)) as Header;
  const array = ({ type, at, length: elements }: Place): Numbers => {
    const offset = bytes.byteOffset + front + at;
    const size = TYPES[type].BYTES_PER_ELEMENT * elements;
    if (front + at + size > bytes.length) throw new RangeError("the bytes of this event log were cut off");
    return new TYPES[type](bytes.buffer as ArrayBuffer, offset, elements) as Numbers;
  };
  const strings = ({ bytes: own, offsets }: StringsPlace) =>
    new PackedStrings(array(own) as Uint8Array, array(offsets) as Uint32Array);
  const log: Record<string, unknown> = { caseCount: header.caseCount, eventCount: header.eventCount };
  const put = (name: string, value: unknown) => {
    const [outer, inner] = name.split(".");
    if (inner === undefined) log[outer] = value;
    else ((log[outer] ??= {}) as Record<string, unknown>)[inner] = value;
  };
  for (const [name, place] of Object.entries(header.arrays)) put(name, array(place));
  for (const [name, place] of Object.entries(header.strings)) put(name, strings(place));
  log["columns"] = header.columns.map(({ values, names, ...common }) => {
    if (common.kind === "number") return { ...common, numbers: array(values) };
    if (common.kind === "time") return { ...common, times: array(values) };
    return { ...common, codes: array(values), values: strings(names!) };
  });
  return log as unknown as EventLog;
}
