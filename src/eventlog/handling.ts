import type { WorkCalendar } from "./calendar.ts";
import { firstFrom } from "../statistics/sorted.ts";
import type { EventLog } from "./event-log.ts";

/**
 * How long event `e` was worked on, in ms: from begin to end without the stretches in which it was suspended;
 * with a calendar, working time. NaN where no begin is known, or no end, since open work has taken no time
 * yet that could be counted. 0 is work that was suspended all the time, or lies outside working hours.
 */
export function handlingMs(log: EventLog, e: number, calendar?: WorkCalendar): number {
  const { start, time, suspensions } = log;
  if (!start || !(start[e] < time[e]) || log.open?.[e]) return NaN;
  const length = (from: number, to: number) => (calendar ? calendar.workingMs(from, to) : to - from);
  let ms = length(start[e], time[e]);
  if (suspensions) {
    const { event, from, to } = suspensions;
    for (let k = firstFrom(event, e); event[k] === e; k++) ms -= length(from[k], to[k]);
  }
  return Math.max(0, ms);
}
