import {
  buildEventLog,
  type AttributeRows,
  type EventRows,
  type Lifecycle,
} from "../eventlog/build-event-log.ts";
import { ByteDictionary } from "../eventlog/byte-dictionary.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { allNames, nameAt, type Strings } from "../eventlog/strings.ts";
import { TimeZone } from "../eventlog/time-zone.ts";
import { choose, InputError, quoted } from "../input-error.ts";
import type { ColumnSample } from "./column-sample.ts";
import type { TimeOfDayFormat } from "./values/parse-time-of-day.ts";
import type { ColumnRole, Records, Rejections, ReadOptions, ReadResult, Recognised } from "./format.ts";

/** Rows as columns, before anybody said which column is the case. Code 0 is "no value". */
export interface Table {
  rowCount: number;
  columns: TableColumn[];
}

export type TableColumn = AttributeRows;

/**
 * Columns that must become times, names or numbers, whatever they look like, and those without which a row is
 * rejected; others become what they look like.
 */
export type Wanted = ReadonlyMap<
  string,
  {
    kind: "time" | "time-of-day" | "names" | "number";
    required: boolean;
    /**
     * of times of day the column of their dates, with which they are joined; the dates are then read as days
     * of the wall clock
     */
    date?: string;
    /** of times of day how they are written */
    format?: TimeOfDayFormat;
    /**
     * of times of day of a begin and an end on one date the other of the two: without an end there is open
     * work, without a begin it is not known
     */
    sameDay?: string;
    /**
     * a column that a row without a value here may have its value in: work with a begin and no end is open,
     * not wrong
     */
    orElse?: string;
  }
>;

/** What an event log needs of its columns. */
export function wantedForEvents(recognised: readonly Recognised[], samples: readonly ColumnSample[]): Wanted {
  const columnOf = (wanted: ColumnRole) => recognised.find(({ role }) => role === wanted)?.column;
  const [time, start] = [columnOf("time"), columnOf("start")];
  const formatOf = (column: string) => {
    const times = samples.find(({ name }) => name === column)?.timeOfDay;
    // a column that an option names may hold anything
    return times
      ? { compact: times.compact, isFraction: times.isFraction }
      : ({ compact: "hhmmss", isFraction: false } as const);
  };
  const clocksOf = (column: string, date: string | undefined, sameDay: string | undefined) => ({
    kind: "time-of-day" as const,
    date,
    format: formatOf(column),
    sameDay: start === undefined ? sameDay : undefined,
  });
  const wanted = new Map<string, NonNullable<ReturnType<Wanted["get"]>>>();
  for (const { role, column } of recognised) {
    if (role === "time-of-day")
      wanted.set(column, { ...clocksOf(column, time, columnOf("start-time-of-day")), required: true });
    else if (role === "start-time-of-day")
      wanted.set(column, { ...clocksOf(column, start ?? time, columnOf("time-of-day")), required: false });
    else
      wanted.set(column, {
        kind: role === "time" || role === "start" ? "time" : "names",
        required: role === "case" || role === "activity" || role === "time",
        orElse: role === "time" ? start : undefined,
      });
  }
  return wanted;
}

/** What a reader knows besides the rows. */
export interface ReadAccount {
  file: string;
  format: string;
  read: number;
  rejections: Rejections;
  emptied: Rejections;
  notes: string[];
  records?: Records[];
  /** attributes of whole cases, by the codes of the case column */
  caseAttributes?: AttributeRows[];
}

/**
 * The event log of a table whose case, activity and time columns are known and complete (the reader rejected
 * other rows). A classifier of several columns joins their values with "+", as the XES standard does.
 */
export function tableToLog(
  table: Table,
  recognised: Recognised[],
  options: ReadOptions,
  account: ReadAccount,
): ReadResult {
  const column = (role: ColumnRole) => {
    const name = recognised.find((r) => r.role === role)?.column;
    return table.columns.find((c) => c.name === name);
  };
  const names = (role: ColumnRole) => {
    const found = column(role);
    if (found && found.kind !== "dictionary") throw new Error(`column "${found.name}" was not read as names`);
    return found;
  };
  const instants = (role: ColumnRole) => {
    const found = column(role);
    if (found && found.kind !== "time") throw new Error(`column "${found.name}" was not read as times`);
    return found?.times;
  };

  if (table.rowCount === 0) throw nothingReadable(account);
  const classifier = options.classifier ?? [];
  const caseColumn = names("case")!;
  const activity = classifier.length > 1 ? joinColumns(table, classifier) : names("activity")!;
  const used = new Set(recognised.map((r) => r.column));
  const person = names("person");
  const role = names("role");
  // a column of times of day was joined with its dates
  const time = instants("time-of-day") ?? instants("time")!;
  const start = instants("start-time-of-day") ?? instants("start");
  const rows: EventRows = {
    rowCount: table.rowCount,
    caseOf: caseColumn.codes,
    caseIds: caseColumn.values,
    activity: activity.codes,
    activities: activity.values,
    time,
    start,
    open: openRows(time, start),
    person: person?.codes,
    people: person?.values,
    role: role?.codes,
    roles: role?.values,
    transition: names("lifecycle"),
    instance: names("instance"),
    attributes: table.columns.filter(({ name }) => !used.has(name)),
    caseAttributes: account.caseAttributes,
  };
  // Activities are numbered from 0: the reserved "no value" of the dictionary is not an activity.
  [rows.activity, rows.activities] = withoutReserved(rows.activity, rows.activities);

  const lifecycle: Lifecycle = options.lifecycle ?? "pairs";
  const { log, counts } = buildEventLog(rows, lifecycle);
  if (log.eventCount === 0) throw nothingDone(account.file, table.rowCount, lifecycle);
  const notes = [...account.notes];
  const never = neverDone(log);
  if (never) notes.push(never);
  if (areDays(time, options.timeZone))
    notes.push(
      `"${column("time")!.name}" holds dates without a time of day: the order of events within a day is that of the file.`,
    );
  refuseTimeOfCases(log, table, recognised, account.file);
  const roleFound = recognised.find((r) => r.role === "role");
  if (log.role && roleFound && roleFound.how !== "given" && isPerCase(log)) {
    // A department that never changes within a case says what the case is about, not who did the step.
    recognised = recognised.filter((r) => r !== roleFound);
    let missing = 0;
    for (const code of log.role) if (code === 0) missing++;
    log.columns.unshift({
      name: roleFound.column,
      scope: "event",
      kind: "dictionary",
      missing,
      codes: log.role,
      values: log.roles,
    });
    log.role = undefined;
    log.roles = [""];
    notes.push(
      `Column "${roleFound.column}" has one value a case, so it was not taken as the role of whoever did a step; choose it with ${choose("role", `"${roleFound.column}"`)} if it is.`,
    );
  }
  if (log.start) {
    let reversed = 0;
    for (let e = 0; e < log.eventCount; e++) if (log.start[e] > log.time[e]) reversed++;
    if (reversed > 0) {
      notes.push(`${reversed} events begin after they end; their begin was taken as unknown.`);
      for (let e = 0; e < log.eventCount; e++) if (log.start[e] > log.time[e]) log.start[e] = log.time[e];
    }
  }
  return {
    log,
    records: account.records ?? [],
    report: {
      file: account.file,
      format: account.format,
      read: account.read,
      kept: table.rowCount,
      rejected: account.rejections.count,
      rejections: account.rejections.first,
      emptied: account.emptied.count,
      emptiedValues: account.emptied.first,
      recognised,
      counts,
      lifecycle: rows.transition ? lifecycle : "none",
      classifier: classifier.length > 0 ? classifier.join(",") : (column("activity")?.name ?? ""),
      notes,
    },
  };
}

/**
 * Refuses a time that was only recognised by its name when it is the same for all events of nearly every case
 * while another column of times changes: "closed_at" says when the case ended, not when each step was done.
 */
function refuseTimeOfCases(
  { caseCount, caseStart, time }: EventLog,
  table: Table,
  recognised: Recognised[],
  file: string,
): void {
  const taken = recognised.find(({ role }) => role === "time");
  if (!taken || taken.how === "given") return;
  const used = new Set(recognised.map(({ column }) => column));
  const others = table.columns
    .filter(({ name, kind }) => kind === "time" && !used.has(name))
    .map(({ name }) => name);
  if (others.length === 0) return;
  let several = 0;
  let equal = 0;
  for (let c = 0; c < caseCount; c++) {
    if (caseStart[c + 1] - caseStart[c] < 2) continue;
    several++;
    if (time[caseStart[c]] === time[caseStart[c + 1] - 1]) equal++;
  }
  if (several < 20 || equal < several * 0.95) return;
  throw new InputError(
    "time-of-case",
    file,
    `${file}: the column "${taken.column}" has one time a case, so it cannot say when each step was done. Name the right one with ${choose("time")}. Other columns of times: ${others.join(", ")}.`,
  );
}

/** Whether every time is a midnight of the wall clock. */
function areDays(time: Float64Array, timeZone: string | undefined): boolean {
  const zone = new TimeZone(timeZone ?? "UTC");
  return time.every((ms) => zone.toLocal(ms) % 86_400_000 === 0);
}

/** Which activities have rows and no execution: they are not among the activities. */
function neverDone({ notDone, activities }: EventLog): string | undefined {
  if (!notDone) return undefined;
  const done = new Set(allNames(activities));
  const counts = new Map<string, number>();
  for (const a of notDone.activity) {
    const name = nameAt(notDone.activities, a);
    if (!done.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  if (counts.size === 0) return undefined;
  const shown = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, n]) => `"${name}" (${n === 1 ? "once" : `${n} times`})`);
  const more = shown.length > 8 ? ` and ${shown.length - 8} more` : "";
  return `Never done, only scheduled, skipped, withdrawn or aborted: ${shown.slice(0, 8).join(", ")}${more}.`;
}

/** Rows with a begin and no end, which get their begin as time; undefined where there are none. */
function openRows(time: Float64Array, start: Float64Array | undefined): Uint8Array | undefined {
  if (!start) return undefined;
  let open: Uint8Array | undefined;
  for (let r = 0; r < time.length; r++) {
    if (!Number.isNaN(time[r])) continue;
    (open ??= new Uint8Array(time.length))[r] = 1;
    time[r] = start[r];
  }
  return open;
}

/** Whether the role has one value in nearly every case with several events. */
function isPerCase({ caseCount, caseStart, role }: EventLog): boolean {
  let several = 0;
  let changing = 0;
  for (let c = 0; c < caseCount; c++) {
    if (caseStart[c + 1] - caseStart[c] < 2) continue;
    several++;
    for (let e = caseStart[c] + 1; e < caseStart[c + 1]; e++) {
      if (role![e] !== role![e - 1]) {
        changing++;
        break;
      }
    }
  }
  return several >= 20 && changing <= several * 0.01;
}

function nothingDone(file: string, rows: number, lifecycle: Lifecycle): InputError {
  return new InputError(
    "no-rows",
    file,
    lifecycle === "complete"
      ? `${file}: none of ${rows} rows is a completion. Read it without ${choose("lifecycle", "complete")}.`
      : `${file}: none of ${rows} rows is an execution: what they tell of was only scheduled, suspended, skipped, withdrawn or aborted. With ${choose("lifecycle", "events")} each row is an event.`,
  );
}

function nothingReadable({ file, read, rejections }: ReadAccount): InputError {
  const [first] = rejections.first;
  const why = first
    ? ` The first problem: ${first.unit} ${first.at}${first.column ? `, column "${first.column}"` : ""}: expected ${first.expected}, got "${quoted(first.got)}".`
    : "";
  return new InputError("no-rows", file, `${file}: none of ${read} rows could be read as an event.${why}`);
}

function joinColumns(table: Table, wanted: string[]): { codes: Uint32Array; values: Strings } {
  const parts = wanted.map((name) => {
    const found = table.columns.find((c) => c.name === name);
    if (!found)
      throw new InputError(
        "unknown-column",
        "--classifier",
        `${choose("classifier")}: there is no column "${name}".`,
      );
    if (found.kind !== "dictionary") {
      throw new InputError(
        "not-names",
        "--classifier",
        `${choose("classifier")}: column "${name}" holds ${found.kind}s, not names.`,
      );
    }
    return found;
  });
  const codes = new Uint32Array(table.rowCount);
  const values = new ByteDictionary();
  const seen = new Map<string, number>();
  for (let r = 0; r < table.rowCount; r++) {
    const key = parts.map((part) => part.codes[r]).join(",");
    let code = seen.get(key);
    if (code === undefined) {
      code = values.encodeString(parts.map((part) => nameAt(part.values, part.codes[r])).join("+"));
      seen.set(key, code);
    }
    codes[r] = code;
  }
  return { codes, values };
}

/** Numbers activities from 0 (without the reserved "no value") and drops names that no row uses. */
function withoutReserved(codes: Uint32Array, values: Strings): [Uint32Array, Strings] {
  const used = new Uint8Array(values.length);
  for (let r = 0; r < codes.length; r++) used[codes[r]] = 1;
  const kept: number[] = [];
  const renumbered = new Uint32Array(values.length);
  for (let code = 1; code < values.length; code++) {
    if (used[code]) renumbered[code] = kept.push(code) - 1;
  }
  const dense = codes.map((code) => renumbered[code]);
  return [dense, { length: kept.length, at: (i) => values.at(kept[i] ?? -1) }];
}
