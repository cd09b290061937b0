import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

interface Page {
  path: string;
  type: string;
  body?: Buffer<ArrayBuffer>;
  packed?: Buffer<ArrayBuffer>;
  tag?: string;
}

const BUILT = new URL("../../dist/web/", import.meta.url).pathname;
const NOT_BUILT =
  "<!doctype html><title>Plumbline</title><p>The pages have not been built yet. Run <code>npm run build</code>, then load this page again.</p>";

/**
 * The built pages. Files under /assets/ have names by their content and are kept by browsers for good; any
 * other address is a place in the application, and gets its one page, which finds its way by the address.
 * Undefined for what no browser asks for as a page.
 */
export function pagesFrom(folder = BUILT): (request: Request) => Promise<Response | undefined> {
  let files: Map<string, Page> | undefined;
  return async (request) => {
    if (!["GET", "HEAD"].includes(request.method)) return undefined;
    const { pathname } = new URL(request.url);
    files ??= filesIn(folder);
    const isAsset = pathname.startsWith("/assets/");
    const isPlace = pathname === "/" || pathname.startsWith("/o/");
    // a made-up address in a browser gets the page that says so; programs get the problem
    if (!isAsset && !isPlace && !(request.headers.get("accept") ?? "").includes("text/html"))
      return undefined;
    const page = files.get(isAsset ? pathname : "/index.html");
    if (!page) {
      if (isAsset) return undefined;
      files = undefined; // somebody may build them now
      return new Response(NOT_BUILT, {
        headers: { "content-type": TYPES[".html"], "cache-control": "no-store" },
      });
    }
    return send(page, request, isAsset, isAsset || isPlace ? 200 : 404);
  };
}

function send(page: Page, request: Request, isAsset: boolean, status: number): Response {
  page.body ??= readFileSync(page.path) as Buffer<ArrayBuffer>;
  page.tag ??= `"${createHash("sha256").update(page.body).digest("base64url").slice(0, 20)}"`;
  const headers: Record<string, string> = {
    "content-type": page.type,
    etag: page.tag,
    vary: "accept-encoding",
    "cache-control": isAsset ? "public, max-age=31536000, immutable" : "no-cache",
  };
  if (request.headers.get("if-none-match") === page.tag) return new Response(null, { status: 304, headers });
  const packs = /\bbr\b/.test(request.headers.get("accept-encoding") ?? "") && page.body.length > 1024;
  if (!packs) return new Response(page.body, { status, headers });
  // once a file, and quick: a browser on this machine waits for it
  page.packed ??= brotliCompressSync(page.body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 5 },
  }) as Buffer<ArrayBuffer>;
  return new Response(page.packed, { status, headers: { ...headers, "content-encoding": "br" } });
}

function filesIn(folder: string): Map<string, Page> {
  const files = new Map<string, Page>();
  try {
    for (const name of readdirSync(folder, { recursive: true }).map(String)) {
      const path = join(folder, name);
      const type = TYPES[extname(name)];
      if (type && statSync(path).isFile())
        files.set(`/${relative(folder, path).replaceAll("\\", "/")}`, { path, type });
    }
  } catch {
    // nothing is built yet: the page says so
  }
  return files;
}
