import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { simulate } from "../../src/simulate/simulate.ts";
import { writeProcess } from "../../src/simulate/write.ts";
import { hasBrowser, whyNoBrowser } from "../browser.ts";
import { ADMIN, startSite, type Site } from "./site.ts";

const shared = process.env["PLUMBLINE_SHARED"] ?? resolve(import.meta.dirname, "../../../shared");
const real = join(shared, "data/logs/receipt.xes.gz");

describe(`a newcomer, who reads no documentation${whyNoBrowser}`, () => {
  let site: Site;
  beforeAll(async () => {
    if (hasBrowser) site = await startSite({ sample: false });
  });
  afterAll(async () => {
    await site?.stop();
  });

  const shot = async (page: Page, name: string) => {
    if (process.env["SCREENSHOTS"])
      await page.screenshot({ path: join(process.env["SCREENSHOTS"], `walk-${name}.png`), fullPage: true });
  };

  test.skipIf(!hasBrowser)(
    "begins with the first link, says what goes live, answers, imports a real log, describes, signs, audits and gets the PDFs",
    async () => {
      // a real log where the shared material is here, else a simulated one
      const file = existsSync(real)
        ? real
        : writeProcess(mkdtempSync(join(tmpdir(), "walk-")), simulate({ seed: 4, cases: 200 })[0], 4).log;
      const { page, context, broken } = await site.window({ signedIn: false });
      await page.goto(site.running.firstAdminLink!);
      await page.getByLabel("Your name").fill("Ana Ruiz");
      await page.getByLabel("E-mail address").fill(ADMIN.email);
      await page.getByLabel("Password").fill(ADMIN.password);
      await page.getByLabel("Your organisation").fill("Harbour Foods");
      await page.getByRole("button", { name: "Create account" }).click();

      // the opening: what is going live, then six questions
      await page.getByRole("link", { name: /Start: what is going live/ }).click();
      await page.getByLabel("What is it?").fill("Permit assistant");
      await page.getByLabel("Goes live on").fill("2027-02-01");
      await page.getByLabel("Name of the process").fill("Permits");
      await page.getByLabel("Monthly cost").fill("900");
      await shot(page, "1-opening");
      await page.getByRole("button", { name: /six questions/ }).click();
      await page.getByRole("heading", { name: /Six questions/ }).waitFor();
      const groups = page.locator("fieldset");
      await expect.poll(() => groups.count()).toBe(6);
      for (let i = 0; i < 6; i++) await groups.nth(i).getByRole("radio").first().check();
      await page.getByText("6 of 6 answered").waitFor();
      await shot(page, "2-questions");

      // the evidence
      await page.getByRole("link", { name: /Next, the evidence/ }).click();
      await page.getByLabel("File to import").setInputFiles(file);
      await page.getByRole("heading", { name: "How the columns are read" }).waitFor();
      await expect.poll(() => page.locator("tbody tr").count()).toBe(10);
      await shot(page, "3-preview");
      await page.getByRole("button", { name: "Import", exact: true }).click();
      // it leads to the page when the audit is done
      await page.getByRole("heading", { name: /would inherit/ }).waitFor({ timeout: 60_000 });
      await page.getByText("The largest leaks").waitFor({ timeout: 60_000 });
      await page.getByText("Your answers and the evidence").waitFor();
      await page.getByText("Permit assistant").first().waitFor();
      await shot(page, "4-summary");

      // a number opens to its cases, and a case to its story
      await page.locator(".opens").first().click();
      await page.getByRole("heading", { name: "Cases" }).waitFor();
      await page.getByText(/behind one leak/).waitFor();
      await page.locator(".case-row .opens").first().click();
      await page.getByRole("heading", { name: /^Case / }).waitFor();
      expect(await page.locator(".timeline li").count()).toBeGreaterThan(1);
      await shot(page, "5-story");

      // a description: drafted, broken, mended, kept, signed
      await page.getByText("Described", { exact: true }).click();
      await page.getByRole("link", { name: "Description" }).click();
      await page.getByText("Nothing is described yet").waitFor();
      await page.getByRole("button", { name: "Draft from evidence" }).click();
      await page.getByText(/No problem, \d+ steps/).waitFor();
      const editor = page.getByLabel("Description of the process, as YAML");
      await editor.click();
      await page.keyboard.press("Control+Home");
      await page.keyboard.type("wrongKey: 1\n");
      await page
        .getByText(/Line 1:.*wrongKey/s)
        .first()
        .waitFor();
      expect(await page.getByRole("button", { name: "Save as a new version" }).isDisabled()).toBe(true);
      await shot(page, "6-editor-problem");
      await page.keyboard.press("Control+Home");
      await page.keyboard.press("Shift+ArrowDown");
      await page.keyboard.press("Delete");
      await page.getByText(/No problem, \d+ steps/).waitFor();
      await page.getByRole("button", { name: "Save as a new version" }).click();
      await page.getByText("not signed off", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Sign off …" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Sign off" }).click();
      await page
        .getByText(/^signed off /)
        .first()
        .waitFor();

      // the audit by keyboard alone: every answer is kept at once
      await page.getByRole("link", { name: "Questions", exact: true }).click();
      await page.getByText("6 of 30 answered").waitFor();
      await page.getByRole("button", { name: "Question 1, not answered" }).click();
      for (let number = 1; number <= 30; number++) {
        await page.locator("article small").first().getByText(`${number} ·`).waitFor();
        await page.keyboard.press("abc"[number % 3]);
        await page.getByText("Saved", { exact: true }).waitFor();
        if (number < 30) await page.keyboard.press("ArrowRight");
      }
      await page.getByText("30 of 30 answered").waitFor();
      await page.reload();
      await page.getByText("30 of 30 answered").waitFor();
      await shot(page, "7-questions");
      await page.getByRole("radio", { name: /All answers/ }).click();
      await page.getByRole("button", { name: "Release them" }).click();
      await page.getByText(/released answers of 1 person/).waitFor({ timeout: 60_000 });
      await expect
        .poll(() => page.getByRole("link", { name: "Report (PDF)" }).count(), { timeout: 60_000 })
        .toBe(1);

      // a step that is not ready is let pass by name, with a reason and an end, and the verdict says so
      await page.getByText("Judgement", { exact: true }).click();
      await page.getByRole("link", { name: "Readiness" }).click();
      await page
        .getByText(/^Based on/)
        .first()
        .waitFor();
      await shot(page, "8-readiness");
      // first it is said what kind of task it is: what nobody has said may be a decision
      expect(await page.getByRole("button", { name: /Override the gate/ }).count()).toBe(0);
      await page.getByRole("button", { name: "Confirm the kind of task …" }).first().click();
      await page.getByRole("radio", { name: /^Track:/ }).check();
      await page.getByRole("radio", { name: /^No:/ }).check();
      await page.getByRole("button", { name: "Confirm in my name" }).click();
      await page.getByText(/^Confirmed by Ana Ruiz,/).waitFor();
      await page
        .getByRole("button", { name: /Override the gate/ })
        .first()
        .click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(/Why/).fill("The pilot runs beside people for two weeks.");
      await dialog.getByLabel("Until").fill("2027-02-15");
      await dialog.getByRole("button", { name: "Override in my name" }).click();
      await page.getByText(/Overridden by Ana Ruiz until .*: The pilot runs beside people/).waitFor();
      await page.getByRole("button", { name: "End it now" }).click();
      await page.getByText(/0 overrides are active/).waitFor();
      await page.getByText("Described", { exact: true }).click();
      await page.getByRole("link", { name: "Questions", exact: true }).click();
      await page.getByRole("radio", { name: /All answers/ }).click();

      // the report and the hand-over pack
      await page.waitForTimeout(500);
      for (const [link, words] of [
        [await page.getByRole("link", { name: "Report (PDF)" }).getAttribute("href"), "report"],
        [
          await page
            .getByRole("link", { name: "Description" })
            .click()
            .then(() => page.getByRole("link", { name: /Hand-over pack/ }).getAttribute("href")),
          "hand-over",
        ],
      ] as const) {
        const pdf = await context.request.get(link!);
        expect([words, pdf.status(), (await pdf.body()).subarray(0, 5).toString()]).toEqual([
          words,
          200,
          "%PDF-",
        ]);
        if (process.env["SCREENSHOTS"])
          writeFileSync(join(process.env["SCREENSHOTS"], `walk-${words}.pdf`), await pdf.body());
      }

      // the address of any page is the page
      const address = page.url();
      await page.getByRole("button", { name: /Ana Ruiz/ }).click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await page.goto(address);
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await page.getByLabel("E-mail address").fill(ADMIN.email);
      await page.getByLabel("Password").fill(ADMIN.password);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Description" }).waitFor();
      // refusals before the sign-in are how a browser finds out
      expect(broken.filter((line) => !/401/.test(line))).toEqual([]);
      await context.close();
    },
    240_000,
  );

  test.skipIf(!hasBrowser)(
    "names of activities, files, processes and notes are texts, whatever stands in them",
    async () => {
      const evil = `<img src=x onerror="window.bad=1">`;
      const rows = ["case,activity,time,resource,note"];
      for (let c = 0; c < 60; c++) {
        const at = (hour: number) =>
          `2025-03-${String(1 + (c % 28)).padStart(2, "0")}T${String(hour).padStart(2, "0")}:00:00Z`;
        rows.push(
          `"${c}${evil.replaceAll('"', '""')}","${evil.replaceAll('"', '""')}",${at(8)},"${evil.replaceAll('"', '""')}","'';!--<script>window.bad=1</script>"`,
        );
        rows.push(
          `"${c}${evil.replaceAll('"', '""')}","</text></svg><script>window.bad=1</script>",${at(9)},b,javascript:window.bad=1`,
        );
        rows.push(`"${c}${evil.replaceAll('"', '""')}",Done,${at(10)},c,x`);
      }
      const file = join(mkdtempSync(join(tmpdir(), "evil-")), "a<img src=x onerror=window.bad=1>.csv");
      writeFileSync(file, rows.join("\n"));
      const { page, context, broken } = await site.window();
      await page.goto("/");
      await page.getByRole("link", { name: "Import", exact: true }).click();
      await page.getByLabel("File to import").setInputFiles(file);
      await page.getByRole("heading", { name: "How the columns are read" }).waitFor();
      await page.getByRole("combobox", { name: /^Process/ }).selectOption("new");
      await page.getByLabel("Name of the process").fill(evil);
      await page.getByRole("button", { name: "Import", exact: true }).click();
      await page.getByText("The audit is done.").waitFor({ timeout: 60_000 });
      await page.getByRole("link", { name: /What would a tool inherit/ }).click();
      const base = page.url().replace(/\/summary.*/, "");
      for (const path of [
        "summary",
        "map",
        "map?table=true",
        "variants",
        "cases",
        "people",
        "waiting",
        "workload",
        "findings",
        "imports",
        "description",
        "questions?view=result",
      ]) {
        await page.goto(`${base}/${path}`);
        await page.waitForLoadState("networkidle");
        expect([path, await page.evaluate("window.bad")]).toEqual([path, undefined]);
        expect([path, await page.locator("img").count()]).toEqual([path, 0]);
      }
      await page.goto(`${base}/cases`);
      await page.locator(".case-row .opens").first().click();
      await page.getByRole("heading", { name: /^Case .*<img src=x/ }).waitFor();
      expect(await page.evaluate("window.bad")).toBeUndefined();
      expect(readFileSync(file, "utf8")).toContain("onerror");
      // what cannot be taken back is asked first, and Escape keeps it
      await page.goto(`${base}/settings`);
      await page.getByRole("button", { name: "Remove …" }).click();
      await page
        .getByRole("dialog")
        .getByText(/for good/)
        .waitFor();
      await page.keyboard.press("Escape");
      await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
      await page.getByRole("button", { name: "Remove …" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
      await page.getByRole("heading", { name: "What your AI is about to inherit" }).waitFor();
      await expect.poll(() => page.getByRole("link", { name: evil }).count()).toBe(0);
      expect(broken).toEqual([]);
      await context.close();
    },
    120_000,
  );
});
