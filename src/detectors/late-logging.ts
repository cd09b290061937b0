import type { Column } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { median } from "../statistics/quantile.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";

const HOUR = 3_600_000;

/**
 * Finds work that is entered long after it was done. Where the log says both when it happened and when it was
 * recorded, an entry is late when more than `minHours` lie between them. Else it looks for one person's
 * entries on at least `minRun` different cases within seconds of one another (within a minute, where the log
 * counts minutes), which nobody works like: they were typed in together.
 *
 * Approvals in such bursts are `rubber-stamp`; an activity that everybody does so is `batching`. Findings are
 * about the activity, or about the person where one person is late across activities. One pass.
 */
export const lateLogging = defineDetector({
  id: "late-logging",
  category: "data and reporting",
  title: "Work is recorded after the fact",
  question: "What is entered long after it was done?",
  remedy: {
    text: "Enter where the work is done; what is entered later carries both times.",
    effort: "weeks",
    decides: "team lead",
  },
  options: { minHours: 24, minCases: 8, minShare: 0.05, gapSeconds: 20, minRun: 3, minBurstShare: 0.3 },

  missing(evidence) {
    if (recordedColumn(evidence)) return [];
    if (evidence.log.person && evidence.hasIndividuals && evidence.precision !== "day") return [];
    return [{ kind: "time of recording" }];
  },

  detect(evidence, options) {
    const recorded = recordedColumn(evidence);
    const late = recorded ? lateRows(evidence, recorded, options) : [];
    const typed =
      evidence.log.person && evidence.hasIndividuals && evidence.precision !== "day"
        ? typedTogether(evidence, options)
        : [];
    return [...late, ...typed.filter((t) => !late.some((l) => l.subject === t.subject))];
  },
});

type Times = Extract<Column, { kind: "time" }>;

function recordedColumn({ log }: Evidence): Times | undefined {
  return log.columns.find(
    (column): column is Times =>
      column.kind === "time" &&
      column.scope === "event" &&
      /record|enter|entry|logged|log[\s_-]?(date|time|at)|booked|booking|posted|posting|captur|registered|keyed|typed|erfass|gebucht|buchung|eingegeben|eingetragen|saisi|registrad|geregistreerd|ingevoerd|system[\s_-]?time/i.test(
        column.name,
      ),
  );
}

function lateRows(
  evidence: Evidence,
  column: Times,
  { minHours, minCases, minShare }: { minHours: number; minCases: number; minShare: number },
): Observation[] {
  const { log, activityNames, caseOf } = evidence;
  const isLate = (e: number) => column.times[e] - log.time[e] > minHours * HOUR;
  const all: number[] = [];
  const perActivity = activityNames.map((_, a) => {
    const rows = evidence.rowsOf(a).filter((e) => !Number.isNaN(column.times[e]));
    const late = Array.from(rows.filter(isLate));
    for (const e of late) all.push(e);
    return { rows, late };
  });
  // One person late across activities is one cause; it is about how that person records, not about an
  // activity.
  const person = oneLatePerson(evidence, column, all, minHours, minShare);
  const found: Observation[] = [];
  if (person) found.push(person.observation);
  perActivity.forEach(({ rows, late }, a) => {
    const others = person ? late.filter((e) => log.person![e] !== person.p) : late;
    const cases = caseSet(others.map((e) => caseOf[e]));
    if (cases.length < minCases || wilsonLow(others.length, rows.length) < minShare) return;
    found.push(observe(evidence, column, activityNames[a], `"${activityNames[a]}"`, others, rows.length, []));
  });
  return found;
}

function oneLatePerson(evidence: Evidence, column: Times, all: number[], minHours: number, minShare: number) {
  const { log, byPerson } = evidence;
  if (!log.person || !evidence.hasIndividuals || all.length < 8) return undefined;
  const count = new Map<number, number>();
  for (const e of all) if (log.person[e] > 0) count.set(log.person[e], (count.get(log.person[e]) ?? 0) + 1);
  const [top] = [...count].sort((a, b) => b[1] - a[1]);
  if (!top || top[1] < all.length * 0.6) return undefined;
  const [p] = top;
  const own = byPerson!.rows.subarray(byPerson!.start[p], byPerson!.start[p + 1]);
  const late = own.filter((e) => column.times[e] - log.time[e] > minHours * HOUR);
  if (wilsonLow(late.length, own.length) < Math.max(minShare, 0.1)) return undefined;
  const activities = new Set(Array.from(late, (e) => log.activity[e]));
  const byActivity = [...activities].map((a) =>
    late.reduce((n, e) => n + (log.activity[e] === a ? 1 : 0), 0),
  );
  if (Math.max(...byActivity) >= late.length * 0.85) return undefined; // one activity: it is the better subject
  return {
    p,
    observation: observe(
      evidence,
      column,
      nameAt(log.people, p),
      "the events of one person",
      Array.from(late),
      own.length,
      [p],
    ),
  };
}

function observe(
  evidence: Evidence,
  column: Times,
  subject: string,
  what: string,
  late: number[],
  outOf: number,
  people: number[],
): Observation {
  const { log, caseOf } = evidence;
  const days = median(late.map((e) => (column.times[e] - log.time[e]) / (24 * HOUR)))!;
  const cases = caseSet(late.map((e) => caseOf[e]));
  return {
    subject,
    statement: `${late.length} of ${outOf} entries of ${what} were recorded a median of ${days.toFixed(1)} days after they happened.`,
    cases,
    outOf: Math.max(outOf, cases.length),
    people: people.length > 0 ? people : concentratedPeople(evidence, late),
    facts: [["recorded in column", column.name]],
  };
}

interface BurstOptions {
  gapSeconds: number;
  minRun: number;
  minCases: number;
  minBurstShare: number;
}

function typedTogether(
  evidence: Evidence,
  { gapSeconds, minRun, minCases, minBurstShare }: BurstOptions,
): Observation[] {
  const { log, byPerson, isAutomatic, isApproval, activityNames, byActivity, caseOf, precision } = evidence;
  const { time, activity } = log;
  const gap = precision === "second" ? gapSeconds * 1000 : 60_000;
  const { start, rows: byWhom } = byPerson!;
  const pairs: { p: number; a: number; burst: number[]; all: number }[] = [];
  const all = new Float64Array(activityNames.length);
  for (let p = 1; p + 1 < start.length; p++) {
    if (isAutomatic[p] || start[p + 1] - start[p] < minCases) continue;
    const burst = new Map<number, number[]>();
    const seen = new Set<number>();
    let run: number[] = [];
    const flush = () => {
      if (
        run.length >= minRun &&
        new Set(run.map((e) => caseOf[e])).size >= (precision === "second" ? minRun : minRun + 1)
      ) {
        for (const e of run) {
          const list = burst.get(activity[e]);
          if (list) list.push(e);
          else burst.set(activity[e], [e]);
        }
      }
    };
    for (let i = start[p]; i < start[p + 1]; i++) {
      const e = byWhom[i];
      if (isApproval[activity[e]]) continue;
      if (all[activity[e]]++ === 0) seen.add(activity[e]);
      if (run.length > 0 && time[e] - time[run[run.length - 1]] > gap) {
        flush();
        run = [];
      }
      run.push(e);
    }
    flush();
    for (const a of seen) {
      pairs.push({ p, a, burst: burst.get(a) ?? [], all: all[a] });
      all[a] = 0;
    }
  }
  const bySubject = new Map<number, { burst: number[]; all: number; people: number[] }>();
  for (const { p, a, burst, all } of pairs) {
    if (burst.length < minCases || wilsonLow(burst.length, all) < minBurstShare) continue;
    if (all >= 1000 && burst.length > all * 0.9) continue; // nobody types like that for years: a program under a person's name
    const rows = byPerson!.rows.subarray(byPerson!.start[p], byPerson!.start[p + 1]);
    const hours = new Set(Array.from(rows, (e) => Math.floor(time[e] / 3_600_000))).size;
    const byChance = 1 - Math.exp((-2 * gap * rows.length) / (3_600_000 * hours));
    if (burst.length < all * Math.min(0.75, 2 * byChance)) continue; // somebody very busy

    const entry = bySubject.get(a) ?? { burst: [], all: 0, people: [] };
    for (const e of burst) entry.burst.push(e);
    entry.all += all;
    entry.people.push(p);
    bySubject.set(a, entry);
  }
  const perPerson = new Map<number, number[]>();
  for (const [a, { people }] of bySubject)
    for (const p of people) perPerson.set(p, [...(perPerson.get(p) ?? []), a]);

  const found: Observation[] = [];
  for (const [a, { burst, all, people }] of bySubject) {
    const executions = byActivity.start[a + 1] - byActivity.start[a];
    const performers = new Set(Array.from(evidence.rowsOf(a), (e) => log.person![e]));
    // Everybody in bursts: the activity itself runs in batches.
    if (burst.length > executions * 0.85 && performers.size > 2 && people.length > 1) continue;
    const across = people.length === 1 && perPerson.get(people[0])!.length > 1;
    const subject = across ? nameAt(log.people, people[0]) : activityNames[a];
    const who = people.length === 1 ? evidence.describePerson(people[0]) : `${people.length} people`;
    const previous = found.find((f) => f.subject === subject);
    if (previous) {
      previous.cases = caseSet([...previous.cases, ...burst.map((e) => caseOf[e])]);
      previous.outOf += all;
      continue;
    }
    found.push({
      subject,
      statement: `${burst.length} of ${all} entries of ${across ? "several steps" : `"${activityNames[a]}"`} by ${who} follow one another within seconds on different cases: typed in together, after the work.`,
      cases: caseSet(burst.map((e) => caseOf[e])),
      outOf: all,
      people,
      facts: [["entries in bursts", String(burst.length)]],
    });
  }
  return found;
}

function concentratedPeople({ log }: Evidence, rows: number[]): number[] {
  if (!log.person) return [];
  const count = new Map<number, number>();
  for (const e of rows) if (log.person[e] > 0) count.set(log.person[e], (count.get(log.person[e]) ?? 0) + 1);
  return [...count].filter(([, n]) => n >= rows.length * 0.3).map(([p]) => p);
}
