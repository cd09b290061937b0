import { createServer, type Server } from "node:http";
import { Provider } from "oidc-provider";
import { TOTP, URI } from "otpauth";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { limitsOf } from "../../src/server/limits.ts";
import { transact } from "../../src/store/database.ts";
import { addOneTimeLink } from "../../src/store/one-time-links.ts";
import { verifyTrail } from "../../src/store/trail.ts";
import { KINDS, missing } from "../databases.ts";
import { freePort } from "../setup-databases.ts";
import { harnessOn, PASSWORD, type Client, type Harness } from "./harness.ts";

interface Session {
  kind: string;
  id: string;
  name: string;
  secondFactor: boolean;
  organisations: { id: string; name: string; role: string }[];
}

describe.each(KINDS)("accounts on %s", (kind) => {
  const reason = missing(kind);
  const it = test.skipIf(reason !== undefined);
  let harness: Harness;
  let own: string;
  let admin: Client;

  beforeAll(async () => {
    if (reason) return;
    harness = await harnessOn(kind);
    own = await harness.addOrganisation("Own");
    await harness.addPerson("admin@own.org", { [own]: "admin" });
    admin = await harness.person("admin@own.org");
  });
  afterAll(async () => {
    if (!harness) return;
    expect(harness.errors).toEqual([]);
    for (const { organisation_id } of await harness.services.database.db
      .selectFrom("trail_head")
      .select("organisation_id")
      .execute())
      expect((await verifyTrail(harness.services.database.db, organisation_id)).broken).toBeUndefined();
    await harness.stop();
  });

  const secretOf = (link: string) => link.split("=")[1];

  it("the first admin's link makes one account, once, and only with a good password", async () => {
    const { database } = harness.services;
    const link = await transact(database.db, (trx) =>
      addOneTimeLink(trx, { purpose: "first-admin", expires_at: new Date(Date.now() + 60_000) }),
    );
    const client = harness.client();
    const input = {
      link,
      name: "Ana Ruiz",
      email: "Ana@First.org",
      password: "another long password",
      organisation: "First",
    };
    const short = await client.ask("POST", "/links/first-admin", { ...input, password: "short" });
    expect([short.status, await short.text()]).toEqual([
      400,
      expect.stringContaining("at least 12 characters"),
    ]);
    const both = await Promise.all([
      client.ask("POST", "/links/first-admin", input),
      client.ask("POST", "/links/first-admin", { ...input, email: "eve@first.org" }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 410]);
    expect((await client.ask("POST", "/links/first-admin", input)).status).toBe(410);
    const winner = both[0].status === 201 ? "ana@first.org" : "eve@first.org";
    await client.send("POST", "/session", { email: winner, password: input.password });
    const session = await client.get<Session>("/session");
    expect(session.organisations).toMatchObject([{ name: "First", role: "admin" }]);
  });

  it("the cookie of a session is kept from scripts and other sites", async () => {
    const answer = await harness
      .client()
      .ask("POST", "/session", { email: "admin@own.org", password: PASSWORD });
    const [cookie] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    const secure = await harnessOn(kind, { address: "https://plumb.example" });
    const organisation = await secure.addOrganisation("S");
    await secure.addPerson("a@s.org", { [organisation]: "admin" });
    const over = await secure.client().ask("POST", "/session", { email: "a@s.org", password: PASSWORD });
    expect(over.headers.getSetCookie()[0]).toMatch(/^__Secure-.*Secure/);
    expect(over.headers.get("strict-transport-security")).toContain("max-age");
    await secure.stop();
  });

  it("a wrong password, an unknown address and a locked account look alike; the lock holds even for the right password", async () => {
    await harness.addPerson("lock@own.org", { [own]: "viewer" });
    const client = harness.client();
    const unknown = await client.ask("POST", "/session", { email: "nobody@own.org", password: PASSWORD });
    const texts = new Set([await unknown.text()]);
    for (let i = 0; i < 5; i++) {
      const wrong = await client.ask("POST", "/session", { email: "lock@own.org", password: "wrong" });
      expect(wrong.status).toBe(401);
      texts.add(await wrong.text());
    }
    const locked = await client.ask("POST", "/session", { email: "lock@own.org", password: PASSWORD });
    texts.add(await locked.text());
    expect([locked.status, texts.size]).toEqual([401, 1]);
    const trail = await admin.get<{ items: { act: string }[] }>(`/organisations/${own}/trail?limit=500`);
    expect(trail.items.map(({ act }) => act)).toContain("account locked");
    await harness.services.database.db
      .updateTable("person")
      .set({ locked_until: new Date(Date.now() - 1) })
      .where("email", "=", "lock@own.org")
      .execute();
    await client.send("POST", "/session", { email: "lock@own.org", password: PASSWORD });
  });

  it("attempts to sign in from one address are limited", async () => {
    const limited = await harnessOn(kind, { limits: limitsOf({ known: 5, unknown: 1000, signIn: 3 }) });
    const client = limited.client();
    const statuses = [];
    for (let i = 0; i < 5; i++)
      statuses.push((await client.ask("POST", "/session", { email: `p${i}@x.org`, password: "x" })).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    await limited.stop();
  });

  it("signing out ends the session, also for who kept its cookie", async () => {
    await harness.addPerson("out@own.org", { [own]: "viewer" });
    const one = await harness.person("out@own.org");
    const kept: Record<string, string> = {};
    const answer = await one.ask("GET", "/session");
    expect(answer.status).toBe(200);
    const signIn = await harness
      .client()
      .ask("POST", "/session", { email: "out@own.org", password: PASSWORD });
    kept["cookie"] = signIn.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const thief = harness.client({ ...kept, origin: harness.services.address });
    expect((await thief.ask("GET", "/session")).status).toBe(200);
    expect((await thief.ask("DELETE", "/session")).status).toBe(204);
    expect((await thief.ask("GET", "/session")).status).toBe(401);
  });

  it("a second factor is asked for once it is confirmed; backup codes work once", async () => {
    await harness.addPerson("two@own.org", { [own]: "analyst" });
    const one = await harness.person("two@own.org");
    expect((await one.ask("POST", "/session/second-factors", { password: "not mine at all" })).status).toBe(
      403,
    );
    const { address, backupCodes } = await one.send<{ address: string; backupCodes: string[] }>(
      "POST",
      "/session/second-factors",
      { password: PASSWORD },
    );
    const totp = URI.parse(address) as TOTP;
    expect(
      (
        await harness.client().send<{ secondFactorNeeded: boolean }>("POST", "/session", {
          email: "two@own.org",
          password: PASSWORD,
        })
      ).secondFactorNeeded,
    ).toBe(false);
    expect((await one.ask("POST", "/session/second-factors/confirmation", { code: "000000" })).status).toBe(
      401,
    );
    expect(
      (await one.ask("POST", "/session/second-factors/confirmation", { code: totp.generate() })).status,
    ).toBe(204);

    const signIn = async () => {
      const client = harness.client();
      expect(await client.send("POST", "/session", { email: "two@own.org", password: PASSWORD })).toEqual({
        secondFactorNeeded: true,
      });
      expect((await client.ask("GET", "/session")).status).toBe(401);
      return client;
    };
    const withCode = await signIn();
    expect((await withCode.ask("POST", "/session/second-factor", { code: "123456" })).status).toBe(401);
    expect((await withCode.ask("POST", "/session/second-factor", { code: totp.generate() })).status).toBe(
      204,
    );
    expect((await withCode.get<Session>("/session")).secondFactor).toBe(true);
    const withBackup = await signIn();
    expect((await withBackup.ask("POST", "/session/second-factor", { code: backupCodes[0] })).status).toBe(
      204,
    );
    const again = await signIn();
    expect((await again.ask("POST", "/session/second-factor", { code: backupCodes[0] })).status).toBe(401);
    expect((await withCode.ask("DELETE", "/session/second-factors", { password: PASSWORD })).status).toBe(
      204,
    );
    expect(
      await harness.client().send("POST", "/session", { email: "two@own.org", password: PASSWORD }),
    ).toEqual({ secondFactorNeeded: false });
  });

  it("an invited person makes an account and belongs; an invitation for an account needs that account's consent", async () => {
    const { link } = await admin.send<{ link: string }>("POST", `/organisations/${own}/members`, {
      email: "new@own.org",
      name: "New",
      role: "process owner",
    });
    const client = harness.client();
    expect(await client.send("POST", "/links/look", { link: secretOf(link) })).toMatchObject({
      purpose: "invitation",
      email: "new@own.org",
      signInFirst: false,
    });
    await client.send("POST", "/links/invitation", {
      link: secretOf(link),
      name: "Nia New",
      password: "long enough password",
    });
    expect(
      (
        await client.ask("POST", "/links/invitation", {
          link: secretOf(link),
          name: "Eve",
          password: "long enough password",
        })
      ).status,
    ).toBe(410);
    await client.send("POST", "/session", { email: "new@own.org", password: "long enough password" });
    expect((await client.get<Session>("/session")).organisations).toMatchObject([
      { id: own, role: "process owner" },
    ]);

    // another organisation invites somebody who is here already: it cannot take the account over
    const other = await harness.addOrganisation("Other");
    await harness.addPerson("boss@other.org", { [other]: "admin" });
    const boss = await harness.person("boss@other.org");
    const second = await boss.send<{ link: string }>("POST", `/organisations/${other}/members`, {
      email: "new@own.org",
      name: "X",
      role: "viewer",
    });
    const thief = harness.client();
    expect(
      (
        await thief.ask("POST", "/links/invitation", {
          link: secretOf(second.link),
          name: "X",
          password: "the thief's password",
        })
      ).status,
    ).toBe(401);
    expect((await client.get<Session>("/session")).organisations).toHaveLength(1);
    await client.send("POST", "/links/invitation", { link: secretOf(second.link) });
    expect((await client.get<Session>("/session")).organisations).toHaveLength(2);
    const { items } = await boss.get<{ items: { id: string; email: string }[] }>(
      `/organisations/${other}/members`,
    );
    const person = items.find(({ email }) => email === "new@own.org")!;
    expect(
      (await boss.ask("POST", `/organisations/${other}/members/${person.id}/new-password-link`)).status,
    ).toBe(409);
  });

  it("who once held a link to somebody's address cannot come into their account later", async () => {
    const [a, b] = [await harness.addOrganisation("A"), await harness.addOrganisation("B")];
    await harness.addPerson("a@a.org", { [a]: "admin" });
    await harness.addPerson("b@b.org", { [b]: "admin" });
    const [adminA, adminB] = [await harness.person("a@a.org"), await harness.person("b@b.org")];
    const invite = async (client: Client, organisation: string, role: string) =>
      secretOf(
        (
          await client.send<{ link: string }>("POST", `/organisations/${organisation}/members`, {
            email: "victim@x.org",
            name: "V",
            role,
          })
        ).link,
      );
    const trap = await invite(adminB, b, "viewer");
    const real = await invite(adminA, a, "admin");
    // nobody belongs before they accept
    expect((await adminA.get<{ items: unknown[] }>(`/organisations/${a}/members`)).items).toHaveLength(1);
    const victim = harness.client();
    await victim.send("POST", "/links/invitation", {
      link: real,
      name: "Vic",
      password: "the victim's own password",
    });
    const attack = await harness
      .client()
      .ask("POST", "/links/invitation", { link: trap, name: "V", password: "the attacker's password" });
    expect(attack.status).toBe(401);
    await victim.send("POST", "/session", { email: "victim@x.org", password: "the victim's own password" });

    // a link for a new password, made while somebody belonged to one organisation, is of no use once they
    // joined another
    const id = await harness.addPerson("mover@x.org", { [b]: "viewer" });
    const { link } = await adminB.send<{ link: string }>(
      "POST",
      `/organisations/${b}/members/${id}/new-password-link`,
    );
    const mover = await harness.person("mover@x.org");
    const joins = await adminA.send<{ link: string }>("POST", `/organisations/${a}/members`, {
      email: "mover@x.org",
      name: "M",
      role: "analyst",
    });
    await mover.send("POST", "/links/invitation", { link: secretOf(joins.link) });
    expect(
      (
        await harness
          .client()
          .ask("POST", "/links/new-password", { link: secretOf(link), password: "the attacker's password" })
      ).status,
    ).toBe(409);
    await harness.person("mover@x.org");
  });

  it("an invitation can be seen and taken back, and none changes a membership that is there", async () => {
    const people = `/organisations/${own}/members`;
    const first = await admin.send<{ link: string }>("POST", people, {
      email: "back@own.org",
      name: "B",
      role: "viewer",
    });
    const list = await admin.get<{ items: { email: string }[] }>(`/organisations/${own}/invitations`);
    expect(list.items.map((one) => one.email)).toContain("back@own.org");
    expect((await admin.ask("DELETE", `/organisations/${own}/invitations/back@own.org`)).status).toBe(204);
    expect((await admin.ask("DELETE", `/organisations/${own}/invitations/back@own.org`)).status).toBe(404);
    expect((await harness.client().ask("POST", "/links/look", { link: secretOf(first.link) })).status).toBe(
      410,
    );
    expect(
      (await admin.ask("POST", people, { email: "admin@own.org", name: "A", role: "viewer" })).status,
    ).toBe(409);
    // invited twice, then removed: the second link does not bring them back
    const id = await harness.addPerson("twice@own.org", {});
    const client = await harness.person("twice@own.org");
    const one = await admin.send<{ link: string }>("POST", people, {
      email: "twice@own.org",
      name: "T",
      role: "admin",
    });
    await client.send("POST", "/links/invitation", { link: secretOf(one.link) });
    await harness.services.database.db
      .insertInto("one_time_link")
      .values({
        hash: "h".repeat(64),
        purpose: "invitation",
        organisation_id: own,
        email: "twice@own.org",
        role: "admin",
        expires_at: new Date(Date.now() + 60_000),
      })
      .execute();
    await admin.send("DELETE", `${people}/${id}`);
    const open = await admin.get<{ items: { email: string }[] }>(`/organisations/${own}/invitations`);
    expect(open.items.map((invited) => invited.email)).not.toContain("twice@own.org");
  });

  it("the trail holds whatever is written into it", async () => {
    const client = await harness.person("admin@own.org").catch(() => admin);
    const capitals = own.toUpperCase();
    await client.send("POST", `/organisations/${capitals}/processes`, { name: `in capitals ${kind}` });
    expect(
      (await client.ask("POST", `/organisations/${own}/processes`, { name: "half \ud800 a pair" })).status,
    ).toBe(400);
    expect((await verifyTrail(harness.services.database.db, own)).broken).toBeUndefined();
  });

  it("an assessor's access must end, and the only admin stays one", async () => {
    const open = await admin.ask("POST", `/organisations/${own}/members`, {
      email: "as@own.org",
      name: "As",
      role: "assessor",
    });
    expect([open.status, await open.text()]).toEqual([400, expect.stringContaining("until")]);
    const { items } = await admin.get<{ items: { id: string; email: string; version: number }[] }>(
      `/organisations/${own}/members`,
    );
    const me = items.find(({ email }) => email === "admin@own.org")!;
    const version = { "if-match": `"v${me.version}"` };
    expect((await admin.ask("DELETE", `/organisations/${own}/members/${me.id}`)).status).toBe(409);
    expect(
      (await admin.ask("PATCH", `/organisations/${own}/members/${me.id}`, { role: "viewer" }, version))
        .status,
    ).toBe(409);
    expect(
      (await admin.ask("PATCH", `/organisations/${own}/members/${me.id}`, { role: "viewer" })).status,
    ).toBe(428);
    const second = await harness.addPerson("second@own.org", { [own]: "admin" });
    // two admins who remove one another at once: one stays
    const other = await harness.person("second@own.org");
    const statuses = await Promise.all([
      admin.ask("DELETE", `/organisations/${own}/members/${second}`),
      other.ask("DELETE", `/organisations/${own}/members/${me.id}`),
    ]);
    expect(statuses.filter(({ status }) => status === 204)).toHaveLength(1);
    const left = await harness.services.database.db
      .selectFrom("membership")
      .select("person_id")
      .where("organisation_id", "=", own)
      .where("role", "=", "admin")
      .execute();
    expect(left).toHaveLength(1);
    if (left[0].person_id !== me.id) admin = other;
  });

  it("a new-password link ends every session of the account", async () => {
    const id = await harness.addPerson("forgot@own.org", { [own]: "viewer" });
    const before = await harness.person("forgot@own.org");
    const { link } = await admin.send<{ link: string }>(
      "POST",
      `/organisations/${own}/members/${id}/new-password-link`,
    );
    await harness
      .client()
      .send("POST", "/links/new-password", { link: secretOf(link), password: "a brand new password" });
    expect((await before.ask("GET", "/session")).status).toBe(401);
    expect(
      (await harness.client().ask("POST", "/session", { email: "forgot@own.org", password: PASSWORD }))
        .status,
    ).toBe(401);
    await harness
      .client()
      .send("POST", "/session", { email: "forgot@own.org", password: "a brand new password" });
  });

  it("nothing secret stands in the database as it is", async () => {
    const { secret } = await admin.send<{ secret: string }>("POST", `/organisations/${own}/tokens`, {
      name: "t",
      role: "agent",
    });
    const { link } = await admin.send<{ link: string }>("POST", `/organisations/${own}/members`, {
      email: "s@own.org",
      name: "S",
      role: "viewer",
    });
    const { db } = harness.services.database;
    const all = JSON.stringify([
      await db.selectFrom("token").selectAll().execute(),
      await db.selectFrom("one_time_link").selectAll().execute(),
      await db.selectFrom("account").selectAll().execute(),
      await db.selectFrom("trail").selectAll().execute(),
    ]);
    for (const hidden of [secret, secretOf(link), PASSWORD]) expect(all).not.toContain(hidden);
    expect(all).toContain("$argon2id$");
  });

  describe("with the company's provider", () => {
    let provider: Server;
    let company: Harness;
    let organisation: string;
    const address = "http://127.0.0.1:7700";

    beforeAll(async () => {
      if (reason) return;
      // the provider warns that it is a provider for tests
      for (const way of ["info", "warn", "log"] as const) vi.spyOn(console, way).mockImplementation(() => {});
      const port = await freePort();
      const issuer = `http://127.0.0.1:${port}`;
      const oidc = new Provider(issuer, {
        clients: [
          {
            client_id: "plumbline",
            client_secret: "secret-of-plumbline-0123456789",
            redirect_uris: [`${address}/api/auth/callback/company`],
            grant_types: ["authorization_code"],
            response_types: ["code"],
          },
        ],
        claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
        conformIdTokenClaims: false,
        pkce: { required: () => true },
        cookies: { keys: ["test"] },
        features: { devInteractions: { enabled: true } },
        findAccount: (_, id) => ({
          accountId: id,
          claims: () => ({ sub: id, name: id, email: `${id}@own.org`, email_verified: id !== "unverified" }),
        }),
      });
      provider = createServer(oidc.callback());
      await new Promise<void>((ready) => provider.listen(port, "127.0.0.1", ready));
      company = await harnessOn(kind, {
        address,
        oidc: {
          issuer,
          clientId: "plumbline",
          clientSecret: "secret-of-plumbline-0123456789",
          trustsAddresses: false,
        },
      });
      organisation = await company.addOrganisation("Company");
      await company.addPerson("boss@own.org", { [organisation]: "admin" });
    });
    afterAll(async () => {
      await company?.stop();
      await new Promise((closed) => (provider ? provider.close(closed) : closed(undefined)));
    });

    /** Goes the way of a browser through the provider's forms, and back. */
    async function signInAs(name: string): Promise<{ client: Client; back: Response }> {
      const client = company.client();
      let { url } = await client.send<{ url: string }>("POST", "/session/company", {});
      const jar = new Map<string, string>();
      const hit = async (to: string, body?: string) => {
        const response = await fetch(to, {
          redirect: "manual",
          method: body ? "POST" : "GET",
          body,
          headers: {
            cookie: [...jar].map(([key, value]) => `${key}=${value}`).join("; "),
            ...(body ? { "content-type": "application/x-www-form-urlencoded" } : {}),
          },
        });
        for (const line of response.headers.getSetCookie()) {
          const [key, value] = line.split(";")[0].split("=");
          jar.set(key, value);
        }
        return response;
      };
      for (let i = 0; i < 12 && !url.startsWith(`${address}/api`); i++) {
        const response = await hit(url);
        let next = response.headers.get("location");
        if (!next) {
          const html = await response.text();
          const action = /action="([^"]+)"/.exec(html)![1];
          const prompt = /name="prompt" value="([^"]+)"/.exec(html)![1];
          next = (
            await hit(new URL(action, url).href, `prompt=${prompt}&login=${name}&password=x`)
          ).headers.get("location");
        }
        url = new URL(next!, url).href;
      }
      return { client, back: await client.ask("GET", url.slice(address.length)) };
    }

    it("who was invited signs in with it, code and PKCE, and belongs", async () => {
      const boss = await company.person("boss@own.org");
      await boss.send("POST", `/organisations/${organisation}/members`, {
        email: "hugo@own.org",
        name: "Hugo",
        role: "analyst",
      });
      const { client, back } = await signInAs("hugo");
      expect([back.status, back.headers.get("location")]).toEqual([302, "/"]);
      expect(await client.get<Session>("/session")).toMatchObject({
        kind: "person",
        organisations: [{ id: organisation, role: "analyst" }],
      });
      // and an account with a password is the same person by the verified address
      const again = await signInAs("boss");
      expect((await again.client.get<Session>("/session")).organisations).toMatchObject([{ role: "admin" }]);
      // the password before could have been set by whoever held a link: it and its sessions are gone
      expect((await boss.ask("GET", "/session")).status).toBe(401);
      expect(
        (await company.client().ask("POST", "/session", { email: "boss@own.org", password: PASSWORD }))
          .status,
      ).toBe(401);
      const trail = await again.client.get<{ items: { act: string }[] }>(
        `/organisations/${organisation}/trail`,
      );
      expect(trail.items.filter(({ act }) => act === "signed in with the company's account")).toHaveLength(2);
    });

    it("an address that the provider has not verified is nobody's", async () => {
      await company.addPerson("unverified@own.org", { [organisation]: "admin" });
      const { client, back } = await signInAs("unverified");
      expect(back.headers.get("location")).toContain("sign-in=failed");
      expect((await client.ask("GET", "/session")).status).toBe(401);
    });

    it("whom nobody invited is not let in", async () => {
      const { client, back } = await signInAs("stranger");
      expect(back.headers.get("location")).toContain("sign-in=failed");
      expect((await client.ask("GET", "/session")).status).toBe(401);
    });

    it("a way back that this browser did not begin is refused", async () => {
      const forged = await company.client().ask("GET", "/api/auth/callback/company?code=abc&state=forged");
      expect(forged.headers.get("location") ?? "").toContain("error");
      expect(forged.headers.getSetCookie().join()).not.toContain("session_token");
    });
  });
});
