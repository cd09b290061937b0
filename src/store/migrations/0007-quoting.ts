import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * What quotes a file stands apart from what everybody reads. Of what was written before nobody can tell which
 * words were quoted: it moves whole to where those read it who may add evidence, and its counts stay.
 */
export const quoting: Migration = {
  async up(db) {
    await sql`alter table work add column error_quoting text`.execute(db);
    await sql`alter table log add column quoting jsonb`.execute(db);
    await sql`
update log set
  quoting = jsonb_build_object('account', account, 'notes', notes),
  account = case when summary ? 'read'
    then format('Read %s rows = %s kept + %s rejected.', summary->>'read', summary->>'kept', summary->>'rejected')
    else format('Read %s rows.', coalesce(summary->>'rows', '0')) end,
  notes = case when notes->>0 like 'Taken as: %' then jsonb_build_array(notes->0) else '[]'::jsonb end`.execute(
      db,
    );
    await sql`
update work set result = work.result || jsonb_build_object('account', log.account)
from log where log.id = work.id and work.result ? 'account'`.execute(db);
    await sql`
update work set
  error_quoting = error->>'message',
  error = jsonb_build_object('code', error->>'code', 'message', format(
    'It was refused (%s). What was said then may quote the file, and is shown to those who may add evidence.',
    error->>'code'))
where state = 'failed' and error is not null`.execute(db);
    // findings that cite values of the evidence: marked whole (see `cited`), so that readers from outside see
    // none of it
    const citing = sql`('inconsistent-entry', 'conflicting-sources', 'key-person', 'single-approver')`;
    const marked = sql`to_jsonb(chr(64977) || (content->>'statement') || chr(64979))`;
    await sql`update finding set content = jsonb_set(content, '{statement}', ${marked}) where detector in ${citing}`.execute(
      db,
    );
    await sql`
update finding set content = jsonb_set(content, '{facts}', coalesce((
  select jsonb_agg(fact) from jsonb_array_elements(content->'facts') fact where fact->>0 <> 'for example'), '[]'::jsonb))
where detector = 'conflicting-sources'`.execute(db);
    await sql`
update claim set content = jsonb_set(content, '{statement}', ${marked})
where content->>'source' = 'finding' and substring(content->>'saidBy' from '[(](.*)[)]') in ${citing}`.execute(
      db,
    );
  },
};
