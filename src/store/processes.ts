import { randomUUID } from "node:crypto";
import type { GivenCalendar } from "../eventlog/given-calendar.ts";
import type { MadeAt, MadeJson, Version } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** What is set for one process. */
export interface ProcessSettings {
  timeZone?: string;
  /** when work is done; learned from the events where not given */
  calendar?: GivenCalendar;
  /** activities that are approvals; found by name where not given */
  approvals?: string[];
  /** changed thresholds, by detector id and option */
  thresholds?: Record<string, Record<string, number>>;
  /** working days that a remedy takes here, by its id, where somebody said so */
  remedyDays?: Record<string, number>;
}

export interface ProcessTable {
  id: string;
  organisation_id: string;
  name: string;
  settings: MadeJson<ProcessSettings>;
  version: Version;
  created_at: MadeAt;
}

export async function addProcess(
  trx: Trx,
  organisationId: string,
  name: string,
  settings: ProcessSettings = {},
): Promise<string> {
  const id = randomUUID();
  await trx
    .insertInto("process")
    .values({ id, organisation_id: organisationId, name, settings: JSON.stringify(settings) })
    .execute();
  return id;
}

export const processOf = (db: Reader, organisationId: string, id: string) =>
  db
    .selectFrom("process")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("id", "=", id)
    .executeTakeFirst();

/** Changes a process that is at `version`; false when somebody else changed it in between. */
export async function changeProcess(
  trx: Trx,
  organisationId: string,
  id: string,
  version: number,
  change: { name?: string; settings?: ProcessSettings },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("process")
    .set((eb) => ({
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.settings === undefined ? {} : { settings: JSON.stringify(change.settings) }),
      version: eb("version", "+", 1),
    }))
    .where("organisation_id", "=", organisationId)
    .where("id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
