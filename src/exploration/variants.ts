import { z } from "zod";
import { variantTable } from "../discovery/variant-table.ts";
import { nameAt } from "../eventlog/strings.ts";
import { from, most } from "./paging.ts";
import { variantIds } from "./variant-id.ts";
import { defineView } from "./view.ts";

/** The different ways through the process, most frequent first. */
export const variantsView = defineView({
  id: "variants",
  question: "Which ways does work take, and how long does each take?",
  query: z.object({ from, most: most(50, 500) }),
  answer: z.object({
    cases: z.int(),
    total: z.int().describe("different ways"),
    for80: z.int().nullable().describe("ways needed for 80 % of the cases"),
    activities: z.array(z.string()),
    items: z.array(
      z.object({
        id: z.string(),
        steps: z.array(z.int()).describe("numbers in activities; at most 100"),
        length: z.int(),
        cases: z.int(),
        share: z.number(),
        covered: z.number(),
        medianMs: z.number(),
        p90Ms: z.number(),
      }),
    ),
  }),
  work({ selection, query }) {
    const { log, evidence } = selection;
    const table = selection.once("variants", () => variantTable(log));
    const idOf = variantIds(log);
    const { example } = evidence.variants;
    const rows = table.slice(query.from, query.from + query.most);
    const used = [...new Set(rows.flatMap(({ steps }) => [...steps.subarray(0, 100)]))];
    const place = new Map(used.map((a, i) => [a, i]));
    const at = table.findIndex(({ covered }) => covered >= 0.8 - 1e-12);
    return {
      cases: log.caseCount,
      total: table.length,
      for80: at < 0 ? null : at + 1,
      activities: used.map((a) => nameAt(log.activities, a)),
      items: rows.map((row, i) => ({
        id: idOf(example[query.from + i]),
        steps: Array.from(row.steps.subarray(0, 100), (a) => place.get(a)!),
        length: row.steps.length,
        cases: row.cases,
        share: row.share,
        covered: row.covered,
        medianMs: Math.round(row.medianDurationMs),
        p90Ms: Math.round(row.p90DurationMs),
      })),
    };
  },
});
