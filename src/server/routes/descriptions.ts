import { z } from "@hono/zod-openapi";
import { differencesBetween } from "../../description/compare-descriptions.ts";
import type { Description } from "../../description/description.ts";
import { flowSchema } from "../../exploration/described-flow.ts";
import { InputError } from "../../input-error.ts";
import { auditToEnqueue } from "../../jobs/enqueue-audit.ts";
import { withoutNames } from "../../description/without-names.ts";
import { act } from "../../store/acts.ts";
import { auditOf } from "../../store/audits.ts";
import { addDescription, descriptionOf, descriptionsOf, signDescription } from "../../store/descriptions.ts";
import { documentFor } from "./audits.ts";
import { notThere, Problem } from "../problem.ts";
import { ofProcess, processIn } from "./processes.ts";
import { actorFor } from "../pseudonyms.ts";
import { may, seesCaseIds } from "../rights.ts";
import { at, inOrganisation, route } from "../route.ts";

const tag = "descriptions";
const number = z.coerce.number().int().min(1).max(1_000_000);
const versionSchema = z.object({
  number: z.int(),
  madeBy: z.string(),
  madeAt: at,
  signedBy: z.string().nullable(),
  signedAt: at.nullable(),
});

export const descriptionRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/descriptions",
    access: { right: "see processes" },
    tag,
    summary: "Versions of what people say the process is, newest first",
    params: ofProcess({}),
    answers: { 200: z.object({ items: z.array(versionSchema) }) },
    async handle({ services, member, params }) {
      await processIn(services, member.organisationId, params.process);
      const { db } = services.database;
      const rows = await descriptionsOf(db, member.organisationId, params.process);
      const actor = await actorFor(db, member.organisationId, member.role);
      return {
        items: rows.map((row) => ({
          number: row.number,
          madeBy: actor(row.made_by),
          madeAt: row.made_at,
          signedBy: row.signed_by === null ? null : actor(row.signed_by),
          signedAt: row.signed_at,
        })),
      };
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/processes/{process}/descriptions",
    access: { right: "describe" },
    tag,
    summary:
      "Add a version (YAML, or BPMN with a name that ends in .bpmn); every claim is judged again. Problems come all at once, with line and column",
    params: ofProcess({}),
    body: z.strictObject({
      text: z.string().min(1).max(500_000, "expected at most 500,000 characters"),
      name: z.string().max(120).default("description.yaml"),
    }),
    bodyLimit: 3 << 20,
    placesTexts: true,
    answers: {
      201: z.object({ number: z.int(), notes: z.array(z.string()), workId: z.string().nullable() }),
    },
    async handle({ services, member, params, body, request }) {
      const { organisationId, who } = member;
      const { queue } = services;
      await processIn(services, organisationId, params.process);
      const { description, notes } = await services.explorer.read(
        organisationId,
        { kind: "read description", text: body.text, file: body.name },
        request.signal,
      );
      return act(services, member, "add a description", async (trx) => {
        const added = await addDescription(trx, {
          organisationId,
          processId: params.process,
          text: body.text,
          content: description,
          madeBy: who.actor,
        });
        const audit = await auditToEnqueue(trx, {
          organisationId,
          processId: params.process,
          requestedBy: who.actor,
          because: `description ${added}`,
        });
        const workId = audit ? await queue.enqueue(trx, audit) : null;
        return {
          about: params.process,
          details: { number: added },
          answer: { number: added, notes, workId },
        };
      });
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/descriptions/check",
    access: { right: "describe" },
    tag,
    summary:
      "What is wrong with a description, with line and column, and its flow as a picture; nothing is kept",
    params: inOrganisation({}),
    body: z.strictObject({ text: z.string().max(500_000, "expected at most 500,000 characters") }),
    bodyLimit: 3 << 20,
    placesTexts: true,
    answers: {
      200: z.object({
        problems: z.array(
          z.object({ line: z.int().nullable(), column: z.int().nullable(), message: z.string() }),
        ),
        steps: z.array(z.string()),
        flow: flowSchema.nullable(),
      }),
    },
    async handle({ services, member, body, request }) {
      try {
        const checked = await services.explorer.read(
          member.organisationId,
          { kind: "check description", text: body.text, file: "description.yaml" },
          request.signal,
        );
        return { problems: [], ...checked };
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        return { problems: placedProblems(error.message), steps: [], flow: null };
      }
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/descriptions/{number}",
    access: { right: "see processes" },
    tag,
    summary:
      "One version, as it was written and as it is understood; without the names of people for who may not see them",
    params: ofProcess({ number }),
    answers: {
      200: versionSchema.extend({ text: z.string().nullable(), content: z.record(z.string(), z.unknown()) }),
    },
    async handle({ services, member, params }) {
      const found = await descriptionOf(
        services.database.db,
        member.organisationId,
        params.process,
        params.number,
      );
      if (!found) throw notThere("version of the description");
      // whoever writes descriptions must see them as they are
      const mayName = may(member.role, "describe") || may(member.role, "see names");
      const actor = await actorFor(services.database.db, member.organisationId, member.role);
      return {
        number: found.number,
        madeBy: actor(found.made_by),
        madeAt: found.made_at,
        signedBy: found.signed_by === null ? null : actor(found.signed_by),
        signedAt: found.signed_at,
        ...(mayName
          ? { text: found.text, content: found.content }
          : { text: null, content: withoutNames(found.content) }),
      };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/descriptions/{number}/differences",
    access: { right: "see processes" },
    tag,
    summary: "What a version changes in another one (by default the one before it), in words",
    params: ofProcess({ number }),
    query: z.object({ from: number.optional() }),
    answers: { 200: z.object({ from: z.int(), to: z.int(), differences: z.array(z.string()) }) },
    async handle({ services, member, params, query }) {
      const { db } = services.database;
      const from = query.from ?? params.number - 1;
      const [older, newer] = await Promise.all(
        [from, params.number].map((one) => descriptionOf(db, member.organisationId, params.process, one)),
      );
      if (!older || !newer) throw notThere("version of the description");
      const shown = (content: unknown) =>
        may(member.role, "describe") || may(member.role, "see names")
          ? (content as Description)
          : withoutNames(content as Description);
      return {
        from,
        to: params.number,
        differences: differencesBetween(shown(older.content), shown(newer.content)),
      };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/descriptions/{number}/hand-over.pdf",
    access: { right: "see processes" },
    tag,
    summary:
      "What a team that takes the work over must know: steps, rules, evidence and leaks, as PDF without names",
    params: ofProcess({ number }),
    answers: { 200: "application/pdf" },
    async handle({ services, member, params }) {
      const { db } = services.database;
      const { organisationId, role } = member;
      const found = await descriptionOf(db, organisationId, params.process, params.number);
      if (!found) throw notThere("version of the description");
      const audit = await auditOf(db, organisationId, params.process);
      const document = audit ? (await documentFor(services, audit.blob, role)).document : undefined;
      const { handOverPack } = await import("../../reports/hand-over.ts");
      const { owner, ...nameless } = withoutNames(found.content);
      const pdf = handOverPack(
        { ...nameless, owner: owner !== undefined && !seesCaseIds(role) ? "named" : owner },
        {
          number: found.number,
          signed: found.signed_at ? `signed off ${found.signed_at.toISOString().slice(0, 10)}` : null,
        },
        document,
        services.now().toISOString().slice(0, 10),
      );
      return new Response(new Uint8Array(pdf), {
        headers: {
          "content-type": "application/pdf",
          "content-disposition": 'inline; filename="hand-over.pdf"',
          "cache-control": "private, no-cache",
        },
      });
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/processes/{process}/descriptions/{number}/signature",
    access: { right: "sign descriptions" },
    tag,
    summary: "Sign a version off",
    params: ofProcess({ number }),
    answers: { 204: null },
    async handle({ services, member, params }) {
      const { organisationId, who } = member;
      const found = await descriptionOf(services.database.db, organisationId, params.process, params.number);
      if (!found) throw notThere("version of the description");
      await act(services, member, "sign a description off", async (trx, now) => {
        if (!(await signDescription(trx, found.id, who.actor, now)))
          throw new Problem(
            409,
            "signed-before",
            `Version ${params.number} was signed off before. Add a version to change it.`,
          );
        return { about: params.process, details: { number: params.number } };
      });
    },
  }),
];

/** The lines of a message, each with the place that it names. */
function placedProblems(message: string): { line: number | null; column: number | null; message: string }[] {
  const lines = message
    .split("\n")
    .filter((line) => !/^Correct (this|these) in the description\.$/.test(line));
  return lines.map((line) => {
    const place = /^description\.yaml, line (\d+), column (\d+): (.*)$/.exec(line);
    return place
      ? {
          line: Number(place[1]),
          column: Number(place[2]),
          // the parser says the place once more
          message: place[3].replace(/ at line \d+, column \d+:?$/, ""),
        }
      : { line: null, column: null, message: line };
  });
}
