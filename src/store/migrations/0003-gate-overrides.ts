import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Named people who have let a step pass the gate for a time, and why. */
export const gateOverrides: Migration = {
  async up(db) {
    await sql`
create table gate_override (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  process_id uuid not null references process (id) on delete cascade,
  step text not null,
  reason text not null,
  verdict text not null,
  made_by text not null,
  made_by_name text not null,
  made_at timestamptz not null,
  until timestamptz not null,
  ended_at timestamptz,
  check (until > made_at)
)`.execute(db);
    await sql`create index gate_override_process on gate_override (process_id, step)`.execute(db);
  },
};
