import { z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { act } from "../../store/acts.ts";
import { forAnybody, forEvidence } from "../../store/places.ts";
import { workStates } from "../../store/states.ts";
import { cancelWork, workOf, workPage } from "../../store/work.ts";
import { page, pageOf, pageQuery, placeOf } from "../paging.ts";
import { notThere, wrongState } from "../problem.ts";
import { may, seesCaseIds, type Role } from "../rights.ts";
import { at, id, inOrganisation, route } from "../route.ts";
import { toldJson } from "../told-json.ts";
import { placeToWatch, watchWork } from "../watch-work.ts";

const tag = "work";
const STATES = workStates.states;
const workSchema = z
  .object({
    id,
    kind: z.string(),
    processId: z.string().nullable(),
    state: z.enum(STATES),
    attempt: z.int(),
    progress: z.number(),
    doing: z.string(),
    cancelRequested: z.boolean(),
    requestedAt: at,
    startedAt: at.nullable(),
    endedAt: at.nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    result: z.record(z.string(), z.unknown()).nullable(),
  })
  .openapi("Work");

type Row = NonNullable<Awaited<ReturnType<typeof workOf>>>;
/** Why work failed: whole for who may add evidence; an outsider is told no name of a file. */
function errorFor({ error, error_quoting: whole }: Row, role: Role): Row["error"] {
  if (error === null) return null;
  const { code, message } = error;
  if (may(role, "add evidence")) return { code, message: forEvidence(whole ?? message) };
  const told = seesCaseIds(role)
    ? message
    : `It was refused (${code}). A member can see what stands in the way.`;
  return { code, message: forAnybody(told) };
}

/** What came of work; an account names the file that somebody sent. */
const resultFor = ({ result }: Row, role: Role): object | null =>
  result === null || seesCaseIds(role)
    ? result
    : Object.fromEntries(Object.entries(result).filter(([key]) => key !== "account"));

/** A piece of work as a role may see it. */
const shown = (row: Row, role: Role) => ({
  id: row.id,
  kind: row.kind,
  processId: row.process_id,
  state: row.state,
  attempt: row.attempt,
  progress: row.progress,
  doing: row.doing,
  cancelRequested: row.cancel_requested,
  requestedAt: row.requested_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  error: errorFor(row, role),
  result: resultFor(row, role),
});

const LONGEST_MS = 30 * 60_000;

export const workRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/work",
    access: { right: "see processes" },
    tag,
    summary: "Background work, newest first",
    params: inOrganisation({}),
    query: pageQuery.extend({ state: z.enum(STATES).optional(), process: id.optional() }),
    answers: { 200: pageOf(workSchema) },
    async handle({ services, member, query }) {
      const place = placeOf(query.after, z.tuple([z.iso.datetime(), z.uuid()]));
      const rows = await workPage(
        services.database.db,
        { organisationId: member.organisationId, state: query.state, processId: query.process },
        place,
        query.limit,
      );
      const { items, next } = page(rows, query.limit, (row) => [row.requested_at.toISOString(), row.id]);
      return { items: items.map((row) => shown(row, member.role)), next };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/work/{work}",
    access: { right: "see processes" },
    tag,
    summary: "How far a piece of work is, or what came of it",
    params: inOrganisation({ work: id }),
    answers: { 200: workSchema },
    async handle({ services, member, params }) {
      const row = await workOf(services.database.db, member.organisationId, params.work);
      if (!row) throw notThere("work");
      return shown(row, member.role);
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/work/{work}/progress",
    access: { right: "see processes" },
    tag,
    summary: "The same as it goes on, as server-sent events, until it has ended",
    params: inOrganisation({ work: id }),
    answers: { 200: "text/event-stream" },
    async handle({ services, member, who, params, request, context }) {
      const { db } = services.database;
      const first = await workOf(db, member.organisationId, params.work);
      if (!first) throw notThere("work");
      if (request.method === "HEAD")
        return new Response(null, { headers: { "content-type": "text/event-stream" } });
      const leave = placeToWatch(who);
      return streamSSE(context, async (stream) => {
        let said = "";
        await new Promise<void>((end) => {
          const stop = watchWork(db, member.organisationId, params.work, (row) => void say(row));
          const done = () => {
            stop();
            clearTimeout(longest);
            end();
          };
          const longest = setTimeout(done, LONGEST_MS);
          stream.onAbort(done);
          const say = async (row: Row | undefined) => {
            if (!row) return done();
            const now = toldJson(shown(row, member.role), seesCaseIds(member.role));
            const isNews = now !== said;
            said = now;
            // whoever has stopped reading does not hold the end up
            if (row.ended_at) setTimeout(done, 5000);
            if (isNews) await stream.writeSSE({ event: "progress", data: now });
            if (row.ended_at) done();
          };
          void say(first);
        });
        leave();
      });
    },
  }),
  route({
    method: "delete",
    path: "/organisations/{org}/work/{work}",
    access: { right: "add evidence" },
    tag,
    summary:
      "Cancel work: what waits is not begun, what runs stops within a second or two and leaves nothing",
    params: inOrganisation({ work: id }),
    answers: { 202: z.object({ state: z.enum(STATES) }) },
    async handle({ services, member, params }) {
      const { organisationId } = member;
      const { db } = services.database;
      const work = await workOf(db, organisationId, params.work);
      if (!work) throw notThere("work");
      return act(services, member, "cancel work", async (trx) => {
        const cancelled = await cancelWork(trx, organisationId, params.work);
        if (!cancelled) {
          const now = await workOf(trx, organisationId, params.work);
          throw wrongState(workStates, "cancel", (now ?? work).state);
        }
        return { about: params.work, answer: { state: cancelled.state } };
      });
    },
  }),
];
