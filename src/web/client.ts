import type { Api } from "./api-types.ts";

export type { Api };
export type Answer<R extends keyof Api> = Api[R] extends { answer: infer A } ? A : null;
export type Body<R extends keyof Api> = Api[R] extends { body: infer B } ? B : undefined;
type Query<R extends keyof Api> = Api[R] extends { query: infer Q } ? Q : Record<string, never>;
type Names<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

/** What a route is asked with: the names in its path, its query, its body. */
export type Asked<R extends keyof Api> = (Names<R> extends never
  ? { path?: undefined }
  : { path: Record<Names<R>, string | number> }) & {
  query?: Query<R>;
  /** If-Match: the version that was read */
  version?: number;
} & (Api[R] extends { body: infer B } ? { body: B } : { body?: undefined });

/** What the server says when it refuses (RFC 9457). */
interface Problem {
  detail: string;
  code: string;
  errors: { where: string; message: string }[];
}

/** A refusal of the server, in its words. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: { where: string; message: string }[];

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? `The server answered ${status}. Try again in a moment.`);
    this.status = status;
    this.code = problem.code ?? "unknown";
    this.errors = problem.errors ?? [];
  }
}

/** The address of a route under /api, with its query. */
function addressOf<R extends keyof Api>(
  route: R,
  asked: { path?: Record<string, string | number>; query?: object },
): string {
  const path = (route as string).split(" ")[1];
  const names = asked.path ?? {};
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name]));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked.query ?? {}))
    if (value !== undefined && value !== "") query.set(name, String(value));
  return `/api${filled}${query.size > 0 ? `?${query.toString()}` : ""}`;
}

/** Asks a route. Throws Refused with the server's reason, and an Error where there is no connection. */
export async function ask<R extends keyof Api>(
  route: R,
  asked: Asked<R>,
  signal?: AbortSignal,
): Promise<Answer<R>> {
  const { body, version, ...place } = asked as {
    body?: unknown;
    version?: number;
    path?: Record<string, string>;
    query?: object;
  };
  const response = await fetch(addressOf(route, place), {
    method: (route as string).split(" ")[0],
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(version === undefined ? {} : { "if-match": `"v${version}"` }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
  }).catch((error: unknown) => {
    if ((error as Error).name === "AbortError") throw error;
    throw new Refused(0, {
      code: "no-connection",
      detail: "The server cannot be reached. Nothing was changed; try again when the connection is back.",
    });
  });
  if (response.status === 204) return null as Answer<R>;
  const answer = (await response.json().catch(() => ({}))) as Partial<Problem>;
  if (!response.ok) throw new Refused(response.status, answer);
  return answer as Answer<R>;
}
