import { createHash } from "node:crypto";
import type { Selectable } from "kysely";
import { z } from "@hono/zod-openapi";
import { readOptionsOf } from "../../formats/read-options.ts";
import { readWhole } from "../../store/blobs.ts";
import { act } from "../../store/acts.ts";
import { countsInWords } from "../../formats/account.ts";
import { logsPage, rejectedBlobOf, type LogTable } from "../../store/logs.ts";
import { importsOf, keepImport } from "../../store/imports.ts";
import { partsOf, uploadOf } from "../../store/uploads.ts";
import { page, pageOf, pageQuery, placeOf } from "../paging.ts";
import { notThere, Problem } from "../problem.ts";
import { ofProcess, processIn } from "./processes.ts";
import { shownTo } from "../pseudonyms.ts";
import { may, seesCaseIds, type Role } from "../rights.ts";
import { at, id, inOrganisation, route, text } from "../route.ts";

const tag = "imports";
const word = z.string().max(200);

/** Reading options, by the names of the command line. */
const optionsSchema = z.strictObject({
  case: word.optional(),
  activity: word.optional(),
  time: word.optional(),
  start: word.optional(),
  "time-of-day": word.optional(),
  "start-time-of-day": word.optional(),
  person: word.optional(),
  role: word.optional(),
  sheet: word.optional(),
  "object-type": word.optional(),
  lifecycle: z.enum(["pairs", "events", "complete"]).optional(),
  classifier: word.optional(),
  "date-order": z.enum(["dmy", "mdy"]).optional(),
  decimal: z.enum([".", ","]).optional(),
  "time-zone": word.optional(),
  encoding: word.optional(),
  separator: word.optional(),
  strict: z.boolean().optional(),
});

const unfinished = ({ received, bytes }: { received: number; bytes: number }) =>
  new Problem(
    409,
    "unfinished-upload",
    `Of the upload ${received} of ${bytes} bytes are here. Send the rest first.`,
  );

const importSchema = z.object({
  id,
  kind: z.enum(["events", "records"]),
  name: z.string(),
  tag: z.string(),
  options: z.record(z.string(), z.unknown()),
});

/**
 * How a file was read: with the values that were not taken for who may add evidence, for outsiders in numbers
 * alone.
 */
function accountFor(
  {
    account,
    notes,
    quoting,
    summary,
  }: Pick<Selectable<LogTable>, "account" | "notes" | "quoting" | "summary">,
  role: Role,
): { account: string; notes: string[] } {
  if (!seesCaseIds(role)) return { account: countsInWords(summary), notes: [] };
  return quoting !== null && may(role, "add evidence") ? quoting : { account, notes };
}

export const importRoutes = [
  route({
    method: "post",
    path: "/organisations/{org}/uploads/{upload}/preview",
    access: { right: "add evidence" },
    tag,
    summary:
      "How a whole upload would be read as events: columns and what they are taken as, ten rows, and what stands in the way",
    params: inOrganisation({ upload: id }),
    body: z.strictObject({ options: optionsSchema.default({}) }),
    answers: {
      200: z.object({
        format: z.string(),
        columns: z.array(
          z.object({ name: z.string(), takenAs: z.string().nullable(), how: z.string().nullable() }),
        ),
        rows: z.array(z.array(z.string())),
        read: z.int(),
        kept: z.int(),
        rejected: z.int(),
        rejections: z.array(
          z.object({
            at: z.int(),
            unit: z.string(),
            column: z.string().nullable(),
            expected: z.string(),
            got: z.string(),
          }),
        ),
        cases: z.int(),
        beginning: z.boolean(),
        notes: z.array(z.string()),
        problem: z.object({ code: z.string(), where: z.string(), message: z.string() }).nullable(),
      }),
    },
    async handle({ services, member, params, body, request }) {
      const { db } = services.database;
      const upload = await uploadOf(db, member.organisationId, params.upload);
      if (!upload) throw notThere("upload");
      if (upload.received < upload.bytes) throw unfinished(upload);
      const parts = await partsOf(db, upload.id);
      if (parts.length === 0)
        throw new Problem(422, "empty-file", `${upload.name} is empty. Export it again with data.`);
      readOptionsOf(body.options);
      return services.explorer.read(
        member.organisationId,
        { kind: "preview", parts, file: upload.name, options: body.options },
        request.signal,
      );
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/imports",
    access: { right: "see processes" },
    tag,
    summary: "Where the evidence of a process comes from",
    params: ofProcess({}),
    answers: { 200: z.object({ items: z.array(importSchema) }) },
    async handle({ services, member, params }) {
      await processIn(services, member.organisationId, params.process);
      const rows = await importsOf(services.database.db, member.organisationId, params.process);
      return {
        items: rows.map(({ id: own, kind, name, tag: label, options }) => ({
          id: own,
          kind,
          name,
          tag: label,
          options,
        })),
      };
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/processes/{process}/imports",
    access: { right: "add evidence" },
    tag,
    summary:
      "Read a whole upload as evidence; the process is audited after it. The same upload read in the same way is read once",
    params: ofProcess({}),
    body: z.strictObject({
      uploadId: id,
      kind: z.enum(["events", "records"]).default("events"),
      name: text(60).default("events"),
      tag: z.string().trim().max(60).default(""),
      options: optionsSchema.default({}),
    }),
    answers: { 202: z.object({ workId: id, importId: id }) },
    async handle({ services, member, params, body }) {
      const { organisationId, who } = member;
      const { database, queue } = services;
      await processIn(services, organisationId, params.process);
      readOptionsOf(body.options); // what the readers would refuse is refused now
      const upload = await uploadOf(database.db, organisationId, body.uploadId);
      if (!upload) throw notThere("upload");
      if (upload.received < upload.bytes) throw unfinished(upload);
      const options = JSON.stringify(body.options);
      const way = createHash("sha256")
        .update(`${body.kind}/${body.name}/${body.tag}/${options}`)
        .digest("hex")
        .slice(0, 16);
      return act(services, member, "want an import", async (trx) => {
        const { kind, name, tag: label } = body;
        const importId = await keepImport(
          trx,
          { organisationId, processId: params.process, kind, name, tag: label },
          body.options,
        );
        const workId = await queue.enqueue(trx, {
          organisationId,
          processId: params.process,
          kind: "import",
          input: { uploadId: upload.id, importId, options: body.options },
          once: `import ${upload.id} ${params.process} ${way}`,
          requestedBy: who.actor,
        });
        return {
          about: workId,
          details: { uploadId: upload.id, file: upload.name, importId },
          answer: { workId, importId },
        };
      });
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/logs",
    access: { right: "see processes" },
    tag,
    summary: "What was imported, newest first: how many rows were read, kept and rejected",
    params: ofProcess({}),
    query: pageQuery,
    answers: {
      200: pageOf(
        z.object({
          id,
          importId: id,
          file: z.string(),
          summary: z.record(z.string(), z.unknown()),
          account: z.string(),
          notes: z.array(z.string()),
          hasRejected: z.boolean(),
          madeAt: at,
        }),
      ),
    },
    async handle({ services, member, params, query }) {
      await processIn(services, member.organisationId, params.process);
      const place = placeOf(query.after, z.tuple([z.iso.datetime(), z.uuid()]));
      const rows = await logsPage(
        services.database.db,
        { organisationId: member.organisationId, processId: params.process },
        place,
        query.limit,
      );
      const { items, next } = page(rows, query.limit, (row) => [row.made_at.toISOString(), row.id]);
      return {
        items: items.map((log) => ({
          id: log.id,
          importId: log.import_id,
          file: shownTo(member.role).file(log.file),
          summary: log.summary,
          ...accountFor(log, member.role),
          hasRejected: log.rejected_blob !== null,
          madeAt: log.made_at,
        })),
        next,
      };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/logs/{log}/rejected",
    access: { right: "add evidence" },
    tag,
    summary: "The rows that were not taken, and why, as CSV",
    params: ofProcess({ log: id }),
    answers: { 200: "text/csv" },
    async handle({ services, member, params }) {
      const { db } = services.database;
      const blob = await rejectedBlobOf(db, member.organisationId, params.process, params.log);
      if (!blob) throw notThere("list of rejected rows");
      const content = await readWhole(services.blobs, blob);
      return new Response(new Uint8Array(content), {
        headers: {
          "content-type": "text/csv; charset=utf-8",
          "content-disposition": 'attachment; filename="rejected.csv"',
          "cache-control": "private, no-store",
        },
      });
    },
  }),
];
