import { describe, expect, test } from "vitest";
import { answerQuestions, meaningOf, type Answers } from "../../src/audit/answers.ts";
import { judgeProcess } from "../../src/judgement/judge-process.ts";
import { judge, type Statement } from "../../src/audit/claims.ts";
import { saidByInWords } from "../../src/wording/claims.ts";
import { claimsOfDescription } from "../../src/audit/description-claims.ts";
import { compareWithPast, type PastAudit } from "../../src/audit/history.ts";
import { drawPrecision, precisionOf, type Review } from "../../src/audit/precision.ts";
import { OPENING, questions } from "../../src/audit/questions.ts";
import { remedies } from "../../src/audit/remedies.ts";
import { claimsOfRequirements } from "../../src/audit/requirements.ts";
import { runAudit } from "../../src/audit/run-audit.ts";
import { descriptionSchema } from "../../src/description/description.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { detectors } from "../../src/detectors/index.ts";
import { logOf, logOfRows, type TestRow } from "../log-of.ts";

const DAY = 86_400_000;
const START = Date.UTC(2025, 0, 6, 9);
const said: Statement = {
  says: { kind: "process seen" },
  saidBy: { kind: "description", version: null, signedBy: null },
  source: "description",
};

/** n cases a day apart, of which those in `wrong` do B before A. */
function rows(n: number, wrong: (c: number) => boolean): TestRow[] {
  return Array.from({ length: n }, (_, c) =>
    (wrong(c)
      ? ["Pay bill", "Approve order", "Close case"]
      : ["Approve order", "Pay bill", "Close case"]
    ).map((activity, i): TestRow => ({
      case: `c${c}`,
      activity,
      person: `p${(c + i) % 5}`,
      time: START + c * DAY + i * 3_600_000 + (c % 40) * 1000,
      cost_centre: c % 50 === 0 ? undefined : `CC${c % 4}`,
    })),
  ).flat();
}
const description = descriptionSchema.parse({
  process: "p",
  version: 2,
  flow: ["Approve order", "Pay bill", "Close case"],
  steps: { "Pay bill": { role: "R" } },
  roles: { R: ["*"] },
});
const evidenceOf = (list: TestRow[]) => new Evidence(logOfRows(list), { description });

describe("verdicts", () => {
  const evidence = new Evidence(logOf(...Array.from({ length: 400 }, () => "A B")));
  const outcomes = (n: number, against: number) => ({
    cases: Array.from({ length: n }, (_, c) => c),
    // spread over the weeks: cases in a row would hang together
    held: Array.from({ length: n }, (_, c) =>
      against > 0 && c % Math.floor(n / against) === 0 && c / Math.floor(n / against) < against ? 0 : 1,
    ),
  });
  test.each([
    [58, 0, "not enough evidence"],
    [59, 0, "confirmed"],
    [400, 1, "contradicted"],
    [0, 0, "not enough evidence"],
  ])("a rule without exception: %i cases, %i against: %s", (n, against, verdict) => {
    expect(judge(evidence, said, outcomes(n, against), null).verdict).toBe(verdict);
  });
  test.each([
    [400, 4, 0.95, "confirmed"],
    [400, 100, 0.95, "contradicted"],
    [400, 20, 0.95, "not enough evidence"],
    [10, 0, 0.95, "not enough evidence"],
  ])("a threshold: %i cases, %i against, at least %f: %s", (n, against, threshold, verdict) => {
    const claim = judge(evidence, said, outcomes(n, against), threshold);
    expect(claim.verdict).toBe(verdict);
    expect(claim.interval![0]).toBeLessThanOrEqual(claim.estimate!);
    expect(claim.interval![1]).toBeGreaterThanOrEqual(claim.estimate!);
    expect(claim.caseIds).toHaveLength(against);
  });
  test("a share with nothing to divide by is absent", () => {
    expect(judge(evidence, said, outcomes(0, 0), 0.9)).toMatchObject({ estimate: null, interval: null });
  });
});

describe("what a description says", () => {
  test("is claimed step by step, and dated when it stopped being true", () => {
    const claims = claimsOfDescription(evidenceOf(rows(300, (c) => c >= 200)));
    const order = claims.find(({ key }) => key === "order/Approve order/Pay bill")!;
    expect(order).toMatchObject({
      verdict: "contradicted",
      n: 300,
      against: 100,
      saidBy: { kind: "description", version: 2, signedBy: null },
      subject: "Pay bill",
    });
    expect(order.lastTrue).toBe(new Date(START + 199 * DAY + (199 % 40) * 1000).toISOString());
    expect(order.stoppedAt).toBe("2025-07-01T00:00:00.000Z");
    expect(claims.find(({ key }) => key === "step-done/Approve order")).toMatchObject({
      verdict: "confirmed",
      against: 0,
    });
  });
  test("more statements than cases are counted as statements, not as cases", () => {
    const evidence = evidenceOf(rows(3, () => false));
    const claims = claimsOfDescription(evidence).map((claim) => ({
      ...claim,
      verdict: "contradicted" as const,
      says: { kind: "step happens" as const, step: "A" },
    }));
    expect(claims.length).toBeGreaterThan(3);
    const { answered } = answerQuestions({ evidence, findings: [], notTestable: [], claims }, undefined);
    expect(answered[3].claim).toMatchObject({
      n: claims.length,
      unit: "statements",
      against: claims.length,
      caseIds: [],
      lastTrue: null,
    });
  });
  test("steps that the log lacks: a rule on one cannot be tested; without any, nothing can, and both say what is missing", () => {
    const list = rows(60, () => false);
    const withRule = descriptionSchema.parse({
      process: "p",
      flow: ["Approve order", "Pay bill", "Close case"],
      rules: [{ before: "Ship it to the moon", must: "Approve order" }],
    });
    const rule = claimsOfDescription(new Evidence(logOfRows(list), { description: withRule })).filter(
      ({ verdict }) => verdict === "not testable here",
    );
    expect(rule.map(({ needs }) => needs)).toEqual([[{ kind: "step", name: "Ship it to the moon" }]]);
    const other = descriptionSchema.parse({ process: "p", flow: ["Knead", "Bake"] });
    const claims = claimsOfDescription(new Evidence(logOfRows(list), { description: other }));
    expect(claims.map(({ verdict, needs }) => [verdict, needs.length])).toEqual([["not testable here", 1]]);
  });
});

describe("requirements", () => {
  test("sentences that can be tested are, with their line; others say that nobody tested them", () => {
    const claims = claimsOfRequirements(evidenceOf(rows(200, (c) => c === 107)), {
      name: "req.md",
      text: "# Needs\n- The cost centre must be filled in at least 90 % of cases.\n- The approval of an order (approve order) must always come before anybody can pay the bill.\n- At least 20 cases a month are required.\nThe tool shall be friendly.\nIt was a nice day.",
    });
    expect(claims.map(({ saidBy, verdict }) => [saidByInWords(saidBy), verdict])).toEqual([
      ["req.md, line 2", "confirmed"],
      ["req.md, line 3", "contradicted"],
      ["req.md, line 4", "not enough evidence"],
      ["req.md, line 5", "not testable here"],
    ]);
    expect(claims[1].caseIds).toEqual(["c107"]);
  });
});

describe("the thirty questions", () => {
  test("are six to a category, each with an answer that is well and one that is not", () => {
    expect(questions.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    const counts = new Map<string, number>();
    for (const { category, options, detectors: own } of questions) {
      counts.set(category, (counts.get(category) ?? 0) + 1);
      expect(options.map(({ means }) => means)).toEqual(["good", "partly", "bad", "unknown"]);
      for (const id of own)
        expect(
          detectors.some((d) => d.id === id),
          id,
        ).toBe(true);
    }
    expect([...counts.values()]).toEqual([6, 6, 6, 6, 6]);
    expect(OPENING).toHaveLength(6);
  });
  test("every detector has a remedy, and no remedy is for none", () => {
    expect(Object.keys(remedies).sort()).toEqual(detectors.map(({ id }) => id).sort());
  });
  test("answers mean what their letters, texts and plain words mean", () => {
    const question = questions[7];
    expect(
      ["a", question.options[0].text, "always", "No", "don’t know", "x"].map((answer) =>
        meaningOf(question, answer),
      ),
    ).toEqual(["good", "good", "good", "bad", "unknown", undefined]);
  });

  const answered = (answers: Answers, list: TestRow[]) => {
    const evidence = evidenceOf(list);
    const { findings, notTestable } = runAudit(evidence);
    return answerQuestions(
      { evidence, findings, notTestable, claims: claimsOfDescription(evidence) },
      answers,
    );
  };
  const people = (...all: Record<string, string>[]): Answers => ({
    released: false,
    people: all.map((answers, i) => ({ by: `Person ${i}`, answers })),
  });

  test("said to be well and not so is a blind spot; so is the other way round", () => {
    const messy = rows(200, (c) => c % 2 === 0);
    const { answered: list, blindSpots } = answered(people({ 2: "a", 14: "c" }), messy);
    expect(list[1]).toMatchObject({ evidence: "not well", verdict: "contradicted" });
    expect(blindSpots.saidWell).toEqual([2]);
    const clean = answered(
      people({ 2: "c" }),
      rows(200, () => false),
    );
    expect(clean.answered[1]).toMatchObject({ evidence: "well", verdict: "contradicted" });
    expect(clean.blindSpots.saidBadly).toEqual([2]);
  });
  test("what nobody said and the evidence shows; what somebody said is not among it", () => {
    const messy = rows(200, (c) => c % 3 === 0);
    const silent = answered(people({ 2: "a" }), messy).blindSpots.nobodySaid;
    expect(silent.length).toBeGreaterThan(0);
    expect(answered(people({ 15: "c" }), messy).blindSpots.nobodySaid.length).toBeLessThan(silent.length);
  });
  test("people who differ are a finding, and nobody is named before answers are released", () => {
    const { answered: list, blindSpots } = answered(
      people({ 8: "a" }, { 8: "c" }, { 8: "d" }),
      rows(100, () => false),
    );
    expect(blindSpots.disagreements).toEqual([8]);
    expect(list[7].said.flatMap(({ by }) => by)).toEqual([]);
    expect(list[7].verdict).toBe("not answered");
  });
  test("what this evidence cannot show is said, with what is missing", () => {
    const { blindSpots } = answered(
      people({}),
      rows(100, () => false),
    );
    expect(blindSpots.notVisible.find(({ number }) => number === 28)!.needs).toEqual([
      { kind: "two versions of a table" },
    ]);
  });
});

describe("precision and money", () => {
  const review = (finding: string, said: Review["said"]): Review => ({
    finding,
    detector: "rework",
    subject: "A",
    said,
    at: "2025-01-01T00:00:00Z",
  });
  test("reviews move the precision of their detector, the last of a finding counts", () => {
    expect(precisionOf("rework", []).mean).toBe(0.95);
    const three = [review("1", "false alarm"), review("2", "false alarm"), review("1", "confirmed")];
    expect(precisionOf("rework", three)).toMatchObject({ confirmed: 1, falseAlarms: 1, mean: 10.5 / 12 });
    expect(precisionOf("batching", three).mean).toBe(0.95);
  });
  test("its draws have the mean and spread of the beta distribution", () => {
    const draws = drawPrecision("rework", { confirmed: 5, falseAlarms: 5 }, 20_000);
    const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
    const variance = draws.reduce((s, x) => s + (x - mean) ** 2, 0) / draws.length;
    const [a, b] = [14.5, 5.5];
    expect(mean).toBeCloseTo(a / (a + b), 2);
    expect(variance).toBeCloseTo((a * b) / ((a + b) ** 2 * (a + b + 1)), 3);
  });
  test("a false alarm costs nothing and stands last", () => {
    const log = logOf(
      ...Array.from({ length: 60 }, (_, c) => (c % 3 === 0 ? "A B A C" : "A B C")).flatMap((t) => [t, t]),
    );
    const evidence = new Evidence(log);
    const before = runAudit(evidence);
    const id = before.findings.find((f) => f.detector === "rework")!.id;
    const after = runAudit(evidence, { reviews: [review(id, "false alarm")] });
    expect(after.findings.at(-1)).toMatchObject({ id, state: "false alarm", money: null });
  });
});

describe("from audit to audit", () => {
  const past = (to: string, ids: string[], mid = 1000): PastAudit => ({
    at: to,
    from: "2024-01-01T00:00:00.000Z",
    to,
    claims: [],
    findings: ids.map((id) => ({
      id,
      detector: "rework",
      subject: id,
      statement: "",
      cases: 1,
      money: { kind: "labour", low: 0, mid, high: 0, currency: "EUR", basis: "" },
    })),
    notTestable: [],
  });
  test("a leak is fixed only when later evidence no longer shows it and its detector could be asked", () => {
    const before = past("2024-12-31T00:00:00.000Z", ["x", "y"]);
    const same = compareWithPast([before], past("2024-12-31T00:00:00.000Z", ["y"]), []);
    expect(same.fixed).toEqual([]);
    const later = compareWithPast([before], past("2025-06-30T00:00:00.000Z", ["y", "z"]), []);
    expect(later.fixed).toMatchObject([{ id: "x", returnedPerYear: 1000 }]);
    expect(later.fresh).toEqual(["z"]);
    const unasked = compareWithPast(
      [before],
      { ...past("2025-06-30T00:00:00.000Z", ["y"]), notTestable: ["rework"] },
      [],
    );
    expect(unasked.fixed).toEqual([]);
  });
  test("a claim that turned is told with the audit since when", () => {
    const now = claimsOfDescription(evidenceOf(rows(200, (c) => c % 2 === 0)));
    const turned = now.find(({ verdict }) => verdict === "contradicted")!;
    const before = {
      ...past("2024-12-31T00:00:00.000Z", []),
      claims: [{ id: turned.id, verdict: "confirmed" as const, estimate: 1 }],
    };
    const { changes } = compareWithPast([before], past("2025-06-30T00:00:00.000Z", []), now);
    expect(changes).toMatchObject([{ id: turned.id, before: "confirmed", now: "contradicted" }]);
  });
});

test("no finding's share lies outside its interval, and exposure counts a case once", () => {
  const list = rows(300, (c) => c % 4 === 0).map((row) => ({
    ...row,
    amount: 100,
    person: row.activity === "Close case" ? row.person : "same",
  }));
  const rules = [
    { separate: ["Approve order", "Pay bill"] },
    { limit: "Approve order", upTo: 50 },
    { limit: "Pay bill", upTo: 50 },
  ];
  const strict = descriptionSchema.parse({
    process: "p",
    flow: ["Approve order", "Pay bill", "Close case"],
    rules,
  });
  const document = judgeProcess(new Evidence(logOfRows(list), { description: strict }), {
    summary: {},
    source: "x",
    notes: [],
    now: 0,
  }).audit;
  for (const { share, interval } of document.findings) {
    if (share === null || interval === null) continue;
    expect(interval[0]).toBeLessThanOrEqual(share);
    expect(interval[1]).toBeGreaterThanOrEqual(share);
  }
  expect(document.exposure[0].mid).toBeLessThanOrEqual(300 * 100);
});
