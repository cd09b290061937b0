import { InputError } from "../input-error.ts";
import { answerTasks } from "../threads/answer-tasks.ts";
import type { DocumentText } from "./document-text.ts";
import { officeText } from "./office-text.ts";
import { pdfText } from "./pdf-text.ts";

export interface DocumentTask {
  bytes: Uint8Array;
  name: string;
}

const begins = (bytes: Uint8Array, ...head: number[]) => head.every((byte, i) => bytes[i] === byte);

/** Reads one document; the first bytes say what it is. */
async function read({ bytes, name }: DocumentTask): Promise<DocumentText> {
  const document = begins(bytes, 0x25, 0x50, 0x44, 0x46)
    ? await pdfText(bytes, name)
    : begins(bytes, 0x50, 0x4b, 0x03, 0x04)
      ? officeText(bytes, name)
      : plainText(bytes, name);
  const text = document.text.trim();
  if (text === "")
    throw new InputError(
      "no-text",
      name,
      document.kind === "PDF"
        ? `${name}: expected text, got ${document.pages} pages without any: pictures of pages. Run it through text recognition, or paste its text.`
        : `${name}: expected text, got an empty document.`,
    );
  return { ...document, text };
}

function plainText(bytes: Uint8Array, name: string): DocumentText {
  if (begins(bytes, 0xd0, 0xcf, 0x11, 0xe0))
    throw new InputError(
      "old-word",
      name,
      `${name}: expected .docx, .odt, .pdf or plain text, got a file of an old Word. Save it as .docx, or paste its text.`,
    );
  const encoding = begins(bytes, 0xff, 0xfe) ? "utf-16le" : begins(bytes, 0xfe, 0xff) ? "utf-16be" : "utf-8";
  let text: string | undefined;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    // older Windows programs write their own code page; what is binary shows below
    text = new TextDecoder("windows-1252").decode(bytes);
  }
  if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text))
    throw new InputError(
      "no-document",
      name,
      `${name}: expected .docx, .odt, .pdf or plain text, got a binary file. Save it as one of these, or paste its text.`,
    );
  return { text, kind: "text", pages: null };
}

answerTasks<DocumentTask, DocumentText>(async ({ bytes, name }) => {
  // bytes of a Buffer come as one, which the reader of PDFs refuses
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { result: await read({ bytes: plain, name }) };
});
