import { z } from "zod";
import { nameAt } from "../eventlog/strings.ts";
import { pastOf } from "../what-if/past.ts";
import {
  activitiesOf,
  preparePressureTest,
  pressureTest,
  type Prepared,
  type PressureQuestion,
} from "../what-if/what-if.ts";
import { defineView } from "./view.ts";

const compared = z.object({
  without: z.number(),
  withIt: z.number(),
  difference: z.number(),
  interval: z.tuple([z.number(), z.number()]).describe("95 %, over the runs"),
});
const apart = z.object({
  distance: z.number().describe("hours between simulated and seen times in weeks not fitted (earth mover's)"),
  before: z.number().describe("the same between the fitted weeks and those"),
  mean: z.number().describe("of the seen ones"),
  simulatedMean: z.number(),
});
const past = z.object({
  spans: z
    .array(
      z.object({
        from: z.iso.datetime(),
        to: z.iso.datetime(),
        cases: z.int().describe("that began then"),
        mean: z.number().describe("hours that these took"),
        around: z.number().describe("hours that those took that began around it"),
        rate: z.number().describe("times as many began a day as around it"),
      }),
    )
    .describe("times in which it was already so, newest first"),
  difference: z.number().nullable().describe("hours that cases took longer then, on average"),
  interval: z.tuple([z.number(), z.number()]).nullable().describe("95 %, over three spans or more"),
  most: z.number().nullable().describe("where it was never so: the most that came, times what is usual"),
  tooFew: z.int().describe("times like that with too few cases to compare"),
});
const flag = z.enum(["true", "false"]);

/** What happens if somebody is away, more comes, work moves, or an assistant takes a step. */
export const pressureView = defineView({
  id: "what-if",
  question: "What if somebody is away, more work comes, a role's work moves, or an assistant takes a step?",
  query: z.object({
    ask: z
      .enum(["away", "volume", "moved", "assistant"])
      .optional()
      .describe("what is asked; without it only whether the process can be simulated"),
    person: z.coerce.number().int().positive().optional().describe("away: who, by number"),
    weeks: z.coerce.number().min(1).max(8).optional().describe("away: how long (default 2)"),
    more: z.coerce.number().min(0).max(5).optional().describe("volume: how much more; 0.3 is 30 %"),
    monthEnd: flag.optional().describe("volume: only around the end of a month"),
    from: z.string().max(1000).optional().describe("moved: the role that does the work today"),
    to: z.string().max(1000).optional().describe("moved: the role that would"),
    step: z.string().max(1000).optional().describe("assistant: the step that it takes"),
    share: z.coerce
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe("assistant: of how many executions (default 0.8)"),
    error: z.coerce
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe("assistant: how many of them wrongly (default 0.02)"),
  }),
  answer: z.object({
    missing: z.array(z.string()).describe("what is missing to simulate this process"),
    check: apart
      .extend({ cases: z.int(), isEnough: z.boolean(), waits: apart.nullable(), remaining: apart.nullable() })
      .nullable()
      .describe("how long cases take; how long they wait for a step; how long is left after a step"),
    fits: z.boolean(),
    queueShare: z.number().describe("of all waits, what queues and absences explain: only that reacts"),
    runShare: z.number().describe("of all waits, those for the next run of what is done in runs"),
    inRuns: z.array(z.string()).describe("steps that are saved up and done together"),
    priority: z
      .object({ column: z.string(), values: z.array(z.string()), ahead: z.number() })
      .nullable()
      .describe("what is taken up first, most urgent first; null where it is what has waited longest"),
    people: z.array(z.object({ person: z.int(), role: z.string().nullable() })),
    roles: z.array(z.string()),
    steps: z.array(z.string()).describe("that people do"),
    wrong: z.string().nullable().describe("what of the question cannot be asked here"),
    answer: z
      .object({
        runs: z.int(),
        weeks: z.number(),
        casesPerRun: z.int(),
        mean: compared.describe("hours that a case takes"),
        p90: compared,
        unfinished: compared,
        steps: z
          .array(compared.extend({ step: z.string() }))
          .describe("hours waited for a step, most changed first"),
        people: z.array(z.object({ person: z.int(), without: z.number(), withIt: z.number() })),
      })
      .nullable(),
    past: past
      .nullable()
      .describe("what the log shows of times like the one asked about; null where a log cannot show it"),
  }),
  work({ explored: { whole }, query, showsDetails }) {
    const { evidence, log } = whole;
    const prepared = whole.once("pressure", () => preparePressureTest(evidence));
    if ("missing" in prepared)
      return {
        missing: prepared.missing,
        check: null,
        fits: false,
        queueShare: 0,
        runShare: 0,
        inRuns: [],
        priority: null,
        people: [],
        roles: [],
        steps: [],
        wrong: null,
        answer: null,
        past: null,
      };
    const { fitted, check, isChecked, fits, queueShare, runShare } = prepared;
    const roleOf = (p: number) => {
      const role = evidence.roleOfPerson[p];
      return role > 0 ? nameAt(log.roles, role) : null;
    };
    const question = questionOf(prepared, query, (step) => activitiesOf(evidence, step).length > 0);
    const wrong = typeof question === "string" ? question : null;
    const asked = typeof question === "object" ? question : undefined;
    const seen = asked && pastOf(evidence, asked);
    return {
      missing: [],
      check: { ...check, isEnough: isChecked },
      fits,
      queueShare,
      runShare,
      inRuns: fitted.inRuns.map((a) => evidence.activityNames[a]),
      // an outsider sees no values of cases
      priority:
        fitted.priority && showsDetails
          ? {
              column: fitted.priority.column,
              values: fitted.priority.values,
              ahead: fitted.priority.ahead,
            }
          : null,
      people: fitted.people.slice(0, 500).map((person) => ({ person, role: roleOf(person) })),
      roles: [...fitted.roleDoes.keys()].sort(),
      steps: evidence.activityNames.filter((_, a) => fitted.shop.able[a].length > 0),
      wrong,
      answer: asked ? pressureTest(evidence, prepared, asked) : null,
      past: seen
        ? {
            ...seen,
            spans: seen.spans.map((span) => ({
              ...span,
              from: new Date(span.from).toISOString(),
              to: new Date(span.to).toISOString(),
            })),
          }
        : null,
    };
  },
});

/** What is asked; undefined for nothing, a text where it cannot be asked here. */
function questionOf(
  { fitted }: Prepared,
  query: {
    ask?: string;
    person?: number;
    weeks?: number;
    more?: number;
    monthEnd?: string;
    from?: string;
    to?: string;
    step?: string;
    share?: number;
    error?: number;
  },
  isStep: (name: string) => boolean,
): PressureQuestion | string | undefined {
  switch (query.ask) {
    case "away":
      return query.person !== undefined && fitted.people.includes(query.person)
        ? { kind: "away", person: query.person, weeks: query.weeks ?? 2 }
        : "Say who is away: one of the people who do something here.";
    case "volume":
      return { kind: "volume", more: query.more ?? 0.3, monthEndOnly: query.monthEnd === "true" };
    case "moved":
      return query.from !== undefined &&
        query.to !== undefined &&
        fitted.roleDoes.has(query.from) &&
        fitted.roleDoes.has(query.to)
        ? { kind: "moved", from: query.from, to: query.to }
        : "Say which role's work moves to which: both must be roles under which people act here.";
    case "assistant":
      return query.step === undefined || !isStep(query.step)
        ? "Say which step the assistant takes: one that is described or seen here."
        : {
            kind: "assistant",
            step: query.step,
            share: query.share ?? 0.8,
            error: query.error ?? 0.02,
          };
    default:
      return undefined;
  }
}
