import { closeSync, createReadStream, existsSync, openSync, readSync, statSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { Unzip, UnzipInflate, type UnzipFile } from "fflate";
import { InputError, reason } from "../input-error.ts";

/** A file opened for reading, with what its first bytes say about it. */
export interface OpenedFile {
  path: string;
  size: number;
  packing: "none" | "gzip" | "zip";
  /** the first decompressed bytes, at most 1 MiB */
  head: Uint8Array;
  /** the whole decompressed content, in order; may be read once */
  blocks(onProgress?: (share: number) => void): AsyncIterable<Uint8Array>;
}

/** Bytes a compressed file may grow to: 1 GiB, or 200 times its size where that is more. */
export function expansionLimit(compressedSize: number): number {
  return Math.max(1 << 30, compressedSize * 200);
}

const HEAD = 1 << 20;
const BLOCK = 4 << 20;

/**
 * Opens a file, looking through gzip and zip (whichever its name says, the first bytes decide). A zip must
 * hold one data file. Throws InputError for a path that is missing, a directory, unreadable or
 * empty, and, while reading, for damaged archives and ones that grow beyond `expansionLimit`.
 */
export async function openBytes(path: string): Promise<OpenedFile> {
  const size = checkReadable(path);
  const magic = readStart(path, 4);
  const gzip = magic[0] === 0x1f && magic[1] === 0x8b;
  const zip = magic[0] === 0x50 && magic[1] === 0x4b && magic[2] === 3 && magic[3] === 4;
  const packing = gzip ? "gzip" : zip ? "zip" : "none";
  const blocks = (onProgress?: (share: number) => void) =>
    packing === "gzip"
      ? gunzipBlocks(path, size, onProgress)
      : packing === "zip"
        ? unzipBlocks(path, size, onProgress)
        : fileBlocks(path, size, onProgress);

  let head = packing === "none" ? readStart(path, HEAD) : new Uint8Array(0);
  if (packing === "gzip" || (packing === "zip" && !isWorkbook(path, size))) {
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const block of blocks()) {
      parts.push(block);
      length += block.length;
      if (length >= HEAD) break;
    }
    head = Buffer.concat(parts).subarray(0, HEAD);
    if (head.length === 0)
      throw new InputError(
        "empty-file",
        path,
        `${path} holds no data: the file inside the archive is empty.`,
      );
  }
  return { path, size, packing, head, blocks };
}

/** A workbook is a zip of many parts and is not looked through. */
function isWorkbook(path: string, size: number): boolean {
  const start = Buffer.from(readAt(path, 0, Math.min(size, 4096)));
  const end = Buffer.from(readAt(path, Math.max(0, size - 65_536), 65_536));
  return start.includes("[Content_Types].xml") || end.includes("xl/workbook.xml");
}

function checkReadable(path: string): number {
  if (!existsSync(path))
    throw new InputError("no-such-file", path, `There is no file ${path}. Check the path.`);
  const stat = statSync(path);
  if (stat.isDirectory())
    throw new InputError("is-directory", path, `${path} is a directory. Name one file in it.`);
  if (!stat.isFile())
    throw new InputError(
      "not-a-file",
      path,
      `${path} is not an ordinary file. Save the data to a file first.`,
    );
  try {
    closeSync(openSync(path, "r"));
  } catch (cause) {
    throw new InputError(
      "unreadable",
      path,
      `${path} cannot be read: ${(cause as Error).message}. Check its permissions.`,
      { cause },
    );
  }
  if (stat.size === 0)
    throw new InputError("empty-file", path, `${path} is empty (0 bytes). Export it again.`);
  return stat.size;
}

/** The first `most` bytes of a file, as they lie on disk. */
export function readStart(path: string, most: number): Uint8Array {
  return readAt(path, 0, most);
}

/** Up to `most` bytes of a file from `offset`. */
export function readAt(path: string, offset: number, most: number): Uint8Array {
  const file = openSync(path, "r");
  try {
    const bytes = new Uint8Array(most);
    let length = 0;
    for (;;) {
      const count = readSync(file, bytes, length, most - length, offset + length);
      if (count === 0 || (length += count) === most) break;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

async function* fileBlocks(path: string, size: number, onProgress?: (share: number) => void) {
  let done = 0;
  for await (const block of createReadStream(path, { highWaterMark: BLOCK }) as AsyncIterable<Buffer>) {
    yield block;
    onProgress?.((done += block.length) / size);
  }
}

async function* gunzipBlocks(path: string, size: number, onProgress?: (share: number) => void) {
  const file = createReadStream(path, { highWaterMark: 256 << 10 });
  const gunzip = createGunzip({ chunkSize: 1 << 20 });
  file.on("error", (error) => gunzip.destroy(error));
  file.pipe(gunzip);
  const limit = expansionLimit(size);
  let length = 0;
  try {
    for await (const block of gunzip as AsyncIterable<Buffer>) {
      length += block.length;
      if (length > limit) throw tooLarge(path, limit);
      yield block;
      onProgress?.(Math.min(1, file.bytesRead / size));
    }
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw damaged(path, "gzip", length, cause);
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}

async function* unzipBlocks(path: string, size: number, onProgress?: (share: number) => void) {
  const limit = expansionLimit(size);
  const ready: Uint8Array[] = [];
  const names: string[] = [];
  let failure: unknown;
  let length = 0;
  let finished = false;
  const unzip = new Unzip((entry: UnzipFile) => {
    if (entry.name.endsWith("/") || /(^|\/)(\.|__MACOSX)/.test(entry.name)) return;
    names.push(entry.name);
    if (names.length > 1) return;
    entry.ondata = (error, block, final) => {
      if (error) failure = error;
      else {
        length += block.length;
        if (block.length > 0) ready.push(block);
        finished ||= final;
      }
    };
    entry.start();
  });
  unzip.register(UnzipInflate);

  let done = 0;
  // Small steps: one step's output is held in memory before the limit is looked at.
  for await (const block of createReadStream(path, { highWaterMark: 64 << 10 }) as AsyncIterable<Buffer>) {
    done += block.length;
    try {
      unzip.push(block, done >= size);
    } catch (cause) {
      failure = cause;
    }
    if (failure) throw damaged(path, "zip", length, failure);
    if (length > limit) throw tooLarge(path, limit);
    if (names.length > 1) {
      const message = `${path} holds more than one file (${names.slice(0, 5).join(", ")}, …). Unpack it and name the file to read.`;
      throw new InputError("many-files", path, message);
    }
    while (ready.length > 0) yield ready.shift()!;
    onProgress?.(done / size);
  }
  if (names.length === 0)
    throw new InputError("empty-archive", path, `${path} is a zip archive without a file in it.`);
  if (!finished) throw damaged(path, "zip", length, new Error("the archive ends early"));
}

function damaged(path: string, kind: string, length: number, cause: unknown): InputError {
  return new InputError(
    "damaged-archive",
    path,
    `${path}: the ${kind} archive is damaged or cut off after ${length} bytes of content (${reason(cause)}). Copy or export the file again.`,
    { cause },
  );
}

function tooLarge(path: string, limit: number): InputError {
  return new InputError(
    "archive-too-large",
    path,
    `${path} grows to more than ${(limit / 2 ** 30).toFixed(0)} GiB when unpacked, over 200 times its size, which no real log does. If it is genuine, unpack it and name the unpacked file.`,
  );
}
