import { Worker } from "node:worker_threads";
import { InputError } from "../input-error.ts";
import type { DocumentAnswer, DocumentTask } from "./document-thread.ts";

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
const MOST_MEMORY_MB = 512;
/** Beside what a thread counts as its memory it holds what a document unpacks to: by so much the process may grow while it reads. */
const MOST_GROWTH_MB = 1024;
const LOOK_MS = 50;

/**
 * What does a document say? Reads plain text (UTF-8 or UTF-16), Word (.docx), OpenDocument (.odt) and PDF with text in it; the first bytes decide, not the name. Pictures, headers, notes and what was deleted are left out. A document is read in a thread of its own, which has
 * thirty seconds and a gigabyte: what comes from outside may be made to take more. Throws InputError for everything else, saying what to do.
 */
export async function documentText(bytes: Uint8Array, name: string): Promise<DocumentText> {
  if (bytes.length > MOST_BYTES)
    throw new InputError(
      "too-large",
      name,
      `${name}: expected a document of at most ${MOST_BYTES >> 20} MiB, got ${Math.ceil(bytes.length / 2 ** 20)} MiB. Give the part that is about this process, or paste its text.`,
    );
  const worker = new Worker(new URL("./document-thread.ts", import.meta.url), {
    name: "document",
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
    workerData: { bytes, name } satisfies DocumentTask,
    // a library's remarks on a document are nobody's
    stdout: true,
    stderr: true,
  });
  const before = process.memoryUsage.rss();
  let clock: NodeJS.Timeout | undefined;
  let guard: NodeJS.Timeout | undefined;
  const tooMuch = (what: string) =>
    new InputError(
      "too-much",
      name,
      `${name}: the document takes more than ${what} to read. Save it anew, or paste its text.`,
    );
  try {
    const answer = await new Promise<DocumentAnswer>((done, failed) => {
      clock = setTimeout(() => failed(tooMuch(`${LIMIT_MS / 1000} s`)), LIMIT_MS);
      guard = setInterval(() => {
        if (process.memoryUsage.rss() - before > MOST_GROWTH_MB * 2 ** 20)
          failed(tooMuch(`${MOST_GROWTH_MB} MiB`));
      }, LOOK_MS);
      worker.once("message", done);
      worker.once("error", (error) =>
        failed(
          (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY"
            ? tooMuch(`${MOST_MEMORY_MB} MiB`)
            : error,
        ),
      );
      worker.once("exit", (code) => failed(new Error(`the thread that reads documents ended (${code})`)));
    });
    if (answer.word === "refused") throw new InputError(answer.code, name, answer.message);
    return answer.document;
  } finally {
    clearTimeout(clock);
    clearInterval(guard);
    await worker.terminate();
  }
}
