import type { Blobs } from "../store/blobs.ts";
import type { Trx } from "../store/database.ts";
import { uploadsOfProcess } from "../store/logs.ts";
import { removeProcessRow } from "../store/processes.ts";
import { removeUnusedUploads } from "../store/uploads.ts";
import { workOfProcess, type NewWork } from "../store/work.ts";
import { defineJob } from "./job.ts";

interface Input {
  prefixes: string[];
}

/** Removes blobs that no row names any more. Doing so twice does no harm. */
export const removeFiles = defineJob<Input, { removed: number }>()({
  kind: "remove files",
  what: "removes files that nothing needs any more",
  minutes: () => 60,

  async prepare(_, work) {
    return work.input;
  },

  async compute({ prefixes }, { blobs, progress }) {
    let removed = 0;
    for (const [i, prefix] of prefixes.entries()) {
      removed += await removeAll(blobs, prefix);
      progress(i / prefixes.length, "removing files");
    }
    return { removed };
  },

  async finish(_, __, result) {
    return { result };
  },
});

/** Removes every blob whose key begins with a prefix; returns how many there were. */
async function removeAll(blobs: Blobs, prefix: string): Promise<number> {
  let removed = 0;
  for await (const key of blobs.list(prefix)) {
    await blobs.remove(key);
    removed++;
  }
  return removed;
}

/** Where the attempts of a piece of work write: `…-1/`, `…-2/` and so on. */
export const foldersOfWork = (organisationId: string, workId: string): string[] => [
  `${organisationId}/logs/${workId}-`,
  `${organisationId}/audits/${workId}-`,
];

/**
 * Takes everything of a process out of the database, with the uploads that only it has used, and says which
 * files go with it. The trail keeps what was done.
 */
export async function removeProcess(
  trx: Trx,
  organisationId: string,
  processId: string,
  requestedBy: string,
): Promise<{ name: string; files: NewWork } | undefined> {
  const work = await workOfProcess(trx, processId);
  const uploads = await uploadsOfProcess(trx, organisationId, processId);
  const name = await removeProcessRow(trx, organisationId, processId);
  if (name === undefined) return undefined;
  const prefixes = await removeUploads(trx, uploads);
  return {
    name,
    files: {
      organisationId,
      kind: "remove files",
      input: {
        prefixes: [...prefixes, ...work.flatMap((id) => foldersOfWork(organisationId, id))],
      },
      requestedBy,
    },
  };
}

/**
 * Takes uploads that no log uses and no import is about to read out of the database; returns where their
 * files lie.
 */
export async function removeUploads(trx: Trx, uploads: readonly string[]): Promise<string[]> {
  const removed = await removeUnusedUploads(trx, uploads);
  return removed.map(({ id, organisation_id }) => `${organisation_id}/uploads/${id}/`);
}
