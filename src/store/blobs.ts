import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { randomUUID } from "node:crypto";
import { InputError } from "../input-error.ts";
import { noteOwnPlace } from "./places.ts";
import { syncPath } from "./synced-files.ts";
import { S3Blobs } from "./s3-blobs.ts";

/**
 * Where large things are kept: files as they came, columns of logs, reports. A blob is written once, whole,
 * and never changed; its key is `ORGANISATION/KIND/ID`. What `put` has acknowledged is there after a crash or
 * a loss of power.
 */
export interface Blobs {
  /**
   * Keeps what comes from a stream or buffer; returns its length. A stream that breaks leaves nothing, with
   * `keepBroken` what had come.
   */
  put(key: string, content: AsyncIterable<Uint8Array> | Uint8Array, options?: PutOptions): Promise<number>;
  /** Throws when there is none. */
  read(key: string): Promise<Readable>;
  /** A file with the blob, where it lies on this machine; undefined where it must be read. */
  pathOf(key: string): string | undefined;
  remove(key: string): Promise<void>;
  /** Removes what was begun and never finished before an instant: a process was killed while it wrote. */
  removeUnfinished(before: Date): Promise<void>;
  /** every key that begins with `prefix` */
  list(prefix: string): AsyncIterable<string>;
}

/** How a stream is kept that breaks, or is longer than it may be. */
export interface PutOptions {
  /** when the stream breaks, keep what came of it; `put` then returns that length */
  keepBroken?: boolean;
  /** at most so many bytes; more is a RangeError */
  limit?: number;
}

/**
 * The blobs that the settings name: a folder, by default in the data directory, or an S3-compatible store
 * (`s3://KEY:SECRET@HOST:PORT/BUCKET`).
 */
export function openBlobs(directory: string, address: string | undefined): Blobs {
  noteOwnPlace(directory);
  if (!address) return new FolderBlobs(join(directory, "blobs"));
  if (/^s3(\+http)?:\/\//.test(address)) return new S3Blobs(address, join(directory, "spool"));
  if (/^\w+:\/\//.test(address))
    throw new InputError(
      "wrong-blob-store",
      "PLUMBLINE_BLOBS",
      `PLUMBLINE_BLOBS: expected a folder, or s3://KEY:SECRET@HOST/BUCKET, got an address that begins with "${address.slice(0, address.indexOf(":"))}:".`,
    );
  noteOwnPlace(address);
  return new FolderBlobs(address);
}

const KEY = /^[0-9a-zA-Z][\w.-]*(\/[0-9a-zA-Z][\w.-]*)*$/;

/** Keys are made here, never taken from a request as they come; still none may leave its folder. */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new RangeError(`not a key of a blob: ${key}`);
  return key;
}

/** Blobs as files in a folder of this machine, or one that several machines share. */
class FolderBlobs implements Blobs {
  readonly #folder: string;
  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(
    key: string,
    content: AsyncIterable<Uint8Array> | Uint8Array,
    options: PutOptions = {},
  ): Promise<number> {
    const path = join(this.#folder, checkKey(key));
    await mkdirSynced(dirname(path));
    const spool = join(this.#folder, UNFINISHED);
    await mkdirSynced(spool);
    const unfinished = join(spool, randomUUID());
    try {
      const bytes = await writeSynced(unfinished, content, options);
      await rename(unfinished, path);
      syncPath(dirname(path));
      return bytes;
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  async read(key: string): Promise<Readable> {
    const path = join(this.#folder, checkKey(key));
    await stat(path);
    return createReadStream(path, { highWaterMark: 1 << 20 });
  }

  pathOf(key: string): string {
    return join(this.#folder, checkKey(key));
  }

  async remove(key: string): Promise<void> {
    await rm(join(this.#folder, checkKey(key)), { force: true });
  }

  removeUnfinished(before: Date): Promise<void> {
    return removeOlder(join(this.#folder, UNFINISHED), before);
  }

  async *list(prefix: string): AsyncIterable<string> {
    // only the folder that the prefix names
    const folder = join(this.#folder, checkedFolder(prefix));
    if (!existsSync(folder)) return;
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const key = join(entry.parentPath, entry.name).slice(this.#folder.length + 1);
      if (entry.isFile() && key.startsWith(prefix) && !key.startsWith(".")) yield key;
    }
  }
}

/** Beside the blobs, so that a finished one only needs another name. */
const UNFINISHED = ".unfinished";

/** Removes the files of a folder that were last written before an instant. */
export async function removeOlder(folder: string, before: Date): Promise<void> {
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtime } = await stat(path).catch(() => ({ mtime: new Date() }));
    if (mtime < before) await rm(path, { force: true });
  }
}

/** The folder that all keys with a prefix lie in. */
function checkedFolder(prefix: string): string {
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1).replace(/\/$/, "");
  return folder === "" ? "" : checkKey(folder);
}

/** Makes a folder whose entry, and that of each folder above it that is new, is on the disk. */
async function mkdirSynced(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) syncPath(dirname(made));
}

/**
 * Writes a file and syncs it. Returns its length; a stream that breaks is an error, or with `keepBroken` the
 * end.
 */
export async function writeSynced(
  path: string,
  content: AsyncIterable<Uint8Array> | Uint8Array,
  { keepBroken = false, limit = Infinity }: PutOptions = {},
): Promise<number> {
  const file = await open(path, "wx", 0o600);
  let bytes = 0;
  try {
    const chunks = content instanceof Uint8Array ? [content] : content;
    const reading = (async function* () {
      try {
        yield* chunks;
      } catch (error) {
        if (!keepBroken) throw error;
      }
    })();
    for await (const chunk of reading) {
      if (bytes + chunk.length > limit) throw new RangeError(`more than ${limit} bytes`);
      // a nearly full disk takes a part of what it is given, and says no more than how much
      for (let at = 0; at < chunk.length;)
        at += (await file.write(chunk, at, chunk.length - at)).bytesWritten;
      bytes += chunk.length;
    }
    await file.sync();
    const { size } = await file.stat();
    if (size !== bytes) throw new Error(`${path}: ${bytes} bytes were written, ${size} are there`);
    return bytes;
  } finally {
    await file.close();
  }
}

/** A blob whole in memory: for what is known to be small, or wanted whole. */
export async function readWhole(blobs: Blobs, key: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await blobs.read(key)) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
