import { z } from "zod";
import { from, most } from "./paging.ts";
import { shownInstant } from "./shown-times.ts";
import { defineView, type Asked } from "./view.ts";

const ORDERS = ["begin", "-begin", "duration", "-duration", "events", "-events"] as const;

/** The selected cases, in the order asked for; any part of the list. */
export const casesView = defineView({
  id: "cases",
  urgent: true,
  question: "Which cases are these?",
  query: z.object({ from, most: most(100, 1000), order: z.enum(ORDERS).default("-begin") }),
  answer: z.object({
    total: z.int(),
    allCases: z.int(),
    items: z.array(
      z.object({
        id: z.string(),
        begin: z.string().nullable(),
        end: z.string().nullable(),
        durationMs: z.number(),
        events: z.int(),
        people: z.int().nullable(),
        closed: z.boolean(),
        amount: z.number().nullable(),
      }),
    ),
    amountColumn: z.string().nullable(),
    durations: z
      .object({ median: z.number(), p90: z.number(), max: z.number() })
      .nullable()
      .describe("of all selected cases, in milliseconds"),
  }),
  work({ explored, selection, query, caseName }) {
    const { log, evidence, cases } = selection;
    const { begin, length, order } = orderOf(selection, query.order);
    const whole = explored.whole.evidence;
    return {
      total: log.caseCount,
      allCases: explored.whole.log.caseCount,
      items: Array.from(order.subarray(query.from, query.from + query.most), (c) => {
        const [first, end] = [log.caseStart[c], log.caseStart[c + 1]];
        const amount = whole.amountOfCase(cases ? cases[c] : c);
        return {
          id: caseName(cases ? cases[c] : c),
          begin: shownInstant(begin[c]),
          end: shownInstant(log.time[end - 1]),
          durationMs: length[c],
          events: end - first,
          people: log.person ? new Set(log.person.subarray(first, end).filter((p) => p > 0)).size : null,
          closed: evidence.isClosed[c] === 1,
          amount: Number.isNaN(amount) ? null : amount,
        };
      }),
      amountColumn: whole.amount?.name ?? null,
      durations: durationsOf(selection, length),
    };
  },
});

/** Cases in an order, with what it goes by. O(cases · log cases), once for a selection and order. */
function orderOf(selection: Asked<never>["selection"], by: (typeof ORDERS)[number]) {
  const { log } = selection;
  const times = selection.once("case times", () => {
    const first = log.start ?? log.time;
    const begin = Float64Array.from({ length: log.caseCount }, (_, c) => first[log.caseStart[c]]);
    const length = begin.map((at, c) => log.time[log.caseStart[c + 1] - 1] - at);
    return { begin, length };
  });
  const order = selection.once(`cases by ${by}`, () => {
    const key = by.endsWith("begin")
      ? times.begin
      : by.endsWith("duration")
        ? times.length
        : Float64Array.from({ length: log.caseCount }, (_, c) => log.caseStart[c + 1] - log.caseStart[c]);
    const sign = by.startsWith("-") ? -1 : 1;
    return Uint32Array.from({ length: log.caseCount }, (_, c) => c).sort(
      (c, d) => sign * (key[c] - key[d]) || c - d,
    );
  });
  return { ...times, order };
}

function durationsOf(selection: Asked<never>["selection"], length: Float64Array) {
  if (length.length === 0) return null;
  return selection.once("durations", () => {
    const sorted = length.slice().sort();
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
    return { median: at(0.5), p90: at(0.9), max: at(1) };
  });
}
