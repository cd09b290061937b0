import { randomUUID } from "node:crypto";
import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "@hono/zod-openapi";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, MiddlewareHandler } from "hono";
import { etag } from "hono/etag";
import { secureHeaders } from "hono/secure-headers";
import { withoutValues } from "../input-error.ts";
import { memberWith, whoAsks } from "./authenticate.ts";
import type { Member, Services, Who } from "./context.ts";
import { count, limitsOf, type Limits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { addDocument } from "./openapi.ts";
import { internalProblem, notThere, Problem, problemOf, problemResponse } from "./problem.ts";
import type { Route } from "./route.ts";
import { may, seesCaseIds } from "./rights.ts";
import { routes } from "./routes/index.ts";
import { isStorable } from "../store/columns.ts";
import { enterWithCompany } from "./company-sign-in.ts";
import { OIDC_CALLBACK } from "./sign-in.ts";
import { toldJson } from "./told-json.ts";

const BODY_LIMIT = 1 << 20;

export interface AppOptions {
  limits?: Limits;
  metrics?: Metrics;
  /** answers what is no route of the API: the pages */
  pages?: (request: Request) => Promise<Response | undefined>;
}

/** The whole HTTP server as a function from requests to responses; it opens no port. */
export function appOf(services: Services, options: AppOptions = {}): OpenAPIHono {
  const limits = options.limits ?? limitsOf();
  const app = new OpenAPIHono();
  app.use(async (context, next) => {
    const began = performance.now();
    const requestId = randomUUID();
    context.set("requestId" as never, requestId as never);
    await next();
    const policy = context.get("csp" as never) as string | undefined;
    if (policy) context.res.headers.set("content-security-policy", policy);
    context.res.headers.set("x-request-id", requestId);
    const seconds = (performance.now() - began) / 1000;
    const path = (context.get("route" as never) as string | undefined) ?? "other";
    options.metrics?.request(context.req.method, path, context.res.status, seconds);
    services.log.info(
      {
        requestId,
        method: context.req.method,
        path,
        status: context.res.status,
        ms: Math.round(seconds * 1000),
      },
      "request",
    );
  });
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
      xFrameOptions: "DENY",
      referrerPolicy: "same-origin",
      strictTransportSecurity: services.address.startsWith("https:") ? "max-age=31536000" : false,
      crossOriginOpenerPolicy: "same-origin",
    }),
  );
  app.onError((error, context) => {
    const problem = problemOf(error);
    if (problem) return problemResponse(problem, context.get("seesEvidence" as never) === true);
    const requestId = context.get("requestId" as never) as string;
    services.log.error({ requestId, error: withoutValues(error.stack ?? error.message) }, "request failed");
    return problemResponse(internalProblem());
  });
  app.notFound(async (context) => {
    if (!context.req.path.startsWith("/api/")) {
      const page = await options.pages?.(context.req.raw);
      if (page) return page;
    }
    return problemResponse(
      new Problem(
        404,
        "no-route",
        `There is no ${context.req.method} ${context.req.path.slice(0, 200)}. What there is stands in /api/openapi.json.`,
      ),
    );
  });
  if (services.hasOidc)
    app.get(OIDC_CALLBACK, async (context) => {
      await count(limits.signIn, addressOf(context, services.proxies));
      const response = await services.signIn.handler(context.req.raw);
      const cookie = response.headers
        .getSetCookie()
        .map((line) => line.split(";")[0])
        .join("; ");
      const found = await services.signIn.api.getSession({ headers: new Headers({ cookie }) });
      if (found) await enterWithCompany(services, found.user.id, found.session.token);
      return response;
    });
  for (const one of routes) {
    const path = `/api${one.path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
    // whole JSON answers carry a tag by their content, so that asking again costs no transfer; streams go out
    // as they come
    const isWhole =
      one.method === "get" && Object.values(one.answers).every((kind) => typeof kind === "object");
    app.on(one.method.toUpperCase(), path, isWhole ? tagged : straight, (context) => {
      context.set("route" as never, `/api${one.path}` as never);
      return answer(one, context, services, limits);
    });
  }
  addDocument(app, routes);
  return app;
}

const tagged = etag({ weak: true });
const straight: MiddlewareHandler = (_, next) => next();

async function answer(one: Route, context: Context, services: Services, limits: Limits): Promise<Response> {
  const request = context.req.raw;
  const open = one.access === "anybody";
  const address = addressOf(context, services.proxies);
  const who = open
    ? undefined
    : await whoAsks(services, request).catch(async (error: unknown) => {
        // wrong tokens are counted by address, and apart from all else: others behind it are not shut out
        // with them
        await count(limits.unknown, `refused ${address}`);
        throw error;
      });
  await count(who ? limits.known : limits.unknown, who?.actor ?? address);
  if (one.tag === "session" && one.method === "post" && open) await count(limits.signIn, address);
  if (!open && !who)
    throw new Problem(401, "not-signed-in", "Sign in, or send a token as Authorization: Bearer …", {
      headers: { "www-authenticate": "Bearer" },
    });
  const member = typeof one.access === "object" ? await memberOf(one, context, services, who!) : undefined;
  if (member) context.set("seesEvidence" as never, may(member.role, "add evidence") as never);
  const words = [...Object.values(context.req.param()), ...Object.values(context.req.query())];
  if (!isStorable(words)) throw notStorable("The address");
  const params = one.params ? check(one.params, context.req.param(), "path") : undefined;
  const query = one.query ? check(one.query, context.req.query(), "query") : undefined;
  const body = one.body
    ? check(one.body, await jsonOf(request, one.bodyLimit ?? BODY_LIMIT, one.placesTexts), "body")
    : undefined;
  const result = await one.handle({
    services,
    params,
    query,
    body,
    member: member as Member,
    who: who as Who,
    request,
    context,
  } as never);
  if (result instanceof Response) return result;
  const status = Number(Object.keys(one.answers)[0]);
  if (one.answers[status] === null) return context.body(null, 204);
  return context.body(toldJson(result, member !== undefined && seesCaseIds(member.role)), status as 200, {
    "content-type": "application/json",
    "cache-control": "private, no-cache",
  });
}

async function memberOf(one: Route, context: Context, services: Services, who: Who): Promise<Member> {
  const organisation = z.uuid().safeParse(context.req.param("org"));
  if (!organisation.success) throw notThere("organisation");
  return memberWith(services, who, organisation.data.toLowerCase(), (one.access as { right: never }).right);
}

/** Checked input. Throws a problem that lists everything that is wrong with it. */
function check(schema: z.ZodType, value: unknown, where: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues
    .slice(0, 50)
    .map(({ path, message }) => ({ where: [where, ...path.map(String)].join("."), message }));
  throw new Problem(
    400,
    "wrong-input",
    errors.map((error) => `${error.where}: ${error.message}`).join("\n"),
    { where: errors[0].where, errors },
  );
}

const notStorable = (where: string) =>
  new Problem(
    400,
    "wrong-input",
    `${where}: expected texts without the character NUL and in which no character is half.`,
    { where },
  );

async function jsonOf(request: Request, limit: number, placesTexts = false): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/(merge-patch\+)?json\b/i.test(type))
    throw new Problem(
      415,
      "wrong-content",
      `Content-Type: expected application/json, got ${type.slice(0, 60) || "none"}.`,
    );
  const tooLarge = () =>
    new Problem(
      413,
      "too-large",
      `The body: expected at most ${limit} bytes. Large files go through /uploads.`,
    );
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of request.body ?? []) {
    bytes += part.length;
    if (bytes > limit) throw tooLarge();
    parts.push(part);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts));
    const value: unknown = JSON.parse(text);
    if (!placesTexts && !isStorable(value)) throw notStorable("The body");
    return value;
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem(400, "no-json", `The body: expected JSON in UTF-8, ${(cause as Error).message}.`, {
      where: "body",
    });
  }
}

/**
 * The address at the other end, through as many proxies as the settings trust; of a request that came through
 * no port, none.
 */
function addressOf(context: Context, proxies: number): string {
  const forwarded = (context.req.header("x-forwarded-for") ?? "").split(",").map((one) => one.trim());
  const named = proxies > 0 ? forwarded.at(-proxies) : undefined;
  if (named) return named.slice(0, 60);
  try {
    return getConnInfo(context).remote.address ?? "unknown";
  } catch {
    return "unknown";
  }
}
