import { randomUUID } from "node:crypto";
import type { Insertable } from "kysely";
import type { At, Maybe } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/**
 * What somebody noted in their own name about an implementation or one of its gaps; and when people met about
 * it. Never changed, never removed.
 */
export interface GapNoteTable {
  id: string;
  organisation_id: string;
  implementation_id: string;
  gap_id: Maybe<string>;
  kind: "note" | "meeting";
  text: string;
  made_by: string;
  made_by_name: string;
  made_at: At;
}

/** Adds one; returns its id. */
export async function addGapNote(trx: Trx, note: Omit<Insertable<GapNoteTable>, "id">): Promise<string> {
  const id = randomUUID();
  await trx
    .insertInto("gap_note")
    .values({ id, ...note })
    .execute();
  return id;
}

/** All of an implementation, newest first. */
export const gapNotesOf = (db: Reader, organisationId: string, implementationId: string) =>
  db
    .selectFrom("gap_note")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("implementation_id", "=", implementationId)
    .orderBy("made_at", "desc")
    .orderBy("id")
    .execute();
