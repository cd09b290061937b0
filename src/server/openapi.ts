import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "@hono/zod-openapi";
import { problemSchema } from "./problem.ts";
import type { Route } from "./route.ts";
import { RIGHTS } from "./rights.ts";

/** Describes every route by the schemas that check it, as OpenAPI 3.1 at /api/openapi.json. */
export function addDocument(app: OpenAPIHono, routes: readonly Route[]): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "plumbline.session_token",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" });
  for (const route of routes) {
    const { right } = typeof route.access === "object" ? route.access : { right: undefined };
    app.openAPIRegistry.registerPath({
      method: route.method,
      path: `/api${route.path}`,
      summary: route.summary,
      description: right
        ? `Needs the right "${right}": ${RIGHTS[right].join(", ")}.`
        : route.access === "anybody"
          ? "For anybody."
          : "For whoever is signed in.",
      tags: [route.tag],
      security: route.access === "anybody" ? [] : [{ session: [] }, { token: [] }],
      request: {
        ...(route.params ? { params: route.params as z.ZodObject } : {}),
        ...(route.query ? { query: route.query as z.ZodObject } : {}),
        ...(route.body
          ? { body: { required: true, content: { "application/json": { schema: route.body } } } }
          : route.streams
            ? {
                body: {
                  required: true,
                  content: { [route.streams]: { schema: z.string().openapi({ format: "binary" }) } },
                },
              }
            : {}),
      },
      responses: {
        ...Object.fromEntries(
          Object.entries(route.answers).map(([status, content]) => [
            status,
            content === null
              ? { description: "Done." }
              : {
                  description: "Done.",
                  content:
                    typeof content === "string"
                      ? { [content]: { schema: z.string() } }
                      : { "application/json": { schema: content } },
                },
          ]),
        ),
        default: {
          description: "Refused, with the reason.",
          content: { "application/problem+json": { schema: problemSchema } },
        },
      },
    });
  }
  app.doc31("/api/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "Plumbline",
      version: "1",
      description: "What an AI tool is about to inherit: evidence, findings, claims and audits.",
    },
  });
}
