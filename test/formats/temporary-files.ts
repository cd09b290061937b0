import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { InputError, withValues } from "../../src/input-error.ts";

/** A directory that goes with the test file, and a way to put files into it. */
export function temporaryFiles(): {
  directory: string;
  file(content: string | Uint8Array, name?: string): string;
} {
  const directory = mkdtempSync(join(tmpdir(), "plumbline-test-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  let count = 0;
  return {
    directory,
    file(content, name = `file-${count++}`) {
      writeFileSync(join(directory, name), content);
      return join(directory, name);
    },
  };
}

/** The InputError that a promise is rejected with; anything else fails the test. */
export async function inputErrorOf(promise: Promise<unknown>): Promise<InputError> {
  const error: unknown = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(InputError);
  // as the command line says it
  (error as InputError).message = withValues((error as InputError).message);
  return error as InputError;
}
