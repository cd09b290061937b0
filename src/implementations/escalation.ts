import { dayAfter, lastWorkingDay, workingDaysBetween } from "./working-days.ts";

/** Decisions that are needed within so many days are on the sheet beside those that are overdue. */
const SOON_DAYS = 14;

/** What is known of a gap that somebody has to decide about. */
export interface GapToDecide {
  id: string;
  title: string;
  remedy: string;
  owner: string | null;
  decides: string;
  days: number;
  decideBy: string | null;
  state: "open" | "accepted" | "closed";
}

/** One decision that is needed, and what waiting costs. */
export interface NeededDecision {
  gap: string;
  title: string;
  remedy: string;
  owner: string | null;
  decideBy: string;
  isOverdue: boolean;
  /** working days by which it is */
  overdue: number;
  days: number;
  /** when it is closed if it is decided today */
  closedBy: string;
  /** working days by which that is after the date; 0 where it is in time, null without a date */
  late: number | null;
}

/** What one role or person has to decide. */
export interface Escalation {
  decides: string;
  overdue: number;
  needed: NeededDecision[];
}

/**
 * Whom to go to, with what, and what happens if nothing is decided: open gaps whose decision is overdue or
 * needed within two weeks, by who decides; whoever holds up most first. Days are working days, Monday to
 * Friday. [] where nothing is needed so soon. O(gaps).
 */
export function escalationOf(
  gaps: readonly GapToDecide[],
  startsOn: string | null,
  today: string,
): Escalation[] {
  const soon = dayAfter(today, SOON_DAYS);
  const by = new Map<string, NeededDecision[]>();
  for (const { id, title, remedy, owner, decides, days, decideBy, state } of gaps) {
    if (state !== "open" || decideBy === null || decideBy > soon) continue;
    const closedBy = lastWorkingDay(today, days);
    const needed = {
      gap: id,
      title,
      remedy,
      owner,
      decideBy,
      isOverdue: decideBy < today,
      overdue: workingDaysBetween(decideBy, today),
      days,
      closedBy,
      // work that ends on the day itself is a day late; what takes none is not
      late: startsOn === null ? null : workingDaysBetween(dayAfter(startsOn, days > 0 ? -1 : 0), closedBy),
    };
    by.set(decides, [...(by.get(decides) ?? []), needed]);
  }
  return [...by]
    .map(([decides, needed]) => ({
      decides,
      overdue: needed.filter(({ isOverdue }) => isOverdue).length,
      needed: needed.sort((a, b) => (a.decideBy < b.decideBy ? -1 : a.decideBy > b.decideBy ? 1 : 0)),
    }))
    .sort(
      (a, b) =>
        b.overdue - a.overdue || b.needed.length - a.needed.length || (a.decides < b.decides ? -1 : 1),
    );
}
