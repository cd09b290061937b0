import type { Generated } from "kysely";
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
