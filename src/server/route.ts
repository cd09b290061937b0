import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Member, Services, Who } from "./context.ts";
import type { Right } from "./rights.ts";

/**
 * Who may use a route: anybody, whoever is signed in, or members of the organisation in its path (`{org}`)
 * whose role has a right.
 */
export type Access = "anybody" | "signed in" | { right: Right };

type Schema = z.ZodType;
type Value<S extends Schema | undefined> = S extends Schema ? z.output<S> : undefined;

/** What a handler is given: checked input, and who asks. */
export interface Asked<
  P extends Schema | undefined,
  Q extends Schema | undefined,
  B extends Schema | undefined,
> {
  services: Services;
  params: Value<P>;
  query: Value<Q>;
  body: Value<B>;
  /** of routes in an organisation */
  member: Member;
  /** of routes for whoever is signed in */
  who: Who;
  request: Request;
  context: Context;
}

/** One route: everything that is checked, documented and answered, in one place. */
export interface Route {
  method: "get" | "head" | "post" | "put" | "patch" | "delete" | "options";
  /** `/organisations/{org}/processes/{process}`, under /api */
  path: string;
  access: Access;
  summary: string;
  tag: string;
  params?: Schema;
  query?: Schema;
  body?: Schema;
  /** the kind of a body that is not JSON and comes as a stream */
  streams?: string;
  /** of a JSON body; default 1 MiB */
  bodyLimit?: number;
  /** the handler refuses texts that the database cannot keep by itself, since it can say at which line */
  placesTexts?: boolean;
  /**
   * what it answers when all is well: a schema for JSON, a text for other kinds of content, null for no
   * content
   */
  answers: Record<number, Schema | string | null>;
  handle(asked: Asked<Schema | undefined, Schema | undefined, Schema | undefined>): Promise<unknown>;
}

/**
 * Gives a route the types of its schemas. What `handle` returns is a `Response`, or the JSON of the first
 * answer.
 */
export function route<
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
>(
  definition: Omit<Route, "handle" | "params" | "query" | "body"> & {
    params?: P;
    query?: Q;
    body?: B;
    handle(asked: Asked<P, Q, B>): Promise<unknown>;
  },
): Route {
  return definition as unknown as Route;
}

export const id = z
  .uuid({ error: "expected an id like 0b0e7a4e-9d4f-4a57-8d2d-6b1f0c3a5e11" })
  .transform((text) => text.toLowerCase());
export const at = z.iso.datetime();

/**
 * Text that people write: at most so many characters, with something in it, without what steers terminals.
 */
export const text = (most: number, least = 1) =>
  z
    .string({ error: "expected a text" })
    .max(most, `expected at most ${most} characters`)
    // oxlint-disable-next-line no-control-regex
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, "expected a text without control characters")
    .refine((words) => words.isWellFormed(), "expected a text in which no character is half")
    .trim()
    .min(least, least === 1 ? "expected a text, got an empty one" : `expected at least ${least} characters`);

/** Params of routes in an organisation, with more of them where the path has more. */
export const inOrganisation = <S extends z.ZodRawShape>(more: S) => z.object({ org: id, ...more });
