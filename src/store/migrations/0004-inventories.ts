import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * What implementations require and promise, the gaps between them and the processes they touch, what was
 * decided about them, and what outsiders made of it.
 */
export const inventories: Migration = {
  async up(db) {
    await sql`alter table implementation add column requires jsonb not null default '[]'`.execute(db);
    await sql`alter table implementation add column document text`.execute(db);
    await sql`
create table gap (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  implementation_id uuid not null references implementation (id) on delete cascade,
  process_id uuid not null references process (id) on delete cascade,
  key text not null,
  content jsonb not null,
  owner text,
  decide_by date,
  state text not null default 'open' check (state in ('open', 'accepted', 'closed')),
  opened_at timestamptz not null,
  accepted_at timestamptz,
  closed_at timestamptz,
  version integer not null default 1,
  unique (implementation_id, process_id, key)
)`.execute(db);
    await sql`create index gap_process on gap (process_id)`.execute(db);
    await sql`
create table promise (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  implementation_id uuid not null references implementation (id) on delete cascade,
  content jsonb not null,
  made_by text not null,
  made_by_name text not null,
  made_at timestamptz not null,
  withdrawn_at timestamptz
)`.execute(db);
    await sql`create index promise_implementation on promise (implementation_id)`.execute(db);
    await sql`
create table implementation_decision (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  implementation_id uuid not null references implementation (id) on delete cascade,
  gap_id uuid references gap (id) on delete set null,
  kind text not null check (kind in ('decision', 'meeting')),
  text text not null,
  made_by text not null,
  made_by_name text not null,
  made_at timestamptz not null
)`.execute(db);
    await sql`create index decision_implementation on implementation_decision (implementation_id, made_at)`.execute(
      db,
    );
    await sql`
create table countersignature (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  implementation_id uuid not null references implementation (id) on delete cascade,
  judgement text not null check (judgement in ('agrees', 'agrees with reservations', 'does not agree')),
  note text not null,
  inventory_hash text not null,
  made_by text not null,
  made_by_name text not null,
  made_at timestamptz not null
)`.execute(db);
    await sql`create index countersignature_implementation on countersignature (implementation_id)`.execute(
      db,
    );
  },
};
