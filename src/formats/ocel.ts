import type { ObjectCentricLog } from "../eventlog/object-log.ts";
import { TimeZone, UTC } from "../eventlog/time-zone.ts";
import { choose, didYouMean, InputError } from "../input-error.ts";
import { checkCell, checkCells, checkColumns, checkUnpacked, MOST_CELLS, SPARSEST } from "./limits.ts";
import type { ReadOptions, ReadResult, Records } from "./format.ts";
import { TimeParser } from "./values/parse-time.ts";
import { readTable, TableBuilder, type CellValue } from "./table-builder.ts";

/** An object-centric log (OCEL 1.0 or 2.0), as its readers deliver it. */
export interface ObjectLog {
  objects: Map<string, { type: string; attributes: Map<string, CellValue> }>;
  events: ObjectEvent[];
  /** problems of the file that were met and kept out of the events */
  notes: string[];
}

export interface ObjectEvent {
  id: string;
  type: string;
  time: CellValue;
  attributes: Map<string, CellValue>;
  /** related objects, each with its qualifier ("" where the format has none) */
  related: { object: string; qualifier: string }[];
}

/**
 * Flattens an object-centric log: the objects of one type are the cases, an event belongs to each of them
 * that it is related to. Related objects of other types become a column per type (joined by "; " where there
 * are several); all objects are kept as records, a table per type.
 *
 * An event of several cases is a row in each: `read` counts these rows. Throws InputError, listing the types,
 * when `--object-type` is missing and there is more than one, or names none.
 */
export function flattenObjects(
  file: string,
  format: string,
  log: ObjectLog,
  options: ReadOptions,
): ReadResult {
  const types = new Map<string, number>();
  for (const { type } of log.objects.values()) types.set(type, (types.get(type) ?? 0) + 1);
  const wanted = chooseType(file, types, options.objectType);

  const builder = new TableBuilder(file);
  const places: number[] = [];
  // The columns made here go before attributes of the same name.
  const nameFor = (name: string) =>
    name === "case" || name === "activity" || name === "time" || types.has(name) ? `event ${name}` : name;
  let unrelated = 0;
  let shared = 0;
  // an event of many cases stands in each of them with all that it says: few relations can make a huge table
  let [written, said] = [0, 0];
  log.events.forEach((event, i) => {
    const cases = new Set<string>();
    const others = new Map<string, string[]>();
    for (const { object } of event.related) {
      const type = log.objects.get(object)?.type;
      if (type === wanted) cases.add(object);
      else if (type !== undefined) {
        const list = others.get(type);
        if (list) list.push(object);
        else others.set(type, [object]);
      }
    }
    if (cases.size === 0) unrelated++;
    if (cases.size > 1) shared++;
    said += 3 + event.attributes.size + event.related.length;
    written += cases.size * (3 + event.attributes.size + others.size);
    if (written > MOST_CELLS)
      checkUnpacked(file, `cells (events × objects of type "${wanted}")`, written, said * SPARSEST);
    const joined = [...others].map(([type, objects]) => [type, [...new Set(objects)].join("; ")] as const);
    for (const id of cases) {
      const row = places.push(i + 1) - 1;
      builder.set(row, "case", id);
      builder.set(row, "activity", event.type);
      builder.set(row, "time", event.time);
      for (const [name, value] of event.attributes) builder.set(row, nameFor(name), value);
      for (const [type, objects] of joined)
        builder.set(row, RESERVED.has(type) ? `${type} objects` : type, objects);
    }
  });
  const notes = [...log.notes, `Flattened by object type "${wanted}": ${types.get(wanted)} objects.`];
  if (unrelated > 0)
    notes.push(
      `${unrelated} of ${log.events.length} events are related to no ${wanted} and belong to no case.`,
    );
  if (shared > 0)
    notes.push(`${shared} events belong to several ${wanted} objects and stand in each of their cases.`);
  if (places.length === 0) {
    throw new InputError(
      "no-rows",
      file,
      `${file}: no event is related to an object of type "${wanted}". Types: ${listTypes(types)}.`,
    );
  }
  const roles = {
    ...options,
    case: options.case ?? "case",
    activity: options.activity ?? "activity",
    time: options.time ?? "time",
  };
  return readTable(builder.finish(places.length), roles, {
    file,
    format,
    places: { unit: "event", at: (row) => places[row] },
    notes,
    records: recordsOf(file, log),
  });
}

const RESERVED = new Set(["case", "activity", "time"]);

function chooseType(file: string, types: Map<string, number>, wanted: string | undefined): string {
  if (types.size === 0)
    throw new InputError("no-objects", file, `${file} holds no objects, so nothing can be a case.`);
  if (wanted === undefined) {
    if (types.size === 1) return [...types.keys()][0];
    throw new InputError(
      "which-object-type",
      file,
      `${file} is an object-centric log. Say whose life is a case with ${choose("object-type")}. Types: ${listTypes(types)}.`,
    );
  }
  if (types.has(wanted)) return wanted;
  const near = didYouMean(wanted, [...types.keys()]);
  throw new InputError(
    "unknown-object-type",
    "--object-type",
    `${choose("object-type")}: ${file} has no objects of type "${wanted}".${near ? ` Did you mean "${near}"?` : ""} Types: ${listTypes(types)}.`,
  );
}

function listTypes(types: Map<string, number>): string {
  return [...types].map(([type, count]) => `${type} (${count})`).join(", ");
}

function recordsOf(file: string, { objects }: ObjectLog): Records[] {
  const byType = new Map<string, { columns: Set<string>; rows: Map<string, CellValue>[]; ids: string[] }>();
  for (const [id, { type, attributes }] of objects) {
    const table = byType.get(type) ?? byType.set(type, { columns: new Set(), rows: [], ids: [] }).get(type)!;
    for (const [name, value] of attributes) {
      table.columns.add(name);
      if (typeof value === "string") checkCell(file, name, value.length);
    }
    checkColumns(file, table.columns.size);
    table.rows.push(attributes);
    table.ids.push(id);
  }
  for (const { columns, rows } of byType.values())
    checkCells(
      file,
      columns.size,
      rows.length,
      rows.reduce((sum, row) => sum + row.size, 0),
    );
  const plain = (value: CellValue) =>
    value === undefined
      ? null
      : value instanceof Date
        ? value.toISOString()
        : typeof value === "boolean"
          ? String(value)
          : value;
  return [...byType].map(([name, { columns, rows, ids }]) => ({
    name,
    columns: ["id", ...columns],
    rows: rows.map((row, i) => [ids[i], ...[...columns].map((column) => plain(row.get(column)))]),
  }));
}

/** An object-centric log as columns, with what was left out of it. */
export interface ObjectReading {
  log: ObjectCentricLog;
  /** events of the file, and those without a readable time */
  read: number;
  rejected: number;
  notes: string[];
}

/**
 * The events of an object-centric file as columns, in the order of time. Throws InputError where no event has
 * a time.
 */
export function columnsOfObjects(
  file: string,
  { objects, events, notes }: ObjectLog,
  options: ReadOptions,
): ObjectReading {
  const times = new TimeParser(
    options.dateOrder ?? "dmy",
    options.timeZone ? new TimeZone(options.timeZone) : UTC,
  );
  const instant = (value: CellValue): number => {
    if (value instanceof Date) return value.getTime();
    if (typeof value === "number") return value;
    return typeof value === "string" ? times.parseString(value) : NaN;
  };
  const when = events.map(({ time }) => instant(time));
  const order = events.map((_, i) => i).filter((i) => !Number.isNaN(when[i]));
  if (order.length === 0) {
    throw new InputError(
      "no-rows",
      file,
      `${file}: expected events with times like 2025-03-01T09:30Z, got none among ${events.length} events.`,
    );
  }
  order.sort((i, j) => when[i] - when[j] || i - j);
  const number = (names: string[], known: Map<string, number>, name: string) =>
    known.get(name) ?? (known.set(name, names.push(name) - 1), names.length - 1);
  const [activities, types, objectIds]: [string[], string[], string[]] = [[], [], []];
  const [activityCodes, typeCodes, objectCodes] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  for (const id of objects.keys()) number(objectIds, objectCodes, id);
  const type = Uint16Array.from(objects.values(), (object) => number(types, typeCodes, object.type));
  const related: number[] = [];
  const eventStart = new Uint32Array(order.length + 1);
  const activity = Uint32Array.from(order, (i, e) => {
    const own = new Set(events[i].related.flatMap(({ object }) => objectCodes.get(object) ?? []));
    related.push(...own);
    eventStart[e + 1] = related.length;
    return number(activities, activityCodes, events[i].type);
  });
  const log: ObjectCentricLog = {
    eventCount: order.length,
    activity,
    activities,
    time: Float64Array.from(order, (i) => when[i]),
    objectCount: objectIds.length,
    objectIds,
    type,
    types,
    eventStart,
    object: Uint32Array.from(related),
  };
  return { log, read: events.length, rejected: events.length - order.length, notes };
}
