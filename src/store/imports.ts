import type { ColumnType } from "kysely";
import type { MadeJson, MadeAt, Version } from "./columns.ts";
import type { Reader } from "./database.ts";

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

export const importsOf = (db: Reader, organisationId: string, processId: string) =>
  db
    .selectFrom("import")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();

export const importOf = (db: Reader, organisationId: string, id: string) =>
  db
    .selectFrom("import")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("id", "=", id)
    .executeTakeFirst();
