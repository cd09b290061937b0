import { writeFileSync } from "node:fs";
import { InputError } from "../input-error.ts";

/** Writes a file that an option names. Throws InputError where that cannot be done. */
export function writeOutput(path: string, option: string, content: string): void {
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
