import { z } from "@hono/zod-openapi";
import { eachText, InputError } from "../input-error.ts";
import { isDatabaseGone } from "../store/database.ts";
import { forAnybody, forEvidence } from "../store/places.ts";
import { refusalOf, type States } from "../store/states.ts";

/**
 * What a route answers when it cannot do what it is asked: RFC 9457, with a stable `code` and where the fault
 * lies.
 */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    where: z.string().optional(),
    errors: z.array(z.object({ where: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem");

export type ProblemBody = z.infer<typeof problemSchema>;

const TITLES: Record<number, string> = {
  400: "The request needs correcting",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not there",
  405: "Not possible here",
  409: "Conflict: changed by someone else",
  410: "Gone",
  412: "Changed in between",
  413: "Too large",
  415: "Another kind of content",
  422: "The input needs correcting",
  423: "Locked",
  428: "The version is missing",
  429: "Too many requests",
  500: "An error in Plumbline",
  503: "Not available now",
};

/** A refusal with its reason; thrown by routes. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly where: string | undefined;
  readonly headers: Record<string, string>;
  readonly errors: { where: string; message: string }[] | undefined;

  constructor(
    status: number,
    code: string,
    detail: string,
    more: {
      where?: string;
      headers?: Record<string, string>;
      errors?: { where: string; message: string }[];
    } = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.where = more.where;
    this.headers = more.headers ?? {};
    this.errors = more.errors;
  }
}

/** What is not there, or is not this person's to know of: both look alike. */
export const notThere = (what: string) =>
  new Problem(404, "not-there", `There is no such ${what} here. Look at the list for what there is.`);

export const changedInBetween = (what: string) =>
  new Problem(
    412,
    "changed-in-between",
    `Somebody else has changed this ${what} since you read it. Read it again, and repeat your change if it still holds.`,
  );

/**
 * A move that is not allowed from the state that something is in: which it is, from which states the move is,
 * and what to do instead.
 */
export const wrongState = <S extends string, M extends string>(
  states: States<S, M>,
  move: M,
  from: S,
  subject = `This ${states.of}`,
) => new Problem(409, "wrong-state", refusalOf(states, move, from, subject));

/** The problem behind any error; `undefined` for our own failures, which the caller logs. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof InputError) return new Problem(422, error.code, error.message, { where: error.where });
  if (isDatabaseGone(error))
    return new Problem(
      503,
      "database-away",
      "The database cannot be reached now. Nothing was lost; try again in a moment.",
      { headers: { "retry-after": "5" } },
    );
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code === "23505")
    return new Problem(
      409,
      "taken",
      `There is one of this kind already (${constraint ?? "the name is taken"}).`,
    );
  // SQLSTATE of class 22, from either database
  if (typeof code === "string" && /^22[0-9A-Z]{3}$/.test(code))
    return new Problem(
      422,
      "not-storable",
      "One of the values cannot be kept: a character that no text may have, or a number or time out of range. Correct it.",
    );
  if (code === "ENOSPC" || code === "53100")
    return new Problem(
      503,
      "disk-full",
      "The disk of the server is full: what you sent was not kept. Make room, then send it again.",
    );
  return undefined;
}

/**
 * The problem as it leaves the server. What it quotes of a file is for those who may add evidence, where it
 * lies on this machine for nobody.
 */
export function problemResponse(problem: Problem, seesEvidence = false): Response {
  const told = seesEvidence ? forEvidence : forAnybody;
  const body: ProblemBody = {
    type: `urn:plumbline:problem:${problem.code}`,
    title: TITLES[problem.status] ?? "A problem",
    status: problem.status,
    detail: told(problem.message),
    code: problem.code,
    ...(problem.where === undefined ? {} : { where: told(problem.where) }),
    ...(problem.errors === undefined ? {} : { errors: eachText(problem.errors, told) }),
  };
  return new Response(JSON.stringify(body), {
    status: problem.status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...problem.headers },
  });
}

export const internalProblem = () =>
  new Problem(
    500,
    "internal",
    "This is an error in Plumbline; it stands in the server's log under the id of this request. Please report it.",
  );
