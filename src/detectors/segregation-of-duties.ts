import type { SeparateRule } from "../description/description.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Described } from "../evidence/described.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { needsIndividuals, needsRule } from "../evidence/needs.ts";
import { flags, separationInCase } from "../evidence/rules/in-case.ts";
import { exposureOf } from "./price.ts";

/**
 * Finds people who did two steps of one case that must lie in different hands, by the `separate` rules of the
 * description. Pairs of a request and its approval are left to `self-approval`; programs and unknown people
 * count as nobody.
 *
 * One counter-example is a finding; one finding per step, the later one of each pair. Work: for each case,
 * its rows of the steps.
 */
export const segregationOfDuties = defineDetector({
  id: "segregation-of-duties",
  category: "approvals",
  title: "Duties that must be separate are not",
  question: "Who does two things that must lie in different hands?",
  remedy: {
    text: "Part the two rights in the system; where the team is too small, have a second look sampled.",
    effort: "weeks",
    decides: "controller",
  },
  options: { minCases: 1 },

  missing(evidence) {
    const needs = needsRule(evidence, "separate");
    if (needs.length > 0) return needs;
    const own = separatePairs(evidence).length > 0;
    return own ? needsIndividuals(evidence) : [{ kind: "separation of other steps" }];
  },

  detect(evidence, { minCases }) {
    const { log, caseOf } = evidence;
    const described = evidence.described!;
    const person = log.person!;
    const found = new Map<string, { rows: number[]; outOf: number; words: string[] }>();
    for (const pair of separatePairs(evidence)) {
      const { first, second } = pair;
      const { rows, outOf } = bothByOne(evidence, pair);
      if (rows.length === 0) continue;
      const s = described.step(second);
      const subject = s >= 0 ? described.subjectOf(s) : second;
      const entry = found.get(subject) ?? { rows: [], outOf: 0, words: [] };
      entry.rows.push(...rows);
      entry.outOf = Math.max(entry.outOf, outOf);
      entry.words.push(`"${first}" and "${second}" (${rows.length} of ${outOf})`);
      found.set(subject, entry);
    }
    return [...found]
      .map(([subject, { rows, outOf, words }]): Observation => {
        const cases = caseSet(rows.map((e) => caseOf[e]));
        return {
          subject,
          statement: `In ${cases.length} cases one person did both of two steps that must be separate: ${words.join("; ")}.`,
          cases,
          outOf: Math.max(outOf, cases.length),
          people: [...new Set(rows.map((e) => person[e]))],
          cost: exposureOf(evidence, rows, "amounts of the cases in which one person did both"),
          facts: words.map((pair): [string, string] => ["separate by rule", pair]),
        };
      })
      .filter(({ cases }) => cases.length >= minCases)
      .sort((f, g) => g.cases.length - f.cases.length);
  },
});

/**
 * Rows of the second step by somebody who did the first in the same case, one a case, and how many cases have
 * both by known people.
 */
export function bothByOne(
  evidence: Evidence,
  { first, second, rule }: Pair,
): { rows: number[]; outOf: number } {
  const { log, isAutomatic } = evidence;
  const described = evidence.described!;
  const count = log.activities.length;
  const [a, b] = [flags(described.activitiesOf(first), count), flags(described.activitiesOf(second), count)];
  const isNobody = (p: number) => p === 0 || isAutomatic[p] === 1;
  const rows: number[] = [];
  let outOf = 0;
  for (let c = 0; c < log.caseCount; c++) {
    const { asked, same } = separationInCase(log, log.caseStart[c], log.caseStart[c + 1], a, b, isNobody);
    if (asked < 0 || !described.holds(rule.when, c, asked)) continue;
    outOf++;
    if (same >= 0) rows.push(same);
  }
  return { rows, outOf };
}

interface Pair {
  first: string;
  second: string;
  rule: SeparateRule;
}

/** Pairs of the `separate` rules, the earlier step first, without those of a request and its approval. */
export function separatePairs(evidence: Evidence, ofRequests = false): Pair[] {
  const described = evidence.described;
  return (described?.description.rules ?? []).flatMap((rule) => {
    if (!("separate" in rule)) return [];
    return rule.separate.flatMap((x, i) =>
      rule.separate.slice(i + 1).flatMap((y): Pair[] => {
        const [first, second] = described!.order.precedes(y, x) ? [y, x] : [x, y];
        return isRequestAndApproval(described!, first, second) === ofRequests
          ? [{ first, second, rule }]
          : [];
      }),
    );
  });
}

/**
 * Whether the second step approves the first, or is an approval and the first the request with which the
 * process begins.
 */
function isRequestAndApproval(described: Described, first: string, second: string): boolean {
  const [a, b] = [described.step(first), described.step(second)];
  if (a < 0 || b < 0) return false;
  const { steps, order } = described;
  if (steps[b].approves === a || steps[a].approves === b) return true;
  return steps[b].isApproval && steps[b].approves === undefined && order.steps[0] === steps[a].name;
}
