import { z } from "zod";
import { inPlaces, spansFrom } from "../evidence/summaries/spans.ts";
import { nameAt } from "../eventlog/strings.ts";
import { quantileOfSorted } from "../statistics/quantile.ts";
import { shownInstant } from "./shown-times.ts";
import { defineView } from "./view.ts";

/**
 * Values offered of a column, most frequent first, at most; columns with more different ones are not offered.
 */
const MOST_VALUES = 60;
const WEEK = 604_800_000;

/** What can be filtered by: activities, roles, values of cases, and how cases are spread over time. */
export const choicesView = defineView({
  id: "choices",
  question: "What can cases be chosen by, and when did they begin?",
  query: z.object({}),
  answer: z.object({
    cases: z.int(),
    selected: z.int(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    weeks: z.object({
      from: z.string().nullable(),
      days: z.number().describe("days in one bar"),
      all: z.array(z.int()).describe("cases begun"),
      selected: z.array(z.int()),
    }),
    activities: z.array(z.object({ name: z.string(), cases: z.int() })),
    roles: z.array(z.string()),
    columns: z.array(
      z.object({
        name: z.string(),
        values: z.array(z.object({ value: z.string(), cases: z.int().describe("selected ones") })),
      }),
    ),
    durations: z.object({ median: z.number(), p90: z.number(), max: z.number() }).nullable(),
    individuals: z.boolean().describe("the log tells people apart"),
  }),
  work({ explored, selection, showsDetails }) {
    const { log, evidence } = explored.whole;
    const { range } = evidence;
    const bars = Math.min(260, Math.floor((range.to - range.from) / WEEK) + 1);
    const width = Math.max(WEEK, (range.to - range.from + 1) / bars);
    const spread = (of: typeof selection) =>
      of.once("bars", () => {
        const { first, begun } = spansFrom(range.from, width).of(of.log);
        return inPlaces(first, begun, bars);
      });
    const columns = showsDetails
      ? evidence.nameColumns.filter(
          (column) =>
            column.values.length <= MOST_VALUES + 1 &&
            column.missing < column.codes.length &&
            !evidence.holdsPeople(column),
        )
      : [];
    const sorted = selection.once("sorted lengths", () => {
      const first = selection.log.start ?? selection.log.time;
      return Float64Array.from(
        { length: selection.log.caseCount },
        (_, c) => selection.log.time[selection.log.caseStart[c + 1] - 1] - first[selection.log.caseStart[c]],
      ).sort();
    });
    return {
      cases: log.caseCount,
      selected: selection.log.caseCount,
      from: log.eventCount === 0 ? null : shownInstant(range.from),
      to: log.eventCount === 0 ? null : shownInstant(range.to),
      weeks: {
        from: shownInstant(range.from),
        days: width / 86_400_000,
        all: spread(explored.whole),
        selected: spread(selection),
      },
      activities: evidence.activityNames
        .map((name, a) => ({ name, cases: evidence.casesWith[a] }))
        .filter(({ cases }) => cases > 0)
        .sort((a, b) => b.cases - a.cases),
      roles: Array.from({ length: log.roles.length }, (_, r) => nameAt(log.roles, r)).filter(
        (name) => name !== "",
      ),
      columns: columns.map((column) => {
        const values = evidence.valueOfCases(column);
        const counts = new Float64Array(column.values.length);
        const total = selection.cases?.length ?? log.caseCount;
        for (let i = 0; i < total; i++) counts[values[selection.cases ? selection.cases[i] : i]]++;
        return {
          name: column.name,
          values: Array.from(counts, (cases, v) => ({ value: nameAt(column.values, v), cases }))
            .filter(({ value }, v) => v > 0 && value !== "")
            .sort((a, b) => b.cases - a.cases),
        };
      }),
      durations:
        sorted.length === 0
          ? null
          : {
              median: quantileOfSorted(sorted, 0.5)!,
              p90: quantileOfSorted(sorted, 0.9)!,
              max: sorted[sorted.length - 1],
            },
      individuals: evidence.hasIndividuals,
    };
  },
});
