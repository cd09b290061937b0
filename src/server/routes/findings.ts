import { z } from "@hono/zod-openapi";
import { remedyOf } from "../../audit/remedies.ts";
import { act } from "../../store/acts.ts";
import { folderOf } from "../../store/audits.ts";
import { auditFiles, readAuditFile } from "../../store/audit-files.ts";
import { changeFinding, findingOf, findingsPage, moveReviewed } from "../../store/findings.ts";
import { findingStates, moved } from "../../store/states.ts";
import { addReview, reviewsOf } from "../../store/reviews.ts";
import { findingContent } from "./audit-schemas.ts";
import type { Services } from "../context.ts";
import { page, pageOf, pageQuery, placeOf } from "../paging.ts";
import { changedInBetween, notThere, wrongState } from "../problem.ts";
import { ofProcess, processIn } from "./processes.ts";
import { actorFor, pseudonymOf } from "../pseudonyms.ts";
import { seesCaseIds, type Role } from "../rights.ts";
import { at, route, text } from "../route.ts";
import { etagOf, versionOf } from "../versions.ts";

const tag = "findings";
const finding = z.string().regex(/^[0-9a-f]{10}$/, "expected the id of a finding: ten of 0-9 and a-f");
const findingSchema = z
  .object({
    id: z.string(),
    detector: z.string(),
    subject: z.string(),
    state: z.enum(findingStates.states),
    owner: z.string().nullable(),
    remedy: z.string().nullable(),
    version: z.int(),
    lastAudit: z.string(),
    content: findingContent,
    suggestion: z
      .object({ text: z.string(), effort: z.string(), decides: z.string() })
      .nullable()
      .describe("what usually closes such a leak, how much work that is, and who can decide it"),
  })
  .openapi("Finding");

const storyEvent = z.object({
  activity: z.string(),
  time: z.string(),
  who: z.string(),
  waitHours: z.number().nullable(),
});

type Row = NonNullable<Awaited<ReturnType<typeof findingOf>>>;
/** A finding as a role may see it: what people wrote about it may name somebody, and is not for outsiders. */
const shown = (row: Row, role: Role) => ({
  id: row.id,
  detector: row.detector,
  subject: row.subject,
  state: row.state,
  owner: seesCaseIds(role) ? row.owner : null,
  remedy: seesCaseIds(role) ? row.remedy : null,
  version: row.version,
  lastAudit: row.last_audit,
  content: row.content,
  suggestion: remedyOf(row.detector) ?? null,
});

/** What is kept beside a finding as a blob: everything that may be long. */
async function detailsOf({ database, blobs }: Services, row: Row) {
  const folder = await folderOf(database.db, row.last_audit);
  return { folder, ...(await readAuditFile(blobs, folder, auditFiles.finding(row.id))) };
}

export const findingRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/findings",
    access: { right: "see processes" },
    tag,
    summary: "Findings in the order of the last audit; by default those that it saw",
    params: ofProcess({}),
    query: pageQuery.extend({
      state: z.enum(findingStates.states).optional(),
      detector: z.string().max(60).optional(),
    }),
    answers: { 200: pageOf(findingSchema) },
    async handle({ services, member, params, query }) {
      await processIn(services, member.organisationId, params.process);
      const place = placeOf(query.after, z.tuple([z.int(), z.string()]));
      const { state, detector } = query;
      const rows = await findingsPage(
        services.database.db,
        { organisationId: member.organisationId, processId: params.process, state, detector },
        place,
        query.limit,
      );
      const { items, next } = page(rows, query.limit, (row) => [row.rank, row.id]);
      return { items: items.map((row) => shown(row, member.role)), next };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/findings/{finding}",
    access: { right: "see processes" },
    tag,
    summary: "One finding, with what people said of it",
    params: ofProcess({ finding }),
    answers: {
      200: findingSchema.extend({
        reviews: z.array(
          z.object({ said: z.string(), note: z.string().nullable(), saidBy: z.string(), saidAt: at }),
        ),
      }),
    },
    async handle({ services, member, params, context }) {
      const { db } = services.database;
      const row = await findingOf(db, member.organisationId, params.process, params.finding);
      if (!row) throw notThere("finding");
      const reviews = await reviewsOf(db, member.organisationId, params.process, params.finding);
      const actor = await actorFor(db, member.organisationId, member.role);
      context.header("etag", etagOf(row.version));
      return {
        ...shown(row, member.role),
        reviews: reviews.map(({ said, note, said_by: saidBy, said_at: saidAt }) => ({
          said,
          note: seesCaseIds(member.role) ? note : null,
          saidBy: actor(saidBy),
          saidAt,
        })),
      };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/findings/{finding}/cases",
    access: { right: "see processes" },
    tag,
    summary: "The cases behind a finding, with the stories of the first few, and the records that it pairs",
    params: ofProcess({ finding }),
    query: pageQuery,
    answers: {
      200: z.object({
        items: z.array(z.object({ caseId: z.string(), story: z.array(storyEvent).nullable() })),
        next: z.string().nullable(),
        total: z.int(),
        records: z.array(z.tuple([z.string(), z.string()])),
      }),
    },
    async handle({ services, member, params, query }) {
      const row = await findingOf(
        services.database.db,
        member.organisationId,
        params.process,
        params.finding,
      );
      if (!row) throw notThere("finding");
      const details = await detailsOf(services, row);
      const [from] = placeOf(query.after, z.tuple([z.int().nonnegative()])) ?? [0];
      const part = details.caseIds.slice(from, from + query.limit + 1);
      const { items, next } = page(part, query.limit, () => [from + query.limit]);
      const name = seesCaseIds(member.role)
        ? (text_: string) => text_
        : await pseudonymOf(services.database.db, member.organisationId);
      return {
        items: items.map((caseId) => ({ caseId: name(caseId), story: details.stories[caseId] ?? null })),
        next,
        total: details.caseIds.length,
        records: from === 0 ? details.records.slice(0, 1000).map(([a, b]) => [name(a), name(b)]) : [],
      };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/findings/{finding}/people",
    access: { right: "see names" },
    tag,
    summary: "Who the pseudonyms of a finding are; each look-up is logged",
    params: ofProcess({ finding }),
    answers: { 200: z.object({ people: z.record(z.string(), z.string()) }) },
    async handle({ services, member, params }) {
      const { organisationId } = member;
      const { database, blobs } = services;
      const row = await findingOf(database.db, organisationId, params.process, params.finding);
      if (!row) throw notThere("finding");
      const { folder } = await detailsOf(services, row);
      const key = await readAuditFile(blobs, folder, auditFiles.people);
      const pseudonyms = row.content.people;
      await act(services, member, "look at names in a finding", async () => ({
        about: row.id,
        details: { people: pseudonyms.length, processId: params.process },
      }));
      return { people: Object.fromEntries(pseudonyms.map((one) => [one, key[one] ?? one])) };
    },
  }),
  route({
    method: "patch",
    path: "/organisations/{org}/processes/{process}/findings/{finding}",
    access: { right: "judge findings" },
    tag,
    summary:
      "Set state, owner or remedy; If-Match names the version that was read. Fixed is what a new measurement says, not a person",
    params: ofProcess({ finding }),
    body: z.strictObject({
      state: z
        .enum(["open", "accepted"], {
          error: "expected open or accepted; a false alarm is what a review says, and fixed is measured",
        })
        .optional(),
      owner: text(120).nullable().optional(),
      remedy: text(2000).nullable().optional(),
    }),
    answers: { 204: null },
    async handle({ services, member, params, body, request }) {
      const { organisationId } = member;
      const version = versionOf(request);
      const { db } = services.database;
      const row = await findingOf(db, organisationId, params.process, params.finding);
      if (!row) throw notThere("finding");
      const { state, ...said } = body;
      const move = state && (state === "accepted" ? "accept" : "reopen");
      if (row.version === version && move && moved(findingStates, move, row.state) === undefined)
        throw wrongState(findingStates, move, row.state);
      await act(services, member, "change a finding", async (trx) => {
        if (
          !(await changeFinding(trx, organisationId, params.process, params.finding, version, {
            ...said,
            move,
          }))
        )
          throw changedInBetween("finding");
        return { about: params.finding, details: { ...body, processId: params.process } };
      });
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/processes/{process}/findings/{finding}/reviews",
    access: { right: "judge findings" },
    tag,
    summary: "Say what you found when you opened it; the next audit weighs its money by such reviews",
    params: ofProcess({ finding }),
    body: z.strictObject({ said: z.enum(["confirmed", "false alarm"]), note: text(2000).optional() }),
    answers: { 201: z.object({ state: z.string() }) },
    async handle({ services, member, params, body }) {
      const { organisationId, who } = member;
      const { db } = services.database;
      const row = await findingOf(db, organisationId, params.process, params.finding);
      if (!row) throw notThere("finding");
      const name = body.said === "confirmed" ? "confirm a finding" : "call a finding a false alarm";
      return act(services, member, name, async (trx) => {
        await addReview(trx, {
          organisation_id: organisationId,
          process_id: params.process,
          finding_id: row.id,
          detector: row.detector,
          subject: row.subject,
          said: body.said,
          note: body.note ?? null,
          said_by: who.actor,
        });
        const move = body.said === "confirmed" ? "confirm" : "refute";
        const state = await moveReviewed(trx, params.process, row.id, move);
        return { about: row.id, details: { processId: params.process }, answer: { state } };
      });
    },
  }),
];
