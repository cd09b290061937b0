import { Problem } from "./problem.ts";

/** The tag of a version of something that people change. */
export const etagOf = (version: number) => `"v${version}"`;

/**
 * The version that a change was made on. Throws a problem when the request does not say it: somebody else's
 * change could be lost.
 */
export function versionOf(request: Request): number {
  const tag = request.headers.get("if-match");
  const [, version] = /^(?:W\/)?"v(\d{1,9})"$/.exec(tag?.trim() ?? "") ?? [];
  if (version !== undefined) return Number(version);
  throw new Problem(
    428,
    "version-missing",
    `If-Match: expected the ETag of what you have read, like "v3", got ${tag === null ? "none" : tag.slice(0, 40)}. Read it first.`,
    { where: "header.if-match" },
  );
}
