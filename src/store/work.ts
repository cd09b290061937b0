import { randomUUID } from "node:crypto";
import { sql, type ColumnType, type Generated, type Selectable } from "kysely";
import { jsonText, storable, type Json, type MadeAt, type Maybe, type MaybeAt } from "./columns.ts";
import type { Db, Reader, Trx } from "./database.ts";
import { canMove, movedIn } from "./moves.ts";
import { workStates, type WorkEnd, type WorkState } from "./states.ts";

/** The kinds of background work; `jobs/` has one file for each. */
export const WORK_KINDS = ["import", "audit", "render", "remove files", "weekly brief"] as const;
/** A kind of background work. */
export type WorkKind = (typeof WORK_KINDS)[number];

/** What is asked of each kind of work. */
export interface WorkInputs {
  import: { uploadId: string; importId: string; options?: Record<string, string | boolean> };
  audit: { because: string };
  render: { auditId: string };
  "remove files": { prefixes: string[] };
  /** the week that it tells of */
  "weekly brief": { from: string; to: string };
}
/** What came of each kind of work that is done. */
export interface WorkResults {
  import: { logId: string; account: string };
  audit: { auditId: string; findings: number };
  render: { auditId: string };
  "remove files": { removed: number };
  "weekly brief": { sent: number; refused: number };
}

/**
 * Background work: what was asked, how far it is, what came of it. The queue only says whose turn it is; this
 * row says what is true.
 */
export interface WorkTable {
  id: string;
  organisation_id: string;
  process_id: Maybe<string>;
  kind: WorkKind;
  input: Json<WorkInputs[WorkKind]>;
  /** work with the same key is done once */
  once: Maybe<string>;
  state: Generated<WorkState>;
  /** how often it was begun; a runner whose attempt is not the last any more has lost it */
  attempt: Generated<number>;
  /** attempts that were stopped with their runner: they do not count against the work */
  given_back: Generated<number>;
  /** attempts that ended with an error of the program or the machine */
  failures: Generated<number>;
  progress: Generated<number>;
  doing: Generated<string>;
  runner: Maybe<string>;
  requested_by: string;
  requested_at: MadeAt;
  started_at: MaybeAt;
  ended_at: MaybeAt;
  changed_at: MadeAt;
  cancel_requested: Generated<boolean>;
  /** as anybody may read it: it quotes nothing of a file and names no place of the server */
  error: ColumnType<WorkError | null, string | null | undefined, string | null>;
  /**
   * the message of the error with the values that it quotes, for those who may add evidence; null where it
   * quotes none
   */
  error_quoting: Maybe<string>;
  result: ColumnType<WorkResults[WorkKind] | null, string | null | undefined, string | null>;
}

/** Why work failed, for people and for programs. */
export interface WorkError {
  code: string;
  message: string;
}

/** Work that somebody wants done. */
export type NewWork = { [K in WorkKind]: WantedOf<K> }[WorkKind];

interface WantedOf<K extends WorkKind> {
  organisationId: string;
  processId?: string;
  kind: K;
  input: WorkInputs[K];
  /** work with the same key is done once */
  once?: string;
  requestedBy: string;
}

/** A piece of work of one kind. */
export type WorkOf<K extends WorkKind> = Selectable<WorkTable> & { kind: K; input: WorkInputs[K] };

/**
 * Writes down work that is wanted; returns its id, or that of the same work where it is wanted or done
 * already.
 */
export async function addWork(trx: Trx, work: NewWork): Promise<{ id: string; added: boolean }> {
  const id = randomUUID();
  const added = await trx
    .insertInto("work")
    .values({
      id,
      organisation_id: work.organisationId,
      process_id: work.processId ?? null,
      kind: work.kind,
      input: jsonText(work.input),
      once: work.once ?? null,
      requested_by: work.requestedBy,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["organisation_id", "once"])
        .where("once", "is not", null)
        .where("state", "in", ["waiting", "running", "done"])
        .where("cancel_requested", "=", false)
        .doNothing(),
    )
    .returning("id")
    .executeTakeFirst();
  if (added) return { id, added: true };
  const same = await trx
    .selectFrom("work")
    .select("id")
    .where("organisation_id", "=", work.organisationId)
    .where("once", "=", work.once!)
    .where("state", "in", ["waiting", "running", "done"])
    .where("cancel_requested", "=", false)
    .executeTakeFirstOrThrow();
  return { id: same.id, added: false };
}

/** One piece of an organisation; undefined where there is none. */
export const workOf = (db: Reader, organisationId: string, id: string) =>
  db
    .selectFrom("work")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("id", "=", id)
    .executeTakeFirst();

/** How many other pieces of an organisation's work wait for their turn, beside one that was just added. */
export async function waitingOf(reader: Reader, organisationId: string): Promise<number> {
  const { n } = await reader
    .selectFrom("work")
    .select((eb) => eb.fn.countAll<number>().as("n"))
    .where("organisation_id", "=", organisationId)
    .where("state", "=", "waiting")
    .executeTakeFirstOrThrow();
  return Math.max(0, Number(n) - 1);
}

/** The database's clock: runners on several machines agree on it. */
const NOW = sql<Date>`now()`;

/**
 * A runner says every second that it is there. After this long without a word it is taken for dead; a clock
 * that jumped back must not keep it alive.
 */
const SILENT_SECONDS = 8;
const isSilent = sql<boolean>`abs(extract(epoch from now() - changed_at)) > ${sql.lit(SILENT_SECONDS)}`;

/**
 * Takes work to do it: what waits, or what a silent runner has begun. The attempt's number is what every
 * later word about it must name. Undefined when there is nothing to take.
 */
export const takeWork = (db: Db, id: string, runner: string) =>
  db
    .updateTable("work")
    .set((eb) => ({
      state: workStates.moves.take.to,
      attempt: eb("attempt", "+", 1),
      runner,
      progress: 0,
      doing: "",
      started_at: NOW,
      changed_at: NOW,
    }))
    .where("id", "=", id)
    .where(canMove("state", workStates, "take"))
    // what is begun already only from a runner that is silent
    .where((eb) => eb.or([eb("state", "!=", workStates.moves.take.to), isSilent]))
    .returningAll()
    .executeTakeFirst();

/**
 * Takes down work that should go on and about which nobody has said a word for half a minute: its queue entry
 * may be lost, its runner dead. It waits again, the oldest first, and is to be queued again.
 */
export async function reviveForgotten(db: Db): Promise<{ id: string; organisation_id: string }[]> {
  const rows = await db
    .updateTable("work")
    .set({ state: workStates.moves.revive.to, changed_at: NOW })
    .where("id", "in", (eb) =>
      eb
        .selectFrom("work")
        .select("id")
        .where(canMove("state", workStates, "revive"))
        .where(sql<boolean>`abs(extract(epoch from now() - changed_at)) > 30`)
        .orderBy("requested_at")
        .limit(20),
    )
    .returning(["id", "organisation_id", "requested_at"])
    .execute();
  return rows.sort((a, b) => a.requested_at.getTime() - b.requested_at.getTime());
}

/**
 * Says how far an attempt is; the answer is whether it should go on, was cancelled, or was lost to another
 * runner.
 */
export async function noteProgress(
  db: Reader,
  id: string,
  attempt: number,
  progress: number,
  doing: string,
): Promise<"go on" | "cancelled" | "lost"> {
  const row = await db
    .updateTable("work")
    .set({ progress, doing, changed_at: NOW })
    .where("id", "=", id)
    .where("attempt", "=", attempt)
    .where("state", "=", "running")
    .returning("cancel_requested")
    .executeTakeFirst();
  if (row === undefined) return "lost";
  return row.cancel_requested ? "cancelled" : "go on";
}

/** Gives back what a runner that is being stopped has begun. */
export async function giveBackWork(db: Db, id: string, attempt: number): Promise<void> {
  await db
    .updateTable("work")
    .set((eb) => ({
      state: workStates.moves["give back"].to,
      given_back: eb("given_back", "+", 1),
      progress: 0,
      doing: "",
      changed_at: NOW,
    }))
    .where("id", "=", id)
    .where("attempt", "=", attempt)
    .where(canMove("state", workStates, "give back"))
    .execute();
}

/** How an attempt ends: with which move. What is to be tried again waits. */
const ENDS = {
  done: "finish",
  failed: "fail",
  cancelled: "stop",
  "set aside": "set aside",
  waiting: "give back",
} as const satisfies Record<WorkEnd | "waiting", keyof typeof workStates.moves>;

/**
 * Ends an attempt, in the transaction that writes what came of it; false when the attempt has lost the work,
 * and nothing may be written.
 */
export async function endWork(
  trx: Reader,
  id: string,
  attempt: number,
  state: keyof typeof ENDS,
  outcome: { result?: WorkResults[WorkKind]; error?: WorkError; errorQuoting?: string } = {},
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("work")
    .set((eb) => ({
      state,
      failures: state === "waiting" ? eb("failures", "+", 1) : eb.ref("failures"),
      ended_at: state === "waiting" ? null : NOW,
      changed_at: NOW,
      ...(state === "done" ? { progress: 1, doing: "" } : {}),
      result: outcome.result ? jsonText(outcome.result) : null,
      error: outcome.error ? jsonText(outcome.error) : null,
      error_quoting: outcome.errorQuoting === undefined ? null : storable(outcome.errorQuoting),
    }))
    .where("id", "=", id)
    .where("attempt", "=", attempt)
    .where(canMove("state", workStates, ENDS[state]))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

const { cancel } = workStates.moves;

/**
 * Asks that work stops: what waits is cancelled at once, what runs stops at its next step. Undefined when it
 * has ended.
 */
export const cancelWork = (trx: Trx, organisationId: string, id: string) =>
  trx
    .updateTable("work")
    .set((eb) => ({
      cancel_requested: true,
      changed_at: NOW,
      state: movedIn("state", workStates, "cancel"),
      ended_at: eb
        .case()
        .when(canMove("state", workStates, "cancel"))
        .then(NOW)
        .else(null)
        .end(),
    }))
    .where("organisation_id", "=", organisationId)
    .where("id", "=", id)
    .where("state", "in", [...cancel.from, ...cancel.stays!])
    .returning(["id", "state"])
    .executeTakeFirst();

/**
 * Work of an organisation, newest first: what comes after a place of the list, one more than `limit`, which
 * says whether there is more.
 */
export const workPage = (
  db: Reader,
  about: { organisationId: string; state?: WorkState; processId?: string },
  after: [requestedAt: string, id: string] | undefined,
  limit: number,
) =>
  db
    .selectFrom("work")
    .selectAll()
    .where("organisation_id", "=", about.organisationId)
    .$if(about.state !== undefined, (q) => q.where("state", "=", about.state!))
    .$if(about.processId !== undefined, (q) => q.where("process_id", "=", about.processId!))
    .$if(after !== undefined, (q) =>
      q.where((eb) => eb(eb.refTuple("requested_at", "id"), "<", eb.tuple(new Date(after![0]), after![1]))),
    )
    .orderBy("requested_at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();

/** The ids of all work of a process, whatever became of it. */
export async function workOfProcess(db: Reader, processId: string): Promise<string[]> {
  const rows = await db.selectFrom("work").select("id").where("process_id", "=", processId).execute();
  return rows.map(({ id }) => id);
}

/** How many pieces of work wait for their turn, of all organisations. */
export async function countWaiting(db: Reader): Promise<number> {
  const { n } = await db
    .selectFrom("work")
    .select((eb) => eb.fn.countAll<number>().as("n"))
    .where("state", "=", "waiting")
    .executeTakeFirstOrThrow();
  return Number(n);
}

/**
 * Whether an audit of a process waits that nobody has begun yet. Whoever takes it to begin waits until this
 * transaction is through.
 */
export async function auditWaits(trx: Trx, processId: string): Promise<boolean> {
  const waiting = await trx
    .selectFrom("work")
    .select("id")
    .where("process_id", "=", processId)
    .where("kind", "=", "audit")
    .where("state", "=", "waiting")
    .where("attempt", "=", 0)
    .forUpdate()
    .execute();
  return waiting.length > 0;
}

/** Whether an import is about to read an upload. */
export async function importWaits(db: Reader, organisationId: string, uploadId: string): Promise<boolean> {
  const wanted = await db
    .selectFrom("work")
    .select("id")
    .where("organisation_id", "=", organisationId)
    .where("kind", "=", "import")
    .where("state", "in", ["waiting", "running"])
    .where(sql<boolean>`input @> ${JSON.stringify({ uploadId })}::jsonb`)
    .limit(1)
    .executeTakeFirst();
  return wanted !== undefined;
}

/** Whether this very attempt has ended the work: its files are named by rows then. */
export async function isDoneBy(db: Reader, id: string, attempt: number): Promise<boolean> {
  const row = await db
    .selectFrom("work")
    .select(["state", "attempt"])
    .where("id", "=", id)
    .executeTakeFirst();
  return row?.state === "done" && row.attempt === attempt;
}

/** Writes what came of work that this transaction has ended. */
export async function keepResult(trx: Trx, id: string, result: WorkResults[WorkKind]): Promise<void> {
  await trx
    .updateTable("work")
    .set({ result: jsonText(result) })
    .where("id", "=", id)
    .execute();
}
