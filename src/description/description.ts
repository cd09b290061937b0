import { z } from "zod";
import { didYouMean } from "../input-error.ts";
import { flowSchema, stepsOfFlow } from "./flow.ts";
import { parseDuration, type Duration } from "./duration.ts";

/** An object of which every key is known; an unknown one is reported with the nearest that exists. */
function closed<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      const known = Object.keys(shape);
      const hints = issue.keys.map((key) => {
        const near = didYouMean(key, known);
        return near ? ` Did you mean "${near}"?` : "";
      });
      return `expected one of ${known.join(", ")}; got ${issue.keys.map((key) => `"${key}"`).join(", ")}.${hints.join("")}`;
    },
  });
}

const name = (what: string) =>
  z
    .string({ error: `expected ${what}` })
    .trim()
    .min(1, `expected ${what}`);
const stepName = name("the name of a step");
const amount = z.number({ error: "expected an amount, like 500" }).finite();
const duration = z
  .string({ error: 'expected a length of time, like "2d"' })
  .refine(
    (text) => parseDuration(text) !== undefined,
    'expected a length of time like "30m", "4h", "2d", "5wd" (working days) or "2w"',
  )
  .meta({ pattern: "^\\d+(\\.\\d+)?\\s*(m|h|d|wd|w)$" });

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const test = closed({
  atLeast: amount.optional().describe("the value is this or more"),
  below: amount.optional().describe("the value is less than this"),
  is: scalar.optional().describe("the value is exactly this"),
  in: z.array(scalar).optional().describe("the value is one of these"),
}).refine((tests) => Object.keys(tests).length > 0, "expected atLeast, below, is or in, got nothing");
const when = z
  .record(z.string(), test)
  .describe("the cases that the rule is about: a column of the log, and what its value must be")
  .optional();
const common = { name: z.string().optional().describe("how people call the rule"), when };

const rules = {
  before: closed({
    before: stepName.describe("this step is only done …"),
    must: z
      .union([stepName, z.array(stepName).min(1, "expected the name of a step")])
      .describe("… after this one, or after any of these"),
    ...common,
  }),
  separate: closed({
    separate: z
      .array(stepName)
      .min(2, "expected two steps or more")
      .describe("steps that no person may do two of in one case"),
    ...common,
  }),
  limit: closed({
    limit: stepName.describe("the step that has a limit"),
    person: z.string().optional().describe("whose limit it is; without person and role, everybody's"),
    role: z.string().optional().describe("the role whose limit it is"),
    amount: z.string().optional().describe('the column with the amount (default "amount")'),
    upTo: amount.nonnegative().describe("the largest amount allowed"),
    ...common,
  }),
  splitLimit: closed({
    splitLimit: amount.positive().describe("the limit that must not be evaded by splitting"),
    amount: z.string().optional().describe('the column with the amount (default "amount")'),
    by: z
      .array(z.string())
      .optional()
      .describe('what the parts have in common (default person and "vendor")'),
    within: duration.optional().describe('how near in time the parts lie (default "1d")'),
    step: stepName.optional().describe("the step that is split (default the first)"),
    ...common,
  }),
  deadline: closed({
    deadline: stepName.describe("the step that must be done in time"),
    by: z.string().optional().describe("the column that says until when"),
    within: duration.optional().describe("or: how long it may take …"),
    after: stepName.optional().describe("… after this step (default the begin of the case)"),
    ...common,
  }).refine(({ by, within }) => (by === undefined) !== (within === undefined), {
    message: 'expected either "by" (a column) or "within" (a length of time)',
  }),
  authoritative: closed({
    authoritative: name("the name of a column").describe("the column …"),
    of: name("the name of a table").describe("… of this table …"),
    source: name("the tag of a source").describe("… for which this source is right"),
    ...common,
  }),
};
const RULE_KINDS = Object.keys(rules) as (keyof typeof rules)[];
const ruleUnion = z.union(Object.values(rules));

/** One rule; which kind it is, its key tells, so that errors are about that kind alone. */
const ruleSchema = z.unknown().transform((value, context): Rule => {
  const keys = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const kind = RULE_KINDS.find((k) => keys.includes(k));
  if (!kind) {
    const near = keys.map((key) => didYouMean(key, RULE_KINDS)).find((k) => k !== undefined);
    context.addIssue({
      code: "custom",
      message: `expected a rule with ${RULE_KINDS.join(", ")}; got ${keys.length > 0 ? keys.map((k) => `"${k}"`).join(", ") : "none of them"}.${near ? ` Did you mean "${near}"?` : ""}`,
    });
    return z.NEVER;
  }
  const result = rules[kind].safeParse(value);
  if (result.success) return result.data as Rule;
  for (const issue of result.error.issues)
    context.addIssue({ ...issue, code: "custom", path: issue.path, message: issue.message } as never);
  return z.NEVER;
});

const people = z
  .union([
    z.array(name("the name of a person, or *")),
    name("the name of a person").transform((one) => [one]),
  ])
  .describe(
    'people as the systems name them; "*" is anybody, an empty list is: whoever acts under this role',
  );

/** The kinds of task that people can say a step is. */
export const SAID_TASKS = ["sort", "check", "copy", "track", "chase", "fix", "extract", "decide"] as const;

/** Whether something can be undone: yes, no, or until when. */
export const UNDO = /^(yes|no|until \S.*)$/;
export const UNDO_EXPECTED =
  'expected yes, no, or "until" a step or a length of time, like until Pay invoice or until 2d';

const stepSchema = closed({
  role: z.string().optional().describe("the role that owns the step"),
  system: z.string().optional().describe("where it is done"),
  approves: stepName.optional().describe("the step whose result this one approves"),
  deputy: people.optional().describe("who may do it when nobody of the role is there"),
  needs: z.array(z.string()).optional().describe("columns that must be filled when the step is done"),
  target: duration.optional().describe("how soon it is meant to be done"),
  task: z.enum(SAID_TASKS).optional().describe("the kind of task it is"),
  undo: z
    .union([
      z.boolean().transform((can) => (can ? "yes" : "no")),
      z.string({ error: UNDO_EXPECTED }).trim().regex(UNDO, UNDO_EXPECTED),
    ])
    .optional()
    .describe("whether a wrong one can be undone: yes, no, or until a step or a length of time"),
});

/**
 * More steps than any process has that people can follow; what is derived from a flow grows with their
 * square.
 */
const MOST_STEPS = 1000;

export const descriptionSchema = closed({
  process: name("the name of the process").describe("one recurring piece of work"),
  owner: z.string().optional().describe("who answers for the process"),
  version: z.number().int().nonnegative().optional(),
  signedOff: closed({
    by: name("who signed"),
    at: z.string().regex(/^\d{4}-\d{2}-\d{2}/, "expected a date like 2025-03-01"),
    content: z.string().describe("what was signed: a fingerprint of the rest"),
  })
    .optional()
    .describe("written by plumbline describe --sign"),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "expected a currency code like EUR")
    .optional(),
  roles: z.record(z.string(), people).optional(),
  steps: z
    .record(z.string(), z.union([stepSchema, z.null().transform((): z.infer<typeof stepSchema> => ({}))]))
    .optional(),
  flow: flowSchema.describe("nested: a list is a sequence; choice, parallel, optional, repeat"),
  rules: z.array(ruleSchema).optional(),
  mapping: z
    .record(z.string(), stepName)
    .optional()
    .describe("activity in the evidence → step of the description"),
  errors: closed({
    wrong: amount.nonnegative().optional().describe("cost of one wrong result"),
    byHand: amount.nonnegative().optional().describe("minutes to do one by hand"),
  }).optional(),
}).superRefine((description, context) => {
  const known = new Set([...stepsOfFlow(description.flow), ...Object.keys(description.steps ?? {})]);
  if (known.size > MOST_STEPS)
    context.addIssue({
      code: "custom",
      path: ["flow"],
      message: `expected at most ${MOST_STEPS} different steps, got ${known.size}. Describe parts of the work as processes of their own`,
    });
  const check = (step: string | undefined, path: PropertyKey[]) => {
    if (step === undefined || known.has(step)) return;
    const near = didYouMean(step, [...known]);
    if (near)
      context.addIssue({
        code: "custom",
        path,
        message: `the description has no step "${step}". Did you mean "${near}"?`,
      });
  };
  for (const [step, { approves, undo }] of Object.entries(description.steps ?? {})) {
    check(approves, ["steps", step, "approves"]);
    const until = undo && undoneUntil(undo);
    if (until && "step" in until) check(until.step, ["steps", step, "undo"]);
  }
  for (const [activity, step] of Object.entries(description.mapping ?? {}))
    check(step, ["mapping", activity]);
  for (const [i, rule] of (description.rules ?? []).entries()) {
    for (const [key, step] of stepsOfRule(rule)) check(step, ["rules", i, ...key]);
  }
  const roles = Object.keys(description.roles ?? {});
  for (const [step, { role }] of Object.entries(description.steps ?? {})) {
    if (role === undefined || roles.includes(role)) continue;
    const near = roles.find((r) => r.trim().toLowerCase() === role.trim().toLowerCase());
    if (near)
      context.addIssue({
        code: "custom",
        path: ["steps", step, "role"],
        message: `the roles have no "${role}". Did you mean "${near}"?`,
      });
  }
});

export interface Test {
  atLeast?: number;
  below?: number;
  is?: string | number | boolean;
  in?: (string | number | boolean)[];
}

interface RuleBase {
  name?: string;
  when?: Record<string, Test>;
}
export type BeforeRule = RuleBase & { before: string; must: string | string[] };
export type SeparateRule = RuleBase & { separate: string[] };
export type LimitRule = RuleBase & {
  limit: string;
  person?: string;
  role?: string;
  amount?: string;
  upTo: number;
};
export type SplitLimitRule = RuleBase & {
  splitLimit: number;
  amount?: string;
  by?: string[];
  within?: string;
  step?: string;
};
export type DeadlineRule = RuleBase & { deadline: string; by?: string; within?: string; after?: string };
export type AuthoritativeRule = RuleBase & { authoritative: string; of: string; source: string };
export type Rule = BeforeRule | SeparateRule | LimitRule | SplitLimitRule | DeadlineRule | AuthoritativeRule;

/** The documented process: what people say happens. */
export type Description = z.infer<typeof descriptionSchema>;
export type DescribedStep = z.infer<typeof stepSchema>;

/** The steps that a rule names, with where in the rule each stands. */
export function stepsOfRule(rule: Rule): [path: PropertyKey[], step: string][] {
  if ("before" in rule)
    return [
      [["before"], rule.before],
      ...[rule.must].flat().map((step): [PropertyKey[], string] => [["must"], step]),
    ];
  if ("separate" in rule) return rule.separate.map((step, i) => [["separate", i], step]);
  if ("limit" in rule) return [[["limit"], rule.limit]];
  if ("splitLimit" in rule) return rule.step === undefined ? [] : [[["step"], rule.step]];
  if ("deadline" in rule)
    return [
      [["deadline"], rule.deadline],
      ...(rule.after === undefined ? [] : [[["after"], rule.after] as [PropertyKey[], string]]),
    ];
  return [];
}

/**
 * Until when a step can be undone, where `undo:` says until when: until another step, or for a length of
 * time.
 */
export function undoneUntil(undo: string): { step: string } | Duration | undefined {
  if (!undo.startsWith("until ")) return undefined;
  const limit = undo.slice("until ".length).trim();
  return parseDuration(limit) ?? { step: limit };
}

/** Every step of a description, in the order of its flow, then those that stand under `steps` alone. */
export function allSteps({ flow, steps = {} }: Pick<Description, "flow" | "steps">): string[] {
  return [...new Set([...stepsOfFlow(flow), ...Object.keys(steps)])];
}

/** A JSON Schema (2020-12) of the format, for editors. */
export function descriptionJsonSchema(): object {
  const flow = {
    anyOf: [
      { type: "string" },
      { type: "array", minItems: 1, items: { $ref: "#/$defs/flow" } },
      ...["sequence", "choice", "parallel"].map((key) => ({
        type: "object",
        properties: { [key]: { type: "array", minItems: 1, items: { $ref: "#/$defs/flow" } } },
        required: [key],
        additionalProperties: false,
      })),
      ...["optional", "repeat"].map((key) => ({
        type: "object",
        properties: { [key]: { $ref: "#/$defs/flow" } },
        required: [key],
        additionalProperties: false,
      })),
    ],
  };
  const rule = z.toJSONSchema(ruleUnion, { io: "input" }) as Record<string, unknown>;
  delete rule["$schema"];
  const schema = z.toJSONSchema(descriptionSchema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if ((zodSchema as unknown) === ruleSchema || (zodSchema as { in?: unknown }).in === ruleSchema)
        Object.assign(jsonSchema, { $ref: "#/$defs/rule" });
    },
  }) as { properties: Record<string, Record<string, unknown>>; $defs?: Record<string, unknown> };
  schema.properties["flow"] = { ...schema.properties["flow"], $ref: "#/$defs/flow" };
  schema.properties["rules"] = { type: "array", items: { $ref: "#/$defs/rule" } };
  schema.$defs = { flow, rule };
  return { title: "Plumbline description", ...schema };
}
