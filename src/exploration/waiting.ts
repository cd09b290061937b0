import { z } from "zod";
import { isExternalName } from "../evidence/activity-names.ts";
import { personCalendars } from "../discovery/person-calendars.ts";
import { CAUSES, waitingCauses } from "../discovery/waiting-causes.ts";
import { edgeStatistics } from "../discovery/edge-statistics.ts";
import { nameAt } from "../eventlog/strings.ts";
import type { Need } from "../evidence/need.ts";
import type { Selection } from "./explored.ts";
import { shownTimes, timesSchema } from "./shown-times.ts";
import { defineView } from "./view.ts";

const causes = z
  .object({
    batching: z.number(),
    contention: z.number(),
    prioritisation: z.number(),
    unavailability: z.number(),
    extraneous: z.number(),
  })
  .describe("milliseconds by cause");

/** Where cases wait, how long, and why. */
export const waitingView = defineView({
  id: "waiting",
  question: "Where does time go between one step and the next, and why?",
  query: z.object({}),
  answer: z.object({
    cases: z.int(),
    totalMs: z.number().describe("of all waits, in working time"),
    caseMedianMs: z.number().nullable().describe("waiting of a case in working time, median"),
    calendar: z.string(),
    edges: z
      .array(
        z.object({
          from: z.string(),
          to: z.string(),
          count: z.int(),
          cases: z.int(),
          times: timesSchema.describe("each wait in working time"),
          totalMs: z.number(),
          external: z.boolean().describe("for somebody outside, by the name of the step"),
          causes: causes.nullable(),
        }),
      )
      .describe("most waiting first; at most 200"),
    causes: causes.nullable().describe("all waits by cause, on the clock; null where causes are not visible"),
    withoutPersonMs: z.number().nullable(),
    missing: z.array(z.string()).describe("what would make causes visible"),
  }),
  work({ explored, selection }) {
    const { log } = selection;
    const { calendar } = explored.whole.evidence;
    const edges = selection.once("waits", () => edgeStatistics(log, { calendar }));
    const missing: Need[] = [];
    if (!log.start) missing.push({ kind: "column", role: "begin" });
    if (!log.person) missing.push({ kind: "column", role: "person" });
    const split =
      missing.length === 0
        ? selection.once("causes", () => {
            const { whole } = explored;
            const own = whole.once("calendars", () => personCalendars(whole.log, calendar));
            return waitingCauses(log, (p) => own[p] ?? calendar);
          })
        : undefined;
    const n = log.activities.length;
    const causesOf = new Map(split?.edges.map((edge) => [edge.from * n + edge.to, edge]));
    const rows = Array.from(edges.from, (from, k) => ({
      from: nameAt(log.activities, from),
      to: nameAt(log.activities, edges.to[k]),
      count: edges.count[k],
      cases: edges.cases[k],
      times: shownTimes({
        median: edges.median[k],
        mean: edges.mean[k],
        p90: edges.p90[k],
        max: edges.max[k],
        min: 0,
      }),
      totalMs: Math.round(edges.mean[k] * edges.count[k]),
      external: isExternalName(nameAt(log.activities, edges.to[k])),
      causes: picked(causesOf.get(from * n + edges.to[k])),
    }));
    return {
      cases: log.caseCount,
      totalMs: rows.reduce((sum, { totalMs }) => sum + totalMs, 0),
      caseMedianMs: medianPerCase(selection),
      calendar: calendar.describe(),
      edges: rows
        .filter(({ totalMs }) => totalMs > 0)
        .sort((a, b) => b.totalMs - a.totalMs)
        .slice(0, 200),
      causes: picked(split?.total) ?? null,
      withoutPersonMs: split ? Math.round(split.withoutPerson.total) : null,
      missing,
    };
  },
});

type Parts = Record<(typeof CAUSES)[number], number>;
const picked = (parts: Parts | undefined): Parts | null =>
  parts ? (Object.fromEntries(CAUSES.map((cause) => [cause, Math.round(parts[cause])])) as Parts) : null;

function medianPerCase({ log, evidence }: Selection): number | null {
  if (log.caseCount === 0) return null;
  const { wait } = evidence;
  const sums = new Float64Array(log.caseCount);
  for (let c = 0; c < log.caseCount; c++)
    for (let e = log.caseStart[c] + 1; e < log.caseStart[c + 1]; e++) sums[c] += wait[e];
  return Math.round(sums.sort()[Math.floor((log.caseCount - 1) / 2)]);
}
