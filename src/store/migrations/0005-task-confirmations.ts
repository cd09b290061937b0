import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/** What kind of task a step is, and whether it can be undone, as named people have said it. */
export const taskConfirmations: Migration = {
  async up(db) {
    await sql`
create table task_confirmation (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  process_id uuid not null,
  step text not null,
  activities jsonb not null,
  task text,
  undo text,
  made_by text not null,
  made_by_name text not null,
  made_at timestamptz not null,
  foreign key (organisation_id, process_id) references process (organisation_id, id) on delete cascade
)`.execute(db);
    await sql`create index task_confirmation_process on task_confirmation (process_id, step, made_at)`.execute(
      db,
    );
  },
};
