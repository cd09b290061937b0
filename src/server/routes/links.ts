import { z } from "@hono/zod-openapi";
import { noteAct } from "../../store/acts.ts";
import { transact, type Trx } from "../../store/database.ts";
import { sampleOrganisation } from "../../store/installation.ts";
import { addMembership, membershipIn, organisationsOf } from "../../store/memberships.ts";
import { openLink, removeFirstAdminLinks, useLink } from "../../store/one-time-links.ts";
import { addOrganisation } from "../../store/organisations.ts";
import { addPeople, endSessions, forgetFailedSignIns, hasAccount, setPassword } from "../../store/people.ts";
import { INSTALLATION } from "../../store/trail.ts";
import { whoAsks } from "../authenticate.ts";
import { belongsElsewhere } from "./members.ts";
import type { Services } from "../context.ts";
import { Problem } from "../problem.ts";
import { route, text } from "../route.ts";
import { email, password } from "./session.ts";
import { hashPassword } from "../sign-in.ts";

const tag = "links";
const link = text(100);

const usedUp = () =>
  new Problem(
    410,
    "link-used",
    "This link was used before, has expired, or is another one. Ask whoever sent it for a new one; the first admin's stands in the server's terminal when it starts.",
  );

type Invitation = NonNullable<Awaited<ReturnType<typeof openLink>>>;

/**
 * Makes somebody a member as the invitation says; a membership that is there already is not changed by one.
 */
export async function acceptInvitation(
  trx: Trx,
  { organisation_id: organisation, role, until }: Invitation,
  personId: string,
  now: Date,
): Promise<void> {
  const organisationId = organisation!;
  if (await membershipIn(trx, organisationId, personId, now))
    throw new Problem(409, "member-already", "You belong to this organisation already.");
  await addMembership(trx, organisationId, personId, role!, until);
  await noteAct(
    trx,
    { organisationId, actor: `person:${personId}` },
    "accept an invitation",
    { about: personId, details: { role: role! } },
    now,
  );
}

async function validLink({ database, now }: Services, secret: string, purposes: string[]) {
  const found = await openLink(database.db, secret, now());
  if (!found || !purposes.includes(found.purpose)) throw usedUp();
  return found;
}

export const linkRoutes = [
  route({
    method: "post",
    path: "/links/look",
    access: "anybody",
    tag,
    summary: "What a one-time link is for",
    body: z.strictObject({ link }),
    answers: {
      200: z.object({
        purpose: z.enum(["first-admin", "invitation", "new-password"]),
        email: z.string().nullable(),
        signInFirst: z.boolean(),
      }),
    },
    async handle({ services, body }) {
      const found = await validLink(services, body.link, ["first-admin", "invitation", "new-password"]);
      return {
        purpose: found.purpose,
        email: found.email,
        signInFirst:
          found.purpose === "invitation" && (await hasAccount(services.database.db, found.email ?? "")),
      };
    },
  }),
  route({
    method: "post",
    path: "/links/first-admin",
    access: "anybody",
    tag,
    summary: "Become the first admin, with the link that the server printed",
    body: z.strictObject({ link, name: text(120), email, password, organisation: text(120) }),
    answers: { 201: z.object({ organisationId: z.string() }) },
    async handle({ services, body }) {
      await validLink(services, body.link, ["first-admin"]);
      const hashed = await hashPassword(body.password);
      const now = services.now();
      return transact(services.database.db, async (trx) => {
        if (!(await useLink(trx, body.link, now))) throw usedUp();
        await removeFirstAdminLinks(trx);
        const [personId] = await addPeople(trx, [{ name: body.name, email: body.email }]);
        await setPassword(trx, personId, hashed);
        const organisationId = await addOrganisation(trx, body.organisation);
        await addMembership(trx, organisationId, personId, "admin");
        // who first sets the program up may also look at the sample
        const sample = await sampleOrganisation(trx);
        if (sample) await addMembership(trx, sample, personId, "admin");
        const actor = `person:${personId}`;
        for (const organisation of [organisationId, INSTALLATION, ...(sample ? [sample] : [])])
          await noteAct(
            trx,
            { organisationId: organisation, actor },
            "become admin",
            { about: personId, details: { role: "admin" } },
            now,
          );
        return { organisationId };
      });
    },
  }),
  route({
    method: "post",
    path: "/links/invitation",
    access: "anybody",
    tag,
    summary: "Accept an invitation: with a name and a password, or, with an account, signed in to it",
    body: z.strictObject({ link, name: text(120).optional(), password: password.optional() }),
    answers: { 200: z.object({ organisationId: z.string() }) },
    async handle({ services, body, request }) {
      const found = await validLink(services, body.link, ["invitation"]);
      const now = services.now();
      const { db } = services.database;
      const address = found.email!;
      const who = await whoAsks(services, request);
      const own = who?.kind === "person" && who.email === address ? who.id : undefined;
      const hashed = body.password === undefined || own ? undefined : await hashPassword(body.password);
      return transact(db, async (trx) => {
        if (!(await useLink(trx, body.link, now))) throw usedUp();
        let personId = own;
        if (personId === undefined) {
          // whoever has an account must be signed in to it: a link gives nobody the account of another
          if (await hasAccount(trx, address))
            throw new Problem(
              401,
              "sign-in-first",
              `This invitation is for ${address}, who has an account here. Sign in with it, then open the link again.`,
            );
          if (!body.name || !hashed)
            throw new Problem(400, "wrong-input", "name, password: expected both, to make the account.", {
              where: "body",
            });
          [personId] = await addPeople(trx, [{ name: body.name, email: address }]);
          await setPassword(trx, personId, hashed);
        }
        await acceptInvitation(trx, found, personId, now);
        return { organisationId: found.organisation_id! };
      });
    },
  }),
  route({
    method: "post",
    path: "/links/new-password",
    access: "anybody",
    tag,
    summary: "Set a new password with a link; every session of the account ends",
    body: z.strictObject({ link, password }),
    answers: { 204: null },
    async handle({ services, body }) {
      const found = await validLink(services, body.link, ["new-password"]);
      const hashed = await hashPassword(body.password);
      const now = services.now();
      const personId = found.person_id!;
      await transact(services.database.db, async (trx) => {
        if (!(await useLink(trx, body.link, now))) throw usedUp();
        const where = await organisationsOf(trx, personId);
        if (where.some((organisation) => organisation !== found.organisation_id)) throw belongsElsewhere();
        await setPassword(trx, personId, hashed);
        await endSessions(trx, personId);
        await forgetFailedSignIns(trx, personId);
        const doer = { organisationId: found.organisation_id!, actor: `person:${personId}` };
        await noteAct(trx, doer, "set a new password", { about: personId }, now);
      });
    },
  }),
];
