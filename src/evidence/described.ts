import { allSteps, type Description, type Test } from "../description/description.ts";
import { treeOfFlow } from "../description/flow.ts";
import { matchSteps, type StepMatch } from "../description/map-steps.ts";
import { flowOrder, type FlowOrder } from "../description/order.ts";
import type { Column } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { recordColumn, textOf, timeOf, numberOf } from "../eventlog/record-table.ts";
import type { Evidence } from "./evidence.ts";
import { passes, plain, valueInCase } from "./rules/values.ts";

/** How surely a name must be the same for a step to be taken as an activity without anybody saying so. */
const SURE = 0.75;

/** How somebody who did a step stands to the role that the description gives it. */
export type Standing =
  /** of the role, or named as deputy, or the step is anybody's */
  | "entitled"
  /** named under another role only, or acting under another one */
  | "other role"
  /** named nowhere in the description */
  | "unnamed"
  /** nobody, a program, or the description does not say who holds the role */
  | "unknown";

/** One described step with what of the evidence belongs to it. */
export interface StepOfLog {
  name: string;
  role?: string;
  /** activities of the log that are this step */
  activities: number[];
  isApproval: boolean;
  /** the step whose result it approves, as number */
  approves?: number;
  /** columns that must be filled */
  needs: readonly string[];
  target?: string;
  system?: string;
}

/**
 * A description bound to a log: which activity is which step, who may do what, and the values that rules
 * speak of. Activities are bound by `mapping`, by equal name (but for case and blanks), and where a name is
 * nearly the same and its place in the flow fits, by that; `matches` lists those.
 */
export class Described {
  readonly description: Description;
  readonly order: FlowOrder;
  readonly steps: StepOfLog[];
  /** step of each activity, −1 for those nobody described */
  readonly stepOf: Int32Array;
  readonly matches: StepMatch[];
  readonly #evidence: Evidence;
  readonly #number = new Map<string, number>();
  readonly #roleByPerson: (string[] | undefined)[];
  readonly #holders = new Map<string, Set<string>>();
  readonly #deputies: Set<string>[];

  constructor(evidence: Evidence, description: Description) {
    this.#evidence = evidence;
    this.description = description;
    this.order = flowOrder(treeOfFlow(description.flow));
    const names = allSteps(description);
    names.forEach((name, s) => this.#number.set(name, s));
    const { stepOf, matches } = this.#bind(names);
    this.stepOf = stepOf;
    this.matches = matches;
    const given = description.steps ?? {};
    this.steps = names.map((name, s): StepOfLog => {
      const step = Object.hasOwn(given, name) ? given[name] : {};
      const activities = Array.from(stepOf.keys()).filter((a) => stepOf[a] === s);
      return {
        name,
        role: step.role,
        activities,
        isApproval:
          step.approves !== undefined ||
          step.task === "decide" ||
          activities.some((a) => evidence.isApproval[a] === 1) ||
          (activities.length === 0 && evidence.isApprovalStep(name)),
        approves: step.approves === undefined ? undefined : this.#number.get(step.approves),
        needs: step.needs ?? [],
        target: step.target,
        system: step.system,
      };
    });
    for (const [role, people] of Object.entries(description.roles ?? {}))
      this.#holders.set(role, new Set(people.map(plain)));
    this.#deputies = names.map(
      (name) => new Set((Object.hasOwn(given, name) ? (given[name].deputy ?? []) : []).map(plain)),
    );
    const { people } = evidence.log;
    this.#roleByPerson = Array.from({ length: people.length }, (_, p) => {
      if (p === 0) return undefined;
      const name = plain(nameAt(people, p));
      const roles = [...this.#holders].filter(([, holders]) => holders.has(name)).map(([role]) => role);
      return roles.length > 0 ? roles : undefined;
    });
  }

  /**
   * The number of a step, by the name that a rule uses: a step, or an activity of the log; −1 for neither.
   */
  step(name: string): number {
    const own = this.#number.get(name);
    if (own !== undefined) return own;
    const wanted = plain(name);
    const near = this.steps.findIndex((step) => plain(step.name) === wanted);
    if (near >= 0) return near;
    // an activity that is mapped stands for its step, whether the log has it or not
    const mapped = Object.entries(this.description.mapping ?? {}).find(
      ([activity]) => plain(activity) === wanted,
    );
    if (mapped) {
      const step = this.#number.get(mapped[1]);
      if (step !== undefined) return step;
      return this.steps.findIndex((one) => plain(one.name) === plain(mapped[1]));
    }
    const a = this.#evidence.activityNames.findIndex((activity) => plain(activity) === wanted);
    return a < 0 ? -1 : this.stepOf[a];
  }

  /** Activities that a rule's name stands for: those of the step, else the one so called. */
  activitiesOf(name: string): number[] {
    const s = this.step(name);
    if (s >= 0) return this.steps[s].activities;
    return this.#evidence.activityNames.flatMap((activity, a) =>
      plain(activity) === plain(name) ? [a] : [],
    );
  }

  /**
   * The name under which findings speak of a step: its activity where it has one, as the evidence writes it.
   */
  subjectOf(s: number): string {
    const { activities, name } = this.steps[s];
    if (activities.length === 0) return name;
    const rows = (a: number) => this.#evidence.rowsOf(a).length;
    const [most] = [...activities].sort((a, b) => rows(b) - rows(a));
    return this.#evidence.activityNames[most];
  }

  /** Names of those who hold a role; undefined where the description does not say, "anybody" for "*". */
  holdersOf(role: string | undefined): ReadonlySet<string> | "anybody" | undefined {
    const holders = role === undefined ? undefined : this.#holders.get(role);
    if (!holders || holders.size === 0) return undefined;
    return holders.has("*") ? "anybody" : holders;
  }

  /** Whether the description names the person at all, "*" aside. */
  isNamed(p: number): boolean {
    return (
      this.#roleByPerson[p] !== undefined ||
      this.#deputies.some((deputies) => deputies.has(plain(nameAt(this.#evidence.log.people, p))))
    );
  }

  /** The roles that the description gives a person; [] for none. */
  rolesOf(p: number): readonly string[] {
    return this.#roleByPerson[p] ?? [];
  }

  /** Whether the description lets a person give any approval. */
  mayApprove(p: number): boolean {
    const roles = this.rolesOf(p);
    return this.steps.some(
      ({ isApproval, role }, s) =>
        isApproval && ((role !== undefined && roles.includes(role)) || this.isDeputy(s, p)),
    );
  }

  isDeputy(s: number, p: number): boolean {
    return this.#deputies[s].has(plain(nameAt(this.#evidence.log.people, p)));
  }

  /** How whoever did row `e` stands to the role of its step. */
  standing(e: number): Standing {
    const { activity, person, role } = this.#evidence.log;
    return this.standingOf(activity[e], person?.[e] ?? 0, role?.[e] ?? 0);
  }

  /**
   * How person `p`, acting under role `r` of the log, stands to the role of the step that activity `a` is.
   */
  standingOf(a: number, p: number, r: number): Standing {
    const { log, isAutomatic } = this.#evidence;
    const s = this.stepOf[a];
    const { role } = this.steps[s];
    if (role === undefined) return "unknown";
    const holders = this.holdersOf(role);
    if (holders === "anybody") return "entitled";
    const acting = r > 0 ? nameAt(log.roles, r) : undefined;
    if (holders === undefined) {
      if (p > 0 && (isAutomatic[p] || this.isDeputy(s, p))) return isAutomatic[p] ? "unknown" : "entitled";
      if (acting === undefined) return "unknown";
      if (plain(acting) === plain(role)) return "entitled";
      // a role of the log that the description does not know says nothing
      return Object.keys(this.description.roles ?? {}).some((known) => plain(known) === plain(acting))
        ? "other role"
        : "unknown";
    }
    if (p === 0 || isAutomatic[p]) return "unknown";
    const name = plain(nameAt(log.people, p));
    if (holders.has(name) || this.#deputies[s].has(name)) return "entitled";
    return this.#roleByPerson[p] ? "other role" : "unnamed";
  }

  /** Whether the evidence itself says that row `e` was done under the role of its step. */
  actsUnderRole(e: number): boolean {
    const { log } = this.#evidence;
    const role = this.steps[this.stepOf[log.activity[e]]].role;
    return (
      role !== undefined &&
      !!log.role &&
      log.role[e] > 0 &&
      plain(nameAt(log.roles, log.role[e])) === plain(role)
    );
  }

  /** Columns that the tests of a rule name and neither log nor records have. */
  missingColumns(when: Record<string, Test> | undefined): string[] {
    return Object.keys(when ?? {}).filter((name) => this.valueAt(name) === undefined);
  }

  /**
   * Whether the tests of a rule hold in case `c` at row `e`: with the value last recorded by then, else the
   * first one recorded later. A case without the value is not one that the rule is about.
   */
  holds(when: Record<string, Test> | undefined, c: number, e: number): boolean {
    for (const [name, test] of Object.entries(when ?? {})) {
      const value = this.valueAt(name)?.(c, e);
      if (value === undefined || !passes(test, value)) return false;
    }
    return true;
  }

  /**
   * Reads a column, of the log or of a record table with a case_id, at a case and row; undefined where
   * nothing has such a column.
   */
  valueAt(name: string): ((c: number, e: number) => string | number | undefined) | undefined {
    if (!this.#readers.has(name)) this.#readers.set(name, this.#reader(name));
    return this.#readers.get(name);
  }
  readonly #readers = new Map<string, ((c: number, e: number) => string | number | undefined) | undefined>();

  #reader(name: string): ((c: number, e: number) => string | number | undefined) | undefined {
    const { log } = this.#evidence;
    const wanted = plain(name);
    const column =
      log.columns.find((c) => c.name === name) ?? log.columns.find((c) => plain(c.name) === wanted);
    const amount = this.#evidence.amount;
    const found = column ?? (wanted === "amount" ? amount : undefined);
    if (found) {
      if (found.scope === "case") return (c) => cell(found, c);
      const read = (row: number) => cell(found, row);
      return (c, e) => valueInCase(read, e, log.caseStart[c], log.caseStart[c + 1]);
    }
    for (const table of this.#evidence.records) {
      const caseId = recordColumn(table, "case_id");
      const own = table.columns.find((c) => plain(c.name) === wanted);
      if (!caseId || !own) continue;
      const values = new Map<string, string | number>();
      for (let r = 0; r < table.rowCount; r++) {
        const value =
          own.kind === "dictionary"
            ? textOf(own, r)
            : own.kind === "time"
              ? timeOf(own, r)
              : numberOf(own, r);
        if (value !== "" && !Number.isNaN(value)) values.set(textOf(caseId, r), value);
      }
      return (c) => values.get(nameAt(log.caseIds, c));
    }
    return undefined;
  }

  #bind(names: readonly string[]): { stepOf: Int32Array; matches: StepMatch[] } {
    const { activityNames } = this.#evidence;
    const stepOf = new Int32Array(activityNames.length).fill(-1);
    const byPlain = new Map(names.map((name, s) => [plain(name), s] as const));
    const mapping = new Map(
      Object.entries(this.description.mapping ?? {}).map(
        ([activity, step]) => [plain(activity), step] as const,
      ),
    );
    activityNames.forEach((activity, a) => {
      const mapped = mapping.get(plain(activity));
      stepOf[a] =
        (mapped === undefined ? undefined : (this.#number.get(mapped) ?? byPlain.get(plain(mapped)))) ??
        byPlain.get(plain(activity)) ??
        -1;
    });
    const unboundSteps = names.filter((_, s) => !stepOf.includes(s));
    const unbound = activityNames.map((_, a) => a).filter((a) => stepOf[a] < 0);
    if (unboundSteps.length === 0 || unbound.length === 0 || unbound.length > 500)
      return { stepOf, matches: [] };
    const flow = this.order.steps;
    const placed = activityPositions(this.#evidence, unbound);
    const matches = matchSteps(
      unboundSteps.map((name) => ({
        name,
        position: flow.includes(name) ? flow.indexOf(name) / Math.max(1, flow.length - 1) : undefined,
        role: this.description.steps?.[name]?.role,
      })),
      unbound.map((a, i) => ({
        name: activityNames[a],
        position: placed[i],
        role: mainRole(this.#evidence, a),
      })),
      SURE,
    );
    for (const { activity, step } of matches)
      stepOf[activityNames.indexOf(activity)] = this.#number.get(step)!;
    return { stepOf, matches };
  }
}

/** Where each activity usually stands in its cases: the mean of (row in case) / (rows − 1). */
function activityPositions({ log, caseOf }: Evidence, activities: readonly number[]): number[] {
  const sum = new Float64Array(log.activities.length);
  const count = new Float64Array(log.activities.length);
  for (let e = 0; e < log.eventCount; e++) {
    const from = log.caseStart[caseOf[e]];
    const last = log.caseStart[caseOf[e] + 1] - 1 - from;
    sum[log.activity[e]] += last === 0 ? 0 : (e - from) / last;
    count[log.activity[e]]++;
  }
  return activities.map((a) => sum[a] / (count[a] || 1));
}

/** The role under which an activity is mostly done; undefined where roles are not recorded. */
function mainRole(evidence: Evidence, a: number): string | undefined {
  const { role, roles } = evidence.log;
  if (!role) return undefined;
  const counts = new Map<number, number>();
  for (const e of evidence.rowsOf(a)) if (role[e] > 0) counts.set(role[e], (counts.get(role[e]) ?? 0) + 1);
  const [most] = [...counts].sort((x, y) => y[1] - x[1]);
  return most && nameAt(roles, most[0]);
}

function cell(column: Column, row: number): string | number | undefined {
  if (column.kind === "number") return Number.isNaN(column.numbers[row]) ? undefined : column.numbers[row];
  if (column.kind === "time") return Number.isNaN(column.times[row]) ? undefined : column.times[row];
  return column.codes[row] === 0 ? undefined : nameAt(column.values, column.codes[row]);
}

/** "amount is 500 or more", for statements. */
export function describeTests(when: Record<string, Test> | undefined): string {
  return Object.entries(when ?? {})
    .flatMap(([name, { atLeast, below, is, in: among }]) => [
      ...(atLeast === undefined ? [] : [`${name} is ${atLeast} or more`]),
      ...(below === undefined ? [] : [`${name} is below ${below}`]),
      ...(is === undefined ? [] : [`${name} is ${String(is)}`]),
      ...(among === undefined ? [] : [`${name} is ${among.join(" or ")}`]),
    ])
    .join(" and ");
}
