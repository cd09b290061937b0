import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, whyNoBrowser } from "../browser.ts";
import { audited, organisations, startSite, type Site } from "./site.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Every page, by the address under its organisation, and what stands on it when it is there. */
const PAGES: [name: string, path: string, text: RegExp][] = [
  ["overview", "", /Lost in leaks/],
  ["opening", "/begin", /What is it\?/],
  ["opening-questions", "/begin?process=$id", /Six questions/],
  ["import", "/import", /Drop a file here/],
  ["members", "/people", /Make an invitation link/],
  ["trail", "/trail", /added the sample organisation/],
  ["settings", "/settings", /Rates/],
  ["account", "/account", /Second factor/],
  ["inventory", "/i/$tool", /What it requires, and what is there/],
  ["outcome", "/i/$paid", /Expected since/],
  ["requirements", "/i/$tool/requirements", /What it needs there/],
  ["brief", "/p/$id/brief", /The largest leaks/],
  ["map", "/p/$id/map", /The most frequent ways/],
  ["map-table", "/p/$id/map?table=true", /Against the description/],
  ["map-filtered", "/p/$id/map?f=%7B%22longerThanHours%22%3A100%7D&colour=time", /longer than 100 h/],
  ["variants", "/p/$id/variants", /cover 80 % of the cases/],
  ["cases", "/p/$id/cases", /from begin to end/],
  ["people", "/p/$id/people", /Who should, and who does/],
  ["waiting", "/p/$id/waiting", /A case waits/],
  ["start-here", "/p/$id/start-here", /Kind of task/],
  ["readiness", "/p/$id/readiness", /What it rests on/],
  ["plan", "/p/$id/plan", /steps ready now/],
  ["pressure", "/p/$id/pressure", /It can be asked/],
  ["pressure-answered", "/p/$id/pressure?form=volume&ask=volume&more=2", /Who is busiest/],
  ["leaks", "/p/$id/leaks", /What is not visible here|Leak/],
  ["audit", "/p/$id/audit", /of 30 answered/],
  ["audit-result", "/p/$id/audit?view=result", /What was said is/],
  ["playbook", "/p/$id/playbook", /Each step, beside the evidence/],
  ["playbook-editor", "/p/$id/playbook?edit=true", /No problem/],
  ["sources", "/p/$id/sources", /What came of it/],
  ["process-settings", "/p/$id/settings", /Working hours/],
];

describe(`every page${whyNoBrowser}`, () => {
  let site: Site;
  let sample: string;
  let process_: string;
  let tool: string;
  let paid: string;
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
        for (const [name, path, text] of PAGES) {
          await page.goto(
            `/o/${sample}${path.replace("$id", process_).replace("$tool", tool).replace("$paid", paid)}`,
          );
          await page.locator("main").getByText(text).first().waitFor({ timeout: 30_000 });
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
