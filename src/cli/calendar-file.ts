import type { WorkCalendar } from "../eventlog/calendar.ts";
import { calendarSchema, givenCalendar } from "../eventlog/given-calendar.ts";
import type { TimeZone } from "../eventlog/time-zone.ts";
import { readYaml } from "./yaml-file.ts";

/** The working calendar of a file: `{timeZone, hours: {mon: "08:00-17:00", …}, holidays: [2025-12-25]}`. */
export function readCalendar(
  path: string,
  range: { from: number; to: number },
  fallback: TimeZone,
): WorkCalendar {
  return givenCalendar(readYaml(path, calendarSchema, "calendar file"), range, fallback);
}
