import { randomUUID } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { fileName } from "../../jobs/local-file.ts";
import { removeUploads } from "../../jobs/remove-files.ts";
import { act } from "../../store/acts.ts";
import { transact } from "../../store/database.ts";
import { isReadFrom } from "../../store/logs.ts";
import { addUpload, addUploadPart, uploadOf } from "../../store/uploads.ts";
import { importWaits } from "../../store/work.ts";
import { notThere, Problem } from "../problem.ts";
import { at, id, inOrganisation, route } from "../route.ts";

/**
 * Files come in by the tus protocol 1.0.0 (core, creation, termination): in as many requests as it takes,
 * each going on where the last one ended. What was acknowledged is kept: a part is a blob, synced, and its
 * row committed, before the offset says so. A long request is cut into parts, so that little is lost when the
 * server dies.
 */
const tag = "uploads";
const PART = 32 << 20;
/** A line that says nothing for so long is taken for broken: its place is for others. */
const LONGEST_SILENCE_MS = 90_000;
const tus = { "tus-resumable": "1.0.0", "cache-control": "no-store" };

function checkVersion(request: Request): void {
  const version = request.headers.get("tus-resumable");
  if (version !== "1.0.0")
    throw new Problem(
      412,
      "wrong-tus",
      `Tus-Resumable: expected 1.0.0, got ${version?.slice(0, 20) ?? "none"}.`,
      {
        headers: { "tus-version": "1.0.0" },
        where: "header.tus-resumable",
      },
    );
}

function wholeNumber(request: Request, header: string): number {
  const value = request.headers.get(header);
  if (value === null || !/^\d{1,15}$/.test(value))
    throw new Problem(
      400,
      "wrong-header",
      `${header}: expected a number of bytes, got ${value?.slice(0, 30) ?? "none"}.`,
      {
        where: `header.${header.toLowerCase()}`,
      },
    );
  return Number(value);
}

/** The file's name from Upload-Metadata (`filename BASE64, …`). */
function nameOf(request: Request): string {
  for (const pair of (request.headers.get("upload-metadata") ?? "").split(",")) {
    const [key, value = ""] = pair.trim().split(" ");
    if (key === "filename" || key === "name") return fileName(Buffer.from(value, "base64").toString("utf8"));
  }
  return "file";
}

export const uploadRoutes = [
  route({
    method: "options",
    path: "/uploads",
    access: "anybody",
    tag,
    summary: "What of the tus protocol is spoken here",
    answers: { 204: null },
    async handle({ services }) {
      return new Response(null, {
        status: 204,
        headers: {
          ...tus,
          "tus-version": "1.0.0",
          "tus-extension": "creation,termination",
          "tus-max-size": String(services.uploadLimit),
        },
      });
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/uploads",
    access: { right: "add evidence" },
    tag,
    summary: "Begin an upload: Upload-Length says how long the file is, Upload-Metadata its name",
    params: inOrganisation({}),
    answers: { 201: "text/plain" },
    async handle({ services, member, request }) {
      checkVersion(request);
      const bytes = wholeNumber(request, "Upload-Length");
      if (bytes > services.uploadLimit)
        throw new Problem(
          413,
          "too-large",
          `Upload-Length: expected at most ${services.uploadLimit} bytes, got ${bytes}. Export a shorter period, or compress the file; PLUMBLINE_UPLOAD_LIMIT of the server sets the limit.`,
          { headers: { "tus-max-size": String(services.uploadLimit) } },
        );
      const { organisationId, who } = member;
      const name = nameOf(request);
      const uploadId = await act(services, member, "begin an upload", async (trx) => {
        const made = await addUpload(trx, organisationId, who.actor, name, bytes);
        return { about: made, details: { name, bytes }, answer: made };
      });
      return new Response(null, {
        status: 201,
        headers: {
          ...tus,
          location: `${services.address}/api/organisations/${organisationId}/uploads/${uploadId}`,
          "upload-offset": "0",
        },
      });
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/uploads/{upload}",
    access: { right: "add evidence" },
    tag,
    summary: "How much of an upload is here (also as HEAD)",
    params: inOrganisation({ upload: id }),
    answers: { 200: z.object({ id, name: z.string(), bytes: z.int(), received: z.int(), madeAt: at }) },
    async handle({ services, member, params }) {
      const upload = await uploadOf(services.database.db, member.organisationId, params.upload);
      if (!upload) throw notThere("upload");
      const { id: own, name, bytes, received, made_at: madeAt } = upload;
      return new Response(JSON.stringify({ id: own, name, bytes, received, madeAt }), {
        headers: {
          ...tus,
          "content-type": "application/json",
          "upload-offset": String(received),
          "upload-length": String(bytes),
        },
      });
    },
  }),
  route({
    method: "patch",
    path: "/organisations/{org}/uploads/{upload}",
    access: { right: "add evidence" },
    tag,
    summary: "Send what follows at Upload-Offset",
    params: inOrganisation({ upload: id }),
    streams: "application/offset+octet-stream",
    answers: { 204: null },
    async handle({ services, member, params, request }) {
      checkVersion(request);
      if (request.headers.get("content-type") !== "application/offset+octet-stream")
        throw new Problem(415, "wrong-content", "Content-Type: expected application/offset+octet-stream.");
      const { organisationId, who } = member;
      const { database, blobs } = services;
      const upload = await uploadOf(database.db, organisationId, params.upload);
      if (!upload) throw notThere("upload");
      let offset = wholeNumber(request, "Upload-Offset");
      if (offset !== upload.received)
        throw new Problem(
          409,
          "wrong-offset",
          `Upload-Offset: expected ${upload.received}, got ${offset}. Ask with HEAD where to go on.`,
        );
      const leave = placeToUpload(who.actor);
      try {
        for await (const part of partsFrom(request.body, upload.bytes - offset)) {
          const blob = `${organisationId}/uploads/${upload.id}/${offset}-${randomUUID()}`;
          const bytes = await blobs.put(blob, part);
          const added =
            bytes > 0 &&
            (await transact(database.db, (trx) =>
              addUploadPart(trx, upload.id, { at_byte: offset, bytes, blob }),
            ));
          if (!added) await blobs.remove(blob);
          if (!added && bytes > 0)
            throw new Problem(
              409,
              "wrong-offset",
              "Another request sent this part before. Ask with HEAD where to go on.",
            );
          offset += bytes;
        }
      } finally {
        leave();
      }
      return new Response(null, { status: 204, headers: { ...tus, "upload-offset": String(offset) } });
    },
  }),
  route({
    method: "delete",
    path: "/organisations/{org}/uploads/{upload}",
    access: { right: "add evidence" },
    tag,
    summary: "Remove an upload that no import needs",
    params: inOrganisation({ upload: id }),
    answers: { 204: null },
    async handle({ services, member, params }) {
      const { organisationId, who } = member;
      const { database, queue } = services;
      const upload = await uploadOf(database.db, organisationId, params.upload);
      if (!upload) throw notThere("upload");
      await act(services, member, "remove an upload", async (trx) => {
        const isEvidence = await isReadFrom(trx, upload.id);
        if (await importWaits(trx, organisationId, upload.id))
          throw new Problem(409, "in-use", "This upload is about to be imported. Cancel the import first.");
        if (isEvidence)
          throw new Problem(
            409,
            "in-use",
            "This upload was imported: it is evidence. Remove the process to remove it.",
          );
        const prefixes = await removeUploads(trx, [upload.id]);
        await queue.enqueue(trx, {
          organisationId,
          kind: "remove files",
          input: { prefixes },
          requestedBy: who.actor,
        });
        return { about: upload.id };
      });
      return new Response(null, { status: 204, headers: tus });
    },
  }),
];

/**
 * A body as parts of some length, each to be read to its end before the next; what is in memory is a chunk. A
 * connection that breaks ends the part where it broke; what is too much is refused.
 */
async function* partsFrom(
  body: ReadableStream<Uint8Array> | null,
  most: number,
): AsyncGenerator<AsyncGenerator<Uint8Array>> {
  if (!body) return;
  const reader = body.getReader();
  let total = 0;
  const state: { next: Uint8Array | undefined } = { next: undefined };
  const read = async () => {
    // the other end is gone: what came is kept, and it asks where to go on
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<{ value: undefined }>((silent) => {
      timer = setTimeout(() => silent({ value: undefined }), LONGEST_SILENCE_MS);
    });
    const { value } = await Promise.race([reader.read().catch(() => ({ value: undefined })), silence]);
    clearTimeout(timer);
    if (value === undefined) void reader.cancel().catch(() => {});
    state.next = value;
    total += value?.length ?? 0;
    if (total > most)
      throw new Problem(
        413,
        "too-long",
        `The body: expected at most ${most} bytes, which is what Upload-Length leaves.`,
      );
  };
  async function* part() {
    for (let bytes = 0; state.next && bytes < PART;) {
      bytes += state.next.length;
      yield state.next;
      await read();
    }
  }
  await read();
  while (state.next) yield part();
}

const uploading = new Map<string, number>();

/**
 * Takes one of the places for requests that send at the same time; gives it back when the request has ended.
 */
function placeToUpload(actor: string): () => void {
  const own = uploading.get(actor) ?? 0;
  let all = 0;
  for (const count of uploading.values()) all += count;
  if (own >= 16 || all >= 200)
    throw new Problem(
      429,
      "too-many-uploads",
      "At most 16 uploads may be sent at once. Wait until one has ended.",
      {
        headers: { "retry-after": "5" },
      },
    );
  uploading.set(actor, own + 1);
  return () => {
    const left = (uploading.get(actor) ?? 1) - 1;
    if (left > 0) uploading.set(actor, left);
    else uploading.delete(actor);
  };
}
