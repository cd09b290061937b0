import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Every table of the first version. Plain SQL that PostgreSQL 15 and the embedded database take alike. */
const TABLES = `
create table installation (
  name text primary key,
  value text not null
);
create table organisation (
  id uuid primary key,
  name text not null,
  settings jsonb not null default '{}',
  secret text not null,
  version integer not null default 1,
  created_at timestamptz not null default now()
);

-- people and their sign-in, in the shape that better-auth keeps
create table person (
  id text primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  two_factor_enabled boolean default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  failed_sign_ins integer not null default 0,
  locked_until timestamptz
);
create table session (
  id text primary key,
  person_id text not null references person on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index session_person on session (person_id);
create table account (
  id text primary key,
  person_id text not null references person on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index account_person on account (person_id);
create table verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verification_identifier on verification (identifier);
create table two_factor (
  id text primary key,
  person_id text not null references person on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean default true,
  failed_verification_count integer default 0,
  locked_until timestamptz
);
create index two_factor_person on two_factor (person_id);

create table one_time_link (
  hash text primary key,
  purpose text not null check (purpose in ('first-admin', 'invitation', 'new-password')),
  organisation_id uuid references organisation on delete cascade,
  person_id text references person on delete cascade,
  email text,
  name text,
  role text,
  until timestamptz,
  made_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create table membership (
  organisation_id uuid not null references organisation on delete cascade,
  person_id text not null references person on delete cascade,
  role text not null,
  until timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  primary key (organisation_id, person_id)
);
create index membership_person on membership (person_id);
create table token (
  id uuid primary key,
  organisation_id uuid not null references organisation on delete cascade,
  name text not null,
  hash text not null unique,
  role text not null,
  made_by text references person on delete set null,
  made_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_used_at timestamptz
);
create index token_organisation on token (organisation_id, made_at);

create table process (
  id uuid primary key,
  organisation_id uuid not null references organisation on delete cascade,
  name text not null,
  settings jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  unique (organisation_id, name),
  unique (organisation_id, id)
);
create table upload (
  id uuid primary key,
  organisation_id uuid not null references organisation on delete cascade,
  made_by text not null,
  name text not null,
  bytes bigint not null check (bytes >= 0),
  received bigint not null default 0,
  made_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  unique (organisation_id, id),
  check (received <= bytes)
);
create table upload_part (
  upload_id uuid not null references upload on delete cascade,
  at_byte bigint not null,
  bytes bigint not null check (bytes > 0),
  blob text not null,
  primary key (upload_id, at_byte)
);
create table source (
  id uuid primary key,
  organisation_id uuid not null,
  process_id uuid not null,
  kind text not null check (kind in ('events', 'records')),
  name text not null,
  tag text not null default '',
  options jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  foreign key (organisation_id, process_id) references process (organisation_id, id) on delete cascade,
  unique (process_id, kind, name, tag),
  unique (organisation_id, id)
);
create table log (
  id uuid primary key,
  organisation_id uuid not null,
  process_id uuid not null,
  source_id uuid not null references source on delete cascade,
  upload_id uuid not null references upload,
  file text not null,
  options jsonb not null,
  blob text not null,
  bytes bigint not null,
  summary jsonb not null,
  account text not null,
  notes jsonb not null,
  rejected_blob text,
  made_at timestamptz not null default now(),
  foreign key (organisation_id, process_id) references process (organisation_id, id) on delete cascade
);
create index log_process on log (process_id, made_at);
create index log_source on log (source_id, made_at);

create table description (
  id uuid primary key,
  organisation_id uuid not null,
  process_id uuid not null,
  number integer not null,
  text text not null,
  content jsonb not null,
  made_by text not null,
  made_at timestamptz not null default now(),
  signed_by text,
  signed_at timestamptz,
  foreign key (organisation_id, process_id) references process (organisation_id, id) on delete cascade,
  unique (process_id, number)
);
create table answer (
  organisation_id uuid not null,
  process_id uuid not null,
  person_id text not null,
  question integer not null,
  value text not null,
  note text,
  answered_at timestamptz not null default now(),
  released_at timestamptz,
  foreign key (organisation_id, process_id) references process (organisation_id, id) on delete cascade,
  primary key (process_id, person_id, question)
);
create table audit (
  id uuid primary key,
  organisation_id uuid not null,
  process_id uuid not null,
  work_id uuid not null unique,
  log_id uuid not null,
  description_number integer,
  at timestamptz not null,
  headline jsonb not null,
  past jsonb not null,
  blob text not null,
  reports jsonb not null default '{}',
  foreign key (organisation_id, process_id) references process (organisation_id, id) on delete cascade
);
create index audit_process on audit (process_id, at);
create table finding (
  organisation_id uuid not null,
  process_id uuid not null,
  id text not null,
  detector text not null,
  subject text not null,
  content jsonb not null,
  kind text,
  currency text,
  money double precision,
  rank integer not null,
  state text not null default 'open' check (state in ('open', 'accepted', 'fixed', 'false alarm')),
  owner text,
  remedy text,
  version integer not null default 1,
  first_audit uuid not null,
  last_audit uuid not null,
  foreign key (organisation_id, process_id) references process (organisation_id, id) on delete cascade,
  primary key (process_id, id)
);
create index finding_rank on finding (process_id, rank, id);
create table claim (
  organisation_id uuid not null,
  process_id uuid not null,
  id text not null,
  rank integer not null,
  content jsonb not null,
  verdict text not null,
  last_audit uuid not null,
  foreign key (organisation_id, process_id) references process (organisation_id, id) on delete cascade,
  primary key (process_id, id)
);
create table claim_verdict (
  process_id uuid not null,
  claim_id text not null,
  audit_id uuid not null references audit on delete cascade,
  at timestamptz not null,
  verdict text not null,
  n double precision,
  against double precision,
  estimate double precision,
  primary key (process_id, claim_id, audit_id),
  foreign key (process_id, claim_id) references claim on delete cascade
);
create table verdict (
  id uuid primary key,
  organisation_id uuid not null,
  process_id uuid not null,
  finding_id text not null,
  detector text not null,
  subject text not null,
  verdict text not null check (verdict in ('confirmed', 'false alarm')),
  note text,
  said_by text not null,
  said_at timestamptz not null default now(),
  foreign key (process_id, finding_id) references finding on delete cascade
);
create index verdict_organisation on verdict (organisation_id, said_at);

create table work (
  id uuid primary key,
  organisation_id uuid not null references organisation on delete cascade,
  process_id uuid references process on delete cascade,
  kind text not null,
  input jsonb not null,
  once text,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled', 'set aside')),
  attempt integer not null default 0,
  given_back integer not null default 0,
  failures integer not null default 0,
  progress double precision not null default 0,
  doing text not null default '',
  runner text,
  requested_by text not null,
  requested_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  changed_at timestamptz not null default now(),
  cancel_requested boolean not null default false,
  error jsonb,
  result jsonb
);
create index work_organisation on work (organisation_id, requested_at);
create index work_open on work (state) where state in ('waiting', 'running');
create unique index work_once on work (organisation_id, once) where once is not null and state in ('waiting', 'running', 'done') and not cancel_requested;

create table trail (
  organisation_id uuid not null,
  number integer not null,
  at timestamptz not null,
  actor text not null,
  act text not null,
  subject text not null,
  details text not null,
  previous text not null,
  hash text not null,
  primary key (organisation_id, number)
);
create table trail_head (
  organisation_id uuid primary key,
  number integer not null,
  hash text not null
);
create function trail_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only';
end $$;
create trigger trail_append_only before update or delete on trail for each row execute function trail_is_append_only();
create trigger trail_not_truncated before truncate on trail for each statement execute function trail_is_append_only();
`;

export const first: Migration = {
  async up(db) {
    for (const statement of statementsOf(TABLES)) await sql.raw(statement).execute(db);
  },
};

/** Statements of a text, split at semicolons that end a line; a function's body stays whole. */
function statementsOf(text: string): string[] {
  const parts: string[] = [];
  let part = "";
  let inBody = false;
  for (const line of text.split("\n")) {
    if ((line.match(/\$\$/g)?.length ?? 0) % 2 === 1) inBody = !inBody;
    part += `${line}\n`;
    if (!inBody && line.trimEnd().endsWith(";")) {
      parts.push(part.trim());
      part = "";
    }
  }
  return parts;
}
