import { unzipSync } from "fflate";
import { SaxesParser } from "saxes";
import { InputError, reason } from "../input-error.ts";
import type { DocumentText } from "./document-text.ts";

/** A part that says it unpacks to more is refused. */
const MOST_UNPACKED = 100 << 20;
const WORD = "word/document.xml";
const OPEN = "content.xml";

/** What the elements of each format mean, by their local names. */
const FORMATS = {
  [WORD]: {
    kind: "Word",
    text: ["t"],
    paragraph: ["p"],
    gap: { tab: "\t", br: "\n", cr: "\n" },
    leftOut: ["del", "moveFrom", "Fallback", "instrText"],
  },
  [OPEN]: {
    kind: "OpenDocument",
    text: ["p", "h"],
    paragraph: ["p", "h"],
    gap: { tab: "\t", "line-break": "\n", s: " " },
    leftOut: ["tracked-changes", "annotation", "note"],
  },
} as const;

/**
 * The paragraphs of a Word (.docx) or OpenDocument (.odt) file, one a line. Throws InputError for other
 * archives and for damaged ones.
 */
export function officeText(bytes: Uint8Array, name: string): DocumentText {
  let parts: Record<string, Uint8Array>;
  try {
    parts = unzipSync(bytes, {
      filter: (file) => {
        const wanted = file.name === WORD || file.name === OPEN;
        if (wanted && file.originalSize > MOST_UNPACKED)
          throw new InputError(
            "archive-too-large",
            name,
            `${name}: expected a text of at most ${MOST_UNPACKED >> 20} MiB, got one that says it unpacks to ${Math.round(file.originalSize / 2 ** 20)} MiB. Paste the part that is about this process.`,
          );
        return wanted;
      },
    });
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw damaged(name, reason(cause));
  }
  const part = parts[WORD] ? WORD : parts[OPEN] ? OPEN : undefined;
  if (!part)
    throw new InputError(
      "no-document",
      name,
      `${name}: expected .docx, .odt, .pdf or plain text, got another archive. Unpack it and give the document in it.`,
    );
  const format = FORMATS[part];
  return {
    text: paragraphsOf(new TextDecoder().decode(parts[part]), format, name),
    kind: format.kind,
    pages: null,
  };
}

function paragraphsOf(xml: string, format: (typeof FORMATS)[keyof typeof FORMATS], name: string): string {
  const lines: string[] = [];
  let line = "";
  // a paragraph may stand within another: a text box in its middle
  const outer: string[] = [];
  let inText = 0;
  let leftOut = 0;
  const is = (list: readonly string[], element: string) => list.includes(element);
  const gaps: Partial<Record<string, string>> = format.gap;
  const parser = new SaxesParser();
  parser.on("doctype", () => {
    throw damaged(name, "it has a document type declaration (<!DOCTYPE), which is refused for safety");
  });
  parser.on("error", (error) => {
    throw damaged(name, reason(error));
  });
  parser.on("opentag", (tag) => {
    const element = localName(tag.name);
    if (is(format.leftOut, element)) leftOut++;
    if (is(format.paragraph, element)) {
      outer.push(line);
      line = "";
    }
    if (is(format.text, element)) inText++;
    if (leftOut === 0) line += gaps[element] ?? "";
  });
  parser.on("text", (text) => {
    if (inText > 0 && leftOut === 0) line += text;
  });
  parser.on("closetag", (tag) => {
    const element = localName(tag.name);
    if (is(format.leftOut, element)) leftOut--;
    if (is(format.text, element)) inText--;
    if (is(format.paragraph, element)) {
      if (leftOut === 0) lines.push(line.trimEnd());
      line = outer.pop() ?? "";
    }
  });
  parser.write(xml).close();
  return lines.join("\n");
}

const localName = (name: string) => name.slice(name.indexOf(":") + 1);

const damaged = (name: string, reason: string) =>
  new InputError(
    "damaged-document",
    name,
    `${name}: the document cannot be read (${reason}). Open and save it again, or paste its text.`,
  );
