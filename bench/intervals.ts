import {
  clusteredMedian,
  clusteredShare,
  spreadOfTotal,
  totalInterval,
  type Clustering,
} from "../src/statistics/clustered.ts";
import { wilson, type Interval } from "../src/statistics/intervals.ts";
import { Random } from "../src/statistics/random.ts";
import { markdown } from "./measure.ts";

const RUNS = 5000;

interface Scenario {
  name: string;
  /**
   * how weeks differ where not by a normal effect on the logarithm: one in seven is six times as expensive,
   * or their costs follow a gamma distribution of shape 2
   */
  kinds?: "two kinds of weeks" | "gamma";
  weeks: number;
  /** people; 0 for work that does not depend on who does it */
  people: number;
  casesPerWeek: number;
  /**
   * standard deviation of a week's and a person's effect, on the scale of the logarithm of the odds and of
   * the value
   */
  weekEffect: number;
  personEffect: number;
}

const SCENARIOS: Scenario[] = [
  {
    name: "independent cases, 40 weeks",
    weeks: 40,
    people: 0,
    casesPerWeek: 12,
    weekEffect: 0,
    personEffect: 0,
  },
  {
    name: "weeks differ, 26 weeks",
    weeks: 26,
    people: 0,
    casesPerWeek: 15,
    weekEffect: 0.6,
    personEffect: 0,
  },
  {
    name: "weeks differ much, 52 weeks",
    weeks: 52,
    people: 0,
    casesPerWeek: 12,
    weekEffect: 0.9,
    personEffect: 0,
  },
  {
    name: "people differ, 20 people",
    weeks: 40,
    people: 20,
    casesPerWeek: 12,
    weekEffect: 0,
    personEffect: 0.6,
  },
  {
    name: "weeks and people differ, 30 people",
    weeks: 52,
    people: 30,
    casesPerWeek: 12,
    weekEffect: 0.5,
    personEffect: 0.5,
  },
  {
    name: "totals only: one week in seven is six times as expensive",
    kinds: "two kinds of weeks",
    weeks: 40,
    people: 0,
    casesPerWeek: 12,
    weekEffect: 0,
    personEffect: 0,
  },
  {
    name: "totals only: weeks follow a gamma distribution",
    kinds: "gamma",
    weeks: 40,
    people: 0,
    casesPerWeek: 12,
    weekEffect: 0,
    personEffect: 0,
  },
  {
    name: "totals only: no case in four weeks of ten",
    weeks: 60,
    people: 0,
    casesPerWeek: 1,
    weekEffect: 0.4,
    personEffect: 0,
  },
];

/**
 * Do 95 % intervals contain the truth when cases depend on one another, and are they no wider than need be?
 * 5,000 runs a row. The reference is the interval that knows the truth: the estimate less and plus the 2.5 %
 * and 97.5 % points of its real errors over all runs, which holds 95 % by construction.
 */
export function intervals(): string {
  const rows = SCENARIOS.flatMap((scenario) => {
    const results: Record<string, { estimates: number[]; ranges: Interval[]; plain: Interval[] }> = {
      share: { estimates: [], ranges: [], plain: [] },
      median: { estimates: [], ranges: [], plain: [] },
      total: { estimates: [], ranges: [], plain: [] },
    };
    for (let run = 0; run < RUNS; run++) {
      const random = new Random(`intervals/${scenario.name}/${run}`);
      const drawn = draw(random, scenario);
      const ways: Clustering[] = [drawn.weeks, ...(drawn.people ? [drawn.people] : [])];
      const hits = drawn.hit.reduce((a, b) => a + b, 0);
      results["share"].estimates.push(hits / drawn.hit.length);
      results["share"].ranges.push(clusteredShare(drawn.hit, ways)!);
      results["share"].plain.push(wilson(hits, drawn.hit.length)!);
      const middle = clusteredMedian(drawn.value, ways)!;
      results["median"].estimates.push(middle.median);
      results["median"].ranges.push(middle.interval);
      results["median"].plain.push(clusteredMedian(drawn.value, [])!.interval);
      const total = drawn.value.reduce((a, b) => a + b, 0);
      results["total"].estimates.push(total);
      results["total"].ranges.push(
        totalInterval(total, spreadOfTotal(drawn.value, drawn.weeks, drawn.people ? [drawn.people] : [])),
      );
      const each = total / drawn.value.length;
      const sd = Math.sqrt(drawn.value.reduce((s, v) => s + (v - each) ** 2, 0));
      results["total"].plain.push([total - 1.96 * sd, total + 1.96 * sd]);
    }
    return Object.entries(results)
      .filter(([what]) => what === "total" || !scenario.name.startsWith("totals only"))
      .map(([what, { estimates, ranges, plain }]) => {
        const truth = truthOf(what, estimates);
        const covered = (list: Interval[]) =>
          list.filter(([low, high]) => low <= truth && truth <= high).length / RUNS;
        const width = (list: Interval[]) => list.reduce((sum, [low, high]) => sum + high - low, 0) / RUNS;
        const sorted = Float64Array.from(estimates).sort();
        const reference = sorted[Math.floor(RUNS * 0.975)] - sorted[Math.floor(RUNS * 0.025)];
        return [
          scenario.name,
          what,
          `${(covered(ranges) * 100).toFixed(1)} %`,
          (width(ranges) / reference).toFixed(2),
          `${(covered(plain) * 100).toFixed(1)} %`,
        ];
      });
  });
  return markdown(
    [
      "cases",
      "of",
      "95 % intervals that hold the truth",
      "width beside the reference",
      "held if cases were taken as independent",
    ],
    rows,
  );
}

function draw(random: Random, { kinds, weeks, people, casesPerWeek, weekEffect, personEffect }: Scenario) {
  const ofPerson = Float64Array.from({ length: people }, () => random.normal() * personEffect);
  const week: number[] = [];
  const person: number[] = [];
  const hit: number[] = [];
  const value: number[] = [];
  for (let w = 0; w < weeks; w++) {
    const effect = weekOf(random, kinds, weekEffect);
    const cases = Math.max(0, casesPerWeek + random.below(7) - 3);
    for (let i = 0; i < cases; i++) {
      const p = people === 0 ? -1 : random.below(people);
      const shift = effect + (p < 0 ? 0 : ofPerson[p]);
      week.push(w);
      if (p >= 0) person.push(p);
      hit.push(random.next() < 1 / (1 + Math.exp(1.4 - shift)) ? 1 : 0);
      value.push(random.logNormal(Math.exp(shift), 0.7));
    }
  }
  return {
    hit,
    value,
    weeks: { of: week, count: weeks } as Clustering,
    people: people === 0 ? undefined : ({ of: person, count: people } as Clustering),
  };
}

/** By how much a week's cases are dearer than usual, on the scale of the logarithm. */
function weekOf(random: Random, kinds: Scenario["kinds"], weekEffect: number): number {
  if (kinds === "gamma") return Math.log(-Math.log(1 - random.next()) - Math.log(1 - random.next()));
  if (kinds === "two kinds of weeks") return random.next() < 1 / 7 ? Math.log(6) : 0;
  return random.normal() * weekEffect;
}

/**
 * The long-run value: the mean of the estimates for shares and totals, and for the median that of the mixture
 * of all weeks and people.
 */
function truthOf(what: string, estimates: number[]): number {
  if (what === "median") return 1; // effects are symmetric on the scale of the logarithm, where the median is 0
  return estimates.reduce((a, b) => a + b, 0) / estimates.length;
}
