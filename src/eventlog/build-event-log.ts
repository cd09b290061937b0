import type { Codes, Column, EventLog, NotDone } from "./event-log.ts";
import {
  executionsOf,
  isEvent,
  isOpen,
  lifecycleRowsOf,
  NOT_DONE,
  transitionsOf,
  type Executions,
  type LifecycleRows,
} from "./life-cycle.ts";
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
  /** 1 for rows with a begin and no end, whose `time` is their begin */
  open?: Uint8Array;
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

/** Where the rows went: `rows = events + mergedStarts + beside + leftOut`. */
export interface BuildCounts {
  rows: number;
  events: number;
  /** start rows that became the `start` of their completion */
  mergedStarts: number;
  /** start rows without a completion, kept as events of their own: open work */
  unpairedStarts: number;
  /** rows with a begin and no end, kept as events: open work */
  openRows: number;
  /** complete rows without a start, kept (counted only where the log has starts at all) */
  unpairedCompletions: number;
  /** rows that `--lifecycle complete` left out because they are not completions */
  leftOut: number;
  /**
   * rows of other transitions that say something about an execution or about work never done, and are no
   * events of their own
   */
  beside: number;
  /**
   * by life-cycle word, what its rows became; empty where the log has no life cycle, or every row is an event
   */
  lifecycleRows: LifecycleRows[];
  /** cases in which nothing was done, though they have rows */
  casesWithoutEvents: number;
}

/**
 * Turns rows in any order into an `EventLog`: grouped by case in order of first appearance, sorted by time
 * within a case; rows of equal time keep their input order.
 *
 * With `lifecycle` "pairs" the rows of one piece of work become one event (`executionsOf`); what was never
 * done stands in `notDone`. "complete" keeps completions only, "events" keeps every row.
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
    openRows: 0,
    beside: 0,
    lifecycleRows: [],
    casesWithoutEvents: 0,
  };
  let { order, caseStart } = grouped;
  let startRow: Int32Array | undefined; // of each kept row, the start row merged into it, or -1
  let executions: Executions | undefined;
  if (rows.transition && lifecycle !== "events") {
    const kept = applyLifecycle(rows, grouped, lifecycle, counts);
    ({ order, caseStart, startRow, executions } = kept);
  }
  // Leaving rows out may leave a case without any event; such a case is not part of the log.
  const present = presentCases(caseStart);
  const caseCount = present.length;
  const eventCount = order.length;
  counts.events = eventCount;
  counts.casesWithoutEvents = caseStart.length - 1 - caseCount;

  const starts = shared(Uint32Array, caseCount + 1);
  for (let i = 0; i < caseCount; i++) starts[i] = caseStart[present[i]];
  starts[caseCount] = eventCount;

  const isWhole = eventCount === rows.rowCount; // else an activity may have lost its every row
  const [activity, activities] = isWhole
    ? [rows.activity, rows.activities]
    : withoutUnused(rows.activity, rows.activities, order);
  const log: EventLog = {
    caseCount,
    eventCount,
    caseStart: starts,
    caseIds: pick(rows.caseIds, grouped.caseCodes, present),
    activity: gatherCodes(activity, order, activities.length),
    activities,
    time: gatherNumbers(rows.time, order),
    people: rows.people ?? [""],
    roles: rows.roles ?? [""],
    columns: [],
  };
  const begin = gatherStarts(rows, order, startRow);
  if (begin) log.start = begin;
  addOpen(log, rows, order, executions);
  if (executions?.since) log.waitingSince = gatherNumbers(executions.since, order);
  if (executions) addSuspensions(log, order, executions);
  if (executions && executions.notDone.length > 0)
    log.notDone = notDoneOf(rows, grouped.caseCodes, present, executions);
  counts.openRows = rows.open?.reduce((sum, flag) => sum + flag, 0) ?? 0;
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
): { order: Uint32Array; caseStart: Uint32Array; startRow: Int32Array; executions?: Executions } {
  const { codes, values } = rows.transition!;
  const used = new Uint8Array(values.length);
  for (let r = 0; r < codes.length; r++) used[codes[r]] = 1;
  const meaning = transitionsOf(values, used);
  const has = (kind: (typeof meaning)[number]) => meaning.some((own, code) => own === kind && used[code]);
  const executions =
    lifecycle === "pairs"
      ? executionsOf(
          order,
          caseStart,
          {
            activity: rows.activity,
            instance: rows.instance?.codes,
            instances: rows.instance?.values.length ?? 1,
            time: rows.time,
            transition: codes,
          },
          meaning,
        )
      : undefined;
  const stays = executions
    ? (row: number) => isEvent(executions.became[row])
    : (row: number) => meaning[codes[row]] === "complete";

  const keptOrder = new Uint32Array(order.length);
  const keptStart = new Uint32Array(caseStart.length);
  let kept = 0;
  for (let c = 0; c + 1 < caseStart.length; c++) {
    keptStart[c] = kept;
    for (let i = caseStart[c]; i < caseStart[c + 1]; i++) if (stays(order[i])) keptOrder[kept++] = order[i];
  }
  keptStart[caseStart.length - 1] = kept;
  const keptRows = keptOrder.slice(0, kept);

  if (executions) {
    const { became, startRow } = executions;
    counts.lifecycleRows = lifecycleRowsOf(rows.transition!, meaning, became);
    for (const { became: fate } of counts.lifecycleRows) {
      counts.mergedStarts += fate["begin of an execution"] ?? 0;
      counts.unpairedStarts += fate["open work"] ?? 0;
    }
    counts.beside = order.length - kept - counts.mergedStarts;
    if (has("start"))
      for (const row of keptRows)
        if (meaning[codes[row]] === "complete" && startRow[row] < 0) counts.unpairedCompletions++;
  } else counts.leftOut = order.length - kept;
  const starts = Int32Array.from(keptRows, (row) => executions?.startRow[row] ?? -1);
  return { order: keptRows, caseStart: keptStart, startRow: starts, executions };
}

/** Marks work that has begun and not ended. */
function addOpen(log: EventLog, rows: EventRows, order: Uint32Array, executions?: Executions): void {
  const open = shared(Uint8Array, order.length);
  let some = false;
  for (let e = 0; e < order.length; e++) {
    if (rows.open?.[order[e]] || (executions && isOpen(executions.became[order[e]]))) {
      open[e] = 1;
      some = true;
    }
  }
  if (some) log.open = open;
}

function addSuspensions(log: EventLog, order: Uint32Array, { suspensions }: Executions): void {
  if (suspensions.length === 0) return;
  const eventOf = new Map(suspensions.map(({ row }) => [row, 0]));
  for (let e = 0; e < order.length; e++) if (eventOf.has(order[e])) eventOf.set(order[e], e);
  const sorted = suspensions
    .map(({ row, from, to }) => ({ event: eventOf.get(row)!, from, to }))
    .sort((a, b) => a.event - b.event || a.from - b.from);
  log.suspensions = {
    event: Uint32Array.from(sorted, ({ event }) => event),
    from: Float64Array.from(sorted, ({ from }) => from),
    to: Float64Array.from(sorted, ({ to }) => to),
  };
}

function notDoneOf(
  rows: EventRows,
  caseCodes: Uint32Array,
  present: Uint32Array,
  { notDone }: Executions,
): NotDone {
  const inLog = new Uint32Array(rows.caseIds.length);
  present.forEach((c, number) => (inLog[caseCodes[c]] = number + 1));
  const of = Uint32Array.from(notDone, ({ row }) => row);
  const [caseOf, caseIds] = withoutUnused(rows.caseOf, rows.caseIds, of);
  const [activity, activities] = withoutUnused(rows.activity, rows.activities, of);
  return {
    caseInLog: Uint32Array.from(of, (row) => inLog[rows.caseOf[row]]),
    caseOf: Uint32Array.from(of, (row) => caseOf[row]),
    caseIds,
    activity: Uint32Array.from(of, (row) => activity[row]),
    activities,
    since: Float64Array.from(notDone, ({ since }) => since),
    begun: Float64Array.from(notDone, ({ begun }) => begun),
    until: Float64Array.from(notDone, ({ until }) => until),
    what: Uint8Array.from(notDone, ({ what }) => NOT_DONE.indexOf(what)),
  };
}

/**
 * The codes of all rows, numbered anew so that every name is used by one of `rowsOf`; codes of other rows
 * mean nothing.
 */
function withoutUnused(codes: Uint32Array, values: Strings, rowsOf: Uint32Array): [Uint32Array, Strings] {
  const used = new Uint8Array(values.length);
  for (let i = 0; i < rowsOf.length; i++) used[codes[rowsOf[i]]] = 1;
  const kept: number[] = [];
  const renumbered = new Uint32Array(values.length);
  for (let code = 0; code < used.length; code++) if (used[code]) renumbered[code] = kept.push(code) - 1;
  if (kept.length === values.length) return [codes, values];
  const names = { length: kept.length, at: (i: number) => (i in kept ? values.at(kept[i]) : undefined) };
  return [codes.map((code) => renumbered[code]), names];
}

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

function shared<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
  type: { new (buffer: SharedArrayBuffer): T; BYTES_PER_ELEMENT: number },
  length: number,
): T {
  return new type(new SharedArrayBuffer(length * type.BYTES_PER_ELEMENT));
}
