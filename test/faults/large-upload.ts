// Uploads a large file over HTTP, breaks the line at 90 %, kills the server with -9, and goes on where it
// stood; then compares what is kept with what was sent, hash for hash. Usage: node
// test/faults/large-upload.ts [--gib 5]
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openBlobs } from "../../src/store/blobs.ts";
import { openDatabase } from "../../src/store/database.ts";
import { partsOf } from "../../src/store/uploads.ts";
import { launch, prepare } from "./processes.ts";

const { values } = parseArgs({ options: { gib: { type: "string", default: "5" } } });
const bytes = Math.round(Number(values.gib) * 2 ** 30);
const TUS = { "tus-resumable": "1.0.0" };
const CHUNK = 1 << 20;

/** The chunk of the file at a place: always the same for the same place, and never twice the same. */
function chunkAt(at: number): Buffer {
  const chunk = Buffer.alloc(Math.min(CHUNK, bytes - at), "plumbline ");
  for (let i = 0; i + 8 <= chunk.length; i += 4096) chunk.writeDoubleLE(at + i, i);
  return chunk;
}

/** Sends from `offset` on, and breaks the line at `until`; resolves when the line is closed. */
async function send(
  url: string,
  headers: Record<string, string>,
  offset: number,
  until: number,
): Promise<number | undefined> {
  return new Promise((done) => {
    const sent = request(
      url,
      {
        method: "PATCH",
        headers: {
          ...headers,
          ...TUS,
          "upload-offset": String(offset),
          "content-type": "application/offset+octet-stream",
          "content-length": String(bytes - offset),
        },
      },
      (response) => {
        response.resume();
        response.on("end", () => done(response.statusCode));
      },
    );
    sent.on("error", () => done(undefined));
    void (async () => {
      for (let at = offset; at < bytes; at += CHUNK - (at % CHUNK)) {
        if (at >= until) return sent.destroy();
        const whole = chunkAt(at - (at % CHUNK));
        if (!sent.write(whole.subarray(at % CHUNK)))
          await new Promise((drained) => sent.once("drain", drained));
      }
      sent.end();
    })();
  });
}

const root = mkdtempSync(join(tmpdir(), "plumbline-large-"));
const { bavail, bsize } = statfsSync(root);
if (bavail * bsize < bytes * 1.5) console.log(`skipped: ${values.gib} GiB do not fit on this disk`);
else {
  const place = { directory: join(root, "data"), url: undefined };
  const { organisation, headers } = await prepare(place);
  let server = await launch("serve", place, { PLUMBLINE_UPLOAD_LIMIT: String(bytes) });
  const began = performance.now();
  const begun = await fetch(`${server.address}/api/organisations/${organisation}/uploads`, {
    method: "POST",
    headers: { ...headers, ...TUS, "upload-length": String(bytes) },
  });
  const id = begun.headers.get("location")!.split("/").at(-1)!;
  const url = () => `${server.address}/api/organisations/${organisation}/uploads/${id}`;
  const stands = async () =>
    Number((await fetch(url(), { method: "HEAD", headers })).headers.get("upload-offset"));
  const broken = Math.floor(bytes * 0.9);
  await send(url(), headers, 0, broken);
  for (let i = 0; i < 100 && (await stands()) < broken - CHUNK; i++)
    await new Promise((again) => setTimeout(again, 50));
  const after = await stands();
  if (after < broken - 32 * CHUNK || after > broken + CHUNK)
    throw new Error(`broken at ${broken}, and ${after} is kept`);
  await server.kill();
  server = await launch("serve", place, { PLUMBLINE_UPLOAD_LIMIT: String(bytes) });
  const again = await stands();
  if (again !== after) throw new Error(`LOST: ${after} was acknowledged, ${again} is there after kill -9`);
  const status = await send(url(), headers, again, Infinity);
  if (status !== 204) throw new Error(`the rest was answered with ${status}`);
  const seconds = (performance.now() - began) / 1000;
  const peak = /VmHWM:\s+(\d+)/.exec(
    (await import("node:fs")).readFileSync(`/proc/${server.child.pid}/status`, "utf8"),
  )![1];
  await server.kill("SIGTERM");
  const wanted = createHash("sha256");
  for (let at = 0; at < bytes; at += CHUNK) wanted.update(chunkAt(at));
  const kept = createHash("sha256");
  const { db, close } = await openDatabase(place.directory, undefined);
  const blobs = openBlobs(place.directory, undefined);
  for (const key of await partsOf(db, id))
    for await (const part of await blobs.read(key)) kept.update(part as Buffer);
  await close();
  if (kept.digest("hex") !== wanted.digest("hex")) throw new Error("what is kept is not what was sent");
  console.log(
    `${values.gib} GiB: the line broke at 90 % (${after} bytes kept), the server was killed, the rest followed; ${seconds.toFixed(0)} s in all, the same hash; memory of the server at most ${Math.round(Number(peak) / 1024)} MiB`,
  );
}
rmSync(root, { recursive: true, force: true });
