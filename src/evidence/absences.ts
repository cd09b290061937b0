import { quantile } from "../statistics/quantile.ts";
import type { Evidence } from "./evidence.ts";

/**
 * When was each person away? Stretches of `minWorkingDays` to sixty working days without any event of
 * somebody who was there before and after and otherwise works most days, from the last event before to the
 * next, ms; by person. One pass over the events of people.
 */
export function absencesOf({ log, byPerson, calendar, isAutomatic }: Evidence, minWorkingDays: number) {
  const { time } = log;
  const { start, rows } = byPerson!;
  const absences = new Map<number, { from: number; to: number }[]>();
  for (let p = 1; p + 1 < start.length; p++) {
    if (isAutomatic[p] || start[p + 1] - start[p] < 20) continue;
    const gaps: { from: number; to: number; days: number }[] = [];
    for (let i = start[p] + 1; i < start[p + 1]; i++) {
      const from = time[rows[i - 1]];
      const to = time[rows[i]];
      const first = calendar.dayOf(from) + 1;
      const last = calendar.dayOf(to);
      let days = 0;
      for (let d = first; d < last && days < 100; d++) if (calendar.isWorkingDay(d)) days++;
      if (last >= first) gaps.push({ from, to, days });
    }
    // Somebody who works on a few days only is not absent in between.
    const usual =
      quantile(
        gaps.map(({ days }) => days),
        0.75,
      ) ?? Infinity;
    if (usual > 1) continue;
    const long = gaps.filter(({ days }) => days >= minWorkingDays && days < 60);
    if (long.length > 0) absences.set(p, long);
  }
  return absences;
}
