import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";

const FILES: Record<string, [file: string, type: string]> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/app.js": ["app.js", "text/javascript; charset=utf-8"],
  "/app.css": ["app.css", "text/css; charset=utf-8"],
};

const kept = new Map<string, { body: Buffer<ArrayBuffer>; tag: string; type: string }>();

/** The files of the pages; undefined for a path that is none. */
export async function pages(request: Request): Promise<Response | undefined> {
  const { pathname } = new URL(request.url);
  if (!Object.hasOwn(FILES, pathname) || !["GET", "HEAD"].includes(request.method)) return undefined;
  let page = kept.get(pathname);
  if (!page) {
    const [file, type] = FILES[pathname];
    const body = readFileSync(new URL(`../web/${file}`, import.meta.url)) as Buffer<ArrayBuffer>;
    page = { body, type, tag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 20)}"` };
    kept.set(pathname, page);
  }
  const headers = { etag: page.tag, "cache-control": "no-cache" };
  if (request.headers.get("if-none-match") === page.tag) return new Response(null, { status: 304, headers });
  return new Response(page.body, { headers: { ...headers, "content-type": page.type } });
}
