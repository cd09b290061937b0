import type { NameColumn } from "../evidence/columns.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { isAmount } from "../eventlog/record-table.ts";

/** What the next step is told by, and how often that is right on cases that the rule has not seen. */
export interface OutcomeRule {
  /**
   * names of what it looks at: columns of the case, "the step before", "the amount"; none where one outcome
   * is always told
   */
  by: string[];
  /** cases of the executions it was tried on, and 1 where it told what followed */
  cases: number[];
  held: number[];
  /** how often the most frequent outcome alone would have been right on them */
  baseRate: number;
  /**
   * all executions that were looked at, in order of time: row, number of what the rule looks at (the kind of
   * case), activity that followed (−1: none)
   */
  rows: Uint32Array;
  kind: Float64Array;
  outcome: Int32Array;
}

/** Fewer executions than these tell nothing; more than the newest of these tell nothing more. */
const LEAST = 60;
const MOST = 20_000;
/** Things of which pairs are tried: those that tell most alone. */
const PAIRED = 4;
const AMOUNT_BINS = 8;

/**
 * Can what follows a step be told from what is recorded before it? `executions` are its rows, in order of
 * time. Of the rules that look at one recorded thing (columns of the case with few values, the amount, the
 * step before) or at two of the four that tell most alone, and tell what followed most often under the same
 * values, the one that is right most often on the second fifth from the end is tried on the last fifth.
 * Executions are in order of time, so that nothing is told from what came later. Undefined for fewer than 60
 * executions. Of the newest 20,000 executions; linear in these. Source: Holte (1993), Very simple
 * classification rules perform well on most commonly used datasets.
 */
export function outcomeRule(evidence: Evidence, executions: Uint32Array): OutcomeRule | undefined {
  const { log, caseOf } = evidence;
  const done = executions.filter((e) => evidence.isClosed[caseOf[e]] === 1);
  if (done.length < LEAST) return undefined;
  const rows = done.subarray(Math.max(0, done.length - MOST));
  const outcome = Int32Array.from(rows, (e) =>
    e + 1 < log.caseStart[caseOf[e] + 1] ? log.activity[e + 1] : -1,
  );
  const things = recordedThings(evidence, rows);
  const train = Math.floor(rows.length * 0.6);
  const choose = Math.floor(rows.length * 0.8);
  const keyOf = (rule: number[], i: number) =>
    rule.length === 0
      ? 0
      : rule.length === 1
        ? things[rule[0]].value[i]
        : things[rule[0]].value[i] * 0x4000000 + things[rule[1]].value[i];
  const learn = (rule: number[], until: number) => {
    const counts = new Map<number, Map<number, number>>();
    for (let i = 0; i < until; i++) {
      const key = keyOf(rule, i);
      let own = counts.get(key);
      if (!own) counts.set(key, (own = new Map()));
      own.set(outcome[i], (own.get(outcome[i]) ?? 0) + 1);
    }
    return new Map([...counts].map(([key, own]) => [key, mostFrequent(own)]));
  };
  const rightOf = (rule: number[], from: number, to: number, until: number) => {
    const told = learn(rule, until);
    const usual = learn([], until).get(0)!;
    return Array.from({ length: to - from }, (_, k) =>
      (told.get(keyOf(rule, from + k)) ?? usual) === outcome[from + k] ? 1 : 0,
    );
  };
  const score = (rule: number[]) => ({ rule, right: sum(rightOf(rule, train, choose, train)) });
  const alone = things.map((_, t) => score([t]));
  const strong = [...alone].sort((x, y) => y.right - x.right || x.rule[0] - y.rule[0]).slice(0, PAIRED);
  const pairs = strong.flatMap((x, i) => strong.slice(i + 1).map((y) => score([x.rule[0], y.rule[0]])));
  let { rule: best, right: most } = score([]);
  for (const { rule, right } of [...alone, ...pairs])
    // a longer rule must earn its place
    if (right > most + rule.length) [best, most] = [rule, right];
  const held = rightOf(best, choose, rows.length, choose);
  return {
    by: best.map((t) => things[t].name),
    cases: Array.from(rows.subarray(choose), (e) => caseOf[e]),
    held,
    baseRate: sum(rightOf([], choose, rows.length, choose)) / held.length,
    rows,
    kind: Float64Array.from(rows.keys(), (i) => keyOf(best, i)),
    outcome,
  };
}

const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);
const mostFrequent = (counts: ReadonlyMap<number, number>) =>
  [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];

function recordedThings(evidence: Evidence, rows: Uint32Array): { name: string; value: Float64Array }[] {
  const { log, caseOf } = evidence;
  const things = [
    {
      name: "the step before",
      value: Float64Array.from(rows, (e) => (e > log.caseStart[caseOf[e]] ? log.activity[e - 1] : -1)),
    },
    ...evidence.caseKinds.slice(0, 10).map((column: NameColumn) => {
      const values = evidence.valueOfCases(column);
      return { name: column.name, value: Float64Array.from(rows, (e) => values[caseOf[e]]) };
    }),
  ];
  const amounts = Float64Array.from(rows, (e) => evidence.amountOfCase(caseOf[e]));
  const known = amounts.filter((amount) => isAmount(amount)).sort();
  if (evidence.amount && known.length > rows.length / 2) {
    const edges = Array.from(
      { length: AMOUNT_BINS - 1 },
      (_, i) => known[Math.floor(((i + 1) / AMOUNT_BINS) * known.length)],
    );
    things.push({
      name: evidence.amount.name,
      value: amounts.map((amount) =>
        Number.isNaN(amount) ? -1 : edges.filter((edge) => amount >= edge).length,
      ),
    });
  }
  return things;
}
