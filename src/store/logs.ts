import type { ColumnType } from "kysely";
import type { Json, MadeAt, Maybe } from "./columns.ts";
import type { Reader } from "./database.ts";

/** An import that was read: of events, the columns as a blob; of records, the file as it came. */
export interface LogTable {
  id: string;
  organisation_id: string;
  process_id: string;
  import_id: string;
  upload_id: string;
  file: string;
  /** reading options, as the file was read */
  options: Json<Record<string, string | boolean>>;
  blob: string;
  bytes: number;
  summary: Json<Record<string, unknown>>;
  /** how many rows were read, kept and rejected, in words; like `notes` it quotes nothing of the file */
  account: string;
  notes: Json<string[]>;
  /** both with the values that they quote, for those who may add evidence */
  quoting: ColumnType<{ account: string; notes: string[] } | null, string | null | undefined, string | null>;
  /** rejected rows as CSV, where there are any */
  rejected_blob: Maybe<string>;
  made_at: MadeAt;
}

/** The latest log of each import of a process. */
export const latestLogs = (db: Reader, organisationId: string, processId: string) =>
  db
    .selectFrom("log")
    .innerJoin("import", "import.id", "log.import_id")
    .selectAll("log")
    .select(["import.kind", "import.name as import_name", "import.tag"])
    .distinctOn("log.import_id")
    .where("log.organisation_id", "=", organisationId)
    .where("log.process_id", "=", processId)
    .orderBy("log.import_id")
    .orderBy("log.made_at", "desc")
    .orderBy("log.id")
    .execute();
