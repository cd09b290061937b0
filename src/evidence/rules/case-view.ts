import type { WorkCalendar } from "../../eventlog/calendar.ts";
import { nameAt } from "../../eventlog/strings.ts";
import { UTC, type TimeZone } from "../../eventlog/time-zone.ts";
import type { Column } from "../../eventlog/event-log.ts";
import type { Evidence } from "../evidence.ts";
import { plain } from "./values.ts";

export type Value = string | number;

/** One event of a case, in the words of the evidence. */
export interface EventRow {
  activity: string;
  /** when it was done, ms since epoch */
  time: number;
  person?: string;
  /** the role under which it was done */
  role?: string;
  /** further columns by name */
  values?: Readonly<Record<string, Value>>;
}

/** One case, or one request, by itself: what rules need to know of it. */
export interface CaseView {
  /** ascending by time */
  events: readonly EventRow[];
  /** values of the whole case, by column */
  values?: Readonly<Record<string, Value>>;
  /** the instant at which it is looked at, ms since epoch */
  now: number;
  /** whether it has ended */
  closed?: boolean;
  zone?: TimeZone;
  /** for limits of time in working days; without one they cannot be told */
  calendar?: Pick<WorkCalendar, "workingMs" | "hoursPerDay">;
  // what only a whole log can tell
  /** it had begun before its record did: what it lacks may have happened before */
  beganBefore?: boolean;
  /** names that are programs: they count as nobody */
  programs?: ReadonlySet<string>;
  /** steps of activities that are neither so called nor mapped, as the audit matched them */
  steps?: ReadonlyMap<string, string>;
}

/**
 * A case of a log as a view, with what the whole log tells of it. The case's rows and columns are read once.
 */
export function caseView(evidence: Evidence, c: number): CaseView {
  const { log, described, isAutomatic, amount } = evidence;
  const { caseStart, columns } = log;
  const [from, to] = [caseStart[c], caseStart[c + 1]];
  const own: { column: Column; as: string }[] = columns.map((column) => ({ column, as: column.name }));
  // rules speak of "amount" where the column is called otherwise
  if (amount && !columns.some(({ name }) => plain(name) === "amount"))
    own.push({ column: amount, as: "amount" });
  const valuesAt = (scope: Column["scope"], row: number) =>
    Object.fromEntries(
      own.flatMap(({ column, as }) => {
        const value = column.scope === scope ? valueOf(column, row) : undefined;
        return value === undefined ? [] : [[as, value]];
      }),
    );
  const events: EventRow[] = [];
  const programs = new Set<string>();
  for (let e = from; e < to; e++) {
    const p = log.person?.[e] ?? 0;
    const person = p > 0 ? nameAt(log.people, p) : undefined;
    if (person !== undefined && isAutomatic[p]) programs.add(person);
    events.push({
      activity: nameAt(log.activities, log.activity[e]),
      time: log.time[e],
      ...(person !== undefined && { person }),
      ...(log.role && log.role[e] > 0 && { role: nameAt(log.roles, log.role[e]) }),
      values: valuesAt("event", e),
    });
  }
  const values: Record<string, Value> = valuesAt("case", c);
  // columns of record tables that rules name
  for (const name of described ? columnsOfRules(evidence) : []) {
    if (own.some(({ as }) => plain(as) === plain(name))) continue;
    const value = described!.valueAt(name)?.(c, from);
    if (value !== undefined) values[name] = value;
  }
  return {
    events,
    values,
    now: evidence.range.to,
    closed: evidence.isClosed[c] === 1,
    zone: evidence.zone ?? UTC,
    calendar: evidence.calendar,
    beganBefore: evidence.beganBefore[c] === 1,
    programs,
    steps: new Map((described?.matches ?? []).map(({ activity, step }) => [activity, step])),
  };
}

/** Every column that a rule of the description names. */
const columnsOfRules = (evidence: Evidence): string[] =>
  evidence.once("rules/columns", () => {
    const names = (evidence.described!.description.rules ?? []).flatMap((rule) => [
      ...Object.keys(rule.when ?? {}),
      ...("limit" in rule || "splitLimit" in rule ? [rule.amount ?? "amount"] : []),
      ...("deadline" in rule && rule.by !== undefined ? [rule.by] : []),
    ]);
    return [...new Set(names)];
  });

function valueOf(column: Column, row: number): Value | undefined {
  if (column.kind === "number") return Number.isNaN(column.numbers[row]) ? undefined : column.numbers[row];
  if (column.kind === "time") return Number.isNaN(column.times[row]) ? undefined : column.times[row];
  return column.codes[row] === 0 ? undefined : nameAt(column.values, column.codes[row]);
}
