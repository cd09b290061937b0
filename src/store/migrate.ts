import { sql, type Kysely } from "kysely";
import { Migrator, type Migration } from "kysely/migration";
import { InputError } from "../input-error.ts";
import { first } from "./migrations/0001-first.ts";
import { implementations } from "./migrations/0002-implementations.ts";
import { gateOverrides } from "./migrations/0003-gate-overrides.ts";
import { inventories } from "./migrations/0004-inventories.ts";
import { taskConfirmations } from "./migrations/0005-task-confirmations.ts";
import { acceptances } from "./migrations/0006-acceptances.ts";
import { quoting } from "./migrations/0007-quoting.ts";
import { names } from "./migrations/0008-names.ts";
import { keys } from "./migrations/0009-keys.ts";
import { moves } from "./migrations/0010-moves.ts";
import { remedies } from "./migrations/0011-remedies.ts";

/**
 * Every change of the tables, in order. A new one is a file and a line here; a released one is never changed.
 */
export const migrations: Record<string, Migration> = {
  "0001-first": first,
  "0002-implementations": implementations,
  "0003-gate-overrides": gateOverrides,
  "0004-inventories": inventories,
  "0005-task-confirmations": taskConfirmations,
  "0006-acceptances": acceptances,
  "0007-quoting": quoting,
  "0008-names": names,
  "0009-keys": keys,
  "0010-moves": moves,
  "0011-remedies": remedies,
};

/** The last change of the tables that this version knows. */
export const LATEST = Object.keys(migrations).at(-1)!;

/**
 * Brings the tables up to date, or up to one version (`to`), each step in one transaction with the note that
 * it was done. Throws InputError for a database that a newer Plumbline has changed.
 */
export async function migrate<T>(db: Kysely<T>, to = LATEST): Promise<void> {
  const migrator = new Migrator({
    db: db as unknown as Kysely<unknown>,
    provider: { getMigrations: async () => migrations },
    migrationTableName: "migration",
    migrationLockTableName: "migration_lock",
  });
  const done = await doneMigrations(db);
  const unknown = done.filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length > 0)
    throw new InputError(
      "newer-database",
      "database",
      `The database was changed by a newer Plumbline (${unknown.join(", ")}). Start that version, or restore a backup made with this one.`,
    );
  const { error } = await migrator.migrateTo(to);
  if (error) throw error;
}

/** Names of the changes that a database has seen; none for an empty database. */
export async function doneMigrations<T>(db: Kysely<T>): Promise<string[]> {
  const { rows } = await sql<{
    there: string | null;
  }>`select to_regclass('migration')::text as there`.execute(db);
  if (!rows[0]?.there) return [];
  const done = await sql<{ name: string }>`select name from migration order by name`.execute(db);
  return done.rows.map(({ name }) => name);
}
