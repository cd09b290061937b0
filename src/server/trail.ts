import { z } from "@hono/zod-openapi";
import { stream } from "hono/streaming";
import { csvLine } from "../format.ts";
import { transact } from "../store/database.ts";
import { addToTrail, trailPage, verifyTrail } from "../store/trail.ts";
import { page, pageOf, pageQuery, placeOf } from "./paging.ts";
import { seesCaseIds, type Role } from "./rights.ts";
import { at, inOrganisation, route } from "./route.ts";

const tag = "trail";
/** Details may hold what people wrote; an outsider sees what was done, by whom and when, and that the chain holds. */
const seesDetails = (role: Role) => seesCaseIds(role);
const COLUMNS = ["number", "at", "actor", "act", "subject", "details", "previous", "hash"] as const;

export const trailRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/trail",
    access: { right: "see the trail" },
    tag,
    summary:
      "What was done by whom, oldest first unless asked otherwise; each entry carries the hash of the one before",
    params: inOrganisation({}),
    query: pageQuery.extend({ order: z.enum(["oldest", "newest"]).default("oldest") }),
    answers: {
      200: pageOf(
        z.object({
          number: z.int(),
          at,
          actor: z.string(),
          act: z.string(),
          subject: z.string(),
          details: z.record(z.string(), z.unknown()),
          previous: z.string(),
          hash: z.string(),
        }),
      ),
    },
    async handle({ services, member, query }) {
      const newest = query.order === "newest";
      const [after] = placeOf(query.after, z.tuple([z.int().nonnegative()])) ?? [newest ? 2 ** 31 - 1 : 0];
      const rows = await trailPage(
        services.database.db,
        member.organisationId,
        after,
        query.limit + 1,
        newest,
      );
      const { items, next } = page(rows, query.limit, (row) => [row.number]);
      return {
        items: items.map(({ organisation_id: _organisation, details, ...row }) => ({
          ...row,
          details: seesDetails(member.role) ? (JSON.parse(details) as unknown) : {},
        })),
        next,
      };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/trail/check",
    access: { right: "see the trail" },
    tag,
    summary: "Recompute every hash: whether the trail holds, and its head to keep elsewhere",
    params: inOrganisation({}),
    answers: { 200: z.object({ entries: z.int(), head: z.string(), broken: z.string().nullable() }) },
    async handle({ services, member }) {
      const { entries, head, broken = null } = await verifyTrail(services.database.db, member.organisationId);
      return { entries, head, broken };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/trail/export",
    access: { right: "see the trail" },
    tag,
    summary: "The whole trail, as CSV or JSON lines",
    params: inOrganisation({}),
    query: z.object({ format: z.enum(["csv", "jsonl"]).default("jsonl") }),
    answers: { 200: "application/jsonl" },
    async handle({ services, member, query, context }) {
      const { organisationId, who } = member;
      const { db } = services.database;
      await transact(db, (trx) =>
        addToTrail(
          trx,
          {
            organisationId,
            actor: who.actor,
            act: "exported the trail",
            subject: organisationId,
            details: query,
          },
          services.now(),
        ),
      );
      const csv = query.format === "csv";
      context.header("content-type", csv ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8");
      context.header("content-disposition", `attachment; filename="trail.${query.format}"`);
      context.header("cache-control", "private, no-store");
      return stream(context, async (out) => {
        if (csv) await out.write(`${COLUMNS.join(",")}\n`);
        for (let after = 0; ;) {
          const rows = await trailPage(db, organisationId, after, 500);
          for (const { organisation_id: _organisation, ...entry } of rows) {
            const row = seesDetails(member.role) ? entry : { ...entry, details: "{}" };
            await out.write(
              csv
                ? `${csvLine(COLUMNS.map((name) => (name === "at" ? row.at.toISOString() : row[name])))}\n`
                : `${JSON.stringify(row)}\n`,
            );
          }
          if (rows.length < 500) return;
          after = rows.at(-1)!.number;
        }
      });
    },
  }),
];
