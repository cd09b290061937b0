import { z } from "zod";
import { WorkCalendar, type DayHours } from "./calendar.ts";
import { TimeZone } from "./time-zone.ts";

const hours = z
  .union([
    z.null(),
    z.literal("off"),
    z
      .string()
      .regex(
        /^([01]?\d|2[0-4]):[0-5]\d\s*[-–]\s*([01]?\d|2[0-4]):[0-5]\d$/,
        'expected hours like "08:00-17:00", or off',
      )
      .refine(
        (text) => parseHours(text) !== undefined,
        'expected hours like "08:00-17:00", the end after the begin; a night shift is two days',
      ),
  ])
  .optional();

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** The name of a time zone that this machine knows. */
export const timeZone = z
  .string()
  .max(60)
  .refine((zone) => {
    try {
      return new TimeZone(zone).name !== "";
    } catch {
      return false;
    }
  }, "expected a time zone like Europe/Berlin");

/**
 * A working calendar as people write it: `{timeZone, hours: {mon: "08:00-17:00", …}, holidays:
 * [2025-12-25]}`.
 */
export const calendarSchema = z.strictObject({
  timeZone: timeZone.optional(),
  hours: z.strictObject({
    mon: hours,
    tue: hours,
    wed: hours,
    thu: hours,
    fri: hours,
    sat: hours,
    sun: hours,
  }),
  holidays: z
    .array(
      z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}$/, "expected a date like 2025-12-25")
        .refine((date) => !Number.isNaN(Date.parse(`${date}T00:00:00Z`)), "expected a date that exists"),
    )
    .max(5000)
    .optional(),
});

export type GivenCalendar = z.infer<typeof calendarSchema>;

/** The calendar over a range of time; `fallback` is the zone where it names none. */
export function givenCalendar(
  given: GivenCalendar,
  range: { from: number; to: number },
  fallback: TimeZone,
): WorkCalendar {
  const holidays = new Set(
    (given.holidays ?? []).map((date) => Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000)),
  );
  return new WorkCalendar(
    DAYS.map((day) => parseHours(given.hours[day])),
    given.timeZone ? new TimeZone(given.timeZone) : fallback,
    "given",
    range,
    holidays,
  );
}

function parseHours(text: string | null | undefined): DayHours {
  if (!text || text === "off") return undefined;
  const [from, to] = text.split(/\s*[-–]\s*/).map((clock) => {
    const [hour, minute] = clock.split(":").map(Number);
    return hour * 60 + minute;
  });
  return to > from && to <= 1440 ? [from, to] : undefined;
}
