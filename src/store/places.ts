import { readdirSync, realpathSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { normalize, resolve } from "node:path";
import { withoutValues, withValues } from "../input-error.ts";

/**
 * What a message says of this machine is for whoever runs it: others read the name that they gave a file.
 * `openBlobs` and `openDatabase` say where data lies, in every process and thread that works with it.
 */
const own = new Set<string>();

/** Notes that data lies here: from now on no message that leaves says so. */
export function noteOwnPlace(path: string): void {
  for (const form of [path, normalize(path), resolve(path), realOf(path)])
    if (form.length > 2) own.add(form.replace(/\/$/, ""));
}

const INSTALLATION = resolve(import.meta.dirname, "../..");
/**
 * Directories of the machine itself, whatever lies in them. A message that names a route of the API (/api/…)
 * names none.
 */
const ROOTS = new Set([
  "tmp",
  "home",
  "root",
  "usr",
  "var",
  "etc",
  "opt",
  "srv",
  "mnt",
  "proc",
  "run",
  "Users",
]);
for (const name of directories("/")) if (name !== "api") ROOTS.add(name);

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** What a path goes on with: up to a blank, or what stands behind a path in a sentence. */
const REST = "[^\\s\"'`,;:()<>\\uFDD0-\\uFDD3]*";
const SOMEWHERE = "a place of this server";
const ANY_PATH = new RegExp(
  `(?:file://)?(?<![\\w./:~-])/(?:${[...ROOTS].map(escaped).join("|")})/${REST}|\\b[A-Za-z]:\\\\${REST}`,
  "g",
);
/** An address with a name or a password in it: of a database, a blob store, a mail server. */
const ADDRESS = /\b[a-z][a-z0-9+]*:\/\/[^\s/"'@]+@[^\s"',;()<>]+/gi;

/**
 * A text without the places where this server keeps its data; a file in a temporary folder keeps the name
 * that somebody gave it.
 */
export function withoutOwnPlaces(text: string): string {
  let result = text;
  for (const path of own) {
    if (!result.includes(path)) continue;
    const root = escaped(path);
    const isAbsolute = path.startsWith("/");
    result = result
      .replaceAll(new RegExp(`(?:file://)?${root}/tmp/[0-9a-f-]{36}/(?:(?:\\d+|file)/)?`, "g"), "")
      .replaceAll(
        new RegExp(
          isAbsolute
            ? `(?:file://)?${root}(?:/${REST}|(?![\\w-]))`
            : `(?<![\\w/])${root}/(?:tmp|blobs|database|spool)${REST}`,
          "g",
        ),
        SOMEWHERE,
      );
  }
  return result;
}

/** A message without any path of this machine, and without addresses that hold a password. */
function withoutPlaces(message: string): string {
  let result = withoutOwnPlaces(message).replaceAll(ADDRESS, "an address of this server");
  for (const path of [process.cwd(), INSTALLATION, homedir(), tmpdir()])
    if (path.length > 3)
      result = result.replaceAll(
        new RegExp(`(?:file://)?${escaped(path)}(?:/${REST}|(?![\\w-]))`, "g"),
        SOMEWHERE,
      );
  return result.replaceAll(ANY_PATH, SOMEWHERE);
}

/**
 * A message as anybody may read it: without values out of somebody's file, and without places of this
 * machine.
 */
export const forAnybody = (message: string): string => withoutValues(withoutPlaces(message));

/** A message for those who may add evidence: with the values that it quotes. */
export const forEvidence = (message: string): string => withValues(withoutPlaces(message));

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function directories(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [] : [entry.name],
    );
  } catch {
    return [];
  }
}
