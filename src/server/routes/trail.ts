import type { Selectable } from "kysely";
import { z } from "@hono/zod-openapi";
import { stream } from "hono/streaming";
import { csvLine } from "../../figures.ts";
import { act } from "../../store/acts.ts";
import type { Reader } from "../../store/database.ts";
import { withoutOwnPlaces } from "../../store/places.ts";
import { membersOf } from "../../store/memberships.ts";
import { pseudonymKeyOf } from "../../store/organisations.ts";
import { trailPage, verifyTrail, type TrailTable } from "../../store/trail.ts";
import type { Member } from "../context.ts";
import { page, pageOf, pageQuery, placeOf } from "../paging.ts";
import { personBy } from "../pseudonyms.ts";
import { may } from "../rights.ts";
import { at, inOrganisation, route } from "../route.ts";

const tag = "trail";
type Entry = Selectable<TrailTable>;

/**
 * What an entry may be about, as an outsider reads it: a thing by its id. Anything else somebody wrote: an
 * address, a name.
 */
const THING = /^(?:[a-z]+ )?[0-9a-f][0-9a-f-]{7,}$/;

/**
 * An entry as its reader may see it. Who may see people reads it as it stands, but for places of the machine.
 * An outsider sees what was done, when, by somebody of which role, and that the chain holds: no name, no
 * address, no id of a person, and no details, which may hold what people wrote. What is stored is not
 * changed, so that the hashes are those of the whole entry.
 */
async function entriesFor(
  db: Reader,
  { organisationId, role }: Member,
): Promise<(entry: Entry) => Entry & { role: string | null }> {
  const members = await membersOf(db, organisationId);
  const roles = new Map(members.map((one) => [`person:${one.id}`, one.role]));
  const roleOf = ({ actor }: Entry) => roles.get(actor) ?? null;
  if (may(role, "see people"))
    return (entry) => ({
      ...entry,
      role: roleOf(entry),
      // earlier versions wrote paths into the details of what failed
      details: withoutOwnPlaces(entry.details),
    });
  const person = personBy(await pseudonymKeyOf(db, organisationId));
  return (entry) => ({
    ...entry,
    role: roleOf(entry),
    actor: entry.actor.startsWith("person:") ? `person:${person(entry.actor.slice(7))}` : entry.actor,
    subject: entry.subject.startsWith("person ")
      ? `person ${person(entry.subject.slice(7))}`
      : THING.test(entry.subject)
        ? entry.subject
        : "(what outsiders do not see)",
    details: "{}",
  });
}
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
          actor: z
            .string()
            .describe("`person:ID`, `token:ID` or `plumbline`; for outsiders with a pseudonym"),
          role: z.string().nullable().describe("of a person who is a member now"),
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
      const shown = await entriesFor(services.database.db, member);
      return {
        items: items.map(shown).map(({ organisation_id: _organisation, details, ...row }) => ({
          ...row,
          details: JSON.parse(details) as unknown,
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
      const { organisationId } = member;
      const { db } = services.database;
      await act(services, member, "export the trail", async () => ({
        about: organisationId,
        details: query,
      }));
      const csv = query.format === "csv";
      context.header("content-type", csv ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8");
      context.header("content-disposition", `attachment; filename="trail.${query.format}"`);
      context.header("cache-control", "private, no-store");
      const shown = await entriesFor(db, member);
      return stream(context, async (out) => {
        if (csv) await out.write(`${COLUMNS.join(",")}\n`);
        for (let after = 0; ;) {
          const rows = await trailPage(db, organisationId, after, 500);
          for (const { organisation_id: _organisation, role: _role, ...row } of rows.map(shown)) {
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
