import fc from "fast-check";
import { z } from "zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../src/server/routes/index.ts";
import { problemSchema } from "../../src/server/problem.ts";
import { KINDS, missing } from "../databases.ts";
import { harnessOn, PASSWORD, type Client, type Harness } from "./harness.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 25);

/** Texts that have broken programs before. */
const NASTY = [
  "",
  "null",
  "0",
  "-1",
  "NaN",
  "1e309",
  "'; drop table person; --",
  "../../../etc/passwd",
  "..%2f..%2fetc%2fpasswd",
  "%00",
  "\u0000",
  "\ud800",
  "=1+1",
  "<script>alert(1)</script>",
  "{{7*7}}",
  "__proto__",
  "constructor",
  "a".repeat(70_000),
  "é".repeat(300),
  "11111111-1111-4111-8111-111111111111",
  "9999-12-31T23:59:59Z",
  "0000-01-01T00:00:00Z",
  "+275760-09-13T00:00:00Z",
  "99999999999999999999",
  "eyJhIjoxfQ",
];
const nasty = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "binary", maxLength: 40 }));
const anything = fc.oneof(
  nasty,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 4 }),
  fc.constant(Array.from({ length: 3000 }, () => 1)),
);

interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  enum?: unknown[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  additionalProperties?: JsonSchema | boolean;
  format?: string;
  minLength?: number;
}

/** Values that a schema would mostly take, with now and then one that it would not. */
function near(schema: JsonSchema): fc.Arbitrary<unknown> {
  const good = (): fc.Arbitrary<unknown> => {
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (schema.anyOf) return fc.oneof(...schema.anyOf.map(near));
    if (schema.properties) {
      const some = Object.entries(schema.properties).map(([key, value]) =>
        fc.tuple(fc.constant(key), near(value), fc.integer({ min: 0, max: 9 })),
      );
      return fc
        .tuple(...some, fc.option(fc.tuple(nasty, anything), { freq: 6 }))
        .map((entries) =>
          Object.fromEntries(
            (entries as unknown as ([string, unknown, number?] | null)[])
              .filter((entry) => entry !== null && entry[2] !== 0)
              .map((entry) => [entry![0], entry![1]]),
          ),
        );
    }
    if (schema.type === "array") return fc.array(near(schema.items ?? {}), { maxLength: 4 });
    if (schema.type === "object")
      return fc.dictionary(
        nasty,
        typeof schema.additionalProperties === "object" ? near(schema.additionalProperties) : anything,
        { maxKeys: 4 },
      );
    if (schema.type === "integer" || schema.type === "number")
      return fc.oneof(fc.integer({ min: 0, max: 400 }), fc.double(), fc.maxSafeInteger());
    if (schema.type === "boolean") return fc.boolean();
    if (schema.format === "uuid") return fc.uuid();
    if (schema.format === "email") return fc.constantFrom("a@b.org", "admin@own.org", "x@y.zz");
    if (schema.format === "date-time")
      return fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") })
        .map((date) => date.toISOString());
    return fc.oneof(
      fc.string({ minLength: schema.minLength ?? 0, maxLength: 30 }),
      fc.constant(PASSWORD),
      fc.constant("a"),
    );
  };
  return fc.oneof({ weight: 6, arbitrary: fc.constant(0).chain(good) }, { weight: 1, arbitrary: anything });
}

const schemaOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;

describe.each(KINDS)("no request whatever breaks the server, on %s", (kind) => {
  const reason = missing(kind);
  const it = test.skipIf(reason !== undefined);
  let harness: Harness;
  let organisation: string;
  let process_: string;
  let clients: Client[];

  beforeAll(async () => {
    if (reason) return;
    harness = await harnessOn(kind);
    organisation = await harness.addOrganisation("Own");
    await harness.addPerson("admin@own.org", { [organisation]: "admin" });
    await harness.addPerson("owner@own.org", { [organisation]: "process owner" });
    // a token, whose session nobody ends while others fuzz
    const token = await harness.addToken(organisation, "admin");
    clients = [
      harness.client({ authorization: `Bearer ${token.secret}` }),
      await harness.person("owner@own.org"),
      harness.client(),
    ];
    ({ id: process_ } = await clients[0].send<{ id: string }>(
      "POST",
      `/organisations/${organisation}/processes`,
      { name: "P" },
    ));
  });
  afterAll(async () => {
    await harness?.stop();
  });

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "%s",
    async (_, route) => {
      const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const value = (name: string) =>
        name === "org"
          ? fc.oneof({ weight: 8, arbitrary: fc.constant(organisation) }, nasty)
          : fc.oneof(
              {
                weight: 4,
                arbitrary:
                  name === "process"
                    ? fc.constant(process_)
                    : fc.constantFrom("1", "html", "0123456789", "nobody"),
              },
              { weight: 2, arbitrary: fc.uuid() },
              nasty,
            );
      const query = route.query ? (schemaOf(route.query).properties ?? {}) : {};
      const asked = fc.record({
        client: fc.constantFrom(...clients),
        params: fc.tuple(...names.map(value)),
        query: fc.dictionary(fc.constantFrom("limit", "after", ...Object.keys(query)), nasty, { maxKeys: 3 }),
        body: route.body
          ? fc.oneof({ weight: 5, arbitrary: near(schemaOf(route.body)) }, anything)
          : fc.constant(undefined),
        raw: fc.option(
          fc.constantFrom(
            "{",
            "",
            "\u0000",
            "[".repeat(20_000),
            `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
            `{"name":${'{"a":'.repeat(50_000)}1${"}".repeat(50_001)}`,
            String.raw`{"name":"a\u0000b"}`,
            '{"a":',
            "nul",
          ),
          { freq: 8 },
        ),
        headers: fc.dictionary(
          fc.constantFrom(
            "if-match",
            "upload-length",
            "upload-offset",
            "tus-resumable",
            "upload-metadata",
            "content-type",
            "if-none-match",
            "accept",
          ),
          fc.constantFrom(
            '"v1"',
            '"v99"',
            "1.0.0",
            "10",
            "-1",
            "1e9",
            "filename !!!",
            "application/json",
            "application/offset+octet-stream",
            "*",
            "x".repeat(3000),
          ),
          { maxKeys: 3 },
        ),
      });
      await fc.assert(
        fc.asyncProperty(asked, async ({ client, params, query: words, body, raw, headers }) => {
          const path = route.path.replaceAll(/\{(\w+)\}/g, (__, name: string) =>
            encode(params[names.indexOf(name)]),
          );
          const search = new URLSearchParams(words).toString();
          const withBody = route.method !== "get" && route.method !== "head";
          const answer = await client.ask(
            route.method.toUpperCase(),
            `${path}${search ? `?${search}` : ""}`,
            !withBody ? undefined : raw !== null ? raw : body,
            raw !== null && withBody ? { "content-type": "application/json", ...headers } : headers,
          );
          const text = await answer.text();
          expect(answer.status, `${path} ${text}`).toBeLessThan(500);
          if (answer.status >= 400) {
            expect(answer.headers.get("content-type")).toBe("application/problem+json");
            const problem = problemSchema.parse(JSON.parse(text));
            expect(problem.detail.length).toBeGreaterThan(10);
            expect(text).not.toMatch(/node_modules|at \w+ \(|SELECT |select "|syntax error|violates/);
          }
        }),
        { numRuns: RUNS, seed: 20261122, endOnFailure: true },
      );
      expect(harness.errors.splice(0)).toEqual([]);
    },
    300_000,
  );
});

/** A value as part of a path: never a slash of its own, else it would be another route. */
function encode(value: unknown): string {
  const text = String(value);
  try {
    return encodeURIComponent(text) || "%20";
  } catch {
    return "%ED%A0%80"; // a lone surrogate has no encoding
  }
}
