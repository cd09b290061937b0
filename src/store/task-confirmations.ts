import { randomUUID } from "node:crypto";
import type { Insertable } from "kysely";
import type { At, Maybe } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** Somebody said in their own name what kind of task a step is, and whether a wrong one can be undone. Never changed and never removed; of each step the latest counts, and one that says nothing takes back what was said. */
export interface TaskConfirmationTable {
  id: string;
  organisation_id: string;
  process_id: string;
  step: string;
  task: Maybe<string>;
  undo: Maybe<string>;
  made_by: string;
  /** the name of who did it, as it was then */
  made_by_name: string;
  made_at: At;
}

export async function addTaskConfirmation(
  trx: Trx,
  confirmation: Omit<Insertable<TaskConfirmationTable>, "id">,
): Promise<string> {
  const id = randomUUID();
  await trx
    .insertInto("task_confirmation")
    .values({ id, ...confirmation })
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
