import type { MeasureId } from "../outcomes/measures/index.ts";
import { randomUUID } from "node:crypto";
import { jsonText, type At, type Json, type MaybeAt } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** What was promised of an implementation, registered before the fact. */
export interface Promised {
  /** what is counted or measured: "hours a month on matching" */
  metric: string;
  direction: "less" | "more";
  /** what of the steps it touches is measured week by week; null or missing where it is something else */
  measure?: MeasureId | null;
  /** by how much, in the unit; null where nobody said */
  size: number | null;
  unit: string | null;
  /** the day on which it is to be looked at */
  by: string;
  /** what it is compared with: "the same months a year before" */
  comparison: string;
}

/** Never changed, and never removed: a promise that no longer counts is withdrawn, and that is seen. */
export interface PromiseTable {
  id: string;
  organisation_id: string;
  implementation_id: string;
  content: Json<Promised>;
  made_by: string;
  made_by_name: string;
  made_at: At;
  withdrawn_at: MaybeAt;
}

/** Adds one; returns its id. */
export async function addPromise(
  trx: Trx,
  about: {
    organisation_id: string;
    implementation_id: string;
    made_by: string;
    made_by_name: string;
    made_at: Date;
  },
  content: Promised,
): Promise<string> {
  const id = randomUUID();
  await trx
    .insertInto("promise")
    .values({ id, ...about, content: jsonText(content) })
    .execute();
  return id;
}

/** All of an implementation in the order in which they were made. */
export const promisesOf = (db: Reader, organisationId: string, implementationId: string) =>
  db
    .selectFrom("promise")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("implementation_id", "=", implementationId)
    .orderBy("made_at")
    .orderBy("id")
    .execute();

/** Withdraws one that still counts; false when it does not. */
export async function withdrawPromise(
  trx: Trx,
  organisationId: string,
  implementationId: string,
  id: string,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("promise")
    .set({ withdrawn_at: now })
    .where("organisation_id", "=", organisationId)
    .where("implementation_id", "=", implementationId)
    .where("id", "=", id)
    .where("withdrawn_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
