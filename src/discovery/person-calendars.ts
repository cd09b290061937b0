import { hoursOf, WorkCalendar, weekdayOf } from "../eventlog/calendar.ts";
import { timeRange, type EventLog } from "../eventlog/event-log.ts";
import { UTC, type TimeZone } from "../eventlog/time-zone.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;

/**
 * When does each person work? Calendars by person code, learned from when their events begin and end (see
 * `hoursOf`); people with fewer than `minEvents` events, and code 0 (nobody), get the common calendar. Days
 * off of the common calendar count for all. Two passes.
 */
export function personCalendars(
  log: EventLog,
  common: WorkCalendar,
  { zone = UTC, minEvents = 100 }: { zone?: TimeZone; minEvents?: number } = {},
): WorkCalendar[] {
  const range = timeRange(log);
  const { person, people } = log;
  if (!range || !person) return [];
  const byHour = Array.from({ length: people.length }, () => undefined as Float64Array | undefined);
  const events = new Uint32Array(people.length);
  const count = (p: number, utc: number) => {
    const local = zone.toLocal(utc);
    const day = Math.floor(local / DAY);
    (byHour[p] ??= new Float64Array(168))[weekdayOf(day) * 24 + Math.floor((local - day * DAY) / HOUR)]++;
  };
  for (let e = 0; e < log.eventCount; e++) {
    const p = person[e];
    if (p === 0) continue;
    events[p]++;
    count(p, log.time[e]);
    if (log.start && log.start[e] < log.time[e]) count(p, log.start[e]);
  }
  return Array.from({ length: people.length }, (_, p) => {
    const own = p > 0 && events[p] >= minEvents ? byHour[p] : undefined;
    if (!own) return common;
    const hours = hoursOf(own);
    return hours
      ? new WorkCalendar(hours, zone, "learned", range, common.holidays)
      : WorkCalendar.always(range, zone);
  });
}
