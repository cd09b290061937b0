import type { EventLog } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";

/**
 * The log with activities named as the steps that they are mapped to; activities without a mapping keep their
 * names. One pass where any is mapped.
 */
export function mapActivities(log: EventLog, mapping: Readonly<Record<string, string>>): EventLog {
  const steps = Array.from({ length: log.activities.length }, (_, a) => {
    const name = nameAt(log.activities, a);
    return Object.hasOwn(mapping, name) ? mapping[name] : name;
  });
  const activities = [...new Set(steps)];
  const codes = steps.map((step) => activities.indexOf(step));
  if (codes.every((code, a) => code === a && steps[a] === nameAt(log.activities, a))) return log;
  return { ...log, activities, activity: Uint32Array.from(log.activity, (a) => codes[a]) };
}
