import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * From which state findings, gaps and work may go to which, as the database checks it; store/states.ts says
 * who makes each move.
 */
const MOVES = {
  finding: [
    "open → accepted",
    "accepted → open",
    "open → false alarm",
    "accepted → false alarm",
    "fixed → false alarm",
    "false alarm → open",
    "open → fixed",
    "accepted → fixed",
    "fixed → open",
  ],
  gap: ["open → accepted", "accepted → open", "open → closed", "accepted → closed", "closed → open"],
  work: [
    "waiting → running",
    "waiting → cancelled",
    "running → waiting",
    "running → done",
    "running → failed",
    "running → cancelled",
    "running → set aside",
  ],
};

/** Whoever changes a state, by whatever way: a move that is not listed is an error of the database. */
export const moves: Migration = {
  async up(db) {
    await sql`
create function only_listed_moves() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and not (old.state || ' → ' || new.state = any (tg_argv)) then
    raise exception 'what is % in % does not become %', old.state, tg_table_name, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$`.execute(db);
    for (const [table, allowed] of Object.entries(MOVES))
      await sql`
create trigger ${sql.ref(`${table}_moves`)} before update of state on ${sql.table(table)} for each row
execute function only_listed_moves(${sql.join(allowed.map((move) => sql.lit(move)))})`.execute(db);
  },
};
