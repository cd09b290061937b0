import type { EventLog } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { quantileOfSorted } from "../statistics/quantile.ts";
import { differenceInterval } from "../statistics/intervals.ts";
import { benjaminiHochberg, twoShares } from "../statistics/tests.ts";
import { casesOfActivities } from "./process-map.ts";

/** Something that cases have, and how much more often those cases are affected than the others. */
export interface RootCause {
  /** "vendor is Acme", "amount from 100 to 250", "Change order happens" */
  statement: string;
  attribute: string;
  value: string;
  /** cases that have it, and of them the affected ones; likewise for the cases that do not */
  cases: number;
  affected: number;
  otherCases: number;
  otherAffected: number;
  /** share of affected cases with it, less the share without: the effect size, with its 95 % interval */
  difference: number;
  interval: [low: number, high: number];
  /** how many times the share without; undefined where that is 0 */
  ratio: number | undefined;
  /** affected cases beyond what the share of the others leads to expect */
  excess: number;
  p: number;
}

export interface RootCauseOptions {
  /** cases on each side, at least */
  minCases?: number;
  /** values of one attribute that are looked at, most frequent first */
  maxValues?: number;
  /** share of false findings among those listed */
  falseDiscoveryRate?: number;
}

/**
 * Which attribute values go with affected cases (long ones, deviating ones …)? Each value of each attribute
 * that a case has at its begin, numbers in quarters, people and roles at their first event, and each activity
 * happening at all, is compared with all other cases; what stands after the false-discovery correction over
 * all comparisons is listed, most excess cases first. It shows what goes together, not what causes what.
 *
 * No affected or no unaffected cases give []. One pass an attribute. Source: Newcombe (1998) for the interval
 * of a difference of shares; Benjamini and Hochberg (1995).
 */
export function rootCauses(
  log: EventLog,
  isAffected: Uint8Array,
  { minCases = 20, maxValues = 200, falseDiscoveryRate = 0.05 }: RootCauseOptions = {},
): RootCause[] {
  const total = log.caseCount;
  const affected = isAffected.reduce((sum, is) => sum + is, 0);
  if (affected === 0 || affected === total) return [];
  const found: RootCause[] = [];
  const compare = (attribute: string, value: string, statement: string, cases: number, hit: number) => {
    const [otherCases, otherAffected] = [total - cases, affected - hit];
    if (cases < minCases || otherCases < minCases) return;
    const [share, other] = [hit / cases, otherAffected / otherCases];
    found.push({
      statement,
      attribute,
      value,
      cases,
      affected: hit,
      otherCases,
      otherAffected,
      difference: share - other,
      interval: differenceInterval(hit, cases, otherAffected, otherCases),
      ratio: other === 0 ? undefined : share / other,
      excess: hit - other * cases,
      p: twoShares(hit, cases, otherAffected, otherCases),
    });
  };
  const byCode = (
    attribute: string,
    codes: ArrayLike<number>,
    row: (c: number) => number,
    size: number,
    name: (code: number) => string,
  ) => {
    const cases = new Float64Array(size);
    const hits = new Float64Array(size);
    for (let c = 0; c < total; c++) {
      const code = codes[row(c)];
      cases[code]++;
      hits[code] += isAffected[c];
    }
    const order = Array.from(cases.keys()).filter((code) => code > 0 && cases[code] > 0);
    order.sort((a, b) => cases[b] - cases[a]);
    for (const code of order.slice(0, maxValues))
      compare(attribute, name(code), `${attribute} is ${name(code)}`, cases[code], hits[code]);
  };
  const first = (c: number) => log.caseStart[c];
  for (const column of log.columns) {
    const row = column.scope === "case" ? (c: number) => c : first;
    if (column.kind === "dictionary")
      byCode(column.name, column.codes, row, column.values.length, (code) => nameAt(column.values, code));
    else if (column.kind === "number")
      byQuarter(
        column.name,
        Float64Array.from({ length: total }, (_, c) => column.numbers[row(c)]),
        isAffected,
        compare,
      );
  }
  if (log.person)
    byCode("first person", log.person, first, log.people.length, (code) => nameAt(log.people, code));
  if (log.role) byCode("first role", log.role, first, log.roles.length, (code) => nameAt(log.roles, code));
  const inCases = casesOfActivities(log);
  const hits = casesOfActivities(log, isAffected);
  inCases.forEach((cases, a) => {
    const name = nameAt(log.activities, a);
    if (cases > 0) compare("activity", name, `"${name}" happens`, cases, hits[a]);
  });
  const stands = benjaminiHochberg(
    found.map(({ p }) => p),
    falseDiscoveryRate,
  );
  return found
    .filter((cause, i) => stands[i] && cause.difference > 0)
    .sort((a, b) => b.excess - a.excess || a.p - b.p);
}

function byQuarter(
  attribute: string,
  values: Float64Array,
  isAffected: Uint8Array,
  compare: (attribute: string, value: string, statement: string, cases: number, hit: number) => void,
): void {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return;
  const cuts = [...new Set([0, 0.25, 0.5, 0.75, 1].map((share) => quantileOfSorted(sorted, share)!))];
  const written = (value: number) => String(Number(value.toPrecision(6)));
  for (let q = 0; q + 1 < cuts.length; q++) {
    const last = q + 2 === cuts.length;
    let [cases, hits] = [0, 0];
    values.forEach((value, c) => {
      if (!(value >= cuts[q] && (last ? value <= cuts[q + 1] : value < cuts[q + 1]))) return;
      cases++;
      hits += isAffected[c];
    });
    const range = `${written(cuts[q])} to ${written(cuts[q + 1])}`;
    compare(attribute, range, `${attribute} from ${range}`, cases, hits);
  }
}
