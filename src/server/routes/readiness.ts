import { z } from "@hono/zod-openapi";
import { SAID_TASKS, undoneUntil, UNDO, UNDO_EXPECTED } from "../../description/description.ts";
import { TASK_KINDS } from "../../evidence/task-kinds.ts";
import { didYouMean } from "../../input-error.ts";
import { auditToEnqueue } from "../../jobs/enqueue-audit.ts";
import { gateOf, mayBeLetPass, overrideHolds } from "../../readiness/gate.ts";
import { fixFirstOf, verdictsAfter } from "../../readiness/fix-first.ts";
import { READINESS } from "../../readiness/readiness.ts";
import { LENSES } from "../../readiness/step-claims.ts";
import { auditOf } from "../../store/audits.ts";
import { wordedClaim } from "../../wording/worded-audit.ts";
import { auditFiles, findAuditFile, type KeptProcessReadiness } from "../../store/audit-files.ts";
import { act } from "../../store/acts.ts";
import { processNames } from "../../store/processes.ts";
import { addGateOverride, endGateOverride, gateOverridesOf } from "../../store/gate-overrides.ts";
import { addTaskConfirmation } from "../../store/task-confirmations.ts";
import type { Member, Services } from "../context.ts";
import { judgedSteps } from "../judged.ts";
import { notThere, Problem } from "../problem.ts";
import { ofProcess, processIn } from "./processes.ts";
import { shownTo } from "../pseudonyms.ts";
import { at, id, inOrganisation, route, text } from "../route.ts";

const tag = "readiness";
const verdicts = z.enum(["confirmed", "contradicted", "not enough evidence", "not testable here"]);
const claimSchema = z.looseObject({
  id: z.string(),
  key: z.string(),
  lens: z.enum(LENSES),
  need: z.enum(["required", "wanted", "indifferent"]),
  keepsPeople: z.boolean(),
  statement: z.string(),
  check: z.string(),
  detail: z.string().nullable(),
  verdict: verdicts,
  n: z.number(),
  unit: z.string(),
  against: z.number(),
  estimate: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  needs: z.array(z.string()),
  opens: z.boolean().describe("there are cases to open, by the filter's readiness"),
});
const lensSchema = z.object({
  lens: z.enum(LENSES),
  state: z.enum(["confirmed", "contradicted", "open"]),
});
const saidSchema = z.object({
  kind: z.enum(SAID_TASKS).nullable(),
  kindSaidBy: z.enum(["description", "confirmation", "approvals"]).nullable(),
  undo: z.string().nullable().describe("yes, no, or until a step or a length of time"),
  undoSaidBy: z.enum(["description", "confirmation", "approvals"]).nullable(),
  differs: z
    .array(z.enum(["kind", "undo"]))
    .describe("of what the description and a confirmation say different things"),
});
const stepSchema = z
  .object({
    step: z.string(),
    activities: z.array(z.string()),
    described: z.boolean(),
    kind: z.enum(TASK_KINDS).describe("what people said it is, else what its name suggests"),
    said: saidSchema,
    guess: z
      .object({ kind: z.enum(TASK_KINDS).nullable(), undo: z.literal("no").nullable() })
      .describe("what its name suggests, to be confirmed or not"),
    decides: z.boolean().describe("people keep it: the gate never opens for it"),
    confirmation: z
      .object({ by: z.string(), at })
      .nullable()
      .describe("who said so on its page last; null where nobody did"),
    executions: z.int(),
    verdict: z.enum(READINESS),
    rule: z.int().describe("of the rule over claims by which it was judged"),
    sentence: z.string(),
    actions: z.array(
      z.object({ text: z.string(), decides: z.string(), effort: z.string(), turns: z.string() }),
    ),
    lenses: z.array(lensSchema),
    claims: z.array(claimSchema),
  })
  .openapi("StepReadiness");

const wordedProcess = ({ claims, ...process }: KeptProcessReadiness) => ({
  ...process,
  claims: claims.map((claim) => wordedClaim(claim)),
});

const linkSchema = z.object({
  from: z.string().describe("the finding where it begins"),
  fromStep: z.string(),
  fromTitle: z.string(),
  to: z.string().describe("the finding that goes with it later in the case"),
  toStep: z.string(),
  toTitle: z.string(),
  withIt: z.int(),
  without: z.int(),
  shareWith: z.number(),
  shareWithout: z.number(),
  difference: z.number().describe("of the shares, within months (Mantel-Haenszel)"),
  interval: z.tuple([z.number(), z.number()]).describe("95 %"),
  attributable: z
    .number()
    .describe("cases of the later leak, were the difference all due to the earlier one"),
});
const remedySchema = z.object({
  id: z.string(),
  text: z.string(),
  decides: z.string(),
  effort: z.enum(["days", "weeks", "months"]),
  days: z.number(),
  asked: z.boolean().describe("somebody said how many working days it takes here"),
  turns: z.array(z.object({ step: z.string(), claim: z.string(), statement: z.string() })),
});
const planSchema = z
  .object({
    at,
    steps: z.int(),
    readyNow: z.object({ steps: z.int(), share: z.number().describe("of all executions") }),
    order: z.array(
      remedySchema.extend({
        group: z.int().describe("remedies of one group make a step ready only together"),
        makesReady: z.array(z.string()),
        readySteps: z.int(),
        readyShare: z.number(),
        daysSoFar: z.number(),
      }),
    ),
    stay: z
      .array(z.object({ step: z.string(), because: z.string() }))
      .describe("steps that no remedy makes ready"),
    beside: z.array(remedySchema).describe("remedies that make nothing ready"),
    verdicts: z.array(
      z.object({
        step: z.string(),
        executions: z.int(),
        before: z.enum(READINESS),
        after: z.enum(READINESS),
      }),
    ),
  })
  .openapi("Plan");

/** The readiness of every step by the last audit. Throws 409 where there is none. */
async function judged(services: Services, organisationId: string, processId: string) {
  const found = await judgedSteps(services, organisationId, processId);
  if (!found)
    throw new Problem(
      409,
      "not-judged",
      "Nothing was judged yet. Import events, or audit the process again, and ask then.",
    );
  return found;
}

const overrideSchema = z.object({
  id,
  step: z.string(),
  reason: z.string(),
  verdict: z.string().describe("what the gate said when it was overridden"),
  by: z.string(),
  madeAt: at,
  until: at,
  endedAt: at.nullable(),
  holds: z.boolean(),
});

const LONGEST_MS = 366 * 86_400_000;

/** Every override of a process as it is shown, newest first. */
async function overridesOf({ database, now }: Services, { organisationId, role }: Member, processId: string) {
  const { person, words } = shownTo(role);
  const rows = await gateOverridesOf(database.db, organisationId, processId);
  const time = now();
  return rows.map((row) => ({
    id: row.id,
    step: row.step,
    reason: words(row.reason),
    verdict: row.verdict,
    by: person(row.made_by_name),
    madeAt: row.made_at,
    until: row.until,
    endedAt: row.ended_at,
    holds: overrideHolds(row, time),
  }));
}

export const readinessRoutes = [
  route({
    method: "post",
    path: "/organisations/{org}/processes/{process}/task-confirmations",
    access: { right: "confirm tasks" },
    tag,
    summary:
      "Say in one's own name what kind of task a step is, and whether a wrong one can be undone; null takes back what was confirmed. The gate rests on it, and is closed until the audit that follows",
    params: ofProcess({}),
    body: z.strictObject({
      step: text(400),
      task: z.enum(SAID_TASKS).nullable(),
      undo: text(400).regex(UNDO, UNDO_EXPECTED).nullable(),
    }),
    answers: { 201: z.object({ id, workId: id.nullable().describe("of the audit that follows") }) },
    async handle({ services, member, params, body }) {
      const { organisationId, who } = member;
      await processIn(services, organisationId, params.process);
      const { steps } = await judged(services, organisationId, params.process);
      const step = steps.find((one) => one.step === body.step);
      if (!step) throw notThere("step");
      const until = body.undo === null ? undefined : undoneUntil(body.undo);
      if (until && "step" in until) {
        const known = steps.flatMap((one) => [one.step, ...one.activities]);
        if (!known.includes(until.step)) {
          const near = didYouMean(until.step, known);
          throw new Problem(
            400,
            "wrong-input",
            `body.undo: expected "until" a step of this process or a length of time like 2d.${near ? ` Did you mean "${near}"?` : ""}`,
            { where: "body.undo" },
          );
        }
      }
      return act(services, member, "confirm a task", async (trx, now) => {
        const added = await addTaskConfirmation(trx, {
          organisation_id: organisationId,
          process_id: params.process,
          ...body,
          activities: step.activities,
          made_by: who.actor,
          made_by_name: who.name,
          made_at: now,
        });
        const audit = await auditToEnqueue(trx, {
          organisationId,
          processId: params.process,
          requestedBy: who.actor,
          because: `confirmation ${added}`,
        });
        const workId = audit ? await services.queue.enqueue(trx, audit) : null;
        return {
          about: params.process,
          details: { ...body, activities: step.activities, suggested: step.guess, confirmation: added },
          answer: { id: added, workId },
        };
      });
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/processes/{process}/overrides",
    access: { right: "override the gate" },
    tag,
    summary:
      "Let a step pass the gate although it is not ready: in one's own name, with a reason and an end; it is shown wherever the verdict is",
    params: ofProcess({}),
    body: z.strictObject({
      step: text(400),
      reason: text(2000, 10),
      until: z.iso.datetime({ offset: true, error: "expected an instant like 2026-12-31T18:00:00Z" }),
    }),
    answers: { 201: z.object({ id }) },
    async handle({ services, member, params, body }) {
      const { organisationId, who } = member;
      await processIn(services, organisationId, params.process);
      const now = services.now();
      const until = new Date(body.until);
      if (!(until > now) || until.getTime() - now.getTime() > LONGEST_MS)
        throw new Problem(
          400,
          "wrong-input",
          "body.until: expected an instant in the future, at most a year from now.",
          {
            where: "body.until",
          },
        );
      const { steps } = await judged(services, organisationId, params.process);
      const step = steps.find((one) => one.step === body.step);
      if (!step) throw notThere("step");
      if (step.decides)
        throw new Problem(
          409,
          "people-decide",
          `"${step.step}" decides, and decisions stay with people: nobody can let a machine pass there.`,
        );
      if (!mayBeLetPass(step))
        throw new Problem(
          409,
          "not-said",
          `Nobody has said what kind of task "${step.step}" is, and it may be a decision. Say that first.`,
        );
      if (step.verdict === "ready")
        throw new Problem(
          409,
          "open-already",
          `"${step.step}" is ready: the gate is open, there is nothing to override.`,
        );
      return act(services, member, "override the gate", async (trx) => {
        const added = await addGateOverride(trx, {
          organisation_id: organisationId,
          process_id: params.process,
          step: step.step,
          reason: body.reason,
          verdict: step.verdict,
          made_by: who.actor,
          made_by_name: who.name,
          made_at: now,
          until,
        });
        return {
          about: params.process,
          details: { ...body, verdict: step.verdict, override: added },
          answer: { id: added },
        };
      });
    },
  }),
  route({
    method: "delete",
    path: "/organisations/{org}/processes/{process}/overrides/{override}",
    access: { right: "override the gate" },
    tag,
    summary: "End an override before its time; that it was there stays",
    params: ofProcess({ override: id }),
    answers: { 204: null },
    async handle({ services, member, params }) {
      const { organisationId } = member;
      await act(services, member, "end an override", async (trx, now) => {
        if (!(await endGateOverride(trx, organisationId, params.process, params.override, now)))
          throw notThere("override that still holds");
        return { about: params.process, details: { override: params.override } };
      });
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/readiness",
    access: { right: "see processes" },
    tag,
    summary: "May a machine do each step yet: verdict, the claims that decided it, what to do first",
    params: ofProcess({}),
    answers: {
      200: z.object({
        at,
        steps: z.array(stepSchema),
        process: z
          .object({
            lenses: z.array(lensSchema),
            claims: z.array(claimSchema.omit({ need: true, keepsPeople: true })),
          })
          .nullable()
          .describe("the process as a whole through the lenses; null where the audit is older than that"),
        overrides: z.array(overrideSchema).describe("newest first; also those that have ended"),
      }),
    },
    async handle({ services, member, params }) {
      await processIn(services, member.organisationId, params.process);
      const {
        at: judgedAt,
        folder,
        steps,
        confirmations,
      } = await judged(services, member.organisationId, params.process);
      const { person } = shownTo(member.role);
      const whole = await findAuditFile(services.blobs, folder, auditFiles.processReadiness);
      const overrides = await overridesOf(services, member, params.process);
      return {
        at: judgedAt,
        steps: steps.map((step) => {
          const made = confirmations.find((one) => one.step === step.step);
          return {
            ...step,
            claims: step.claims.map((claim) => wordedClaim(claim)),
            confirmation: made ? { by: person(made.made_by_name), at: made.made_at } : null,
          };
        }),
        process: whole ? wordedProcess(whole) : null,
        overrides,
      };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/upstream",
    access: { right: "see processes" },
    tag,
    summary:
      "Which leak is the problem, which the symptom: leaks at one step that go with leaks at a later one, within months, by the last audit",
    params: ofProcess({}),
    answers: { 200: z.object({ at: at.nullable(), links: z.array(linkSchema) }) },
    async handle({ services, member, params }) {
      await processIn(services, member.organisationId, params.process);
      const audit = await auditOf(services.database.db, member.organisationId, params.process);
      const links = audit && (await findAuditFile(services.blobs, audit.blob, auditFiles.links));
      return audit && links ? { at: audit.at, links } : { at: null, links: [] };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/fix-first",
    access: { right: "see processes" },
    tag,
    summary:
      "What to fix first: remedies in the order that makes most ready a working day; and what the verdicts become when those in `done` are done",
    params: ofProcess({}),
    query: z.object({
      done: z
        .string()
        .regex(
          /^([0-9a-f]{10}(,[0-9a-f]{10}){0,499})?$/,
          "expected ids of remedies, with commas between them",
        )
        .optional(),
    }),
    answers: { 200: planSchema },
    async handle({ services, member, params, query }) {
      const { settings } = await processIn(services, member.organisationId, params.process);
      const { at: judgedAt, steps } = await judged(services, member.organisationId, params.process);
      const done = new Set((query.done ?? "").split(",").filter(Boolean));
      return {
        at: judgedAt,
        ...fixFirstOf(steps, settings.remedyDays),
        verdicts: verdictsAfter(steps, done).map((one, i) => ({ ...one, executions: steps[i].executions })),
      };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/gate/{process}/{step}",
    access: { right: "see processes" },
    tag,
    summary: "The gate: whether a machine may do this step now; process by id or name, step by name",
    params: inOrganisation({ process: z.string().min(1).max(200), step: z.string().min(1).max(400) }),
    answers: {
      200: z.object({
        open: z.boolean(),
        process: z.string(),
        step: z.string(),
        verdict: z.enum(READINESS),
        sentence: z.string(),
        override: z
          .object({ by: z.string(), reason: z.string(), until: at })
          .nullable()
          .describe("who let it pass although it is not ready"),
        rule: z.int(),
        judgedAt: at,
      }),
    },
    async handle({ services, member, params }) {
      const rows = await processNames(services.database.db, member.organisationId);
      const process = rows.find(({ id, name }) => id === params.process || name === params.process);
      if (!process) throw notThere("process");
      const { at: judgedAt, steps } = await judged(services, member.organisationId, process.id);
      const step = steps.find((one) => one.step === params.step || one.activities.includes(params.step));
      if (!step) throw notThere("step");
      const override = (await overridesOf(services, member, process.id)).find(
        (one) => one.step === step.step && one.holds,
      );
      return gateOf(
        process.name,
        step,
        new Date(judgedAt).toISOString(),
        override ? { by: override.by, reason: override.reason, until: override.until.toISOString() } : null,
      );
    },
  }),
];
