import { z } from "@hono/zod-openapi";
import { withoutSignature } from "../../jobs/told-document.ts";
import type { Claim } from "../../audit/claims.ts";
import { wordedClaim } from "../../wording/worded-audit.ts";
import { claimOf, claimsPage, historyOf } from "../../store/claims.ts";
import { claimContent } from "./audit-schemas.ts";
import { page, pageOf, pageQuery, placeOf } from "../paging.ts";
import { notThere } from "../problem.ts";
import { ofProcess, processIn } from "./processes.ts";
import { pseudonymOf } from "../pseudonyms.ts";
import { seesCaseIds } from "../rights.ts";
import { at, route } from "../route.ts";

const tag = "claims";
const VERDICTS = ["confirmed", "contradicted", "not enough evidence", "not testable here"] as const;
const claimSchema = z.object({
  id: z.string(),
  verdict: z.enum(VERDICTS),
  lastAudit: z.string(),
  content: claimContent,
});

/** What a row holds of a claim, in words. */
const contentOf = (content: object) => {
  const { filedAs: _filed, ...claim } = content as Omit<Claim, "caseIds"> & { filedAs?: string };
  return wordedClaim({ ...claim, saidBy: withoutSignature(claim.saidBy) });
};

export const claimRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/claims",
    access: { right: "see processes" },
    tag,
    summary: "Statements about the process, with the verdict of the last audit; their cases open one by one",
    params: ofProcess({}),
    query: pageQuery.extend({ verdict: z.enum(VERDICTS).optional() }),
    answers: { 200: pageOf(claimSchema) },
    async handle({ services, member, params, query }) {
      await processIn(services, member.organisationId, params.process);
      const place = placeOf(query.after, z.tuple([z.int(), z.string()]));
      const rows = await claimsPage(
        services.database.db,
        { organisationId: member.organisationId, processId: params.process, verdict: query.verdict },
        place,
        query.limit,
      );
      const { items, next } = page(rows, query.limit, (row) => [row.rank, row.id]);
      return {
        items: items.map(
          ({ id, verdict, last_audit: lastAudit, content: { caseIds: _cases, ...content } }) => ({
            id,
            verdict,
            lastAudit,
            content: contentOf(content),
          }),
        ),
        next,
      };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/claims/{claim}",
    access: { right: "see processes" },
    tag,
    summary: "One claim with the cases that speak against it, and how it was judged before",
    params: ofProcess({ claim: z.string().min(1).max(80) }),
    answers: {
      200: claimSchema.extend({
        history: z.array(
          z.object({
            auditId: z.string(),
            at,
            verdict: z.string(),
            n: z.number().nullable(),
            against: z.number().nullable(),
            estimate: z.number().nullable(),
          }),
        ),
      }),
    },
    async handle({ services, member, params }) {
      const { db } = services.database;
      const row = await claimOf(db, member.organisationId, params.process, params.claim);
      if (!row) throw notThere("claim");
      const { caseIds = [], ...rest } = row.content as { caseIds?: string[] };
      const cases = seesCaseIds(member.role)
        ? caseIds
        : caseIds.map(await pseudonymOf(db, member.organisationId));
      const history = await historyOf(db, params.process, params.claim);
      return {
        id: row.id,
        verdict: row.verdict,
        lastAudit: row.last_audit,
        content: { ...contentOf(rest), caseIds: cases },
        history: history.map(({ audit_id: auditId, ...one }) => ({ auditId, ...one })),
      };
    },
  }),
];
