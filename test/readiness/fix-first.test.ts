import fc from "fast-check";
import type { Need } from "../../src/evidence/need.ts";
import { describe, expect, test } from "vitest";
import {
  fixFirstOf,
  remediesOf,
  USUAL_DAYS,
  verdictsAfter,
  type StepToFix,
} from "../../src/readiness/fix-first.ts";
import { LENSES } from "../../src/readiness/step-claims.ts";

type Claim = StepToFix["claims"][number];

const claim = (over: Partial<Claim> & Pick<Claim, "id">): Claim => ({
  says: { kind: "finding", id: over.id, title: "", sentence: `statement ${over.id}` },
  saidBy: { kind: "readiness" },
  source: "readiness",
  subject: null,
  verdict: "confirmed",
  n: 100,
  unit: "cases",
  against: 0,
  estimate: 1,
  interval: [0.96, 1],
  threshold: 0.9,
  needs: [],
  period: null,
  lastTrue: null,
  stoppedAt: null,
  key: "filled",
  lens: "data",
  need: "required",
  keepsPeople: false,
  detail: null,
  remedy: { key: `mend ${over.id}`, text: `mend ${over.id}`, effort: "days", decides: "process owner" },
  mends: true,
  toSay: false,
  comesFirst: false,
  onlySaid: false,
  ...over,
});
const lit = LENSES.map((lens) => claim({ id: lens, lens }));

const anyClaim = (id: string) =>
  fc
    .record({
      verdict: fc.constantFrom(
        "confirmed",
        "contradicted",
        "not enough evidence",
        "not testable here",
      ) as fc.Arbitrary<Claim["verdict"]>,
      need: fc.constantFrom("required", "wanted", "indifferent") as fc.Arbitrary<Claim["need"]>,
      lens: fc.constantFrom(...LENSES),
      keepsPeople: fc.boolean(),
      mends: fc.boolean(),
      needs: fc
        .constantFrom<Need>({ kind: "column", role: "person" }, { kind: "description" })
        .map((need) => [need]),
      effort: fc.constantFrom("days", "weeks", "months") as fc.Arbitrary<"days">,
    })
    .map(({ effort, ...rest }) =>
      claim({
        id,
        ...rest,
        remedy: { key: `mend ${id}`, text: `mend ${id}`, effort, decides: "process owner" },
      }),
    );
const anySteps: fc.Arbitrary<StepToFix[]> = fc
  .array(fc.tuple(fc.nat(500), fc.nat(6)), { minLength: 1, maxLength: 5 })
  .chain((shapes) =>
    fc.tuple(
      ...shapes.map(([executions, n], s) =>
        fc
          .tuple(...Array.from({ length: n }, (_, c) => anyClaim(`${s}.${c}`)))
          .map((claims): StepToFix => ({ step: `step ${s}`, executions, claims })),
      ),
    ),
  );

describe("what to do first", () => {
  test("one act that serves two steps is one remedy, and goes first when that makes most ready a day", () => {
    const missing = {
      verdict: "not testable here" as const,
      needs: [{ kind: "column" as const, role: "person" as const }],
    };
    const steps: StepToFix[] = [
      { step: "Sort", executions: 300, claims: [...lit, claim({ id: "s", ...missing })] },
      { step: "Copy", executions: 200, claims: [...lit, claim({ id: "c", ...missing })] },
      {
        step: "Pay",
        executions: 900,
        claims: [
          ...lit,
          claim({
            id: "p",
            verdict: "contradicted",
            remedy: { text: "Rebuild it", effort: "months", decides: "controller" },
          }),
        ],
      },
      { step: "File", executions: 100, claims: lit },
    ];
    const plan = fixFirstOf(steps);
    expect(plan.readyNow).toEqual({ steps: 1, share: 100 / 1500 });
    expect(plan.order.map(({ text, makesReady, readySteps }) => [text, makesReady, readySteps])).toEqual([
      ["Bring a person column.", ["Sort", "Copy"], 3],
      ["Rebuild it", ["Pay"], 4],
    ]);
    expect(plan.order.map(({ daysSoFar }) => daysSoFar)).toEqual([
      USUAL_DAYS.days,
      USUAL_DAYS.days + USUAL_DAYS.months,
    ]);
    // who knows that the rebuilding takes a day gets another order
    const { id } = plan.order[1];
    expect(
      fixFirstOf(steps, { [id]: 1 }).order.map(({ text, days, asked }) => [text, days, asked])[0],
    ).toEqual(["Rebuild it", 1, true]);
  });

  test("a remedy keeps its id when it is reworded, and so do the days that somebody said of it", () => {
    const said = (text: string): StepToFix[] => [
      {
        step: "Pay",
        executions: 1,
        claims: [
          ...lit,
          claim({
            id: "p",
            verdict: "contradicted",
            remedy: { key: "filled", text, effort: "days", decides: "controller" },
          }),
        ],
      },
    ];
    const [before] = remediesOf(said("Mend the field"));
    expect(remediesOf(said("Repair the field"), { [before.id]: 9 })).toMatchObject([
      { id: before.id, text: "Repair the field", days: 9, asked: true },
    ]);
  });

  test("what no remedy turns stays, with what is in the way", () => {
    const enough = claim({ id: "e", lens: "business impact", verdict: "contradicted", mends: false });
    const plan = fixFirstOf([{ step: "Rare", executions: 3, claims: [...lit, enough] }]);
    expect([plan.order, plan.stay]).toEqual([
      [],
      [{ step: "Rare", because: "the evidence contradicts that statement e" }],
    ]);
  });

  test("by the verdict's own rule: what the plan calls ready is ready, what it leaves out is not, whatever is done", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const plan = fixFirstOf(steps);
        const total = Math.max(
          1,
          steps.reduce((sum, { executions }) => sum + executions, 0),
        );
        const done = new Set<string>();
        for (const one of plan.order) {
          done.add(one.id);
          const ready = verdictsAfter(steps, done).filter(({ after }) => after === "ready");
          expect(ready.length).toBe(one.readySteps);
          for (const step of one.makesReady) expect(ready.map((r) => r.step)).toContain(step);
          const share = ready.reduce(
            (sum, { step }) => sum + steps.find((s) => s.step === step)!.executions,
            0,
          );
          expect(one.readyShare).toBeCloseTo(share / total, 12);
        }
        const stay = new Set(plan.stay.map(({ step }) => step));
        for (const { step, after } of verdictsAfter(steps, done))
          if (!stay.has(step)) expect([step, after]).toEqual([step, "ready"]);
        const all = new Set(remediesOf(steps).map(({ id }) => id));
        for (const { step, after } of verdictsAfter(steps, all))
          if (stay.has(step)) expect([step, after === "ready"]).toEqual([step, false]);
      }),
      { numRuns: 5000 },
    );
  });

  test("the first step that is made ready is the best of all by executions a day (all tried)", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const plan = fixFirstOf(steps);
        if (plan.order.length === 0) return;
        const days = new Map(remediesOf(steps).map((one) => [one.id, one.days]));
        const rateOf = (ids: readonly string[]) => {
          const after = verdictsAfter(steps, new Set(ids));
          const gain = after
            .filter(({ before, after: now }) => before !== "ready" && now === "ready")
            .reduce((sum, { step }) => sum + (steps.find((s) => s.step === step)!.executions || 0.5), 0);
          return gain / ids.reduce((sum, id) => sum + days.get(id)!, 0);
        };
        const mine = rateOf(plan.order.filter(({ group }) => group === 1).map(({ id }) => id));
        for (const { step } of steps) {
          const alone = fixFirstOf(steps.filter((one) => one.step === step)).order.map(({ id }) => id);
          if (alone.length > 0) expect(mine).toBeGreaterThanOrEqual(rateOf(alone) - 1e-9);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
