import type { OpenAPIHono } from "@hono/zod-openapi";
import { openQueue } from "../../src/jobs/queue.ts";
import { startRunner } from "../../src/jobs/runner.ts";
import { appOf } from "../../src/server/app.ts";
import { Explorer } from "../../src/server/explorer.ts";
import type { Services } from "../../src/server/context.ts";
import { limitsOf, type Limits } from "../../src/server/limits.ts";
import { pagesFrom } from "../../src/server/pages.ts";
import { hashPassword, signInOn, type OidcSettings } from "../../src/server/sign-in.ts";
import type { Role } from "../../src/server/rights.ts";
import { openBlobs } from "../../src/store/blobs.ts";
import { transact } from "../../src/store/database.ts";
import { addMembership } from "../../src/store/memberships.ts";
import { addOrganisation } from "../../src/store/organisations.ts";
import { addToken } from "../../src/store/tokens.ts";
import { freshDatabase, type Kind } from "../databases.ts";

export const ADDRESS = "http://127.0.0.1:7700";
export const PASSWORD = "correct horse battery";
const QUIET = { info() {}, warn() {}, error() {} };

/** Somebody who sends requests: with a cookie jar, a token, or nothing. */
export interface Client {
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** the JSON of an answer that must be well */
  get<T>(path: string): Promise<T>;
  /** the JSON (or null) of an answer that must be well */
  send<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T>;
}

export interface Harness {
  app: OpenAPIHono;
  services: Services;
  directory: string;
  url: string | undefined;
  errors: { words: string; fields: object }[];
  /** somebody with a session */
  person(email: string): Promise<Client>;
  client(headers?: Record<string, string>): Client;
  /** a new person with a role in organisations; returns the id */
  addPerson(email: string, roles: Record<string, Role>): Promise<string>;
  addOrganisation(name: string): Promise<string>;
  addToken(organisationId: string, role: Role, days?: number): Promise<{ id: string; secret: string }>;
  stop(): Promise<void>;
}

/** The whole server without a port, on a fresh database. */
export async function harnessOn(
  kind: Kind,
  options: {
    limits?: Limits;
    oidc?: OidcSettings;
    runs?: boolean;
    uploadLimit?: number;
    address?: string;
    /** puts something into the data directory before it is opened */
    fill?: (place: { directory: string; url: string | undefined }) => Promise<void>;
  } = {},
): Promise<Harness> {
  const database = await freshDatabase(kind, options.fill);
  const errors: Harness["errors"] = [];
  const log = { ...QUIET, error: (fields: object, words: string) => void errors.push({ words, fields }) };
  const queue = await openQueue(database, (error) =>
    errors.push({ words: "queue", fields: { error: error.message } }),
  );
  const runner = options.runs
    ? await startRunner(database, queue, { directory: database.directory, blobs: undefined }, log)
    : undefined;
  const address = options.address ?? ADDRESS;
  const explorer = new Explorer({ directory: database.directory, blobs: undefined });
  const services: Services = {
    database,
    blobs: openBlobs(database.directory, undefined),
    queue,
    explorer,
    signIn: signInOn(database.db, { address, secret: "s".repeat(40), oidc: options.oidc }),
    address,
    hasOidc: options.oidc !== undefined,
    uploadLimit: options.uploadLimit ?? 5 * 2 ** 30,
    proxies: 0,
    now: () => new Date(),
    log,
  };
  const app = appOf(services, {
    limits: options.limits ?? limitsOf({ known: 1e6, unknown: 1e6, signIn: 1e6 }),
    pages: pagesFrom(),
  });
  const hashed = await hashPassword(PASSWORD);

  function client(fixed: Record<string, string> = {}): Client {
    const jar = new Map<string, string>();
    const ask: Client["ask"] = async (method, path, body, headers = {}) => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
      const isJson = body !== undefined && !(body instanceof Uint8Array) && typeof body !== "string";
      const response = await app.request(
        path.startsWith("/") && !path.startsWith("/api") ? `/api${path}` : path,
        {
          method,
          headers: {
            ...(cookie ? { cookie, origin: address } : {}),
            ...(isJson ? { "content-type": "application/json" } : {}),
            ...fixed,
            ...headers,
          },
          body: body === undefined ? undefined : isJson ? JSON.stringify(body) : (body as string),
        },
      );
      for (const line of response.headers.getSetCookie()) {
        const [name, value] = line.split(";")[0].split("=");
        if (/max-age=0/i.test(line) || value === "") jar.delete(name);
        else jar.set(name, value);
      }
      return response;
    };
    const well = async (response: Response) => {
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status}: ${text}`);
      return (text === "" ? null : JSON.parse(text)) as never;
    };
    return {
      ask,
      get: async (path) => well(await ask("GET", path)),
      send: async (method, path, body, headers) => well(await ask(method, path, body, headers)),
    };
  }

  return {
    app,
    services,
    directory: database.directory,
    url: database.url,
    errors,
    client,
    async person(email) {
      const one = client();
      await one.send("POST", "/session", { email, password: PASSWORD });
      return one;
    },
    async addPerson(email, roles) {
      const id = crypto.randomUUID();
      await transact(database.db, async (trx) => {
        await trx
          .insertInto("person")
          .values({ id, name: email.split("@")[0], email })
          .execute();
        await trx
          .insertInto("account")
          .values({
            id: crypto.randomUUID(),
            person_id: id,
            account_id: id,
            provider_id: "credential",
            password: hashed,
          })
          .execute();
        for (const [organisation, role] of Object.entries(roles))
          await addMembership(
            trx,
            organisation,
            id,
            role,
            role === "assessor" ? new Date(Date.now() + 1e9) : null,
          );
      });
      return id;
    },
    addOrganisation: (name) => transact(database.db, (trx) => addOrganisation(trx, name)),
    addToken: (organisationId, role, days = 1) =>
      transact(database.db, (trx) =>
        addToken(trx, {
          organisationId,
          name: role,
          role,
          madeBy: null,
          expiresAt: new Date(Date.now() + days * 86_400_000),
        }),
      ),
    async stop() {
      await runner?.stop();
      await explorer.end();
      await queue.stop();
      await database.remove();
    },
  };
}

/** Waits until all work of an organisation has ended. */
export async function allEnded(client: Client, organisation: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const { items } = await client.get<{ items: { state: string }[] }>(
      `/organisations/${organisation}/work?limit=500`,
    );
    if (items.every(({ state }) => !["waiting", "running"].includes(state))) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("some work did not end");
}

/** Waits until a piece of work has ended; returns it. */
export async function ended(client: Client, organisation: string, workId: string) {
  for (let i = 0; i < 600; i++) {
    const work = await client.get<{
      state: string;
      error: { message: string } | null;
      result: Record<string, unknown>;
    }>(`/organisations/${organisation}/work/${workId}`);
    if (!["waiting", "running"].includes(work.state)) return work;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the work did not end");
}
