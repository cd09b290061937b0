import type { Random } from "../statistics/random.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/**
 * Somebody who works: when, in which role, and when they are away. Times are wall-clock times of the
 * organisation.
 */
export interface Person {
  name: string;
  role: string;
  /** working minutes after midnight */
  from: number;
  to: number;
  /** weekdays that are worked, Monday = 0 */
  weekdays: boolean[];
  /** days (since 1970) without work */
  away: Set<number>;
  /** how much longer or shorter than usual this person takes */
  pace: number;
}

const FIRST = [
  "Ana",
  "Ben",
  "Carla",
  "Dario",
  "Elin",
  "Farid",
  "Greta",
  "Hugo",
  "Ines",
  "Jonas",
  "Kari",
  "Luis",
  "Mira",
  "Nils",
  "Olga",
  "Pavel",
  "Rosa",
  "Samir",
  "Tilda",
  "Umar",
  "Vera",
  "Wim",
  "Yara",
  "Zeno",
];
const LAST = [
  "Adler",
  "Berg",
  "Costa",
  "Diaz",
  "Ekman",
  "Fiala",
  "Gruber",
  "Hansen",
  "Ivanov",
  "Jansen",
  "Keller",
  "Lund",
  "Moreau",
  "Novak",
  "Okafor",
  "Petrov",
  "Quist",
  "Rossi",
  "Silva",
  "Tanaka",
  "Urban",
  "Vogel",
  "Weber",
  "Young",
];

/**
 * Hires people for each role, with working hours, part-time days, two or three holidays and some sick days a
 * year.
 */
export function hire(
  random: Random,
  staff: Record<string, [number, number]>,
  firstDay: number,
  days: number,
): Person[] {
  const taken = new Set<string>();
  const style = random.below(3);
  return Object.entries(staff).flatMap(([role, [least, most]]) =>
    Array.from({ length: least + random.below(most - least + 1) }, (): Person => {
      const from = 8 * 60 + random.below(4) * 15;
      const partTime = random.chance(0.1);
      const off = random.below(5);
      return {
        name: nameFor(random, style, taken),
        role,
        from,
        to: from + 8 * 60 + random.below(3) * 30,
        weekdays: Array.from({ length: 7 }, (_, d) => d < 5 && !(partTime && d === off)),
        away: absences(random, firstDay, days),
        pace: random.logNormal(1, 0.15),
      };
    }),
  );
}

function nameFor(random: Random, style: number, taken: Set<string>): string {
  for (;;) {
    const [first, last] = [random.pick(FIRST), random.pick(LAST)];
    const name =
      style === 0
        ? `${first} ${last}`
        : style === 1
          ? `${first[0]}.${last}`.toLowerCase()
          : `${last.slice(0, 6)}${first[0]}`.toUpperCase();
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

function absences(random: Random, firstDay: number, days: number): Set<number> {
  const away = new Set<number>();
  const holidays = Math.max(1, Math.round((days / 365) * 2.5));
  for (let k = 0; k < holidays; k++) {
    const from = firstDay + random.below(days);
    const monday = from - weekday(from);
    const length = random.chance(0.5) ? 5 : 12;
    for (let d = monday; d < monday + length; d++) away.add(d);
  }
  const sick = Math.round((days / 365) * 4);
  for (let k = 0; k < sick; k++) away.add(firstDay + random.below(days));
  return away;
}

/** Monday is 0; day 0 of the epoch was a Thursday. */
export function weekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** The first moment from `time` on at which the person is at work. */
export function nextAtWork(person: Person, time: number): number {
  for (let day = Math.floor(time / DAY), tries = 0; tries < 400; day++, tries++) {
    if (!person.weekdays[weekday(day)] || person.away.has(day)) continue;
    const begin = day * DAY + person.from * MINUTE;
    const end = day * DAY + person.to * MINUTE;
    if (time < end) return Math.max(time, begin);
  }
  return time + 400 * DAY;
}

export function isAtWork(person: Person, time: number): boolean {
  return nextAtWork(person, time) === time;
}
