import { wilsonLow } from "../statistics/intervals.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import { needsDescription } from "../evidence/needs.ts";

/**
 * Finds described steps in an order that nobody described: the flow has A before B in every run that has
 * both, and B came first. First executions are compared, so that work that comes back is left to `rework`;
 * equal times count as in order; approvals that come late are `approval-after-the-fact`.
 *
 * In each case the disorder is put down to the step that is out of order with most others, over all cases
 * where that is a tie. One finding per such step, in more than `minShare` of the cases that have it, by the
 * 95 % interval. Work: for each case, the pairs of its described steps.
 */
export const undocumentedPath = defineDetector({
  id: "undocumented-path",
  category: "documentation",
  title: "Steps run in an order nobody described",
  question: "Where does the order of work differ from the described one?",
  remedy: {
    text: "Decide which order is right, and write that one down.",
    effort: "days",
    decides: "process owner",
  },
  yieldsToSameCases: ["approval-after-the-fact", "ping-pong", "rework"],
  options: { minCases: 5, minShare: 0.008 },

  missing: needsDescription,

  detect(evidence, { minCases, minShare }) {
    const { log, described } = evidence;
    const { steps, order, stepOf } = described!;
    const n = steps.length;
    const precedes = new Uint8Array(n * n);
    steps.forEach((a, i) =>
      steps.forEach((b, j) => {
        if (!a.isApproval && order.precedes(a.name, b.name)) precedes[i * n + j] = 1;
      }),
    );
    const total = new Float64Array(n); // disorders that each step is part of, over all cases
    const withStep = new Float64Array(n);
    const disorders: { c: number; pairs: [early: number, late: number][] }[] = [];
    const firstRow = new Int32Array(n);
    for (let c = 0; c < log.caseCount; c++) {
      firstRow.fill(-1);
      const seen: number[] = [];
      for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
        const s = stepOf[log.activity[e]];
        if (s < 0 || firstRow[s] >= 0) continue;
        firstRow[s] = e;
        seen.push(s);
        withStep[s]++;
      }
      if (evidence.beganBefore[c]) continue;
      let pairs: [number, number][] | undefined;
      for (let i = 0; i < seen.length; i++) {
        for (let j = i + 1; j < seen.length; j++) {
          // seen[i] came first though seen[j] should have
          if (!precedes[seen[j] * n + seen[i]] || log.time[firstRow[seen[i]]] >= log.time[firstRow[seen[j]]])
            continue;
          (pairs ??= []).push([seen[i], seen[j]]);
          total[seen[i]]++;
          total[seen[j]]++;
        }
      }
      if (pairs) disorders.push({ c, pairs });
    }
    const blamed: { cases: number[]; pairs: Map<string, number> }[] = steps.map(() => ({
      cases: [],
      pairs: new Map(),
    }));
    for (const { c, pairs } of disorders) {
      const own = new Float64Array(n);
      for (const [a, b] of pairs) {
        own[a]++;
        own[b]++;
      }
      let worst = -1;
      // of two that are out of order with each other alone, the one that came too early
      for (const [a, b] of pairs)
        for (const s of [a, b])
          if (worst < 0 || own[s] > own[worst] || (own[s] === own[worst] && total[s] > total[worst]))
            worst = s;
      blamed[worst].cases.push(c);
      for (const [a, b] of pairs) {
        const words = `"${steps[a].name}" before "${steps[b].name}"`;
        if (a === worst || b === worst)
          blamed[worst].pairs.set(words, (blamed[worst].pairs.get(words) ?? 0) + 1);
      }
    }
    const found: Observation[] = [];
    blamed.forEach(({ cases, pairs }, s) => {
      if (cases.length < minCases || wilsonLow(cases.length, withStep[s]) < minShare) return;
      const usual = [...pairs].sort((x, y) => y[1] - x[1]);
      found.push({
        subject: described!.subjectOf(s),
        statement: `In ${cases.length} of ${withStep[s]} cases "${steps[s].name}" is done at another place than described, mostly ${usual[0][0]}.`,
        cases: caseSet(cases),
        outOf: withStep[s],
        people: [],
        facts: usual.slice(0, 6).map(([words, count]): [string, string] => [words, `${count} cases`]),
      });
    });
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});
