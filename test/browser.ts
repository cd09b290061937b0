import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));

/** Whether a browser is here, and why a test is skipped without one, for its name. */
export const hasBrowser = executablePath !== undefined;
export const whyNoBrowser = hasBrowser ? "" : " (skipped: no chromium)";

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
