import { z } from "@hono/zod-openapi";
import { transact } from "../store/database.ts";
import {
  addImplementation,
  changeImplementation,
  implementationsOf,
  removeImplementation,
  type SaidImplementation,
} from "../store/implementations.ts";
import { addToTrail } from "../store/trail.ts";
import { changedInBetween, notThere } from "./problem.ts";
import { at, id, inOrganisation, route, text } from "./route.ts";
import { versionOf } from "./versions.ts";

const tag = "implementations";

const said = {
  name: text(120),
  tool: text(120).nullable().default(null),
  state: z.enum(["planned", "in use"]),
  startsOn: z.iso
    .date("expected a date like 2026-03-31")
    .nullable()
    .default(null)
    .describe("when it goes live, or went"),
  costPerMonth: z.number().nonnegative().max(1e12).nullable().default(null),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "expected a currency code like EUR")
    .nullable()
    .default(null),
  touches: z
    .array(z.strictObject({ processId: id, steps: z.array(text(200)).max(500).default([]) }))
    .max(200)
    .default([]),
  note: text(2000).nullable().default(null),
};
const saidSchema = z.strictObject(said);
const implementationSchema = z
  .object({
    id,
    name: z.string(),
    tool: z.string().nullable(),
    state: z.enum(["planned", "in use"]),
    startsOn: z.string().nullable(),
    costPerMonth: z.number().nullable(),
    currency: z.string().nullable(),
    touches: z.array(z.object({ processId: id, steps: z.array(z.string()) })),
    note: z.string().nullable(),
    version: z.int(),
    madeBy: z.string(),
    madeAt: at,
  })
  .openapi("Implementation");

export const implementationRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/implementations",
    access: { right: "see processes" },
    tag,
    summary: "What is going live and what is already paid for, with what it touches",
    params: inOrganisation({}),
    answers: { 200: z.object({ items: z.array(implementationSchema) }) },
    async handle({ services, member }) {
      const rows = await implementationsOf(services.database.db, member.organisationId);
      return {
        items: rows.map((row) => ({
          id: row.id,
          name: row.name,
          tool: row.tool,
          state: row.state,
          startsOn: row.starts_on,
          costPerMonth: row.cost_per_month,
          currency: row.currency,
          touches: row.touches,
          note: row.note,
          version: row.version,
          madeBy: row.made_by,
          madeAt: row.made_at,
        })),
      };
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/implementations",
    access: { right: "manage processes" },
    tag,
    summary: "Add something that is going live, or is already paid for",
    params: inOrganisation({}),
    body: saidSchema,
    answers: { 201: z.object({ id }) },
    async handle({ services, member, body }) {
      const { organisationId, who } = member;
      return transact(services.database.db, async (trx) => {
        const added = await addImplementation(trx, organisationId, who.actor, body as SaidImplementation);
        await addToTrail(
          trx,
          {
            organisationId,
            actor: who.actor,
            act: "added an implementation",
            subject: `implementation ${added}`,
            details: body,
          },
          services.now(),
        );
        return { id: added };
      });
    },
  }),
  route({
    method: "put",
    path: "/organisations/{org}/implementations/{implementation}",
    access: { right: "manage processes" },
    tag,
    summary: "Say it anew; If-Match names the version that was read",
    params: inOrganisation({ implementation: id }),
    body: saidSchema,
    answers: { 204: null },
    async handle({ services, member, params, body, request }) {
      const { organisationId, who } = member;
      const version = versionOf(request);
      const { db } = services.database;
      const known = await implementationsOf(db, organisationId);
      if (!known.some((one) => one.id === params.implementation)) throw notThere("implementation");
      await transact(db, async (trx) => {
        if (
          !(await changeImplementation(
            trx,
            organisationId,
            params.implementation,
            version,
            body as SaidImplementation,
          ))
        )
          throw changedInBetween("implementation");
        await addToTrail(
          trx,
          {
            organisationId,
            actor: who.actor,
            act: "changed an implementation",
            subject: `implementation ${params.implementation}`,
            details: body,
          },
          services.now(),
        );
      });
    },
  }),
  route({
    method: "delete",
    path: "/organisations/{org}/implementations/{implementation}",
    access: { right: "manage processes" },
    tag,
    summary: "Remove one; the trail keeps that it was there",
    params: inOrganisation({ implementation: id }),
    answers: { 204: null },
    async handle({ services, member, params }) {
      const { organisationId, who } = member;
      await transact(services.database.db, async (trx) => {
        if (!(await removeImplementation(trx, organisationId, params.implementation)))
          throw notThere("implementation");
        await addToTrail(
          trx,
          {
            organisationId,
            actor: who.actor,
            act: "removed an implementation",
            subject: `implementation ${params.implementation}`,
            details: {},
          },
          services.now(),
        );
      });
    },
  }),
];
