import { describe, expect, test } from "vitest";
import { parseDescription } from "../../src/description/read-description.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { asItStands } from "../../src/readiness/as-it-stands.ts";
import { gateOf } from "../../src/readiness/gate.ts";
import { readinessOf, RULE_VERSION, type StepReadiness } from "../../src/readiness/readiness.ts";
import {
  saidOfStep,
  withoutProgramsWord,
  type SaidTask,
  type StepStatement,
} from "../../src/readiness/said-of-step.ts";
import { SAID_TASKS } from "../../src/description/description.ts";
import { readLog } from "../../src/formats/index.ts";
import { Random } from "../../src/statistics/random.ts";
import { logOfRows, MONDAY, type TestRow } from "../log-of.ts";
import { shared, whySkipped } from "../shared.ts";
import { join } from "node:path";

const HOUR = 3_600_000;

/**
 * Steps that decide by a coin, as people call them: in English, German and French, and words that nobody has
 * heard of.
 */
const COINS =
  "Handle claim, Process item, Clear order, Settle case, Work on request, Do the needful, Tender outcome, Committee round, Finish file, Complete dossier, Bearbeitung Antrag, Vorgang abarbeiten, Fall abschließen, Sachbearbeitung, Erledigung, Würdigung, Beschlussfassung, Sitzung, Klausur, Dienstweg, Traiter le dossier, Instruire la demande, Passage en commission, Arbitrage, Étude du cas, Florben, Quazz, XR-17, Zapple unit, Wibbling".split(
    ", ",
  );
/** Acts that nobody can take back. */
const ACTS =
  "Disburse, Wire funds, Settle invoice, Remit, Dispatch goods, Issue cheque, Shred file, Post to ledger and close, Release consignment, Notify authority, Auszahlung, Anweisen, Ausliefern, Vernichten, Bescheid erlassen, Abbuchen, Ausbuchen, Exmatrikulieren, Freischalten, Abschalten, Virement, Décaisser, Expédier, Détruire le dossier, Résilier, Mandater, Liquider, Flurg out, Znip, T-44".split(
    ", ",
  );

/**
 * A process around one step: with `coin` what follows it is a toss, else a column tells it. Frequent,
 * complete, checked behind.
 */
function around(step: string, coin: boolean): TestRow[] {
  const random = new Random(`gate ${step}`);
  return Array.from({ length: 500 }, (_, c): TestRow[] => {
    const at = MONDAY + c * 6 * HOUR;
    const category = random.pick(["red", "blue"]);
    const goes = coin ? random.pick(["red", "blue"]) : category;
    return [
      ["Register", 0, random.pick(["a", "b"])],
      [step, 1, random.pick(["c", "d", "e"])],
      [goes === "red" ? "Left desk" : "Right desk", 2, random.pick(["f", "g"])],
      ["Check result", 3, random.pick(["h", "i"])],
      ["File", 4, random.pick(["h", "i"])],
    ].map(([activity, hours, person]) => ({
      case: `c${c}`,
      activity: activity as string,
      start: at + ((hours as number) - 0.1) * HOUR,
      time: at + (hours as number) * HOUR,
      person: person as string,
      category,
    }));
  }).flat();
}

const CHECKED: Record<string, StepStatement> = { "Check result": { task: "check", undo: "yes" } };

function judged(step: string, coin: boolean, said?: StepStatement): StepReadiness {
  const evidence = new Evidence(logOfRows(around(step, coin)));
  const { steps } = readinessOf(
    evidence,
    { findings: [], notTestable: [] },
    { ...CHECKED, ...(said && { [step]: said }) },
  );
  return steps.find((one) => one.step === step)!;
}
const open = (one: StepReadiness) => gateOf("P", one, "2027-01-01T00:00:00Z").open;

describe("the gate fails closed", () => {
  test("for every one of 60 steps of which nobody has said what kind of task they are; saying it is the first thing to do", () => {
    for (const [names, coin] of [
      [COINS, true],
      [ACTS, false],
    ] as const) {
      expect(names).toHaveLength(30);
      for (const name of names) {
        const one = judged(name, coin);
        expect([name, open(one), one.verdict]).toEqual([name, false, "not enough evidence"]);
        expect(one.sentence).toContain(`Missing: what kind of task "${name}" is`);
        expect(one.actions[0]).toMatchObject({
          text: "Say what kind of task it is, and whether a wrong one can be undone.",
          decides: "process owner",
        });
      }
    }
  });

  test("for every step whose outcome is a coin, whatever kind of task people say it is", () => {
    for (const [i, name] of COINS.entries()) {
      const task = SAID_TASKS[i % SAID_TASKS.length];
      const one = judged(name, true, { task, undo: "yes" });
      expect([name, task, open(one), one.verdict]).toEqual([name, task, false, "keep with people"]);
      // what was said is contradicted, not only something beside it
      expect(one.claims.find(({ key }) => key === "decides-nothing")!.verdict).toBe("contradicted");
    }
  });

  test("for every act that cannot be undone, and for all that decide; it opens for what is said to be neither and is told by what is recorded", () => {
    for (const [i, name] of ACTS.entries()) {
      const others = SAID_TASKS.filter((task) => task !== "decide");
      const task = others[i % others.length];
      expect([name, open(judged(name, false, { task, undo: "no" }))]).toEqual([name, false]);
      expect([name, open(judged(name, false, { task: "decide", undo: "yes" }))]).toEqual([name, false]);
    }
    // half of an answer is none
    expect(open(judged("Znip", false, { task: "copy" }))).toBe(false);
    expect(open(judged("Znip", false, { undo: "yes" }))).toBe(false);
    // the gate is no wall: a gate that never opens would pass all of the above
    for (const task of ["copy", "sort", "check", "track", "extract"] as const)
      expect([task, open(judged("Znip", false, { task, undo: "yes" }))]).toEqual([task, true]);
  });

  test("what is judged by another rule, or before people said something else, tells nothing", () => {
    const one = judged("Znip", false, { task: "copy", undo: "yes" });
    const standing = (step: object, now?: [SaidTask, string]) =>
      asItStands(
        [step as StepReadiness],
        now && (() => saidOfStep({ task: now[0], undo: now[1] }, undefined)),
      );
    expect(gateOf("P", standing(one)[0], "").open).toBe(true);
    expect(gateOf("P", standing(one, ["copy", "yes"])[0], "").open).toBe(true);
    for (const [step] of [
      standing({ ...one, rule: RULE_VERSION - 1 }),
      standing({ ...one, rule: undefined }),
      standing(one, ["sort", "yes"]),
      standing(one, ["copy", "no"]),
      standing(one, ["decide", "yes"]),
    ]) {
      expect(gateOf("P", step, "").open).toBe(false);
      expect(step).toMatchObject({ verdict: "not enough evidence", sentence: expect.any(String) as string });
    }
    // an audit of an older version knows none of these words
    const { said: _said, guess: _guess, decides: _decides, ...old } = one;
    const [step] = standing({ ...old, rule: 3 });
    expect([gateOf("P", step, "").open, step.sentence]).toEqual([
      false,
      "Not judged yet. It was judged by rule 3, which no longer counts.",
    ]);
  });

  test("a confirmation is of the activities that were the step then: what is mapped to it later was not spoken of", () => {
    const rows = [
      ...around("Znip", false),
      ...around("Florben", true).map((row) => ({ ...row, case: `f${row.case}` })),
    ];
    const said = { ...CHECKED, Step: { activities: ["Znip"], task: "copy", undo: "yes" } as const };
    const of = (mapping: string) =>
      readinessOf(
        new Evidence(logOfRows(rows), {
          description: parseDescription(
            `process: P\nflow: [Register, Step, Check result, File]\nmapping: ${mapping}\n`,
            "d.yaml",
          ).description,
        }),
        { findings: [], notTestable: [] },
        said,
      ).steps.find(({ step }) => step === "Step")!;
    expect(of("{ Znip: Step }").said.kind).toBe("copy");
    expect(of("{ Znip: Step, Florben: Step }")).toMatchObject({
      said: { kind: null },
      verdict: "not enough evidence",
    });
  });

  test("an override lets nothing pass that decides, or of which nobody has said whether it does", () => {
    const override = { by: "Ana", reason: "it must go on", until: "2027-02-01T00:00:00Z" };
    const decides = judged("Znip", false, { task: "decide", undo: "yes" });
    expect(gateOf("P", decides, "", override)).toMatchObject({ open: false, override: null });
    expect(gateOf("P", judged("Znip", false), "", override)).toMatchObject({ open: false, override: null });
    const act = judged("Znip", false, { task: "copy", undo: "no" });
    expect(gateOf("P", act, "", override)).toMatchObject({ open: true, override });
  });
});

describe("what is said of a step", () => {
  test("of two that differ the stricter counts, and what cannot be told apart counts as not said", () => {
    const kind = (described?: SaidTask, confirmed?: SaidTask) =>
      saidOfStep({ task: described }, { task: confirmed }).kind;
    expect([kind("copy"), kind(undefined, "copy"), kind("copy", "copy"), kind()]).toEqual([
      "copy",
      "copy",
      "copy",
      null,
    ]);
    expect([kind("decide", "copy"), kind("copy", "decide"), kind("sort", "copy")]).toEqual([
      "decide",
      "decide",
      null,
    ]);
    expect(saidOfStep({ task: "sort", undo: "yes" }, { task: "copy", undo: "no" })).toEqual({
      kind: null,
      kindSaidBy: null,
      undo: "no",
      undoSaidBy: "confirmation",
      differs: ["kind"],
    });
  });

  test("of a description that only a program answers for, nothing counts but what is stricter", () => {
    const steps = {
      A: { role: "R", task: "copy" as const, undo: "yes" },
      B: { task: "decide" as const, undo: "no" },
    };
    expect(withoutProgramsWord({ steps }).steps).toEqual({
      A: { role: "R" },
      B: { task: "decide", undo: "no" },
    });
  });
});

test.skipIf(!shared)(
  `on the log of requests for payment, nothing is open that nobody has said anything about${whySkipped}`,
  async () => {
    const { log } = await readLog(join(shared!, "data/logs/bpic2020_RequestForPayment.xes.gz"));
    const { steps } = readinessOf(new Evidence(log), { findings: [], notTestable: [] });
    const final = steps.find(({ step }) => step === "Request For Payment FINAL_APPROVED by SUPERVISOR")!;
    expect(final).toMatchObject({ executions: 6226, verdict: "not enough evidence" });
    expect(steps.filter(open)).toEqual([]);
    // who knows the process says that it is an approval, by naming the approvals
    const approvals = steps.map(({ step }) => step).filter((name) => name.includes("APPROVED"));
    const said = readinessOf(new Evidence(log, { approvals }), { findings: [], notTestable: [] }).steps;
    const kept = said.filter(({ verdict }) => verdict === "keep with people").map(({ step }) => step);
    expect(kept.sort()).toEqual(approvals.sort());
  },
);
