import { z } from "@hono/zod-openapi";
import { calendarSchema, timeZone } from "../../eventlog/given-calendar.ts";
import { removeProcess } from "../../jobs/remove-files.ts";
import { act } from "../../store/acts.ts";
import { addProcess, changeProcess, processesPage, processOf } from "../../store/processes.ts";
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
      const rows = await processesPage(services.database.db, member.organisationId, place, query.limit);
      const { items, next } = page(rows, query.limit, (row) => [row.name, row.id]);
      return {
        items: items.map(({ id: own, name, created_at: createdAt, audit_id, audit_at, headline }) => ({
          id: own,
          name,
          createdAt,
          audit: audit_id ? { id: audit_id, at: audit_at, headline: wordedHeadline(headline!) } : null,
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
      const { organisationId } = member;
      return act(services, member, "add a process", async (trx) => {
        const processId = await addProcess(trx, organisationId, body.name, body.settings);
        return { about: processId, details: { name: body.name }, answer: { id: processId } };
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
      const { organisationId } = member;
      const version = versionOf(request);
      await processIn(services, organisationId, params.process);
      await act(services, member, "change a process", async (trx) => {
        if (!(await changeProcess(trx, organisationId, params.process, version, body)))
          throw changedInBetween("process");
        return { about: params.process, details: body };
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
      await act(services, member, "remove a process", async (trx) => {
        const removed = await removeProcess(trx, organisationId, params.process, who.actor);
        if (!removed) throw notThere("process");
        await services.queue.enqueue(trx, removed.files);
        return { about: params.process, details: { name: removed.name } };
      });
    },
  }),
];
