import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { FoundGap } from "../implementations/gaps.ts";
import { jsonText, type At, type Json, type Maybe, type MaybeAt, type Version } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";
import { canMove, movedIn } from "./moves.ts";
import { gapStates, type GapState } from "./states.ts";

/** What the last audit that saw a gap said of it. */
export type GapContent = Omit<FoundGap, "key">;

/**
 * What stands between an implementation and a process that it touches: found by audits, closed by them, and
 * lived with by people.
 */
export interface GapTable {
  id: string;
  organisation_id: string;
  implementation_id: string;
  process_id: string;
  /** the same from audit to audit */
  key: string;
  /** what the last audit that saw it said of it */
  content: Json<GapContent>;
  /** who sees to it, and by when it must be decided, where somebody said so */
  owner: Maybe<string>;
  decide_by: Maybe<string>;
  state: GapState;
  opened_at: At;
  accepted_at: MaybeAt;
  /**
   * the name of who lives with it, as it was then, why, and the last day on which they do; after it the gap
   * is open again. Null where no end was said
   */
  accepted_by_name: Maybe<string>;
  accepted_because: Maybe<string>;
  accepted_until: Maybe<string>;
  closed_at: MaybeAt;
  version: Version;
}

/**
 * All of an implementation as they stand on a day, the open ones first, in the order in which they were
 * found. What somebody accepted until an earlier day is open again.
 */
export const gapsOfImplementation = (
  db: Reader,
  organisationId: string,
  implementationId: string,
  today: Date,
) => {
  const hasEnded = sql<boolean>`(${canMove("state", gapStates, "lapse")} and accepted_until < ${today.toISOString().slice(0, 10)}::date)`;
  const state = sql<GapState>`case when ${hasEnded} then ${gapStates.moves.lapse.to} else state end`;
  return (
    db
      .selectFrom("gap")
      .selectAll()
      // a date as it is written, whatever the clock of this machine
      .select([
        sql<string | null>`to_char(decide_by, 'YYYY-MM-DD')`.as("decide_by"),
        sql<string | null>`to_char(accepted_until, 'YYYY-MM-DD')`.as("accepted_until"),
        sql<Date | null>`case when ${hasEnded} then null else accepted_at end`.as("accepted_at"),
        state.as("state"),
        hasEnded.as("acceptance_ended"),
      ])
      .where("organisation_id", "=", organisationId)
      .where("implementation_id", "=", implementationId)
      .orderBy(sql`array_position(array[${sql.join(gapStates.states)}], ${state})`)
      .orderBy("opened_at")
      .orderBy("key")
      .execute()
  );
};

/**
 * Keeps what an audit found between an implementation and a process: new gaps open, those it no longer sees
 * close, those that come back open anew. What people accepted stays accepted while it is there.
 */
export async function keepGaps(
  trx: Trx,
  about: { organisationId: string; implementationId: string; processId: string; at: Date },
  found: readonly FoundGap[],
): Promise<void> {
  const { organisationId, implementationId, processId, at } = about;
  const rows = [...new Map(found.map((gap) => [gap.key, gap])).values()];
  rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  const mine = trx
    .selectFrom("gap")
    .select(["id", "content"])
    .where("implementation_id", "=", implementationId)
    .where("process_id", "=", processId);
  const seen = rows.map(({ key }) => key);
  const away = await (seen.length > 0 ? mine.where("key", "not in", seen) : mine)
    .where(canMove("state", gapStates, "vanish"))
    .execute();
  // a step that is in the way under another key was not closed: the gap has only become another
  const still = new Set(rows.flatMap(({ about: names }) => names));
  const isMoved = ({ content }: (typeof away)[number]) =>
    (content.about ?? []).some((name) => still.has(name));
  await removeGaps(
    trx,
    away.filter(isMoved).map(({ id }) => id),
  );
  const gone = away.filter((row) => !isMoved(row));
  if (gone.length > 0)
    await trx
      .updateTable("gap")
      .set((eb) => ({ state: gapStates.moves.vanish.to, closed_at: at, version: eb("version", "+", 1) }))
      .where(
        "id",
        "in",
        gone.map(({ id }) => id),
      )
      .execute();
  for (const { key, ...content } of rows)
    await trx
      .insertInto("gap")
      .values({
        id: randomUUID(),
        organisation_id: organisationId,
        implementation_id: implementationId,
        process_id: processId,
        key,
        content: jsonText(content),
        state: "open",
        opened_at: at,
      })
      .onConflict((conflict) =>
        conflict.columns(["implementation_id", "process_id", "key"]).doUpdateSet((eb) => ({
          content: eb.ref("excluded.content"),
          opened_at: eb
            .case()
            .when(canMove("gap.state", gapStates, "appear"))
            .then(eb.ref("excluded.opened_at"))
            .else(eb.ref("gap.opened_at"))
            .end(),
          closed_at: null,
          state: movedIn("gap.state", gapStates, "appear"),
          version: eb
            .case()
            .when(canMove("gap.state", gapStates, "appear"))
            .then(eb("gap.version", "+", 1))
            .else(eb.ref("gap.version"))
            .end(),
        })),
      )
      .execute();
}

/** Changes who sees to a gap that is at `version`, and by when; false when it changed in between. */
export async function changeGap(
  trx: Trx,
  organisationId: string,
  id: string,
  version: number,
  change: { owner?: string | null; decide_by?: string | null },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("gap")
    .set((eb) => ({ ...change, version: eb("version", "+", 1) }))
    .where("organisation_id", "=", organisationId)
    .where("id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Who lives with a gap from when on, why, and the last day on which they do. */
export interface Acceptance {
  at: Date;
  by: string;
  because: string;
  until: string;
}

/**
 * Accepts a gap that is at `version`, or opens it again (null); false when it changed in between, or the move
 * is not allowed from its state.
 */
export async function acceptGap(
  trx: Trx,
  organisationId: string,
  id: string,
  version: number,
  acceptance: Acceptance | null,
): Promise<boolean> {
  const move = acceptance ? "accept" : "reopen";
  const { numUpdatedRows } = await trx
    .updateTable("gap")
    .set((eb) => ({
      state: gapStates.moves[move].to,
      accepted_at: acceptance?.at ?? null,
      accepted_by_name: acceptance?.by ?? null,
      accepted_because: acceptance?.because ?? null,
      accepted_until: acceptance?.until ?? null,
      version: eb("version", "+", 1),
    }))
    .where("organisation_id", "=", organisationId)
    .where("id", "=", id)
    .where("version", "=", version)
    .where(canMove("state", gapStates, move))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Removes gaps that people have talked away by saying something else of the implementation: they were not
 * closed.
 */
export async function removeGaps(trx: Trx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await trx.deleteFrom("gap").where("id", "in", ids).execute();
}
