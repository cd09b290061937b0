import type { Blobs } from "../store/blobs.ts";
import type { Db, Trx } from "../store/database.ts";
import type { NewWork, WorkKind, WorkOf, WorkResults } from "../store/work.ts";

export type Work<K extends WorkKind = WorkKind> = WorkOf<K>;

/**
 * What the computing part of a job has: blobs and a directory of its own that is removed after it, but no
 * database.
 */
export interface Computing {
  blobs: Blobs;
  temporary: string;
  /** says how far it is, 0 to 1, and what it does */
  progress(share: number, doing: string): void;
}

/**
 * One kind of background work, in three parts. `prepare` gathers from the database what is needed; `compute`
 * works on it in a process of its own, which may be killed at any point; `finish` writes what came of it, in
 * the transaction that ends the work. So whatever happens, the work is either done once or not at all, and
 * may be begun again.
 */
export interface Job<K extends WorkKind = WorkKind, Input = unknown, Computed = unknown> {
  kind: K;
  /** what it does, for people */
  what: string;
  /** how long its computing may take before it is ended, in minutes: generous for what real files take */
  minutes(input: Input): number;
  prepare(db: Db, work: Work<K>, now: Date): Promise<Input>;
  compute(input: Input, at: Computing): Promise<Computed>;
  finish(
    trx: Trx,
    work: Work<K>,
    computed: Computed,
    now: Date,
  ): Promise<{ result: WorkResults[K]; next?: NewWork[] }>;
}

/** Gives a job its types; the list of all of them has none. */
export const defineJob =
  <Input, Computed>() =>
  <K extends WorkKind>(job: Job<K, Input, Computed>): Job =>
    job as unknown as Job;
