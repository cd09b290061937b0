import type { At, Json, MadeJson, Maybe } from "./columns.ts";
import type { Reader } from "./database.ts";

/** A finished audit of a process. The whole document is a blob; here stands what lists and comparisons need. */
export interface AuditTable {
  id: string;
  organisation_id: string;
  process_id: string;
  work_id: string;
  log_id: string;
  description_number: Maybe<number>;
  at: At;
  headline: Json<Record<string, unknown>>;
  /** what the next audit is compared with */
  past: Json<Record<string, unknown>>;
  blob: string;
  /** blobs of the reports by format, once they are drawn */
  reports: MadeJson<Record<string, string>>;
}

export const auditOf = (db: Reader, organisationId: string, processId: string, id?: string) =>
  db
    .selectFrom("audit")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .$if(id !== undefined, (query) => query.where("id", "=", id!))
    .orderBy("at", "desc")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();

/** The audit that speaks for a process now, as a part of another query; nothing before the first. */
export const latestAudit = (db: Reader, processId: string) =>
  db
    .selectFrom("audit")
    .select("audit.id")
    .where("audit.process_id", "=", processId)
    .orderBy("audit.at", "desc")
    .limit(1);

/** The folder of an audit's blobs. Throws where there is no such audit. */
export async function folderOf(db: Reader, auditId: string): Promise<string> {
  const { blob } = await db
    .selectFrom("audit")
    .select("blob")
    .where("id", "=", auditId)
    .executeTakeFirstOrThrow();
  return blob;
}
