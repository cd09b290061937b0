import { createHash } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { filterSchema, type ResolvedFilter } from "../../exploration/filter.ts";
import { views } from "../../exploration/index.ts";
import { CLAIM_CASES } from "../../jobs/audit-process.ts";
import { auditFiles, findAuditFile, readAuditFile } from "../../store/audit-files.ts";
import { auditOf, folderOf } from "../../store/audits.ts";
import { isStorable } from "../../store/columns.ts";
import { claimOf } from "../../store/claims.ts";
import { act } from "../../store/acts.ts";
import { descriptionOf } from "../../store/descriptions.ts";
import { findingOf } from "../../store/findings.ts";
import { latestLogs } from "../../store/logs.ts";
import { organisationOf, pseudonymKeyOf } from "../../store/organisations.ts";
import { documentOf } from "./answers.ts";
import type { Services } from "../context.ts";
import type { AskedLog } from "../explorer-child.ts";
import { notThere, Problem } from "../problem.ts";
import { ofProcess, processIn } from "./processes.ts";
import { seesCaseIds } from "../rights.ts";
import { route } from "../route.ts";

const tag = "exploration";

/** A filter in an address: JSON, so that a page's address is the whole question. */
const filter = z
  .string()
  .max(20_000)
  .optional()
  .transform((text, context) => {
    if (text === undefined || text === "") return {};
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: `expected a filter as JSON, got "${text.slice(0, 60)}"` });
      return z.NEVER;
    }
    if (!isStorable(value)) {
      context.addIssue({ code: "custom", message: "expected texts without NUL and without half characters" });
      return z.NEVER;
    }
    const result = filterSchema.safeParse(value);
    if (result.success) return result.data;
    for (const { path, message } of result.error.issues.slice(0, 20))
      context.addIssue({ code: "custom", path: path.map(String), message });
    return z.NEVER;
  });

/**
 * A page asks several questions at once: what they are about is looked up once for all that come within this
 * time.
 */
const SHARED_MS = 300;
const looked = new WeakMap<Services, Map<string, Promise<AskedLog>>>();

function askedLog(services: Services, organisationId: string, processId: string): Promise<AskedLog> {
  const own = looked.get(services) ?? new Map<string, Promise<AskedLog>>();
  looked.set(services, own);
  const key = `${organisationId}/${processId}`;
  const known = own.get(key);
  if (known) return known;
  const found = lookUp(services, organisationId, processId);
  own.set(key, found);
  setTimeout(() => own.delete(key), SHARED_MS).unref();
  return found;
}

/** The latest events of a process, with the description that stands beside them. */
async function lookUp(services: Services, organisationId: string, processId: string): Promise<AskedLog> {
  const { db } = services.database;
  const [process, logs, description, organisation] = await Promise.all([
    processIn(services, organisationId, processId),
    latestLogs(db, organisationId, processId),
    descriptionOf(db, organisationId, processId),
    organisationOf(db, organisationId),
  ]);
  const events = logs
    .filter(({ kind }) => kind === "events")
    .sort((a, b) => b.made_at.getTime() - a.made_at.getTime())[0];
  if (!events)
    throw new Problem(
      409,
      "no-events",
      `${process.name} has no events yet. Import an export of the system: case, activity, time.`,
    );
  return {
    name: process.name,
    log: { id: events.id, blob: events.blob },
    records: logs
      .filter(({ kind }) => kind === "records")
      .map(({ blob, file, import_name: name, tag: label, options }) => ({
        blob,
        file,
        name,
        tag: label,
        options,
      })),
    description: description && {
      number: description.number,
      content: description.content,
    },
    calendar: process.settings.calendar,
    approvals: process.settings.approvals,
    zone: process.settings.timeZone ?? organisation?.settings.timeZone ?? "UTC",
  };
}

/**
 * What a view says of the latest events of a process, whole; as the pages are told it. Throws 409 where there
 * are none.
 */
export async function askView<T>(
  services: Services,
  organisationId: string,
  processId: string,
  view: string,
  query: object,
  signal: AbortSignal,
): Promise<T> {
  const of = await askedLog(services, organisationId, processId);
  const task = { kind: "view", of, view, query, filter: {}, pseudonymKey: null } as const;
  return (await services.explorer.read(organisationId, task, signal)) as T;
}

/** The filter with the cases behind the finding or claim that it names. */
async function resolved(
  { database, blobs }: Services,
  organisationId: string,
  processId: string,
  { finding, claim, readiness, question, ...rest }: z.output<typeof filterSchema>,
): Promise<ResolvedFilter> {
  let cases: string[] | undefined;
  if (finding !== undefined) {
    const row = await findingOf(database.db, organisationId, processId, finding);
    if (!row) throw notThere("finding");
    const blob = await folderOf(database.db, row.last_audit);
    cases = (await readAuditFile(blobs, blob, auditFiles.finding(row.id))).caseIds;
  }
  if (claim !== undefined) {
    const row = await claimOf(database.db, organisationId, processId, claim);
    if (!row) throw notThere("claim");
    const against = await casesAgainst({ database, blobs }, row);
    const both = new Set(against);
    cases = cases ? cases.filter((id) => both.has(id)) : against;
  }
  if (readiness !== undefined) {
    const audit = await auditOf(database.db, organisationId, processId);
    const against = audit && (await findAuditFile(blobs, audit.blob, auditFiles.readinessCases(readiness)));
    if (!against) throw notThere("claim");
    const both = new Set(against);
    cases = cases ? cases.filter((id) => both.has(id)) : against;
  }
  if (question !== undefined) {
    const audit = await auditOf(database.db, organisationId, processId);
    if (!audit) throw notThere("audit");
    const document = await documentOf({ blobs }, audit.blob);
    const against = document.questions.find(({ number }) => number === question)?.claim.caseIds ?? [];
    const both = new Set(against);
    cases = cases ? cases.filter((id) => both.has(id)) : against;
  }
  return { ...rest, ...(cases ? { cases } : {}) };
}

/** All cases that speak against a claim. */
async function casesAgainst(
  { database, blobs }: Pick<Services, "database" | "blobs">,
  { id, last_audit: audit, content }: NonNullable<Awaited<ReturnType<typeof claimOf>>>,
): Promise<string[]> {
  // of an audit before 0009 they lie under the id that the claim had then
  const { caseIds, filedAs = id } = content;
  if (caseIds.length < CLAIM_CASES) return caseIds;
  const blob = await folderOf(database.db, audit);
  return (await findAuditFile(blobs, blob, auditFiles.claimCases(filedAs))) ?? caseIds;
}

const viewRoutes = views.map((view) =>
  route({
    method: "get",
    path: `/organisations/{org}/processes/{process}/${view.id}`,
    access: { right: "see processes" },
    tag,
    summary: view.question,
    params: ofProcess({}),
    query: view.query.extend({ filter }),
    answers: { 200: view.answer },
    async handle({ services, member, params, query, request }) {
      const { organisationId, role } = member;
      const of = await askedLog(services, organisationId, params.process);
      const { filter: asked, ...rest } = query as { filter: z.output<typeof filterSchema> };
      const outsider = !seesCaseIds(role);
      if (outsider && (asked.id !== undefined || asked.values !== undefined))
        throw new Problem(
          403,
          "not-for-outsiders",
          "An assessor does not search by ids and values of cases.",
        );
      const pseudonymKey = outsider ? await pseudonymKeyOf(services.database.db, organisationId) : null;
      const narrowed = await resolved(services, organisationId, params.process, asked);
      // a log never changes: what was answered once holds as long as log, description and question are the
      // same
      const tagged = createHash("sha256")
        .update(JSON.stringify([of, view.id, rest, narrowed, outsider]))
        .digest("base64url")
        .slice(0, 22);
      const headers = { etag: `W/"${tagged}"`, "cache-control": "private, no-cache" };
      if (request.headers.get("if-none-match") === headers.etag)
        return new Response(null, { status: 304, headers });
      const json = await services.explorer.ask(
        organisationId,
        { kind: "view", of, view: view.id, query: rest, filter: narrowed, pseudonymKey },
        request.signal,
        view.urgent,
      );
      return new Response(json, { headers: { ...headers, "content-type": "application/json" } });
    },
  }),
);

export const explorationRoutes = [
  ...viewRoutes,
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/names",
    access: { right: "see names" },
    tag,
    summary: "Who the numbers of people are in the latest events; each look-up is logged",
    params: ofProcess({}),
    query: z.object({
      people: z
        .string()
        .regex(/^\d{1,9}(,\d{1,9}){0,199}$/, "expected up to 200 numbers of people, like 3,17")
        .transform((text) => text.split(",").map(Number)),
    }),
    answers: { 200: z.object({ people: z.record(z.string(), z.string()) }) },
    async handle({ services, member, params, query, request }) {
      const { organisationId } = member;
      const of = await askedLog(services, organisationId, params.process);
      const named = await services.explorer.read(
        organisationId,
        { kind: "names", of, people: query.people },
        request.signal,
      );
      await act(services, member, "look at names in a log", async () => ({
        about: of.log.id,
        details: { people: query.people.length, processId: params.process },
      }));
      return named;
    },
  }),
];
