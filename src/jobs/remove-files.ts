import { sql } from "kysely";
import type { Blobs } from "../store/blobs.ts";
import type { Trx } from "../store/database.ts";
import type { Wanted } from "../store/work.ts";
import { defineJob } from "./job.ts";

interface Input {
  prefixes: string[];
}

/** Removes blobs that no row names any more. Doing so twice does no harm. */
export const removeFiles = defineJob<Input, { removed: number }>({
  kind: "remove files",
  what: "removes files that nothing needs any more",
  minutes: () => 60,

  async prepare(_, work) {
    return work.input as unknown as Input;
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
export async function removeAll(blobs: Blobs, prefix: string): Promise<number> {
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
 * Takes everything of a process out of the database, with the uploads that only it has used, and says which files go with it. The trail keeps what was done.
 */
export async function removeProcess(
  trx: Trx,
  organisationId: string,
  processId: string,
  requestedBy: string,
): Promise<{ name: string; files: Wanted } | undefined> {
  const work = await trx.selectFrom("work").select("id").where("process_id", "=", processId).execute();
  const uploads = await trx
    .selectFrom("log")
    .select("upload_id")
    .distinct()
    .where("process_id", "=", processId)
    .where("organisation_id", "=", organisationId)
    .execute();
  const removed = await trx
    .deleteFrom("process")
    .where("organisation_id", "=", organisationId)
    .where("id", "=", processId)
    .returning("name")
    .executeTakeFirst();
  if (!removed) return undefined;
  const prefixes = await removeUploads(
    trx,
    uploads.map(({ upload_id }) => upload_id),
  );
  return {
    name: removed.name,
    files: {
      organisationId,
      kind: "remove files",
      input: {
        prefixes: [...prefixes, ...work.flatMap(({ id }) => foldersOfWork(organisationId, id))],
      },
      requestedBy,
    },
  };
}

/** Takes uploads that no log uses and no import is about to read out of the database; returns where their files lie. */
export async function removeUploads(trx: Trx, uploads: string[]): Promise<string[]> {
  if (uploads.length === 0) return [];
  const removed = await trx
    .deleteFrom("upload")
    .where("id", "in", uploads)
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom("log").select("log.id").whereRef("log.upload_id", "=", "upload.id"))),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("work")
            .select("work.id")
            .where("work.kind", "=", "import")
            .where("work.state", "in", ["waiting", "running"])
            .where(sql<boolean>`work.input->>'uploadId' = upload.id::text`),
        ),
      ),
    )
    .returning(["id", "organisation_id"])
    .execute();
  return removed.map(({ id, organisation_id }) => `${organisation_id}/uploads/${id}/`);
}
