import { randomUUID } from "node:crypto";
import type { Insertable } from "kysely";
import type { At } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** What an assessor may say of an inventory. */
export const JUDGEMENTS = ["agrees", "agrees with reservations", "does not agree"] as const;

/**
 * What an outside assessor made of an inventory as it was then; the hash says which. Never changed, never
 * removed.
 */
export interface CountersignatureTable {
  id: string;
  organisation_id: string;
  implementation_id: string;
  judgement: (typeof JUDGEMENTS)[number];
  note: string;
  inventory_hash: string;
  made_by: string;
  made_by_name: string;
  made_at: At;
}

/** Adds one; returns its id. */
export async function addCountersignature(
  trx: Trx,
  signature: Omit<Insertable<CountersignatureTable>, "id">,
): Promise<string> {
  const id = randomUUID();
  await trx
    .insertInto("countersignature")
    .values({ id, ...signature })
    .execute();
  return id;
}

/** All of an implementation, newest first. */
export const countersignaturesOf = (db: Reader, organisationId: string, implementationId: string) =>
  db
    .selectFrom("countersignature")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("implementation_id", "=", implementationId)
    .orderBy("made_at", "desc")
    .orderBy("id")
    .execute();
