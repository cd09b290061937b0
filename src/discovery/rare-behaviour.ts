import type { EventLog } from "../eventlog/event-log.ts";
import { edgeStatistics } from "./edge-statistics.ts";
import { casesOfActivities } from "./process-map.ts";

/** Something that few cases do: an activity, or one activity directly after another. */
export interface RareBehaviour {
  activity: number;
  /** the activity directly before; undefined where the activity itself is rare */
  after: number | undefined;
  cases: number;
  caseNumbers: Uint32Array;
}

/**
 * What do only few cases do? Activities, and steps from one activity to the next, in at most `maxShare` of
 * the cases; steps to or from a rare activity are not listed again. Rarest last. Three passes.
 */
export function rareBehaviour(log: EventLog, maxShare = 0.01): RareBehaviour[] {
  const limit = maxShare * log.caseCount;
  const n = log.activities.length;
  const inCases = casesOfActivities(log);
  const isRare = Array.from(inCases, (cases) => cases > 0 && cases <= limit);
  const edges = edgeStatistics(log);
  const wanted = new Map<number, RareBehaviour & { at: number }>();
  const want = (key: number, activity: number, after: number | undefined, cases: number) =>
    wanted.set(key, { activity, after, cases, caseNumbers: new Uint32Array(cases), at: 0 });
  isRare.forEach((rare, a) => rare && want(a, a, undefined, inCases[a]));
  edges.count.forEach((_, k) => {
    const [a, b] = [edges.from[k], edges.to[k]];
    if (edges.cases[k] <= limit && !isRare[a] && !isRare[b]) want((a + 1) * n + b, b, a, edges.cases[k]);
  });
  const lastCase = new Map<number, number>();
  const meet = (key: number, c: number) => {
    const entry = wanted.get(key);
    if (!entry || lastCase.get(key) === c) return;
    lastCase.set(key, c);
    entry.caseNumbers[entry.at++] = c;
  };
  for (let c = 0; c < log.caseCount && wanted.size > 0; c++) {
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
      meet(log.activity[e], c);
      if (e > log.caseStart[c]) meet((log.activity[e - 1] + 1) * n + log.activity[e], c);
    }
  }
  return [...wanted.values()]
    .map(({ activity, after, cases, caseNumbers }) => ({ activity, after, cases, caseNumbers }))
    .sort((x, y) => y.cases - x.cases || x.activity - y.activity || (x.after ?? -1) - (y.after ?? -1));
}
