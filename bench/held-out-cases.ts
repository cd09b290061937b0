import { Evidence } from "../src/evidence/evidence.ts";
import type { EventLog } from "../src/eventlog/event-log.ts";
import { logOfCases } from "../src/eventlog/select-cases.ts";
import { nameAt } from "../src/eventlog/strings.ts";
import { runShop } from "../src/what-if/engine.ts";
import { fitShop } from "../src/what-if/fit.ts";
import { mondayFrom, WEEK } from "../src/what-if/weeks.ts";
import { earthMovers } from "../src/statistics/earth-movers.ts";
import { Random } from "../src/statistics/random.ts";

const HOUR = 3_600_000;

/**
 * The comparison that papers on simulation make: the first 80 % of the cases by their begin are learned from,
 * with all that happens in them; as many cases as there are others are simulated from the begin of the first
 * of these on. Of activities whose names begin with `only` and whose begin is recorded, as these tools need
 * it. Hours between the lengths, cut to whole ones.
 */
export function heldOutCases(whole: EventLog, only: string, simulations = 20) {
  const log = withActivities(whole, only);
  const begin = log.start ?? log.time;
  const spans = Array.from({ length: log.caseCount }, (_, c) => {
    let first = Infinity;
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) first = Math.min(first, begin[e]);
    return { c, first, length: Math.floor((log.time[log.caseStart[c + 1] - 1] - first) / HOUR) };
  }).sort((a, b) => a.first - b.first);
  const newer = spans.splice(Math.floor(spans.length * 0.8));
  const seen = newer.map(({ length }) => length);
  const evidence = new Evidence(logOfCases(log, Uint32Array.from(spans, ({ c }) => c).sort()), {});
  const from = newer[0].first;
  const fitted = fitShop(evidence, { from: evidence.range.from, to: from, known: evidence.range.to + 1 })!;
  const origin = mondayFrom(from - 8 * WEEK);
  const until = from + 60 * WEEK;
  const last = until + 52 * WEEK;
  const duty = fitted.dutyOver(origin, last);
  let distance = 0;
  for (let i = 0; i < simulations; i++) {
    const arrivals = fitted.arrivalsOver(new Random(`held out cases ${i}`), origin, until, last);
    const { end } = runShop({ ...fitted.shop, duty }, arrivals);
    const simulated: number[] = [];
    for (let c = 0; c < arrivals.time.length && simulated.length < seen.length; c++)
      if (arrivals.time[c] >= from && !Number.isNaN(end[c]))
        simulated.push(Math.floor((end[c] - arrivals.time[c]) / HOUR));
    distance += earthMovers(simulated, seen) / simulations;
  }
  return {
    cases: seen.length,
    distance,
    older: earthMovers(
      spans.map(({ length }) => length),
      seen,
    ),
  };
}

/**
 * A log of the events of some activities whose begin is recorded (all of them without a prefix), without its
 * further columns; cases without any are gone.
 */
function withActivities(log: EventLog, prefix: string): EventLog {
  const cases: number[] = [];
  const rows: number[] = [];
  const caseStart = [0];
  for (let c = 0; c < log.caseCount; c++) {
    const before = rows.length;
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++)
      if (
        nameAt(log.activities, log.activity[e]).startsWith(prefix) &&
        (prefix === "" || (log.start !== undefined && log.start[e] < log.time[e]))
      )
        rows.push(e);
    if (rows.length === before) continue;
    cases.push(c);
    caseStart.push(rows.length);
  }
  const times = (of: Float64Array) => Float64Array.from(rows, (e) => of[e]);
  const { role: _, transition: __, ...rest } = logOfCases(log, Uint32Array.from(cases));
  return {
    ...rest,
    eventCount: rows.length,
    caseStart: Uint32Array.from(caseStart),
    activity: Uint32Array.from(rows, (e) => log.activity[e]),
    time: times(log.time),
    start: times(log.start ?? log.time),
    person: Uint32Array.from(rows, (e) => log.person?.[e] ?? 0),
    columns: [],
  };
}
