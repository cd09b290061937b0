import type { Description, Rule } from "../src/description/description.ts";
import { answerRules } from "../src/evidence/rules/answer-rules.ts";
import type { CaseView } from "../src/evidence/rules/case-view.ts";
import { Random } from "../src/statistics/random.ts";
import { markdown } from "./measure.ts";

const SEED = 1;
const STEPS = ["Request", "Quote", "Approve", "Order", "Receive", "Record", "Check", "Pay"];

const RULES: Rule[] = [
  { before: "Order", must: "Approve", when: { amount: { atLeast: 500 } } },
  { separate: ["Request", "Approve", "Pay"] },
  { limit: "Approve", role: "Boss", upTo: 1000 },
  { limit: "Approve", person: "p1", upTo: 5000 },
  { deadline: "Pay", within: "30d", after: "Record" },
  { deadline: "Record", by: "due" },
];

/**
 * How long do the rules of a description take for one case with a proposed event: what an assistant or an
 * approver waits for. Trivial competitor: asking nothing, which answers nothing.
 */
export function rules(): string {
  const description: Description = {
    process: "Purchases",
    roles: { Boss: ["p1", "p2"], Clerk: ["p3", "p4", "p5"] },
    flow: STEPS,
    rules: RULES,
  };
  const rows = [8, 32, 128].map((events) => {
    const random = new Random(SEED);
    const cases = Array.from({ length: 200 }, (): CaseView => ({
      now: 1e12 + events * 3_600_000,
      values: { due: 1e12 + random.next() * 1e9 },
      events: Array.from({ length: events }, (_, i) => ({
        activity: STEPS[Math.floor(random.next() * STEPS.length)],
        time: 1e12 + i * 3_600_000,
        person: `p${1 + Math.floor(random.next() * 8)}`,
        values: { amount: Math.round(random.next() * 3000) },
      })),
    }));
    const proposed = { activity: "Pay", person: "p3", values: { amount: 700 } };
    let [broken, answers] = [0, 0];
    const took: number[] = [];
    for (let round = 0; round < 30; round++)
      for (const view of cases) {
        const began = performance.now();
        const said = answerRules(description, view, proposed);
        took.push((performance.now() - began) * 1000);
        answers += said.length;
        for (const { answer } of said) if (answer === "broken") broken++;
      }
    took.sort((a, b) => a - b);
    const at = (share: number) => took[Math.floor(share * (took.length - 1))].toFixed(1);
    return [
      String(events),
      String(RULES.length),
      String(took.length),
      at(0.5),
      at(0.99),
      `${((100 * broken) / answers).toFixed(0)} %`,
    ];
  });
  return `One case with a proposed event, seed ${SEED}; microseconds for all rules.\n\n${markdown(
    ["events of the case", "rules", "n", "median", "99 %", "answers that are broken"],
    rows,
  )}`;
}
