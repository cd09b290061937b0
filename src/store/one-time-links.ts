import { createHash, randomBytes } from "node:crypto";
import type { At, MadeAt, Maybe, MaybeAt } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** A link that works once: to become the first admin, to accept an invitation, to set a new password. */
export interface OneTimeLinkTable {
  hash: string;
  purpose: "first-admin" | "invitation" | "new-password";
  organisation_id: Maybe<string>;
  person_id: Maybe<string>;
  email: Maybe<string>;
  /** what whoever invites calls the invited */
  name: Maybe<string>;
  role: Maybe<string>;
  /** when the membership that it gives ends */
  until: MaybeAt;
  made_at: MadeAt;
  expires_at: At;
  used_at: MaybeAt;
}

/** What is kept of a secret that somebody else holds: nobody who reads the database can use it. */
export const hashOfSecret = (secret: string) => createHash("sha256").update(secret).digest("hex");

/** A secret that nobody guesses: 32 random bytes. */
export const newSecret = () => randomBytes(32).toString("base64url");

/** Makes a link that works once; returns its secret, which is kept nowhere. */
export async function addOneTimeLink(
  trx: Trx,
  link: Omit<import("kysely").Insertable<OneTimeLinkTable>, "hash">,
): Promise<string> {
  const secret = newSecret();
  await trx
    .insertInto("one_time_link")
    .values({ ...link, hash: hashOfSecret(secret) })
    .execute();
  return secret;
}

/** The link behind a secret, when it can still be used. */
export const openLink = (db: Reader, secret: string, now: Date) =>
  db
    .selectFrom("one_time_link")
    .selectAll()
    .where("hash", "=", hashOfSecret(secret))
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();

/** Uses a link up; false when somebody else did before. */
export async function useLink(trx: Trx, secret: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("one_time_link")
    .set({ used_at: now })
    .where("hash", "=", hashOfSecret(secret))
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Invitations into an organisation that can still be accepted, the oldest first. */
export const openInvitationsOf = (db: Reader, organisationId: string, now: Date) =>
  openInvitations(db, now).where("organisation_id", "=", organisationId).execute();

/** Invitations to an address that can still be accepted, the oldest first. */
export const openInvitationsTo = (db: Reader, email: string, now: Date) =>
  openInvitations(db, now).where("email", "=", email.toLowerCase()).execute();

const openInvitations = (db: Reader, now: Date) =>
  db
    .selectFrom("one_time_link")
    .selectAll()
    .where("purpose", "=", "invitation")
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .orderBy("made_at");

/** Uses up a link of which the secret is not at hand. */
export async function useLinkByHash(trx: Trx, hash: string, now: Date): Promise<void> {
  await trx.updateTable("one_time_link").set({ used_at: now }).where("hash", "=", hash).execute();
}

/** Takes every link to become the first admin away. */
export async function removeFirstAdminLinks(trx: Trx): Promise<void> {
  await trx.deleteFrom("one_time_link").where("purpose", "=", "first-admin").execute();
}

/** Removes links that expired before an instant. */
export async function removeLinksExpiredBefore(trx: Trx, before: Date): Promise<void> {
  await trx.deleteFrom("one_time_link").where("expires_at", "<", before).execute();
}

/** Makes every open link of an organisation to an address useless; returns whether there was one. */
export async function voidLinks(
  trx: Trx,
  organisationId: string,
  email: string,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("one_time_link")
    .set({ used_at: now })
    .where("organisation_id", "=", organisationId)
    .where("email", "=", email)
    .where("used_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
