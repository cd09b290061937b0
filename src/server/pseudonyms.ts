import { createHmac } from "node:crypto";
import type { Reader } from "../store/database.ts";

/** The organisation's own key for pseudonyms. */
export async function pseudonymKeyOf(db: Reader, organisationId: string): Promise<string> {
  const { secret } = await db
    .selectFrom("organisation")
    .select("secret")
    .where("id", "=", organisationId)
    .executeTakeFirstOrThrow();
  return secret;
}

/** Names of cases and records as an outside reader sees them: the same for the same, and nothing to be computed back without the organisation's key. */
export const pseudonymOf = async (db: Reader, organisationId: string) =>
  pseudonymBy(await pseudonymKeyOf(db, organisationId));

/** The same by the key itself, for threads that ask no database. */
export const pseudonymBy = (key: string) => (name: string) =>
  `case-${createHmac("sha256", key).update(name).digest("hex").slice(0, 10)}`;
