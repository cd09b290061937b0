import { constants, deflateRawSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { documentText } from "../../src/documents/document-text.ts";
import { joinLines } from "../../src/documents/pdf-text.ts";

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const word = (body: string) =>
  zipSync({
    "[Content_Types].xml": strToU8("<Types/>"),
    "word/document.xml": strToU8(
      `<?xml version="1.0"?><w:document ${W}><w:body>${body}</w:body></w:document>`,
    ),
  });
const paragraph = (...runs: string[]) =>
  `<w:p><w:pPr><w:pStyle w:val="Body"/></w:pPr>${runs.map((run) => `<w:r><w:t xml:space="preserve">${run}</w:t></w:r>`).join("")}</w:p>`;
const refusal = (bytes: Uint8Array, name = "needs.docx") =>
  documentText(bytes, name).then(
    () => "read",
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );

/** A PDF with one page that shows these lines. */
function pdf(lines: readonly string[]): Uint8Array {
  const shown = lines.map((line) => `(${line.replaceAll(/[()\\]/g, "\\$&")}) Tj T*`).join("\n");
  return pdfOf(`BT /F1 11 Tf 14 TL 40 780 Td\n${shown}\nET`);
}

/** A PDF written by hand, of one page with this content. */
function pdfOf(content: string, filter = "", trailer = ""): Uint8Array {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< ${filter}/Length ${content.length} >>\nstream\n${content}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, i) => {
    const at = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = file.length;
  file += `xref\n0 6\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("")}`;
  file += `trailer << /Size 6 /Root 1 0 R ${trailer}>>\nstartxref\n${table}\n%%EOF\n`;
  return strToU8(file, true);
}

describe("the text of a document", () => {
  test("Word: paragraphs, runs, tabs and breaks; what was deleted and what fields say is left out", async () => {
    const bytes = word(
      paragraph("The cost centre ", "must be filled &amp; checked.") +
        "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>" +
        "<w:p><w:del><w:r><w:delText>never</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r><w:ins><w:r><w:t>always</w:t></w:r></w:ins></w:p>" +
        `<w:tbl><w:tr><w:tc>${paragraph("a cell")}</w:tc></w:tr></w:tbl>`,
    );
    expect(await documentText(bytes, "needs.docx")).toEqual({
      text: "The cost centre must be filled & checked.\none\ttwo\nthree\nalways\na cell",
      kind: "Word",
      pages: null,
    });
  });

  test("Word: a text box stands by itself and once, and what was moved stands where it is", async () => {
    const box = (of: string) =>
      `<mc:${of} xmlns:mc="m"><w:txbxContent>${paragraph("Note: it must be signed.")}</w:txbxContent></mc:${of}>`;
    const bytes = word(
      `<w:p><w:r><w:t xml:space="preserve">Each invoice must </w:t></w:r><w:r>${box("Choice")}${box("Fallback")}</w:r><w:r><w:t>be recorded within a day.</w:t></w:r></w:p>` +
        "<w:p><w:moveFrom><w:r><w:t>It was here.</w:t></w:r></w:moveFrom></w:p><w:p><w:moveTo><w:r><w:t>It is here.</w:t></w:r></w:moveTo></w:p>",
    );
    expect((await documentText(bytes, "needs.docx")).text.split("\n").filter(Boolean)).toEqual([
      "Note: it must be signed.",
      "Each invoice must be recorded within a day.",
      "It is here.",
    ]);
    expect((await documentText(strToU8("PKW-Anträge müssen immer"), "a.txt")).kind).toBe("text");
  });

  test("OpenDocument: headings and paragraphs, without notes", async () => {
    const bytes = zipSync({
      mimetype: strToU8("application/vnd.oasis.opendocument.text"),
      "content.xml": strToU8(
        '<office:document-content xmlns:office="o" xmlns:text="t"><office:body><office:text><text:h>Needs</text:h><text:p>Each <text:span>invoice</text:span><text:s/>has<text:note><text:note-body><text:p>a remark</text:p></text:note-body></text:note> an order.</text:p></office:text></office:body></office:document-content>',
      ),
    });
    expect((await documentText(bytes, "needs.odt")).text).toBe("Needs\nEach invoice has an order.");
  });

  test("PDF: lines of a paragraph are joined, items of a list are not", async () => {
    const bytes = pdf([
      "Requirements",
      "The approval of every invoice must come before it is paid, and at",
      "least 300 invoices a month must be handled.",
      "1. The cost centre must be filled in 98 % of the invoices, without excep-",
      "tion.",
      "2. Every order has an owner.",
    ]);
    expect(await documentText(bytes, "needs.pdf")).toEqual({
      text: "Requirements\nThe approval of every invoice must come before it is paid, and at least 300 invoices a month must be handled.\n1. The cost centre must be filled in 98 % of the invoices, without exception.\n2. Every order has an owner.",
      kind: "PDF",
      pages: 1,
    });
    expect(await refusal(pdf([]), "scan.pdf")).toBe(
      "no-text: scan.pdf: expected text, got 1 pages without any: pictures of pages. Run it through text recognition, or paste its text.",
    );
    expect(joinLines(["short", "lines stay"])).toEqual(["short", "lines stay"]);
  });

  test("plain text: UTF-8, UTF-16 and the code page of older Windows programs", async () => {
    expect((await documentText(strToU8("Müssen immer"), "a.txt")).text).toBe("Müssen immer");
    const utf16 = new Uint8Array(Buffer.from("\ufeffMüssen", "utf16le"));
    expect((await documentText(utf16, "a.txt")).text).toBe("Müssen");
    expect((await documentText(Uint8Array.of(0x4d, 0xfc, 0x73), "a.txt")).text).toBe("Müs");
  });

  test("everything else is refused with what to do: other files, damaged and empty ones, what says it is huge", async () => {
    expect(await refusal(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 1), "old.doc")).toMatch(
      /^old-word: .*Save it as \.docx/,
    );
    expect(await refusal(Uint8Array.of(1, 2, 3, 0, 5), "x.bin")).toMatch(/^no-document: .*a binary file/);
    expect(await refusal(zipSync({ "a.txt": strToU8("x") }), "x.zip")).toMatch(
      /^no-document: .*another archive/,
    );
    expect(await refusal(word("<w:p><w:t>cut"))).toMatch(/^damaged-document: /);
    expect(await refusal(word(paragraph("x")).slice(0, 60))).toMatch(/^damaged-document: /);
    expect(await refusal(strToU8("%PDF-1.4 nothing else"), "x.pdf")).toMatch(/^damaged-document: /);
    expect(await refusal(new Uint8Array(0), "x.txt")).toMatch(/^no-text: .*an empty document/);
    expect(await refusal(word(""))).toMatch(/^no-text: /);
    expect(await refusal(new Uint8Array(21 << 20), "big.txt")).toMatch(
      /^too-large: .*at most 20 MiB, got 21 MiB/,
    );
    const entities = strToU8('<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>');
    expect(await refusal(zipSync({ "word/document.xml": entities }))).toMatch(/^damaged-document: .*DOCTYPE/);
    const bomb = zipSync({ "word/document.xml": new Uint8Array(101 << 20) }, { level: 9 });
    expect(await refusal(bomb)).toMatch(/^archive-too-large: /);
  });

  test("a PDF with a password says so", async () => {
    const key = `<${"ab".repeat(32)}>`;
    const locked = pdfOf(
      "BT ET",
      "",
      `/ID [${key} ${key}] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O ${key} /U ${key} >> `,
    );
    expect(await refusal(locked, "locked.pdf")).toMatch(
      /^locked: locked\.pdf: expected a PDF that can be read, got one with a password/,
    );
  });

  test("a PDF of a few hundred kilobytes that unpacks to gigabytes is given up", async () => {
    // blocks of spaces that end nowhere, as often as it takes
    const block = deflateRawSync(Buffer.alloc(16 << 20, 0x20), { finishFlush: constants.Z_SYNC_FLUSH });
    const content = Buffer.concat([
      Buffer.of(0x78, 0x9c),
      ...Array.from({ length: 150 }, () => block),
      Buffer.of(3, 0),
    ]);
    expect(content.length).toBeLessThan(4 << 20);
    const bytes = pdfOf(content.toString("latin1"), "/Filter /FlateDecode ");
    expect(await refusal(bytes, "bomb.pdf")).toMatch(
      /^too-much: bomb\.pdf: the document takes more than (1024 MiB|30 s) to read/,
    );
  }, 60_000);
});
