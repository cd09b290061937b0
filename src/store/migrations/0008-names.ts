import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Tables that had another name before: old name, new name. */
const RENAMED = [
  ["source", "import"],
  ["verdict", "review"],
  ["implementation_decision", "gap_note"],
] as const;

/**
 * One word for each thing: evidence comes by imports, people review findings (a verdict is on a claim), and
 * what they note about a gap is a gap note (a decision answers a proposal). Constraints and indexes follow,
 * since an error names them.
 */
export const names: Migration = {
  async up(db) {
    for (const [before, after] of RENAMED)
      await sql`alter table ${sql.table(before)} rename to ${sql.table(after)}`.execute(db);
    await sql`alter table log rename column source_id to import_id`.execute(db);
    await sql`alter table review rename column verdict to said`.execute(db);
    await renameWhatIsNamedAfter(db);
    await sql`alter table gap_note drop constraint gap_note_kind_check`.execute(db);
    await sql`update gap_note set kind = 'note' where kind = 'decision'`.execute(db);
    await sql`alter table gap_note add constraint gap_note_kind_check check (kind in ('note', 'meeting'))`.execute(
      db,
    );
    // an import that waits is read under the new name, and a finding says what people said of it
    await sql`
update work set input = (input - 'sourceId') || jsonb_build_object('importId', input->'sourceId')
where kind = 'import' and input ? 'sourceId'`.execute(db);
    await sql`
update finding set content = (content - 'verdict') || jsonb_build_object('review', content->'verdict')
where content ? 'verdict'`.execute(db);
  },
};

async function renameWhatIsNamedAfter(db: Kysely<unknown>): Promise<void> {
  const tables = sql.join(RENAMED.map(([, after]) => sql.lit(after)));
  const constraints = await sql<{ table: string; name: string }>`
    select conrelid::regclass::text as table, conname as name from pg_constraint
    where connamespace = 'public'::regnamespace and conrelid::regclass::text in (${tables}, 'log', '"import"') order by 1, 2`.execute(
    db,
  );
  for (const { table, name } of constraints.rows) {
    const now = renamed(name);
    if (now !== name)
      await sql`alter table ${sql.table(table.replaceAll('"', ""))} rename constraint ${sql.ref(name)} to ${sql.ref(now)}`.execute(
        db,
      );
  }
  const indexes = await sql<{ name: string }>`
    select indexname as name from pg_indexes where schemaname = 'public' and tablename in (${tables}, 'log') order by 1`.execute(
    db,
  );
  for (const { name } of indexes.rows) {
    const now = renamed(name);
    if (now !== name) await sql`alter index ${sql.ref(name)} rename to ${sql.ref(now)}`.execute(db);
  }
}

/** `source_pkey` → `import_pkey`, `log_source_id_fkey` → `log_import_id_fkey`. */
const renamed = (name: string): string =>
  name
    .replace(/^implementation_decision|^decision(?=_implementation$)/, "gap_note")
    .replace(/^source|(?<=^log_)source/, "import")
    .replace(/^verdict_verdict/, "review_said")
    .replace(/^verdict/, "review");
