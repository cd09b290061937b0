import { randomUUID } from "node:crypto";
import type { Insertable } from "kysely";
import type { At, MaybeAt } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/**
 * Somebody let a step pass although it was not ready: who, why, until when. Never changed but for its end,
 * and never removed.
 */
export interface GateOverrideTable {
  id: string;
  organisation_id: string;
  process_id: string;
  step: string;
  reason: string;
  /** what the gate said when it was overridden */
  verdict: string;
  made_by: string;
  /** the name of who did it, as it was then */
  made_by_name: string;
  made_at: At;
  until: At;
  ended_at: MaybeAt;
}

/** Adds one; returns its id. */
export async function addGateOverride(
  trx: Trx,
  override: Omit<Insertable<GateOverrideTable>, "id">,
): Promise<string> {
  const id = randomUUID();
  await trx
    .insertInto("gate_override")
    .values({ id, ...override })
    .execute();
  return id;
}

/** All of a process, newest first; those that hold have neither ended nor run out. */
export const gateOverridesOf = (db: Reader, organisationId: string, processId: string) =>
  db
    .selectFrom("gate_override")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .orderBy("made_at", "desc")
    .orderBy("id")
    .execute();

/** Ends one that still holds; false when it does not. */
export async function endGateOverride(
  trx: Trx,
  organisationId: string,
  processId: string,
  id: string,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("gate_override")
    .set({ ended_at: now })
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .where("id", "=", id)
    .where("ended_at", "is", null)
    .where("until", ">", now)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Those of an organisation that hold at an instant, the first to end first. */
export const overridesThatHold = (db: Reader, organisationId: string, at: Date) =>
  db
    .selectFrom("gate_override")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("ended_at", "is", null)
    .where("until", ">", at)
    .orderBy("until")
    .execute();
