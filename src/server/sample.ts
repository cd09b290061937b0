import { mkdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { randomUUID } from "node:crypto";
import { parseDescription } from "../description/read-description.ts";
import { simulate } from "../simulate/simulate.ts";
import { writeProcess } from "../simulate/write.ts";
import { transact } from "../store/database.ts";
import { addDescription } from "../store/descriptions.ts";
import { noteSample, sampleOrganisation } from "../store/installation.ts";
import { addOrganisation } from "../store/organisations.ts";
import { addProcess } from "../store/processes.ts";
import { addToTrail } from "../store/trail.ts";
import { addUpload, addUploadPart } from "../store/uploads.ts";
import type { Services } from "./context.ts";

const SEED = 1;
const BY = "plumbline";

/**
 * Adds the sample organisation, once: six processes with people, calendars and known leaks (simulated), their descriptions and records. What is wanted of it is read and audited in the background, as if somebody had
 * sent the files. The files stay in `folder`, with what was planted (truth.json). Returns whether it was added now.
 */
export async function addSample(services: Services, folder: string): Promise<boolean> {
  const { db } = services.database;
  const there = await sampleOrganisation(db);
  if (there) return false;
  await mkdir(folder, { recursive: true });
  const processes = simulate({ seed: SEED }).map((one) => ({
    name: one.plan.name,
    ...writeProcess(folder, one, SEED),
  }));
  const files: {
    process: string;
    path: string;
    kind: "events" | "records";
    name: string;
    tag: string;
    blob: string;
    bytes: number;
    uploadId: string;
  }[] = [];
  const organisationId = randomUUID();
  for (const one of processes) {
    for (const path of [...one.records, one.log]) {
      const [name, tag = ""] = basename(path, ".csv").split("@");
      const uploadId = randomUUID();
      const content = await readFile(path);
      const blob = `${organisationId}/uploads/${uploadId}/0`;
      await services.blobs.put(blob, content);
      const events = path === one.log;
      files.push({
        process: one.name,
        path,
        kind: events ? "events" : "records",
        name: events ? "events" : name,
        tag,
        blob,
        bytes: content.length,
        uploadId,
      });
    }
  }
  const texts = new Map<string, string>();
  for (const one of processes) texts.set(one.name, await readFile(one.description, "utf8"));
  await transact(db, async (trx) => {
    await addOrganisation(trx, "Sample organisation", {}, organisationId);
    await noteSample(trx, organisationId);
    for (const [name, text] of texts) {
      const processId = await addProcess(trx, organisationId, name);
      await addDescription(trx, {
        organisationId,
        processId,
        text,
        content: parseDescription(text, "description.yaml").description,
        madeBy: BY,
      });
      for (const file of files.filter(({ process }) => process === name)) {
        const uploadId = await addUpload(
          trx,
          organisationId,
          BY,
          basename(file.path),
          file.bytes,
          file.uploadId,
        );
        await addUploadPart(trx, uploadId, { at_byte: 0, bytes: file.bytes, blob: file.blob });
        const sourceId = randomUUID();
        await trx
          .insertInto("source")
          .values({
            id: sourceId,
            organisation_id: organisationId,
            process_id: processId,
            kind: file.kind,
            name: file.name,
            tag: file.tag,
          })
          .execute();
        await services.queue.want(trx, {
          organisationId,
          processId,
          kind: "import",
          input: { uploadId, sourceId },
          requestedBy: BY,
        });
      }
    }
    await addToTrail(
      trx,
      {
        organisationId,
        actor: BY,
        act: "added the sample organisation",
        subject: organisationId,
        details: { seed: SEED },
      },
      services.now(),
    );
  });
  return true;
}
