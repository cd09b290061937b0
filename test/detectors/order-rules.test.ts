import fc from "fast-check";
import { expect, test } from "vitest";
import { checkOrder, orderRules } from "../../src/detectors/order-rules.ts";
import { descriptionOf, evidenceOf } from "./detect.ts";
import { PURCHASE, rowsOfSteps } from "./processes.ts";

test("checks of order equal the definition read literally on random logs", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.array(fc.constantFrom<string[]>("Request", "Approve request", "Order", "Check", "Pay", "Other"), {
          minLength: 1,
          maxLength: 7,
        }),
        { minLength: 1, maxLength: 25 },
      ),
      (traces) => {
        const rows = rowsOfSteps(
          traces.map((trace) => trace.map((activity): [string, string] => [activity, "x"])),
        );
        const evidence = evidenceOf(rows, { description: descriptionOf(PURCHASE) });
        for (const rule of orderRules(evidence)) {
          const name = evidence.described!.steps[rule.step].name;
          const behind = new Set(PURCHASE.flow.slice(PURCHASE.flow.indexOf(name) + 1));
          const checked = checkOrder(evidence, rule);
          const about = traces.filter(
            (trace, c) => trace.some((a) => behind.has(a)) && !evidence.beganBefore[c],
          );
          expect(checked.cases).toBe(about.length);
          expect(checked.bypassed.length).toBe(about.filter((trace) => !trace.includes(name)).length);
          expect(checked.late.length).toBe(
            about.filter(
              (trace) => trace.includes(name) && trace.indexOf(name) > trace.findIndex((a) => behind.has(a)),
            ).length,
          );
        }
      },
    ),
    { numRuns: 100 },
  );
});
