import { z } from "@hono/zod-openapi";
import { isStorable } from "../store/columns.ts";
import { Problem } from "./problem.ts";

/** How a list is asked for: so many at a time, after the place where the last page ended. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  after: z.string().max(500).optional(),
});

/** A page of a list. `next` is what to ask for `after`; null on the last one. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

/** A place in a list, as an opaque text. */
const cursorOf = (keys: readonly (string | number)[]) =>
  Buffer.from(JSON.stringify(keys)).toString("base64url");

/**
 * The place that a cursor names; undefined for the beginning. Throws a problem for a text that this list has
 * not given.
 */
export function placeOf<T extends z.ZodTuple>(after: string | undefined, keys: T): z.output<T> | undefined {
  if (after === undefined) return undefined;
  try {
    const place: unknown = JSON.parse(Buffer.from(after, "base64url").toString());
    if (!isStorable(place)) throw new Error("no list has such a place");
    return keys.parse(place) as z.output<T>;
  } catch {
    throw new Problem(
      400,
      "wrong-cursor",
      "after: expected what `next` said on the page before. Begin without it.",
      {
        where: "query.after",
      },
    );
  }
}

/** Cuts a list that was read one too long into a page. */
export function page<T>(
  rows: T[],
  limit: number,
  keysOf: (row: T) => (string | number)[],
): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? cursorOf(keysOf(items.at(-1)!)) : null };
}
