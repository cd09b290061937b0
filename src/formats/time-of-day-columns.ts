import { choose, type Choice, InputError, quoted } from "../input-error.ts";
import type { ColumnSample } from "./column-sample.ts";
import type { ReadOptions, Recognised } from "./format.ts";

const DATE_WORDS = /timeofday|datum|date|fecha|data|dato|giorno|jour|tarih|paivamaara/;
const CLOCK_WORDS =
  /timeofday|uhrzeit|uzeit|zeit|time|heure|orario|tijdstip|tijd|klokkeslaet|klokkeslett|klockslag|klokken|klokke|kellonaika|godzina|clock|hora|saat/;
/** short words that count where they stand alone */
const DATE_TOKENS = /^(?:day|tag|dag|dia|dt|dat|fec)$/;
const CLOCK_TOKENS = /^(?:uhr|ora|ore|tid|tm|tim|hour|hr|uur|klo|kl|czas|cas)$/;
/** and as SAP ends its names: CPUDT and CPUTM, ERDAT and ERZET */
const DATE_ENDS = /(?:dat|dte|dt)$/;
const CLOCK_ENDS = /(?:tim|tm|zet|uzt|zt|uhr)$/;
/** lengths of time, which are written like times of day */
const LENGTHS =
  /dauer|durat|duree|duracion|durata|duracao|elapsed|effort|aufwand|handling|processing|leadtime|cycletime|durchlauf|bearbeitungszeit|liegezeit|laufzeit|wartezeit|waiting|waittime|arbeitszeit|ruhezeit|ruestzeit|rustzeit|fahrzeit|timespent|timetaken|worktime|workingtime|worked|traveltime|responsetime|reactiontime|reaktionszeit|antwortzeit|timeto|overtime|uberstunden|ueberstunden|minut|hours|stunden|seconds|sekunden|tempsde|tiempo|doorlooptijd|^sla|sla$/;

/** words of other scripts, by those that stand for them here */
const SCRIPTS: readonly [RegExp, string][] = [
  [/开始|開始|начал[оа]/giu, "start"],
  [/结束|結束|終了|окончани[ея]/giu, "end"],
  [/日期|日付|дата/giu, "date"],
  [/时间|時間|时刻|時刻|время/giu, "time"],
];

const plain = (name: string) =>
  SCRIPTS.reduce((text, [word, latin]) => text.replace(word, latin), name)
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .replaceAll(/[æÆ]/g, "ae")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");

/**
 * What a name is about apart from its word for a date or a time: "Start Date" and "Start time" are both about
 * "start", UDATE and UTIME about "u".
 */
function subjectOf(name: string, kind: "date" | "clock"): { about: string; isNamed: boolean } {
  const [words, tokens, ends] =
    kind === "date" ? [DATE_WORDS, DATE_TOKENS, DATE_ENDS] : [CLOCK_WORDS, CLOCK_TOKENS, CLOCK_ENDS];
  const whole = plain(name);
  if (words.test(whole)) return { about: about(whole.replace(words, "")), isNamed: true };
  const parts = name.split(/[^\p{L}\d]+|(?<=\p{Ll})(?=\p{Lu})/u).map(plain);
  const at = parts.findIndex((part) => tokens.test(part));
  if (at >= 0) return { about: about(parts.filter((_, i) => i !== at).join("")), isNamed: true };
  if (/^[A-Z0-9_/]{4,}$/.test(name) && ends.test(whole))
    return { about: about(whole.replace(ends, "")), isNamed: true };
  return { about: about(whole), isNamed: false };
}

function about(rest: string): string {
  const bare = rest.replace(/^(?:der|des|de|du|di|da|do|del|della|of|the|van)(?=.{3})/, "");
  if (
    /start|begin|began|begun|anfang|debut|inicio|inizio|aanvang|^(?:von|vom|from|ab|desde|depuis)$/.test(bare)
  )
    return "start";
  if (
    /^(?:end|ende|ended|until|finish|finished|fin|fine|fim|final|einde|eind|to|bis|hasta|complete|completed|completion|closed|abschluss|fertig|stop)$/.test(
      bare,
    )
  )
    return "end";
  return bare;
}

const isClock = (sample: ColumnSample, among: readonly ColumnSample[]) =>
  sample.timeOfDay !== undefined && !isTime(sample, among);

/**
 * Whether a column can be a time of events: it reads as times, and not as times of day before which a program
 * has put a date.
 */
export function isTime(sample: ColumnSample, among: readonly ColumnSample[]): boolean {
  if (!(sample.timeShare >= 0.3)) return false;
  if (sample.timeOfDay && sample.timeOfDay.share > sample.timeShare) return false;
  const empty = sample.timeOfDay?.emptyDate ?? "none";
  if (empty === "surely") return false;
  // an epoch is a date like another, unless there is a column of real ones
  return (
    empty === "none" || !among.some((other) => other !== sample && other.dateOnly && isTime(other, [other]))
  );
}

/**
 * The column of dates that is the time or the begin by what its name and that of a column of times of day are
 * about.
 */
export function datesByPartner(
  role: "time" | "start",
  samples: readonly ColumnSample[],
  taken: ReadonlySet<string>,
): ColumnSample | undefined {
  const clocks = samples.filter((sample) => isClock(sample, samples) && sample.timeOfDay);
  const found = samples.filter((sample) => {
    if (!sample.dateOnly || taken.has(sample.name)) return false;
    const own = subjectOf(sample.name, "date");
    if ((own.about === "start") !== (role === "start")) return false;
    return clocks.some((clock) => {
      const other = subjectOf(clock.name, "clock");
      return other.about === own.about && (other.isNamed || own.isNamed);
    });
  });
  return found.length === 1 ? found[0] : undefined;
}

/**
 * Adds to what was recognised which columns hold the times of day of the dates that are the time and the
 * begin. A column of dates without times of day takes the column of times of day whose name is about the same
 * ("Start Date", "Start Time"; UDATE, UTIME), else the only one that can be meant. Numbers that may be
 * something else (080000, 08.00, 0.5) are taken only where the name says that they are times. One column of
 * dates with a begin and an end ("Date", "Start time", "End time") serves both.
 *
 * Throws InputError where more than one column can be meant and names do not settle it, and for options that
 * name no column.
 */
export function addTimesOfDay(
  file: string,
  samples: readonly ColumnSample[],
  options: ReadOptions,
  recognised: Recognised[],
  columnNamed: (option: Choice, wanted: string) => string,
): Recognised[] {
  const taken = new Set(recognised.map(({ column }) => column));
  const sampleOf = (role: "time" | "start") => {
    const name = recognised.find((one) => one.role === role)?.column;
    return samples.find((sample) => sample.name === name);
  };
  const result = [...recognised];
  const take = (role: "time-of-day" | "start-time-of-day", column: string, how: Recognised["how"]) => {
    result.push({ role, column, how });
    taken.add(column);
  };
  const given = {
    time: optionOf(options.timeOfDay, "time-of-day", samples, columnNamed),
    start: optionOf(options.startTimeOfDay, "start-time-of-day", samples, columnNamed),
  };
  if (given.time) take("time-of-day", given.time, "given");
  if (given.start) take("start-time-of-day", given.start, "given");

  const [time, start] = [sampleOf("time"), sampleOf("start")];
  const clocks = samples.filter((sample) => isClock(sample, samples) && !taken.has(sample.name));
  const aboutOf = (sample: ColumnSample) => subjectOf(sample.name, "clock");
  const datesAbout = (subject: string) =>
    samples.filter((sample) => sample.dateOnly && subjectOf(sample.name, "date").about === subject);
  const fits = (sample: ColumnSample) => sample.timeOfDay!.isClear || aboutOf(sample).isNamed;
  const same = (date: ColumnSample) => {
    const { about: subject, isNamed } = subjectOf(date.name, "date");
    return clocks.filter(
      (clock) => fits(clock) && aboutOf(clock).about === subject && (isNamed || aboutOf(clock).isNamed),
    );
  };

  const wantsTime = time?.dateOnly && given.time === undefined;
  const wantsStart = start?.dateOnly && given.start === undefined;
  if (wantsStart) {
    const own = same(start);
    if (own.length > 1) throw notClear(file, start, own, "start-time-of-day");
    if (own.length === 1) take("start-time-of-day", own[0].name, "name");
  }
  if (wantsTime) {
    const free = clocks.filter(({ name }) => !taken.has(name));
    const own = same(time).filter(({ name }) => !taken.has(name));
    // times of day of which no column of dates of their own is there
    const loose = free.filter((clock) => {
      const { about: subject } = aboutOf(clock);
      // a service time of 0.3341 is hours, whatever its name says
      if (!fits(clock) || (!clock.timeOfDay!.isClear && !["", "start", "end"].includes(subject)))
        return false;
      return subject === "" || datesAbout(subject).length === 0;
    });
    const isLength = ({ name }: ColumnSample) => LENGTHS.test(plain(name));
    const meant = loose.filter((clock) => !isLength(clock));
    const [begins, ends] = ["start", "end"].map((subject) =>
      meant.filter((clock) => aboutOf(clock).about === subject),
    );
    const isDay = subjectOf(time.name, "date").about === "";
    if (
      isDay &&
      !start &&
      given.start === undefined &&
      begins.length === 1 &&
      ends.length === 1 &&
      own.length === 0
    ) {
      take("time-of-day", ends[0].name, "name");
      take("start-time-of-day", begins[0].name, "name");
    } else if (own.length > 0) {
      const rivals = isDay ? [...own, ...ends] : own;
      if (rivals.length > 1) throw notClear(file, time, rivals, "time-of-day");
      take("time-of-day", own[0].name, "name");
    } else {
      const named = meant.filter((clock) => aboutOf(clock).isNamed);
      const likely = named.length > 0 ? named : meant.filter(({ timeOfDay }) => timeOfDay!.distinct >= 4);
      const isShared =
        start?.dateOnly &&
        given.start === undefined &&
        !result.some(({ role }) => role === "start-time-of-day");
      if (
        likely.length > 1 ||
        (likely.length === 1 && isShared && subjectOf(start.name, "date").about !== "")
      )
        throw notClear(file, time, likely, "time-of-day");
      if (likely.length === 1) {
        // "Uhrzeit" is the time of day; "Pause", "Talk time", "Zeit netto" may be lengths of time as well
        const { about: subject, isNamed } = aboutOf(likely[0]);
        if (!isNamed || !["", "start", "end"].includes(subject))
          throw notClear(file, time, likely, "time-of-day");
        take("time-of-day", likely[0].name, "name");
      }
    }
  }
  return result;
}

/** A column that an option names; null for "none". */
function optionOf(
  wanted: string | undefined,
  option: Choice,
  samples: readonly ColumnSample[],
  columnNamed: (option: Choice, wanted: string) => string,
): string | null | undefined {
  if (wanted === undefined || wanted === "") return undefined;
  if (wanted.toLowerCase() === "none" && !samples.some(({ name }) => name === wanted)) return null;
  return columnNamed(option, wanted);
}

function notClear(
  file: string,
  date: ColumnSample,
  candidates: readonly ColumnSample[],
  option: Choice,
): InputError {
  const shown = candidates.map(
    ({ name, examples }) => `"${name}" (for example ${quoted(examples.slice(0, 2).join(", "))})`,
  );
  return new InputError(
    "time-of-day-not-clear",
    file,
    `${file}: "${date.name}" holds dates without a time of day, and ${shown.length === 1 ? "it is not clear whether the times of day in" : "more than one column may hold it:"} ${shown.join(", ")}${shown.length === 1 ? " belong to it" : ""}. Say which with ${choose(option, "COLUMN")}, or ${choose(option, "none")} to leave the time of day aside.`,
  );
}

/** Refuses times of day as the time of events: without a date they say nothing of when something was done. */
export function refuseTimesWithoutDate(
  file: string,
  samples: readonly ColumnSample[],
  recognised: readonly Recognised[],
): void {
  for (const role of ["time", "start"] as const) {
    const column = recognised.find((one) => one.role === role)?.column;
    const sample = samples.find(({ name }) => name === column);
    if (!sample?.timeOfDay || isTime(sample, samples)) continue;
    throw new InputError(
      "time-without-date",
      file,
      `${file}: the column "${column}" holds times of day (for example ${quoted(sample.examples.slice(0, 2).join(", "))}) and no date. Name the column of dates with --${role} and this one with --${role === "time" ? "time-of-day" : "start-time-of-day"}.`,
    );
  }
}

/** What a person should know about times of day: which columns were joined, and which were left aside. */
export function timeOfDayNotes(
  samples: readonly ColumnSample[],
  recognised: readonly Recognised[],
): string[] {
  const columnOf = (role: Recognised["role"]) => recognised.find((one) => one.role === role)?.column;
  const notes: string[] = [];
  const [time, start] = [columnOf("time"), columnOf("start")];
  const [clock, startClock] = [columnOf("time-of-day"), columnOf("start-time-of-day")];
  if (clock !== undefined) notes.push(`Times are "${time}" and "${clock}" joined.`);
  if (startClock !== undefined) notes.push(`Begins are "${start ?? time}" and "${startClock}" joined.`);
  const date = samples.find(({ name }) => name === time);
  if (clock !== undefined || !date?.dateOnly) return notes;
  const aside = samples
    .filter((sample) => isClock(sample, samples) && !recognised.some(({ column }) => column === sample.name))
    .map(({ name }) => `"${name}"`);
  if (aside.length > 0)
    notes.push(
      `${aside.join(", ")} ${aside.length === 1 ? "looks" : "look"} like times of day or lengths of time and ${aside.length === 1 ? "was" : "were"} left aside; ${choose("time-of-day", aside.length === 1 ? aside[0] : "COLUMN")} joins ${aside.length === 1 ? "it" : "one of them"} with "${time}".`,
    );
  return notes;
}

/**
 * What a table of records says of its times of day: its dates are days, for which no order within the day is
 * asked. Undefined where there are none, or no dates.
 */
export function timesOfDayAside(
  samples: readonly ColumnSample[],
  dates: readonly string[],
): string | undefined {
  const days = samples.filter(({ name, dateOnly }) => dateOnly && dates.includes(name));
  const clocks = samples.filter(
    (sample) =>
      isClock(sample, samples) &&
      !dates.includes(sample.name) &&
      (sample.timeOfDay!.isClear ||
        days.some(({ name }) => subjectOf(name, "date").about === subjectOf(sample.name, "clock").about)),
  );
  if (days.length === 0 || clocks.length === 0) return undefined;
  const named = (list: readonly ColumnSample[]) => list.map(({ name }) => `"${name}"`).join(", ");
  return `${named(clocks)} ${clocks.length === 1 ? "holds" : "hold"} times of day and ${clocks.length === 1 ? "is" : "are"} kept as written; ${named(days)} ${days.length === 1 ? "holds" : "hold"} days.`;
}
