import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { buildPages } from "../src/web/build.ts";
import { startBrowser } from "../test/browser.ts";
import { launch, prepare } from "../test/faults/processes.ts";
import { markdown, middle } from "./measure.ts";
import { sampleLog } from "./sample-log.ts";
import { post, reportsOf, send } from "./server.ts";

const TIMES = 9;

/**
 * The pages as people meet them: the first page on a cold cache, a filter until the map is drawn again, a
 * list of a million cases, and what is sent. In Chromium, on the machine that also serves.
 */
export async function pages(): Promise<string> {
  await buildPages();
  const root = mkdtempSync(join(tmpdir(), "plumbline-bench-pages-"));
  const place = { directory: root, url: undefined };
  const { organisation, headers } = await prepare(place);
  const running = await launch("serve", place);
  const browser = await startBrowser();
  try {
    const base = `${running.address}/api/organisations/${organisation}`;
    const import_ = async (name: string, path: string) => {
      const { id } = await post(base, headers, "/processes", { name });
      await post(base, headers, `/processes/${id}/imports`, { uploadId: await send(base, headers, path) });
      await reportsOf(base, headers, id);
      return id;
    };
    const logs: [string, string][] = [
      ["100,000 events", await import_("Hundred thousand", sampleLog(10_000))],
      ["1,010,000 events", await import_("Million", sampleLog(100_000))],
    ];
    const many = await import_("Million cases", await millionCases(root));
    const at = `${running.address}/o/${organisation}`;
    const filters: string[][] = [];
    for (const [name, id] of logs)
      filters.push([name, ...(await filterTimes(browser, headers, `${at}/p/${id}`))]);
    return [
      "First page on a cold cache, from the request to the moment it can be used; median of nine, slowest in brackets:",
      markdown(
        ["page", "until it can be used"],
        [
          ["sign-in", await cold(browser, {}, `${running.address}/`, "input[type=password]")],
          ["overview, signed in", await cold(browser, headers, at, "tbody a")],
          [
            "map of 100,000 events, signed in",
            await cold(browser, headers, `${at}/p/${logs[0][1]}/map`, ".node"),
          ],
        ],
      ),
      "From choosing a filter to the redrawn map (request, answer and drawing; 25 filters, each for the first time, after one that warms up):",
      markdown(["log", "median", "P90", "slowest", "of it the server, median"], filters),
      "A list of 1,000,000 cases, scrolled through from the top to the end in five seconds, and jumps to places nobody has seen yet:",
      markdown(
        ["frames", "frame, P95", "frame, P99", "frames over 50 ms", "rows there after a jump, median"],
        [await scrolling(browser, headers, `${at}/p/${many}/cases`)],
      ),
      "What a browser loads, gzipped; a page's own part comes when it is opened:",
      markdown(["part", "kB"], sizes()),
    ].join("\n\n");
  } finally {
    await browser.close();
    await running.kill("SIGTERM");
    rmSync(root, { recursive: true, force: true });
  }
}

async function window(browser: Browser, headers: Record<string, string>): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    extraHTTPHeaders: headers,
  });
  return context.newPage();
}

async function cold(browser: Browser, headers: Record<string, string>, url: string, ready: string) {
  const times: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const page = await window(browser, headers); // a context of its own: nothing is cached
    await page.goto(url, { waitUntil: "commit" });
    await page.locator(ready).first().waitFor();
    // the moment after which nothing keeps the page from answering
    times.push(
      await page.evaluate<number>(
        "new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))",
      ),
    );
    await page.context().close();
  }
  return `${middle(times).toFixed(0)} ms (${Math.max(...times).toFixed(0)})`;
}

/**
 * Goes from filter to filter within the page, as a click on a link does, and waits until the picture says the
 * new number of cases.
 */
async function filterTimes(
  browser: Browser,
  headers: Record<string, string>,
  process_: string,
): Promise<string[]> {
  const page = await window(browser, headers);
  await page.goto(`${process_}/map`);
  await page.locator(".node").first().waitFor();
  await page.waitForLoadState("networkidle");
  const names = await page
    .locator(".node")
    .evaluateAll((nodes) =>
      nodes.map((node) => (node as unknown as { ariaLabel: string }).ariaLabel.split(":")[0]),
    );
  const filters: object[] = [
    { longerThanHours: 1 },
    ...names.slice(0, 6).map((name) => ({ with: [name] })),
    ...names.slice(2, 5).map((name) => ({ without: [name] })),
    ...[100, 200, 300, 400, 600, 800].map((longerThanHours) => ({ longerThanHours })),
    ...[250, 350, 500, 700, 900].map((shorterThanHours) => ({ shorterThanHours })),
    ...names.slice(1, 6).map((name) => ({ with: [name], longerThanHours: 150 })),
  ];
  const [whole, server]: [number[], number[]] = [[], []];
  for (const filter of filters) {
    const [drawn, answered] = await page.evaluate<[number, number]>(
      `(async (f) => {
        const busy = () => document.querySelector(".picture")?.closest(".loaded[aria-busy=true]");
        const began = performance.now();
        const search = new URLSearchParams({ f });
        history.pushState({}, "", location.pathname + "?" + search);
        dispatchEvent(new PopStateEvent("popstate", { state: {} }));
        const answer = () => performance.getEntriesByType("resource").find((one) => one.name.includes("/map?") && one.startTime >= began - 1 && one.responseEnd > 0);
        await new Promise((done) => {
          const look = () => answer() && !busy() && done();
          new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
          new PerformanceObserver(look).observe({ type: "resource" });
        });
        // what stands when a frame begins is painted in it; a task after it runs when it has been
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        const { requestStart, responseEnd } = answer();
        return [performance.now() - began, responseEnd - requestStart];
      })(${JSON.stringify(JSON.stringify(filter))})`,
    );
    whole.push(drawn);
    server.push(answered);
    await page.waitForLoadState("networkidle");
  }
  await page.context().close();
  const ascending = whole.slice(1).sort((a, b) => a - b);
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  return [
    ms(middle(ascending)),
    ms(ascending[Math.floor(ascending.length * 0.9)]),
    ms(ascending.at(-1)!),
    ms(middle(server.slice(1))),
  ];
}

async function scrolling(browser: Browser, headers: Record<string, string>, url: string): Promise<string[]> {
  const page = await window(browser, headers);
  await page.goto(url);
  await page.locator(".case-row .opens").first().waitFor();
  const frames = await page.evaluate<number[]>(`new Promise((done) => {
    const box = document.querySelector(".case-scroll");
    const began = performance.now();
    const frames = [];
    let last = began;
    const step = (now) => {
      frames.push(now - last);
      last = now;
      const share = (now - began) / 5000;
      box.scrollTop = share * (box.scrollHeight - box.clientHeight);
      if (share < 1) requestAnimationFrame(step);
      else done(frames.slice(2));
    };
    requestAnimationFrame(step);
  })`);
  const jumps: number[] = [];
  for (let i = 1; i <= TIMES; i++)
    jumps.push(
      await page.evaluate<number>(
        `(async (share) => {
          const box = document.querySelector(".case-scroll");
          box.scrollTop = share * box.scrollHeight;
          const began = performance.now();
          await new Promise(requestAnimationFrame);
          while (box.querySelectorAll(".opens").length < 10) await new Promise(requestAnimationFrame);
          return performance.now() - began;
        })(${(i * 0.37) % 1})`,
      ),
    );
  await page.context().close();
  frames.sort((a, b) => a - b);
  const at = (share: number) => `${frames[Math.floor(frames.length * share)].toFixed(0)} ms`;
  return [
    String(frames.length),
    at(0.95),
    at(0.99),
    String(frames.filter((ms) => ms > 50).length),
    `${middle(jumps).toFixed(0)} ms`,
  ];
}

/** A log of a million cases of two events each. */
async function millionCases(folder: string): Promise<string> {
  const path = join(folder, "million-cases.csv");
  const file = createWriteStream(path);
  file.write("case,activity,timestamp,resource\n");
  for (let from = 0; from < 1_000_000; from += 10_000) {
    const lines: string[] = [];
    for (let c = from; c < from + 10_000; c++) {
      const begin = Date.UTC(2024, 0, 1) + c * 31_000;
      const iso = (ms: number) => new Date(ms).toISOString();
      lines.push(
        `c${c},Open,${iso(begin)},p${c % 17}`,
        `c${c},Close,${iso(begin + (c % 997) * 60_000)},p${c % 23}`,
      );
    }
    if (!file.write(`${lines.join("\n")}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
  return path;
}

/** The parts of the pages: what every page needs first, then each page's own. */
function sizes(): string[][] {
  const folder = resolve(import.meta.dirname, "../dist/web");
  const manifest = JSON.parse(readFileSync(join(folder, ".vite/manifest.json"), "utf8")) as Record<
    string,
    { file: string; imports?: string[]; isEntry?: boolean; isDynamicEntry?: boolean; css?: string[] }
  >;
  const kB = (files: Iterable<string>) =>
    [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0) / 1000;
  const closure = (key: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(key)) return seen;
    seen.add(key);
    for (const one of manifest[key].imports ?? []) closure(one, seen);
    return seen;
  };
  const entry = Object.keys(manifest).find((key) => manifest[key].isEntry)!;
  const first = closure(entry);
  const css = readdirSync(join(folder, "assets")).filter((name) => name.endsWith(".css"));
  return [
    [
      "every page: React, router, frame, styles",
      kB([...[...first].map((key) => manifest[key].file), ...css.map((name) => `assets/${name}`)]).toFixed(0),
    ],
    ...Object.keys(manifest)
      .filter((key) => manifest[key].isDynamicEntry)
      .map((key): [string, number] => [
        key.replace(/\.tsx$/, ""),
        kB([...closure(key)].filter((one) => !first.has(one)).map((one) => manifest[one].file)),
      ])
      .sort((a, b) => b[1] - a[1])
      .map(([name, size]) => [name, size.toFixed(1)]),
  ];
}
