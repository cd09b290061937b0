import type { EventLog } from "../eventlog/event-log.ts";
import type { CaseSelection } from "../eventlog/select-cases.ts";
import { CodePairs } from "./code-pairs.ts";

/**
 * Entry k: how often person `person[k]` did activity `activity[k]` under role `role[k]`; 0 is nobody, and no
 * role. In the order first met.
 */
export interface Executions {
  person: Uint32Array;
  role: Uint32Array;
  activity: Uint32Array;
  count: Float64Array;
}

/**
 * How often did each person do each activity, under which role? A log without people gives what nobody did.
 * One pass.
 */
export function executions(log: EventLog, selected?: CaseSelection): Executions {
  const { caseStart, activity, activities, person, people, role, roles } = log;
  const performers = new CodePairs(people.length, roles.length);
  const done = new CodePairs(people.length * roles.length, activities.length);
  const count: number[] = [];
  const total = selected?.length ?? log.caseCount;
  for (let i = 0; i < total; i++) {
    const c = selected ? selected[i] : i;
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      const k = done.of(performers.of(person ? person[e] : 0, role ? role[e] : 0), activity[e]);
      if (k === count.length) count.push(1);
      else count[k]++;
    }
  }
  return {
    person: Uint32Array.from(done.first, (q) => performers.first[q]),
    role: Uint32Array.from(done.first, (q) => performers.second[q]),
    activity: Uint32Array.from(done.second),
    count: Float64Array.from(count),
  };
}
