import type { LifecycleRows } from "../eventlog/life-cycle.ts";
import { timeRange, type EventLog } from "../eventlog/event-log.ts";
import type { ColumnRole, ReadReport } from "./format.ts";

/** The `log` of every `--json` output (DESIGN, "Surfaces that stay stable"). */
export interface LogSummary {
  cases: number;
  events: number;
  activities: number;
  read: number;
  kept: number;
  rejected: number;
  emptied: number;
  lifecycle: string;
  classifier: string;
  mergedStarts: number;
  unpairedStarts: number;
  unpairedCompletions: number;
  leftOut: number;
  /** events that have begun and not ended */
  openWork: number;
  /**
   * rows that are no events of their own, beside starts joined with their completion: they say since when an
   * execution waited, how long it was suspended, or what was never done
   */
  beside: number;
  /** cases that have rows and in which nothing was done; they are not among `cases` */
  casesWithoutEvents: number;
  /** by life-cycle word, what its rows became; [] without a life cycle */
  lifecycleRows: LifecycleRows[];
  from: string | null;
  to: string | null;
  hasStart: boolean;
  columns: ColumnSummary[];
}

export interface ColumnSummary {
  name: string;
  kind: string;
  /** events, or cases for a column of cases, without a value */
  missing: number;
  /** how many there could be */
  of: number;
  scope: "event" | "case";
  role?: ColumnRole;
  distinct?: number;
}

/** What a log holds and where its rows went. */
export function logSummary(log: EventLog, report: ReadReport): LogSummary {
  const range = timeRange(log);
  const iso = (ms: number | undefined) =>
    ms === undefined || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
  const events = log.eventCount;
  const nobody = log.person?.reduce((count, p) => count + (p === 0 ? 1 : 0), 0) ?? 0;
  const columns = report.recognised
    .filter(({ role }) => role !== "lifecycle" && role !== "instance")
    .map(({ role, column }): ColumnSummary => {
      const base = { name: column, of: events, scope: "event" as const, role };
      if (role === "case") return { ...base, kind: "dictionary", missing: 0, distinct: log.caseCount };
      if (role === "activity")
        return { ...base, kind: "dictionary", missing: 0, distinct: log.activities.length };
      if (role === "person")
        return { ...base, kind: "dictionary", missing: nobody, distinct: log.people.length - 1 };
      if (role === "role") {
        const missing =
          (log.role as Uint32Array | undefined)?.reduce((count, r) => count + (r === 0 ? 1 : 0), 0) ?? 0;
        return { ...base, kind: "dictionary", missing, distinct: log.roles.length - 1 };
      }
      return { ...base, kind: "time", missing: 0 };
    });
  for (const column of log.columns) {
    const distinct =
      column.kind === "dictionary" || column.kind === "text" ? column.values.length - 1 : undefined;
    const of = column.scope === "case" ? log.caseCount : events;
    columns.push({
      name: column.name,
      kind: column.kind,
      missing: column.missing,
      of,
      scope: column.scope,
      distinct,
    });
  }
  return {
    cases: log.caseCount,
    events,
    activities: log.activities.length,
    read: report.read,
    kept: report.kept,
    rejected: report.rejected,
    emptied: report.emptied,
    lifecycle: report.lifecycle,
    classifier: report.classifier,
    mergedStarts: report.counts.mergedStarts,
    unpairedStarts: report.counts.unpairedStarts,
    unpairedCompletions: report.counts.unpairedCompletions,
    leftOut: report.counts.leftOut,
    openWork: log.open?.reduce((sum, flag) => sum + flag, 0) ?? 0,
    beside: report.counts.beside,
    casesWithoutEvents: report.counts.casesWithoutEvents,
    lifecycleRows: report.counts.lifecycleRows,
    from: iso(range?.from),
    to: iso(range?.to),
    hasStart: log.start !== undefined,
    columns,
  };
}
