import { randomUUID } from "node:crypto";
import { sql, type Generated } from "kysely";
import type { MadeAt } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** A file on its way in: it arrives in parts, each kept before it is acknowledged. */
export interface UploadTable {
  id: string;
  organisation_id: string;
  made_by: string;
  name: string;
  bytes: number;
  received: Generated<number>;
  made_at: MadeAt;
  changed_at: MadeAt;
}

/** A part of a file, and the blob that holds it. */
export interface UploadPartTable {
  upload_id: string;
  at_byte: number;
  bytes: number;
  blob: string;
}

/** Begins one; returns its id. */
export async function addUpload(
  trx: Trx,
  organisationId: string,
  madeBy: string,
  name: string,
  bytes: number,
  id: string = randomUUID(),
): Promise<string> {
  await trx
    .insertInto("upload")
    .values({ id, organisation_id: organisationId, made_by: madeBy, name, bytes })
    .execute();
  return id;
}

/** One of an organisation; undefined where there is none. */
export const uploadOf = (db: Reader, organisationId: string, id: string) =>
  db
    .selectFrom("upload")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("id", "=", id)
    .executeTakeFirst();

/** Adds a part where the upload stands at its first byte; false when another part came before. */
export async function addUploadPart(
  trx: Trx,
  uploadId: string,
  part: { at_byte: number; bytes: number; blob: string },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("upload")
    .set({ received: part.at_byte + part.bytes, changed_at: new Date() })
    .where("id", "=", uploadId)
    .where("received", "=", part.at_byte)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return false;
  await trx
    .insertInto("upload_part")
    .values({ upload_id: uploadId, ...part })
    .execute();
  return true;
}

/** The blobs that make up an upload, in order. */
export async function partsOf(db: Reader, uploadId: string): Promise<string[]> {
  const parts = await db
    .selectFrom("upload_part")
    .select("blob")
    .where("upload_id", "=", uploadId)
    .orderBy("at_byte")
    .execute();
  return parts.map(({ blob }) => blob);
}

/**
 * Uploads that nobody has sent a byte of since an instant and that no log was read from, at most 500, locked;
 * those that another transaction holds are left to it.
 */
export const lockGivenUpUploads = (trx: Trx, since: Date) =>
  trx
    .selectFrom("upload")
    .select(["id", "organisation_id"])
    .where("changed_at", "<", since)
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom("log").select("log.id").whereRef("log.upload_id", "=", "upload.id"))),
    )
    .limit(500)
    .forUpdate()
    .skipLocked()
    .execute();

/**
 * Takes uploads that no log was read from and no import is about to read out of the database; returns those
 * that it took.
 */
export async function removeUnusedUploads(
  trx: Trx,
  uploads: readonly string[],
): Promise<{ id: string; organisation_id: string }[]> {
  if (uploads.length === 0) return [];
  return trx
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
}
