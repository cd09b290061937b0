import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Evidence } from "../../src/evidence/evidence.ts";
import { judgeProcess } from "../../src/judgement/judge-process.ts";
import { wordedAudit } from "../../src/wording/worded-audit.ts";
import { htmlReport } from "../../src/reports/html-report.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { logCsv } from "../../src/simulate/write.ts";
import { readLog } from "../../src/formats/index.ts";
import { hasBrowser, startBrowser, whyNoBrowser } from "../browser.ts";
import { temporaryFiles } from "../formats/temporary-files.ts";

const { directory, file } = temporaryFiles();

describe.skipIf(!hasBrowser)(`the report in a browser${whyNoBrowser}`, () => {
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    browser = await startBrowser();
    const [process] = simulate({ seed: 1, process: "it-requests" });
    const { log } = await readLog(file(logCsv(process), "log.csv"));
    const document = judgeProcess(new Evidence(log), {
      summary: {
        cases: log.caseCount,
        events: log.eventCount,
        from: "2025-01-01T00:00:00Z",
        to: "2025-12-31T00:00:00Z",
      },
      source: "log.csv",
      notes: [],
      now: 0,
    }).audit;
    writeFileSync(join(directory, "report.html"), htmlReport(wordedAudit(document), "Read everything."));
    url = pathToFileURL(join(directory, "report.html")).href;
  });
  afterAll(() => browser?.close());

  test("asks for nothing, says nothing on the console, and opens a finding to its cases by keyboard", async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(url);
    const details = page.locator("article details").first();
    const cases = details.locator("table").first();
    expect(await cases.isVisible()).toBe(false);
    await details.locator("summary").focus();
    await page.keyboard.press("Enter");
    expect(await cases.isVisible()).toBe(true);
    expect(requests).toEqual([url]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("prints what is behind each finding, too", async () => {
    const page = await browser.newPage();
    await page.goto(url);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("article details table").first().isVisible()).toBe(true);
    await page.close();
  });

  test("fits a narrow screen, and follows the dark setting", async () => {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
    await page.goto(url);
    // runs in the page, where document exists
    const [width, background] = (await page.evaluate(
      "[document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor]",
    )) as [number, string];
    expect(width).toBeLessThanOrEqual(390);
    expect(background).toBe("rgb(20, 24, 30)");
    await page.close();
  });
});
