import type { Description } from "../description/description.ts";
import { findVariants, type Variants } from "../discovery/variants.ts";
import { WorkCalendar, learnCalendar } from "../eventlog/calendar.ts";
import { caseOfEvents, timeRange, type Column, type EventLog } from "../eventlog/event-log.ts";
import type { RecordTable } from "../eventlog/record-table.ts";
import { allNames, nameAt } from "../eventlog/strings.ts";
import { groupRows, rowsByTime, type RowsByCode } from "../eventlog/time-order.ts";
import { UTC, type TimeZone } from "../eventlog/time-zone.ts";
import {
  adHocActivities,
  endShares,
  finalActivities,
  isDoneByPrograms,
  timedActivities,
} from "./activities.ts";
import { isApprovalName, isCompensatingName, isRejectionName } from "./activity-names.ts";
import { amountColumn, amountOfCase } from "./amounts.ts";
import { casesBegunBefore, casesOfRecords, closedCases } from "./cases.ts";
import {
  caseEndColumn,
  caseKinds,
  entryShares,
  holdsPeople,
  nameColumns,
  namesSomebody,
  valuesOfCases,
  type NameColumn,
} from "./columns.ts";
import { Described } from "./described.ts";
import { handlingOfActivities, idleTransitions, type Handling } from "./handling.ts";
import { automaticPeople, hasIndividuals, isProgramName, rolesOfPeople } from "./people.ts";
import { plain } from "./rules/values.ts";
import { activities, type ActivitySummary } from "./summaries/activities.ts";
import { executions, type ExecutionSummary } from "./summaries/executions.ts";
import { follows, type FollowsSummary } from "./summaries/follows.ts";
import { timePrecision, waitsOfEvents } from "./waits.ts";

export interface EvidenceOptions {
  zone?: TimeZone;
  /** a given working calendar, or where to get it when it is first needed; without one it is learned */
  calendar?: WorkCalendar | (() => WorkCalendar);
  /** names of the approval activities; without them they are found by name */
  approvals?: string[];
  /** what people say the process is */
  description?: Description;
  /** tables of records from the systems of record */
  records?: readonly RecordTable[];
}

/**
 * A log with what several detectors need to know about it, each worked out once, when first asked for.
 * Nothing here changes the log. How each is worked out stands in a file of its own beside this one: cases,
 * activities, people, waits, handling, amounts, columns.
 */
export class Evidence {
  readonly log: EventLog;
  readonly zone: TimeZone;
  readonly activityNames: string[];
  /** 1 for activities that are approvals */
  readonly isApproval: Uint8Array;
  /** 1 for activities that make up for something that went wrong, by their name */
  readonly isCompensating: Uint8Array;
  /** tables of records, in the order given */
  readonly records: readonly RecordTable[];
  readonly #description: Description | undefined;
  readonly #given: WorkCalendar | (() => WorkCalendar) | undefined;
  readonly #approvals: Set<string> | undefined;
  readonly #cache = new Map<string, unknown>();

  constructor(
    log: EventLog,
    { zone = UTC, calendar, approvals, description, records = [] }: EvidenceOptions = {},
  ) {
    this.log = log;
    this.records = records;
    this.#description = description;
    this.zone = zone;
    this.activityNames = allNames(log.activities);
    this.#approvals = approvals && new Set(approvals);
    const described = new Set(approvals ? [] : approvalsIn(description));
    this.isApproval = Uint8Array.from(this.activityNames, (name) =>
      described.has(plain(name)) || this.isApprovalStep(name) ? 1 : 0,
    );
    this.isCompensating = Uint8Array.from(this.activityNames, (name, a) =>
      !this.isApproval[a] && isCompensatingName(name) ? 1 : 0,
    );
    this.#given = calendar;
  }

  /** Whether somebody said which activities are approvals, rather than their names. */
  get approvalsGiven(): boolean {
    return this.#approvals !== undefined;
  }

  /** Whether a step or activity of this name is an approval: because somebody said so, else by its name. */
  isApprovalStep(name: string): boolean {
    return this.#approvals ? this.#approvals.has(name) : isApprovalName(name);
  }

  /** The description bound to the log; undefined without one. */
  get described(): Described | undefined {
    return this.once("described", () => this.#description && new Described(this, this.#description));
  }

  /**
   * 1 for cases that had begun before the log did: they lie in its first tenth and do not begin with a step
   * with which described (else: usual) cases begin. What they lack may have happened before.
   */
  get beganBefore(): Uint8Array {
    return this.once("beganBefore", () => casesBegunBefore(this));
  }

  /** 1 for activities that refuse or cancel, by their name. */
  get refuses(): Uint8Array {
    return this.once("refuses", () =>
      Uint8Array.from(this.activityNames, (name) => (isRejectionName(name) ? 1 : 0)),
    );
  }

  /** Whether programs do most of an activity. */
  isProgram(a: number): boolean {
    return isDoneByPrograms(this, a);
  }

  /** Numbers of cases by id. */
  get caseNumbers(): ReadonlyMap<string, number> {
    return this.once("caseNumbers", () => new Map(allNames(this.log.caseIds).map((id, c) => [id, c])));
  }

  /** Cases that rows of a record table belong to, by its case_id; [] where it has none. */
  casesOfRecords(table: RecordTable, rows: Iterable<number>): Uint32Array {
    return casesOfRecords(this, table, rows);
  }

  /** Record tables under a name, whatever their tag. */
  tables(name: RegExp): RecordTable[] {
    return this.records.filter((table) => name.test(table.name));
  }

  /**
   * As `tables`, of several versions of one table (by tags) the first alone: what is counted is not counted
   * twice.
   */
  distinctTables(name: RegExp): RecordTable[] {
    return this.tables(name).filter(
      (table, i, all) => all.findIndex((other) => other.name === table.name) === i,
    );
  }

  /** first and last instant of the log; 0 and 0 for none */
  get range(): { from: number; to: number } {
    return this.once("range", () => timeRange(this.log) ?? { from: 0, to: 0 });
  }

  get calendar(): WorkCalendar {
    return this.once(
      "calendar",
      () =>
        (typeof this.#given === "function" ? this.#given() : this.#given) ??
        learnCalendar(this.log, this.zone, this.range, (p) => isProgramName(nameAt(this.log.people, p))),
    );
  }

  get caseOf(): Uint32Array {
    return this.once("caseOf", () => caseOfEvents(this.log));
  }

  /** rows in order of time */
  get byTime(): Uint32Array {
    return this.once("byTime", () => rowsByTime(this.log.time));
  }

  /** rows of each activity, in order of time */
  get byActivity(): RowsByCode {
    return this.once("byActivity", () =>
      groupRows(this.log.activity, this.activityNames.length, this.byTime),
    );
  }

  /** The rows of one activity, in order of time. */
  rowsOf(a: number): Uint32Array {
    const { start, rows } = this.byActivity;
    return rows.subarray(start[a], start[a + 1]);
  }

  /** rows of each person, in order of time; nobody's rows under code 0 */
  get byPerson(): RowsByCode | undefined {
    const { person, people } = this.log;
    return person && this.once("byPerson", () => groupRows(person, people.length, this.byTime));
  }

  get variants(): Variants {
    return this.once("variants", () => findVariants(this.log));
  }

  /** by activity: its events, the cases that contain it, and those that begin and end with it */
  get activityCounts(): ActivitySummary["counts"] {
    return this.once("activityCounts", () => activities.of(this.log).counts);
  }

  /** cases that contain each activity */
  get casesWith(): Float64Array {
    return this.activityCounts.cases;
  }

  /** how often each activity comes directly after each other */
  get follows(): FollowsSummary {
    return this.once("follows", () => follows.of(this.log));
  }

  /** how often each person did each activity, under which role */
  get executions(): ExecutionSummary {
    return this.once("executions", () => executions.of(this.log));
  }

  /** working time in ms from the event before in the case to the begin of each event; NaN for the first */
  get wait(): Float64Array {
    return this.once("wait", () => waitsOfEvents(this));
  }

  /** 1 for people who are programs: by their name, or because they work outside hours, or at all hours */
  get isAutomatic(): Uint8Array {
    return this.once("isAutomatic", () => automaticPeople(this));
  }

  /**
   * Whether the person column tells individuals apart: at least four people, and not one name for nearly
   * everything.
   */
  get hasIndividuals(): boolean {
    return this.once("hasIndividuals", () => hasIndividuals(this));
  }

  /** How finely times are recorded: most at midnight, nearly all on whole minutes, or to the second. */
  get precision(): "day" | "minute" | "second" {
    return this.once("precision", () => timePrecision(this));
  }

  /**
   * 1 for cases that have come to their end: their last activity is a final one, or one that ends most cases
   * was done before
   */
  get isClosed(): Uint8Array {
    return this.once("isClosed", () => closedCases(this));
  }

  /** of the cases that contain an activity, the share that ends with it */
  get endShare(): Float64Array {
    return this.once("endShare", () => endShares(this));
  }

  /**
   * 1 for activities done here and there: in less than half of the cases, behind four or more different
   * activities, none of which comes before them in 4 of 10. Who does them, and when, says nothing about a
   * step of the process.
   */
  get isAdHoc(): Uint8Array {
    return this.once("isAdHoc", () => adHocActivities(this));
  }

  /** For a column of events: the share of its cases in which a value stands first at each activity. */
  entryShare(column: Column): Float64Array {
    return this.once(`entry/${column.name}`, () => entryShares(this, column));
  }

  /**
   * 1 for activities that end cases: 3 in 10 of the cases that contain them end there, or 8 in 100 where just
   * one event follows otherwise (another way to end, one step earlier), or their name says so.
   */
  get isFinal(): Uint8Array {
    return this.once("isFinal", () => finalActivities(this));
  }

  /**
   * How long one execution of an activity takes: the median from begin to end where both are recorded, else
   * from the gaps between one person's events.
   */
  handling(a: number): Handling | undefined {
    return this.once("handling", () => handlingOfActivities(this))[a];
  }

  /**
   * Whether an event is work that somebody did: not where its life-cycle transition only schedules, assigns,
   * skips or ends an activity (the standard's other transitions). Logs without a life cycle hold work only.
   */
  isWork(e: number): boolean {
    const { transition } = this.log;
    return !transition || !this.once("idleTransitions", () => idleTransitions(this))[transition[e]];
  }

  /**
   * 1 for activities that a clock sets off: more than half of them come a whole number of days (one or more)
   * after the event before, to the quarter of an hour. Nobody's waiting, nobody's practice.
   */
  get isTimed(): Uint8Array {
    return this.once("isTimed", () => timedActivities(this));
  }

  /** The column of cases that says when a case ended, where the source keeps one. */
  get caseEnd(): Extract<Column, { kind: "time" }> | undefined {
    return caseEndColumn(this);
  }

  /** The column that says how much money a case is about, when there is one. */
  get amount(): Extract<Column, { kind: "number" }> | undefined {
    return this.once("amount", () => amountColumn(this));
  }

  /** The largest amount recorded in a case; NaN when none is, and for what is too large to be one. */
  amountOfCase(c: number): number {
    return amountOfCase(this, c);
  }

  /**
   * Columns that hold names or codes, also where the codes are whole numbers: at most 60 different ones that
   * are not an amount, a quantity or a counter by name.
   */
  get nameColumns(): NameColumn[] {
    return this.once("nameColumns", () => nameColumns(this));
  }

  /** Columns of names that tell kinds of cases apart: few values, each used often, one value a case. */
  get caseKinds(): NameColumn[] {
    return this.once("caseKinds", () => caseKinds(this));
  }

  /** Whether a column of names holds people ("responsible"): it says who, not what kind of case. */
  holdsPeople(column: Pick<NameColumn, "values">): boolean {
    return holdsPeople(this, column);
  }

  /**
   * Whether a column of a record table says who somebody is or how to reach them: no statement and no page
   * quotes it.
   */
  namesSomebody(table: RecordTable, column: RecordTable["columns"][number]): boolean {
    return namesSomebody(this, table, column);
  }

  /** The value of a column of names for each case: the first one recorded in it. */
  valueOfCases(column: NameColumn): Uint32Array {
    return this.once(`value/${column.name}`, () => valuesOfCases(this, column));
  }

  /** The role under which a person mostly works; 0 where roles are not recorded. */
  get roleOfPerson(): Uint32Array {
    return this.once("roleOfPerson", () => rolesOfPeople(this));
  }

  /** "the AP clerk" when roles are known, else "one person": how a statement speaks of a person. */
  describePerson(p: number): string {
    const role = this.roleOfPerson[p];
    return role > 0 ? `one person (${nameAt(this.log.roles, role)})` : "one person";
  }

  /**
   * Works something out when it is first asked for; detectors that share a pass over the log share it here.
   */
  once<T>(key: string, work: () => T): T {
    if (!this.#cache.has(key)) this.#cache.set(key, work());
    return this.#cache.get(key) as T;
  }
}

/** Activities that a description says approve something, as they are compared. */
function approvalsIn(description: Description | undefined): string[] {
  if (!description) return [];
  const steps = Object.entries(description.steps ?? {})
    .filter(([, { approves }]) => approves !== undefined)
    .map(([step]) => step);
  const mapped = Object.entries(description.mapping ?? {})
    .filter(([, step]) => steps.includes(step))
    .map(([activity]) => activity);
  return [...steps, ...mapped].map(plain);
}
