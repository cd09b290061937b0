import { randomUUID } from "node:crypto";
import type { At, MadeAt, Maybe, MaybeAt } from "./columns.ts";
import type { Db, Reader, Trx } from "./database.ts";
import { hashOfSecret, newSecret } from "./one-time-links.ts";

/** What a program shows instead of a session: a role, until it expires or is revoked. */
export interface TokenTable {
  id: string;
  organisation_id: string;
  name: string;
  hash: string;
  role: string;
  made_by: Maybe<string>;
  made_at: MadeAt;
  expires_at: At;
  revoked_at: MaybeAt;
  last_used_at: MaybeAt;
}

/** Every token begins with this, so that a leaked one is recognised. */
export const TOKEN_PREFIX = "plumb_";

/** Makes a token for a program; the secret is given once and kept nowhere. */
export async function addToken(
  trx: Trx,
  token: { organisationId: string; name: string; role: string; madeBy: string | null; expiresAt: Date },
): Promise<{ id: string; secret: string }> {
  const id = randomUUID();
  const secret = TOKEN_PREFIX + newSecret();
  await trx
    .insertInto("token")
    .values({
      id,
      organisation_id: token.organisationId,
      name: token.name,
      hash: hashOfSecret(secret),
      role: token.role,
      made_by: token.madeBy,
      expires_at: token.expiresAt,
    })
    .execute();
  return { id, secret };
}

/** The token behind a secret, also an expired or revoked one, so that the answer can say which. */
export const tokenBySecret = (db: Reader, secret: string) =>
  db.selectFrom("token").selectAll().where("hash", "=", hashOfSecret(secret)).executeTakeFirst();

/** Notes that a token was used, at most once a minute: not worth a write each time. */
export async function noteTokenUse(
  db: Db,
  { id, last_used_at: last }: { id: string; last_used_at: Date | null },
  now: Date,
): Promise<void> {
  if (last && last.getTime() > now.getTime() - 60_000) return;
  await db.updateTable("token").set({ last_used_at: now }).where("id", "=", id).execute();
}

/** Revokes a token; false when it is not there, or was revoked before. */
export async function revokeToken(trx: Trx, organisationId: string, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("token")
    .set({ revoked_at: now })
    .where("organisation_id", "=", organisationId)
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** All of an organisation, the oldest first, without what would let somebody use them. */
export const tokensOf = (db: Reader, organisationId: string) =>
  db
    .selectFrom("token")
    .select(["id", "name", "role", "made_at", "expires_at", "revoked_at", "last_used_at"])
    .where("organisation_id", "=", organisationId)
    .orderBy("made_at")
    .execute();
