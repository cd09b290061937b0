import { transact, type Db, type Trx } from "../store/database.ts";
import { addToTrail } from "../store/trail.ts";
import type { Queue } from "./queue.ts";
import { foldersOfWork, removeUploads } from "./remove-files.ts";

const DAY_MS = 86_400_000;
/** An upload that nobody has sent a byte of for so long, and that no log uses, was given up. */
const GIVEN_UP_MS = 7 * DAY_MS;

/** Removes what was given up or has expired: uploads that were never imported, sessions, and links. Several servers may do so at once. */
export async function tidy(db: Db, queue: Queue, now: Date): Promise<void> {
  await transact(db, async (trx) => {
    const old = await trx
      .selectFrom("upload")
      .select(["id", "organisation_id"])
      .where("changed_at", "<", new Date(now.getTime() - GIVEN_UP_MS))
      .where((eb) =>
        eb.not(eb.exists(eb.selectFrom("log").select("log.id").whereRef("log.upload_id", "=", "upload.id"))),
      )
      .limit(500)
      .forUpdate()
      .skipLocked()
      .execute();
    for (const organisationId of new Set(old.map(({ organisation_id }) => organisation_id))) {
      const prefixes = await removeUploads(
        trx,
        old.filter(({ organisation_id }) => organisation_id === organisationId).map(({ id }) => id),
      );
      if (prefixes.length > 0)
        await queue.want(trx, {
          organisationId,
          kind: "remove files",
          input: { prefixes },
          requestedBy: "plumbline",
        });
    }
    await removeReplaced(trx, queue, now);
    await trx.deleteFrom("session").where("expires_at", "<", now).execute();
    await trx.deleteFrom("verification").where("expires_at", "<", now).execute();
    await trx
      .deleteFrom("one_time_link")
      .where("expires_at", "<", new Date(now.getTime() - 30 * DAY_MS))
      .execute();
  });
}

const MONTH_MS = 30.44 * DAY_MS;

/** Removes evidence that a newer file of the same import has replaced, as long ago as its organisation says. Findings, reviews and the trail stay. */
async function removeReplaced(trx: Trx, queue: Queue, now: Date): Promise<void> {
  const organisations = await trx.selectFrom("organisation").select(["id", "settings"]).execute();
  for (const { id: organisationId, settings } of organisations) {
    const months = settings.keepEvidenceMonths;
    if (months === undefined) continue;
    const replaced = await trx
      .deleteFrom("log")
      .where("organisation_id", "=", organisationId)
      .where("made_at", "<", new Date(now.getTime() - months * MONTH_MS))
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom("log as newer")
            .select("newer.id")
            .whereRef("newer.import_id", "=", "log.import_id")
            .whereRef("newer.made_at", ">", "log.made_at"),
        ),
      )
      .returning(["id", "upload_id", "file"])
      .execute();
    if (replaced.length === 0) continue;
    const uploads = await removeUploads(trx, [...new Set(replaced.map(({ upload_id }) => upload_id))]);
    await queue.want(trx, {
      organisationId,
      kind: "remove files",
      input: { prefixes: [...uploads, ...replaced.flatMap(({ id }) => foldersOfWork(organisationId, id))] },
      requestedBy: "plumbline",
    });
    await addToTrail(
      trx,
      {
        organisationId,
        actor: "plumbline",
        act: "removed replaced evidence",
        subject: organisationId,
        details: { files: replaced.map(({ file }) => file).slice(0, 200), months },
      },
      now,
    );
  }
}
