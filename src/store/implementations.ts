import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Requirement } from "../audit/requirement.ts";
import { jsonText, type MadeAt, type MadeJson, type Maybe, type Version } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** What of a process an implementation touches: these steps, or with none named, the whole of it. */
export interface Touched {
  processId: string;
  steps: string[];
}

/** What a tool needs of one process that it touches. */
export type Required = Requirement & { processId: string };

/** A tool or rollout, planned or already paid for. */
export interface ImplementationTable {
  id: string;
  organisation_id: string;
  name: string;
  tool: Maybe<string>;
  state: "planned" | "in use";
  /** when it goes live, or went */
  starts_on: Maybe<string>;
  cost_per_month: Maybe<number>;
  currency: Maybe<string>;
  touches: MadeJson<Touched[]>;
  note: Maybe<string>;
  /** what it needs of the processes, as a form says it */
  requires: MadeJson<Required[]>;
  /** what its requirements document says, as text */
  document: Maybe<string>;
  version: Version;
  made_by: string;
  made_at: MadeAt;
}

/** What people say of one. */
export interface SaidImplementation {
  name: string;
  tool: string | null;
  state: "planned" | "in use";
  startsOn: string | null;
  costPerMonth: number | null;
  currency: string | null;
  touches: Touched[];
  note: string | null;
  requires: Required[];
  document: string | null;
}

const columnsOf = (said: SaidImplementation) => ({
  name: said.name,
  tool: said.tool,
  state: said.state,
  starts_on: said.startsOn,
  cost_per_month: said.costPerMonth,
  currency: said.currency,
  touches: jsonText(said.touches),
  note: said.note,
  requires: jsonText(said.requires),
  document: said.document,
});

/** Adds one; returns its id. */
export async function addImplementation(
  trx: Trx,
  organisationId: string,
  madeBy: string,
  said: SaidImplementation,
): Promise<string> {
  const id = randomUUID();
  await trx
    .insertInto("implementation")
    .values({ id, organisation_id: organisationId, made_by: madeBy, ...columnsOf(said) })
    .execute();
  return id;
}

/** All of an organisation, the next to go live first. */
export const implementationsOf = (db: Reader, organisationId: string) =>
  db
    .selectFrom("implementation")
    .selectAll()
    // a date as it is written, whatever the clock of this machine
    .select(sql<string | null>`to_char(starts_on, 'YYYY-MM-DD')`.as("starts_on"))
    .where("organisation_id", "=", organisationId)
    .orderBy("state")
    .orderBy("implementation.starts_on")
    .orderBy("name")
    .orderBy("id")
    .execute();

/** One of an organisation. */
export const implementationOf = async (db: Reader, organisationId: string, id: string) =>
  (await implementationsOf(db, organisationId)).find((one) => one.id === id);

/** Changes one that is at `version`; false when somebody else changed or removed it in between. */
export async function changeImplementation(
  trx: Trx,
  organisationId: string,
  id: string,
  version: number,
  said: SaidImplementation,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("implementation")
    .set((eb) => ({ ...columnsOf(said), version: eb("version", "+", 1) }))
    .where("organisation_id", "=", organisationId)
    .where("id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Removes one with its gaps, promises and notes; false when it is not there. */
export async function removeImplementation(trx: Trx, organisationId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom("implementation")
    .where("organisation_id", "=", organisationId)
    .where("id", "=", id)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}
