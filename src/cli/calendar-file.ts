import { z } from "zod";
import { WorkCalendar, type DayHours } from "../eventlog/calendar.ts";
import { TimeZone } from "../eventlog/time-zone.ts";
import { readYaml } from "./yaml-file.ts";

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

const schema = z.strictObject({
  timeZone: z.string().optional(),
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
    .optional(),
});

/** The working calendar of a file: `{timeZone, hours: {mon: "08:00-17:00", …}, holidays: [2025-12-25]}`. */
export function readCalendar(
  path: string,
  range: { from: number; to: number },
  fallback: TimeZone,
): WorkCalendar {
  const file = readYaml(path, schema, "calendar file");
  const week = (["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const).map((day) =>
    parseHours(file.hours[day]),
  );
  const holidays = new Set(
    (file.holidays ?? []).map((date) => Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000)),
  );
  return new WorkCalendar(
    week,
    file.timeZone ? new TimeZone(file.timeZone) : fallback,
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
