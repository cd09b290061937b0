import { z } from "@hono/zod-openapi";

/** Shapes of what audits keep, for the documentation and the pages; fields may be added. */

const range = z.object({ low: z.number(), mid: z.number(), high: z.number() });
const interval = z.tuple([z.number(), z.number()]).nullable();

const moneySchema = z
  .looseObject({
    kind: z.enum(["cash", "working capital", "labour", "delay", "exposure"]),
    low: z.number(),
    mid: z.number(),
    high: z.number(),
    currency: z.string(),
    basis: z.string(),
  })
  .openapi("Money");

export const findingContent = z
  .looseObject({
    category: z.string(),
    title: z.string(),
    statement: z.string(),
    cases: z.number(),
    outOf: z.number(),
    unit: z.string(),
    share: z.number().nullable(),
    interval,
    people: z.array(z.string()),
    money: moneySchema.nullable(),
    alsoSeenBy: z.array(z.string()),
    facts: z.array(z.tuple([z.string(), z.string()])),
    hours: z.number().nullable(),
    precision: z.looseObject({
      confirmed: z.number(),
      falseAlarms: z.number(),
      mean: z.number(),
      interval: z.tuple([z.number(), z.number()]),
    }),
  })
  .openapi("FindingContent");

export const claimContent = z
  .looseObject({
    statement: z.string(),
    saidBy: z.string(),
    source: z.enum(["description", "answer", "finding", "requirement"]),
    subject: z.string().nullable(),
    n: z.number(),
    unit: z.string(),
    against: z.number(),
    estimate: z.number().nullable(),
    interval,
    check: z.string(),
    threshold: z.number().nullable(),
    needs: z.array(z.string()),
    lastTrue: z.string().nullable(),
    stoppedAt: z.string().nullable(),
  })
  .openapi("ClaimContent");

export const headlineSchema = z
  .looseObject({
    sentences: z.array(z.string()),
    totals: z.array(
      z.looseObject({
        currency: z.string(),
        cash: range,
        workingCapital: range,
        labour: range,
        delay: range,
      }),
    ),
    exposure: z.array(z.looseObject({ currency: z.string(), ...range.shape })),
    compensationHours: z.number().nullable(),
    readiness: z
      .record(z.string(), z.int())
      .optional()
      .describe("steps by verdict: ready, fix first, keep with people, not enough evidence"),
    beginsAt: z
      .object({ step: z.string(), title: z.string() })
      .nullable()
      .optional()
      .describe("the leak that most later leaks go with; null where none is linked"),
    respondents: z.int().optional().describe("people whose released answers it knew"),
    notTestable: z.array(z.looseObject({ detector: z.string(), needs: z.array(z.string()) })),
    blindSpots: z.looseObject({
      saidWell: z.array(z.int()),
      saidBadly: z.array(z.int()),
      nobodySaid: z.array(z.string()),
      notVisible: z.array(z.looseObject({ number: z.int(), needs: z.array(z.string()) })),
      disagreements: z.array(z.int()),
      unknown: z.array(z.int()),
    }),
    history: z.looseObject({
      audits: z.int(),
      changes: z.array(
        z.looseObject({
          id: z.string(),
          statement: z.string(),
          before: z.string(),
          now: z.string(),
          since: z.string(),
        }),
      ),
      fixed: z.array(
        z.looseObject({
          id: z.string(),
          detector: z.string(),
          subject: z.string(),
          lastSeen: z.string(),
          returnedPerYear: z.number().nullable(),
        }),
      ),
      fresh: z.array(z.string()),
    }),
    from: z.string().nullable(),
    to: z.string().nullable(),
    seconds: z.number(),
  })
  .openapi("AuditHeadline");
