import type { Description } from "../description/description.ts";
import { isAmount, recordColumn, textOf, type RecordTable } from "../eventlog/record-table.ts";
import { Described } from "./described.ts";
import { plain } from "./rules/values.ts";
import { WorkCalendar, learnCalendar } from "../eventlog/calendar.ts";
import { caseOfEvents, isMissing, timeRange, type Column, type EventLog } from "../eventlog/event-log.ts";
import { handlingMs } from "../eventlog/handling.ts";
import { allNames, nameAt, type Strings } from "../eventlog/strings.ts";
import { groupRows, rowsByTime, type RowsByCode } from "../eventlog/time-order.ts";
import { UTC, type TimeZone } from "../eventlog/time-zone.ts";
import { activities, type ActivitySummary } from "./summaries/activities.ts";
import { executions, type ExecutionSummary } from "./summaries/executions.ts";
import { follows, type FollowsSummary } from "./summaries/follows.ts";
import { findVariants, type Variants } from "../discovery/variants.ts";
import { quantileOfSorted } from "../statistics/quantile.ts";
import { isApprovalName, isClosingName, isCompensatingName, isRejectionName } from "./activity-names.ts";

const HOUR = 3_600_000;

/** How long one execution of an activity takes, and how that is known. */
export interface Handling {
  hours: number;
  basis: "measured" | "estimated";
}

/** A column of names or codes. */
/** Columns of records that say who somebody is or how to reach them, by their names. */
const SAYS_WHO =
  /contact|person|employee|requester|requestor|responsible|handler|buyer|signatory|clerk|user|mail|phone|bearbeiter|ansprech|mitarbeiter/i;

export type NameColumn = Extract<Column, { kind: "dictionary" | "text" }>;

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
 * A log with what several detectors need to know about it, each worked out once, when first asked for. Nothing
 * here changes the log.
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
   * 1 for cases that had begun before the log did: they lie in its first tenth and do not begin with a step with which described (else: usual)
   * cases begin. What they lack may have happened before.
   */
  get beganBefore(): Uint8Array {
    return this.once("beganBefore", () => {
      const { caseCount, caseStart, activity, time } = this.log;
      const { starts } = this.activityCounts;
      const edge = this.range.from + (this.range.to - this.range.from) * 0.1;
      return Uint8Array.from({ length: caseCount }, (_, c) => {
        const e = caseStart[c];
        return time[e] < edge && starts[activity[e]] < caseCount * 0.02 ? 1 : 0;
      });
    });
  }

  /** 1 for activities that refuse or cancel, by their name. */
  get refuses(): Uint8Array {
    return this.once("refuses", () =>
      Uint8Array.from(this.activityNames, (name) => (isRejectionName(name) ? 1 : 0)),
    );
  }

  /** Whether programs do most of an activity. */
  isProgram(a: number): boolean {
    const { person } = this.log;
    if (!person) return false;
    const rows = this.rowsOf(a);
    let byPrograms = 0;
    for (const e of rows) if (this.isAutomatic[person[e]]) byPrograms++;
    return byPrograms > rows.length * 0.8;
  }

  /** Numbers of cases by id. */
  get caseNumbers(): ReadonlyMap<string, number> {
    return this.once("caseNumbers", () => new Map(allNames(this.log.caseIds).map((id, c) => [id, c])));
  }

  /** Cases that rows of a record table belong to, by its case_id; [] where it has none. */
  casesOfRecords(table: RecordTable, rows: Iterable<number>): Uint32Array {
    const column = recordColumn(table, "case_id");
    if (!column) return new Uint32Array(0);
    const cases = new Set<number>();
    for (const r of rows) {
      const c = this.caseNumbers.get(textOf(column, r));
      if (c !== undefined) cases.add(c);
    }
    return Uint32Array.from(cases).sort();
  }

  /** Record tables under a name, whatever their tag. */
  tables(name: RegExp): RecordTable[] {
    return this.records.filter((table) => name.test(table.name));
  }

  /** As `tables`, of several versions of one table (by tags) the first alone: what is counted is not counted twice. */
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
        learnCalendar(this.log, this.zone, this.range, (p) => AUTOMATIC.test(nameAt(this.log.people, p))),
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
    return this.once("wait", () => {
      const { caseCount, caseStart, time, start } = this.log;
      const { calendar } = this;
      const begin = start ?? time;
      const wait = new Float64Array(time.length);
      for (let c = 0; c < caseCount; c++) {
        wait[caseStart[c]] = NaN;
        for (let e = caseStart[c] + 1; e < caseStart[c + 1]; e++)
          wait[e] = calendar.workingMs(time[e - 1], begin[e]);
      }
      return wait;
    });
  }

  /** 1 for people who are programs: by their name, or because they work outside hours, or at all hours */
  get isAutomatic(): Uint8Array {
    return this.once("isAutomatic", () => {
      const { people, person, time } = this.log;
      const automatic = Uint8Array.from({ length: people.length }, (_, p) =>
        p > 0 && AUTOMATIC.test(nameAt(people, p)) ? 1 : 0,
      );
      if (!person) return automatic;
      this.#markInstant(automatic);
      const outside = new Float64Array(people.length);
      const all = new Float64Array(people.length);
      const byHour = people.length <= 1_000_000 ? new Float64Array(people.length * 24) : undefined;
      for (let e = 0; e < person.length; e++) {
        const local = time[e] + this.zone.offsetAt(time[e]);
        all[person[e]]++;
        if (byHour) byHour[person[e] * 24 + (((Math.floor(local / HOUR) % 24) + 24) % 24)]++;
        if (!this.calendar.isWorking(time[e])) outside[person[e]]++;
      }
      const tireless: number[] = [];
      let judged = 0;
      for (let p = 1; p < people.length; p++) {
        if (all[p] >= 100 && outside[p] > all[p] * 0.35) automatic[p] = 1;
        if (all[p] >= 500) judged++;
        // Nobody works at twenty different hours of the day.
        const hours = byHour?.subarray(p * 24, p * 24 + 24).filter((n) => n >= all[p] * 0.004).length ?? 0;
        if (all[p] >= 500 && hours >= 20) tireless.push(p);
      }
      // Where many do (rotating shifts), they are people after all.
      if (tireless.length <= Math.max(1, judged * 0.15)) for (const p of tireless) automatic[p] = 1;
      return automatic;
    });
  }

  /** Programs answer within seconds: nearly all they do begins a case or follows the event before at once. */
  #markInstant(automatic: Uint8Array): void {
    const { caseCount, caseStart, time, person, people } = this.log;
    if (this.precision !== "second") return;
    const all = new Float64Array(people.length);
    const first = new Float64Array(people.length);
    const instant = new Float64Array(people.length);
    for (let c = 0; c < caseCount; c++) {
      for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
        const p = person![e];
        all[p]++;
        if (e === caseStart[c]) first[p]++;
        else if (time[e] - time[e - 1] <= 3000) instant[p]++;
      }
    }
    for (let p = 1; p < people.length; p++) {
      if (all[p] >= 500 && instant[p] >= all[p] * 0.25 && instant[p] + first[p] >= all[p] * 0.7)
        automatic[p] = 1;
    }
  }

  /** Whether the person column tells individuals apart: at least four people, and not one name for nearly everything. */
  get hasIndividuals(): boolean {
    return this.once("hasIndividuals", () => {
      const { byPerson } = this;
      if (!byPerson) return false;
      const sizes: number[] = [];
      for (let p = 1; p + 1 < byPerson.start.length; p++) {
        if (!this.isAutomatic[p]) sizes.push(byPerson.start[p + 1] - byPerson.start[p]);
      }
      const total = sizes.reduce((a, b) => a + b, 0);
      return (
        sizes.filter((size) => size > 0).length >= 4 &&
        sizes.reduce((a, b) => Math.max(a, b), 0) < total * 0.9
      );
    });
  }

  /** How finely times are recorded: most at midnight, nearly all on whole minutes, or to the second. */
  get precision(): "day" | "minute" | "second" {
    return this.once("precision", () => {
      const { time } = this.log;
      let days = 0;
      let minutes = 0;
      for (let e = 0; e < time.length; e++) {
        if (time[e] % 60_000 === 0) minutes++;
        if ((time[e] + this.zone.offsetAt(time[e])) % 86_400_000 === 0) days++;
      }
      return days > time.length * 0.6 ? "day" : minutes > time.length * 0.9 ? "minute" : "second";
    });
  }

  /** 1 for cases that have come to their end: their last activity is a final one, or one that ends most cases was done before */
  get isClosed(): Uint8Array {
    return this.once("isClosed", () => {
      const { caseCount, caseStart, activity, open } = this.log;
      const { isFinal, endShare } = this; // work that has begun and not ended ends no case
      const { caseEnd, refuses } = this;
      return Uint8Array.from({ length: caseCount }, (_, c) => {
        const end = caseStart[c + 1];
        if (caseEnd && !Number.isNaN(caseEnd.times[c])) return 1;
        if (isFinal[activity[end - 1]] && !open?.[end - 1]) return 1;
        // A refusal, with at most two events of tidying up behind it, is an end too.
        for (let e = Math.max(caseStart[c], end - 3); e < end; e++)
          if (refuses[activity[e]] && !open?.[e]) return 1;
        for (let e = caseStart[c]; e < caseStart[c + 1]; e++)
          if (endShare[activity[e]] >= 0.6 && !open?.[e]) return 1;
        return 0;
      });
    });
  }

  /** of the cases that contain an activity, the share that ends with it */
  get endShare(): Float64Array {
    return this.once("endShare", () => {
      const { ends, cases } = this.activityCounts;
      return ends.map((n, a) => n / (cases[a] || 1));
    });
  }

  /**
   * 1 for activities done here and there: in less than half of the cases, behind four or more different activities, none of which
   * comes before them in 4 of 10. Who does them, and when, says nothing about a step of the process.
   */
  get isAdHoc(): Uint8Array {
    return this.once("isAdHoc", () => {
      const { caseCount } = this.log;
      const n = this.activityNames.length;
      if (n > 2000) return new Uint8Array(n);
      const before = new Float64Array(n * n);
      const { codes, counts } = this.follows;
      codes.to.forEach((a, k) => (before[a * n + codes.from[k]] = counts.count[k]));
      return Uint8Array.from({ length: n }, (_, a) => {
        const row = before.subarray(a * n, a * n + n);
        const total = row.reduce((x, y) => x + y, 0);
        const usual = row.filter((count) => count >= total * 0.05).length;
        return total > 0 &&
          this.casesWith[a] < caseCount * 0.5 &&
          usual >= 4 &&
          Math.max(...row) < total * 0.4
          ? 1
          : 0;
      });
    });
  }

  /** For a column of events: the share of its cases in which a value stands first at each activity. */
  entryShare(column: Column): Float64Array {
    return this.once(`entry/${column.name}`, () => {
      const { caseCount, caseStart, activity } = this.log;
      const first = new Float64Array(this.activityNames.length);
      let cases = 0;
      for (let c = 0; c < caseCount; c++) {
        for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
          if (isMissing(column, column.scope === "case" ? c : e)) continue;
          first[activity[e]]++;
          cases++;
          break;
        }
      }
      return first.map((n) => n / (cases || 1));
    });
  }

  /**
   * 1 for activities that end cases: 3 in 10 of the cases that contain them end there, or 8 in 100 where just one
   * event follows otherwise (another way to end, one step earlier), or their name says so.
   */
  get isFinal(): Uint8Array {
    return this.once("isFinal", () => {
      const { caseCount, caseStart, activity } = this.log;
      const { ends } = this.activityCounts;
      const following = new Float64Array(this.activityNames.length); // events after the activity in cases that go on
      const lastRow = new Int32Array(this.activityNames.length);
      for (let c = 0; c < caseCount; c++) {
        const end = caseStart[c + 1] - 1;
        for (let e = caseStart[c]; e <= end; e++) lastRow[activity[e]] = e;
        for (let e = caseStart[c]; e < end; e++)
          if (lastRow[activity[e]] === e) following[activity[e]] += end - e;
      }
      return Uint8Array.from(this.activityNames, (name, a) => {
        if (ends[a] === 0) return 0;
        const share = ends[a] / this.casesWith[a];
        const goingOn = this.casesWith[a] - ends[a];
        if (share >= 0.3 || isClosingName(name)) return 1;
        return share >= 0.08 && following[a] <= goingOn * 1.2 ? 1 : 0;
      });
    });
  }

  /** How long one execution of an activity takes: the median from begin to end where both are recorded, else from the gaps between one person's events. */
  handling(a: number): Handling | undefined {
    return this.once("handling", () => this.#handlingTimes())[a];
  }

  /**
   * Whether an event is work that somebody did: not where its life-cycle transition only schedules, assigns, skips or ends an activity
   * (the standard's other transitions). Logs without a life cycle hold work only.
   */
  isWork(e: number): boolean {
    const { transition } = this.log;
    return !transition || !this.#idleTransitions[transition[e]];
  }

  get #idleTransitions(): Uint8Array {
    return this.once("idleTransitions", () => {
      const names = this.log.transitions ? allNames(this.log.transitions) : [];
      return Uint8Array.from(names, (name) =>
        /^(schedule|assign|reassign|withdraw|autoskip|manualskip|suspend|ate_abort|pi_abort)$/i.test(name)
          ? 1
          : 0,
      );
    });
  }

  /**
   * 1 for activities that a clock sets off: more than half of them come a whole number of days (one or more) after the event
   * before, to the quarter of an hour. Nobody's waiting, nobody's practice.
   */
  get isTimed(): Uint8Array {
    return this.once("isTimed", () => {
      const { time, caseStart } = this.log;
      const { byActivity, caseOf } = this;
      return Uint8Array.from(this.activityNames, (_, a) => {
        const count = new Map<number, number>();
        let all = 0;
        for (let i = byActivity.start[a]; i < byActivity.start[a + 1]; i++) {
          const e = byActivity.rows[i];
          if (e === caseStart[caseOf[e]]) continue;
          all++;
          const days = (time[e] - time[e - 1]) / (24 * HOUR);
          const whole = Math.round(days);
          // an hour either way for the change of clocks
          if (
            whole >= 1 &&
            Math.min(Math.abs(days - whole), Math.abs(Math.abs(days - whole) - 1 / 24)) < 1 / 96
          )
            count.set(whole, (count.get(whole) ?? 0) + 1);
        }
        return all >= 20 && Math.max(0, ...count.values()) > all * 0.5 && this.precision !== "day" ? 1 : 0;
      });
    });
  }

  /** The column of cases that says when a case ended, where the source keeps one. */
  get caseEnd(): Extract<Column, { kind: "time" }> | undefined {
    return this.log.columns.find(
      (column): column is Extract<Column, { kind: "time" }> =>
        column.kind === "time" && column.scope === "case" && isEndColumn(column.name),
    );
  }

  /** The column that says how much money a case is about, when there is one. */
  get amount(): Extract<Column, { kind: "number" }> | undefined {
    return this.once("amount", () => {
      const numeric = this.log.columns.filter((column) => column.kind === "number");
      const named = AMOUNT_NAMES.flatMap((pattern) =>
        numeric.filter(({ name }) => pattern.test(name.toLowerCase())),
      );
      // of a first document only, an amount is missing in many cases; one of all of them is not
      const filled = (column: (typeof named)[number]) =>
        1 - column.missing / Math.max(1, column.numbers.length);
      return named.find((column) => column.scope === "event" || filled(column) >= 0.95) ?? named[0];
    });
  }

  /** The largest amount recorded in a case; NaN when none is, and for what is too large to be one. */
  amountOfCase(c: number): number {
    const { amount, log } = this;
    if (!amount) return NaN;
    if (amount.scope === "case") return isAmount(amount.numbers[c]) ? amount.numbers[c] : NaN;
    let largest = NaN;
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
      const own = amount.numbers[e];
      if (isAmount(own) && !(own <= largest)) largest = own;
    }
    return largest;
  }

  /**
   * Columns that hold names or codes, also where the codes are whole numbers: at most 60 different ones that are not an
   * amount, a quantity or a counter by name.
   */
  get nameColumns(): NameColumn[] {
    return this.once("nameColumns", () =>
      this.log.columns.flatMap((column): NameColumn[] => {
        if (column.kind === "dictionary" || column.kind === "text") return [column];
        return column.kind === "number" ? numberCodes(column) : [];
      }),
    );
  }

  /** Columns of names that tell kinds of cases apart: few values, each used often, one value a case. */
  get caseKinds(): NameColumn[] {
    return this.once("caseKinds", () => {
      const names = new Set(this.log.people.length <= 100_000 ? allNames(this.log.people) : []);
      return this.nameColumns.filter(({ kind, values, missing, codes }) => {
        if (kind !== "dictionary" || values.length <= 2 || values.length > 61 || missing === codes.length)
          return false;
        return !this.#namesPeople(values, names);
      });
    });
  }

  /** Whether a column of names holds people ("responsible"): it says who, not what kind of case. */
  holdsPeople({ values }: Pick<NameColumn, "values">): boolean {
    return (
      values.length <= 100_000 &&
      this.log.people.length <= 100_000 &&
      this.#namesPeople(values, new Set(allNames(this.log.people)))
    );
  }

  /** Whether a column of a record table says who somebody is or how to reach them: no statement and no page quotes it. */
  namesSomebody(table: RecordTable, column: RecordTable["columns"][number]): boolean {
    const naming = (["approver", "owner", "email", "phone"] as const).some(
      (role) => table.roles.get(role) === column.name,
    );
    return naming || SAYS_WHO.test(column.name) || (column.kind === "dictionary" && this.holdsPeople(column));
  }

  #namesPeople(values: Strings, people: Set<string>): boolean {
    const known = allNames(values).filter((name) => name !== "" && people.has(name)).length;
    return known > 0 && known >= (values.length - 1) * 0.5;
  }

  /** The value of a column of names for each case: the first one recorded in it. */
  valueOfCases(column: NameColumn): Uint32Array {
    return this.once(`value/${column.name}`, () => {
      const { caseCount, caseStart } = this.log;
      if (column.scope === "case") return Uint32Array.from(column.codes);
      const values = new Uint32Array(caseCount);
      for (let c = 0; c < caseCount; c++) {
        for (let e = caseStart[c]; e < caseStart[c + 1] && values[c] === 0; e++) values[c] = column.codes[e];
      }
      return values;
    });
  }

  /** The role under which a person mostly works; 0 where roles are not recorded. */
  get roleOfPerson(): Uint32Array {
    return this.once("roleOfPerson", () => {
      const { person, role, people, roles } = this.log;
      const result = new Uint32Array(people.length);
      if (!person || !role || roles.length * people.length > 5e7) return result;
      const counts = new Map<number, number>();
      const { codes, counts: done } = this.executions;
      codes.role.forEach((r, k) => {
        const key = codes.person[k] * roles.length + r;
        if (r !== 0) counts.set(key, (counts.get(key) ?? 0) + done.count[k]);
      });
      const best = new Float64Array(people.length);
      for (const [key, count] of counts) {
        const p = Math.floor(key / roles.length);
        if (count > best[p]) [best[p], result[p]] = [count, key % roles.length];
      }
      return result;
    });
  }

  /** "the AP clerk" when roles are known, else "one person": how a statement speaks of a person. */
  describePerson(p: number): string {
    const role = this.roleOfPerson[p];
    return role > 0 ? `one person (${nameAt(this.log.roles, role)})` : "one person";
  }

  #handlingTimes(): (Handling | undefined)[] {
    const { start, time, person } = this.log;
    const samples: number[][] = this.activityNames.map(() => []);
    const { start: offsets, rows } = this.byActivity;
    if (start) {
      for (let a = 0; a < samples.length; a++) {
        const step = Math.max(1, Math.floor((offsets[a + 1] - offsets[a]) / 5000));
        for (let i = offsets[a]; i < offsets[a + 1]; i += step) {
          const e = rows[i];
          const ms = handlingMs(this.log, e, this.calendar);
          if (!Number.isNaN(ms)) samples[a].push(ms || handlingMs(this.log, e));
        }
      }
      return samples.map((list) =>
        list.length >= 5 ? { hours: middle(list) / HOUR, basis: "measured" } : undefined,
      );
    }
    if (!person || !this.hasIndividuals || this.precision === "day") return samples.map(() => undefined);
    const { start: from, rows: own } = this.byPerson!;
    for (let p = 1; p + 1 < from.length; p++) {
      if (this.isAutomatic[p]) continue;
      for (let i = from[p] + 1; i < from[p + 1]; i++) {
        const gap = time[own[i]] - time[own[i - 1]];
        const list = samples[this.log.activity[own[i]]];
        // Within two hours of the same person's event before, the gap is mostly this one's handling.
        if (gap > 0 && gap <= 2 * HOUR && list.length < 20_000) list.push(gap);
      }
    }
    return samples.map((list) =>
      list.length >= 20 ? { hours: middle(list) / HOUR, basis: "estimated" } : undefined,
    );
  }

  /** Works something out when it is first asked for; detectors that share a pass over the log share it here. */
  once<T>(key: string, work: () => T): T {
    if (!this.#cache.has(key)) this.#cache.set(key, work());
    return this.#cache.get(key) as T;
  }
}

/** How handling hours were come by, in words. */
export function handlingBasis({ hours, basis }: Handling): string {
  const seconds = hours * 3600;
  const minutes =
    seconds < 180
      ? `${seconds.toFixed(0)} s`
      : seconds < 5400
        ? `${(seconds / 60).toFixed(1)} min`
        : `${hours.toFixed(1)} h`;
  return basis === "measured"
    ? `${minutes} each, the median from begin to end`
    : `${minutes} each, estimated from the gaps between one person's events`;
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

function middle(list: number[]): number {
  return quantileOfSorted(Float64Array.from(list).sort(), 0.5) ?? 0;
}

function numberCodes(column: Extract<Column, { kind: "number" }>): NameColumn[] {
  const { name, scope, missing, numbers } = column;
  if (
    /amount|value|price|total|quantity|qty|count|hours|days|duration|percent|rate\b|betrag|preis|menge|anzahl|stunden|index|order$/i.test(
      name,
    )
  )
    return [];
  const known = new Map<number, number>();
  const codes = new Uint32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i];
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value)) return [];
    let code = known.get(value);
    if (code === undefined) {
      if (known.size === 60) return [];
      known.set(value, (code = known.size + 1));
    }
    codes[i] = code;
  }
  return [
    { name, scope, missing, kind: "dictionary", codes, values: ["", ...Array.from(known.keys(), String)] },
  ];
}

/** Whether a column names the time at which a case ended, not the one by which it should. */
export function isEndColumn(name: string): boolean {
  return (
    /(end|close|closed|closing|complet|finish|resol)\w*[\s_-]*(date|time|at|on)?$|abgeschlossen|beendet|^ende$/i.test(
      name,
    ) && !/plan|due|target|expected|deadline|sla|soll/i.test(name)
  );
}

const AUTOMATIC =
  /^(0+|unknown|none|n\/?a|-+|\?+|undefined|dummy|default|siebel|system|robot|bot|batch|admin|automatic|workflow|scheduler|rpa|edi|api|sap|erp|cron|interface|service|dunkelverarbeitung|automatisch)$|\b(system|robot|bot|batch ?job|workflow|scheduler|rpa|auto(mated|matic)?|service ?account|background ?job|interface|integration)\b|^(sys|svc|wf|bot|rpa|job)[-_.\d]|[-_.](bot|svc|sys|batch)$/i;

const AMOUNT_NAMES = [
  /^(case:)?\(?(case\))?_?(amount|total|totalamount|total_amount|value|betrag|summe|gesamtbetrag|montant|importe|bedrag|importo|valor)$/,
  /(net|gross|invoice|order|request|claim|contract|purchase|total|po)[\s_-]?(amount|value|total)|amount_req|requestedamount|totaldeclared/,
  /amount|betrag|montant|importe|bedrag|importo|\bvalue\b|rechnungssumme|warenwert|netto|brutto/,
];
