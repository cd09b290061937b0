import { readFileSync, statSync } from "node:fs";
import { InputError } from "../input-error.ts";

/**
 * The bytes of a file that an option or argument names; `what` it is stands in messages. Throws InputError
 * where it cannot be read or is too large.
 */
export function readBytes(path: string, what: string, mostBytes: number): Uint8Array {
  let size: number;
  try {
    size = statSync(path).size;
    if (size <= mostBytes) return readFileSync(path);
  } catch (cause) {
    throw new InputError(
      "unreadable",
      path,
      `${path} (${what}) cannot be read: ${(cause as Error).message}. Check the path.`,
      { cause },
    );
  }
  throw new InputError(
    "too-large",
    path,
    `${path}: expected a ${what} of at most ${Math.round(mostBytes / 2 ** 20)} MiB, got ${Math.round(size / 2 ** 20)} MiB. Check that this is the ${what}, and not a log.`,
  );
}

/** As `readBytes`, as UTF-8 text without a byte order mark. */
export function readText(path: string, what: string, mostBytes = 4 << 20): string {
  return new TextDecoder().decode(readBytes(path, what, mostBytes));
}
