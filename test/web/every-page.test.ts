import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, whyNoBrowser } from "../browser.ts";
import { audited, organisations, startSite, type Site } from "./site.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Page {
  path: string;
  words: string;
  answers: string;
  looks: { name: string; address: string; shows: RegExp }[];
}

// the list of pages leads on to React, which is typed by a configuration of its own
const { ORGANISATION_PAGES, PROCESS_PAGES, movedTo } = (await import(
  new URL("../../src/web/pages.ts", import.meta.url).href
)) as {
  ORGANISATION_PAGES: Record<string, Page>;
  PROCESS_PAGES: Record<string, Page>;
  movedTo(path: string): string | undefined;
};

/** Every page, by the address under its organisation, and what stands on it when it is there. */
const LOOKS = [...Object.values(ORGANISATION_PAGES), ...Object.values(PROCESS_PAGES)].flatMap(
  ({ looks }) => looks,
);

test("every earlier address leads to a page that is there, and a present one nowhere", () => {
  const at = (address: string) => address.replace(/\?.*/, "").replaceAll(/\$\w+/g, "x");
  const present = [
    ...Object.values(ORGANISATION_PAGES).map(({ path }) => at(`/o/x${path}`)),
    ...Object.values(PROCESS_PAGES).map(({ path }) => at(`/o/x/p/x${path}`)),
  ];
  const earlier = ["begin", "i/x", "i/x/requirements", "import", "people"]
    .map((path) => `/o/x/${path}`)
    .concat(
      ["brief", "leaks", "leaks/x", "plan", "pressure", "start-here", "playbook", "audit", "sources"].map(
        (path) => `/o/x/p/x/${path}`,
      ),
    );
  for (const address of earlier) expect(present, address).toContain(movedTo(address));
  for (const address of present) expect(movedTo(address), address).toBeUndefined();
});

test("docs/pages.md lists exactly the pages that there are, with what each answers", () => {
  const docs = readFileSync(new URL("../../docs/pages.md", import.meta.url), "utf8");
  const rows = [...docs.matchAll(/^\| (?!page|-)(\S.*?) +\| (.*?) +\|$/gm)].map(([, words, answers]) => [
    words,
    answers,
  ]);
  const pages = [...Object.values(ORGANISATION_PAGES), ...Object.values(PROCESS_PAGES)];
  expect(rows).toEqual(pages.map(({ words, answers }) => [words, answers]));
});

describe(`every page${whyNoBrowser}`, () => {
  let site: Site;
  let sample: string;
  let process_: string;
  let tool: string;
  let paid: string;
  let finding: string;
  beforeAll(async () => {
    if (!hasBrowser) return;
    site = await startSite();
    ({ sample } = await organisations(site));
    const processes = await audited(site, sample);
    process_ = processes.find(({ name }) => name === "Month-end close")!.id;
    const tools = await site.ask<{ items: { id: string; name: string }[] }>(
      "GET",
      `/organisations/${sample}/implementations`,
    );
    paid = tools.items.find(({ name }) => name === "Invoice capture")!.id;
    tool = tools.items.find(({ name }) => name === "Financial close platform")!.id;
    const findings = await site.ask<{ items: { id: string }[] }>(
      "GET",
      `/organisations/${sample}/processes/${process_}/findings`,
    );
    finding = findings.items[0].id;
  });
  afterAll(async () => {
    await site?.stop();
  });

  for (const [title, options] of [
    ["1280 pixels, dark", { width: 1280, height: 900, dark: true }],
    ["390 pixels, light", { width: 390, height: 844, dark: false }],
    ["1280 pixels, light", { width: 1280, height: 900, dark: false }],
    ["390 pixels, dark", { width: 390, height: 844, dark: true }],
  ] as const) {
    test.skipIf(!hasBrowser)(
      `is accessible (WCAG 2.2 AA by axe), complete and quiet: ${title}`,
      async () => {
        const { page, context, broken } = await site.window(options);
        const wrong: string[] = [];
        for (const { name, address, shows } of LOOKS) {
          await page.goto(
            `/o/${sample}${address.replace("$process", process_).replace("$finding", finding).replace("$tool", tool).replace("$paid", paid)}`,
          );
          await page.locator("main").getByText(shows).first().waitFor({ timeout: 30_000 });
          await page.waitForLoadState("networkidle");
          if (await page.evaluate("document.documentElement.scrollWidth > innerWidth"))
            wrong.push(`${name}: the page is wider than the window`);
          if ((await page.locator("h1").count()) !== 1) wrong.push(`${name}: not one first heading`);
          await page.evaluate(AXE);
          const found = (await page.evaluate(
            'axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then((r) => r.violations.map((v) => v.id + ": " + v.help + " at " + v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(", ")))',
          )) as string[];
          wrong.push(...found.map((violation) => `${name}: ${violation}`));
          wrong.push(...broken.splice(0).map((line) => `${name}: said ${line}`));
          if (process.env["SCREENSHOTS"])
            await page.screenshot({
              path: join(process.env["SCREENSHOTS"], `${name}-${title.replace(" pixels, ", "-")}.png`),
              fullPage: true,
            });
        }
        await context.close();
        expect(wrong).toEqual([]);
      },
      300_000,
    );
  }

  test.skipIf(!hasBrowser)(
    "an address of an earlier version leads to what it showed, with its question",
    async () => {
      const { page, context, broken } = await site.window();
      await page.goto(`/o/${sample}/p/${process_}/audit?view=result`);
      await page.waitForURL(/\/questions\?view=result$/);
      await page
        .getByText(/Verdict on the answers/)
        .first()
        .waitFor();
      await page.goto(`/o/${sample}/i/${tool}/requirements`);
      await page.waitForURL(/\/implementations\/[^/]+\/requirements$/);
      expect(broken).toEqual([]);
      await context.close();
    },
    60_000,
  );

  test.skipIf(!hasBrowser)(
    "the pages of the evidence keep the filter, from each to each by the navigation",
    async () => {
      const { page, context } = await site.window();
      await page.goto(`/o/${sample}/p/${process_}/map?f=%7B%22longerThanHours%22%3A100%7D`);
      for (const words of ["Variants", "Cases", "People", "Waiting", "Workload", "Map"]) {
        await page
          .getByRole("navigation", { name: "Pages" })
          .getByRole("link", { name: words, exact: true })
          .click();
        await page
          .getByText(/longer than 100 h/)
          .first()
          .waitFor();
        expect(new URL(page.url()).searchParams.get("f")).toContain("longerThanHours");
      }
      await context.close();
    },
    60_000,
  );

  test.skipIf(!hasBrowser)(
    "the navigation shows at most eight entries at each level, and only the group in use unfolded",
    async () => {
      const { page, context } = await site.window();
      for (const address of [
        `/o/${sample}`,
        `/o/${sample}/p/${process_}/map`,
        `/o/${sample}/p/${process_}/fix-first`,
      ]) {
        await page.goto(address);
        await page.locator("h1").waitFor();
        await page.locator(address.includes("/p/") ? "#nav details[open]" : "#nav li >> nth=3").waitFor();
        const counts = (await page
          .locator("#nav ul")
          .evaluateAll((lists) =>
            lists.map(
              (list) =>
                [
                  ...(list as unknown as { children: Iterable<{ checkVisibility(): boolean }> }).children,
                ].filter((one) => one.checkVisibility()).length,
            ),
          )) as number[];
        expect(Math.max(...counts)).toBeLessThanOrEqual(8);
        expect(await page.locator("#nav details[open]").count()).toBe(address.includes("/p/") ? 1 : 0);
      }
      await context.close();
    },
    60_000,
  );

  test.skipIf(!hasBrowser)(
    "the map of the same log is the same picture, part by part",
    async () => {
      const { page, context } = await site.window();
      await page.goto(`/o/${sample}/p/${process_}/map`);
      await page.locator(".node").first().waitFor();
      await page.waitForLoadState("networkidle");
      const picture = (await page
        .locator("svg.canvas")
        .evaluate((svg) => (svg as unknown as { outerHTML: string }).outerHTML)) as string;
      // what stands where is golden; how large it is shown depends on the window
      const parts = picture
        .replace(/transform="translate\([^)]*\) scale\([^)]*\)"/, "")
        .replaceAll("><", ">\n<");
      await expect(`${parts}\n`).toMatchFileSnapshot("golden/month-end-close.svg");
      await context.close();
    },
    60_000,
  );
});
