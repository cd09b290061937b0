import type { ColumnType, Insertable } from "kysely";
import type { LogSummary } from "../formats/log-summary.ts";
import type { Json, MadeAt, Maybe } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** What a file of records holds. */
export interface RecordsSummary {
  rows: number;
  columns: { name: string; kind: string }[];
  /** the columns that were recognised, by what they are */
  roles: Record<string, string>;
}

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
  summary: Json<LogSummary | RecordsSummary>;
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

/** Adds what was read of a file. */
export async function addLog(trx: Trx, log: Insertable<LogTable>): Promise<void> {
  await trx.insertInto("log").values(log).execute();
}

/**
 * What was imported of a process, newest first: those after a place of the list, one more than `limit`, which
 * says whether there are more.
 */
export const logsPage = (
  db: Reader,
  about: { organisationId: string; processId: string },
  after: [madeAt: string, id: string] | undefined,
  limit: number,
) =>
  db
    .selectFrom("log")
    .selectAll()
    .where("organisation_id", "=", about.organisationId)
    .where("process_id", "=", about.processId)
    .$if(after !== undefined, (q) =>
      q.where((eb) => eb(eb.refTuple("made_at", "id"), "<", eb.tuple(new Date(after![0]), after![1]))),
    )
    .orderBy("made_at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();

/** The blob of the rows that were not taken; undefined where there is no such log, or all were. */
export async function rejectedBlobOf(
  db: Reader,
  organisationId: string,
  processId: string,
  id: string,
): Promise<string | undefined> {
  const log = await db
    .selectFrom("log")
    .select("rejected_blob")
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .where("id", "=", id)
    .executeTakeFirst();
  return log?.rejected_blob ?? undefined;
}

/** Whether a process has events, which are what an audit needs. */
export async function hasEvents(db: Reader, processId: string): Promise<boolean> {
  const events = await db
    .selectFrom("log")
    .innerJoin("import", "import.id", "log.import_id")
    .select("log.id")
    .where("log.process_id", "=", processId)
    .where("import.kind", "=", "events")
    .limit(1)
    .executeTakeFirst();
  return events !== undefined;
}

/** Removes logs made before an instant that a newer file of the same import has replaced; returns them. */
export const removeReplacedLogs = (trx: Trx, organisationId: string, before: Date) =>
  trx
    .deleteFrom("log")
    .where("organisation_id", "=", organisationId)
    .where("made_at", "<", before)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("log as newer")
          .select("newer.id")
          .whereRef("newer.import_id", "=", "log.import_id")
          .whereRef("newer.made_at", ">", "log.made_at"),
      ),
    )
    .returning(["id", "upload_id", "file"])
    .execute();

/** Whether some log was read from an upload: then it is evidence. */
export async function isReadFrom(db: Reader, uploadId: string): Promise<boolean> {
  const log = await db
    .selectFrom("log")
    .select("id")
    .where("upload_id", "=", uploadId)
    .limit(1)
    .executeTakeFirst();
  return log !== undefined;
}

/** The uploads that the logs of a process were read from. */
export async function uploadsOfProcess(
  db: Reader,
  organisationId: string,
  processId: string,
): Promise<string[]> {
  const rows = await db
    .selectFrom("log")
    .select("upload_id")
    .distinct()
    .where("process_id", "=", processId)
    .where("organisation_id", "=", organisationId)
    .execute();
  return rows.map(({ upload_id }) => upload_id);
}
