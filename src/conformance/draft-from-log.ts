import type { Description } from "../description/description.ts";
import { flowOfTree } from "../description/flow.ts";
import { discoverRoles } from "../discovery/roles.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { allNames, nameAt } from "../eventlog/strings.ts";
import { activitiesOf, type ProcessTree } from "../model/process-tree.ts";

/**
 * A draft of the description from what really happens: the flow is a mined model, each step belongs to the
 * role that mostly does it: that of the log, else one found from who does the same things. People are left
 * out unless `names` asks for them, so that a draft can be handed round; the roles then say "whoever acts
 * under this role".
 *
 * What it shows is what is done, not what should be: somebody corrects it before it describes anything. One
 * pass, and the discovery of roles where the log has none.
 */
export function draftFromLog(
  log: EventLog,
  tree: ProcessTree,
  { process, names = false }: { process: string; names?: boolean },
): Description {
  const activities = allNames(log.activities);
  const inModel = new Set(activitiesOf(tree));
  const roleOf = rolesOfActivities(log);
  const steps: NonNullable<Description["steps"]> = {};
  activities.forEach((name, a) => {
    if (inModel.has(name)) steps[name] = roleOf.role[a] === undefined ? {} : { role: roleOf.role[a] };
  });
  const used = [...new Set(Object.values(steps).flatMap(({ role }) => role ?? []))];
  return {
    process,
    version: 0,
    ...(used.length > 0
      ? {
          roles: Object.fromEntries(used.map((role) => [role, names ? (roleOf.people.get(role) ?? []) : []])),
        }
      : {}),
    steps,
    flow: flowOfTree(tree),
  };
}

function rolesOfActivities(log: EventLog): { role: (string | undefined)[]; people: Map<string, string[]> } {
  const people = new Map<string, string[]>();
  const role: (string | undefined)[] = Array.from({ length: log.activities.length });
  if (log.role) {
    const counts = new Map<number, Map<number, number>>();
    const holders = new Map<number, Map<number, number>>();
    for (let e = 0; e < log.eventCount; e++) {
      if (log.role[e] === 0) continue;
      const own = counts.get(log.activity[e]) ?? counts.set(log.activity[e], new Map()).get(log.activity[e])!;
      own.set(log.role[e], (own.get(log.role[e]) ?? 0) + 1);
      if (!log.person || log.person[e] === 0) continue;
      const held = holders.get(log.role[e]) ?? holders.set(log.role[e], new Map()).get(log.role[e])!;
      held.set(log.person[e], (held.get(log.person[e]) ?? 0) + 1);
    }
    for (const [a, own] of counts) role[a] = nameAt(log.roles, [...own].sort((x, y) => y[1] - x[1])[0][0]);
    for (const [r, held] of holders)
      people.set(
        nameAt(log.roles, r),
        [...held].sort((x, y) => y[1] - x[1]).map(([p]) => nameAt(log.people, p)),
      );
    return { role, people };
  }
  const found = discoverRoles(log);
  const best = new Float64Array(log.activities.length);
  for (const group of found) {
    const named = `Role of ${nameAt(log.activities, group.activities[0].activity)}`;
    people.set(
      named,
      group.people.map((p) => nameAt(log.people, p)),
    );
    for (const { activity, shareOfActivity } of group.activities) {
      if (shareOfActivity <= best[activity]) continue;
      best[activity] = shareOfActivity;
      role[activity] = named;
    }
  }
  return { role, people };
}
