import { z } from "@hono/zod-openapi";
import { ASSUMED_RATES } from "../../audit/rates.ts";
import { ratesOf } from "../../audit/rates-schema.ts";
import { interruptedSeries, LEAST_PLACES } from "../../outcomes/interrupted-series.ts";
import { outcomeInWords, worthOf, type Measured } from "../../reports/outcome-text.ts";
import { MEASURE_IDS, measures as allMeasures } from "../../outcomes/measures/index.ts";
import { promiseKept, type Kept } from "../../implementations/promise-result.ts";
import type { WeeklySeries } from "../../outcomes/weekly-series.ts";
import { implementationOf } from "../../store/implementations.ts";
import { organisationOf } from "../../store/organisations.ts";
import { processName } from "../../store/processes.ts";
import { promisesOf } from "../../store/promises.ts";
import { askView } from "./exploration.ts";
import { notThere, Problem } from "../problem.ts";
import { processIn } from "./processes.ts";
import { at, id, inOrganisation, route } from "../route.ts";

const tag = "implementations";
const WEEK = 604_800_000;

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

type Answer = {
  from: string | null;
  unknown: string[];
} & Omit<WeeklySeries, "from">;

export const outcomeRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/implementations/{implementation}/results",
    access: { right: "see processes" },
    tag,
    summary:
      "Where are the results: hours, errors and delay of the steps it touches before and after its start, against a comparison process where one is named",
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
        askView<Answer>(
          services,
          organisationId,
          processId,
          "series",
          { anchor: startsOn, ...(steps.length > 0 ? { steps } : {}) },
          request.signal,
        );
      const beside = query.compare === undefined ? undefined : await seriesOf(query.compare, []);
      const start = Date.parse(`${startsOn}T00:00:00Z`);
      const processes: ReturnType<typeof outcomeOf>[] = [];
      // of several measures one would change by chance soon: the intervals hold for all of them together (Bonferroni)
      const confidence = 1 - 0.05 / (allMeasures.length * Math.max(1, tool.touches.length));
      for (const { processId, steps } of tool.touches) {
        const name = await processName(db, organisationId, processId);
        if (name === undefined) continue; // it was removed
        const answer = await seriesOf(processId, steps).catch((error: unknown) => {
          if (error instanceof Problem && error.code === "no-events") return undefined;
          throw error;
        });
        processes.push(outcomeOf({ id: processId, name }, answer, start, beside, confidence));
      }
      const settings = (await organisationOf(db, organisationId))?.settings;
      const rates = settings?.rates ? ratesOf(settings.rates) : ASSUMED_RATES;
      const money = worthOf(
        processes.map(({ measures, executions, startsAt }) => ({
          hours: measures.find(({ measure }) => measure === "hours"),
          executions: executions.slice(Math.max(0, startsAt)),
        })),
        rates,
        (tool.currency ?? rates.currency) === rates.currency ? tool.cost_per_month : null,
      );
      const measured = processes.flatMap(({ name, measures }): Measured[] =>
        measures.map((one) => ({ process: name, ...one })),
      );
      const promises = (await promisesOf(db, organisationId, params.implementation))
        .filter(({ withdrawn_at }) => withdrawn_at === null)
        .flatMap(({ id: own, content }) => {
          if (!content.measure) return [];
          return processes.flatMap(({ id: process, measures, from, executions }) => {
            const ends = from === null ? null : Date.parse(from) + executions.length * WEEK;
            const seen = measures.find(({ measure }) => measure === content.measure);
            if (!seen) return [];
            const { after, effect, interval, why } = seen;
            const kept: Kept =
              after === null || effect === null || interval === null
                ? { verdict: "cannot be shown", words: why ?? "nothing was seen of it" }
                : promiseKept(content, { unit: seen.unit, after, effect, interval });
            const day = Date.parse(`${content.by}T00:00:00Z`);
            return [
              {
                id: own,
                process,
                due: ends !== null && day <= ends,
                evidenceEnds: ends === null ? null : new Date(ends).toISOString().slice(0, 10),
                ...kept,
              },
            ];
          });
        });
      return {
        startsOn,
        processes,
        money,
        promises,
        sentences: outcomeInWords({ name: tool.name, startsOn }, measured, money),
      };
    },
  }),
];

/** The measures of one process before and after. */
function outcomeOf(
  { id: own, name }: { id: string; name: string },
  answer: Answer | undefined,
  start: number,
  beside: Answer | undefined,
  confidence: number,
) {
  const nothing = {
    id: own,
    name,
    from: null,
    startsAt: 0,
    executions: [],
    unknown: answer?.unknown ?? [],
    measures: [],
  };
  if (!answer || answer.from === null)
    return { ...nothing, missing: "an import of its events, over a whole week or more" };
  const from = Date.parse(answer.from);
  const startsAt = Math.round((start - from) / WEEK);
  const shift = beside?.from ? Math.round((from - Date.parse(beside.from)) / WEEK) : 0;
  const measures = allMeasures.map(({ id: measure, words, unit, needs }) => {
    const values = answer.means[measure];
    const comparison =
      beside?.from && beside.means[measure].some((value) => value !== null)
        ? values.map((_, week) => beside.means[measure][week + shift] ?? null)
        : undefined;
    const uncompared = beside !== undefined && comparison === undefined;
    const effect = uncompared ? undefined : interruptedSeries(values, startsAt, comparison, confidence);
    const seen = values.filter((value) => value !== null).length;
    const [weeksBefore, weeksAfter] = [
      values.slice(0, Math.max(0, startsAt)).filter((value) => value !== null).length,
      values.slice(Math.max(0, startsAt)).filter((value) => value !== null).length,
    ];
    const why = effect
      ? null
      : seen === 0 && needs !== null
        ? `${needs} is not recorded`
        : Math.min(weeksBefore, weeksAfter) < LEAST_PLACES
          ? `it takes ${LEAST_PLACES} weeks with work before and after; there are ${weeksBefore} and ${weeksAfter}`
          : uncompared
            ? "the comparison does not record this"
            : "the comparison has too few values for the same weeks, or only a trend of its own";
    return {
      measure,
      name: words,
      unit,
      values,
      expected: effect?.course ?? values.map(() => null),
      verdict: !effect
        ? ("cannot be shown" as const)
        : effect.interval[1] < 0
          ? ("less" as const)
          : effect.interval[0] > 0
            ? ("more" as const)
            : ("cannot be shown" as const),
      before: effect?.before ?? null,
      after: effect?.after ?? null,
      effect: effect?.effect ?? null,
      interval: effect?.interval ?? null,
      why,
    };
  });
  return { ...nothing, from: answer.from, startsAt, executions: answer.executions, measures, missing: null };
}
