import type { DeadlineRule } from "../description/description.ts";
import { describeDuration, parseDuration } from "../description/duration.ts";
import { recordColumn, textOf, timeOf, type RecordTable } from "../eventlog/record-table.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { describeTests } from "../evidence/described.ts";
import { beyondDate, deadlineInCase, flags } from "../evidence/rules/in-case.ts";
import { asTime } from "../evidence/rules/values.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Need } from "../evidence/need.ts";
import { delayOf } from "./price.ts";

const DAY = 86_400_000;

/**
 * Finds deadlines that are missed: by the `deadline` rules of the description (a column that says until when,
 * or a length of time after a step), and for invoices by their due date and when they were paid. A due date
 * without a time of day means its end. A step not done yet is late when its time has passed, unless the case
 * ended without it or the flow lets it be left out.
 *
 * A finding from `minCases` cases and more than `minShare` of those with a deadline on, by the 95 % interval.
 */
export const deadlineMissed = defineDetector({
  id: "deadline-missed",
  category: "data and reporting",
  title: "Deadlines are missed",
  question: "Which deadlines are missed, how often and by how much?",
  remedy: {
    text: "Show what is due this week to whoever can still meet it.",
    effort: "days",
    decides: "team lead",
  },
  options: { minCases: 3, minShare: 0.01 },

  missing(evidence): Need[] {
    if (paidTables(evidence).length > 0) return [];
    const rules = deadlineRules(evidence);
    if (rules.length === 0)
      return [
        { kind: "rule", rule: "deadline", orTable: { name: "invoices", columns: ["due_date", "paid_at"] } },
      ];
    const lacking = rules.flatMap(({ by }) =>
      by === undefined || evidence.described!.valueAt(by)
        ? []
        : [{ kind: "named column" as const, name: by, holds: "dates" as const }],
    );
    return lacking.length === rules.length ? lacking : [];
  },

  detect(evidence, { minCases, minShare }) {
    const found = new Map<string, Observation>();
    let byColumn = false;
    for (const rule of deadlineRules(evidence)) {
      const { observation, column } = checkDeadline(evidence, rule);
      byColumn ||= column;
      if (!observation || observation.cases.length < minCases) continue;
      if (wilsonLow(observation.cases.length, observation.outOf) < minShare) continue;
      const known = found.get(observation.subject);
      if (!known || observation.cases.length > known.cases.length)
        found.set(observation.subject, observation);
    }
    if (!byColumn)
      for (const { table, paidAt } of paidTables(evidence)) {
        const observation = latePayments(evidence, table, paidAt);
        if (!observation || observation.counted!.count < minCases) continue;
        if (wilsonLow(observation.counted!.count, observation.counted!.outOf) >= minShare)
          found.set(observation.subject, observation);
      }
    return [...found.values()].sort((f, g) => g.cases.length - f.cases.length);
  },
});

export function deadlineRules(evidence: Evidence): DeadlineRule[] {
  return (evidence.described?.description.rules ?? []).filter(
    (rule): rule is DeadlineRule => "deadline" in rule,
  );
}

/** What came of a deadline in each case that has one. */
export function checkDeadline(
  evidence: Evidence,
  rule: DeadlineRule,
): { observation: Observation | undefined; column: boolean; outOf: number } {
  const { log, calendar, range, isClosed, zone } = evidence;
  const described = evidence.described!;
  const read = rule.by === undefined ? undefined : described.valueAt(rule.by);
  const tests = describeTests(rule.when);
  const terms =
    rule.by !== undefined
      ? `by "${rule.by}"`
      : `within ${describeDuration(rule.within!)} of ${rule.after === undefined ? "the begin" : `"${rule.after}"`}`;
  if (rule.by !== undefined && !read) return { observation: undefined, column: false, outOf: 0 };
  const span = rule.within === undefined ? undefined : parseDuration(rule.within)!;
  const isStep = flags(described.activitiesOf(rule.deadline), log.activities.length);
  const isAfter =
    rule.after === undefined ? undefined : flags(described.activitiesOf(rule.after), log.activities.length);
  const s = described.step(rule.deadline);
  const mandatory = s >= 0 && described.order.mandatory.has(described.steps[s].name);
  const late: [row: number, hours: number][] = [];
  const cases: number[] = [];
  let outOf = 0;
  for (let c = 0; c < log.caseCount; c++) {
    const {
      anchor,
      row,
      last: lastRow,
    } = deadlineInCase(log, log.caseStart[c], log.caseStart[c + 1], isStep, isAfter, read !== undefined);
    if (anchor < 0 && !read) continue;
    if (row < 0 && (!mandatory || isClosed[c])) continue;
    if (!described.holds(rule.when, c, row < 0 ? lastRow : row)) continue;
    const done = row < 0 ? range.to : log.time[row];
    let beyondMs: number;
    if (read) {
      const due = asTime(read(c, row < 0 ? lastRow : row));
      if (Number.isNaN(due)) continue;
      beyondMs = beyondDate(due, done, (utc) => zone.offsetAt(utc));
    } else if ("ms" in span!) beyondMs = done - log.time[anchor] - span.ms;
    else
      beyondMs =
        calendar.workingMs(log.time[anchor], done) - span!.workingDays * calendar.hoursPerDay * 3_600_000;
    if (row < 0 && beyondMs <= 0) continue; // not due yet
    outOf++;
    if (beyondMs <= 0) continue;
    cases.push(c);
    const from = done - beyondMs;
    late.push([row < 0 ? lastRow : row, Math.max(0, calendar.workingMs(from, done)) / 3_600_000]);
  }
  if (cases.length === 0) return { observation: undefined, column: read !== undefined, outOf };
  const sorted = late.map(([, hours]) => hours).sort((a, b) => a - b);
  return {
    column: read !== undefined,
    outOf,
    observation: {
      subject: s >= 0 ? described.subjectOf(s) : rule.deadline,
      statement: `"${rule.deadline}" should be done ${terms}${tests === "" ? "" : ` where ${tests}`}; in ${cases.length} of ${outOf} cases it was not.`,
      cases: caseSet(cases),
      outOf,
      people: [],
      cost: delayOf(late, "the deadline"),
      facts: [["median lateness", calendar.inWords(sorted[Math.floor(sorted.length / 2)])]],
    },
  };
}

/** Tables with a due date, and when each row was paid. */
function paidTables(evidence: Evidence): { table: RecordTable; paidAt: (row: number) => number }[] {
  return evidence.records.flatMap((table) => {
    if (!table.roles.has("due_date")) return [];
    const own = recordColumn(table, "paid_at");
    if (own) return [{ table, paidAt: (row: number) => timeOf(own, row) }];
    const id = recordColumn(table, "invoice_id");
    const payments = evidence.records.find(
      (other) => other !== table && other.roles.has("invoice_id") && other.roles.has("paid_at"),
    );
    if (!id || !payments) return [];
    const paid = new Map<string, number>();
    const [paymentOf, at] = [recordColumn(payments, "invoice_id"), recordColumn(payments, "paid_at")];
    for (let r = 0; r < payments.rowCount; r++) {
      const key = textOf(paymentOf, r);
      const time = timeOf(at, r);
      if (!Number.isNaN(time)) paid.set(key, Math.min(paid.get(key) ?? Infinity, time));
    }
    return [{ table, paidAt: (row: number) => paid.get(textOf(id, row)) ?? NaN }];
  });
}

function latePayments(
  evidence: Evidence,
  table: RecordTable,
  paidAt: (row: number) => number,
): Observation | undefined {
  const due = recordColumn(table, "due_date");
  const late: number[] = [];
  const days: number[] = [];
  let outOf = 0;
  for (let r = 0; r < table.rowCount; r++) {
    const [paid, until] = [paidAt(r), timeOf(due, r)];
    if (Number.isNaN(paid) || Number.isNaN(until)) continue;
    outOf++;
    const end = until % DAY === 0 ? until + DAY : until;
    if (paid < end) continue;
    late.push(r);
    days.push((paid - end) / DAY);
  }
  if (late.length === 0) return undefined;
  days.sort((a, b) => a - b);
  return {
    subject: table.name,
    statement: `${late.length} of ${outOf} paid ${table.name} were paid after their due date, by ${Math.max(1, Math.round(days[Math.floor(days.length / 2)]))} days in the median.`,
    cases: evidence.casesOfRecords(table, late),
    outOf: evidence.log.caseCount,
    counted: { unit: table.name, count: late.length, outOf },
    people: [],
    facts: [["longest", `${Math.round(days[days.length - 1])} days`]],
  };
}
