import type { Evidence } from "../evidence/evidence.ts";
import { personCalendars } from "../discovery/person-calendars.ts";
import { weekdayOf, type WorkCalendar } from "../eventlog/calendar.ts";
import { nameAt } from "../eventlog/strings.ts";

const DAY = 86_400_000;
/** Whoever did so small a share of an activity is not counted on for it. */
const LEAST_SHARE = 0.01;

/** Who can do what, and when they are there. */
export interface Workforce {
  /** people who can do something, by their code in the log */
  people: number[];
  /** of each activity, the places in `people` of those who can do it; none: it takes nobody */
  able: number[][];
  /** of each role, the places in `people` of those who mostly act under it */
  roleDoes: Map<string, number[]>;
  calendars: readonly WorkCalendar[];
  /** spans of people over a period, for their calendars */
  dutyOver(from: number, to: number): Float64Array[];
}

/**
 * People can do what they have done in these cases, and are there in the hours in which they work. An
 * activity that nobody is known for in half of its executions takes nobody. One pass.
 */
export function workforceOf(evidence: Evidence, cases: readonly number[]): Workforce {
  const { log, isAutomatic, calendar, zone, activityNames } = evidence;
  const { caseStart, activity } = log;
  const person = log.person!;
  const counts = activityNames.map(() => new Map<number, number>());
  const executions = new Float64Array(activityNames.length);
  for (const c of cases)
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      const p = person[e];
      executions[activity[e]]++;
      if (p > 0 && isAutomatic[p] !== 1) counts[activity[e]].set(p, (counts[activity[e]].get(p) ?? 0) + 1);
    }
  const doers = counts.map((who, a) => {
    const all = [...who.values()].reduce((sum, n) => sum + n, 0);
    if (all < executions[a] / 2) return [];
    return [...who]
      .filter(([, n]) => n >= Math.max(2, all * LEAST_SHARE))
      .sort((x, y) => y[1] - x[1] || x[0] - y[0])
      .map(([p]) => p);
  });
  const people = [...new Set(doers.flat())].sort((x, y) => x - y);
  const place = new Map(people.map((p, i) => [p, i]));
  const roleDoes = new Map<string, number[]>();
  people.forEach((p, i) => {
    const role = evidence.roleOfPerson[p];
    if (role === 0) return;
    const name = nameAt(log.roles, role);
    roleDoes.set(name, [...(roleDoes.get(name) ?? []), i]);
  });
  const calendars = personCalendars(log, calendar, { zone });
  return {
    people,
    able: doers.map((who) => who.map((p) => place.get(p)!)),
    roleDoes,
    calendars,
    dutyOver: (from, to) => people.map((p) => spansOf(calendars[p], from, to)),
  };
}

/** The spans of a calendar over a period. */
function spansOf(calendar: WorkCalendar, from: number, to: number): Float64Array {
  const spans: number[] = [];
  for (let day = Math.floor(from / DAY) - 1; day * DAY < to + DAY; day++) {
    const hours = calendar.hours[weekdayOf(day)];
    if (!hours || calendar.holidays.has(day)) continue;
    const [a, b] = hours.map((minutes) => {
      const local = day * DAY + minutes * 60_000;
      return local - calendar.zone.offsetAt(local);
    });
    if (b <= from || a >= to || b <= a) continue;
    const begin = Math.max(a, from);
    // days that touch are one span
    if (spans.length > 0 && begin <= spans.at(-1)!) spans[spans.length - 1] = Math.min(b, to);
    else spans.push(begin, Math.min(b, to));
  }
  return Float64Array.from(spans);
}
