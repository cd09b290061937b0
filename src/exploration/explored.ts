import type { Description } from "../description/description.ts";
import { Evidence } from "../evidence/evidence.ts";
import { timeRange, type EventLog } from "../eventlog/event-log.ts";
import { givenCalendar, type GivenCalendar } from "../eventlog/given-calendar.ts";
import type { RecordTable } from "../eventlog/record-table.ts";
import { logOfCases, type CaseSelection } from "../eventlog/select-cases.ts";
import { UTC, type TimeZone } from "../eventlog/time-zone.ts";
import { Recent } from "./recent.ts";
import { selectCases, type ResolvedFilter } from "./filter.ts";

/** The cases that a filter keeps, as a log and as evidence of their own. */
export interface Selection {
  /** the selected cases by their number in the whole log; undefined for all of them */
  cases: CaseSelection | undefined;
  log: EventLog;
  evidence: Evidence;
  /** what a view worked out for this selection, kept for the next question */
  once<T>(key: string, work: () => T): T;
}

/** Selections kept ready: people go back and forth between a few. */
const KEPT = 4;

/**
 * A log that pages ask about, under one filter after another. Work that depends on the whole log alone
 * (calendar, binding of the description, order of activities) is done once; each selection gets a copy of its
 * hot columns, so that every kernel runs over contiguous rows (10 ms a million events).
 */
export class Explored {
  readonly whole: Selection;
  readonly records: () => Promise<readonly RecordTable[]>;
  readonly description: Description | undefined;
  /** of the process */
  readonly name: string;
  readonly #zone: TimeZone;
  readonly #kept = new Recent<Selection>(KEPT);

  constructor(
    log: EventLog,
    {
      name = "Name of the process",
      zone = UTC,
      calendar,
      approvals,
      description,
      records = () => Promise.resolve([]),
    }: {
      name?: string;
      zone?: TimeZone;
      calendar?: GivenCalendar;
      approvals?: string[];
      description?: Description;
      records?: () => Promise<readonly RecordTable[]>;
    } = {},
  ) {
    this.name = name;
    this.#zone = zone;
    this.description = description;
    this.records = records;
    const given = calendar && givenCalendar(calendar, timeRange(log) ?? { from: 0, to: 0 }, zone);
    const evidence = new Evidence(log, { zone, calendar: given, approvals, description });
    this.whole = selectionOf(undefined, log, evidence);
  }

  /** The cases that the filter keeps. */
  select(filter: ResolvedFilter): Selection {
    return this.#kept.get(JSON.stringify(filter), () => this.#selectionBy(filter));
  }

  #selectionBy(filter: ResolvedFilter): Selection {
    const { log, evidence } = this.whole;
    const cases = selectCases(log, filter);
    if (!cases) return this.whole;
    const part = logOfCases(log, cases);
    return selectionOf(
      cases,
      part,
      new Evidence(part, {
        zone: this.#zone,
        calendar: () => evidence.calendar,
        description: this.description,
        approvals: evidence.activityNames.filter((_, a) => evidence.isApproval[a]),
      }),
    );
  }
}

function selectionOf(cases: CaseSelection | undefined, log: EventLog, evidence: Evidence): Selection {
  const kept = new Map<string, unknown>();
  return {
    cases,
    log,
    evidence,
    once<T>(key: string, work: () => T): T {
      if (!kept.has(key)) kept.set(key, work());
      return kept.get(key) as T;
    },
  };
}
