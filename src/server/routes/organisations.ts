import { z } from "@hono/zod-openapi";
import { ratesSchema } from "../../audit/rates-schema.ts";
import { timeZone } from "../../eventlog/given-calendar.ts";
import { act, noteAct } from "../../store/acts.ts";
import { transact } from "../../store/database.ts";
import { addMembership, isAdminSomewhere } from "../../store/memberships.ts";
import { addOrganisation, changeOrganisation, organisationOf } from "../../store/organisations.ts";
import { changedInBetween, notThere, Problem } from "../problem.ts";
import { may } from "../rights.ts";
import { at, id, inOrganisation, route, text } from "../route.ts";
import { etagOf, versionOf } from "../versions.ts";

const tag = "organisations";

const settingsSchema = z.strictObject({
  rates: ratesSchema.optional(),
  timeZone: timeZone.optional(),
  keepEvidenceMonths: z
    .int()
    .min(1)
    .max(1200)
    .optional()
    .describe("evidence that a newer import has replaced is removed after so many months"),
  brief: z
    .strictObject({
      to: z.array(z.email("expected an e-mail address").max(320)).max(50),
      weekday: z.int().min(1).max(7).describe("1 is Monday"),
      hour: z.int().min(0).max(23),
    })
    .optional()
    .describe(
      "who gets what changed in a week; sent only when something did, and only where SMTP_URL is set",
    ),
});

const organisationSchema = z
  .object({ id, name: z.string(), settings: settingsSchema, version: z.int(), createdAt: at })
  .openapi("Organisation");

export const organisationRoutes = [
  route({
    method: "post",
    path: "/organisations",
    access: "signed in",
    tag,
    summary: "Add an organisation, with oneself as its admin",
    body: z.strictObject({ name: text(120) }),
    answers: { 201: z.object({ id }) },
    async handle({ services, who, body }) {
      if (who.kind !== "person")
        throw new Problem(403, "people-only", "A token belongs to one organisation and cannot add another.");
      const now = services.now();
      return transact(services.database.db, async (trx) => {
        // who is admin nowhere was invited by somebody to do something else
        if (!(await isAdminSomewhere(trx, who.id, now)))
          throw new Problem(
            403,
            "no-right",
            "Only somebody who is admin of an organisation may add another one. Ask one.",
          );
        const organisationId = await addOrganisation(trx, body.name);
        await addMembership(trx, organisationId, who.id, "admin");
        const doer = { organisationId, actor: who.actor };
        await noteAct(trx, doer, "add an organisation", { about: body.name }, now);
        return { id: organisationId };
      });
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}",
    access: { right: "see processes" },
    tag,
    summary: "An organisation and its settings",
    params: inOrganisation({}),
    answers: { 200: organisationSchema },
    async handle({ services, member, context }) {
      const organisation = await organisationOf(services.database.db, member.organisationId);
      if (!organisation) throw notThere("organisation");
      const { id: own, name, settings, version, created_at: createdAt } = organisation;
      context.header("etag", etagOf(version));
      // who gets the brief are addresses of people
      const { brief, ...rest } = settings;
      const seesBrief = may(member.role, "see people") || may(member.role, "change settings");
      return { id: own, name, settings: seesBrief && brief ? settings : rest, version, createdAt };
    },
  }),
  route({
    method: "patch",
    path: "/organisations/{org}",
    access: { right: "change settings" },
    tag,
    summary: "Change name or settings of an organisation; If-Match names the version that was read",
    params: inOrganisation({}),
    body: z.strictObject({ name: text(120).optional(), settings: settingsSchema.optional() }),
    answers: { 204: null },
    async handle({ services, member, body, request }) {
      const { organisationId } = member;
      const version = versionOf(request);
      await act(services, member, "change an organisation", async (trx) => {
        if (!(await changeOrganisation(trx, organisationId, version, body)))
          throw changedInBetween("organisation");
        return { about: organisationId, details: body };
      });
    },
  }),
];
