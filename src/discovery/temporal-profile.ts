import type { EventLog } from "../eventlog/event-log.ts";

/** How long after the last `from` a `to` comes, over all cases. */
export interface TemporalRelation {
  from: number;
  to: number;
  count: number;
  meanMs: number;
  /** standard deviation of the sample, 0 for one observation */
  deviationMs: number;
}

/** A pair of events whose distance is unusual for their activities. */
export interface TemporalOutlier {
  relation: TemporalRelation;
  case: number;
  row: number;
  ms: number;
  /** distance from the mean in standard deviations */
  z: number;
}

/**
 * What is the usual time between activities, also those that do not follow directly? For each event and each
 * activity earlier in its case: the time since that activity's last completion. Pairs seen fewer than
 * `minCount` times are left out; most frequent first. Cost: events times the activities of their case.
 * Source: Stertz, Mangler, Rinderle-Ma (2020), Temporal conformance checking at runtime based on time-infused
 * process models (there, all earlier occurrences).
 */
export function temporalProfile(log: EventLog, { minCount = 10 } = {}): TemporalRelation[] {
  const n = log.activities.length;
  const stats = new Map<number, { count: number; mean: number; squares: number }>();
  forEachPair(log, (a, b, _, __, ms) => {
    let s = stats.get(a * n + b);
    if (!s) stats.set(a * n + b, (s = { count: 0, mean: 0, squares: 0 }));
    // Welford (1962): stable where the mean is large against the deviation
    const delta = ms - s.mean;
    s.mean += delta / ++s.count;
    s.squares += delta * (ms - s.mean);
  });
  return [...stats]
    .filter(([, { count }]) => count >= minCount)
    .map(([key, { count, mean, squares }]) => ({
      from: Math.floor(key / n),
      to: key % n,
      count,
      meanMs: mean,
      deviationMs: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
    }))
    .sort((r, s) => s.count - r.count || r.from - s.from || r.to - s.to);
}

/**
 * Events that come more than `limit` standard deviations earlier or later than usual after another activity;
 * farthest first.
 */
export function temporalOutliers(
  log: EventLog,
  profile: readonly TemporalRelation[],
  limit = 4,
): TemporalOutlier[] {
  const n = log.activities.length;
  const of = new Map(profile.map((relation) => [relation.from * n + relation.to, relation]));
  const found: TemporalOutlier[] = [];
  forEachPair(log, (a, b, c, row, ms) => {
    const relation = of.get(a * n + b);
    if (!relation || relation.deviationMs === 0) return;
    const z = (ms - relation.meanMs) / relation.deviationMs;
    if (Math.abs(z) > limit) found.push({ relation, case: c, row, ms, z });
  });
  return found.sort((x, y) => Math.abs(y.z) - Math.abs(x.z));
}

function forEachPair(
  { caseCount, caseStart, activity, activities, time }: EventLog,
  visit: (a: number, b: number, c: number, row: number, ms: number) => void,
): void {
  const last = new Float64Array(activities.length);
  for (let c = 0; c < caseCount; c++) {
    const seen: number[] = [];
    const isSeen = new Set<number>();
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      const b = activity[e];
      for (const a of seen) visit(a, b, c, e, time[e] - last[a]);
      if (!isSeen.has(b)) seen.push(b);
      isSeen.add(b);
      last[b] = time[e];
    }
  }
}
