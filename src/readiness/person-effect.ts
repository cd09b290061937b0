import { studentQuantile } from "../statistics/clustered.ts";

/** Executions of a step, in order of time: who did each, what kind of case it was, what followed. */
export interface DoneBy {
  person: ArrayLike<number>;
  kind: ArrayLike<number>;
  outcome: ArrayLike<number>;
}

/** How much what follows depends on who does it. */
export interface PersonEffect {
  /** executions by people who can be compared */
  n: number;
  people: number;
  /**
   * by how much two people differ: the root of the mean squared distance between what follows theirs, of like
   * cases; 0 is not at all, 1 wholly
   */
  difference: number;
  /** 95 % */
  interval: [number, number];
  /** what several steps are pooled by */
  distances: Distances;
  /**
   * of those who do most of it the two who differ most, with the outcome in which they do, how often it
   * follows each in like cases, and how often each did it
   */
  most: {
    people: [number, number];
    outcome: number;
    shares: [number, number];
    counts: [number, number];
  } | null;
}

/**
 * Mean squared distance of two people (below 0 by chance where they do not differ), and without each of
 * twenty stretches of time.
 */
export interface Distances {
  n: number;
  squared: number;
  without: number[];
}

/** Who did less than this of a kind of case is not compared there. */
const LEAST = 5;
const LEAST_EXECUTIONS = 60;
const MOST_PEOPLE = 40;
/** Parts of the time that are left out one after the other. */
const PARTS = 20;
/** The two who differ most are named, of the ten who do most of it, when each did it so often. */
const NAMED = 30;
const NAMED_OF = 10;

/**
 * Do like cases go on alike, whoever does the step? Within cases of one kind the distance of two people is ½
 * Σ (p − q)² over what follows theirs, estimated without bias: how often two executions of the same person go
 * on alike, less how often two of different people do (each pair of people weighed by their executions). Its
 * root is by how much they differ, as a share. Weekly habits of a person hang together, so the interval is
 * that of a delete-a-group jackknife over twenty stretches of time. Undefined for fewer than two people with
 * sixty executions. O(executions · stretches + people² · outcomes). Sources: Simpson (1949), measurement of
 * diversity; Nei (1978), unbiased distance from small samples; Kott (2001), delete-a-group jackknife.
 */
export function personEffect(done: DoneBy): PersonEffect | undefined {
  const kinds = countsOf(done);
  const all = distanceOf(kinds, NONE);
  if (!all || all.n < LEAST_EXECUTIONS) return undefined;
  const without: number[] = [];
  for (let part = 0; part < PARTS; part++) {
    const left = distanceOf(kinds, part);
    if (left) without.push(left.squared);
  }
  if (without.length < PARTS) return undefined;
  const distances = { n: all.n, squared: all.squared, without };
  return {
    n: all.n,
    people: all.people,
    ...differenceOf(distances),
    distances,
    most: mostApart(kinds),
  };
}

/** By how much two people differ, with the 95 % interval of the jackknife. */
export function differenceOf({ squared, without }: Distances): Pick<PersonEffect, "difference" | "interval"> {
  const mean = without.reduce((sum, value) => sum + value, 0) / PARTS;
  const variance = ((PARTS - 1) / PARTS) * without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = studentQuantile(0.975, PARTS - 1) * Math.sqrt(variance);
  const root = (value: number) => Math.sqrt(Math.min(1, Math.max(0, value)));
  return { difference: root(squared), interval: [root(squared - half), root(squared + half)] };
}

/**
 * Distances of several steps as one, by their executions; the same stretch of time is left out of all, since
 * the same people work in them. Undefined for none.
 */
export function pooledDistances(steps: readonly Distances[]): Distances | undefined {
  const n = steps.reduce((sum, step) => sum + step.n, 0);
  if (n === 0) return undefined;
  const mean = (of: (step: Distances) => number) =>
    steps.reduce((sum, step) => sum + (step.n * of(step)) / n, 0);
  return {
    n,
    squared: mean(({ squared }) => squared),
    without: Array.from({ length: PARTS }, (_, part) => mean(({ without }) => without[part])),
  };
}

/** How often each outcome followed, by stretch of time; the last is all of them. */
type ByPart = Uint32Array;
const ALL = PARTS;
const NONE = -1;
/** By kind of case, person and outcome. */
type Counts = ReadonlyMap<number, ReadonlyMap<number, ReadonlyMap<number, ByPart>>>;

function countsOf({ person, kind, outcome }: DoneBy): Counts {
  const kinds = new Map<number, Map<number, Map<number, ByPart>>>();
  const part = Math.ceil(person.length / PARTS);
  for (let i = 0; i < person.length; i++) {
    if (person[i] === 0) continue;
    let people = kinds.get(kind[i]);
    if (!people) kinds.set(kind[i], (people = new Map()));
    let outcomes = people.get(person[i]);
    if (!outcomes) people.set(person[i], (outcomes = new Map()));
    let counts = outcomes.get(outcome[i]);
    if (!counts) outcomes.set(outcome[i], (counts = new Uint32Array(PARTS + 1)));
    counts[Math.floor(i / part)]++;
    counts[ALL]++;
  }
  return kinds;
}

/** How often it was without one stretch of time. */
const countWithout = (counts: ByPart, leftOut: number) =>
  counts[ALL] - (leftOut === NONE ? 0 : counts[leftOut]);

const total = (outcomes: ReadonlyMap<number, ByPart>, leftOut = NONE) => {
  let sum = 0;
  for (const counts of outcomes.values()) sum += countWithout(counts, leftOut);
  return sum;
};

function distanceOf(kinds: Counts, leftOut: number) {
  let [sum, weight, n] = [0, 0, 0];
  const compared = new Set<number>();
  for (const people of kinds.values()) {
    const list = [...people]
      .map(([who, outcomes]) => ({ who, outcomes, of: total(outcomes, leftOut) }))
      .filter(({ of }) => of >= LEAST)
      .sort((a, b) => b.of - a.of || a.who - b.who)
      .slice(0, MOST_PEOPLE);
    if (list.length < 2) continue;
    for (const { who, of } of list) {
      compared.add(who);
      n += of;
    }
    const alike = list.map(({ outcomes, of }) => {
      let same = 0;
      for (const counts of outcomes.values()) {
        const count = countWithout(counts, leftOut);
        same += count * (count - 1);
      }
      return same / (of * (of - 1));
    });
    for (let i = 0; i < list.length; i++)
      for (let j = i + 1; j < list.length; j++) {
        let both = 0;
        for (const [what, counts] of list[i].outcomes) {
          const other = list[j].outcomes.get(what);
          if (other) both += countWithout(counts, leftOut) * countWithout(other, leftOut);
        }
        const w = list[i].of * list[j].of;
        sum += w * ((alike[i] + alike[j]) / 2 - both / w);
        weight += w;
      }
  }
  return weight === 0 ? undefined : { squared: sum / weight, n, people: compared.size };
}

/** Of those who do most of it, over the kinds of cases that both do, weighed alike for both. */
function mostApart(counts: Counts): PersonEffect["most"] {
  const kinds = [...counts.values()];
  const executions = new Map<number, number>();
  for (const people of kinds)
    for (const [who, outcomes] of people) executions.set(who, (executions.get(who) ?? 0) + total(outcomes));
  const list = [...executions]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, NAMED_OF)
    .map(([who]) => who);
  let best: PersonEffect["most"] = null;
  for (const [i, one] of list.entries())
    for (const other of list.slice(i + 1)) {
      const apart = twoApart(kinds, one, other);
      if (apart && (!best || apart.shares[0] - apart.shares[1] > best.shares[0] - best.shares[1]))
        best = apart;
    }
  return best;
}

function twoApart(
  kinds: readonly ReadonlyMap<number, ReadonlyMap<number, ByPart>>[],
  one: number,
  other: number,
): PersonEffect["most"] {
  const shares = new Map<number, [number, number]>();
  const counts: [number, number] = [0, 0];
  let weight = 0;
  for (const people of kinds) {
    const both = [people.get(one), people.get(other)];
    if (!both[0] || !both[1]) continue;
    const of = [total(both[0]), total(both[1])];
    const w = (of[0] * of[1]) / (of[0] + of[1]);
    weight += w;
    for (const side of [0, 1] as const) {
      counts[side] += of[side];
      for (const [what, { [ALL]: n }] of both[side]!) {
        let pair = shares.get(what);
        if (!pair) shares.set(what, (pair = [0, 0]));
        pair[side] += (w * n) / of[side];
      }
    }
  }
  if (Math.min(...counts) < NAMED) return null;
  let best: PersonEffect["most"] = null;
  for (const [outcome, [a, b]] of shares) {
    const [high, low] = [Math.max(a, b) / weight, Math.min(a, b) / weight];
    if (best && high - low <= best.shares[0] - best.shares[1]) continue;
    best =
      a >= b
        ? { people: [one, other], outcome, shares: [high, low], counts }
        : { people: [other, one], outcome, shares: [high, low], counts: [counts[1], counts[0]] };
  }
  return best;
}
