import { z } from "@hono/zod-openapi";
import { ASSUMED_RATES } from "../../audit/rates.ts";
import { ratesOf } from "../../audit/rates-schema.ts";
import { outcomeInWords } from "../../reports/outcome-text.ts";
import { MEASURE_IDS } from "../../outcomes/measures/index.ts";
import { resultsOf, type StepSeries, type TouchedSeries } from "../../implementations/results-of.ts";
import { implementationOf } from "../../store/implementations.ts";
import { organisationOf } from "../../store/organisations.ts";
import { processName } from "../../store/processes.ts";
import { promisesOf } from "../../store/promises.ts";
import { askView } from "./exploration.ts";
import { notThere, Problem } from "../problem.ts";
import { processIn } from "./processes.ts";
import { at, id, inOrganisation, route } from "../route.ts";

const tag = "implementations";

const measureSchema = z.object({
  measure: z.enum(MEASURE_IDS),
  name: z.string(),
  unit: z.enum(["h", "share"]),
  values: z.array(z.number().nullable()).describe("week by week"),
  expected: z
    .array(z.number().nullable())
    .describe("what the earlier trend (and the comparison) predicts from the start on"),
  verdict: z.enum(["less", "more", "cannot be shown"]),
  before: z.number().nullable(),
  after: z.number().nullable(),
  effect: z.number().nullable().describe("mean of what was seen less what was expected"),
  interval: z.tuple([z.number(), z.number()]).nullable().describe("95 % for all measures together"),
  why: z.string().nullable().describe("why nothing can be shown, where nothing can"),
});
const moneySchema = z.object({
  currency: z.string(),
  savedPerMonth: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  costPerMonth: z.number().nullable(),
  netPerMonth: z.number().nullable(),
  netInterval: z.tuple([z.number(), z.number()]).nullable(),
  hourly: z.number(),
  assumed: z.boolean().describe("nobody gave a rate for an hour"),
});

export const outcomeRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/implementations/{implementation}/results",
    access: { right: "see processes" },
    tag,
    summary:
      "Before and after: hours, errors and delay of the steps it touches before and after its start, against a comparison process where one is named",
    params: inOrganisation({ implementation: id }),
    query: z.object({
      compare: id.optional().describe("a process that it does not touch, with the same ups and downs"),
    }),
    answers: {
      200: z
        .object({
          startsOn: z.iso.date(),
          processes: z.array(
            z.object({
              id,
              name: z.string(),
              from: at.nullable().describe("begin of the first week"),
              startsAt: z.int().describe("the week in which it starts"),
              executions: z.array(z.int()),
              unknown: z.array(z.string()),
              measures: z.array(measureSchema),
              missing: z.string().nullable().describe("why nothing is known of it"),
            }),
          ),
          money: moneySchema.nullable(),
          sentences: z.array(z.string()),
          promises: z.array(
            z.object({
              id,
              process: id,
              verdict: z.enum(["kept", "not kept", "cannot be shown"]),
              due: z.boolean().describe("the evidence reaches the day on which it is to be looked at"),
              evidenceEnds: z.iso.date().nullable(),
              words: z.string(),
            }),
          ),
        })
        .openapi("Outcome"),
    },
    async handle({ services, member, params, query, request }) {
      const { organisationId } = member;
      const { db } = services.database;
      const tool = await implementationOf(db, organisationId, params.implementation);
      if (!tool) throw notThere("implementation");
      if (tool.starts_on === null)
        throw new Problem(
          409,
          "no-start",
          "Nobody has said since when it is in use. Say it, and before and after can be told apart.",
        );
      const startsOn = tool.starts_on;
      if (query.compare !== undefined) {
        await processIn(services, organisationId, query.compare);
        if (tool.touches.some(({ processId }) => processId === query.compare))
          throw new Problem(
            400,
            "wrong-input",
            "query.compare: expected a process that it does not touch: one that it touches changes with it.",
            { where: "query.compare" },
          );
      }
      const seriesOf = (processId: string, steps: string[]) =>
        askView<StepSeries>(
          services,
          organisationId,
          processId,
          "series",
          { anchor: startsOn, ...(steps.length > 0 ? { steps } : {}) },
          request.signal,
        );
      const beside = query.compare === undefined ? undefined : await seriesOf(query.compare, []);
      const touched: TouchedSeries[] = [];
      for (const { processId, steps } of tool.touches) {
        const name = await processName(db, organisationId, processId);
        if (name === undefined) continue; // it was removed
        const series = await seriesOf(processId, steps).catch((error: unknown) => {
          if (error instanceof Problem && error.code === "no-events") return undefined;
          throw error;
        });
        touched.push({ id: processId, name, series });
      }
      const settings = (await organisationOf(db, organisationId))?.settings;
      const promised = await promisesOf(db, organisationId, params.implementation);
      const { measured, ...results } = resultsOf(
        { startsOn, currency: tool.currency, costPerMonth: tool.cost_per_month },
        touched,
        beside,
        promised.flatMap((one) => (one.withdrawn_at === null ? [{ ...one.content, id: one.id }] : [])),
        settings?.rates ? ratesOf(settings.rates) : ASSUMED_RATES,
        tool.touches.length,
      );
      return {
        startsOn,
        ...results,
        sentences: outcomeInWords({ name: tool.name, startsOn }, measured, results.money),
      };
    },
  }),
];
