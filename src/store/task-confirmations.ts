import { randomUUID } from "node:crypto";
import type { Insertable } from "kysely";
import { jsonText, type At, type Json, type Maybe } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/**
 * Somebody said in their own name what kind of task a step is, and whether a wrong one can be undone. Never
 * changed and never removed; of each step the latest counts, and one that says nothing takes back what was
 * said.
 */
export interface TaskConfirmationTable {
  id: string;
  organisation_id: string;
  process_id: string;
  step: string;
  /** of the evidence, that were this step when it was said: of others nothing was */
  activities: Json<string[]>;
  task: Maybe<string>;
  undo: Maybe<string>;
  made_by: string;
  /** the name of who did it, as it was then */
  made_by_name: string;
  made_at: At;
}

/** Adds one; returns its id. */
export async function addTaskConfirmation(
  trx: Trx,
  {
    activities,
    ...confirmation
  }: Omit<Insertable<TaskConfirmationTable>, "id" | "activities"> & {
    activities: string[];
  },
): Promise<string> {
  const id = randomUUID();
  await trx
    .insertInto("task_confirmation")
    .values({ id, activities: jsonText(activities), ...confirmation })
    .execute();
  return id;
}

/** The latest of each step of a process. */
export const taskConfirmationsOf = (db: Reader, organisationId: string, processId: string) =>
  db
    .selectFrom("task_confirmation")
    .selectAll()
    .distinctOn("step")
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .orderBy("step")
    .orderBy("made_at", "desc")
    .orderBy("id")
    .execute();
