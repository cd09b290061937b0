import type { Generated } from "kysely";
import { latestAudit } from "./audits.ts";
import type { Json, Maybe, Version } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

export type FindingState = "open" | "accepted" | "fixed" | "false alarm";

/** A finding of a process through its audits: what was last seen of it, and what people made of it. Its cases are a blob of the audit. */
export interface FindingTable {
  organisation_id: string;
  process_id: string;
  id: string;
  detector: string;
  subject: string;
  content: Json<Record<string, unknown>>;
  kind: Maybe<string>;
  currency: Maybe<string>;
  money: Maybe<number>;
  /** place in the last audit's order */
  rank: number;
  state: Generated<FindingState>;
  owner: Maybe<string>;
  remedy: Maybe<string>;
  version: Version;
  first_audit: string;
  last_audit: string;
}

export const findingOf = (db: Reader, organisationId: string, processId: string, id: string) =>
  db
    .selectFrom("finding")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .where("id", "=", id)
    .executeTakeFirst();

/** Changes what people say of a finding that is at `version`; false when somebody else changed it in between. */
export async function changeFinding(
  trx: Trx,
  organisationId: string,
  processId: string,
  id: string,
  version: number,
  change: { state?: FindingState; owner?: string | null; remedy?: string | null },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("finding")
    .set((eb) => ({ ...change, version: eb("version", "+", 1) }))
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .where("id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Sets the state of a finding, whatever others have changed of it meanwhile. */
export async function setFindingState(
  trx: Trx,
  processId: string,
  id: string,
  state: FindingState,
): Promise<void> {
  await trx
    .updateTable("finding")
    .set((eb) => ({ state, version: eb("version", "+", 1) }))
    .where("process_id", "=", processId)
    .where("id", "=", id)
    .execute();
}

/** Findings of a process in the order of its last audit, by default those that it saw: those after a place of the list, one more than `limit`, which says whether there are more. */
export const findingsPage = (
  db: Reader,
  about: { organisationId: string; processId: string; state?: FindingState; detector?: string },
  after: [rank: number, id: string] | undefined,
  limit: number,
) =>
  db
    .selectFrom("finding")
    .selectAll()
    .where("organisation_id", "=", about.organisationId)
    .where("process_id", "=", about.processId)
    .$if(about.state === undefined, (q) => q.where("last_audit", "=", latestAudit(db, about.processId)))
    .$if(about.state !== undefined, (q) => q.where("state", "=", about.state!))
    .$if(about.detector !== undefined, (q) => q.where("detector", "=", about.detector!))
    .$if(after !== undefined, (q) =>
      q.where((eb) => eb(eb.refTuple("rank", "id"), ">", eb.tuple(after![0], after![1]))),
    )
    .orderBy("rank")
    .orderBy("id")
    .limit(limit + 1)
    .execute();
