import { randomUUID } from "node:crypto";
import type { Generated } from "kysely";
import type { At, MadeAt, Maybe, MaybeAt } from "./columns.ts";
import type { Db, Reader, Trx } from "./database.ts";

/** Somebody who has an account, or is named in one that is to be made. */
export interface PersonTable {
  id: string;
  name: string;
  email: string;
  email_verified: Generated<boolean>;
  image: Maybe<string>;
  two_factor_enabled: Generated<boolean | null>;
  created_at: MadeAt;
  updated_at: MadeAt;
  failed_sign_ins: Generated<number>;
  locked_until: MaybeAt;
}

/** A person who is signed in somewhere. */
export interface SessionTable {
  id: string;
  person_id: string;
  token: string;
  expires_at: At;
  ip_address: Maybe<string>;
  user_agent: Maybe<string>;
  created_at: MadeAt;
  updated_at: MadeAt;
}

/** A way in which a person signs in: with a password, or with the company's account. */
export interface AccountTable {
  id: string;
  person_id: string;
  account_id: string;
  provider_id: string;
  access_token: Maybe<string>;
  refresh_token: Maybe<string>;
  id_token: Maybe<string>;
  access_token_expires_at: MaybeAt;
  refresh_token_expires_at: MaybeAt;
  scope: Maybe<string>;
  password: Maybe<string>;
  created_at: MadeAt;
  updated_at: MadeAt;
}

/** What is half done of a sign-in. */
export interface VerificationTable {
  id: string;
  identifier: string;
  value: string;
  expires_at: At;
  created_at: MadeAt;
  updated_at: MadeAt;
}

/** The second factor of a person. */
export interface TwoFactorTable {
  id: string;
  person_id: string;
  secret: string;
  backup_codes: string;
  verified: Generated<boolean | null>;
  failed_verification_count: Generated<number | null>;
  locked_until: MaybeAt;
}

/** One person; undefined where there is none. */
export const personById = (db: Reader, id: string) =>
  db.selectFrom("person").selectAll().where("id", "=", id).executeTakeFirst();

/** Addresses differ by more than capitals in no organisation that we know. */
export const personByEmail = (db: Reader, email: string) =>
  db.selectFrom("person").selectAll().where("email", "=", email.toLowerCase()).executeTakeFirst();

/** From the fifth failed sign-in in a row on: a minute, then twice as long each time, at most an hour. */
const FREE_FAILURES = 4;
const lockMs = (failures: number) => Math.min(60, 2 ** (failures - FREE_FAILURES - 1)) * 60_000;

/**
 * Counts a failed sign-in; returns until when the account is locked, or undefined. Addresses without an
 * account are nobody's.
 */
export async function countFailedSignIn(db: Db, email: string, now: Date): Promise<Date | undefined> {
  const person = await db
    .updateTable("person")
    .set((eb) => ({ failed_sign_ins: eb("failed_sign_ins", "+", 1) }))
    .where("email", "=", email.toLowerCase())
    .returning(["id", "failed_sign_ins"])
    .executeTakeFirst();
  if (!person || person.failed_sign_ins <= FREE_FAILURES) return undefined;
  const until = new Date(now.getTime() + lockMs(person.failed_sign_ins));
  await db.updateTable("person").set({ locked_until: until }).where("id", "=", person.id).execute();
  return until;
}

/** Forgets the failed sign-ins of a person who has come in. */
export async function forgetFailedSignIns(db: Reader, id: string): Promise<void> {
  await db
    .updateTable("person")
    .set({ failed_sign_ins: 0, locked_until: null })
    .where("id", "=", id)
    .execute();
}

/** Ends all sessions of a person. */
export async function endSessions(trx: Trx, personId: string): Promise<void> {
  await trx.deleteFrom("session").where("person_id", "=", personId).execute();
}

/** Ends all sessions of a person but one. */
export async function endOtherSessions(trx: Trx, personId: string, token: string): Promise<void> {
  await trx.deleteFrom("session").where("person_id", "=", personId).where("token", "!=", token).execute();
}

/** Adds people who have no way to sign in yet; returns their ids, in the order given. */
export async function addPeople(
  trx: Trx,
  people: readonly { name: string; email: string }[],
): Promise<string[]> {
  const rows = people.map(({ name, email }) => ({ id: randomUUID(), name, email }));
  await trx.insertInto("person").values(rows).execute();
  return rows.map(({ id }) => id);
}

/** Gives a person a password, as its hash; an earlier one is replaced. */
export async function setPassword(trx: Trx, personId: string, hashed: string): Promise<void> {
  await trx
    .insertInto("account")
    .values({
      id: randomUUID(),
      person_id: personId,
      account_id: personId,
      provider_id: PASSWORD,
      password: hashed,
    })
    .onConflict((conflict) =>
      conflict.columns(["provider_id", "account_id"]).doUpdateSet({ password: hashed }),
    )
    .execute();
}

/** How better-auth calls the way in with a password. */
const PASSWORD = "credential";

/** Takes the password of a person away; false when there was none. */
export async function removePassword(trx: Trx, personId: string): Promise<boolean> {
  const removed = await trx
    .deleteFrom("account")
    .where("person_id", "=", personId)
    .where("provider_id", "=", PASSWORD)
    .returning("id")
    .executeTakeFirst();
  return removed !== undefined;
}

/** Takes the second factor of a person away. */
export async function removeSecondFactor(trx: Trx, personId: string): Promise<void> {
  await trx.deleteFrom("two_factor").where("person_id", "=", personId).execute();
  await trx.updateTable("person").set({ two_factor_enabled: false }).where("id", "=", personId).execute();
}

/**
 * Whether somebody can sign in as the person with this address. A person without a way to sign in is nobody
 * yet.
 */
export async function hasAccount(db: Reader, email: string): Promise<boolean> {
  const account = await db
    .selectFrom("account")
    .innerJoin("person", "person.id", "account.person_id")
    .select("account.id")
    .where("person.email", "=", email)
    .limit(1)
    .executeTakeFirst();
  return account !== undefined;
}

/** Notes that the address of a person is proved to be theirs; returns it. */
export async function proveEmail(trx: Trx, personId: string): Promise<string> {
  const { email } = await trx
    .updateTable("person")
    .set({ email_verified: true })
    .where("id", "=", personId)
    .returning("email")
    .executeTakeFirstOrThrow();
  return email;
}

/** Removes sessions, and what is half signed in, that have expired. */
export async function removeExpiredSessions(trx: Trx, now: Date): Promise<void> {
  await trx.deleteFrom("session").where("expires_at", "<", now).execute();
  await trx.deleteFrom("verification").where("expires_at", "<", now).execute();
}
