import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const root = resolve(import.meta.dirname, "../..");
const built = join(root, "dist/web/index.html");

/**
 * Builds the pages when they are not there or older than what they are made of; some seconds. Returns whether
 * it did.
 */
export async function buildPages(): Promise<boolean> {
  if (existsSync(built) && statSync(built).mtimeMs >= newestSource()) return false;
  try {
    createRequire(import.meta.url).resolve("vite");
  } catch {
    if (existsSync(built)) return false; // an installation without what builds: the pages came with it
    throw new Error("The pages are not built, and vite, which builds them, is not installed. Run npm ci.");
  }
  const { build } = await import("vite");
  // what tests set it to would put React's development build, larger and slower, before people
  process.env["NODE_ENV"] = "production";
  await build({ configFile: join(root, "vite.config.ts"), logLevel: "warn" });
  return true;
}

function newestSource(): number {
  const files = readdirSync(import.meta.dirname, { recursive: true })
    .map((name) => join(import.meta.dirname, String(name)))
    .concat(join(root, "vite.config.ts"), join(root, "package-lock.json"));
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const began = performance.now();
  if (await buildPages())
    console.log(`The pages were built in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
}
