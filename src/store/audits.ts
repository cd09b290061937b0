import type { BlindSpots } from "../audit/answers.ts";
import type { NotTestable, Range, Totals } from "../audit/finding.ts";
import type { History, PastAudit } from "../audit/history.ts";
import type { Insertable } from "kysely";
import { jsonText, type At, type Json, type MadeJson, type Maybe } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/**
 * What lists show of an audit without opening its document. What is optional is missing in audits of earlier
 * versions.
 */
export interface Headline {
  sentences: string[];
  totals: Totals[];
  exposure: ({ currency: string } & Range)[];
  compensationHours: number | null;
  notTestable: NotTestable[];
  /** people whose released answers it knew */
  respondents?: number;
  /** steps by their readiness */
  readiness?: Record<string, number>;
  /** the first 300 steps that are ready */
  readySteps?: string[];
  blindSpots: BlindSpots;
  /** the leak that most later leaks go with; null where none is linked */
  beginsAt?: { step: string; title: string } | null;
  history: History;
  from: string | null;
  to: string | null;
  seconds: number;
}

/**
 * A finished audit of a process. The whole document is a blob; here stands what lists and comparisons need.
 */
export interface AuditTable {
  id: string;
  organisation_id: string;
  process_id: string;
  work_id: string;
  log_id: string;
  description_number: Maybe<number>;
  at: At;
  headline: Json<Headline>;
  /** what the next audit is compared with */
  past: Json<PastAudit>;
  blob: string;
  /** blobs of the reports by format, once they are drawn */
  reports: MadeJson<Record<string, string>>;
}

/** One audit of a process, or its last one; undefined where there is none. */
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

/**
 * Audits of a process, newest first: those after a place of the list, one more than `limit`, which says
 * whether there are more.
 */
export const auditsPage = (
  db: Reader,
  about: { organisationId: string; processId: string },
  after: [at: string, id: string] | undefined,
  limit: number,
) =>
  db
    .selectFrom("audit")
    .select(["id", "at", "log_id", "description_number", "headline", "reports"])
    .where("organisation_id", "=", about.organisationId)
    .where("process_id", "=", about.processId)
    .$if(after !== undefined, (q) =>
      q.where((eb) => eb(eb.refTuple("at", "id"), "<", eb.tuple(new Date(after![0]), after![1]))),
    )
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();

/**
 * What the last audits of a process were, as the next one compares itself with them: at most so many, oldest
 * first.
 */
export async function pastAudits(db: Reader, processId: string, most: number): Promise<PastAudit[]> {
  const rows = await db
    .selectFrom("audit")
    .select("past")
    .where("process_id", "=", processId)
    .orderBy("at", "desc")
    .limit(most)
    .execute();
  return rows.map(({ past }) => past).reverse();
}

/** The last 200 audits of a process up to an instant, newest first, by what lists show of them. */
export const headlinesUntil = (db: Reader, processId: string, until: Date) =>
  db
    .selectFrom("audit")
    .select(["at", "headline"])
    .where("process_id", "=", processId)
    .where("at", "<=", until)
    .orderBy("at", "desc")
    .limit(200)
    .execute();

/** Adds a finished audit; a second one of the same work is an error of the database. */
export async function addAudit(
  trx: Trx,
  audit: Omit<Insertable<AuditTable>, "headline" | "past" | "reports"> & {
    headline: Headline;
    past: PastAudit;
  },
): Promise<void> {
  await trx
    .insertInto("audit")
    .values({ ...audit, headline: jsonText(audit.headline), past: jsonText(audit.past) })
    .execute();
}

/** Whether an audit of a process looked at it later than at an instant. */
export async function isOvertaken(db: Reader, processId: string, at: Date): Promise<boolean> {
  const newer = await db
    .selectFrom("audit")
    .select("id")
    .where("process_id", "=", processId)
    .where("at", ">", at)
    .limit(1)
    .executeTakeFirst();
  return newer !== undefined;
}

/** Says where the reports of an audit lie, by format. */
export async function keepReports(trx: Trx, auditId: string, reports: Record<string, string>): Promise<void> {
  await trx
    .updateTable("audit")
    .set({ reports: jsonText(reports) })
    .where("id", "=", auditId)
    .execute();
}
