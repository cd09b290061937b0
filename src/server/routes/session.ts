import { z } from "@hono/zod-openapi";
import { noteAct, plumbline, type ActName } from "../../store/acts.ts";
import { transact } from "../../store/database.ts";
import { sampleOrganisation } from "../../store/installation.ts";
import { membershipsOf } from "../../store/memberships.ts";
import { organisationOf } from "../../store/organisations.ts";
import { countFailedSignIn, forgetFailedSignIns, personByEmail } from "../../store/people.ts";
import { INSTALLATION } from "../../store/trail.ts";
import type { Services } from "../context.ts";
import { Problem } from "../problem.ts";
import { at, id, route, text } from "../route.ts";
import { may, PEOPLE_ONLY, RIGHTS, type Right, type Role } from "../rights.ts";
import { hashPassword, OIDC_PROVIDER, SHORTEST_PASSWORD } from "../sign-in.ts";

const tag = "session";

export const email = z
  .string({ error: "expected an e-mail address" })
  .trim()
  .max(254)
  .pipe(z.email({ error: "expected an e-mail address like ana@example.org" }))
  .transform((address) => address.toLowerCase());

export const password = z
  .string({ error: "expected a password" })
  .min(SHORTEST_PASSWORD, `expected at least ${SHORTEST_PASSWORD} characters`)
  .max(256, "expected at most 256 characters");

const membershipSchema = z.object({
  id,
  name: z.string(),
  role: z.string(),
  until: at.nullable(),
  rights: z.array(z.string()).describe("what this role may do here"),
  sample: z.boolean().describe("the sample organisation"),
});

/** A membership with what it allows. */
const shownMembership =
  (isPerson: boolean, sample: string | undefined) =>
  (one: { id: string; name: string; role: string; until: Date | null }) => ({
    ...one,
    rights: (Object.keys(RIGHTS) as Right[]).filter(
      (right) => may(one.role as Role, right) && (isPerson || !PEOPLE_ONLY.has(right)),
    ),
    sample: one.id === sample,
  });

/** Answers of better-auth that carry the cookies of a session. */
function withCookies(from: Response, body: unknown): Response {
  const response = new Response(body === null ? null : JSON.stringify(body), {
    status: body === null ? 204 : 200,
    headers: {
      "cache-control": "no-store",
      ...(body === null ? {} : { "content-type": "application/json" }),
    },
  });
  for (const cookie of from.headers.getSetCookie()) response.headers.append("set-cookie", cookie);
  return response;
}

/** Writes to the trail of every organisation that a person belongs to. */
export async function noteSignIn(
  services: Services,
  personId: string,
  act: Extract<
    ActName,
    `${"sign in" | "sign out" | "change a password" | "add a second" | "remove a second"}${string}`
  >,
): Promise<void> {
  const now = services.now();
  await transact(services.database.db, async (trx) => {
    const organisations = await membershipsOf(trx, personId, now);
    for (const organisationId of organisations.length > 0
      ? organisations.map((one) => one.id)
      : [INSTALLATION])
      await noteAct(trx, { organisationId, actor: `person:${personId}` }, act, { about: personId }, now);
    await forgetFailedSignIns(trx, personId);
  });
}

const wrongSignIn = () =>
  new Problem(
    401,
    "wrong-sign-in",
    "The e-mail address or the password is wrong, or the account is locked for a while after several failed attempts.",
  );

const wrongPassword = (field: string) =>
  new Problem(403, "wrong-password", `${field}: this is not your password.`, { where: `body.${field}` });

const wrongCode = (response: Response) =>
  new Problem(
    401,
    "wrong-code",
    response.status === 429
      ? "Too many wrong codes. Wait some minutes, or use one of your backup codes."
      : "The code is wrong or too old. Type the one that your app shows now, or one of your backup codes.",
  );

export const sessionRoutes = [
  route({
    method: "get",
    path: "/session",
    access: "signed in",
    tag,
    summary: "Who is signed in, and where they belong",
    answers: {
      200: z.object({
        kind: z.enum(["person", "token"]),
        id: z.string(),
        name: z.string(),
        email: z.string().nullable(),
        secondFactor: z.boolean(),
        organisations: z.array(membershipSchema),
      }),
    },
    async handle({ services, who }) {
      const { db } = services.database;
      if (who.kind === "token") {
        const organisation = await organisationOf(db, who.organisationId);
        return {
          kind: "token",
          id: who.id,
          name: who.name,
          email: null,
          secondFactor: false,
          organisations: [
            { id: who.organisationId, name: organisation?.name ?? "", role: who.role, until: null },
          ].map(shownMembership(false, await sampleOrganisation(db))),
        };
      }
      const organisations = await membershipsOf(db, who.id, services.now());
      return {
        kind: "person",
        id: who.id,
        name: who.name,
        email: who.email,
        secondFactor: who.secondFactor,
        organisations: organisations.map(shownMembership(true, await sampleOrganisation(db))),
      };
    },
  }),
  route({
    method: "get",
    path: "/sign-in",
    access: "anybody",
    tag: "links",
    summary: "How people can sign in here",
    answers: { 200: z.object({ password: z.boolean(), company: z.boolean() }) },
    async handle({ services }) {
      return { password: true, company: services.hasOidc };
    },
  }),
  route({
    method: "post",
    path: "/session",
    access: "anybody",
    tag,
    summary: "Sign in with an e-mail address and a password",
    body: z.strictObject({ email, password: z.string().max(256) }),
    answers: { 200: z.object({ secondFactorNeeded: z.boolean() }) },
    async handle({ services, body, request }) {
      const now = services.now();
      const { db } = services.database;
      const person = await personByEmail(db, body.email);
      if (person?.locked_until && person.locked_until > now) {
        await hashPassword(body.password); // takes as long as looking
        throw wrongSignIn();
      }
      const response = await services.signIn.api.signInEmail({
        body: { email: body.email, password: body.password },
        headers: request.headers,
        asResponse: true,
      });
      if (!response.ok) {
        if (response.status >= 500) throw new Error(`sign-in failed: ${await response.text()}`);
        const until = await countFailedSignIn(db, body.email, now);
        if (until && person)
          await transact(db, async (trx) => {
            for (const { id: organisationId } of await membershipsOf(trx, person.id, now))
              await noteAct(
                trx,
                plumbline(organisationId),
                "lock an account",
                { about: person.id, details: { until: until.toISOString() } },
                now,
              );
          });
        throw wrongSignIn();
      }
      const { twoFactorRedirect = false } = (await response.clone().json()) as {
        twoFactorRedirect?: boolean;
      };
      if (!twoFactorRedirect && person) await noteSignIn(services, person.id, "sign in");
      return withCookies(response, { secondFactorNeeded: twoFactorRedirect });
    },
  }),
  route({
    method: "post",
    path: "/session/second-factor",
    access: "anybody",
    tag,
    summary: "Finish signing in with the code of an authenticator app, or a backup code",
    body: z.strictObject({ code: text(32) }),
    answers: { 204: null },
    async handle({ services, body, request }) {
      const isCode = /^\d{6}$/.test(body.code);
      const asked = { body: { code: body.code }, headers: request.headers, asResponse: true } as const;
      const response = isCode
        ? await services.signIn.api.verifyTOTP(asked)
        : await services.signIn.api.verifyBackupCode(asked);
      if (response.status >= 500) throw new Error(`second factor failed: ${await response.text()}`);
      if (!response.ok) throw wrongCode(response);
      const { user } = (await response.clone().json()) as { user: { id: string } };
      await noteSignIn(services, user.id, "sign in with a second factor");
      return withCookies(response, null);
    },
  }),
  route({
    method: "post",
    path: "/session/company",
    access: "anybody",
    tag,
    summary: "Where to sign in with the company's account",
    body: z.strictObject({}),
    answers: { 200: z.object({ url: z.string() }) },
    async handle({ services, request }) {
      if (!services.hasOidc)
        throw new Problem(
          404,
          "no-provider",
          "No company sign-in is set up here. Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET for the server.",
        );
      const response = await services.signIn.api.signInSocial({
        body: { provider: OIDC_PROVIDER, callbackURL: "/", errorCallbackURL: "/?sign-in=failed" },
        headers: request.headers,
        asResponse: true,
      });
      if (!response.ok)
        throw new Problem(
          503,
          "provider-away",
          "The company's sign-in cannot be reached now. Try again in a moment.",
        );
      const { url } = (await response.clone().json()) as { url: string };
      return withCookies(response, { url });
    },
  }),
  route({
    method: "delete",
    path: "/session",
    access: "signed in",
    tag,
    summary: "Sign out",
    answers: { 204: null },
    async handle({ services, who, request }) {
      if (who.kind === "token")
        throw new Problem(409, "no-session", "A token has no session. Revoke the token to end its use.");
      const response = await services.signIn.api.signOut({ headers: request.headers, asResponse: true });
      await noteSignIn(services, who.id, "sign out");
      return withCookies(response, null);
    },
  }),
  route({
    method: "put",
    path: "/session/password",
    access: "signed in",
    tag,
    summary: "Change one's own password; every other session ends",
    body: z.strictObject({ current: z.string().max(256), next: password }),
    answers: { 204: null },
    async handle({ services, who, body, request }) {
      onlyPeople(who);
      const response = await services.signIn.api.changePassword({
        body: { currentPassword: body.current, newPassword: body.next, revokeOtherSessions: true },
        headers: request.headers,
        asResponse: true,
      });
      if (!response.ok) throw wrongPassword("current");
      await noteSignIn(services, who.id, "change a password");
      return withCookies(response, null);
    },
  }),
  route({
    method: "post",
    path: "/session/second-factors",
    access: "signed in",
    tag,
    summary: "Begin to use a second factor: what the authenticator app needs, and backup codes",
    body: z.strictObject({ password: z.string().max(256) }),
    answers: { 200: z.object({ address: z.string(), backupCodes: z.array(z.string()) }) },
    async handle({ services, who, body, request }) {
      onlyPeople(who);
      const response = await services.signIn.api.enableTwoFactor({
        body: { password: body.password },
        headers: request.headers,
        asResponse: true,
      });
      if (!response.ok) throw wrongPassword("password");
      const { totpURI, backupCodes } = (await response.clone().json()) as {
        totpURI: string;
        backupCodes: string[];
      };
      return withCookies(response, { address: totpURI, backupCodes });
    },
  }),
  route({
    method: "post",
    path: "/session/second-factors/confirmation",
    access: "signed in",
    tag,
    summary: "Show that the authenticator app works; from now on it is asked for",
    body: z.strictObject({ code: text(32) }),
    answers: { 204: null },
    async handle({ services, who, body, request }) {
      onlyPeople(who);
      const response = await services.signIn.api.verifyTOTP({
        body: { code: body.code },
        headers: request.headers,
        asResponse: true,
      });
      if (!response.ok) throw wrongCode(response);
      await noteSignIn(services, who.id, "add a second factor");
      return withCookies(response, null);
    },
  }),
  route({
    method: "delete",
    path: "/session/second-factors",
    access: "signed in",
    tag,
    summary: "No longer use a second factor",
    body: z.strictObject({ password: z.string().max(256) }),
    answers: { 204: null },
    async handle({ services, who, body, request }) {
      onlyPeople(who);
      const response = await services.signIn.api.disableTwoFactor({
        body: { password: body.password },
        headers: request.headers,
        asResponse: true,
      });
      if (!response.ok) throw wrongPassword("password");
      await noteSignIn(services, who.id, "remove a second factor");
      return withCookies(response, null);
    },
  }),
];

function onlyPeople(who: { kind: string }): void {
  if (who.kind !== "person")
    throw new Problem(403, "people-only", "A token cannot do this: it is about a person's own sign-in.");
}
