import { z } from "@hono/zod-openapi";
import { TASK_KINDS } from "../detectors/task-kinds.ts";
import { gateOf } from "../readiness/gate.ts";
import { READINESS, RULE_VERSION, type StepReadiness } from "../readiness/readiness.ts";
import { LENSES } from "../readiness/step-claims.ts";
import { auditOf } from "../store/audits.ts";
import { readWhole } from "../store/blobs.ts";
import type { Services } from "./context.ts";
import { notThere, Problem } from "./problem.ts";
import { ofProcess, processIn } from "./processes.ts";
import { at, inOrganisation, route } from "./route.ts";

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
const stepSchema = z
  .object({
    step: z.string(),
    activities: z.array(z.string()),
    described: z.boolean(),
    kind: z.enum(TASK_KINDS),
    told: z.enum(["description", "name"]),
    executions: z.int(),
    verdict: z.enum(READINESS),
    sentence: z.string(),
    actions: z.array(
      z.object({ text: z.string(), decides: z.string(), effort: z.string(), turns: z.string() }),
    ),
    lenses: z.array(z.object({ lens: z.enum(LENSES), state: z.enum(["confirmed", "contradicted", "open"]) })),
    claims: z.array(claimSchema),
  })
  .openapi("StepReadiness");

/** The readiness of every step by the last audit. Throws 409 where there is none. */
async function judged(services: Services, organisationId: string, processId: string) {
  const audit = await auditOf(services.database.db, organisationId, processId);
  const whole =
    audit && (await readWhole(services.blobs, `${audit.blob}/readiness.json`).catch(() => undefined));
  if (!audit || !whole)
    throw new Problem(
      409,
      "not-judged",
      "Nothing was judged yet. Import events, or audit the process again, and ask then.",
    );
  return { at: audit.at, steps: JSON.parse(whole.toString()) as StepReadiness[] };
}

export const readinessRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/readiness",
    access: { right: "see processes" },
    tag,
    summary: "May a machine do each step yet: verdict, the claims that decided it, what to do first",
    params: ofProcess({}),
    answers: { 200: z.object({ at, rule: z.int(), steps: z.array(stepSchema) }) },
    async handle({ services, member, params }) {
      await processIn(services, member.organisationId, params.process);
      const { at: judgedAt, steps } = await judged(services, member.organisationId, params.process);
      return { at: judgedAt, rule: RULE_VERSION, steps };
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
        rule: z.int(),
        judgedAt: at,
      }),
    },
    async handle({ services, member, params }) {
      const rows = await services.database.db
        .selectFrom("process")
        .select(["id", "name"])
        .where("organisation_id", "=", member.organisationId)
        .execute();
      const process = rows.find(({ id, name }) => id === params.process || name === params.process);
      if (!process) throw notThere("process");
      const { at: judgedAt, steps } = await judged(services, member.organisationId, process.id);
      const step = steps.find((one) => one.step === params.step || one.activities.includes(params.step));
      if (!step) throw notThere("step");
      return gateOf(process.name, step, new Date(judgedAt).toISOString());
    },
  }),
];
