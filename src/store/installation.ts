import { newSecret } from "./one-time-links.ts";
import type { Db, Reader, Trx } from "./database.ts";

/** What is set once for the whole installation, the same for all of its servers. */
export interface InstallationTable {
  name: string;
  value: string;
}

/**
 * The secret that signs cookies; made when it is first asked for. Two servers that start at once agree on
 * one.
 */
export async function cookieSecret(db: Db): Promise<string> {
  await db
    .insertInto("installation")
    .values({ name: "cookie secret", value: newSecret() })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
  const { value } = await db
    .selectFrom("installation")
    .select("value")
    .where("name", "=", "cookie secret")
    .executeTakeFirstOrThrow();
  return value;
}

const SAMPLE = "sample organisation";

/** The organisation that came with the program, to explore; undefined where none was added. */
export async function sampleOrganisation(db: Reader): Promise<string | undefined> {
  const row = await db
    .selectFrom("installation")
    .select("value")
    .where("name", "=", SAMPLE)
    .executeTakeFirst();
  return row?.value;
}

/** Notes which organisation is the sample; a second one is an error of the database. */
export async function noteSample(trx: Trx, organisationId: string): Promise<void> {
  await trx.insertInto("installation").values({ name: SAMPLE, value: organisationId }).execute();
}

/** Asks the database for next to nothing: throws when it cannot be reached. */
export async function askDatabase(db: Db): Promise<void> {
  await db.selectFrom("installation").select("name").limit(1).execute();
}
