import { readFileSync } from "node:fs";
import { extractText, getDocumentProxy } from "unpdf";

/** The words of a PDF, page by page, as a program reads them. */
export async function pdfText(file: string | Uint8Array): Promise<string> {
  const bytes = typeof file === "string" ? new Uint8Array(readFileSync(file)) : new Uint8Array(file);
  const { text } = await extractText(await getDocumentProxy(bytes));
  return text.join("\n\n");
}
