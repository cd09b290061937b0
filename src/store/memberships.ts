import type { MadeAt, MaybeAt, Version } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";
import { sampleOrganisation } from "./installation.ts";

/** Who belongs to an organisation, as what, and until when. */
export interface MembershipTable {
  organisation_id: string;
  person_id: string;
  role: string;
  until: MaybeAt;
  version: Version;
  created_at: MadeAt;
}

/** The organisations that a person belongs to now, with the role there. */
export const membershipsOf = (db: Reader, personId: string, now: Date) =>
  db
    .selectFrom("membership")
    .innerJoin("organisation", "organisation.id", "membership.organisation_id")
    .select(["organisation.id", "organisation.name", "membership.role", "membership.until"])
    .where("membership.person_id", "=", personId)
    .where((eb) => eb.or([eb("membership.until", "is", null), eb("membership.until", ">", now)]))
    .orderBy("organisation.name")
    .orderBy("organisation.id")
    .execute();

/** The role of a person in an organisation now; undefined for outsiders. */
export const membershipIn = (db: Reader, organisationId: string, personId: string, now: Date) =>
  db
    .selectFrom("membership")
    .select(["role", "until"])
    .where("organisation_id", "=", organisationId)
    .where("person_id", "=", personId)
    .where((eb) => eb.or([eb("until", "is", null), eb("until", ">", now)]))
    .executeTakeFirst();

/** Makes a person a member, or changes what they are: role and end. */
export async function addMembership(
  trx: Trx,
  organisationId: string,
  personId: string,
  role: string,
  until: Date | null = null,
): Promise<void> {
  await lockPerson(trx, personId);
  await trx
    .insertInto("membership")
    .values({ organisation_id: organisationId, person_id: personId, role, until })
    .onConflict((conflict) =>
      conflict
        .columns(["organisation_id", "person_id"])
        .doUpdateSet((eb) => ({ role, until, version: eb("membership.version", "+", 1) })),
    )
    .execute();
}

/** Everybody of an organisation, by name; also those whose membership has ended. */
export const membersOf = (db: Reader, organisationId: string) =>
  db
    .selectFrom("membership")
    .innerJoin("person", "person.id", "membership.person_id")
    .select([
      "person.id",
      "person.name",
      "person.email",
      "membership.role",
      "membership.until",
      "membership.version",
      "membership.created_at",
      "person.two_factor_enabled",
    ])
    .where("membership.organisation_id", "=", organisationId)
    .orderBy("person.name")
    .orderBy("person.id")
    .execute();

/**
 * How many admins without an end an organisation has, locked so that two who leave at once do not both see
 * the other.
 */
export async function countAdmins(trx: Trx, organisationId: string): Promise<number> {
  const admins = await trx
    .selectFrom("membership")
    .select("person_id")
    .where("organisation_id", "=", organisationId)
    .where("role", "=", "admin")
    .where("until", "is", null)
    .forUpdate()
    .execute();
  return admins.length;
}

/**
 * Every organisation that a person belongs to or has belonged to, but for the sample, whose data is nobody's.
 * The person stays locked until the transaction ends, so that no membership is added meanwhile.
 */
export async function organisationsOf(trx: Trx, personId: string): Promise<string[]> {
  await lockPerson(trx, personId);
  const rows = await trx
    .selectFrom("membership")
    .select("organisation_id")
    .where("person_id", "=", personId)
    .execute();
  const sample = await sampleOrganisation(trx);
  return rows.map(({ organisation_id }) => organisation_id).filter((one) => one !== sample);
}

/** Whoever changes what a person may enter, or how, does so one after the other. */
async function lockPerson(trx: Trx, personId: string): Promise<void> {
  await trx.selectFrom("person").select("id").where("id", "=", personId).forUpdate().execute();
}

/** Whether a person is admin of some organisation now. */
export async function isAdminSomewhere(db: Reader, personId: string, now: Date): Promise<boolean> {
  const admin = await admins(db, now).where("person_id", "=", personId).executeTakeFirst();
  return admin !== undefined;
}

/** Whether any organisation has an admin now. */
export async function hasAnyAdmin(db: Reader, now: Date): Promise<boolean> {
  return (await admins(db, now).executeTakeFirst()) !== undefined;
}

const admins = (db: Reader, now: Date) =>
  db
    .selectFrom("membership")
    .select("person_id")
    .where("role", "=", "admin")
    .where((eb) => eb.or([eb("until", "is", null), eb("until", ">", now)]))
    .limit(1);

/** The membership of a person, also one that has ended, locked until the transaction ends. */
export const lockMembership = (trx: Trx, organisationId: string, personId: string) =>
  trx
    .selectFrom("membership")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("person_id", "=", personId)
    .forUpdate()
    .executeTakeFirst();

/** Ends a membership; returns what it was, undefined when there was none. */
export const removeMembership = (trx: Trx, organisationId: string, personId: string) =>
  trx
    .deleteFrom("membership")
    .where("organisation_id", "=", organisationId)
    .where("person_id", "=", personId)
    .returning(["role", "until"])
    .executeTakeFirst();
