import type { Codes, EventLog, Suspensions } from "./event-log.ts";
import { firstFrom } from "../statistics/sorted.ts";
import { nameAt, type Strings } from "./strings.ts";

/**
 * Numbers of the cases that a filter kept, ascending. The columns of the log stay where they are: a pass
 * reads `caseStart[c]` for each `c` of the selection. Undefined, where a pass accepts it, means every case.
 */
export type CaseSelection = Uint32Array;

/** The cases for which `keep` holds; `keep` gets the case and its first and past-the-last row. One pass. */
export function casesWhere(
  { caseCount, caseStart }: EventLog,
  keep: (c: number, from: number, to: number) => boolean,
  within?: CaseSelection,
): CaseSelection {
  const kept = new Uint32Array(within?.length ?? caseCount);
  let count = 0;
  const total = within?.length ?? caseCount;
  for (let i = 0; i < total; i++) {
    const c = within ? within[i] : i;
    if (keep(c, caseStart[c], caseStart[c + 1])) kept[count++] = c;
  }
  return kept.slice(0, count);
}

/**
 * The selected cases as a log of their own. Dictionaries are shared; a column is copied when it is first read
 * (8 bytes a time, 2 or 4 a code; runs of neighbouring cases at once). Further columns are left behind, since
 * they are read by the numbers of the whole log.
 */
export function logOfCases(log: EventLog, cases: CaseSelection): EventLog {
  const caseStart = new Uint32Array(cases.length + 1);
  /** runs of rows that lie together: where each begins in the whole log, and here */
  const runs: number[] = [];
  let expected = -1;
  for (let i = 0; i < cases.length; i++) {
    const from = log.caseStart[cases[i]];
    if (from !== expected) runs.push(from, caseStart[i]);
    expected = log.caseStart[cases[i] + 1];
    caseStart[i + 1] = caseStart[i] + expected - from;
  }
  const eventCount = caseStart[cases.length];
  const copy = <T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(from: T, to: T): T => {
    for (let r = 0; r < runs.length; r += 2) {
      const [begin, at] = [runs[r], runs[r + 1]];
      const length = (r + 3 < runs.length ? runs[r + 3] : eventCount) - at;
      if (length > 48) to.set(from.subarray(begin, begin + length), at);
      else for (let k = 0; k < length; k++) to[at + k] = from[begin + k];
    }
    return to;
  };
  const codes = (from: Codes): Codes =>
    from instanceof Uint16Array
      ? copy(from, new Uint16Array(eventCount))
      : copy(from, new Uint32Array(eventCount));
  const times = (from: Float64Array) => copy(from, new Float64Array(eventCount));
  const part: Partial<EventLog> = {
    caseCount: cases.length,
    eventCount,
    caseStart,
    caseIds: { length: cases.length, at: (i: number) => nameAt(log.caseIds, cases[i]) } as Strings,
    activities: log.activities,
    people: log.people,
    roles: log.roles,
    transitions: log.transitions,
    columns: [],
  };
  const later = <K extends keyof EventLog>(name: K, work: () => EventLog[K]) => {
    let value: EventLog[K] | undefined;
    let done = false;
    Object.defineProperty(part, name, {
      enumerable: true,
      get() {
        if (!done) value = work();
        done = true;
        return value;
      },
    });
  };
  later("activity", () => codes(log.activity));
  later("time", () => times(log.time));
  later("start", () => log.start && times(log.start));
  later("open", () => log.open && copy(log.open, new Uint8Array(eventCount)));
  later("waitingSince", () => log.waitingSince && times(log.waitingSince));
  later("suspensions", () => log.suspensions && suspensionsIn(log.suspensions, runs, eventCount));
  later("person", () => log.person && copy(log.person, new Uint32Array(eventCount)));
  later("role", () => log.role && codes(log.role));
  later("transition", () => log.transition && codes(log.transition));
  return part as EventLog;
}

/** Those in the rows of `runs`, by the numbers that the events have there. */
function suspensionsIn(
  { event, from, to }: Suspensions,
  runs: readonly number[],
  eventCount: number,
): Suspensions {
  const found: { event: number; k: number }[] = [];
  for (let r = 0; r < runs.length; r += 2) {
    const [begin, at] = [runs[r], runs[r + 1]];
    const end = begin + (r + 3 < runs.length ? runs[r + 3] : eventCount) - at;
    for (let k = firstFrom(event, begin); k < event.length && event[k] < end; k++)
      found.push({ event: event[k] - begin + at, k });
  }
  found.sort((a, b) => a.event - b.event || a.k - b.k);
  return {
    event: Uint32Array.from(found, (one) => one.event),
    from: Float64Array.from(found, ({ k }) => from[k]),
    to: Float64Array.from(found, ({ k }) => to[k]),
  };
}
