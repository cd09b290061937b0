import { InputError } from "../input-error.ts";
import { Child, ChildEnded } from "../threads/child.ts";
import type { DocumentTask } from "./document-child.ts";

/** The text of a document, paragraph by paragraph, one a line. */
export interface DocumentText {
  text: string;
  kind: "text" | "Word" | "OpenDocument" | "PDF";
  /** of a PDF */
  pages: number | null;
}

/** Larger files are refused: nobody reads a text of that size. */
export const MOST_BYTES = 20 << 20;
const LIMIT_MS = 30_000;
const MOST_MEMORY_MB = 1024;

/**
 * What does a document say? Reads plain text (UTF-8 or UTF-16), Word (.docx), OpenDocument (.odt) and PDF
 * with text in it; the first bytes decide, not the name. Pictures, headers, notes and what was deleted are
 * left out. A document is read in a process of its own, which has thirty seconds and a gigabyte: what comes
 * from outside may be made to take more. Throws InputError for everything else, saying what to do.
 */
export async function documentText(bytes: Uint8Array, name: string): Promise<DocumentText> {
  if (bytes.length > MOST_BYTES)
    throw new InputError(
      "too-large",
      name,
      `${name}: expected a document of at most ${MOST_BYTES >> 20} MiB, got ${Math.ceil(bytes.length / 2 ** 20)} MiB. Give the part that is about this process, or paste its text.`,
    );
  const child = new Child<DocumentTask, DocumentText>(
    new URL("./document-child.ts", import.meta.url),
    MOST_MEMORY_MB,
  );
  try {
    return await child.ask({ bytes, name }, { limitMs: LIMIT_MS });
  } catch (error) {
    if (!(error instanceof ChildEnded)) throw error;
    const what = error.why === "time" ? `${LIMIT_MS / 1000} s` : `${MOST_MEMORY_MB} MiB`;
    throw new InputError(
      "too-much",
      name,
      error.why === "aborted"
        ? `${name}: the document took the process that read it down. Save it anew, or paste its text.`
        : `${name}: the document takes more than ${what} to read. Save it anew, or paste its text.`,
      { cause: error },
    );
  } finally {
    await child.end();
  }
}
