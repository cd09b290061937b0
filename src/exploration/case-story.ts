import type { Evidence } from "../evidence/evidence.ts";
import { z } from "zod";
import { isMissing, type Column } from "../eventlog/event-log.ts";
import { recordColumn, tableLabel, textOf, type RecordTable } from "../eventlog/record-table.ts";
import { nameAt } from "../eventlog/strings.ts";
import { shownInstant } from "./shown-times.ts";
import { defineView } from "./view.ts";

/** Events, and rows of each table, of one story at most. */
const MOST_EVENTS = 1000;
const MOST_RECORDS = 50;

/**
 * The story of one case: what happened when, under which role, how long it waited, and what stands in the
 * records.
 */
export const caseView = defineView({
  id: "case",
  question: "What happened in this case?",
  query: z.object({ case: z.string().min(1).max(1000).describe("the name under which lists show it") }),
  answer: z.object({
    found: z.boolean(),
    id: z.string(),
    events: z.array(
      z.object({
        activity: z.string(),
        begin: z.string().nullable(),
        end: z.string().nullable(),
        role: z.string().nullable(),
        person: z.int().nullable().describe("a number instead of a name"),
        waitMs: z.number().nullable().describe("on the clock since the event before"),
        waitWorkingMs: z.number().nullable(),
        standing: z.enum(["as described", "never described"]).nullable(),
        attributes: z.array(z.tuple([z.string(), z.string()])),
      }),
    ),
    cut: z.boolean().describe("there are more events"),
    attributes: z.array(z.tuple([z.string(), z.string()])),
    records: z.array(
      z.object({ table: z.string(), columns: z.array(z.string()), rows: z.array(z.array(z.string())) }),
    ),
    variantCases: z.int().describe("cases that went the same way, this one included"),
  }),
  async work({ explored, query, caseName, showsDetails }) {
    const { log, evidence } = explored.whole;
    const number = numberOf(explored.whole.once.bind(explored.whole), log.caseCount, caseName, query.case);
    const empty = { found: false, id: query.case, events: [], cut: false, attributes: [], records: [] };
    if (number === undefined) return { ...empty, variantCases: 0 };
    const [first, end] = [log.caseStart[number], log.caseStart[number + 1]];
    const begin = log.start ?? log.time;
    const last = Math.min(end, first + MOST_EVENTS);
    const shown = showsDetails
      ? log.columns.filter(
          (column) => column.kind === "number" || column.kind === "time" || !evidence.holdsPeople(column),
        )
      : [];
    const attributes = (scope: Column["scope"], row: number) =>
      shown
        .filter((column) => column.scope === scope && !isMissing(column, row))
        .map((column): [string, string] => [column.name, valueOf(column, row)]);
    const { variantOf, caseCount } = evidence.variants;
    return {
      found: true,
      id: caseName(number),
      events: Array.from({ length: last - first }, (_, i) => {
        const e = first + i;
        const wait = evidence.wait[e];
        return {
          activity: nameAt(log.activities, log.activity[e]),
          begin: log.start && log.start[e] < log.time[e] ? shownInstant(log.start[e]) : null,
          end: shownInstant(log.time[e]),
          role: log.role && log.role[e] > 0 ? nameAt(log.roles, log.role[e]) : null,
          person: log.person && log.person[e] > 0 ? log.person[e] : null,
          waitMs: i === 0 ? null : Math.max(0, begin[e] - log.time[e - 1]),
          waitWorkingMs: Number.isNaN(wait) ? null : Math.round(wait),
          standing: evidence.described
            ? evidence.described.stepOf[log.activity[e]] >= 0
              ? ("as described" as const)
              : ("never described" as const)
            : null,
          attributes: attributes("event", e),
        };
      }),
      cut: last < end,
      attributes: attributes("case", number),
      records: showsDetails ? await recordsOf(explored.records, nameAt(log.caseIds, number), evidence) : [],
      variantCases: caseCount[variantOf[number]],
    };
  },
});

function numberOf(
  once: <T>(key: string, work: () => T) => T,
  cases: number,
  caseName: (c: number) => string,
  wanted: string,
): number | undefined {
  if (cases === 0) return undefined;
  // outsiders and members know cases by different names
  const byName = once(`cases like ${caseName(0)}`, () => {
    const names = new Map<string, number>();
    for (let c = 0; c < cases; c++) names.set(caseName(c), c);
    return names;
  });
  return byName.get(wanted);
}

function valueOf(column: Column, row: number): string {
  if (column.kind === "number") return String(column.numbers[row]);
  if (column.kind === "time") return shownInstant(column.times[row]) ?? "";
  return nameAt(column.values, column.codes[row]);
}

async function recordsOf(records: () => Promise<readonly RecordTable[]>, id: string, evidence: Evidence) {
  return (await records()).flatMap((table) => {
    const column = recordColumn(table, "case_id");
    if (!column) return [];
    const rows: number[] = [];
    for (let r = 0; r < table.rowCount && rows.length < MOST_RECORDS; r++)
      if (textOf(column, r) === id) rows.push(r);
    if (rows.length === 0) return [];
    const columns = table.columns.filter((one) => !evidence.namesSomebody(table, one));
    return [
      {
        table: tableLabel(table),
        columns: columns.map(({ name }) => name),
        rows: rows.map((r) => columns.map((one) => textOf(one, r))),
      },
    ];
  });
}
