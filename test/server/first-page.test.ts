import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { addSample } from "../../src/server/sample.ts";
import { startServer, type Running } from "../../src/server/serve.ts";
import { settingsOf } from "../../src/server/settings.ts";
import { hasBrowser, startBrowser, whyNoBrowser } from "../browser.ts";
import { freshPlace } from "../databases.ts";

const QUIET = {
  info() {},
  warn() {},
  error: (fields: object, words: string) => console.error(words, fields),
};

describe(`the first page in a browser${whyNoBrowser}`, () => {
  let browser: Browser;
  let running: Running;
  let place: Awaited<ReturnType<typeof freshPlace>>;
  beforeAll(async () => {
    if (!hasBrowser) return;
    browser = await startBrowser();
    place = await freshPlace("embedded");
    running = await startServer(settingsOf({ PLUMBLINE_DATA: place.directory, PORT: "0" }), QUIET);
    await addSample(running.services, join(place.directory, "sample"));
  });
  afterAll(async () => {
    await browser?.close();
    await running?.stop();
    await place?.remove();
  });

  test.skipIf(!hasBrowser)(
    "from the first link to one's own export: set up, see the sample, import, sign out and in",
    async () => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      const broken: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" && !message.text().includes("401")) broken.push(message.text());
      });
      page.on("pageerror", (error) => broken.push(error.message));
      await page.goto(running.firstAdminLink!);
      await page.getByLabel("Your name").fill("Ana Ruiz");
      await page.getByLabel("E-mail address").fill("ana@example.org");
      await page.getByLabel(/Password/).fill("short");
      await page.getByLabel("Your organisation").fill("Harbour Foods");
      await page.getByRole("button", { name: "Begin" }).click();
      await expect.poll(() => page.getByRole("alert").textContent()).toContain("at least 12 characters");
      await page.getByLabel(/Password/).fill("a long enough password");
      await page.getByRole("button", { name: "Begin" }).click();
      await page.getByRole("heading", { name: "Harbour Foods" }).waitFor();
      await page.getByRole("heading", { name: "Sample organisation" }).waitFor();
      // the sample is audited in the background
      await expect
        .poll(() => page.getByRole("link", { name: "Open the report" }).count(), {
          timeout: 100_000,
          interval: 1000,
        })
        .toBe(6);
      await expect.poll(() => page.locator("progress:visible").count(), { timeout: 60_000 }).toBe(0);
      if (process.env["SCREENSHOTS"]) {
        await page
          .getByRole("heading", { name: "Sample organisation" })
          .evaluate("(heading) => heading.scrollIntoView()");
        await page.screenshot({ path: join(process.env["SCREENSHOTS"], "first-page.png") });
      }
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      await page.setViewportSize({ width: 1280, height: 900 });

      const [report] = await Promise.all([
        context.waitForEvent("page").catch(() => page),
        page
          .getByRole("link", { name: "Open the report" })
          .first()
          .click({ modifiers: ["Control"] }),
      ]);
      await report.waitForLoadState();
      // the report's own style is allowed by its hash, nothing else is
      expect(await report.evaluate("getComputedStyle(document.body).fontFamily")).not.toContain("Times");
      await report.close();

      const own = page.locator("form").first();
      await own.getByLabel(/its name/).fill("Claims");
      const file = join(mkdtempSync(join(tmpdir(), "page-")), "claims.csv");
      const { copyFileSync } = await import("node:fs");
      copyFileSync(join(place.directory, "sample/expense-claims/log.csv"), file);
      expect(readFileSync(file).length).toBeGreaterThan(1000);
      await own.getByLabel(/Export of its events/).setInputFiles(file);
      await own.getByRole("button", { name: "Import" }).click();
      await page.getByRole("heading", { name: "Claims", exact: true }).waitFor();
      await expect
        .poll(() => page.getByRole("link", { name: "Open the report" }).count(), {
          timeout: 60_000,
          interval: 500,
        })
        .toBe(7);

      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await page.getByLabel("E-mail address").fill("ana@example.org");
      await page.getByLabel("Password").fill("a long enough password");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Harbour Foods" }).waitFor();
      expect(broken.filter((text) => !text.includes("400"))).toEqual([]);
      await context.close();
    },
  );
});
