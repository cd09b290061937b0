import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RIGHTS } from "../../src/server/rights.ts";
import { routes } from "../../src/server/routes/index.ts";
import {
  findingStates,
  gapStates,
  moved,
  pairsOf,
  refusalOf,
  WORK_ENDS,
  workStates,
  type States,
} from "../../src/store/states.ts";
import { freshDatabase, KINDS, missing } from "../databases.ts";

const tables: Record<string, States<string, string>> = {
  finding: findingStates,
  gap: gapStates,
  work: workStates,
};

describe.each(Object.entries(tables))("the states of a %s", (_, states) => {
  test("every state is entered or begun in, and every move begins and leads somewhere else", () => {
    const reached = new Set(pairsOf(states).map(([, to]) => to));
    expect(states.states.slice(1).filter((state) => !reached.has(state))).toEqual([]);
    for (const { from, to, stays = [] } of Object.values(states.moves)) {
      expect(from.some((state) => state !== to)).toBe(true);
      expect(from.filter((state) => stays.includes(state))).toEqual([]);
      for (const state of [...from, ...stays, to]) expect(states.states).toContain(state);
    }
  });

  test("a move that is not allowed is refused in words: what it is, from where the move is, what to do", () => {
    for (const move of Object.keys(states.moves))
      for (const from of states.states)
        if (moved(states, move, from) === undefined) {
          const words = refusalOf(states, move, from, "X");
          expect(words).toMatch(/^X is [a-z ]+, and can be [a-z ,]+ only while it is [a-z ]+\./);
        }
  });

  test("rights that moves need are rights that routes ask for", () => {
    const asked = new Set(routes.flatMap(({ access }) => (typeof access === "object" ? [access.right] : [])));
    for (const { who } of Object.values(states.moves))
      if (!["audit", "runner", "server", "clock"].includes(who)) {
        expect(RIGHTS).toHaveProperty([who]);
        expect(asked).toContain(who);
      }
  });
});

test("an audit finds each finding and gap in some state, and is refused in none", () => {
  for (const [states, moves] of [
    [findingStates, ["vanish", "appear"]],
    [gapStates, ["vanish", "appear"]],
  ] as const)
    for (const move of moves)
      for (const from of states.states)
        expect([from, moved(states as States<string, string>, move, from)]).not.toContain(undefined);
});

test("what has ended stays so", () => {
  const left = new Set(pairsOf(workStates).map(([from]) => from));
  expect(WORK_ENDS.filter((state) => left.has(state))).toEqual([]);
  expect(workStates.states.filter((state) => !left.has(state))).toEqual([...WORK_ENDS]);
});

describe.each(KINDS)("the states in %s", (kind) => {
  const it = test.skipIf(missing(kind) !== undefined);
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  const [organisation, process, tool, log] = Array.from({ length: 4 }, () => randomUUID());
  beforeAll(async () => {
    if (missing(kind) !== undefined) return;
    database = await freshDatabase(kind);
    for (const statement of [
      `insert into organisation (id, name, secret) values ('${organisation}', 'O', 's')`,
      `insert into process (id, organisation_id, name) values ('${process}', '${organisation}', 'P')`,
      `insert into implementation (id, organisation_id, name, state, made_by) values ('${tool}', '${organisation}', 'T', 'planned', 'p')`,
    ])
      await sql.raw(statement).execute(database.db);
  });
  afterAll(async () => database?.remove());

  /** A row of a table in a state. */
  const added: Record<string, (id: string, state: string) => string> = {
    finding: (id, state) =>
      `insert into finding (organisation_id, process_id, id, detector, subject, content, rank, state, first_audit, last_audit)
       values ('${organisation}', '${process}', '${id}', 'rework', 'A', '{}', 1, '${state}', '${log}', '${log}')`,
    gap: (id, state) =>
      `insert into gap (id, organisation_id, implementation_id, process_id, key, content, state, opened_at)
       values ('${id}', '${organisation}', '${tool}', '${process}', '${id}', '{}', '${state}', now())`,
    work: (id, state) =>
      `insert into work (id, organisation_id, kind, input, state, requested_by)
       values ('${id}', '${organisation}', 'audit', '{}', '${state}', 'p')`,
  };

  it.each(Object.keys(tables))(
    "the database lets a %s make the listed moves, and no other",
    async (table) => {
      const { db } = database;
      const states = tables[table];
      const allowed = pairsOf(states).map(([from, to]) => `${from} → ${to}`);
      const found: string[] = [];
      for (const from of states.states)
        for (const to of states.states) {
          if (from === to) continue;
          const id = randomUUID();
          await sql.raw(added[table](id, from)).execute(db);
          const change = sql`update ${sql.table(table)} set state = ${to} where id = ${id}`.execute(db);
          const error = await change.then(
            () => undefined,
            (refused: Error & { code?: string }) => refused,
          );
          if (!error) found.push(`${from} → ${to}`);
          else
            expect([error.code, error.message]).toEqual([
              "23514",
              `what is ${from} in ${table} does not become ${to}`,
            ]);
        }
      expect(found.sort()).toEqual([...new Set(allowed)].sort());
    },
  );

  it.each(Object.keys(tables))(
    "the database knows a %s in the listed states, and no other",
    async (table) => {
      const { db } = database;
      const { rows } = await sql<{ check: string }>`
      select pg_get_constraintdef(oid) as check from pg_constraint
      where conrelid = ${table}::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%state%'`.execute(
        db,
      );
      const listed = rows.flatMap(({ check }) =>
        [...check.matchAll(/'([^']+)'::text/g)].map(([, one]) => one),
      );
      expect(listed.sort()).toEqual([...tables[table].states].sort());
    },
  );
});
