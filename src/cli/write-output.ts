import { realpathSync, writeFileSync } from "node:fs";
import { InputError } from "../input-error.ts";

/**
 * Writes a file that an option names. Throws InputError where that cannot be done, or where it would
 * overwrite one of the inputs.
 */
export function writeOutput(
  path: string,
  option: string,
  content: string | Uint8Array,
  inputs: readonly string[] = [],
): void {
  const place = whereItIs(path);
  if (place !== undefined && inputs.some((input) => whereItIs(input) === place)) {
    throw new InputError(
      "unwritable",
      path,
      `${option}: ${path} is the input file and would be overwritten. Choose another place.`,
    );
  }
  try {
    writeFileSync(path, content);
  } catch (cause) {
    throw new InputError(
      "unwritable",
      path,
      `${path} cannot be written: ${(cause as Error).message}. Choose another place for ${option}.`,
      { cause },
    );
  }
}

function whereItIs(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined; // not there yet
  }
}
