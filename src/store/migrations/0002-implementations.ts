import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/** What is going live, or already paid for, and what of the processes it touches. */
export const implementations: Migration = {
  async up(db) {
    await sql`
create table implementation (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  name text not null,
  tool text,
  state text not null check (state in ('planned', 'in use')),
  starts_on date,
  cost_per_month double precision,
  currency text,
  touches jsonb not null default '[]',
  note text,
  version integer not null default 1,
  made_by text not null,
  made_at timestamptz not null default now()
)`.execute(db);
    await sql`create index implementation_organisation on implementation (organisation_id)`.execute(db);
  },
};
