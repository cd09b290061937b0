const DAY = 86_400_000;

const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
const dayOf = (moment: number) => new Date(moment).toISOString().slice(0, 10);

/** Monday to Friday, whoever's holidays there are. Days are written like 2026-03-31 throughout. */
const isWorking = (moment: number) => new Date(moment).getUTCDay() % 6 !== 0;

/** So many days later; earlier for fewer than none. */
export const dayAfter = (day: string, days: number): string => dayOf(at(day) + days * DAY);

/** The day from which on so many working days are left before another, of which it is the first. */
export function workingDaysBefore(day: string, days: number): string {
  let moment = at(day);
  for (let left = days; left > 0;) if (isWorking((moment -= DAY))) left--;
  return dayOf(moment);
}

/** The last of so many working days from a day on, which is the first of them. */
export function lastWorkingDay(day: string, days: number): string {
  let moment = at(day);
  for (let left = Math.ceil(days) - (isWorking(moment) ? 1 : 0); left > 0;)
    if (isWorking((moment += DAY))) left--;
  return dayOf(moment);
}

/** Working days after one day up to and with another; 0 where that does not come later. */
export function workingDaysBetween(from: string, to: string): number {
  let days = 0;
  for (let moment = at(from) + DAY; moment <= at(to); moment += DAY) if (isWorking(moment)) days++;
  return days;
}
