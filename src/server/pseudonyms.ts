import { createHmac } from "node:crypto";
import type { Reader } from "../store/database.ts";

/** Names of cases and records as an outside reader sees them: the same for the same, and nothing to be computed back without the organisation's key. */
export async function pseudonymOf(db: Reader, organisationId: string): Promise<(name: string) => string> {
  const { secret } = await db
    .selectFrom("organisation")
    .select("secret")
    .where("id", "=", organisationId)
    .executeTakeFirstOrThrow();
  return (name) => `case-${createHmac("sha256", secret).update(name).digest("hex").slice(0, 10)}`;
}
