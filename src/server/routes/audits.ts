import { createHash } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { htmlReport } from "../../reports/html-report.ts";
import { quotesNothing } from "../../jobs/render-reports.ts";
import { toldDocument } from "../../jobs/told-document.ts";
import { gateAccount } from "../../readiness/gate.ts";
import { asItStands } from "../../readiness/as-it-stands.ts";
import { wordedAudit, wordedHeadline } from "../../wording/worded-audit.ts";
import { readWhole } from "../../store/blobs.ts";
import { act } from "../../store/acts.ts";
import { auditFiles, readAuditFile } from "../../store/audit-files.ts";
import { auditOf, auditsPage } from "../../store/audits.ts";
import { gateOverridesOf } from "../../store/gate-overrides.ts";
import { headlineSchema } from "./audit-schemas.ts";
import type { Services } from "../context.ts";
import { page, pageOf, pageQuery, placeOf } from "../paging.ts";
import { notThere, Problem } from "../problem.ts";
import { ofProcess, processIn } from "./processes.ts";
import { shownTo } from "../pseudonyms.ts";
import { seesCaseIds, type Role } from "../rights.ts";
import { at, id, route } from "../route.ts";

const tag = "audits";
const auditSchema = z.object({
  id,
  at,
  logId: id,
  descriptionNumber: z.int().nullable(),
  headline: headlineSchema,
  reports: z.array(z.string()),
});

/** The document of an audit as a role may see it, in words. */
export async function documentFor({ blobs }: Pick<Services, "blobs">, folder: string, role: Role) {
  const kept = await readAuditFile(blobs, folder, auditFiles.document);
  const { account, document } = toldDocument(kept, seesCaseIds(role));
  return { account, document: wordedAudit(document) };
}

/** What the gate says now, as a role may see it. */
async function gateFor(
  { blobs, now }: Services,
  role: Role,
  overrides: Awaited<ReturnType<typeof gateOverridesOf>>,
  folder: string,
) {
  const judged = await readAuditFile(blobs, folder, auditFiles.readiness);
  const { person, words } = shownTo(role);
  return gateAccount(
    asItStands(judged),
    overrides.map((one) => ({
      ...one,
      made_by_name: person(one.made_by_name),
      reason: words(one.reason),
    })),
    overrides.length === 0 ? null : now(),
  );
}

export const auditRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/audits",
    access: { right: "see processes" },
    tag,
    summary: "Audits of a process, newest first",
    params: ofProcess({}),
    query: pageQuery,
    answers: { 200: pageOf(auditSchema) },
    async handle({ services, member, params, query }) {
      await processIn(services, member.organisationId, params.process);
      const place = placeOf(query.after, z.tuple([z.iso.datetime(), z.uuid()]));
      const rows = await auditsPage(
        services.database.db,
        { organisationId: member.organisationId, processId: params.process },
        place,
        query.limit,
      );
      const { items, next } = page(rows, query.limit, (row) => [row.at.toISOString(), row.id]);
      return {
        items: items.map((row) => ({
          id: row.id,
          at: row.at,
          logId: row.log_id,
          descriptionNumber: row.description_number,
          headline: wordedHeadline(row.headline),
          reports: Object.keys(row.reports),
        })),
        next,
      };
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/processes/{process}/audits",
    access: { right: "run audits" },
    tag,
    summary: "Audit the process as it stands now",
    params: ofProcess({}),
    answers: { 202: z.object({ workId: id }) },
    async handle({ services, member, params }) {
      const { organisationId, who } = member;
      await processIn(services, organisationId, params.process);
      return act(services, member, "want an audit", async (trx) => {
        const workId = await services.queue.enqueue(trx, {
          organisationId,
          processId: params.process,
          kind: "audit",
          input: { because: "asked for" },
          requestedBy: who.actor,
        });
        return { about: params.process, details: { workId }, answer: { workId } };
      });
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/audits/{audit}/document",
    access: { right: "see processes" },
    tag,
    summary: "The whole audit as JSON, as plumbline audit --json writes it; people have pseudonyms",
    params: ofProcess({ audit: id }),
    answers: { 200: "application/json" },
    async handle({ services, member, params }) {
      const audit = await auditOf(services.database.db, member.organisationId, params.process, params.audit);
      if (!audit) throw notThere("audit");
      const { document } = await documentFor(services, audit.blob, member.role);
      return new Response(JSON.stringify(document), {
        headers: { "content-type": "application/json", "cache-control": "private, no-cache" },
      });
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/audits/{audit}/report.{format}",
    access: { right: "see processes" },
    tag,
    summary: "The report of an audit, as page or PDF",
    params: ofProcess({ audit: id, format: z.enum(["html", "pdf"]) }),
    answers: { 200: "text/html" },
    async handle({ services, member, params, context }) {
      const audit = await auditOf(services.database.db, member.organisationId, params.process, params.audit);
      if (!audit) throw notThere("audit");
      const key = audit.reports[params.format];
      if (!key)
        throw new Problem(
          409,
          "not-drawn-yet",
          "The report is still being drawn. Ask again in some seconds.",
          {
            headers: { "retry-after": "3" },
          },
        );
      // what has changed since it was drawn, or must not be seen, is drawn anew: who let steps pass, and
      // names
      const overrides = await gateOverridesOf(services.database.db, member.organisationId, params.process);
      let content: Uint8Array;
      if (seesCaseIds(member.role) && overrides.length === 0 && quotesNothing(key))
        content = await readWhole(services.blobs, key);
      else {
        const { document, account } = await documentFor(services, audit.blob, member.role);
        const gate = await gateFor(services, member.role, overrides, audit.blob);
        content =
          params.format === "pdf"
            ? (await import("../../reports/pdf-report.ts")).pdfReport(document, account, gate)
            : Buffer.from(htmlReport(document, account, gate));
      }
      if (params.format === "html")
        context.set("csp" as never, policyOf(Buffer.from(content).toString()) as never);
      return new Response(new Uint8Array(content), {
        headers: {
          "content-type": params.format === "pdf" ? "application/pdf" : "text/html; charset=utf-8",
          "content-disposition": `inline; filename="plumbline-audit.${params.format}"`,
          "cache-control": "private, no-cache",
        },
      });
    },
  }),
];

/**
 * A policy under which a page that brings its own styles and scripts runs these, by their hashes, and nothing
 * else.
 */
function policyOf(html: string): string {
  const hashes = (element: string) =>
    [...html.matchAll(new RegExp(`<${element}[^>]*>([\\s\\S]*?)</${element}>`, "g"))]
      .map(([, content]) => `'sha256-${createHash("sha256").update(content).digest("base64")}'`)
      .join(" ") || "'none'";
  return `default-src 'none'; style-src ${hashes("style")}; script-src ${hashes("script")}; img-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'`;
}
