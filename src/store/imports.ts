import { randomUUID } from "node:crypto";
import type { ColumnType } from "kysely";
import type { MadeJson, MadeAt, Version } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** Where evidence of a process comes from: a kind of export, read each time in the same way. */
export interface ImportTable {
  id: string;
  organisation_id: string;
  process_id: string;
  kind: "events" | "records";
  /** of records: invoices, vendors …; of events: any name */
  name: string;
  /** which version of the truth, where two tables of one name are compared */
  tag: ColumnType<string, string | undefined, string>;
  /** reading options, as on the command line */
  options: MadeJson<Record<string, string | boolean>>;
  version: Version;
  created_at: MadeAt;
}

/** All of a process, the oldest first. */
export const importsOf = (db: Reader, organisationId: string, processId: string) =>
  db
    .selectFrom("import")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();

/** One of an organisation; undefined where there is none. */
export const importOf = (db: Reader, organisationId: string, id: string) =>
  db
    .selectFrom("import")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("id", "=", id)
    .executeTakeFirst();

/**
 * The import of a process with this kind, name and tag, made where there is none; its reading options become
 * these, where any are said. Returns its id.
 */
export async function keepImport(
  trx: Trx,
  about: { organisationId: string; processId: string; kind: "events" | "records"; name: string; tag: string },
  options: Record<string, string | boolean> = {},
): Promise<string> {
  const { id } = await trx
    .insertInto("import")
    .values({
      id: randomUUID(),
      organisation_id: about.organisationId,
      process_id: about.processId,
      kind: about.kind,
      name: about.name,
      tag: about.tag,
      options: JSON.stringify(options),
    })
    .onConflict((conflict) =>
      conflict.columns(["process_id", "kind", "name", "tag"]).doUpdateSet((eb) => ({
        options: eb.ref("excluded.options"),
        version: eb("import.version", "+", 1),
      })),
    )
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}
