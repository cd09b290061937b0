import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gapsOfImplementation } from "../../src/store/gaps.ts";
import { cited } from "../../src/input-error.ts";
import { migrate, migrations } from "../../src/store/migrate.ts";
import { openDatabase, transact, type Db } from "../../src/store/database.ts";
import { addOrganisation, organisationOf } from "../../src/store/organisations.ts";
import { addProcess } from "../../src/store/processes.ts";
import { addDescription } from "../../src/store/descriptions.ts";
import { addToTrail, verifyTrail } from "../../src/store/trail.ts";
import { addWork, endWork, noteProgress, takeWork } from "../../src/store/work.ts";
import { freshDatabase, KINDS, missing } from "../databases.ts";

/** What takes back each change of the tables. */
const UNDONE: Record<string, string[]> = {
  "0002-implementations": ["drop table implementation"],
  "0003-gate-overrides": ["drop table gate_override"],
  "0004-inventories": [
    "drop table countersignature, implementation_decision, promise, gap",
    "alter table implementation drop column requires, drop column document",
  ],
  "0005-task-confirmations": ["drop table task_confirmation"],
  "0006-acceptances": [
    "alter table gap drop column accepted_by_name, drop column accepted_because, drop column accepted_until",
  ],
  "0007-quoting": ["alter table work drop column error_quoting", "alter table log drop column quoting"],
  "0008-names": [
    "alter table import rename to source",
    "alter table log rename column import_id to source_id",
    "alter table review rename column said to verdict",
    "alter table review rename to verdict",
    "alter table gap_note drop constraint gap_note_kind_check",
    "alter table gap_note rename to implementation_decision",
    "alter table implementation_decision add constraint implementation_decision_kind_check check (kind in ('decision', 'meeting'))",
  ],
  "0009-keys": [],
  "0010-moves": ["drop function only_listed_moves cascade"],
  "0011-remedies": [],
};

/** Takes back a version and all that came after it: what they have added, and the note that they did. */
async function goBackBefore(db: Db, version: string): Promise<void> {
  for (const one of Object.keys(UNDONE)
    .filter((name) => name >= version)
    .reverse()) {
    for (const statement of UNDONE[one]) await sql.raw(statement).execute(db);
    await sql.raw(`delete from migration where name = '${one}'`).execute(db);
  }
}

describe.each(KINDS)("the store on %s", (kind) => {
  const reason = missing(kind);
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    if (!reason) database = await freshDatabase(kind);
  });
  afterAll(async () => database?.remove());
  const it = test.skipIf(reason !== undefined);

  it("a transaction that fails leaves nothing", async () => {
    const { db } = database;
    let id = "";
    await expect(
      transact(db, async (trx) => {
        id = await addOrganisation(trx, "Half");
        await addToTrail(trx, { organisationId: id, actor: "plumbline", act: "made", subject: "Half" });
        throw new Error("power");
      }),
    ).rejects.toThrow("power");
    expect(await organisationOf(db, id)).toBeUndefined();
    expect(await verifyTrail(db, id)).toEqual({ organisationId: id, entries: 0, head: "" });
  });

  it("a transaction inside of a transaction is refused instead of waiting for itself", async () => {
    await expect(transact(database.db, () => transact(database.db, async () => 1))).rejects.toThrow(
      "pass the outer one on",
    );
  });

  it("fifty who write at once get a trail without a gap, and every change to it is found", async () => {
    const { db } = database;
    const organisationId = await transact(db, (trx) => addOrganisation(trx, "Trail"));
    await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        transact(db, (trx) =>
          addToTrail(trx, {
            organisationId,
            actor: "plumbline",
            act: "counted",
            subject: `${i}`,
            details: { i, ü: [1.5, null] },
          }),
        ),
      ),
    );
    expect(await verifyTrail(db, organisationId)).toEqual({
      organisationId,
      entries: 50,
      head: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await expect(
      db.updateTable("trail").set({ act: "nothing" }).where("organisation_id", "=", organisationId).execute(),
    ).rejects.toThrow("append-only");
    await expect(
      db.deleteFrom("trail").where("organisation_id", "=", organisationId).execute(),
    ).rejects.toThrow("append-only");
    await expect(sql`truncate trail`.execute(db)).rejects.toThrow("append-only");

    // somebody with the rights of the database's owner gets around that, but not around the hashes
    const tamper = async (statement: string) => {
      await sql.raw("alter table trail disable trigger all").execute(db);
      await sql.raw(statement).execute(db);
      await sql.raw("alter table trail enable trigger all").execute(db);
    };
    const where = `where organisation_id = '${organisationId}'`;
    await tamper(`update trail set details = '{}' ${where} and number = 17`);
    expect((await verifyTrail(db, organisationId)).broken).toContain("entry 17 (counted) was changed");
    await tamper(`delete from trail ${where} and number = 17`);
    expect((await verifyTrail(db, organisationId)).broken).toContain("entry 17 is missing");
    await tamper(`delete from trail ${where} and number > 16`);
    expect((await verifyTrail(db, organisationId)).broken).toContain("the last 34 entries were cut off");
  });

  it("versions of a description that are added at once get numbers without a gap", async () => {
    const { db } = database;
    const numbers = await transact(db, async (trx) => {
      const organisationId = await addOrganisation(trx, "Versions");
      return { organisationId, processId: await addProcess(trx, organisationId, "Pay") };
    }).then((ids) =>
      Promise.all(
        Array.from({ length: 8 }, () =>
          transact(db, (trx) =>
            addDescription(trx, {
              ...ids,
              text: "",
              content: { process: "Pay", flow: [] } as never,
              madeBy: "p",
            }),
          ),
        ),
      ),
    );
    expect(numbers.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("work that is wanted once is done once, and an attempt that lost it cannot end it", async () => {
    const { db } = database;
    const organisationId = await transact(db, (trx) => addOrganisation(trx, "Work"));
    const want = () =>
      transact(db, (trx) =>
        addWork(trx, {
          organisationId,
          kind: "render",
          input: { auditId: "a" },
          once: "file 1",
          requestedBy: "p",
        }),
      );
    const wanted = await Promise.all([want(), want(), want()]);
    expect(new Set(wanted.map(({ id }) => id)).size).toBe(1);
    expect(wanted.filter(({ added }) => added).length).toBe(1);
    const { id } = wanted[0];
    const first = await takeWork(db, id, "one");
    expect(await takeWork(db, id, "two")).toBeUndefined(); // the first one lives
    await sql`update work set changed_at = now() - interval '9 seconds' where id = ${id}`.execute(db);
    const second = await takeWork(db, id, "two"); // the first one is taken for dead
    expect([first?.attempt, second?.attempt]).toEqual([1, 2]);
    expect(await noteProgress(db, id, 1, 0.5, "reading")).toBe("lost");
    expect(await noteProgress(db, id, 2, 0.5, "reading")).toBe("go on");
    expect(await endWork(db, id, 1, "done")).toBe(false);
    expect(await endWork(db, id, 2, "done", { result: { auditId: "a" } })).toBe(true);
    expect(await takeWork(db, id, "three")).toBeUndefined();
    expect((await want()).added).toBe(false);
  });

  it("what earlier versions quoted of files moves to where those read it who may add evidence", async () => {
    const older = await freshDatabase(kind);
    try {
      const { db } = older;
      const organisationId = await transact(db, (trx) => addOrganisation(trx, "Older"));
      const processId = await transact(db, (trx) => addProcess(trx, organisationId, "Pay"));
      const [read, refused, table, source, upload] = Array.from({ length: 5 }, () => randomUUID());
      await goBackBefore(db, "0007-quoting");
      for (const statement of [
        `insert into source (id, organisation_id, process_id, kind, name, tag) values ('${source}', '${organisationId}', '${processId}', 'events', 'events', '')`,
        `insert into upload (id, organisation_id, name, bytes, made_by) values ('${upload}', '${organisationId}', 'orders.csv', 9, 'person:p')`,
      ])
        await sql.raw(statement).execute(db);
      const got = 'expected a time like 2025-03-01T09:30Z, got "Maria Canary-7431"';
      const account = `Read 3 rows of CSV = 2 kept + 1 rejected.\n  rejected: orders.csv, line 3, column "time": ${got}`;
      const kinds = [
        [read, { read: 3, kept: 2, rejected: 1 }, account, ["Taken as: case = a.", `orders.csv: ${got}`]],
        [table, { rows: 7 }, "Read 7 rows.", [`vendors.csv: 1 rows could not be read: ${got}.`]],
      ] as const;
      for (const [id, summary, words, notes] of kinds)
        await sql`insert into log (id, organisation_id, process_id, source_id, upload_id, file, options, blob, bytes, summary, account, notes)
          values (${id}, ${organisationId}, ${processId}, ${source}, ${upload}, 'orders.csv', '{}', 'b', 1, ${JSON.stringify(summary)}, ${words}, ${JSON.stringify(notes)})`.execute(
          db,
        );
      for (const [id, state, error, result] of [
        [read, "done", null, { logId: read, account }],
        [refused, "failed", { code: "no-rows", message: `/data/tmp/x/orders.csv: ${got}` }, null],
      ] as const)
        await sql`insert into work (id, organisation_id, process_id, kind, input, state, requested_by, error, result)
          values (${id}, ${organisationId}, ${processId}, 'import', '{}', ${state}, 'p', ${error && JSON.stringify(error)}, ${result && JSON.stringify(result)})`.execute(
          db,
        );
      const cites = 'where site is "Kept Canary-4040"';
      for (const [id, detector, facts] of [
        ["f1", "key-person", []],
        [
          "f2",
          "conflicting-sources",
          [
            ["compared", "a and b"],
            ["for example", "Kept Canary-4040"],
          ],
        ],
        ["f3", "rework", [["times", "4"]]],
      ] as const)
        await sql`insert into finding (organisation_id, process_id, id, detector, subject, content, rank, first_audit, last_audit)
          values (${organisationId}, ${processId}, ${id}, ${detector}, 's', ${JSON.stringify({ statement: cites, facts })}, 1, ${read}, ${read})`.execute(
          db,
        );
      await sql`insert into claim (organisation_id, process_id, id, rank, content, verdict, last_audit)
        values (${organisationId}, ${processId}, 'c', 1, ${JSON.stringify({ statement: cites, source: "finding", saidBy: "evidence (key-person)" })}, 'confirmed', ${read})`.execute(
        db,
      );
      await migrate(db);
      const findings = await db.selectFrom("finding").select(["id", "content"]).orderBy("id").execute();
      const claims = await db.selectFrom("claim").select("content").execute();
      const sentenceOf = (content: object) => (content as { says?: { sentence?: string } }).says?.sentence;
      const [f1, f2, f3] = findings.map(
        ({ content }) => content as unknown as { statement: string; facts: unknown },
      );
      expect([f1.statement, f2.statement, sentenceOf(claims[0].content)]).toEqual(
        Array.from({ length: 3 }, () => cited(cites)),
      );
      expect([f3.statement, f2.facts, f3.facts]).toEqual([
        cites,
        [["compared", "a and b"]],
        [["times", "4"]],
      ]);
      const logs = await db.selectFrom("log").selectAll().execute();
      const work = await db.selectFrom("work").selectAll().execute();
      const found = (id: string) => logs.find((log) => log.id === id)!;
      expect(found(read)).toMatchObject({
        account: "Read 3 rows = 2 kept + 1 rejected.",
        notes: ["Taken as: case = a."],
        quoting: { account, notes: kinds[0][3] },
      });
      expect(found(table)).toMatchObject({ account: "Read 7 rows.", notes: [] });
      expect(work.find(({ id }) => id === read)!.result).toEqual({
        logId: read,
        account: "Read 3 rows = 2 kept + 1 rejected.",
      });
      const { error, error_quoting: whole } = work.find(({ id }) => id === refused)!;
      expect(error).toMatchObject({ code: "no-rows", message: expect.stringContaining("(no-rows)") });
      expect(whole).toContain("Maria Canary-7431");
      const told = [
        ...logs.map(({ quoting: _own, ...log }) => log),
        ...work.map(({ error_quoting: _own, ...one }) => one),
      ];
      expect(JSON.stringify(told)).not.toContain("Canary");
    } finally {
      await older.remove();
    }
  });

  it("comes up to date from any earlier schema, with what it holds", async () => {
    const older = await freshDatabase(kind);
    try {
      const { db } = older;
      const organisationId = await transact(db, (trx) => addOrganisation(trx, "Older"));
      expect(["0001-first", ...Object.keys(UNDONE)]).toEqual(Object.keys(migrations));
      const columns = async () =>
        (
          await sql<{ name: string }>`
            select table_name || '.' || column_name as name from information_schema.columns
            where table_schema = 'public'
            union all select tgname::text from pg_trigger where not tgisinternal
            order by 1`.execute(db)
        ).rows;
      const whole = await columns();
      // back to each earlier version: without what later ones have added, and without the note that they did
      for (const version of Object.keys(UNDONE).reverse()) {
        await goBackBefore(db, version);
        // one that changes rows alone takes no column back
        if (UNDONE[version].length > 0) expect(await columns()).not.toEqual(whole);
        await migrate(db);
        expect(await columns()).toEqual(whole);
        expect((await organisationOf(db, organisationId))?.name).toBe("Older");
      }
    } finally {
      await older.remove();
    }
  });

  it("what was accepted before ends were said keeps who accepted it and why, from the decision that was logged with it", async () => {
    const older = await freshDatabase(kind);
    try {
      const { db } = older;
      await goBackBefore(db, "0006-acceptances");
      await sql
        .raw(
          `
        with org as (insert into organisation (id, name, secret) values ('00000000-0000-4000-8000-000000000001', 'O', 's') returning id),
          process as (insert into process (id, organisation_id, name) select '00000000-0000-4000-8000-000000000002', id, 'P' from org returning id, organisation_id),
          tool as (insert into implementation (id, organisation_id, name, state, made_by) select '00000000-0000-4000-8000-000000000003', id, 'T', 'planned', 'person:a' from org returning id),
          gap as (insert into gap (id, organisation_id, implementation_id, process_id, key, content, state, opened_at, accepted_at)
            select '00000000-0000-4000-8000-000000000004', process.organisation_id, tool.id, process.id, 'step A', '{"title": "A", "about": ["A"]}', 'accepted', '2026-10-01', '2026-11-01T10:00:00Z' from process, tool returning id, implementation_id, organisation_id)
        insert into implementation_decision (id, organisation_id, implementation_id, gap_id, kind, text, made_by, made_by_name, made_at)
          select '00000000-0000-4000-8000-000000000005', organisation_id, implementation_id, id, 'decision', 'We live with it.', 'person:a', 'Ana', '2026-11-01T10:00:00Z'::timestamptz from gap`,
        )
        .execute(db);
      await migrate(db);
      const [gap] = await gapsOfImplementation(
        db,
        "00000000-0000-4000-8000-000000000001",
        "00000000-0000-4000-8000-000000000003",
        new Date("2030-01-01"),
      );
      expect(gap).toMatchObject({
        state: "accepted",
        accepted_by_name: "Ana",
        accepted_because: "We live with it.",
        accepted_until: null,
      });
    } finally {
      await older.remove();
    }
  });

  it("has the tables that schema.txt shows: what a migration changes stands in its difference", async () => {
    const { rows } = await sql<{ line: string }>`
      select table_name || '.' || column_name || ' ' || udt_name || case is_nullable when 'NO' then ' not null' else '' end
        || coalesce(' default ' || column_default, '') as line
      from information_schema.columns where table_schema = 'public' and table_name not like 'migration%'
      union all
      select regexp_replace(indexdef, ' USING btree', '') from pg_indexes where schemaname = 'public' and tablename not like 'migration%'
      union all
      select replace(pg_get_triggerdef(oid), 'public.', '') from pg_trigger where not tgisinternal
      union all
      select conrelid::regclass || ': ' || pg_get_constraintdef(oid) from pg_constraint
      where connamespace = 'public'::regnamespace and contype in ('c', 'f') and conrelid::regclass::text not like 'migration%'
      order by 1`.execute(database.db);
    // the two sort capitals differently
    const lines = rows.map(({ line }) => line).sort();
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("schema.txt");
  });

  it("counts come as numbers, instants as dates, JSON as what it is", async () => {
    const { rows } = await sql<
      Record<string, unknown>
    >`select count(*) as n, 12345678901::int8 as big, '2025-01-02T03:04:05.678Z'::timestamptz as at, '{"a":[1]}'::jsonb as j, true as b, 0.5::float8 as f`.execute(
      database.db,
    );
    expect(rows[0]).toEqual({
      n: 1,
      big: 12345678901,
      at: new Date("2025-01-02T03:04:05.678Z"),
      j: { a: [1] },
      b: true,
      f: 0.5,
    });
  });
});

test("two processes on one directory: the second is refused and told who has it", async () => {
  const database = await freshDatabase("embedded");
  await expect(openDatabase(database.directory, undefined)).rejects.toThrow(
    new RegExp(`in use by another Plumbline \\(process ${process.pid} on .*DATABASE_URL`),
  );
  await database.close();
  const again = await openDatabase(database.directory, undefined); // a lock that was given back is free
  await again.close();
  await database.remove();
});
