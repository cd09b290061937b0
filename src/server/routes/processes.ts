import { z } from "@hono/zod-openapi";
import { calendarSchema, timeZone } from "../../eventlog/given-calendar.ts";
import { removeProcess } from "../../jobs/remove-files.ts";
import { transact } from "../../store/database.ts";
import { addProcess, changeProcess, processOf } from "../../store/processes.ts";
import { addToTrail } from "../../store/trail.ts";
import { wordedHeadline } from "../../wording/worded-audit.ts";
import { headlineSchema } from "./audit-schemas.ts";
import { page, pageOf, pageQuery, placeOf } from "../paging.ts";
import { changedInBetween, notThere } from "../problem.ts";
import type { Services } from "../context.ts";
import { at, id, inOrganisation, route, text } from "../route.ts";
import { etagOf, versionOf } from "../versions.ts";

const tag = "processes";
const settingsSchema = z.strictObject({
  timeZone: timeZone.optional(),
  calendar: calendarSchema.optional(),
  approvals: z.array(text(200)).max(200).optional(),
  thresholds: z.record(z.string().max(60), z.record(z.string().max(60), z.number())).optional(),
  remedyDays: z
    .record(z.string().regex(/^[0-9a-f]{10}$/), z.number().nonnegative().max(10_000))
    .optional()
    .describe("working days that a remedy takes here, by its id"),
});
const processSchema = z
  .object({ id, name: z.string(), settings: settingsSchema, version: z.int(), createdAt: at })
  .openapi("Process");

/** Params of routes of one process. */
export const ofProcess = <S extends z.ZodRawShape>(more: S) => inOrganisation({ process: id, ...more });

/** The process that a path names, in the organisation that it names. */
export async function processIn({ database }: Services, organisationId: string, processId: string) {
  const process = await processOf(database.db, organisationId, processId);
  if (!process) throw notThere("process");
  return process;
}

export const processRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/processes",
    access: { right: "see processes" },
    tag,
    summary: "Processes, with the headline of their last audit",
    params: inOrganisation({}),
    query: pageQuery,
    answers: {
      200: pageOf(
        z.object({
          id,
          name: z.string(),
          createdAt: at,
          audit: z.object({ id, at, headline: headlineSchema }).nullable(),
        }),
      ),
    },
    async handle({ services, member, query }) {
      const place = placeOf(query.after, z.tuple([z.string(), z.uuid()]));
      const rows = await services.database.db
        .selectFrom("process")
        .leftJoinLateral(
          (eb) =>
            eb
              .selectFrom("audit")
              .select(["audit.id as auditId", "audit.at", "audit.headline"])
              .whereRef("audit.process_id", "=", "process.id")
              .orderBy("audit.at", "desc")
              .limit(1)
              .as("last"),
          (join) => join.onTrue(),
        )
        .select([
          "process.id",
          "process.name",
          "process.created_at",
          "last.auditId",
          "last.at",
          "last.headline",
        ])
        .where("process.organisation_id", "=", member.organisationId)
        .$if(place !== undefined, (q) =>
          q.where((eb) => eb(eb.refTuple("process.name", "process.id"), ">", eb.tuple(place![0], place![1]))),
        )
        .orderBy("process.name")
        .orderBy("process.id")
        .limit(query.limit + 1)
        .execute();
      const { items, next } = page(rows, query.limit, (row) => [row.name, row.id]);
      return {
        items: items.map(({ id: own, name, created_at: createdAt, auditId, at: auditAt, headline }) => ({
          id: own,
          name,
          createdAt,
          audit: auditId ? { id: auditId, at: auditAt, headline: wordedHeadline(headline as never) } : null,
        })),
        next,
      };
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/processes",
    access: { right: "manage processes" },
    tag,
    summary: "Add a process",
    params: inOrganisation({}),
    body: z.strictObject({ name: text(120), settings: settingsSchema.optional() }),
    answers: { 201: z.object({ id }) },
    async handle({ services, member, body }) {
      const { organisationId, who } = member;
      return transact(services.database.db, async (trx) => {
        const processId = await addProcess(trx, organisationId, body.name, body.settings);
        await addToTrail(
          trx,
          {
            organisationId,
            actor: who.actor,
            act: "added a process",
            subject: `process ${processId}`,
            details: { name: body.name },
          },
          services.now(),
        );
        return { id: processId };
      });
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}",
    access: { right: "see processes" },
    tag,
    summary: "One process",
    params: ofProcess({}),
    answers: { 200: processSchema },
    async handle({ services, member, params, context }) {
      const process = await processIn(services, member.organisationId, params.process);
      context.header("etag", etagOf(process.version));
      const { id: own, name, settings, version, created_at: createdAt } = process;
      return { id: own, name, settings, version, createdAt };
    },
  }),
  route({
    method: "patch",
    path: "/organisations/{org}/processes/{process}",
    access: { right: "manage processes" },
    tag,
    summary: "Change name or settings of a process; If-Match names the version that was read",
    params: ofProcess({}),
    body: z.strictObject({ name: text(120).optional(), settings: settingsSchema.optional() }),
    answers: { 204: null },
    async handle({ services, member, params, body, request }) {
      const { organisationId, who } = member;
      const version = versionOf(request);
      await processIn(services, organisationId, params.process);
      await transact(services.database.db, async (trx) => {
        if (!(await changeProcess(trx, organisationId, params.process, version, body)))
          throw changedInBetween("process");
        await addToTrail(
          trx,
          {
            organisationId,
            actor: who.actor,
            act: "changed a process",
            subject: `process ${params.process}`,
            details: body,
          },
          services.now(),
        );
      });
    },
  }),
  route({
    method: "delete",
    path: "/organisations/{org}/processes/{process}",
    access: { right: "remove processes" },
    tag,
    summary: "Remove a process with its evidence and audits; the trail keeps that it was there",
    params: ofProcess({}),
    answers: { 204: null },
    async handle({ services, member, params }) {
      const { organisationId, who } = member;
      await transact(services.database.db, async (trx) => {
        const removed = await removeProcess(trx, organisationId, params.process, who.actor);
        if (!removed) throw notThere("process");
        await services.queue.want(trx, removed.files);
        await addToTrail(
          trx,
          {
            organisationId,
            actor: who.actor,
            act: "removed a process",
            subject: `process ${params.process}`,
            details: { name: removed.name },
          },
          services.now(),
        );
      });
    },
  }),
];
