import { demandsOf, MOST_DEMANDS } from "../../audit/requirements.ts";
import { z } from "@hono/zod-openapi";
import { auditToEnqueue } from "../../jobs/enqueue-audit.ts";
import { claimOfRequirement, plainStep } from "../../implementations/requirement-checks.ts";
import type { Requirement } from "../../audit/requirement.ts";
import { act } from "../../store/acts.ts";
import type { Trx } from "../../store/database.ts";
import { gapsOfImplementation, removeGaps } from "../../store/gaps.ts";
import {
  addImplementation,
  changeImplementation,
  implementationOf,
  implementationsOf,
  removeImplementation,
} from "../../store/implementations.ts";
import { processName } from "../../store/processes.ts";
import type { Member, Services } from "../context.ts";
import { changedInBetween, notThere, Problem } from "../problem.ts";
import { shownTo } from "../pseudonyms.ts";
import { seesCaseIds, type Role } from "../rights.ts";
import { at, id, inOrganisation, route, text } from "../route.ts";
import { versionOf } from "../versions.ts";

/** Characters of a requirements document: some forty pages. */
export const MOST_DOCUMENT = 100_000;

const tag = "implementations";

const step = text(400);
const part = z.number().gt(0).max(1);
const requirementId = z.string().regex(/^[\w-]{1,40}$/, "expected an id of letters, digits, - and _");
const ofOne = <K extends Requirement["kind"], S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.strictObject({ id: requirementId, processId: id, kind: z.literal(kind), ...shape });
/** What a tool may require of a process, kind by kind. */
const requirementSchema = z
  .discriminatedUnion("kind", [
    ofOne("fields", {
      step: step.optional(),
      columns: z.array(text(200)).min(1).max(50),
      share: part.optional(),
    }),
    ofOne("owner", { step }),
    ofOne("handoff", { from: step, to: step, share: part.optional() }),
    ofOne("authoritative", { field: text(200) }),
    ofOne("volume", { step: step.optional(), perMonth: z.number().positive().max(1e9) }),
    ofOne("consistency", { step: step.optional(), share: part.optional() }),
  ])
  .openapi("Requirement");

const said = {
  name: text(120),
  tool: text(120).nullable().default(null),
  state: z.enum(["planned", "in use"]),
  startsOn: z.iso
    .date("expected a date like 2026-03-31")
    .nullable()
    .default(null)
    .describe("when it goes live, or went"),
  costPerMonth: z.number().nonnegative().max(1e12).nullable().default(null),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "expected a currency code like EUR")
    .nullable()
    .default(null),
  touches: z
    .array(z.strictObject({ processId: id, steps: z.array(text(200)).max(500).default([]) }))
    .max(200)
    .default([]),
  note: text(2000).nullable().default(null),
  requires: z
    .array(requirementSchema)
    .max(200)
    .default([])
    .describe("what it needs of the processes that it touches; each becomes a claim with the next audit"),
  document: text(MOST_DOCUMENT)
    .refine((words) => demandsOf(words).length <= MOST_DEMANDS, {
      message: `expected at most ${MOST_DEMANDS} sentences that demand something; give the part that is about these processes`,
    })
    .nullable()
    .default(null)
    .describe("its requirements document as text: each sentence that demands something becomes a claim"),
};
const saidSchema = z
  .strictObject(said)
  .refine(({ requires }) => new Set(requires.map((one) => one.id)).size === requires.length, {
    path: ["requires"],
    message: "expected each requirement to have an id of its own",
  })
  .refine(
    ({ requires, touches }) =>
      requires.every((one) => touches.some(({ processId }) => processId === one.processId)),
    { path: ["requires"], message: "expected requirements of processes that it touches" },
  );
export const implementationSchema = z
  .object({
    id,
    name: z.string(),
    tool: z.string().nullable(),
    state: z.enum(["planned", "in use"]),
    startsOn: z.string().nullable(),
    costPerMonth: z.number().nullable(),
    currency: z.string().nullable(),
    touches: z.array(z.object({ processId: id, steps: z.array(z.string()) })),
    note: z.string().nullable(),
    requires: z.array(requirementSchema),
    document: z.string().nullable(),
    version: z.int(),
    madeBy: z.string(),
    madeAt: at,
  })
  .openapi("Implementation");

/** An implementation as it is shown. */
/** As a role may see it: an outsider reads neither what people wrote nor who did. */
export const shownImplementation = (
  row: Awaited<ReturnType<typeof implementationsOf>>[number],
  role: Role,
) => ({
  id: row.id,
  name: row.name,
  tool: row.tool,
  state: row.state,
  startsOn: row.starts_on,
  costPerMonth: row.cost_per_month,
  currency: row.currency,
  touches: row.touches,
  note: seesCaseIds(role) ? row.note : null,
  requires: row.requires,
  document: seesCaseIds(role) ? row.document : null,
  version: row.version,
  madeBy: shownTo(role).person(row.made_by),
  madeAt: row.made_at.toISOString(),
});

/** What an implementation needs is held against the evidence by an audit of each process that it touches. */
async function auditTouched(
  trx: Trx,
  { queue }: Services,
  { organisationId, who }: Member,
  processIds: readonly string[],
  before: readonly string[] = [],
): Promise<void> {
  for (const processId of new Set(processIds)) {
    const there = (await processName(trx, organisationId, processId)) !== undefined;
    // it was removed since it was said
    if (!there && before.includes(processId)) continue;
    if (!there)
      throw new Problem(400, "wrong-input", "body.touches: expected processes of this organisation.", {
        where: "body.touches",
      });
    const wanted = await auditToEnqueue(trx, {
      organisationId,
      processId,
      requestedBy: who.actor,
      because: "an implementation that touches it has changed",
    });
    if (wanted) await queue.enqueue(trx, wanted);
  }
}

/**
 * Gaps with a process or step that it no longer touches, and those of what it no longer requires, are
 * removed: nobody has closed them.
 */
async function removeTalkedAway(
  trx: Trx,
  organisationId: string,
  before: Awaited<ReturnType<typeof implementationsOf>>[number],
  after: z.output<typeof saidSchema>,
): Promise<void> {
  const required = new Set(
    after.requires.map((one) => `need ${claimOfRequirement(before.id, one as Requirement)}`),
  );
  const gaps = await gapsOfImplementation(trx, organisationId, before.id, new Date());
  const gone = gaps.filter(({ process_id: processId, key, content }) => {
    const touched = after.touches.find((one) => one.processId === processId);
    if (!touched) return true;
    const { kind, about = [], requirement, title } = content;
    const named = new Set(touched.steps.map(plainStep));
    if (kind === "step") return named.size > 0 && !about.some((name) => named.has(plainStep(name)));
    const sentences = about.length > 0 ? about : [title];
    return requirement === null
      ? !sentences.some((sentence) => after.document?.includes(sentence))
      : !required.has(key);
  });
  await removeGaps(
    trx,
    gone.map(({ id: gap }) => gap),
  );
}

export const implementationRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/implementations",
    access: { right: "see processes" },
    tag,
    summary: "What is going live and what is already paid for, with what it touches",
    params: inOrganisation({}),
    answers: { 200: z.object({ items: z.array(implementationSchema) }) },
    async handle({ services, member }) {
      const rows = await implementationsOf(services.database.db, member.organisationId);
      return { items: rows.map((row) => shownImplementation(row, member.role)) };
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/implementations",
    access: { right: "manage processes" },
    tag,
    summary: "Add something that is going live, or is already paid for",
    params: inOrganisation({}),
    body: saidSchema,
    answers: { 201: z.object({ id }) },
    async handle({ services, member, body }) {
      const { organisationId, who } = member;
      return act(services, member, "add an implementation", async (trx) => {
        const added = await addImplementation(trx, organisationId, who.actor, body);
        await auditTouched(
          trx,
          services,
          member,
          body.touches.map(({ processId }) => processId),
        );
        return { about: added, details: body, answer: { id: added } };
      });
    },
  }),
  route({
    method: "put",
    path: "/organisations/{org}/implementations/{implementation}",
    access: { right: "manage processes" },
    tag,
    summary: "Say it anew; If-Match names the version that was read",
    params: inOrganisation({ implementation: id }),
    body: saidSchema,
    answers: { 204: null },
    async handle({ services, member, params, body, request }) {
      const { organisationId } = member;
      const version = versionOf(request);
      const { db } = services.database;
      const before = await implementationOf(db, organisationId, params.implementation);
      if (!before) throw notThere("implementation");
      await act(services, member, "change an implementation", async (trx) => {
        if (!(await changeImplementation(trx, organisationId, params.implementation, version, body)))
          throw changedInBetween("implementation");
        const processIds = body.touches.map(({ processId }) => processId);
        await removeTalkedAway(trx, organisationId, before, body);
        await auditTouched(
          trx,
          services,
          member,
          processIds,
          before.touches.map(({ processId }) => processId),
        );
        return { about: params.implementation, details: body };
      });
    },
  }),
  route({
    method: "delete",
    path: "/organisations/{org}/implementations/{implementation}",
    access: { right: "manage processes" },
    tag,
    summary: "Remove one; the trail keeps that it was there",
    params: inOrganisation({ implementation: id }),
    answers: { 204: null },
    async handle({ services, member, params }) {
      await act(services, member, "remove an implementation", async (trx) => {
        if (!(await removeImplementation(trx, member.organisationId, params.implementation)))
          throw notThere("implementation");
        return { about: params.implementation };
      });
    },
  }),
];
