import { allNames, nameAt } from "../eventlog/strings.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { quantile } from "../statistics/quantile.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { delayOf } from "./price.ts";

/**
 * Finds waits in which work belongs to a team and to nobody in it: events that name a team (a role or group)
 * and no person, until somebody is named. Where the log keeps assignee and team in columns of their own
 * ("assigned to", "assignment group") those say it; an activity or transition called "queued" or "awaiting
 * assignment" says it too.
 *
 * A queue is how teams take work in; it is a finding where the median wait is `minHours` working hours or
 * more, or more than `minLongShare` of the waits, by the 95 % interval, are longer than `longHours` (then
 * those cases are the finding's). One finding per activity at which cases are left to a team. One pass.
 */
export const unownedWait = defineDetector({
  id: "unowned-wait",
  category: "handoffs",
  title: "Work waits with a team and nobody in it",
  question: "How long does work wait in a team's queue before a person owns it?",
  remedy: {
    text: "Assign on arrival: by rule or by turns, but to a person.",
    effort: "days",
    decides: "team lead",
  },
  options: { minCases: 8, minHours: 7, longHours: 16, minLongShare: 0.1 },

  missing(evidence) {
    const hasQueue = isQueued(evidence) !== undefined;
    return hasQueue ? [] : [{ kind: "team events" }];
  },

  detect(evidence, { minCases, minHours, longHours, minLongShare }) {
    const { log, calendar, activityNames, casesWith } = evidence;
    const queued = isQueued(evidence)!;
    const waits: [row: number, hours: number][][] = activityNames.map(() => []);
    for (let c = 0; c < log.caseCount; c++) {
      const end = log.caseStart[c + 1];
      for (let e = log.caseStart[c]; e < end; e++) {
        if (!queued(e)) continue;
        let next = e + 1;
        while (next < end && queued(next)) next++;
        if (next >= end) break; // nobody yet: how long it will be is not known
        const hours = calendar.workingMs(log.time[e], log.start?.[next] ?? log.time[next]) / 3_600_000;
        waits[log.activity[e]].push([e, hours]);
        e = next;
      }
    }
    const found: Observation[] = [];
    waits.forEach((all, a) => {
      const middle = quantile(
        all.map(([, hours]) => hours),
        0.5,
      );
      const long = all.filter(([, hours]) => hours > longHours);
      const list = middle !== undefined && middle >= minHours ? all : long;
      if (list === long && wilsonLow(long.length, all.length) < minLongShare) return;
      const cases = caseSet(list.map(([e]) => evidence.caseOf[e]));
      const usual = quantile(
        list.map(([, hours]) => hours),
        0.5,
      );
      if (cases.length < minCases || usual === undefined) return;
      const p90 = quantile(
        list.map(([, hours]) => hours),
        0.9,
      )!;
      const teams = new Map<string, number>();
      for (const [e] of list)
        if (log.role && log.role[e] > 0)
          teams.set(nameAt(log.roles, log.role[e]), (teams.get(nameAt(log.roles, log.role[e])) ?? 0) + 1);
      const top = [...teams].sort((x, y) => y[1] - x[1]).slice(0, 5);
      found.push({
        subject: activityNames[a],
        statement:
          list === all
            ? `After "${activityNames[a]}" ${cases.length} of ${casesWith[a]} cases belong to a team and to no person, for ${calendar.inWords(usual)} in the median.`
            : `After "${activityNames[a]}" work belongs to a team and to no person; in ${cases.length} of ${casesWith[a]} cases for more than ${calendar.inWords(longHours)} (${calendar.inWords(usual)} in their middle, ${calendar.inWords(middle!)} in that of all).`,
        cases,
        outOf: casesWith[a],
        people: [],
        cost: delayOf(list, "none: nobody owned the work"),
        facts: [
          ["nine in ten wait at most", calendar.inWords(p90)],
          ...top.map(([team, count]): [string, string] => [`left to ${team}`, `${count} times`]),
        ],
      });
    });
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});

const QUEUE_NAME =
  /\b(queued|in (the )?queue|await(ing|s)? (assignment|pick[- ]?up)|unassigned|not assigned|pending assignment|zuweisung offen|in warteschlange)\b/i;

/** Whether at a row work belongs to a team and to nobody; undefined where no row does. */
function isQueued(evidence: Evidence): ((e: number) => boolean) | undefined {
  return evidence.once("queued", () => {
    const { log, activityNames } = evidence;
    const assignee = log.columns.find(
      ({ name, scope, kind }) =>
        scope === "event" &&
        kind === "dictionary" &&
        /^(assigned[\s_-]?to|assignee|owner|bearbeiter zugewiesen)$/i.test(name),
    );
    const group = log.columns.find(
      ({ name, scope, kind }) =>
        scope === "event" &&
        kind === "dictionary" &&
        /^(assignment[\s_-]?group|assigned[\s_-]?(group|team)|queue|team|support[\s_-]?group)$/i.test(name),
    );
    const byName = activityNames.map((name) => QUEUE_NAME.test(name));
    const byTransition = log.transitions
      ? allNames(log.transitions).map((name) => QUEUE_NAME.test(name))
      : [];
    const codes = (column: typeof assignee) =>
      column && (column.kind === "dictionary" || column.kind === "text") ? column.codes : undefined;
    const [people, teams] = [codes(assignee), codes(group)];
    const queued = (e: number): boolean => {
      if (byName[log.activity[e]] || (log.transition && byTransition[log.transition[e]])) return true;
      if (people && teams) return people[e] === 0 && teams[e] !== 0;
      return !!log.person && !!log.role && log.person[e] === 0 && log.role[e] !== 0 && !isSystem[log.role[e]];
    };
    const isSystem = Uint8Array.from(allNames(log.roles), (name) =>
      /^(system|robot|automat\w*|bot|undefined|unknown|none)$/i.test(name) ? 1 : 0,
    );
    // an activity at which a person is never named is done by nobody, not left to a team
    for (let e = 0; e < log.eventCount; e++) if (queued(e)) return queued;
    return undefined;
  });
}
