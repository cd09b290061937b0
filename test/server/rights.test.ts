import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { may, PEOPLE_ONLY, RIGHTS, ROLES, type Role } from "../../src/server/rights.ts";
import { routes } from "../../src/server/routes/index.ts";
import { KINDS, missing } from "../databases.ts";
import { harnessOn, type Client, type Harness } from "./harness.ts";

/**
 * What stands for each parameter of a path, and for each body: well-formed, and naming nothing that is there.
 */
const PARAMS: Record<string, string> = {
  process: "11111111-1111-4111-8111-111111111111",
  upload: "22222222-2222-4222-8222-222222222222",
  log: "33333333-3333-4333-8333-333333333333",
  audit: "44444444-4444-4444-8444-444444444444",
  work: "55555555-5555-4555-8555-555555555555",
  token: "66666666-6666-4666-8666-666666666666",
  override: "88888888-8888-4888-8888-888888888888",
  gap: "99999999-9999-4999-8999-999999999999",
  promise: "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
  implementation: "77777777-7777-4777-8777-777777777777",
  person: "nobody",
  email: "nobody@example.org",
  finding: "0123456789",
  claim: "c1",
  step: "s1",
  number: "1",
  question: "1",
  format: "html",
};

const inOrganisation = routes.filter(({ path }) => path.startsWith("/organisations/{org}"));

describe.each(KINDS)("who may do what, on %s", (kind) => {
  const reason = missing(kind);
  const it = test.skipIf(reason !== undefined);
  let harness: Harness;
  let own: string;
  let other: string;
  const people = new Map<Role, Client>();
  let outsider: Client;
  let otherToken: Client;
  const tokens = new Map<string, Client>();

  beforeAll(async () => {
    if (reason) return;
    harness = await harnessOn(kind);
    own = await harness.addOrganisation("Own");
    other = await harness.addOrganisation("Other");
    for (const role of ROLES) {
      if (role === "agent") continue;
      const email = `${role.replace(" ", "-")}@own.org`;
      await harness.addPerson(email, { [own]: role });
      people.set(role, await harness.person(email));
    }
    await harness.addPerson("admin@other.org", { [other]: "admin" });
    outsider = await harness.person("admin@other.org");
    const bearer = (secret: string) => harness.client({ authorization: `Bearer ${secret}` });
    for (const role of ["viewer", "analyst", "agent"] as const)
      tokens.set(role, bearer((await harness.addToken(own, role)).secret));
    otherToken = bearer((await harness.addToken(other, "analyst")).secret);
    const revoked = await harness.addToken(own, "analyst");
    await harness.services.database.db
      .updateTable("token")
      .set({ revoked_at: new Date() })
      .where("id", "=", revoked.id)
      .execute();
    tokens.set("revoked", bearer(revoked.secret));
    tokens.set("expired", bearer((await harness.addToken(own, "analyst", -1)).secret));
    tokens.set("unknown", bearer(`plumb_${"x".repeat(43)}`));
    tokens.set("of another kind", harness.client({ authorization: "Basic YTpi" }));
  });
  afterAll(async () => {
    await harness?.stop();
  });

  const pathOf = (path: string, organisation: string) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === "org" ? organisation : PARAMS[name]));
  const ask = (client: Client, route: (typeof routes)[number], organisation: string) =>
    client.ask(route.method.toUpperCase(), pathOf(route.path, organisation), route.body ? {} : undefined);

  it("every parameter has a value here, so that no route is left out", () => {
    for (const { path } of routes)
      for (const [, name] of path.matchAll(/\{(\w+)\}/g))
        if (name !== "org") expect(PARAMS).toHaveProperty(name);
    expect(inOrganisation.length).toBeGreaterThan(30);
    for (const route of inOrganisation) expect(route.access, route.path).toHaveProperty("right");
  });

  it.each(inOrganisation.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "%s",
    async (_, route) => {
      const { right } = route.access as { right: keyof typeof RIGHTS };
      // nobody, and tokens that do not count
      for (const client of [
        harness.client(),
        ...["revoked", "expired", "unknown", "of another kind"].map((name) => tokens.get(name)!),
      ]) {
        const answer = await ask(client, route, own);
        expect(answer.status).toBe(401);
        expect(answer.headers.get("www-authenticate")).toContain("Bearer");
      }
      // people and programs of another organisation see no difference between this one and one that is not
      // there
      for (const client of [outsider, otherToken]) {
        const foreign = await ask(client, route, own);
        const absent = await ask(client, route, "99999999-9999-4999-8999-999999999999");
        expect(foreign.status).toBe(404);
        expect(await foreign.text()).toBe(await absent.text());
      }
      // every role
      for (const [role, client] of [
        ...people,
        ...(["viewer", "analyst", "agent"] as const).map((r) => [r, tokens.get(r)!] as const),
      ]) {
        const answer = await ask(client, route, own);
        const text = await answer.text();
        const isRefused = answer.status === 403 && text.includes('"no-right"');
        const isProgram = [...tokens.values()].includes(client);
        const forPeople = may(role as Role, right) && isProgram && PEOPLE_ONLY.has(right);
        expect([role, isRefused]).toEqual([role, !may(role as Role, right)]);
        expect([role, answer.status === 403 && text.includes('"people-only"')]).toEqual([role, forPeople]);
        expect(answer.status, text).toBeLessThan(500);
      }
      expect(harness.errors).toEqual([]);
    },
  );

  it("what needs no right needs a sign-in, or is for anybody on purpose", () => {
    const open = routes
      .filter(({ access }) => access === "anybody")
      .map(({ method, path }) => `${method} ${path}`);
    expect(open).toEqual([
      "get /sign-in",
      "post /session",
      "post /session/second-factor",
      "post /session/company",
      "post /links/look",
      "post /links/first-admin",
      "post /links/invitation",
      "post /links/new-password",
      "options /uploads",
    ]);
  });

  it("a session is of no use to another site's page", async () => {
    const admin = people.get("admin")!;
    const from = (headers: Record<string, string>) =>
      admin.ask(
        "POST",
        `/organisations/${own}/processes`,
        { name: `from ${JSON.stringify(headers)}` },
        headers,
      );
    expect((await from({ origin: "https://evil.example" })).status).toBe(403);
    expect((await from({ origin: "null" })).status).toBe(403);
    expect((await from({ origin: "http://127.0.0.1:7701" })).status).toBe(403);
    expect((await from({})).status).toBe(201);
  });

  it("a membership that has ended is none", async () => {
    const id = await harness.addPerson("gone@own.org", { [own]: "admin" });
    const gone = await harness.person("gone@own.org");
    expect((await gone.ask("GET", `/organisations/${own}/members`)).status).toBe(200);
    await harness.services.database.db
      .updateTable("membership")
      .set({ until: new Date(Date.now() - 1000) })
      .where("person_id", "=", id)
      .execute();
    expect((await gone.ask("GET", `/organisations/${own}/members`)).status).toBe(404);
  });
});
