import { z } from "@hono/zod-openapi";
import { eachText, withEvidence, withoutValues } from "../../input-error.ts";
import { ANSWERS } from "../../implementations/inventory.ts";
import { inventoryOf, type TouchedProcess } from "../../implementations/inventory-of.ts";
import { byMeasure, MEASURE_IDS } from "../../outcomes/measures/index.ts";
import { dayAfter } from "../../implementations/working-days.ts";
import { READINESS } from "../../readiness/readiness.ts";
import { auditFiles, findAuditFile } from "../../store/audit-files.ts";
import { addCountersignature, countersignaturesOf, JUDGEMENTS } from "../../store/countersignatures.ts";
import { act } from "../../store/acts.ts";
import type { Reader } from "../../store/database.ts";
import { gapStates, moved } from "../../store/states.ts";
import { acceptGap, changeGap, gapsOfImplementation } from "../../store/gaps.ts";
import { gateOverridesOf } from "../../store/gate-overrides.ts";
import { addGapNote, gapNotesOf } from "../../store/gap-notes.ts";
import { implementationOf } from "../../store/implementations.ts";
import { addPromise, promisesOf, withdrawPromise } from "../../store/promises.ts";
import { processOf } from "../../store/processes.ts";
import type { Member, Services } from "../context.ts";
import { judgedSteps } from "../judged.ts";
import { implementationSchema, shownImplementation } from "./implementations.ts";
import { changedInBetween, notThere, Problem, wrongState } from "../problem.ts";
import { shownTo } from "../pseudonyms.ts";
import { seesCaseIds } from "../rights.ts";
import { at, id, inOrganisation, route, text } from "../route.ts";
import { versionOf } from "../versions.ts";

const promisedIn = byMeasure((measure): readonly string[] => measure.promisedIn);
const tag = "implementations";
/** People live with a gap for so long where they say no end. */
const USUAL_ACCEPTANCE_DAYS = 90;
const day = z.iso.date("expected a date like 2026-03-31");
const share = z.number().nullable();

const gapSchema = z.object({
  id,
  processId: id,
  kind: z.enum(["requirement", "step"]),
  title: z.string(),
  has: z.string(),
  remedy: z.string(),
  owner: z.string().nullable(),
  ownerSaid: z.boolean().describe("somebody said who; else it is the owner by the description"),
  decides: z.string(),
  days: z.number().describe("working days that closing it usually takes"),
  decideBy: day.nullable(),
  decideBySaid: z.boolean().describe("somebody said when; else it is counted back from the date"),
  state: z.enum(gapStates.states),
  openedAt: at,
  acceptedAt: at.nullable(),
  acceptance: z
    .object({
      by: z.string().nullable(),
      because: z.string().nullable(),
      until: day.nullable().describe("the last day; null where no end was said"),
      ended: z.boolean().describe("that day has passed: the gap is open again"),
    })
    .nullable()
    .describe("who accepted it, why and until when; null where it is not accepted"),
  closedAt: at.nullable(),
  step: z.string().nullable(),
  claim: z.string().nullable(),
  opens: z.boolean(),
  version: z.int(),
});
const heldSchema = z.object({
  processId: id,
  requirement: z.string().nullable().describe("null for a sentence of the document"),
  kind: z.string(),
  claim: z.looseObject({
    id: z.string(),
    statement: z.string(),
    saidBy: z.string(),
    check: z.string(),
    verdict: z.enum(["confirmed", "contradicted", "not enough evidence", "not testable here"]),
    n: z.number(),
    unit: z.string(),
    against: z.number(),
    estimate: share,
    interval: z.tuple([z.number(), z.number()]).nullable(),
    needs: z.array(z.string()),
    opens: z.boolean(),
  }),
  has: z.string().nullable(),
});
const measure = z
  .enum(MEASURE_IDS)
  .nullable()
  .describe("what is measured week by week of the steps it touches; null for anything else");
const promiseSchema = z.object({
  id,
  metric: z.string(),
  measure,
  direction: z.enum(["less", "more"]),
  size: z.number().nullable(),
  unit: z.string().nullable(),
  by: day,
  comparison: z.string(),
  madeBy: z.string(),
  madeAt: at,
  beforeTheFact: z.boolean().describe("registered before the implementation went live"),
  withdrawnAt: at.nullable(),
});
const inventorySchema = z
  .object({
    implementation: implementationSchema,
    answer: z.object({
      state: z.enum(ANSWERS),
      sentences: z.array(z.string()),
      first: z.array(
        z.object({
          text: z.string(),
          decides: z.string(),
          days: z.number(),
          makesReady: z.array(z.string()),
        }),
      ),
    }),
    processes: z.array(
      z.object({
        id,
        name: z.string(),
        judgedAt: at.nullable().describe("null where there is no audit yet"),
        steps: z.array(
          z.object({
            step: z.string(),
            verdict: z.enum(READINESS),
            sentence: z.string(),
            executions: z.int(),
            overriddenBy: z.string().nullable(),
          }),
        ),
      }),
    ),
    requires: z.array(heldSchema),
    gaps: z.array(gapSchema),
    escalation: z
      .array(
        z.object({
          decides: z.string(),
          overdue: z.int(),
          needed: z.array(
            z.object({
              gap: id,
              title: z.string(),
              remedy: z.string(),
              owner: z.string().nullable(),
              decideBy: day,
              isOverdue: z.boolean(),
              overdue: z.int().describe("working days"),
              days: z.number(),
              closedBy: day.describe("if it is decided today"),
              late: z.int().nullable().describe("working days by which that is after the date"),
            }),
          ),
        }),
      )
      .describe("decisions that are overdue or needed within two weeks, by who has to decide"),
    forecast: z.object({
      open: z.int(),
      closed: z.int(),
      gapDays: z.number(),
      early: at.nullable(),
      middle: at.nullable(),
      late: at.nullable(),
      byDate: share,
      words: z.string(),
    }),
    promises: z.array(promiseSchema),
    notes: z.array(
      z.object({
        id,
        kind: z.enum(["note", "meeting"]),
        text: z.string(),
        gap: z.string().nullable(),
        by: z.string(),
        at,
      }),
    ),
    since: z.object({
      at: at.nullable().describe("of the last meeting; null where nobody noted one"),
      opened: z.array(z.string()),
      closed: z.array(z.string()),
      accepted: z.array(z.string()),
    }),
    signatures: z.array(
      z.object({
        id,
        judgement: z.enum(JUDGEMENTS),
        note: z.string(),
        by: z.string(),
        at,
        current: z.boolean().describe("made of the inventory as it stands now"),
      }),
    ),
    hash: z.string().describe("of what is signed: requirements, verdicts and gaps as they stand"),
  })
  .openapi("Inventory");

type Inventory = z.output<typeof inventorySchema>;

/** Everything that is known of one implementation, read and shown as a role may see it. */
async function readInventory(
  services: Services,
  { organisationId, role, who }: Member,
  implementationId: string,
): Promise<Inventory> {
  const {
    database: { db },
    blobs,
    now,
  } = services;
  const row = await theImplementation(db, organisationId, implementationId);
  const processes: TouchedProcess[] = [];
  for (const { processId, steps: touches } of row.touches) {
    const process = await processOf(db, organisationId, processId);
    if (!process) continue; // it was removed
    const judged = await judgedSteps(services, organisationId, processId);
    const tools = judged && (await findAuditFile(blobs, judged.folder, auditFiles.tools));
    processes.push({
      id: process.id,
      name: process.name,
      touches,
      remedyDays: process.settings.remedyDays ?? {},
      judged: judged ?? null,
      held: tools?.find((tool) => tool.id === row.id && tool.version === row.version)?.held ?? null,
      overrides: await gateOverridesOf(db, organisationId, processId),
    });
  }
  const time = now();
  const inventory = inventoryOf(
    {
      tool: row,
      processes,
      gaps: await gapsOfImplementation(db, organisationId, implementationId, time),
      notes: await gapNotesOf(db, organisationId, implementationId),
      promises: await promisesOf(db, organisationId, implementationId),
      signatures: await countersignaturesOf(db, organisationId, implementationId),
    },
    { ...shownTo(role), isOutsider: !seesCaseIds(role), actor: who.actor },
    time,
  );
  return { implementation: shownImplementation(row, role), ...inventory };
}

const ofImplementation = <S extends z.ZodRawShape>(more: S) =>
  inOrganisation({ implementation: id, ...more });
const path = "/organisations/{org}/implementations/{implementation}";

/** The implementation that a path names. Throws a problem where it is not there. */
async function theImplementation(db: Reader, organisationId: string, implementationId: string) {
  const row = await implementationOf(db, organisationId, implementationId);
  if (!row) throw notThere("implementation");
  return row;
}

export const inventoryRoutes = [
  route({
    method: "get",
    path,
    access: { right: "see processes" },
    tag,
    summary:
      "The honest inventory of one implementation: what it requires beside what is there, gaps, pace, notes",
    params: ofImplementation({}),
    answers: { 200: inventorySchema },
    handle: ({ services, member, params }) => readInventory(services, member, params.implementation),
  }),
  route({
    method: "get",
    path: `${path}/inventory.pdf`,
    access: { right: "see processes" },
    tag,
    summary: "The inventory on one page, for the steering meeting",
    params: ofImplementation({}),
    answers: { 200: "application/pdf" },
    async handle({ services, member, params }) {
      const told = seesCaseIds(member.role) ? withEvidence : withoutValues;
      const inventory = eachText(await readInventory(services, member, params.implementation), told);
      const { inventoryPdf } = await import("../../reports/inventory-pdf.ts");
      const pdf = inventoryPdf(inventory, services.now().toISOString().slice(0, 10));
      return new Response(new Uint8Array(pdf), {
        headers: {
          "content-type": "application/pdf",
          "content-disposition": 'inline; filename="inventory.pdf"',
          "cache-control": "private, no-cache",
        },
      });
    },
  }),
  route({
    method: "get",
    path: `${path}/escalation.pdf`,
    access: { right: "see processes" },
    tag,
    summary:
      "The escalation sheet: who has to decide what by when, what is overdue, and what waiting costs; a part for each who decides",
    params: ofImplementation({}),
    answers: { 200: "application/pdf" },
    async handle({ services, member, params }) {
      const told = seesCaseIds(member.role) ? withEvidence : withoutValues;
      const inventory = await readInventory(services, member, params.implementation);
      const { implementation, escalation } = eachText(inventory, told);
      const { escalationPdf } = await import("../../reports/escalation-pdf.ts");
      const pdf = escalationPdf(escalation, {
        name: implementation.name,
        startsOn: implementation.state === "planned" ? implementation.startsOn : null,
        made: services.now().toISOString().slice(0, 10),
      });
      return new Response(new Uint8Array(pdf), {
        headers: {
          "content-type": "application/pdf",
          "content-disposition": 'inline; filename="escalation.pdf"',
          "cache-control": "private, no-cache",
        },
      });
    },
  }),
  route({
    method: "patch",
    path: `${path}/gaps/{gap}`,
    access: { right: "manage processes" },
    tag,
    summary:
      "Say who sees to a gap and by when it must be decided; null takes what was said back. If-Match names the version",
    params: ofImplementation({ gap: id }),
    body: z.strictObject({ owner: text(120).nullable().optional(), decideBy: day.nullable().optional() }),
    answers: { 204: null },
    async handle({ services, member, params, body, request }) {
      const { organisationId } = member;
      const { db } = services.database;
      const version = versionOf(request);
      const gap = (
        await gapsOfImplementation(db, organisationId, params.implementation, services.now())
      ).find((one) => one.id === params.gap);
      if (!gap) throw notThere("gap");
      const change = {
        ...(body.owner === undefined ? {} : { owner: body.owner }),
        ...(body.decideBy === undefined ? {} : { decide_by: body.decideBy }),
      };
      if (Object.keys(change).length === 0) return;
      await act(services, member, "change a gap", async (trx) => {
        if (!(await changeGap(trx, organisationId, gap.id, version, change))) throw changedInBetween("gap");
        return { about: params.implementation, details: { gap: gap.id, ...body } };
      });
    },
  }),
  route({
    method: "post",
    path: `${path}/gap-notes`,
    access: { right: "decide gaps" },
    tag,
    summary:
      "Note what becomes of gaps in one's own name, or that a meeting was held. Gaps that it is about become `accepted` (lived with from now on) or `open` again: all of them, or none",
    params: ofImplementation({}),
    body: z.strictObject({
      kind: z.enum(["note", "meeting"]).default("note"),
      text: text(2000, 3),
      gaps: z
        .array(id)
        .max(500)
        .default([])
        .describe("those that it is about; each gets an entry of its own"),
      gapBecomes: z.enum(["accepted", "open"]).optional(),
      until: day
        .optional()
        .describe(
          `the last day of the acceptance, at most a year from now; ${USUAL_ACCEPTANCE_DAYS} days from now where none is said. The gap is open again after it`,
        ),
    }),
    answers: { 201: z.object({ ids: z.array(id) }) },
    async handle({ services, member, params, body }) {
      const { gaps: about, gapBecomes, kind, text: words } = body;
      const { organisationId, who } = member;
      const { db } = services.database;
      const now = services.now();
      await theImplementation(services.database.db, organisationId, params.implementation);
      const there = await gapsOfImplementation(db, organisationId, params.implementation, now);
      const gaps = [...new Set(about)].map((one) => {
        const gap = there.find((candidate) => candidate.id === one);
        if (!gap) throw notThere("gap");
        return gap;
      });
      if (gapBecomes && gaps.length === 0)
        throw new Problem(400, "wrong-input", "body.gapBecomes: expected the gaps that it is about.", {
          where: "body.gaps",
        });
      const today = now.toISOString().slice(0, 10);
      const until = body.until ?? dayAfter(today, USUAL_ACCEPTANCE_DAYS);
      if (body.until !== undefined && gapBecomes !== "accepted")
        throw new Problem(400, "wrong-input", "body.until: expected only where gaps become accepted.", {
          where: "body.until",
        });
      if (until < today || until > dayAfter(today, 366))
        throw new Problem(
          400,
          "wrong-input",
          `body.until: expected a day from ${today} to ${dayAfter(today, 366)}, got ${until}.`,
          { where: "body.until" },
        );
      const move = gapBecomes && (gapBecomes === "accepted" ? "accept" : "reopen");
      for (const gap of gaps)
        if (move && moved(gapStates, move, gap.state) === undefined)
          throw wrongState(gapStates, move, gap.state, `"${gap.content.title}"`);
      const name = kind === "meeting" ? "note a meeting" : "note about gaps";
      return act(services, member, name, async (trx) => {
        const ids: string[] = [];
        for (const gap of gaps.length === 0 ? [undefined] : gaps) {
          // an acceptance that has ended is taken back too; what is open stays as it is
          if (gap && move && (move === "accept" || gap.state !== "open" || gap.acceptance_ended)) {
            const acceptance = move === "accept" ? { at: now, by: who.name, because: words, until } : null;
            if (!(await acceptGap(trx, organisationId, gap.id, gap.version, acceptance)))
              throw changedInBetween("gap");
          }
          ids.push(
            await addGapNote(trx, {
              organisation_id: organisationId,
              implementation_id: params.implementation,
              gap_id: gap?.id ?? null,
              kind,
              text: words,
              made_by: who.actor,
              made_by_name: who.name,
              made_at: now,
            }),
          );
        }
        return {
          about: params.implementation,
          details: {
            kind,
            text: words,
            gaps: gaps.map((gap) => gap.id),
            gapBecomes,
            ...(gapBecomes === "accepted" && { until }),
            notes: ids,
          },
          answer: { ids },
        };
      });
    },
  }),
  route({
    method: "post",
    path: `${path}/promises`,
    access: { right: "manage processes" },
    tag,
    summary: "Register what was promised, before the data comes in; it cannot be changed, only withdrawn",
    params: ofImplementation({}),
    body: z
      .strictObject({
        metric: text(200, 3),
        measure: measure.default(null),
        direction: z.enum(["less", "more"]),
        size: z.number().positive().max(1e12).nullable().default(null),
        unit: text(40).nullable().default(null),
        by: day,
        comparison: text(300, 3),
      })
      .superRefine(({ measure: of, size, unit }, context) => {
        if (of === null || size === null || promisedIn[of].includes(unit ?? "")) return;
        context.addIssue({
          code: "custom",
          path: ["unit"],
          message: `expected one of ${promisedIn[of].join(", ")} for what is measured`,
        });
      }),
    answers: { 201: z.object({ id }) },
    async handle({ services, member, params, body }) {
      const { organisationId, who } = member;
      const now = services.now();
      await theImplementation(services.database.db, organisationId, params.implementation);
      return act(services, member, "register a promise", async (trx) => {
        const added = await addPromise(
          trx,
          {
            organisation_id: organisationId,
            implementation_id: params.implementation,
            made_by: who.actor,
            made_by_name: who.name,
            made_at: now,
          },
          body,
        );
        return {
          about: params.implementation,
          details: { ...body, promise: added },
          answer: { id: added },
        };
      });
    },
  }),
  route({
    method: "delete",
    path: `${path}/promises/{promise}`,
    access: { right: "manage processes" },
    tag,
    summary: "Withdraw a promise; the record keeps both entries",
    params: ofImplementation({ promise: id }),
    answers: { 204: null },
    async handle({ services, member, params }) {
      const { organisationId } = member;
      await act(services, member, "withdraw a promise", async (trx, now) => {
        if (!(await withdrawPromise(trx, organisationId, params.implementation, params.promise, now)))
          throw notThere("promise that still counts");
        return { about: params.implementation, details: { promise: params.promise } };
      });
    },
  }),
  route({
    method: "post",
    path: `${path}/countersignatures`,
    access: { right: "countersign" },
    tag,
    summary:
      "An outside assessor says whether the inventory is so, in their own name; the hash says which state they have seen",
    params: ofImplementation({}),
    body: z.strictObject({ judgement: z.enum(JUDGEMENTS), note: text(4000, 10), hash: z.string().max(64) }),
    answers: { 201: z.object({ id }) },
    async handle({ services, member, params, body }) {
      const { organisationId, who } = member;
      const now = services.now();
      const { hash } = await readInventory(services, member, params.implementation);
      if (hash !== body.hash)
        throw new Problem(
          409,
          "changed-in-between",
          "The inventory has changed since it was read. Read it again, then sign.",
        );
      return act(services, member, "countersign an inventory", async (trx) => {
        const added = await addCountersignature(trx, {
          organisation_id: organisationId,
          implementation_id: params.implementation,
          judgement: body.judgement,
          note: body.note,
          inventory_hash: hash,
          made_by: who.actor,
          made_by_name: who.name,
          made_at: now,
        });
        return {
          about: params.implementation,
          details: { ...body, signature: added },
          answer: { id: added },
        };
      });
    },
  }),
];
