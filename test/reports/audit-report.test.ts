import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { plumblineIn } from "../cli/run-plumbline.ts";
import { temporaryFiles } from "../formats/temporary-files.ts";
import { pdfText } from "./pdf-text.ts";

const { directory } = temporaryFiles();
const run = plumblineIn(directory);
const at = (name: string) => join(directory, name);

/** What differs from run to run: where files lie, when it was, how long it took. */
const steady = (text: string) =>
  text
    .replaceAll(directory, "DIRECTORY")
    .replaceAll(new Date().toISOString().slice(0, 10), "TODAY")
    .replace(/\(\d+\.\d s\)/, "(SECONDS)");

/** The words of a page in the order in which they are read, a line for each block. */
const words = (html: string) =>
  html
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replaceAll(
      /<(?:\/?(?:p|h\d|li|tr|section|article|div|caption|figcaption|summary|dt|title|ul|ol|table)\b)[^>]*>/g,
      "\n",
    )
    .replaceAll(/<\/t[dh]>/g, " | ")
    .replaceAll(/<[^>]+>/g, "")
    .replaceAll(/[ \t]+/g, " ")
    .replaceAll(/\s*\n\s*/g, "\n")
    .trim();

describe("an audit of a small made-up process with a description, records and answers, as people read it (renew with -u and read the diff)", () => {
  let text = "";
  beforeAll(() => {
    run("simulate", at("org"), "--seed", "3", "--cases", "160", "--process", "purchase-to-pay");
    const folder = at("org/purchase-to-pay");
    writeFileSync(
      at("answers.yaml"),
      "people:\n  - by: Head of Finance\n    answers: { 1: a, 2: a, 4: b, 8: a, 13: a, 15: a, 21: c, 28: d }\n  - by: AP clerk\n    answers: { 1: c, 2: a, 8: b, 15: a, 28: d }\n",
    );
    const records = ["invoices", "payments", "vendors@erp", "vendors@crm"].flatMap((name) => [
      "--records",
      `${name}=${join(folder, `${name}.csv`)}`,
    ]);
    const given = ["--description", join(folder, "description.yaml"), ...records];
    const written = ["--answers", at("answers.yaml"), "--html", at("report.html"), "--pdf", at("report.pdf")];
    const { status, stdout, stderr } = run("audit", join(folder, "log.csv"), ...given, ...written);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    text = stdout;
  });

  test("in the terminal", async () => {
    await expect(steady(text)).toMatchFileSnapshot("golden/audit.txt");
  });

  test("on the page", async () => {
    await expect(steady(words(readFileSync(at("report.html"), "utf8")))).toMatchFileSnapshot(
      "golden/audit-page.txt",
    );
  });

  test("on paper", async () => {
    await expect(steady(await pdfText(at("report.pdf")))).toMatchFileSnapshot("golden/audit-paper.txt");
  });
});
