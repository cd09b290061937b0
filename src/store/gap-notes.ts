import { randomUUID } from "node:crypto";
import type { Insertable } from "kysely";
import type { At, Maybe } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** What was decided about an implementation, by whom and when; and when people met about it. Never changed, never removed. */
export interface ImplementationDecisionTable {
  id: string;
  organisation_id: string;
  implementation_id: string;
  gap_id: Maybe<string>;
  kind: "decision" | "meeting";
  text: string;
  made_by: string;
  made_by_name: string;
  made_at: At;
}

export async function addDecision(
  trx: Trx,
  decision: Omit<Insertable<ImplementationDecisionTable>, "id">,
): Promise<string> {
  const id = randomUUID();
  await trx
    .insertInto("implementation_decision")
    .values({ id, ...decision })
    .execute();
  return id;
}

/** All of an implementation, newest first. */
export const decisionsOf = (db: Reader, organisationId: string, implementationId: string) =>
  db
    .selectFrom("implementation_decision")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("implementation_id", "=", implementationId)
    .orderBy("made_at", "desc")
    .orderBy("id")
    .execute();
