/**
 * What a rule says of one case, as the audit of a whole log and the answer about a single case or request
 * both ask it: loops over rows `from` up to (not including) `to` of columns of codes. Nothing here knows
 * whether the rows lie in a log of millions or were handed over alone.
 */
export interface CaseRows {
  activity: ArrayLike<number>;
  /** ms since epoch, ascending within a case */
  time: ArrayLike<number>;
  /** code of who did it, 0 for nobody known */
  person?: ArrayLike<number>;
}

/**
 * By activity code, 1 for those of the step that must come first, that may only follow, and that refuse a
 * case.
 */
export interface OrderFlags {
  isFirst: ArrayLike<number>;
  isLater: ArrayLike<number>;
  refuses: ArrayLike<number>;
}

/**
 * Where the two steps of a rule "B only after A" stand in the last round of a case (behind its last refusal,
 * where both come again after it): the first row of each, −1 for none. One pass back, one forth.
 */
export function orderInCase(
  { activity }: CaseRows,
  from: number,
  to: number,
  { isFirst, isLater, refuses }: OrderFlags,
): { first: number; later: number } {
  let begin = from;
  let [hasFirst, hasLater] = [false, false];
  for (let e = to - 1; e > from; e--) {
    if (refuses[activity[e]] && hasFirst && hasLater) {
      begin = e + 1;
      break;
    }
    hasFirst ||= isFirst[activity[e]] === 1;
    hasLater ||= isLater[activity[e]] === 1;
  }
  let [first, later] = [-1, -1];
  for (let e = begin; e < to; e++) {
    if (later < 0 && isLater[activity[e]]) later = e;
    if (first < 0 && isFirst[activity[e]]) first = e;
  }
  return { first, later };
}

/**
 * How a case stands to a rule "B only after A", from where its steps stand. Equal times count as in order: a
 * log of days does not say which came first.
 */
export function orderKept(
  time: ArrayLike<number>,
  first: number,
  later: number,
): "kept" | "bypassed" | "late" {
  if (first < 0) return "bypassed";
  return first > later && time[first] > time[later] ? "late" : "kept";
}

/**
 * Whether one person did two steps that must lie in different hands: the first row of the second step
 * (`asked`, −1 where either step was done by nobody known), and the first row of the second step by somebody
 * who did the first (`same`, −1 for none). Codes for which `counts` is 0 (nobody, programs) do not count.
 */
export function separationInCase(
  { activity, person }: CaseRows,
  from: number,
  to: number,
  isFirst: ArrayLike<number>,
  isSecond: ArrayLike<number>,
  isNobody: (person: number) => boolean,
): { asked: number; same: number } {
  const byFirst = new Set<number>();
  const ofSecond: number[] = [];
  for (let e = from; e < to; e++) {
    const p = person![e];
    if (isNobody(p)) continue;
    if (isFirst[activity[e]]) byFirst.add(p);
    if (isSecond[activity[e]]) ofSecond.push(e);
  }
  if (byFirst.size === 0 || ofSecond.length === 0) return { asked: -1, same: -1 };
  return { asked: ofSecond[0], same: ofSecond.find((e) => byFirst.has(person![e])) ?? -1 };
}

/**
 * The rows that a deadline is about: that with which its clock begins (`anchor`; the first of the case where
 * no step starts it, −1 where that step has not come), the first one of its step from there on (`row`, −1
 * while it is not done), and the last of the case. With a date the step counts wherever it stands.
 */
export function deadlineInCase(
  { activity }: CaseRows,
  from: number,
  to: number,
  isStep: ArrayLike<number>,
  isAfter: ArrayLike<number> | undefined,
  hasDate: boolean,
): { anchor: number; row: number; last: number } {
  let anchor = isAfter ? -1 : from;
  let row = -1;
  for (let e = from; e < to; e++) {
    if (isAfter && anchor < 0 && isAfter[activity[e]]) anchor = e;
    if (row < 0 && isStep[activity[e]] && (hasDate || (anchor >= 0 && e >= anchor))) row = e;
  }
  return { anchor, row, last: to - 1 };
}

const DAY = 86_400_000;

/**
 * By how many ms something done at `done` is beyond a date; a date without a time of day means its end. NaN
 * without a date.
 */
export function beyondDate(due: number, done: number, offsetAt: (utc: number) => number): number {
  const atMidnight = (due + offsetAt(due)) % DAY === 0;
  return done - (atMidnight ? due + DAY : due);
}

/** By activity code, 1 for those of a list. */
export function flags(activities: readonly number[], count: number): Uint8Array {
  const flag = new Uint8Array(count);
  for (const a of activities) flag[a] = 1;
  return flag;
}
