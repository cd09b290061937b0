import { latestAudit } from "./audits.ts";
import type { At, Json, Maybe } from "./columns.ts";
import type { Reader } from "./database.ts";

/** A claim of a process, as last judged. */
export interface ClaimTable {
  organisation_id: string;
  process_id: string;
  id: string;
  rank: number;
  content: Json<Record<string, unknown>>;
  verdict: string;
  last_audit: string;
}

/** How a claim was judged in one audit: its history. */
export interface ClaimVerdictTable {
  process_id: string;
  claim_id: string;
  audit_id: string;
  at: At;
  verdict: string;
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

/** Claims of the last audit of a process in its order: those after a place of the list, one more than `limit`, which says whether there are more. */
export const claimsPage = (
  db: Reader,
  about: { organisationId: string; processId: string; verdict?: string },
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
