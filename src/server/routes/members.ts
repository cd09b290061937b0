import { z } from "@hono/zod-openapi";
import { act } from "../../store/acts.ts";
import {
  addMembership,
  countAdmins,
  lockMembership,
  membershipIn,
  membersOf,
  organisationsOf,
  removeMembership,
} from "../../store/memberships.ts";
import { addOneTimeLink, openInvitationsOf, voidLinks } from "../../store/one-time-links.ts";
import { personByEmail, personById } from "../../store/people.ts";
import { changedInBetween, notThere, Problem } from "../problem.ts";
import { ROLES } from "../rights.ts";
import { at, inOrganisation, route, text } from "../route.ts";
import { email } from "./session.ts";
import { versionOf } from "../versions.ts";

const tag = "members";
const DAY_MS = 86_400_000;
const personParam = { person: text(64) };
const peopleRoles = ROLES.filter((role) => role !== "agent") as [string, ...string[]];
const role = z.enum(peopleRoles, { error: `expected one of ${peopleRoles.join(", ")}` });
const until = z.iso.datetime({ error: "expected a time like 2026-03-01T00:00:00Z" }).nullable().optional();

export const peopleRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/members",
    access: { right: "see people" },
    tag,
    summary: "Who belongs to the organisation, with their roles",
    params: inOrganisation({}),
    answers: {
      200: z.object({
        items: z.array(
          z.object({
            id: z.string(),
            name: z.string(),
            email: z.string(),
            role: z.string(),
            until: at.nullable(),
            version: z.int(),
            secondFactor: z.boolean(),
          }),
        ),
      }),
    },
    async handle({ services, member }) {
      const members = await membersOf(services.database.db, member.organisationId);
      return {
        items: members.map(({ two_factor_enabled, created_at: _made, ...one }) => ({
          ...one,
          secondFactor: two_factor_enabled === true,
        })),
      };
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/members",
    access: { right: "manage people" },
    tag,
    summary: "Invite somebody: the answer holds a link to hand over, which works once within a week",
    params: inOrganisation({}),
    body: z.strictObject({ email, name: text(120), role, until }),
    answers: { 201: z.object({ link: z.string(), expiresAt: at }) },
    async handle({ services, member, body }) {
      const { organisationId } = member;
      const ends = body.until ? new Date(body.until) : null;
      if (body.role === "assessor" && !ends)
        throw new Problem(400, "wrong-input", "until: expected a time for an assessor, whose access ends.", {
          where: "body.until",
        });
      return act(services, member, "invite", async (trx, now) => {
        const expiresAt = new Date(now.getTime() + 7 * DAY_MS);
        const person = await personByEmail(trx, body.email);
        const member_ = person && (await membershipIn(trx, organisationId, person.id, now));
        if (member_)
          throw new Problem(
            409,
            "member-already",
            `${body.email} belongs here already, as ${member_.role}. Change the role instead.`,
          );
        await voidLinks(trx, organisationId, body.email, now);
        // the membership begins when the invited person accepts, whoever holds the link until then
        const secret = await addOneTimeLink(trx, {
          purpose: "invitation",
          organisation_id: organisationId,
          email: body.email,
          name: body.name,
          role: body.role,
          until: ends,
          expires_at: expiresAt,
        });
        return {
          about: body.email,
          details: { role: body.role, until: body.until ?? null },
          answer: { link: `${services.address}/#invitation=${secret}`, expiresAt },
        };
      });
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/invitations",
    access: { right: "manage people" },
    tag,
    summary: "Invitations that nobody has accepted yet",
    params: inOrganisation({}),
    answers: {
      200: z.object({
        items: z.array(
          z.object({ email: z.string(), name: z.string().nullable(), role: z.string(), expiresAt: at }),
        ),
      }),
    },
    async handle({ services, member }) {
      const items = await openInvitationsOf(services.database.db, member.organisationId, services.now());
      return {
        items: items.map(({ email: address, name, role: role_, expires_at: expiresAt }) => ({
          email: address!,
          name,
          role: role_!,
          expiresAt,
        })),
      };
    },
  }),
  route({
    method: "delete",
    path: "/organisations/{org}/invitations/{email}",
    access: { right: "manage people" },
    tag,
    summary: "Take an invitation back",
    params: inOrganisation({ email }),
    answers: { 204: null },
    async handle({ services, member, params }) {
      await act(services, member, "take an invitation back", async (trx, now) => {
        if (!(await voidLinks(trx, member.organisationId, params.email, now))) throw notThere("invitation");
        return { about: params.email };
      });
    },
  }),
  route({
    method: "patch",
    path: "/organisations/{org}/members/{person}",
    access: { right: "manage people" },
    tag,
    summary: "Change the role of somebody, or when it ends; If-Match names the version that was read",
    params: inOrganisation(personParam),
    body: z.strictObject({ role: role.optional(), until }),
    answers: { 204: null },
    async handle({ services, member, params, body, request }) {
      const version = versionOf(request);
      const { organisationId } = member;
      await act(services, member, "change a role", async (trx) => {
        const admins = await countAdmins(trx, organisationId);
        const before = await lockMembership(trx, organisationId, params.person);
        if (!before) throw notThere("person");
        if (before.version !== version) throw changedInBetween("membership");
        const next = body.role ?? before.role;
        const ends =
          body.until === undefined ? before.until : body.until === null ? null : new Date(body.until);
        const isLasting = before.role === "admin" && before.until === null;
        if (isLasting && (next !== "admin" || ends !== null) && admins < 2) throw lastAdmin();
        if (next === "assessor" && !ends)
          throw new Problem(
            400,
            "wrong-input",
            "until: expected a time for an assessor, whose access ends.",
            { where: "body.until" },
          );
        await addMembership(trx, organisationId, params.person, next, ends);
        return {
          about: params.person,
          details: { from: before.role, to: next, until: ends?.toISOString() ?? null },
        };
      });
    },
  }),
  route({
    method: "delete",
    path: "/organisations/{org}/members/{person}",
    access: { right: "manage people" },
    tag,
    summary: "End somebody's membership",
    params: inOrganisation(personParam),
    answers: { 204: null },
    async handle({ services, member, params }) {
      const { organisationId } = member;
      await act(services, member, "end a membership", async (trx, now) => {
        const admins = await countAdmins(trx, organisationId);
        const removed = await removeMembership(trx, organisationId, params.person);
        if (!removed) throw notThere("person");
        if (removed.role === "admin" && removed.until === null && admins < 2) throw lastAdmin();
        const person = await personById(trx, params.person);
        await voidLinks(trx, organisationId, person?.email ?? "", now);
        return { about: params.person, details: { role: removed.role } };
      });
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/members/{person}/new-password-link",
    access: { right: "manage people" },
    tag,
    summary:
      "A link with which somebody who forgot their password sets a new one; it works once within a day",
    params: inOrganisation(personParam),
    answers: { 201: z.object({ link: z.string(), expiresAt: at }) },
    async handle({ services, member, params }) {
      const { organisationId } = member;
      return act(services, member, "make a link for a new password", async (trx, now) => {
        const expiresAt = new Date(now.getTime() + DAY_MS);
        const person = await personById(trx, params.person);
        const where = await organisationsOf(trx, params.person);
        if (!person || !where.includes(organisationId)) throw notThere("person");
        if (where.length > 1) throw belongsElsewhere();
        const secret = await addOneTimeLink(trx, {
          purpose: "new-password",
          organisation_id: organisationId,
          person_id: params.person,
          email: person.email,
          expires_at: expiresAt,
        });
        return {
          about: params.person,
          answer: { link: `${services.address}/#new-password=${secret}`, expiresAt },
        };
      });
    },
  }),
];

export const belongsElsewhere = () =>
  new Problem(
    409,
    "belongs-elsewhere",
    "This person belongs to other organisations too, whose data the new password would open. They sign in and change it themselves, or with the company's account.",
  );

const lastAdmin = () =>
  new Problem(
    409,
    "last-admin",
    "This is the only admin of the organisation. Make somebody else admin first.",
  );
