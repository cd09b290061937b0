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

/** A recurring piece of work, with its evidence and audits. */
export interface ProcessTable {
  id: string;
  organisation_id: string;
  name: string;
  settings: MadeJson<ProcessSettings>;
  version: Version;
  created_at: MadeAt;
}

/** Adds one; returns its id. A name that the organisation has already is an error of the database. */
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

/** One of an organisation; undefined where there is none. */
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

/** The names of an organisation's processes, in their order. */
export const processNames = (db: Reader, organisationId: string) =>
  db
    .selectFrom("process")
    .select(["id", "name"])
    .where("organisation_id", "=", organisationId)
    .orderBy("name")
    .execute();

/**
 * Processes by name with their last audit: those after a place of the list, one more than `limit`, which says
 * whether there are more.
 */
export const processesPage = (
  db: Reader,
  organisationId: string,
  after: [name: string, id: string] | undefined,
  limit: number,
) =>
  db
    .selectFrom("process")
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom("audit")
          .select(["audit.id as audit_id", "audit.at", "audit.headline"])
          .whereRef("audit.process_id", "=", "process.id")
          .orderBy("audit.at", "desc")
          .limit(1)
          .as("last"),
      (join) => join.onTrue(),
    )
    .select([
      "process.id",
      "process.name",
      "process.created_at",
      "last.audit_id",
      "last.at as audit_at",
      "last.headline",
    ])
    .where("process.organisation_id", "=", organisationId)
    .$if(after !== undefined, (q) =>
      q.where((eb) => eb(eb.refTuple("process.name", "process.id"), ">", eb.tuple(after![0], after![1]))),
    )
    .orderBy("process.name")
    .orderBy("process.id")
    .limit(limit + 1)
    .execute();

/** Whoever changes what is latest of a process does so one after the other. */
export async function lockProcess(trx: Trx, processId: string): Promise<void> {
  await trx.selectFrom("process").select("id").where("id", "=", processId).forUpdate().execute();
}

/**
 * Takes a process out of the database with all that belongs to it; returns its name, undefined when there is
 * none.
 */
export async function removeProcessRow(
  trx: Trx,
  organisationId: string,
  processId: string,
): Promise<string | undefined> {
  const removed = await trx
    .deleteFrom("process")
    .where("organisation_id", "=", organisationId)
    .where("id", "=", processId)
    .returning("name")
    .executeTakeFirst();
  return removed?.name;
}

/** The name of a process; undefined when it is not there, or is another organisation's. */
export async function processName(
  db: Reader,
  organisationId: string,
  id: string,
): Promise<string | undefined> {
  const process = await db
    .selectFrom("process")
    .select("name")
    .where("organisation_id", "=", organisationId)
    .where("id", "=", id)
    .executeTakeFirst();
  return process?.name;
}
