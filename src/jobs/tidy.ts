import { noteAct, plumbline } from "../store/acts.ts";
import { transact, type Db, type Trx } from "../store/database.ts";
import { removeReplacedLogs } from "../store/logs.ts";
import { removeLinksExpiredBefore } from "../store/one-time-links.ts";
import { allOrganisations } from "../store/organisations.ts";
import { removeExpiredSessions } from "../store/people.ts";
import { lockGivenUpUploads } from "../store/uploads.ts";
import type { Queue } from "./queue.ts";
import { foldersOfWork, removeUploads } from "./remove-files.ts";

const DAY_MS = 86_400_000;
/** An upload that nobody has sent a byte of for so long, and that no log uses, was given up. */
const GIVEN_UP_MS = 7 * DAY_MS;

/**
 * Removes what was given up or has expired: uploads that were never imported, sessions, and links. Several
 * servers may do so at once.
 */
export async function tidy(db: Db, queue: Queue, now: Date): Promise<void> {
  await transact(db, async (trx) => {
    const old = await lockGivenUpUploads(trx, new Date(now.getTime() - GIVEN_UP_MS));
    for (const organisationId of new Set(old.map(({ organisation_id }) => organisation_id))) {
      const prefixes = await removeUploads(
        trx,
        old.filter(({ organisation_id }) => organisation_id === organisationId).map(({ id }) => id),
      );
      if (prefixes.length > 0)
        await queue.enqueue(trx, {
          organisationId,
          kind: "remove files",
          input: { prefixes },
          requestedBy: "plumbline",
        });
    }
    await removeReplaced(trx, queue, now);
    await removeExpiredSessions(trx, now);
    await removeLinksExpiredBefore(trx, new Date(now.getTime() - 30 * DAY_MS));
  });
}

const MONTH_MS = 30.44 * DAY_MS;

/**
 * Removes evidence that a newer file of the same import has replaced, as long ago as its organisation says.
 * Findings, reviews and the trail stay.
 */
async function removeReplaced(trx: Trx, queue: Queue, now: Date): Promise<void> {
  for (const { id: organisationId, settings } of await allOrganisations(trx)) {
    const months = settings.keepEvidenceMonths;
    if (months === undefined) continue;
    const before = new Date(now.getTime() - months * MONTH_MS);
    const replaced = await removeReplacedLogs(trx, organisationId, before);
    if (replaced.length === 0) continue;
    const uploads = await removeUploads(trx, [...new Set(replaced.map(({ upload_id }) => upload_id))]);
    await queue.enqueue(trx, {
      organisationId,
      kind: "remove files",
      input: { prefixes: [...uploads, ...replaced.flatMap(({ id }) => foldersOfWork(organisationId, id))] },
      requestedBy: "plumbline",
    });
    const files = replaced.map(({ file }) => file).slice(0, 200);
    await noteAct(
      trx,
      plumbline(organisationId),
      "remove replaced evidence",
      { about: organisationId, details: { files, months } },
      now,
    );
  }
}
