import { z } from "zod";
import { byMeasure, measures } from "../outcomes/measures/index.ts";
import { weeklySeries } from "../outcomes/weekly-series.ts";
import { defineView } from "./view.ts";

const weekly = z.array(z.number().nullable());

/** Names as a JSON list: they may hold any character. */
const names = z
  .string()
  .max(20_000)
  .transform((text, context) => {
    try {
      return z.array(z.string().max(1000)).max(500).parse(JSON.parse(text));
    } catch {
      context.addIssue({
        code: "custom",
        message: 'expected a list of names as JSON, like ["Record invoice"]',
      });
      return z.NEVER;
    }
  });

/** Steps week by week. */
export const seriesView = defineView({
  id: "series",
  question: "What are steps like week by week: how often, how long, done again, waited for?",
  query: z.object({
    steps: names
      .optional()
      .describe("steps or activities as a JSON list; all activities where none is named"),
    anchor: z.iso.date().describe("a day on which a week begins, such as the first day of a tool"),
  }),
  answer: z.object({
    from: z.iso.datetime().nullable().describe("begin of the first week; null without a whole week"),
    unknown: z.array(z.string()).describe("steps that are neither described nor seen"),
    executions: z.array(z.int()),
    means: z
      .object(byMeasure(() => weekly))
      .describe(
        `the mean of each measure: ${measures.map(({ id, words }) => `${id} (${words})`).join(", ")}`,
      ),
  }),
  work({ selection: { evidence, log }, query }) {
    const { described, activityNames } = evidence;
    const unknown: string[] = [];
    const activities = query.steps
      ? query.steps.flatMap((name) => {
          const found =
            described?.steps.find((step) => step.name === name)?.activities ??
            activityNames.flatMap((activity, a) => (activity === name ? [a] : []));
          if (found.length === 0) unknown.push(name);
          return found;
        })
      : activityNames.map((_, a) => a);
    if (log.eventCount === 0) return { from: null, unknown, executions: [], means: byMeasure(() => []) };
    const { from, ...series } = weeklySeries(
      evidence,
      [...new Set(activities)],
      Date.parse(`${query.anchor}T00:00:00Z`),
    );
    return { from: series.executions.length === 0 ? null : new Date(from).toISOString(), unknown, ...series };
  },
});
