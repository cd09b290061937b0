import { localDate, monthEndOf } from "../eventlog/calendar.ts";
import { quantile } from "../statistics/quantile.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { delayOf } from "./price.ts";

/**
 * Finds closes of a month or quarter that take too long: tasks (cases) that end more than `maxDays` working
 * days after the end of the month that they belong to. Twelve closes a year are too few to count, so it is
 * counted at the level of their tasks.
 *
 * A process is a close when it is called so, or when 7 in 10 of its cases begin within the last and first
 * working week of a month. A finding when more than `minShare` of the tasks are late, by the 95 % interval,
 * in at least half of the months with `minTasks` tasks. The subject is the activity before which late tasks
 * wait longest.
 *
 * Source of the default: APQC, Open Standards Benchmarking (median of a monthly close 6.4 calendar days,
 * slowest quarter 10 or more).
 */
export const slowClose = defineDetector({
  id: "slow-close",
  category: "data and reporting",
  title: "The close takes too long",
  question: "How many working days after the month's end is the close done, and what holds it up?",
  remedy: {
    text: "Begin the step that holds the close up before the month ends, and part it by entity.",
    effort: "months",
    decides: "controller",
  },
  options: { maxDays: 8, minShare: 0.05, minTasks: 5 },

  missing: (evidence) => (monthsOf(evidence) ? [] : [{ kind: "months that close" }]),

  detect(evidence, { maxDays, minShare, minTasks }) {
    const { log, calendar, isClosed, activityNames, wait } = evidence;
    const months = monthsOf(evidence)!;
    const perDay = calendar.hoursPerDay * 3_600_000;
    const late: number[] = [];
    const beyond: [row: number, hours: number][] = [];
    const byMonth = new Map<number, { tasks: number; late: number }>();
    let tasks = 0;
    for (let c = 0; c < log.caseCount; c++) {
      const last = log.caseStart[c + 1] - 1;
      const end = months[c];
      const days = calendar.workingMs(end, log.time[last]) / perDay;
      const isLate = days > maxDays;
      if (!isClosed[c] && !isLate) continue;
      tasks++;
      const month = byMonth.get(end) ?? byMonth.set(end, { tasks: 0, late: 0 }).get(end)!;
      month.tasks++;
      if (!isLate) continue;
      month.late++;
      late.push(c);
      beyond.push([last, (days - maxDays) * calendar.hoursPerDay]);
    }
    const full = [...byMonth.values()].filter((month) => month.tasks >= minTasks);
    const slow = full.filter((month) => month.late >= month.tasks * minShare).length;
    if (late.length === 0 || wilsonLow(late.length, tasks) < minShare || slow < full.length / 2) return [];

    // what late tasks wait for longest
    const isLate = new Uint8Array(log.caseCount);
    for (const c of late) isLate[c] = 1;
    const waits = new Float64Array(activityNames.length);
    for (let c = 0; c < log.caseCount; c++)
      for (let e = log.caseStart[c] + 1; isLate[c] && e < log.caseStart[c + 1]; e++)
        waits[log.activity[e]] += wait[e];
    const worst = waits.reduce((best, value, a) => (value > waits[best] ? a : best), 0);
    const all = quantile(
      late.map((c) => calendar.workingMs(months[c], log.time[log.caseStart[c + 1] - 1]) / perDay),
      0.5,
    )!;
    const observation: Observation = {
      subject: activityNames[worst],
      statement: `${late.length} of ${tasks} closing tasks end more than ${maxDays} working days after the month, in ${slow} of ${full.length} months; late ones on day ${all.toFixed(0)} in the median. They wait longest before "${activityNames[worst]}".`,
      cases: caseSet(late),
      outOf: tasks,
      people: [],
      cost: delayOf(beyond, `${maxDays} working days after the month`),
      facts: [...byMonth]
        .sort((x, y) => x[0] - y[0])
        .slice(-12)
        .map(([end, month]): [string, string] => [
          `month ending ${localDate(end - 1, evidence.zone)}`,
          `${month.late} of ${month.tasks} tasks late`,
        ]),
    };
    return [observation];
  },
});

const CLOSE_NAME =
  /\b(month|quarter|year|period)[\s-]?(end)?[\s-]*(end )?clos|\bclos(e|ing) (the |of )?(books|month|period|quarter)|monatsabschluss|quartalsabschluss|jahresabschluss|clôture mensuelle|cierre (de mes|mensual)|maandafsluiting/i;

/** The end of the month that each case belongs to (ms since epoch), for processes that close months. */
function monthsOf(evidence: Evidence): Float64Array | undefined {
  return evidence.once("months", () => {
    const { log, zone, described } = evidence;
    if (log.caseCount < 20 || evidence.range.to - evidence.range.from < 80 * 86_400_000) return undefined;
    const months = Float64Array.from({ length: log.caseCount }, (_, c) =>
      monthEndOf((log.start ?? log.time)[log.caseStart[c]], zone),
    );
    const called = CLOSE_NAME.test(described?.description.process ?? "");
    let near = 0;
    for (let c = 0; c < log.caseCount; c++) {
      const from = ((log.start ?? log.time)[log.caseStart[c]] - months[c]) / 86_400_000;
      if (from >= -7 && from <= 7) near++;
    }
    if (near < log.caseCount * (called ? 0.5 : 0.7)) return undefined;
    // whatever is exported around one date begins around one month's end
    const counts = new Map<number, number>();
    for (const end of months) counts.set(end, (counts.get(end) ?? 0) + 1);
    const full = [...counts.values()].filter((count) => count >= 5).length;
    const even = Math.max(...counts.values()) <= log.caseCount * 0.5;
    return called || (full >= 4 && even) ? months : undefined;
  });
}
