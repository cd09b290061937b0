import type { LogAlignment } from "./align-log.ts";

/** One way in which cases leave the model, at one place. */
export interface Deviation {
  /**
   * "not in the model": done where the model has no room for it; "not in the log": required there, and not
   * done
   */
  kind: "not in the model" | "not in the log";
  activity: string;
  /** the last step before it that both agree on; null at the begin */
  after: string | null;
  cases: number;
  /** of these, the cases that had stopped by then: nothing of them comes after it */
  stopped: number;
  /** how often in all */
  count: number;
  caseNumbers: Uint32Array;
}

/**
 * Where do cases leave the model, in both directions? One entry for each activity and the agreed step before
 * it, those with most cases first. Counts are those of one cheapest alignment a variant. No deviations give
 * [].
 */
export function deviationsOf({ variants }: LogAlignment): Deviation[] {
  const found = new Map<string, Deviation & { variants: Set<number> }>();
  variants.forEach(({ moves, cases }, v) => {
    let after: string | null = null;
    const last = moves.findLastIndex(({ log }) => log !== null);
    for (const [i, { log, model }] of moves.entries()) {
      if (log === model) {
        after = log;
        continue;
      }
      const kind = model === null ? "not in the model" : "not in the log";
      const activity = (log ?? model)!;
      const key = JSON.stringify([kind, activity, after]);
      let entry = found.get(key);
      if (!entry) {
        entry = {
          kind,
          activity,
          after,
          cases: 0,
          stopped: 0,
          count: 0,
          caseNumbers: new Uint32Array(0),
          variants: new Set(),
        };
        found.set(key, entry);
      }
      entry.count += cases;
      if (!entry.variants.has(v)) {
        entry.cases += cases;
        if (i > last) entry.stopped += cases;
      }
      entry.variants.add(v);
    }
  });
  return [...found.values()]
    .map(({ variants: members, ...entry }) => ({
      ...entry,
      caseNumbers: casesOf([...members].map((v) => variants[v].caseNumbers)),
    }))
    .sort((a, b) => b.cases - a.cases || b.count - a.count);
}

/** Deviations of each activity, whatever came before. */
export interface ActivityDeviations {
  activity: string;
  /**
   * cases in which it is done where the model has no room for it, and in which it is required and not done
   */
  notInModel: number;
  notInLog: number;
  /** cases in which both agree on it at least once */
  agreed: number;
}

/**
 * As `deviationsOf`, summed over places: one entry for each activity of the log or the model, most deviations
 * first.
 */
export function deviationsByActivity({ variants }: LogAlignment): ActivityDeviations[] {
  const found = new Map<string, ActivityDeviations>();
  for (const { moves, cases } of variants) {
    const seen = new Set<string>();
    for (const { log, model } of moves) {
      const activity = (log ?? model)!;
      const what = log === model ? "agreed" : model === null ? "notInModel" : "notInLog";
      if (!found.has(activity)) found.set(activity, { activity, notInModel: 0, notInLog: 0, agreed: 0 });
      if (!seen.has(`${what}\u0000${activity}`)) found.get(activity)![what] += cases;
      seen.add(`${what}\u0000${activity}`);
    }
  }
  return [...found.values()].sort((a, b) => b.notInModel + b.notInLog - a.notInModel - a.notInLog);
}

function casesOf(lists: Uint32Array[]): Uint32Array {
  const all = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all.sort();
}
