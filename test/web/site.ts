import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { addSample } from "../../src/server/sample.ts";
import { startServer, type Running } from "../../src/server/serve.ts";
import { settingsOf } from "../../src/server/settings.ts";
import { startBrowser } from "../browser.ts";
import { freshPlace } from "../databases.ts";

const QUIET = {
  info() {},
  warn() {},
  error: (fields: object, words: string) => console.error(words, fields),
};

export const ADMIN = { email: "ana@example.org", password: "a long enough password" };

/** A running Plumbline with a browser before it. */
export interface Site {
  running: Running;
  browser: Browser;
  directory: string;
  /** a window, signed in as the admin where there is one; what goes wrong in it is collected */
  window(options?: {
    width?: number;
    height?: number;
    dark?: boolean;
    signedIn?: boolean;
  }): Promise<{ page: Page; context: BrowserContext; broken: string[] }>;
  /** the API as the admin */
  ask<T>(method: string, path: string, body?: object): Promise<T>;
  stop(): Promise<void>;
}

/** Starts a server of its own, with the sample organisation where it is asked for. */
export async function startSite({ sample = true } = {}): Promise<Site> {
  const browser = await startBrowser();
  const place = await freshPlace("embedded");
  const running = await startServer(settingsOf({ PLUMBLINE_DATA: place.directory, PORT: "0" }), QUIET);
  if (sample) await addSample(running.services, join(place.directory, "sample"));
  let cookies: Awaited<ReturnType<BrowserContext["cookies"]>> = [];
  const signIn = async () => {
    if (cookies.length > 0) return;
    const context = await browser.newContext({ baseURL: running.address });
    const { request } = context;
    const headers = { origin: running.address };
    const link = running.firstAdminLink?.split("=")[1];
    if (link)
      await request
        .post("/api/links/first-admin", {
          headers,
          data: { link, name: "Ana Ruiz", organisation: "Harbour Foods", ...ADMIN },
        })
        .catch(() => undefined);
    const session = await request.post("/api/session", { headers, data: ADMIN });
    expect(session.status()).toBe(200);
    cookies = await context.cookies();
    await context.close();
  };
  return {
    running,
    browser,
    directory: place.directory,
    async window({ width = 1280, height = 900, dark = false, signedIn = true } = {}) {
      if (signedIn) await signIn();
      const context = await browser.newContext({
        baseURL: running.address,
        viewport: { width, height },
        colorScheme: dark ? "dark" : "light",
        reducedMotion: "reduce",
        locale: "en-GB",
        timezoneId: "UTC",
      });
      if (signedIn) await context.addCookies(cookies);
      const page = await context.newPage();
      const broken: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning")
          broken.push(`${message.text()} (${message.location().url})`);
      });
      page.on("pageerror", (error) => broken.push(error.message));
      // no request leaves the machine
      page.on("request", (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith("http") && url.origin !== running.address)
          broken.push(`asked ${url.href}`);
      });
      return { page, context, broken };
    },
    async ask<T>(method: string, path: string, body?: object): Promise<T> {
      await signIn();
      const context = await browser.newContext({ baseURL: running.address });
      await context.addCookies(cookies);
      const answer = await context.request.fetch(`/api${path}`, {
        method,
        headers: { origin: running.address },
        data: body,
      });
      if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
      const text = await answer.text();
      await context.close();
      return (text === "" ? undefined : JSON.parse(text)) as T;
    },
    async stop() {
      await browser.close();
      await running.stop();
      await place.remove();
    },
  };
}

/** Waits until every process of an organisation was audited and its reports are drawn. */
export async function audited(site: Site, org: string): Promise<{ id: string; name: string }[]> {
  for (let i = 0; i < 300; i++) {
    const { items } = await site.ask<{ items: { state: string }[] }>(
      "GET",
      `/organisations/${org}/work?limit=500`,
    );
    if (items.length > 0 && items.every(({ state }) => state === "done")) break;
    await new Promise((wake) => setTimeout(wake, 400));
  }
  const { items } = await site.ask<{ items: { id: string; name: string; audit: object | null }[] }>(
    "GET",
    `/organisations/${org}/processes`,
  );
  expect(items.every(({ audit }) => audit !== null)).toBe(true);
  return items;
}

/** The organisations of the admin: the sample, and their own. */
export async function organisations(site: Site): Promise<{ sample: string; own: string }> {
  const session = await site.ask<{ organisations: { id: string; sample: boolean }[] }>("GET", "/session");
  return {
    sample: session.organisations.find(({ sample }) => sample)!.id,
    own: session.organisations.find(({ sample }) => !sample)!.id,
  };
}
