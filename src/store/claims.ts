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

/** The verdicts of a claim, oldest first. */
/** One claim of a process. */
export const claimOf = (db: Reader, organisationId: string, processId: string, claimId: string) =>
  db
    .selectFrom("claim")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .where("id", "=", claimId)
    .executeTakeFirst();

export const historyOf = (db: Reader, processId: string, claimId: string) =>
  db
    .selectFrom("claim_verdict")
    .select(["audit_id", "at", "verdict", "n", "against", "estimate"])
    .where("process_id", "=", processId)
    .where("claim_id", "=", claimId)
    .orderBy("at")
    .execute();
