import { transact, type Db } from "../store/database.ts";
import type { Queue } from "./queue.ts";
import { removeUploads } from "./remove-files.ts";

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
    await trx.deleteFrom("session").where("expires_at", "<", now).execute();
    await trx.deleteFrom("verification").where("expires_at", "<", now).execute();
    await trx
      .deleteFrom("one_time_link")
      .where("expires_at", "<", new Date(now.getTime() - 30 * DAY_MS))
      .execute();
  });
}
