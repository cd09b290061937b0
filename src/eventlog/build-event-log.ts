import type { Codes, Column, EventLog } from "./event-log.ts";
import { nameAt, type Strings } from "./strings.ts";

/** Events as a source delivers them: columns of equal length in input order. */
export interface EventRows {
  rowCount: number;
  caseOf: Uint32Array;
  caseIds: Strings;
  activity: Uint32Array;
  activities: Strings;
  time: Float64Array;
  start?: Float64Array;
  person?: Uint32Array;
  people?: Strings;
  role?: Uint32Array;
  roles?: Strings;
  /** life-cycle transition of each row, by the names of the XES life-cycle extension */
  transition?: { codes: Uint32Array; values: Strings };
  /** tells apart executions of one activity in one case that overlap (XES concept:instance) */
  instance?: { codes: Uint32Array; values: Strings };
  attributes: AttributeRows[];
  /** attributes with one value a case, by the codes of `caseOf` */
  caseAttributes?: AttributeRows[];
}

export type AttributeRows = { name: string } & (
  | { kind: "dictionary"; codes: Uint32Array; values: Strings }
  | { kind: "number"; numbers: Float64Array }
  | { kind: "time"; times: Float64Array }
);

/** How rows with a life-cycle transition become events; DESIGN, "Surfaces that stay stable". */
export type Lifecycle = "pairs" | "events" | "complete";

/** Where the rows went: `rows = events + mergedStarts + leftOut`. */
export interface BuildCounts {
  rows: number;
  events: number;
  /** start rows that became the `start` of their completion */
  mergedStarts: number;
  /** start rows without a completion, kept as events of their own */
  unpairedStarts: number;
  /** complete rows without a start, kept (counted only where the log has starts at all) */
  unpairedCompletions: number;
  /** rows that `--lifecycle complete` left out because they are not completions */
  leftOut: number;
}

/**
 * Turns rows in any order into an `EventLog`: grouped by case in order of first appearance, sorted by time
 * within a case; rows of equal time keep their input order.
 *
 * With `lifecycle` "pairs" a start and a later complete of the same case, activity and instance, first in first
 * out, become one event; unpaired ones stay. "complete" keeps completions only, "events" keeps every row.
 *
 * Grouping is a counting sort, O(rows + cases); sorting within a case is linear for rows that are already in
 * order and O(k log k) for k rows that are not.
 */
export function buildEventLog(rows: EventRows, lifecycle: Lifecycle): { log: EventLog; counts: BuildCounts } {
  const grouped = groupByCase(rows);
  sortWithinCases(grouped.order, grouped.caseStart, rows.time);

  const counts: BuildCounts = {
    rows: rows.rowCount,
    events: rows.rowCount,
    mergedStarts: 0,
    unpairedStarts: 0,
    unpairedCompletions: 0,
    leftOut: 0,
  };
  let { order, caseStart } = grouped;
  let startRow: Int32Array | undefined; // of each kept row, the start row merged into it, or -1
  if (rows.transition && lifecycle !== "events") {
    const kept = applyLifecycle(rows, grouped, lifecycle, counts);
    ({ order, caseStart, startRow } = kept);
  }
  // Leaving rows out may leave a case without any event; such a case is not part of the log.
  const present = presentCases(caseStart);
  const caseCount = present.length;
  const eventCount = order.length;
  counts.events = eventCount;

  const starts = shared(Uint32Array, caseCount + 1);
  for (let i = 0; i < caseCount; i++) starts[i] = caseStart[present[i]];
  starts[caseCount] = eventCount;

  const log: EventLog = {
    caseCount,
    eventCount,
    caseStart: starts,
    caseIds: pick(rows.caseIds, grouped.caseCodes, present),
    activity: gatherCodes(rows.activity, order, rows.activities.length),
    activities: rows.activities,
    time: gatherNumbers(rows.time, order),
    people: rows.people ?? [""],
    roles: rows.roles ?? [""],
    columns: [],
  };
  const begin = gatherStarts(rows, order, startRow);
  if (begin) log.start = begin;
  if (rows.person) {
    log.person = shared(Uint32Array, eventCount);
    for (let e = 0; e < eventCount; e++) log.person[e] = rows.person[order[e]];
  }
  if (rows.role) log.role = gatherCodes(rows.role, order, rows.roles?.length ?? 0);

  if (rows.transition) {
    log.transition = gatherCodes(rows.transition.codes, order, rows.transition.values.length);
    log.transitions = rows.transition.values;
  }

  for (const attribute of rows.attributes) log.columns.push(gatherColumn(log, attribute, order, startRow));
  const caseCodes = Uint32Array.from(present, (c) => grouped.caseCodes[c]);
  for (const attribute of rows.caseAttributes ?? []) {
    log.columns.push({ ...gatherValues(attribute, caseCodes), scope: "case" } as Column);
  }
  return { log, counts };
}

interface Grouped {
  /** row numbers, grouped by case */
  order: Uint32Array;
  /** offsets into `order`, one more than there are cases */
  caseStart: Uint32Array;
  /** code of each case, in order of first appearance */
  caseCodes: Uint32Array;
}

function groupByCase({ rowCount, caseOf, caseIds }: EventRows): Grouped {
  const size = new Uint32Array(caseIds.length);
  const caseCodes = new Uint32Array(caseIds.length);
  let caseCount = 0;
  for (let r = 0; r < rowCount; r++) if (size[caseOf[r]]++ === 0) caseCodes[caseCount++] = caseOf[r];

  const caseStart = new Uint32Array(caseCount + 1);
  const next = new Uint32Array(caseIds.length);
  for (let c = 0, at = 0; c < caseCount; c++) {
    caseStart[c] = next[caseCodes[c]] = at;
    at += size[caseCodes[c]];
    caseStart[c + 1] = at;
  }
  const order = new Uint32Array(rowCount);
  for (let r = 0; r < rowCount; r++) order[next[caseOf[r]]++] = r;
  return { order, caseStart, caseCodes: caseCodes.slice(0, caseCount) };
}

function sortWithinCases(order: Uint32Array, caseStart: Uint32Array, time: Float64Array): void {
  for (let c = 0; c + 1 < caseStart.length; c++) {
    const from = caseStart[c];
    const to = caseStart[c + 1];
    let sorted = true;
    for (let i = from + 1; i < to; i++) {
      if (time[order[i]] < time[order[i - 1]]) {
        sorted = false;
        break;
      }
    }
    if (sorted) continue;
    if (to - from <= 48) insertionSort(order, from, to, time);
    else order.subarray(from, to).sort((a, b) => time[a] - time[b] || a - b);
  }
}

function insertionSort(order: Uint32Array, from: number, to: number, time: Float64Array): void {
  for (let i = from + 1; i < to; i++) {
    const row = order[i];
    const t = time[row];
    let j = i;
    for (; j > from && time[order[j - 1]] > t; j--) order[j] = order[j - 1];
    order[j] = row;
  }
}

function applyLifecycle(
  rows: EventRows,
  { order, caseStart }: Grouped,
  lifecycle: "pairs" | "complete",
  counts: BuildCounts,
): { order: Uint32Array; caseStart: Uint32Array; startRow: Int32Array } {
  const { codes, values } = rows.transition!;
  const kindOf = Uint8Array.from({ length: values.length }, (_, i) => {
    const name = nameAt(values, i).toLowerCase();
    return name === "start" ? START : name === "complete" ? COMPLETE : OTHER;
  });
  const hasStarts = lifecycle === "pairs" && codes.some((code) => kindOf[code] === START);

  const keptOrder = new Uint32Array(order.length);
  const keptStart = new Uint32Array(caseStart.length);
  const startRow = new Int32Array(order.length).fill(-1);
  const merged = new Uint8Array(rows.rowCount); // start rows that found their completion
  const open = new Map<string, number[]>(); // per activity and instance: starts waiting for a completion
  let kept = 0;

  for (let c = 0; c + 1 < caseStart.length; c++) {
    keptStart[c] = kept;
    if (hasStarts) {
      open.clear();
      for (let i = caseStart[c]; i < caseStart[c + 1]; i++) {
        const row = order[i];
        const kind = kindOf[codes[row]];
        if (kind === OTHER) continue;
        const key = rows.activity[row] + "/" + (rows.instance?.codes[row] ?? 0);
        const queue = open.get(key);
        if (kind === START) {
          if (queue) queue.push(row);
          else open.set(key, [row]);
        } else if (queue && queue.length > 0) {
          startRow[i] = queue.shift()!;
          merged[startRow[i]] = 1;
        } else counts.unpairedCompletions++;
      }
    }
    for (let i = caseStart[c]; i < caseStart[c + 1]; i++) {
      const row = order[i];
      const kind = kindOf[codes[row]];
      if (merged[row]) counts.mergedStarts++;
      else if (lifecycle === "complete" && kind !== COMPLETE) counts.leftOut++;
      else {
        if (kind === START) counts.unpairedStarts++;
        startRow[kept] = startRow[i]; // kept ≤ i, so nothing unread is overwritten
        keptOrder[kept++] = row;
      }
    }
  }
  keptStart[caseStart.length - 1] = kept;
  return { order: keptOrder.slice(0, kept), caseStart: keptStart, startRow: startRow.slice(0, kept) };
}

const OTHER = 0;
const START = 1;
const COMPLETE = 2;

function presentCases(caseStart: Uint32Array): Uint32Array {
  const present = new Uint32Array(caseStart.length - 1);
  let count = 0;
  for (let c = 0; c + 1 < caseStart.length; c++) if (caseStart[c + 1] > caseStart[c]) present[count++] = c;
  return present.slice(0, count);
}

/** Case names in the log's order; decoded only when asked for. */
function pick(names: Strings, caseCodes: Uint32Array, present: Uint32Array): Strings {
  const codes = Uint32Array.from(present, (c) => caseCodes[c]);
  return { length: codes.length, at: (c) => (c in codes ? nameAt(names, codes[c]) : undefined) };
}

function gatherStarts(
  rows: EventRows,
  order: Uint32Array,
  startRow: Int32Array | undefined,
): Float64Array | undefined {
  const { start, time } = rows;
  if (!start && !startRow?.some((row) => row >= 0)) return undefined;
  const begin = shared(Float64Array, order.length);
  for (let e = 0; e < order.length; e++) {
    const merged = startRow ? startRow[e] : -1;
    const own = start ? start[order[e]] : NaN;
    const value = merged >= 0 ? time[merged] : own;
    begin[e] = Number.isNaN(value) ? time[order[e]] : value;
  }
  return begin;
}

function gatherColumn(
  log: EventLog,
  attribute: AttributeRows,
  order: Uint32Array,
  startRow: Int32Array | undefined,
): Column {
  const column = { ...gatherValues(attribute, order, startRow), scope: "event" } as Column;
  return perCase(log, column) ?? column;
}

function gatherValues(
  attribute: AttributeRows,
  rowsOf: Uint32Array,
  fallback?: Int32Array,
): Omit<Column, "scope"> {
  const { name } = attribute;
  if (attribute.kind === "dictionary") {
    const values = attribute.values;
    const codes = gatherCodes(attribute.codes, rowsOf, values.length, fallback);
    let missing = 0;
    for (let i = 0; i < codes.length; i++) if (codes[i] === 0) missing++;
    const kind = values.length > 1000 && values.length * 2 > rowsOf.length ? "text" : "dictionary";
    return { name, missing, kind, codes, values } as Omit<Column, "scope">;
  }
  const numbers = gatherNumbers(
    attribute.kind === "number" ? attribute.numbers : attribute.times,
    rowsOf,
    fallback,
  );
  let missing = 0;
  for (let i = 0; i < numbers.length; i++) if (Number.isNaN(numbers[i])) missing++;
  return attribute.kind === "number"
    ? ({ name, missing, kind: "number", numbers } as Omit<Column, "scope">)
    : ({ name, missing, kind: "time", times: numbers } as Omit<Column, "scope">);
}

/** The column with one value a case, when no case has two different values; otherwise undefined. */
function perCase({ caseCount, caseStart }: EventLog, column: Column): Column | undefined {
  const values =
    column.kind === "number" ? column.numbers : column.kind === "time" ? column.times : column.codes;
  for (let c = 0; c < caseCount; c++) {
    const first = values[caseStart[c]];
    for (let e = caseStart[c] + 1; e < caseStart[c + 1]; e++) {
      if (values[e] !== first && !(Number.isNaN(values[e]) && Number.isNaN(first))) return undefined;
    }
  }
  const narrowed =
    values instanceof Float64Array
      ? shared(Float64Array, caseCount)
      : values instanceof Uint16Array
        ? shared(Uint16Array, caseCount)
        : shared(Uint32Array, caseCount);
  let missing = 0;
  for (let c = 0; c < caseCount; c++) {
    const value = values[caseStart[c]];
    narrowed[c] = value;
    if (Number.isNaN(value) || (value === 0 && column.kind !== "number" && column.kind !== "time")) missing++;
  }
  const scope = "case" as const;
  if (column.kind === "number") return { ...column, scope, missing, numbers: narrowed as Float64Array };
  if (column.kind === "time") return { ...column, scope, missing, times: narrowed as Float64Array };
  return { ...column, scope, missing, codes: narrowed as Codes };
}

function gatherCodes(
  codes: Uint32Array,
  order: Uint32Array,
  dictionarySize: number,
  fallback?: Int32Array,
): Codes {
  const gathered =
    dictionarySize <= 0x1_0000 ? shared(Uint16Array, order.length) : shared(Uint32Array, order.length);
  for (let e = 0; e < order.length; e++) {
    const code = codes[order[e]];
    gathered[e] = code === 0 && fallback && fallback[e] >= 0 ? codes[fallback[e]] : code;
  }
  return gathered;
}

function gatherNumbers(numbers: Float64Array, order: Uint32Array, fallback?: Int32Array): Float64Array {
  const gathered = shared(Float64Array, order.length);
  for (let e = 0; e < order.length; e++) {
    const value = numbers[order[e]];
    gathered[e] = fallback && fallback[e] >= 0 && Number.isNaN(value) ? numbers[fallback[e]] : value;
  }
  return gathered;
}

function shared<T extends Uint16Array | Uint32Array | Float64Array>(
  type: { new (buffer: SharedArrayBuffer): T; BYTES_PER_ELEMENT: number },
  length: number,
): T {
  return new type(new SharedArrayBuffer(length * type.BYTES_PER_ELEMENT));
}
