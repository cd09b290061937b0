import type { EventLog } from "../eventlog/event-log.ts";

/** People who do the same things. */
export interface DiscoveredRole {
  /** codes, who does most first */
  people: number[];
  /** activity codes with the role's share of their events, most events first */
  activities: { activity: number; count: number; shareOfRole: number; shareOfActivity: number }[];
  events: number;
}

/** People compared with each other, at most; the rest, who do least, join the role most like them. */
const COMPARED = 1500;

/**
 * Which roles do people really have? People are joined while what they do is alike: the cosine between the
 * shares of their activities is at least `similarity`, average linkage, the most alike first. People with
 * fewer than `minEvents` events are put to the role most like them. Most events first; no people gives [].
 * O(people² · log people), for at most 1,500 people. Source: Song and van der Aalst (2008), Towards
 * comprehensive support for organizational mining.
 */
export function discoverRoles(
  log: EventLog,
  { similarity = 0.7, minEvents = 10 }: { similarity?: number; minEvents?: number } = {},
): DiscoveredRole[] {
  const { person, people, activity, activities } = log;
  if (!person) return [];
  const n = activities.length;
  const done = new Map<number, Float64Array>();
  const totals = new Float64Array(people.length);
  const ofActivity = new Float64Array(n);
  for (let e = 0; e < log.eventCount; e++) {
    const p = person[e];
    if (p === 0) continue;
    let counts = done.get(p);
    if (!counts) done.set(p, (counts = new Float64Array(n)));
    counts[activity[e]]++;
    totals[p]++;
    ofActivity[activity[e]]++;
  }
  const order = [...done.keys()].sort((p, q) => totals[q] - totals[p] || p - q);
  const compared = order.filter((p, i) => i < COMPARED && (totals[p] >= minEvents || i === 0));
  const unit = (p: number) => normalised(done.get(p)!);
  const groups = agglomerate(compared.map(unit), similarity).map((members) =>
    members.map((i) => compared[i]),
  );
  const centre = groups.map((group) => normalised(sum(group.map(unit), n)));
  for (const p of order.filter((q) => !compared.includes(q))) {
    const profile = unit(p);
    let best = 0;
    centre.forEach((c, g) => {
      if (cosine(profile, c) > cosine(profile, centre[best])) best = g;
    });
    groups[best].push(p);
  }
  return groups
    .map((members): DiscoveredRole => {
      const counts = sum(
        members.map((p) => done.get(p)!),
        n,
      );
      const events = counts.reduce((a, b) => a + b, 0);
      const list = Array.from(counts, (count, a) => ({
        activity: a,
        count,
        shareOfRole: count / events,
        shareOfActivity: count / ofActivity[a],
      }));
      return {
        people: members.sort((p, q) => totals[q] - totals[p] || p - q),
        activities: list.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count),
        events,
      };
    })
    .sort((a, b) => b.events - a.events);
}

/**
 * Groups of unit vectors by average linkage: the two groups most alike are joined until none reach the
 * threshold.
 */
function agglomerate(vectors: Float64Array[], threshold: number): number[][] {
  const groups: (number[] | undefined)[] = vectors.map((_, i) => [i]);
  const alike = vectors.map((a, i) => Float64Array.from(vectors, (b, j) => (i === j ? -1 : cosine(a, b))));
  const nearest = alike.map((row) => argmax(row));
  for (;;) {
    let i = -1;
    groups.forEach((group, g) => {
      if (group && (i < 0 || alike[g][nearest[g]] > alike[i][nearest[i]])) i = g;
    });
    if (i < 0 || groups.length < 2 || alike[i][nearest[i]] < threshold) break;
    const j = nearest[i];
    const [a, b] = [groups[i]!.length, groups[j]!.length];
    for (let k = 0; k < groups.length; k++) {
      if (k === i || k === j || !groups[k]) continue;
      alike[i][k] = alike[k][i] = (a * alike[i][k] + b * alike[j][k]) / (a + b);
    }
    groups[i]!.push(...groups[j]!);
    groups[j] = undefined;
    for (let k = 0; k < groups.length; k++) alike[k][j] = -1;
    for (let k = 0; k < groups.length; k++)
      if (
        groups[k] &&
        (k === i || nearest[k] === i || nearest[k] === j || alike[k][i] > alike[k][nearest[k]])
      )
        nearest[k] = argmax(alike[k]);
  }
  return groups.filter((group) => group !== undefined);
}

function argmax(row: Float64Array): number {
  let best = 0;
  for (let k = 1; k < row.length; k++) if (row[k] > row[best]) best = k;
  return best;
}

function normalised(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

function cosine(a: Float64Array, b: Float64Array): number {
  let dot = 0;
  for (let k = 0; k < a.length; k++) dot += a[k] * b[k];
  return dot;
}

function sum(vectors: Float64Array[], n: number): Float64Array {
  const total = new Float64Array(n);
  for (const vector of vectors) vector.forEach((value, k) => (total[k] += value));
  return total;
}
