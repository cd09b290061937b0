import {
  allSteps,
  type BeforeRule,
  type DeadlineRule,
  type Description,
  type LimitRule,
  type Rule,
  type SeparateRule,
  type SplitLimitRule,
  type Test,
} from "../../description/description.ts";
import { parseDuration } from "../../description/duration.ts";
import { treeOfFlow } from "../../description/flow.ts";
import { flowOrder, type FlowOrder } from "../../description/order.ts";
import { ruleKey } from "../../description/rule-key.ts";
import { UTC } from "../../eventlog/time-zone.ts";
import { isRejectionName } from "../activity-names.ts";
import type { Need } from "../need.ts";
import type { CaseView, EventRow, Value } from "./case-view.ts";
import { beyondDate, deadlineInCase, orderInCase, orderKept, separationInCase } from "./in-case.ts";
import { asTime, limitFor, passes, plain, valueInCase } from "./values.ts";

/** What a rule of a description says of one case or request. */
export interface RuleAnswer {
  /** by which it is told from the others of the description, whatever it is called */
  rule: string;
  answer: "kept" | "broken" | "cannot tell";
  /** what would let it be told */
  missing?: Need;
  /**
   * the events that put it to the test, those that break it where it is broken; [] where it is not about this
   * case. The proposed event comes last
   */
  rows: number[];
}

/**
 * Does one case keep the rules of its description, and would it still with one more event? The same kernels
 * answer as in the audit of a whole log (src/evidence/rules/in-case.ts), so that `broken` here is a case
 * against the rule there. What cannot be known of the case alone is never `kept`: without a person, an
 * amount, a date or a value that the rule turns on, the answer is `cannot tell` with what is missing.
 *
 * One answer a rule, in the order of the description; [] for a description without rules. The proposed event
 * happens at its `time`, else at `now`; a proposal without an activity is an event that no rule names. A few
 * passes over the case a rule, microseconds for a case of tens of events; a description is prepared once and
 * kept as long as it is.
 */
export function answerRules(
  description: Description,
  oneCase: CaseView,
  proposed?: Partial<EventRow>,
): RuleAnswer[] {
  const prepared = preparedOf(description);
  if (prepared.rules.length === 0) return [];
  const asked = new AskedCase(prepared, oneCase, proposed);
  return prepared.rules.map(({ rule, key }): RuleAnswer => ({ rule: key, ...answer(rule, asked) }));
}

type Answered = Omit<RuleAnswer, "rule">;

const kept = (rows: number[] = []): Answered => ({ answer: "kept", rows });
const broken = (rows: number[]): Answered => ({ answer: "broken", rows });
const cannotTell = (missing: Need, rows: number[] = []): Answered => ({
  answer: "cannot tell",
  missing,
  rows,
});
const lacksColumn = (name: string): Need => ({ kind: "named column", name });

function answer(rule: Rule, asked: AskedCase): Answered {
  if ("before" in rule) return answerBefore(rule, asked);
  if ("separate" in rule) return answerSeparate(rule, asked);
  if ("limit" in rule) return answerLimit(rule, asked);
  if ("deadline" in rule) return answerDeadline(rule, asked);
  if ("splitLimit" in rule) return answerSplit(rule, asked);
  // which of two systems is right is said of a table, not of a case
  return cannotTell({ kind: "two versions of a table" });
}

function answerBefore(rule: BeforeRule, asked: AskedCase): Answered {
  const isFirst = asked.flagsOf([rule.must].flat());
  const isLater = asked.flagsOf([rule.before]);
  const { first, later } = orderInCase(asked, 0, asked.length, {
    isFirst,
    isLater,
    refuses: asked.refuses,
  });
  if (later < 0) return kept();
  const holds = asked.holds(rule.when, later);
  if (holds !== true) return holds === false ? kept() : cannotTell(lacksColumn(holds.missing), [later]);
  const order = orderKept(asked.time, first, later);
  if (order === "kept") return kept([first, later]);
  if (asked.view.beganBefore) return cannotTell({ kind: "events of", step: [rule.must].flat()[0] }, [later]);
  return broken([order === "late" ? first : later]);
}

function answerSeparate(rule: SeparateRule, asked: AskedCase): Answered {
  const tested: number[] = [];
  const against: number[] = [];
  let unknown: Answered | undefined;
  for (const [x, a] of rule.separate.entries())
    for (const b of rule.separate.slice(x + 1)) {
      const [first, second] = asked.prepared.order.precedes(b, a) ? [b, a] : [a, b];
      const [isFirst, isSecond] = [asked.flagsOf([first]), asked.flagsOf([second])];
      const rows = asked.rowsOf(isFirst).concat(asked.rowsOf(isSecond));
      if (asked.rowsOf(isFirst).length === 0 || asked.rowsOf(isSecond).length === 0) continue;
      const { asked: row, same } = separationInCase(asked, 0, asked.length, isFirst, isSecond, (p) =>
        asked.isNobody(p),
      );
      const holds = asked.holds(rule.when, row >= 0 ? row : asked.rowsOf(isSecond)[0]);
      if (holds === false) continue;
      if (holds !== true) unknown ??= cannotTell(lacksColumn(holds.missing), rows);
      else if (same >= 0) against.push(same);
      // somebody unknown may be the same person as somebody known
      else if (rows.some((e) => asked.person[e] === 0))
        unknown ??= cannotTell({ kind: "column", role: "person" }, rows);
      else if (row >= 0) tested.push(...rows);
    }
  if (against.length > 0) return broken([...new Set(against)].sort((p, q) => p - q));
  return unknown ?? kept([...new Set(tested)].sort((p, q) => p - q));
}

function answerLimit(rule: LimitRule, asked: AskedCase): Answered {
  const limits = asked.prepared.limits.get(rule.limit)!;
  const isPersonal = limits.some(({ person, role }) => person !== undefined || role !== undefined);
  const tested: number[] = [];
  const against: number[] = [];
  let unknown: Answered | undefined;
  for (const e of asked.rowsOf(asked.flagsOf([rule.limit]))) {
    const { person, role } = asked.events[e];
    if (isPersonal && person === undefined && role === undefined) {
      unknown ??= cannotTell({ kind: "column", role: "person" }, [e]);
      continue;
    }
    if (limitFor(limits, person === undefined ? undefined : plain(person), asked.rolesOf(e)) !== rule)
      continue;
    const holds = asked.holds(rule.when, e);
    if (holds === false) continue;
    const column = rule.amount ?? "amount";
    const amount = Number(asked.valueAt(column, e));
    if (holds !== true) unknown ??= cannotTell(lacksColumn(holds.missing), [e]);
    else if (Number.isNaN(amount))
      unknown ??= cannotTell({ kind: "named column", name: column, holds: "amounts" }, [e]);
    else if (amount > rule.upTo) against.push(e);
    else tested.push(e);
  }
  return against.length > 0 ? broken(against) : (unknown ?? kept(tested));
}

function answerDeadline(rule: DeadlineRule, asked: AskedCase): Answered {
  const { view } = asked;
  const isStep = asked.flagsOf([rule.deadline]);
  const isAfter = rule.after === undefined ? undefined : asked.flagsOf([rule.after]);
  if (asked.length === 0) return kept();
  const hasDate = rule.by !== undefined;
  const { anchor, row, last } = deadlineInCase(asked, 0, asked.length, isStep, isAfter, hasDate);
  if (anchor < 0 && !hasDate) return kept();
  if (row < 0 && (!asked.prepared.isMandatory(rule.deadline) || view.closed)) return kept();
  const at = row < 0 ? last : row;
  const holds = asked.holds(rule.when, at);
  if (holds !== true) return holds === false ? kept() : cannotTell(lacksColumn(holds.missing), [at]);
  const done = row < 0 ? view.now : asked.time[row];
  let beyondMs: number;
  if (hasDate) {
    const due = asTime(asked.valueAt(rule.by!, at));
    if (Number.isNaN(due)) return cannotTell({ kind: "named column", name: rule.by!, holds: "dates" }, [at]);
    const { zone = UTC } = view;
    beyondMs = beyondDate(due, done, (utc) => zone.offsetAt(utc));
  } else {
    const span = parseDuration(rule.within!)!;
    if ("ms" in span) beyondMs = done - asked.time[anchor] - span.ms;
    else if (!view.calendar) return cannotTell({ kind: "working calendar" }, [at]);
    else
      beyondMs =
        view.calendar.workingMs(asked.time[anchor], done) -
        span.workingDays * view.calendar.hoursPerDay * 3_600_000;
  }
  if (beyondMs > 0) return broken([at]);
  return kept(row < 0 ? [] : [row]);
}

/**
 * Whether an amount was split stands in other requests: alone, only a case without the step, or above the
 * limit anyway, is none.
 */
function answerSplit(rule: SplitLimitRule, asked: AskedCase): Answered {
  const [first] = asked.prepared.order.steps;
  const column = rule.amount ?? "amount";
  for (const e of asked.rowsOf(asked.flagsOf([rule.step ?? first]))) {
    const holds = asked.holds(rule.when, e);
    if (holds === false) continue;
    if (holds !== true) return cannotTell(lacksColumn(holds.missing), [e]);
    const amount = Number(asked.valueAt(column, e));
    if (Number.isNaN(amount))
      return cannotTell({ kind: "named column", name: column, holds: "amounts" }, [e]);
    if (amount > 0 && amount <= rule.splitLimit) return cannotTell({ kind: "other requests" }, [e]);
  }
  return kept();
}

/** A description made ready for cases that come one by one. */
interface Prepared {
  rules: { rule: Rule; key: string }[];
  order: FlowOrder;
  isMandatory(step: string): boolean;
  limits: ReadonlyMap<string, LimitRule[]>;
  /** of a role, by the plain name of who holds it */
  rolesOfPerson: ReadonlyMap<string, readonly string[]>;
  /** number of the step that a rule's name or an activity stands for; undefined for none */
  stepOf(name: string): number | undefined;
}

const prepared = new WeakMap<Description, Prepared>();

function preparedOf(description: Description): Prepared {
  const known = prepared.get(description);
  if (known) return known;
  const made = prepare(description);
  prepared.set(description, made);
  return made;
}

function prepare(description: Description): Prepared {
  const rules = (description.rules ?? []).map((rule) => ({ rule, key: ruleKey(rule) }));
  const steps = allSteps(description);
  const order = flowOrder(treeOfFlow(description.flow));
  const number = new Map(steps.map((name, s) => [name, s]));
  const byPlain = new Map(steps.map((name, s) => [plain(name), s]));
  const mapping = new Map(
    Object.entries(description.mapping ?? {}).map(([activity, step]) => [plain(activity), step]),
  );
  const stepOf = (name: string): number | undefined => {
    const own = number.get(name);
    if (own !== undefined) return own;
    const activity = plain(name);
    const mapped = mapping.get(activity);
    return (
      (mapped === undefined ? undefined : (number.get(mapped) ?? byPlain.get(plain(mapped)))) ??
      byPlain.get(activity)
    );
  };
  const limits = new Map<string, LimitRule[]>();
  for (const { rule } of rules)
    if ("limit" in rule) limits.set(rule.limit, [...(limits.get(rule.limit) ?? []), rule]);
  const rolesOfPerson = new Map<string, string[]>();
  for (const [role, people] of Object.entries(description.roles ?? {}))
    for (const person of people)
      rolesOfPerson.set(plain(person), [...(rolesOfPerson.get(plain(person)) ?? []), role]);
  return {
    rules,
    order,
    isMandatory: (step) => {
      const s = stepOf(step);
      return s !== undefined && order.mandatory.has(steps[s]);
    },
    limits,
    rolesOfPerson,
    stepOf,
  };
}

/** A case as the kernels read it: each row has a code of its own, so that flags by code are flags by row. */
class AskedCase {
  readonly prepared: Prepared;
  readonly view: CaseView;
  readonly events: readonly EventRow[];
  readonly length: number;
  readonly activity: number[];
  readonly time: number[];
  readonly person: number[];
  readonly #programs = new Set<number>();
  /** of each row */
  readonly #steps: (number | undefined)[];

  constructor(ready: Prepared, view: CaseView, proposed: Partial<EventRow> | undefined) {
    this.prepared = ready;
    this.view = view;
    this.events = proposed
      ? [...view.events, { ...proposed, activity: proposed.activity ?? "", time: proposed.time ?? view.now }]
      : view.events;
    this.length = this.events.length;
    this.time = this.events.map(({ time }) => time);
    this.activity = this.events.map((_, e) => e);
    this.#steps = this.events.map(({ activity }) => ready.stepOf(view.steps?.get(activity) ?? activity));
    const people = new Map<string, number>();
    this.person = this.events.map(({ person }) => {
      if (person === undefined || person === "") return 0;
      const code = people.get(person) ?? people.size + 1;
      people.set(person, code);
      if (view.programs?.has(person)) this.#programs.add(code);
      return code;
    });
  }

  isNobody(person: number): boolean {
    return person === 0 || this.#programs.has(person);
  }

  /** 1 for rows that refuse the case, by the name of what was done. */
  get refuses(): number[] {
    return this.events.map(({ activity }) => (isRejectionName(activity) ? 1 : 0));
  }

  /** 1 for rows of the steps or activities that these names stand for. */
  flagsOf(names: readonly string[]): Uint8Array {
    const flags = new Uint8Array(this.length);
    for (const name of names) {
      const wanted = plain(name);
      const step = this.prepared.stepOf(name) ?? this.#matched(wanted);
      this.events.forEach(({ activity }, e) => {
        if (step === undefined ? plain(activity) === wanted : this.#steps[e] === step) flags[e] = 1;
      });
    }
    return flags;
  }

  /** The step as which the audit took an activity that a rule names. */
  #matched(wanted: string): number | undefined {
    for (const [activity, step] of this.view.steps ?? [])
      if (plain(activity) === wanted) return this.prepared.stepOf(step);
    return undefined;
  }

  rowsOf(flags: ArrayLike<number>): number[] {
    return this.activity.flatMap((code, e) => (flags[code] === 1 ? [e] : []));
  }

  /** The roles of whoever did a row: by the description, and the one that the row names. */
  rolesOf(e: number): Set<string> {
    const { person, role } = this.events[e];
    const given = person === undefined ? [] : (this.prepared.rolesOfPerson.get(plain(person)) ?? []);
    return new Set([...given, ...(role === undefined ? [] : [role])].map(plain));
  }

  /** The value of a column as rules read it at a row; undefined where the case has none. */
  valueAt(column: string, e: number): Value | undefined {
    return (
      valueInCase((row) => valueOf(this.events[row].values, column), e, 0, this.length) ??
      valueOf(this.view.values, column)
    );
  }

  /** Whether the tests of a rule hold at a row, or the column that it would take to tell. */
  holds(when: Record<string, Test> | undefined, e: number): boolean | { missing: string } {
    let missing: string | undefined;
    for (const column in when) {
      const value = this.valueAt(column, e);
      if (value === undefined) missing ??= column;
      else if (!passes(when[column], value)) return false;
    }
    return missing === undefined ? true : { missing };
  }
}

function valueOf(values: Readonly<Record<string, Value>> | undefined, column: string): Value | undefined {
  if (!values) return undefined;
  if (Object.hasOwn(values, column)) return values[column];
  const wanted = plain(column);
  for (const name in values) if (plain(name) === wanted) return values[name];
  return undefined;
}
