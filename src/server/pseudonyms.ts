import { seesCaseIds, type Role } from "./rights.ts";
import { createHmac } from "node:crypto";
import type { Reader } from "../store/database.ts";
import { pseudonymKeyOf } from "../store/organisations.ts";

/**
 * A person of the organisation as somebody sees them who may not see people: always the same, and not their
 * id elsewhere.
 */
export const personBy = (key: string) => (id: string) =>
  `person-${createHmac("sha256", key).update(`person ${id}`).digest("hex").slice(0, 10)}`;

/** What an actor like `person:ID` is called for a role: an outsider reads a pseudonym in place of the id. */
export async function actorFor(db: Reader, organisationId: string, role: Role) {
  if (seesCaseIds(role)) return (actor: string) => actor;
  const person = personBy(await pseudonymKeyOf(db, organisationId));
  return (actor: string) => (actor.startsWith("person:") ? `person:${person(actor.slice(7))}` : actor);
}

/**
 * Names of cases and records as an outside reader sees them: the same for the same, and nothing to be
 * computed back without the organisation's key.
 */
export const pseudonymOf = async (db: Reader, organisationId: string) =>
  pseudonymBy(await pseudonymKeyOf(db, organisationId));

/** The same by the key itself, for threads that ask no database. */
export const pseudonymBy = (key: string) => (name: string) =>
  `case-${createHmac("sha256", key).update(name).digest("hex").slice(0, 10)}`;

/**
 * How people and what they write in their own words are shown: an outsider judges what was done, not who did
 * it, and words may name people.
 */
export const shownTo = (role: Role) => {
  const outsider = !seesCaseIds(role);
  return {
    person: (name: string) => (outsider ? "somebody of the organisation" : name),
    words: (text: string) => (outsider ? "(in words that outsiders do not see)" : text),
    /** the name that somebody gave a file */
    file: (name: string) => (outsider ? "(a file)" : name),
  };
};
