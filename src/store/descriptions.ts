import { randomUUID } from "node:crypto";
import type { Description } from "../description/description.ts";
import { jsonText, type Json, type MadeAt, type Maybe, type MaybeAt } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";
import { lockProcess } from "./processes.ts";

/** One version of what people say a process is. Never changed, but for its signature. */
export interface DescriptionTable {
  id: string;
  organisation_id: string;
  process_id: string;
  /** version, from 1 */
  number: number;
  /** as it was written: YAML or BPMN */
  text: string;
  content: Json<Description>;
  made_by: string;
  made_at: MadeAt;
  signed_by: Maybe<string>;
  signed_at: MaybeAt;
}

/** Adds the next version; its number is the last one's plus one. */
export async function addDescription(
  trx: Trx,
  version: { organisationId: string; processId: string; text: string; content: Description; madeBy: string },
): Promise<number> {
  // whoever adds at the same time waits here for the process
  await lockProcess(trx, version.processId);
  const { last } = await trx
    .selectFrom("description")
    .select((eb) => eb.fn.max("number").as("last"))
    .where("process_id", "=", version.processId)
    .executeTakeFirstOrThrow();
  const number = (last ?? 0) + 1;
  await trx
    .insertInto("description")
    .values({
      id: randomUUID(),
      organisation_id: version.organisationId,
      process_id: version.processId,
      number,
      text: version.text,
      content: jsonText(version.content),
      made_by: version.madeBy,
    })
    .execute();
  return number;
}

/** The versions of a process, newest first, without what they say. */
export const descriptionsOf = (db: Reader, organisationId: string, processId: string) =>
  db
    .selectFrom("description")
    .select(["number", "made_by", "made_at", "signed_by", "signed_at"])
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .orderBy("number", "desc")
    .execute();

/** One version of a description, or the latest. */
export const descriptionOf = (db: Reader, organisationId: string, processId: string, number?: number) =>
  db
    .selectFrom("description")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .$if(number !== undefined, (query) => query.where("number", "=", number!))
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();

/** Signs a version; false when it was signed before. */
export async function signDescription(trx: Trx, id: string, by: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("description")
    .set({ signed_by: by, signed_at: at })
    .where("id", "=", id)
    .where("signed_by", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Whether a person answers for a version: who wrote it or signed it, and no program with a token. */
export const isSaidByPeople = ({ made_by, signed_by }: { made_by: string; signed_by: string | null }) =>
  signed_by !== null || !made_by.startsWith("token:");
