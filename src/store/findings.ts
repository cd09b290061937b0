import type { Generated } from "kysely";
import type { Finding } from "../audit/finding.ts";
import { latestAudit } from "./audits.ts";
import { jsonText, storable, type Json, type Maybe, type Version } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";
import { canMove, movedIn } from "./moves.ts";
import { findingStates, type FindingState } from "./states.ts";

/** What the last audit that saw a finding says of it; its cases and records are a file of that audit. */
export type FindingContent = Omit<Finding, "caseIds" | "records">;

/**
 * A finding of a process through its audits: what was last seen of it, and what people made of it. Its cases
 * are a blob of the audit.
 */
export interface FindingTable {
  organisation_id: string;
  process_id: string;
  id: string;
  detector: string;
  subject: string;
  content: Json<FindingContent>;
  kind: Maybe<string>;
  currency: Maybe<string>;
  money: Maybe<number>;
  /** place in the last audit's order */
  rank: number;
  state: Generated<FindingState>;
  owner: Maybe<string>;
  remedy: Maybe<string>;
  version: Version;
  first_audit: string;
  last_audit: string;
}

/** One finding of a process; undefined where there is none. */
export const findingOf = (db: Reader, organisationId: string, processId: string, id: string) =>
  db
    .selectFrom("finding")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .where("id", "=", id)
    .executeTakeFirst();

/**
 * Changes what people say of a finding that is at `version`, and makes a move; false when somebody else
 * changed it in between, or the move is not allowed from its state.
 */
export async function changeFinding(
  trx: Trx,
  organisationId: string,
  processId: string,
  id: string,
  version: number,
  change: { move?: "accept" | "reopen"; owner?: string | null; remedy?: string | null },
): Promise<boolean> {
  const { move, ...said } = change;
  const { numUpdatedRows } = await trx
    .updateTable("finding")
    .set((eb) => ({
      ...said,
      ...(move === undefined ? {} : { state: movedIn("state", findingStates, move) }),
      version: eb("version", "+", 1),
    }))
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .where("id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Makes the move that a review of a finding is, whatever others have changed of it meanwhile; returns its
 * state.
 */
export async function moveReviewed(
  trx: Trx,
  processId: string,
  id: string,
  move: "confirm" | "refute",
): Promise<FindingState> {
  const { state } = await trx
    .updateTable("finding")
    .set((eb) => ({ state: movedIn("state", findingStates, move), version: eb("version", "+", 1) }))
    .where("process_id", "=", processId)
    .where("id", "=", id)
    .returning("state")
    .executeTakeFirstOrThrow();
  return state;
}

/**
 * Findings of a process in the order of its last audit, by default those that it saw: those after a place of
 * the list, one more than `limit`, which says whether there are more.
 */
export const findingsPage = (
  db: Reader,
  about: { organisationId: string; processId: string; state?: FindingState; detector?: string },
  after: [rank: number, id: string] | undefined,
  limit: number,
) =>
  db
    .selectFrom("finding")
    .selectAll()
    .where("organisation_id", "=", about.organisationId)
    .where("process_id", "=", about.processId)
    .$if(about.state === undefined, (q) => q.where("last_audit", "=", latestAudit(db, about.processId)))
    .$if(about.state !== undefined, (q) => q.where("state", "=", about.state!))
    .$if(about.detector !== undefined, (q) => q.where("detector", "=", about.detector!))
    .$if(after !== undefined, (q) =>
      q.where((eb) => eb(eb.refTuple("rank", "id"), ">", eb.tuple(after![0], after![1]))),
    )
    .orderBy("rank")
    .orderBy("id")
    .limit(limit + 1)
    .execute();

/**
 * Findings of a process that an audit between two instants was the first to see, in the order of its last
 * audit.
 */
export const firstSeenBetween = (db: Reader, processId: string, from: Date, to: Date) =>
  db
    .selectFrom("finding")
    .innerJoin("audit", "audit.id", "finding.first_audit")
    .select("finding.content")
    .where("finding.process_id", "=", processId)
    .where("audit.at", ">", from)
    .where("audit.at", "<=", to)
    .orderBy("finding.rank")
    .execute();

/**
 * Findings go on from audit to audit under their id: new ones are added, known ones renewed, with what people
 * said of them left as it is; those of which the audit found that they are gone (`fixed`) become so.
 */
export async function keepFindings(
  trx: Trx,
  about: { organisationId: string; processId: string; auditId: string },
  { findings, fixed }: { findings: readonly FindingContent[]; fixed: readonly string[] },
): Promise<void> {
  const rows = findings.map((finding, rank) => ({
    organisation_id: about.organisationId,
    process_id: about.processId,
    id: finding.id,
    detector: finding.detector,
    subject: storable(finding.subject),
    content: jsonText(finding),
    kind: finding.money?.kind ?? null,
    currency: finding.money?.currency ?? null,
    money: finding.money?.mid ?? null,
    rank,
    first_audit: about.auditId,
    last_audit: about.auditId,
  }));
  rows.sort((a, b) => (a.id < b.id ? -1 : 1)); // always in one order, so that two writers never wait for one another
  for (let i = 0; i < rows.length; i += 200) {
    await trx
      .insertInto("finding")
      .values(rows.slice(i, i + 200))
      .onConflict((conflict) =>
        conflict.columns(["process_id", "id"]).doUpdateSet((eb) => ({
          subject: eb.ref("excluded.subject"),
          content: eb.ref("excluded.content"),
          kind: eb.ref("excluded.kind"),
          currency: eb.ref("excluded.currency"),
          money: eb.ref("excluded.money"),
          rank: eb.ref("excluded.rank"),
          last_audit: eb.ref("excluded.last_audit"),
          state: movedIn("finding.state", findingStates, "appear"),
        })),
      )
      .execute();
  }
  if (fixed.length > 0) {
    await trx
      .updateTable("finding")
      .set((eb) => ({ state: findingStates.moves.vanish.to, version: eb("version", "+", 1) }))
      .where("process_id", "=", about.processId)
      .where("id", "in", fixed)
      .where(canMove("state", findingStates, "vanish"))
      .execute();
  }
}
