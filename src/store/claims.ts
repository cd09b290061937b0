import type { Claim, ClaimVerdict } from "../audit/claims.ts";
import { latestAudit } from "./audits.ts";
import { jsonText, type At, type Json, type Maybe } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/**
 * A claim with the cases against it, as it is kept. `filedAs` is the id under which its cases were filed,
 * where the version before 0009 filed them.
 */
export type KeptClaim = Claim & { filedAs?: string };

/** A claim of a process, as last judged. */
export interface ClaimTable {
  organisation_id: string;
  process_id: string;
  id: string;
  rank: number;
  /** with the first of the cases against it; where there are more, all are a file of the audit */
  content: Json<KeptClaim>;
  verdict: ClaimVerdict;
  last_audit: string;
}

/** How a claim was judged in one audit: its history. */
export interface ClaimVerdictTable {
  process_id: string;
  claim_id: string;
  audit_id: string;
  at: At;
  verdict: ClaimVerdict;
  n: Maybe<number>;
  against: Maybe<number>;
  estimate: Maybe<number>;
}

/** One claim of a process. */
export const claimOf = (db: Reader, organisationId: string, processId: string, claimId: string) =>
  db
    .selectFrom("claim")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .where("id", "=", claimId)
    .executeTakeFirst();

/** The verdicts of a claim, oldest first. */
export const historyOf = (db: Reader, processId: string, claimId: string) =>
  db
    .selectFrom("claim_verdict")
    .select(["audit_id", "at", "verdict", "n", "against", "estimate"])
    .where("process_id", "=", processId)
    .where("claim_id", "=", claimId)
    .orderBy("at")
    .execute();

/**
 * Claims of the last audit of a process in its order: those after a place of the list, one more than `limit`,
 * which says whether there are more.
 */
export const claimsPage = (
  db: Reader,
  about: { organisationId: string; processId: string; verdict?: ClaimVerdict },
  after: [rank: number, id: string] | undefined,
  limit: number,
) =>
  db
    .selectFrom("claim")
    .selectAll()
    .where("organisation_id", "=", about.organisationId)
    .where("process_id", "=", about.processId)
    .where("last_audit", "=", latestAudit(db, about.processId))
    .$if(about.verdict !== undefined, (q) => q.where("verdict", "=", about.verdict!))
    .$if(after !== undefined, (q) =>
      q.where((eb) => eb(eb.refTuple("rank", "id"), ">", eb.tuple(after![0], after![1]))),
    )
    .orderBy("rank")
    .orderBy("id")
    .limit(limit + 1)
    .execute();

/** Keeps how an audit judged the claims of a process, and adds it to their histories. */
export async function keepClaims(
  trx: Trx,
  about: { organisationId: string; processId: string; auditId: string; at: string },
  claims: readonly Claim[],
): Promise<void> {
  const once = [...new Map(claims.map((claim, rank) => [claim.id, { ...claim, rank }])).values()];
  once.sort((a, b) => (a.id < b.id ? -1 : 1)); // always in one order, so that two writers never wait for one another
  for (let i = 0; i < once.length; i += 200) {
    const part = once.slice(i, i + 200);
    await trx
      .insertInto("claim")
      .values(
        part.map(({ rank, ...claim }) => ({
          organisation_id: about.organisationId,
          process_id: about.processId,
          id: claim.id,
          rank,
          content: jsonText(claim),
          verdict: claim.verdict,
          last_audit: about.auditId,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(["process_id", "id"]).doUpdateSet((eb) => ({
          rank: eb.ref("excluded.rank"),
          content: eb.ref("excluded.content"),
          verdict: eb.ref("excluded.verdict"),
          last_audit: eb.ref("excluded.last_audit"),
        })),
      )
      .execute();
    await trx
      .insertInto("claim_verdict")
      .values(
        part.map(({ id, verdict, n, against, estimate }) => ({
          process_id: about.processId,
          claim_id: id,
          audit_id: about.auditId,
          at: about.at,
          verdict,
          n,
          against,
          estimate,
        })),
      )
      .execute();
  }
}
