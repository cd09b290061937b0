import { randomBytes, randomUUID } from "node:crypto";
import type { MadeAt, MadeJson, Version } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** What an organisation sets for all of its processes. */
export interface OrganisationSettings {
  /** as in rates.yaml */
  rates?: {
    currency: string;
    default: number;
    roles?: Record<string, number>;
    delayPerDay?: number;
    capital?: number;
  };
  timeZone?: string;
  /**
   * evidence that a newer import has replaced is removed after so many months; kept for ever where not said
   */
  keepEvidenceMonths?: number;
  /**
   * who gets what changed in a week, on which weekday (1 is Monday) and at which hour of the organisation's
   * clock
   */
  brief?: { to: string[]; weekday: number; hour: number };
}

/** Whoever has processes, people and a trail of their own here. */
export interface OrganisationTable {
  id: string;
  name: string;
  settings: MadeJson<OrganisationSettings>;
  /** key of the pseudonyms that outsiders see */
  secret: string;
  version: Version;
  created_at: MadeAt;
}

/** Adds one; returns its id. */
export async function addOrganisation(
  trx: Trx,
  name: string,
  settings: OrganisationSettings = {},
  id: string = randomUUID(),
): Promise<string> {
  await trx
    .insertInto("organisation")
    .values({ id, name, settings: JSON.stringify(settings), secret: randomBytes(32).toString("hex") })
    .execute();
  return id;
}

/** One organisation; undefined where there is none. */
export const organisationOf = (db: Reader, id: string) =>
  db.selectFrom("organisation").selectAll().where("id", "=", id).executeTakeFirst();

/**
 * Changes name or settings of an organisation that is at `version`; false when somebody else changed it in
 * between.
 */
export async function changeOrganisation(
  trx: Trx,
  id: string,
  version: number,
  change: { name?: string; settings?: OrganisationSettings },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("organisation")
    .set((eb) => ({
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.settings === undefined ? {} : { settings: JSON.stringify(change.settings) }),
      version: eb("version", "+", 1),
    }))
    .where("id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Every organisation with its settings. */
export const allOrganisations = (db: Reader) =>
  db.selectFrom("organisation").select(["id", "settings"]).execute();

/** The organisation's own key for pseudonyms. Throws where there is no such organisation. */
export async function pseudonymKeyOf(db: Reader, organisationId: string): Promise<string> {
  const { secret } = await db
    .selectFrom("organisation")
    .select("secret")
    .where("id", "=", organisationId)
    .executeTakeFirstOrThrow();
  return secret;
}
