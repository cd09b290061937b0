import type { Finding } from "../audit/finding.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { benjaminiHochberg, normalTail } from "../statistics/tests.ts";

/** A leak at one step that goes with a leak at a later one. */
export interface UpstreamLink {
  /** findings by id: where it begins, and what it goes with later */
  from: string;
  fromStep: string;
  fromTitle: string;
  to: string;
  toStep: string;
  toTitle: string;
  /** cases in which the one step comes before the other, with the first leak and without it */
  withIt: number;
  without: number;
  /** share with the later leak, with the earlier one and without it */
  shareWith: number;
  shareWithout: number;
  /** difference of these shares within months, with its 95 % interval */
  difference: number;
  interval: [number, number];
  /** cases of the later leak that would be fewer if the difference were all due to the earlier one */
  attributable: number;
}

/** Fewer cases with the earlier leak say nothing, and so do smaller differences. */
const LEAST_CASES = 20;
const LEAST_DIFFERENCE = 0.05;
/** At most so large a share of what is shown is less than that (Benjamini–Hochberg). */
const FALSE_DISCOVERY = 0.05;
const MONTH = 30.4375 * 86_400_000;

/**
 * Which leak is the problem, and which the symptom? Of each pair of leaks at two steps, the cases in which
 * the first step comes before the second: how much more often is there the later leak where there is the
 * earlier one? Compared within months of the evidence (Mantel–Haenszel risk difference, Greenland and Robins
 * 1985), since both may simply have become more frequent; of all pairs at most 5 % of those shown are
 * expected to be differences of less than five points (one-sided tests, Benjamini and Hochberg 1995).
 * Observational: what makes both happen, and is recorded nowhere, shows as a link too. Largest number of
 * attributable cases first. O(pairs · cases).
 */
export function upstreamLinks(evidence: Evidence, findings: readonly Finding[]): UpstreamLink[] {
  const { log, caseNumbers, described, activityNames } = evidence;
  const { caseCount, caseStart, time } = log;
  const activitiesOf = (subject: string): number[] => {
    const step = described?.steps.find(({ name }) => name === subject);
    if (step) return step.activities;
    const a = activityNames.indexOf(subject);
    return a < 0 ? [] : [a];
  };
  const leaks = findings.flatMap((finding) => {
    const activities = activitiesOf(finding.subject);
    if (finding.state === "false alarm" || activities.length === 0) return [];
    if (finding.caseIds.length < LEAST_CASES) return [];
    const has = new Uint8Array(caseCount);
    for (const id of finding.caseIds) {
      const c = caseNumbers.get(id);
      if (c !== undefined) has[c] = 1;
    }
    return [{ finding, has, key: activities.join(" "), activities }];
  });
  const firstRows = new Map<string, Int32Array>();
  for (const { key, activities } of leaks) {
    if (firstRows.has(key)) continue;
    const first = new Int32Array(caseCount).fill(-1);
    for (const a of activities)
      for (const e of evidence.rowsOf(a)) {
        const c = evidence.caseOf[e];
        if (first[c] < 0 || e < first[c]) first[c] = e;
      }
    firstRows.set(key, first);
  }
  const begin = evidence.range.from;
  const months = Math.max(1, Math.ceil((evidence.range.to - begin) / MONTH));
  const monthOf = Uint16Array.from({ length: caseCount }, (_, c) =>
    Math.min(months - 1, Math.max(0, Math.floor((time[caseStart[c]] - begin) / MONTH))),
  );

  const tested: (UpstreamLink & { p: number })[] = [];
  for (const earlier of leaks)
    for (const later of leaks) {
      if (earlier.key === later.key) continue;
      const [rowA, rowB] = [firstRows.get(earlier.key)!, firstRows.get(later.key)!];
      // of each month: with and without the earlier leak, and of these with the later one
      const n1 = new Float64Array(months);
      const n0 = new Float64Array(months);
      const k1 = new Float64Array(months);
      const k0 = new Float64Array(months);
      for (let c = 0; c < caseCount; c++) {
        if (rowA[c] < 0 || rowB[c] <= rowA[c]) continue;
        const m = monthOf[c];
        if (earlier.has[c] === 1) {
          n1[m]++;
          k1[m] += later.has[c];
        } else {
          n0[m]++;
          k0[m] += later.has[c];
        }
      }
      const found = riskDifference(n1, k1, n0, k0);
      if (!found || found.withIt < LEAST_CASES || found.without < LEAST_CASES) continue;
      const { difference, se } = found;
      tested.push({
        from: earlier.finding.id,
        fromStep: earlier.finding.subject,
        fromTitle: earlier.finding.title,
        to: later.finding.id,
        toStep: later.finding.subject,
        toTitle: later.finding.title,
        ...found,
        interval: [difference - 1.96 * se, difference + 1.96 * se],
        attributable: difference * found.withIt,
        // what is shown is more than the least that matters, not only more than nothing
        p:
          se === 0
            ? difference > LEAST_DIFFERENCE
              ? 0
              : 1
            : normalTail((difference - LEAST_DIFFERENCE) / se),
      });
    }
  const real = benjaminiHochberg(
    tested.map(({ p }) => p),
    FALSE_DISCOVERY,
  );
  return tested
    .filter((_, i) => real[i])
    .map(({ p: _p, ...link }) => link)
    .sort((a, b) => b.attributable - a.attributable || (a.from + a.to < b.from + b.to ? -1 : 1));
}

/**
 * Where most of it begins: the link with most attributable cases whose earlier leak is itself no symptom of
 * another; undefined where none is linked.
 */
export const rootOf = (links: readonly UpstreamLink[]): UpstreamLink | undefined =>
  links.find(({ from }) => !links.some(({ to }) => to === from)) ?? links[0];

/**
 * Mantel–Haenszel risk difference over strata, with its standard error; undefined where no stratum has both
 * groups.
 */
export function riskDifference(
  n1: ArrayLike<number>,
  k1: ArrayLike<number>,
  n0: ArrayLike<number>,
  k0: ArrayLike<number>,
):
  | {
      difference: number;
      se: number;
      withIt: number;
      without: number;
      shareWith: number;
      shareWithout: number;
    }
  | undefined {
  let [top, weights, variance] = [0, 0, 0];
  let [withIt, without, hits1, hits0] = [0, 0, 0, 0];
  for (let s = 0; s < n1.length; s++) {
    const n = n1[s] + n0[s];
    if (n1[s] === 0 || n0[s] === 0) continue;
    withIt += n1[s];
    without += n0[s];
    hits1 += k1[s];
    hits0 += k0[s];
    top += (k1[s] * n0[s] - k0[s] * n1[s]) / n;
    weights += (n1[s] * n0[s]) / n;
    variance +=
      (k1[s] * (n1[s] - k1[s]) * n0[s] ** 3 + k0[s] * (n0[s] - k0[s]) * n1[s] ** 3) /
      (n1[s] * n0[s] * n ** 2);
  }
  if (weights === 0) return undefined;
  return {
    difference: top / weights,
    se: Math.sqrt(variance) / weights,
    withIt,
    without,
    shareWith: hits1 / withIt,
    shareWithout: hits0 / without,
  };
}
