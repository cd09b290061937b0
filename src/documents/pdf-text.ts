import { extractText, getDocumentProxy } from "unpdf";
import { InputError, reason } from "../input-error.ts";
import type { DocumentText } from "./document-text.ts";

/**
 * The text of a PDF, with the lines of a paragraph joined. Throws InputError for one that is damaged or
 * locked.
 */
export async function pdfText(bytes: Uint8Array, name: string): Promise<DocumentText> {
  try {
    const pdf = await getDocumentProxy(bytes, { useSystemFonts: false });
    const { totalPages, text } = await extractText(pdf, { mergePages: false });
    return { text: joinLines(text.join("\n").split("\n")).join("\n"), kind: "PDF", pages: totalPages };
  } catch (cause) {
    const { name: kind, message } = cause as Error;
    if (kind === "PasswordException")
      throw new InputError(
        "locked",
        name,
        `${name}: expected a PDF that can be read, got one with a password. Save it without, or paste its text.`,
        { cause },
      );
    if (!kind.endsWith("Exception")) throw cause;
    throw new InputError(
      "damaged-document",
      name,
      `${name}: the PDF cannot be read (${reason(message)}). Print it to a PDF anew, or paste its text.`,
      { cause },
    );
  }
}

/** Lines shorter than this end where their writer ended them. */
const WRAPPED = 40;
const BEGINS_ANEW = /^\s*([-*•–▪◦]|\d+(\.\d+)*[.)]?\s|[a-z][.)]\s|#)/u;

/** Joins the lines into which a page breaks its paragraphs; items of lists stay lines of their own. */
export function joinLines(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let wraps = false;
  for (const raw of lines) {
    const line = raw.trim();
    if (line !== "" && wraps && !BEGINS_ANEW.test(line)) {
      const before = joined.pop()!;
      // a word that was parted at the end of a line
      const parted = /\p{Ll}-$/u.test(before) && /^\p{Ll}/u.test(line);
      joined.push(parted ? before.slice(0, -1) + line : `${before} ${line}`);
    } else joined.push(line);
    wraps = line.length >= WRAPPED && !/[.!?:;]$/.test(line);
  }
  return joined;
}
