import { transact, type Db, type Trx } from "./database.ts";
import type { SaidImplementation } from "./implementations.ts";
import type { OrganisationSettings } from "./organisations.ts";
import type { ProcessSettings } from "./processes.ts";
import type { Promised } from "./promises.ts";
import { addToTrail } from "./trail.ts";
import { WORK_ENDS, type WorkEnd } from "./states.ts";
import { WORK_KINDS, type WorkKind, type WorkResults } from "./work.ts";

/**
 * What an act is about, as the trail names it: `process ID`, `finding ID`. An organisation stands by its id
 * alone, and what only words can name (an address, a name) as these words.
 */
export type About =
  | "organisation"
  | "person"
  | "process"
  | "finding"
  | "implementation"
  | "log"
  | "token"
  | "upload"
  | "work"
  | "words";

/**
 * One act that the trail keeps: the words in which it does, what it is about, and (as a type alone) what
 * details it keeps.
 */
export interface Act<D extends object> {
  words: string;
  about: About;
  /** only a type: no act holds details */
  details?: D;
}

/**
 * An act that keeps these details. Its words may change; entries of earlier words stay as they were hashed.
 */
const keeps = <D extends object>(words: string, about: About): Act<D> => ({ words, about });
/** An act that its subject says all of. */
const plain = (words: string, about: About): Act<never> => ({ words, about });

const people = {
  "sign in": plain("signed in", "person"),
  "sign in with a second factor": plain("signed in with a second factor", "person"),
  "sign in with the company's account": plain("signed in with the company's account", "person"),
  "sign out": plain("signed out", "person"),
  "change a password": plain("password changed", "person"),
  "set a new password": plain("set a new password", "person"),
  "replace a password by the company's account": plain(
    "password replaced by the company's account",
    "person",
  ),
  "add a second factor": plain("second factor added", "person"),
  "remove a second factor": plain("second factor removed", "person"),
  "lock an account": keeps<{ until: string }>("account locked", "person"),
  "become admin": keeps<{ role: "admin" }>("became admin", "person"),
  invite: keeps<{ role: string; until: string | null }>("invited", "words"),
  "take an invitation back": plain("took an invitation back", "words"),
  "accept an invitation": keeps<{ role: string }>("accepted an invitation", "person"),
  "change a role": keeps<{ from: string; to: string; until: string | null }>("changed a role", "person"),
  "end a membership": keeps<{ role: string }>("ended a membership", "person"),
  "make a link for a new password": plain("made a link for a new password", "person"),
  "make a token": keeps<{ name: string; role: string; expiresAt: string }>("made a token", "token"),
  "revoke a token": plain("revoked a token", "token"),
};

const organisations = {
  "add an organisation": plain("added the organisation", "words"),
  "add the sample organisation": keeps<{ seed: number }>("added the sample organisation", "organisation"),
  "change an organisation": keeps<{ name?: string; settings?: OrganisationSettings }>(
    "changed the organisation",
    "organisation",
  ),
  "export the trail": keeps<{ format: "csv" | "jsonl" }>("exported the trail", "organisation"),
  "remove replaced evidence": keeps<{ files: string[]; months: number }>(
    "removed replaced evidence",
    "organisation",
  ),
};

const evidence = {
  "begin an upload": keeps<{ name: string; bytes: number }>("began an upload", "upload"),
  "remove an upload": plain("removed an upload", "upload"),
  "want an import": keeps<{ uploadId: string; file: string; importId: string }>("wanted an import", "work"),
  "cancel work": plain("cancelled work", "work"),
  "look at names in a log": keeps<{ people: number; processId: string }>("looked at names", "log"),
};

const processes = {
  "add a process": keeps<{ name: string }>("added a process", "process"),
  "change a process": keeps<{ name?: string; settings?: ProcessSettings }>("changed a process", "process"),
  "remove a process": keeps<{ name: string }>("removed a process", "process"),
  "add a description": keeps<{ number: number }>("added a description", "process"),
  "sign a description off": keeps<{ number: number }>("signed a description off", "process"),
  "answer a question": keeps<{ question: number }>("answered a question", "process"),
  "release answers": keeps<{ released: number }>("released answers", "process"),
};

const findings = {
  "change a finding": keeps<{
    state?: "open" | "accepted";
    owner?: string | null;
    remedy?: string | null;
    processId: string;
  }>("changed a finding", "finding"),
  "confirm a finding": keeps<{ processId: string }>("reviewed a finding: confirmed", "finding"),
  "call a finding a false alarm": keeps<{ processId: string }>("reviewed a finding: false alarm", "finding"),
  "look at names in a finding": keeps<{ people: number; processId: string }>("looked at names", "finding"),
};

const judgements = {
  "want an audit": keeps<{ workId: string }>("wanted an audit", "process"),
  "confirm a task": keeps<{
    step: string;
    task: string | null;
    undo: string | null;
    activities: string[];
    suggested: object | null;
    confirmation: string;
  }>("confirmed a task", "process"),
  "override the gate": keeps<{
    step: string;
    reason: string;
    until: string;
    verdict: string;
    override: string;
  }>("overrode the gate", "process"),
  "end an override": keeps<{ override: string }>("ended an override of the gate", "process"),
};

const implementations = {
  "add an implementation": keeps<SaidImplementation>("added an implementation", "implementation"),
  "change an implementation": keeps<SaidImplementation>("changed an implementation", "implementation"),
  "remove an implementation": plain("removed an implementation", "implementation"),
  "change a gap": keeps<{ gap: string; owner?: string | null; decideBy?: string | null }>(
    "changed a gap",
    "implementation",
  ),
  "note about gaps": keeps<GapsNoted>("noted what becomes of gaps", "implementation"),
  "note a meeting": keeps<GapsNoted>("noted a meeting", "implementation"),
  "register a promise": keeps<Promised & { promise: string }>("registered a promise", "implementation"),
  "withdraw a promise": keeps<{ promise: string }>("withdrew a promise", "implementation"),
  "countersign an inventory": keeps<{ judgement: string; note: string; hash: string; signature: string }>(
    "countersigned an inventory",
    "implementation",
  ),
  "send the weekly brief": keeps<{ recipients: number; refused: number; from: string; to: string }>(
    "sent the weekly brief",
    "organisation",
  ),
};

/** What somebody noted, the gaps that it was about, what became of them, and the ids of the notes. */
interface GapsNoted {
  kind: string;
  text: string;
  gaps: string[];
  gapBecomes?: string;
  until?: string;
  notes: string[];
}

/** How a piece of work ended, in the words of its kind: `audit done`, `import failed`. */
const endings = Object.fromEntries(
  WORK_KINDS.flatMap((kind) =>
    WORK_ENDS.map((state) => [`${kind} ${state}`, keeps<object>(`${kind} ${state}`, "work")]),
  ),
) as { [K in WorkKind as `${K} done`]: Act<WorkResults[K]> } & {
  [N in `${WorkKind} ${Exclude<WorkEnd, "done">}`]: Act<{ code: string; message: string }>;
};

/** Every act of the trail. A new one is a line here, and nothing else reaches the trail. */
export const acts = {
  ...people,
  ...organisations,
  ...evidence,
  ...processes,
  ...findings,
  ...judgements,
  ...implementations,
  ...endings,
};

/** The list, by the name of each act. */
export type Acts = typeof acts;
/** The name of an act: what somebody does, in the imperative. */
export type ActName = keyof Acts;

type DetailsOf<N extends ActName> = Acts[N] extends Act<infer D> ? D : never;

/** One entry of an act: the id (or the words) of what it is about, and the details that it keeps. */
export type Entry<N extends ActName> = { about: string; details?: object } & ([DetailsOf<N>] extends [never]
  ? { details?: undefined }
  : { details: DetailsOf<N> });

/** Whose trail an entry stands in, and who did it: `person:ID`, `token:ID` or `plumbline`. */
export interface Doer {
  organisationId: string;
  actor: string;
}

/** What Plumbline does of itself. */
export const plumbline = (organisationId: string): Doer => ({ organisationId, actor: "plumbline" });

/**
 * Writes an act down, in the transaction in which it was done, as the last thing there: whoever writes to the
 * same trail waits for it.
 */
export async function noteAct<N extends ActName>(
  trx: Trx,
  { organisationId, actor }: Doer,
  name: N,
  { about, details }: Entry<N>,
  now: Date,
): Promise<void> {
  const { words, about: kind }: Act<object> = acts[name];
  const subject = kind === "organisation" || kind === "words" ? about : `${kind} ${about}`;
  await addToTrail(trx, { organisationId, actor, act: words, subject, details }, now);
}

/** What an act needs of the server, and who does it. */
interface Acting {
  database: { db: Db };
  now(): Date;
}
interface Member {
  organisationId: string;
  who: { actor: string };
}

/**
 * Does something in one transaction with its entry in the trail: both are there, or neither. `work` does it
 * with the instant at which it is done, and returns what the entry says and, as `answer`, what the caller is
 * given. Whatever `work` throws undoes all of it; it may be run again where the database ended the
 * transaction for another one's sake.
 */
export function act<N extends ActName, T>(
  { database, now }: Acting,
  { organisationId, who }: Member,
  name: N,
  work: (trx: Trx, now: Date) => Promise<Entry<N> & { answer?: T }>,
): Promise<T> {
  const at = now();
  return transact(database.db, async (trx) => {
    const done = await work(trx, at);
    await noteAct(trx, { organisationId, actor: who.actor }, name, done, at);
    return done.answer as T;
  });
}
