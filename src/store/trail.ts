import { createHash } from "node:crypto";
import { jsonText, storable, type At } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** One thing that somebody did. Rows are only ever added; each carries the hash of the one before. */
export interface TrailTable {
  organisation_id: string;
  /** from 1, without a gap */
  number: number;
  at: At;
  /** `person:ID`, `token:ID` or `plumbline` */
  actor: string;
  act: string;
  subject: string;
  /** JSON, kept as the text that was hashed */
  details: string;
  previous: string;
  hash: string;
}

/** Where the trail of an organisation stands: its last number and hash. */
export interface TrailHeadTable {
  organisation_id: string;
  number: number;
  hash: string;
}

/** The trail of what belongs to no organisation: sign-ins of people without one, the first start, backups. */
export const INSTALLATION = "00000000-0000-0000-0000-000000000000";

/** One thing that was done, before it is numbered and hashed. */
export interface TrailEntry {
  organisationId: string;
  actor: string;
  act: string;
  subject: string;
  details?: object | undefined;
}

/**
 * Adds to the trail, in the transaction of what it records: neither is there without the other. Whoever adds
 * to the same organisation's trail meanwhile waits for this transaction.
 */
export async function addToTrail(trx: Trx, entry: TrailEntry, now = new Date()): Promise<void> {
  // hashed as the database will give it back
  const organisation = entry.organisationId.toLowerCase();
  await trx
    .insertInto("trail_head")
    .values({ organisation_id: organisation, number: 0, hash: "" })
    .onConflict((conflict) => conflict.column("organisation_id").doNothing())
    .execute();
  const head = await trx
    .selectFrom("trail_head")
    .selectAll()
    .where("organisation_id", "=", organisation)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const row = {
    organisation_id: organisation,
    number: head.number + 1,
    at: now,
    actor: storable(entry.actor),
    act: storable(entry.act),
    subject: storable(entry.subject),
    details: jsonText(entry.details ?? {}),
    previous: head.hash,
  };
  const hash = hashOfEntry(row);
  await trx
    .insertInto("trail")
    .values({ ...row, hash })
    .execute();
  await trx
    .updateTable("trail_head")
    .set({ number: row.number, hash })
    .where("organisation_id", "=", organisation)
    .execute();
}

/** SHA-256 over every field of an entry and the hash before it. */
function hashOfEntry(entry: Omit<import("kysely").Selectable<TrailTable>, "hash">): string {
  const { organisation_id, number, at, actor, act, subject, details, previous } = entry;
  return createHash("sha256")
    .update(
      JSON.stringify([organisation_id, number, at.toISOString(), actor, act, subject, details, previous]),
    )
    .digest("hex");
}

/** What came of recomputing a trail. */
export interface TrailCheck {
  organisationId: string;
  entries: number;
  /** hash of the last entry: kept elsewhere, it proves that nothing before it was cut off or changed */
  head: string;
  /** what is wrong, with the number of the entry; undefined for a trail that holds */
  broken?: string;
}

/**
 * Recomputes every hash of a trail from its first entry on, up to where it stood when this began: others may
 * go on writing. One pass, a page at a time.
 */
export async function verifyTrail(db: Reader, organisationId: string): Promise<TrailCheck> {
  const head = await headOf(db, organisationId);
  let previous = "";
  let entries = 0;
  const broken = (what: string): TrailCheck => ({ organisationId, entries, head: previous, broken: what });
  while (entries < head.number) {
    const page = await trailPage(db, organisationId, entries, Math.min(1000, head.number - entries));
    for (const entry of page) {
      if (entry.number !== entries + 1)
        return broken(`entry ${entries + 1} is missing (the next one is ${entry.number})`);
      if (entry.previous !== previous)
        return broken(`entry ${entry.number} does not follow on the one before it`);
      if (hashOfEntry(entry) !== entry.hash)
        return broken(`entry ${entry.number} (${entry.act}) was changed after it was written`);
      previous = entry.hash;
      entries++;
    }
    if (page.length === 0)
      return broken(`the last ${head.number - entries} entries were cut off after entry ${entries}`);
  }
  if (head.hash !== previous) return broken(`the hash of the last entry (${entries}) is another one`);
  const [more] = await trailPage(db, organisationId, entries, 1);
  if (more && (await headOf(db, organisationId)).number === head.number)
    return broken(`entry ${more.number} was added past the end of the trail`);
  return { organisationId, entries, head: previous };
}

const headOf = async (db: Reader, organisationId: string) =>
  (await db
    .selectFrom("trail_head")
    .select(["number", "hash"])
    .where("organisation_id", "=", organisationId)
    .executeTakeFirst()) ?? { number: 0, hash: "" };

/** Entries after number `after`, in order; or those before it, newest first. */
export const trailPage = (
  db: Reader,
  organisationId: string,
  after: number,
  limit: number,
  newestFirst = false,
) =>
  db
    .selectFrom("trail")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("number", newestFirst ? "<" : ">", after)
    .orderBy("number", newestFirst ? "desc" : "asc")
    .limit(limit)
    .execute();

/** Organisations that have a trail, also one whose head somebody removed. */
export async function trails(db: Reader): Promise<string[]> {
  const rows = await db
    .selectFrom("trail_head")
    .select("organisation_id")
    .union(db.selectFrom("trail").select("organisation_id"))
    .orderBy("organisation_id")
    .execute();
  return rows.map(({ organisation_id }) => organisation_id);
}

/** Whether a head that was noted before still stands in some trail. */
export async function headStands(db: Reader, head: string): Promise<boolean> {
  const found = await db.selectFrom("trail").select("number").where("hash", "=", head).executeTakeFirst();
  return found !== undefined;
}
