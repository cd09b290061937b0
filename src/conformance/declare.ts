import type { EventLog } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { didYouMean, InputError } from "../input-error.ts";

/**
 * Rules without a model (Declare; Pesic 2008, Di Ciccio and Mecella 2015). Each template says, for one case,
 * how often it was put to the test (`activated`) and how often it held. A set of targets is a branching rule:
 * any of them will do.
 */
export interface DeclareRule {
  template: TemplateName;
  /** the activity that puts the rule to the test; several are alternatives */
  activation: string[];
  target: string[];
  /** for existence, absence and exactly */
  times?: number;
  /** the target must come at least and at most this long after (response) or before (precedence), in ms */
  within?: { atLeast: number; atMost: number };
}

export type TemplateName = keyof typeof TEMPLATES;

interface Template {
  targets: 0 | 1;
  /** "{A}" and "{B}" stand for activation and target, "{n}" for times */
  words: string;
  check(
    trace: Positions,
    rule: { times: number; fits: (from: number, to: number) => boolean },
  ): { activated: number; held: number };
}

/** Where activation and target stand in a case: row numbers from 0, ascending. */
interface Positions {
  a: number[];
  b: number[];
  length: number;
}

type Fits = (from: number, to: number) => boolean;
const once = (holds: boolean) => ({ activated: 1, held: holds ? 1 : 0 });
const each = (positions: number[], holds: (p: number, i: number) => boolean) => ({
  activated: positions.length,
  held: positions.filter(holds).length,
});
const both = (...parts: { activated: number; held: number }[]) => ({
  activated: parts.reduce((sum, part) => sum + part.activated, 0),
  held: parts.reduce((sum, part) => sum + part.held, 0),
});
const response = ({ a, b }: Positions, fits: Fits) => each(a, (p) => b.some((q) => q > p && fits(p, q)));
const precedence = ({ a, b }: Positions, fits: Fits) => each(b, (q) => a.some((p) => p < q && fits(p, q)));
const alternateResponse = ({ a, b }: Positions, fits: Fits) =>
  each(a, (p, i) => b.some((q) => q > p && (a[i + 1] === undefined || q < a[i + 1]) && fits(p, q)));
const alternatePrecedence = ({ a, b }: Positions, fits: Fits) =>
  each(b, (q, i) => a.some((p) => p < q && (b[i - 1] === undefined || p > b[i - 1]) && fits(p, q)));
const chainResponse = ({ a, b }: Positions, fits: Fits) =>
  each(a, (p) => b.includes(p + 1) && fits(p, p + 1));
const chainPrecedence = ({ a, b }: Positions, fits: Fits) =>
  each(b, (q) => a.includes(q - 1) && fits(q - 1, q));

const TEMPLATES = {
  existence: {
    targets: 0,
    words: "{A} happens at least {n}",
    check: ({ a }, { times }) => once(a.length >= times),
  },
  absence: {
    targets: 0,
    words: "{A} happens less often than {n}",
    check: ({ a }, { times }) => once(a.length < times),
  },
  exactly: {
    targets: 0,
    words: "{A} happens exactly {n}",
    check: ({ a }, { times }) => once(a.length === times),
  },
  init: {
    targets: 0,
    words: "{A} is first",
    check: ({ a, length }) => (length === 0 ? both() : once(a[0] === 0)),
  },
  end: {
    targets: 0,
    words: "{A} is last",
    check: ({ a, length }) => (length === 0 ? both() : once(a.at(-1) === length - 1)),
  },
  "responded existence": {
    targets: 1,
    words: "where {A} happens, {B} happens too",
    check: ({ a, b }, { fits }) =>
      each(a, (p) => b.some((q) => q !== p && fits(Math.min(p, q), Math.max(p, q)))),
  },
  "co-existence": {
    targets: 1,
    words: "{A} and {B} happen in the same cases",
    check: ({ a, b }) =>
      both(
        each(a, () => b.length > 0),
        each(b, () => a.length > 0),
      ),
  },
  response: { targets: 1, words: "after {A}, {B} follows", check: (t, { fits }) => response(t, fits) },
  "alternate response": {
    targets: 1,
    words: "after {A}, {B} follows before {A} comes again",
    check: (t, { fits }) => alternateResponse(t, fits),
  },
  "chain response": {
    targets: 1,
    words: "{B} comes directly after {A}",
    check: (t, { fits }) => chainResponse(t, fits),
  },
  precedence: { targets: 1, words: "{B} only after {A}", check: (t, { fits }) => precedence(t, fits) },
  "alternate precedence": {
    targets: 1,
    words: "{B} only after {A}, and a new {A} before each further {B}",
    check: (t, { fits }) => alternatePrecedence(t, fits),
  },
  "chain precedence": {
    targets: 1,
    words: "{A} comes directly before {B}",
    check: (t, { fits }) => chainPrecedence(t, fits),
  },
  succession: {
    targets: 1,
    words: "after {A}, {B} follows, and {B} only after {A}",
    check: (t, { fits }) => both(response(t, fits), precedence(t, fits)),
  },
  "alternate succession": {
    targets: 1,
    words: "{A} and {B} alternate, {A} first",
    check: (t, { fits }) => both(alternateResponse(t, fits), alternatePrecedence(t, fits)),
  },
  "chain succession": {
    targets: 1,
    words: "{A} and {B} come only directly one after the other",
    check: (t, { fits }) => both(chainResponse(t, fits), chainPrecedence(t, fits)),
  },
  "not co-existence": {
    targets: 1,
    words: "{A} and {B} never happen in the same case",
    check: ({ a, b }) =>
      both(
        each(a, () => b.length === 0),
        each(b, () => a.length === 0),
      ),
  },
  "not succession": {
    targets: 1,
    words: "after {A}, {B} never follows",
    check: ({ a, b }, { fits }) => each(a, (p) => !b.some((q) => q > p && fits(p, q))),
  },
  "not chain succession": {
    targets: 1,
    words: "{B} never comes directly after {A}",
    check: ({ a, b }, { fits }) => each(a, (p) => !(b.includes(p + 1) && fits(p, p + 1))),
  },
  choice: { targets: 1, words: "{A} or {B} happens", check: ({ a, b }) => once(a.length + b.length > 0) },
  "exclusive choice": {
    targets: 1,
    words: "{A} or {B} happens, not both",
    check: ({ a, b }) => once(a.length > 0 !== b.length > 0),
  },
} satisfies Record<string, Template>;

export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as TemplateName[];

/** How a rule fared in a log. */
export interface RuleCheck {
  rule: DeclareRule;
  /** in plain words */
  statement: string;
  /** cases that put it to the test, and of those, the ones in which it held every time */
  activatedCases: number;
  satisfiedCases: number;
  /**
   * share of all cases that put it to the test and in which it held; of those that put it to the test.
   * Undefined for none.
   */
  support: number | undefined;
  confidence: number | undefined;
  /** single tests, and how many failed */
  activations: number;
  violations: number;
  violatedCases: Uint32Array;
}

/**
 * Checks one rule on every case. Throws InputError for activities that the log does not have. Cost: events,
 * and for each case the product of how often activation and target occur in it.
 */
export function checkRule(log: EventLog, rule: DeclareRule): RuleCheck {
  const template: Template = TEMPLATES[rule.template];
  const names = Array.from({ length: log.activities.length }, (_, a) => nameAt(log.activities, a));
  const codes = (activities: string[]) =>
    new Set(
      activities.map((activity) => {
        const code = names.indexOf(activity);
        if (code >= 0) return code;
        const near = didYouMean(activity, names);
        throw new InputError(
          "unknown-activity",
          rule.template,
          `${rule.template}: the log has no activity "${activity}".${near ? ` Did you mean "${near}"?` : ""} plumbline map LOG lists them.`,
        );
      }),
    );
  const [as, bs] = [codes(rule.activation), codes(rule.target)];
  let [activatedCases, satisfiedCases, activations, violations] = [0, 0, 0, 0];
  const violated: number[] = [];
  const { within, times = 1 } = rule;
  for (let c = 0; c < log.caseCount; c++) {
    const from = log.caseStart[c];
    const positions: Positions = { a: [], b: [], length: log.caseStart[c + 1] - from };
    for (let e = from; e < log.caseStart[c + 1]; e++) {
      if (as.has(log.activity[e])) positions.a.push(e - from);
      if (bs.has(log.activity[e])) positions.b.push(e - from);
    }
    const fits: Fits = within
      ? (p, q) => {
          const between = log.time[from + q] - log.time[from + p];
          return between >= within.atLeast && between <= within.atMost;
        }
      : () => true;
    const { activated, held } = template.check(positions, { times, fits });
    if (activated === 0) continue;
    activatedCases++;
    activations += activated;
    violations += activated - held;
    if (activated === held) satisfiedCases++;
    else violated.push(c);
  }
  return {
    rule,
    statement: describeRule(rule),
    activatedCases,
    satisfiedCases,
    support: log.caseCount === 0 ? undefined : satisfiedCases / log.caseCount,
    confidence: activatedCases === 0 ? undefined : satisfiedCases / activatedCases,
    activations,
    violations,
    violatedCases: Uint32Array.from(violated),
  };
}

/** The rule in plain words: after "Create order", "Approve order" follows within 48 h */
export function describeRule({ template, activation, target, times = 1, within }: DeclareRule): string {
  const some = (names: string[]) => names.map((name) => `"${name}"`).join(" or ");
  const { words } = TEMPLATES[template];
  const text = words
    .replaceAll("{A}", some(activation))
    .replaceAll("{B}", some(target))
    .replaceAll("{n}", times === 1 ? "once" : times === 2 ? "twice" : `${times} times`);
  if (!within) return text;
  const hours = (ms: number) => `${+(ms / 3_600_000).toFixed(2)} h`;
  return within.atLeast > 0
    ? `${text}, after ${hours(within.atLeast)} to ${hours(within.atMost)}`
    : `${text} within ${hours(within.atMost)}`;
}

/**
 * Reads "response(A, B)", "existence(A, 2)", "response(A, B | C)" (any of several), "precedence(A, B,
 * 0..48h)". Units: m, h, d. Names with commas, bars or parentheses stand in double quotes. Throws InputError
 * saying what was expected where.
 */
export function parseRule(text: string, where: string): DeclareRule {
  const fail = (message: string): never => {
    throw new InputError("wrong-rule", where, `${where}: ${message}`);
  };
  const [, word = "", inside = ""] =
    /^\s*([\w -]+?)\s*\((.*)\)\s*$/s.exec(text) ??
    fail(`expected a rule like response(A, B), got "${text.trim()}".`);
  const name = word.toLowerCase().replaceAll(/[\s_]+/g, " ");
  const template = TEMPLATE_NAMES.find(
    (t) => t === name || t.replaceAll(/[ -]/g, "") === name.replaceAll(/[ -]/g, ""),
  );
  if (!template) {
    const near = didYouMean(name, TEMPLATE_NAMES);
    return fail(
      `no rule "${word}".${near ? ` Did you mean "${near}"?` : ""} Known: ${TEMPLATE_NAMES.join(", ")}.`,
    );
  }
  const parts = splitOutsideQuotes(inside, ",");
  const some = (part: string | undefined) =>
    splitOutsideQuotes(part ?? "", "|")
      .map((s) => s.trim().replace(/^"(.*)"$/s, "$1"))
      .filter((s) => s !== "");
  const rule: DeclareRule = { template, activation: some(parts.shift()), target: [] };
  if (TEMPLATES[template].targets === 1) rule.target = some(parts.shift());
  if (rule.activation.length === 0 || (TEMPLATES[template].targets === 1 && rule.target.length === 0)) {
    fail(
      `expected ${TEMPLATES[template].targets === 1 ? `${template}(A, B)` : `${template}(A)`}, got "${text.trim()}".`,
    );
  }
  for (const part of parts.map((p) => p.trim())) {
    const time = /^(\d+(?:\.\d+)?)\s*\.\.\s*(\d+(?:\.\d+)?)\s*([mhd])$/.exec(part);
    const unit = { m: 60_000, h: 3_600_000, d: 86_400_000 }[time?.[3] ?? "h"] ?? 0;
    if (time && TEMPLATES[template].targets === 1)
      rule.within = { atLeast: Number(time[1]) * unit, atMost: Number(time[2]) * unit };
    else if (/^\d+$/.test(part) && TEMPLATES[template].targets === 0) rule.times = Number(part);
    else fail(`expected a number of times or a span like 0..48h, got "${part}".`);
  }
  return rule;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts = [""];
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (character === separator && !quoted) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}
