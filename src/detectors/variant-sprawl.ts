import { wilsonLow } from "../statistics/intervals.ts";
import { caseSet, defineDetector } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";

/**
 * Finds processes that are done in nearly as many ways as there are cases.
 *
 * Two orders of the same work count as one way where the order does not matter: activities that often stand
 * side by side in both orders are independent, and sequences that differ only in them are the same trace in
 * the sense of Mazurkiewicz (1977); repetitions in a row count once, and activities that only make up for
 * something are left out (they have a finding of their own). A way is rare when fewer than 1 % of the closed
 * cases (and fewer than 4) take it. A finding when the share of cases in rare ways lies above `minShare`, by
 * its 95 % interval.
 *
 * Reads `activity` only. One finding or []. Cost: one pass, then O(variants × length²).
 */
export const variantSprawl = defineDetector({
  id: "variant-sprawl",
  category: "documentation",
  title: "Nearly every case takes its own way",
  question: "Is there a usual way through the process, or does every case take its own?",
  remedy: {
    text: "Agree on the few ways that are needed, and let the rest be exceptions with a name.",
    effort: "months",
    decides: "process owner",
  },
  options: { minShare: 0.15, minCases: 60 },

  missing: () => [],

  detect(evidence, { minShare, minCases }) {
    const { log, isClosed, variants } = evidence;
    const { caseCount } = log;
    const closed = isClosed.reduce((sum, flag) => sum + flag, 0);
    if (closed < minCases) return [];

    const independent = independentPairs(evidence);
    const classOf = new Uint32Array(variants.caseCount.length);
    const classes = new Map<string, number>();
    variants.example.forEach((c, v) => {
      const key = normalForm(evidence, c, independent).join(",");
      let k = classes.get(key);
      if (k === undefined) classes.set(key, (k = classes.size));
      classOf[v] = k;
    });
    const size = new Uint32Array(classes.size);
    for (let c = 0; c < caseCount; c++) if (isClosed[c]) size[classOf[variants.variantOf[c]]]++;
    const limit = Math.max(3, Math.floor(closed * 0.01));
    const rare: number[] = [];
    for (let c = 0; c < caseCount; c++)
      if (isClosed[c] && size[classOf[variants.variantOf[c]]] <= limit) rare.push(c);
    if (wilsonLow(rare.length, closed) < minShare) return [];

    const ways = size.filter((n) => n > 0).length;
    const usual = [...size]
      .sort((a, b) => b - a)
      .slice(0, 5)
      .reduce((a, b) => a + b, 0);
    return [
      {
        subject: "whole process",
        statement: `${closed} closed cases took ${ways} different ways through the process, counting orders that do not matter as one; the five most usual cover ${Math.round((usual / closed) * 100)} % of them.`,
        cases: caseSet(rare),
        outOf: closed,
        people: [],
        facts: [
          ["different sequences", String(variants.caseCount.length)],
          ["a way is rare below", `${limit + 1} cases`],
        ],
      },
    ];
  },
});

type Pairs = (a: number, b: number) => boolean;

/**
 * Pairs that stand side by side at least 5 times in each order, the rarer order at least a fifth as often.
 */
function independentPairs({ follows: { codes, counts }, activityNames }: Evidence): Pairs {
  const n = activityNames.length;
  const beside = new Map<number, number>();
  codes.from.forEach((a, k) => beside.set(a * n + codes.to[k], counts.count[k]));
  return (a, b) => {
    const ab = beside.get(a * n + b) ?? 0;
    const ba = beside.get(b * n + a) ?? 0;
    return Math.min(ab, ba) >= 5 && Math.min(ab, ba) >= Math.max(ab, ba) * 0.2;
  };
}

/** The least sequence, by activity number, that exchanging independent neighbours leads to. */
function normalForm({ log, isCompensating }: Evidence, c: number, independent: Pairs): number[] {
  const { caseStart, activity } = log;
  const sequence: number[] = [];
  for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
    if (!isCompensating[activity[e]] && activity[e] !== sequence.at(-1)) sequence.push(activity[e]);
  }
  if (sequence.length > 400) return sequence;
  for (let changed = true, rounds = 0; changed && rounds < sequence.length; rounds++) {
    changed = false;
    for (let i = 1; i < sequence.length; i++) {
      const [a, b] = [sequence[i - 1], sequence[i]];
      if (b < a && independent(a, b)) {
        sequence[i - 1] = b;
        sequence[i] = a;
        changed = true;
      }
    }
  }
  return sequence.filter((a, i) => a !== sequence[i - 1]);
}
