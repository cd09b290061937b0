import { createWriteStream } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Computing } from "./job.ts";

/**
 * The blobs behind one another as one file on this machine, under the name that it came with, so that
 * messages call it by that. One that lies here as a file is not copied.
 */
export async function localFile(at: Computing, keys: readonly string[], name: string): Promise<string> {
  const path = join(at.temporary, fileName(name));
  await mkdir(at.temporary, { recursive: true });
  const there = keys.length === 1 ? at.blobs.pathOf(keys[0]) : undefined;
  if (there) {
    await symlink(resolve(there), path);
    return path;
  }
  const { blobs } = at;
  const content = async function* () {
    for (const key of keys) yield* await blobs.read(key);
  };
  await pipeline(Readable.from(content()), createWriteStream(path));
  return path;
}

/** The last part of a name that somebody gave a file, without what means something to a file system. */
export function fileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1)!;
  // oxlint-disable-next-line no-control-regex
  const harmless = last.replaceAll(/[\u0000-\u001f\u007f<>:"|?*]/g, "_").replace(/^\.+/, "");
  // file systems count bytes: the end of the name says what it is
  let short = harmless.toWellFormed();
  while (Buffer.byteLength(short) > 180) short = short.slice(1).toWellFormed();
  return short || "file";
}
