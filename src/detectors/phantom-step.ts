import { caseSet, defineDetector, type Observation } from "./detector.ts";
import { needsDescription } from "../evidence/needs.ts";
import { flags } from "../evidence/rules/in-case.ts";

/**
 * Finds described steps that are not done: never seen in the evidence, or, for steps that every run has
 * before others, in less than `minDone` of the cases that went past them or ended. `cases` are those without
 * it.
 *
 * Needs `minCases` cases, so that a rare way is not taken for a dead one. Who does such a step on paper or by
 * mail leaves no trace: the statement says "not seen here".
 */
export const phantomStep = defineDetector({
  id: "phantom-step",
  category: "documentation",
  title: "A described step is not done",
  question: "Which described steps does nobody do?",
  remedy: {
    text: "Strike the step from the description, or make the system ask for it.",
    effort: "days",
    decides: "process owner",
  },
  options: { minCases: 50, minDone: 0.02 },

  missing: needsDescription,

  detect(evidence, { minCases, minDone }) {
    const { log, isClosed, described } = evidence;
    const { steps, order } = described!;
    const found: Observation[] = [];
    for (const step of steps) {
      const followers = steps.filter((other) => order.requires(step.name, other.name));
      const mandatory = order.mandatory.has(step.name) || followers.length > 0;
      const own = flags(step.activities, log.activities.length);
      const later = flags(
        followers.flatMap(({ activities }) => activities),
        log.activities.length,
      );
      const without: number[] = [];
      let eligible = 0;
      for (let c = 0; c < log.caseCount; c++) {
        let has = false;
        let past = isClosed[c] === 1 && (!mandatory || order.mandatory.has(step.name));
        for (let e = log.caseStart[c]; e < log.caseStart[c + 1] && !has; e++) {
          if (own[log.activity[e]]) has = true;
          else if (later[log.activity[e]]) past = true;
        }
        if (!has && !past) continue;
        eligible++;
        if (!has) without.push(c);
      }
      const done = eligible - without.length;
      if (eligible < minCases || (mandatory ? done >= eligible * minDone : done > 0)) continue;
      found.push({
        subject: step.name,
        statement:
          done === 0
            ? `"${step.name}" is described${mandatory ? "" : " as something that can happen"} and not seen once in ${eligible} cases.`
            : `"${step.name}" is described as part of every case and seen in ${done} of ${eligible}.`,
        cases: caseSet(without),
        outOf: eligible,
        people: [],
        facts: [["seen in", `${done} of ${eligible} cases`]],
      });
    }
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});
