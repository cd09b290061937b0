import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Description, Rule } from "../../src/description/description.ts";
import { ruleKey } from "../../src/description/rule-key.ts";
import { checkDeadline } from "../../src/detectors/deadline-missed.ts";
import { checkOrder, orderRules } from "../../src/detectors/order-rules.ts";
import { aboveLimit } from "../../src/detectors/over-limit.ts";
import { bothByOne, separatePairs } from "../../src/detectors/segregation-of-duties.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { answerRules, type RuleAnswer } from "../../src/evidence/rules/answer-rules.ts";
import { caseView, type CaseView } from "../../src/evidence/rules/case-view.ts";
import { logOfRows, MONDAY, type TestRow } from "../log-of.ts";

const HOUR = 3_600_000;
const STEPS = ["Request", "Approve", "Order", "Pay"];

const description = (rules: Rule[]): Description => ({
  process: "Purchases",
  roles: { Boss: ["ana"], Clerk: ["ben", "cem"], Anybody: ["*"] },
  steps: { Approve: { role: "Boss", approves: "Request" }, Order: { role: "Clerk" } },
  flow: ["Request", { optional: "Approve" }, "Order", "Pay"],
  mapping: { "Place order": "Order" },
  rules,
});

const anyTest = fc.oneof(
  fc.record({ atLeast: fc.integer({ min: 0, max: 900 }) }),
  fc.record({ below: fc.integer({ min: 0, max: 900 }) }),
);
const anyWhen = fc.option(
  fc.oneof(fc.record({ amount: anyTest }), fc.record({ kind: fc.record({ is: fc.constantFrom("x", "y") }) })),
  { nil: undefined },
);
const step = fc.constantFrom(...STEPS, "Place order", "Cancel request");
const anyRule: fc.Arbitrary<Rule> = fc
  .tuple(
    fc.oneof(
      fc.record({ before: step, must: fc.oneof(step, fc.uniqueArray(step, { minLength: 1, maxLength: 2 })) }),
      fc.record({ separate: fc.uniqueArray(fc.constantFrom(...STEPS), { minLength: 2, maxLength: 3 }) }),
      fc.record({
        limit: fc.constantFrom(...STEPS),
        upTo: fc.integer({ min: 0, max: 900 }),
        person: fc.constantFrom(undefined, "ana", "ben"),
        role: fc.constantFrom(undefined, "Clerk", "Boss"),
      }),
      fc.record({ deadline: fc.constantFrom(...STEPS), by: fc.constant("due") }),
      fc.record({
        deadline: fc.constantFrom(...STEPS),
        within: fc.constantFrom("3h", "1d", "2wd"),
        after: fc.constantFrom(undefined, ...STEPS),
      }),
    ),
    anyWhen,
  )
  .map(([rule, when]) => ({ ...rule, when }) as Rule);

interface DrawnEvent {
  activity: string;
  after: number;
  person?: string;
  amount?: number;
  kind?: string;
  due?: number;
}
const anyCases: fc.Arbitrary<DrawnEvent[][]> = fc.array(
  fc.array(
    fc.record({
      activity: fc.constantFrom(...STEPS, "Place order", "Cancel request", "Something else"),
      after: fc.integer({ min: 0, max: 40 }),
      person: fc.constantFrom(undefined, "ana", "ben", "cem", "dee"),
      amount: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
      kind: fc.constantFrom(undefined, "x", "y"),
      due: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  { minLength: 1, maxLength: 12 },
);

function evidenceOf(cases: DrawnEvent[][], rules: Rule[]): Evidence {
  const rows: TestRow[] = cases.flatMap((events, c) => {
    let time = MONDAY + c * 24 * HOUR;
    return events.map(({ after, due, ...event }) => {
      time += after * HOUR;
      return {
        case: `c${c}`,
        ...event,
        time,
        due: due === undefined ? undefined : new Date(MONDAY + (c + due) * 24 * HOUR).toISOString(),
      };
    });
  });
  // every column is there, so that it is the value that may lack
  const last = { case: "last", activity: "Something else", time: MONDAY + 4000 * HOUR, person: "eve" };
  rows.push({ ...last, amount: 1, kind: "z", due: new Date(MONDAY).toISOString() });
  return new Evidence(logOfRows(rows), { description: description(rules) });
}

/**
 * How many cases the audit counts for a rule, where it is one number, and those against it; undefined where
 * it does not test the rule.
 */
function audited(
  evidence: Evidence,
  rule: Rule,
): {
  about: number | undefined;
  against: Set<number> | undefined;
} {
  const { caseOf, log } = evidence;
  const casesOf = (rows: Iterable<number>) => new Set(Array.from(rows, (e) => caseOf[e]));
  if ("before" in rule) {
    const own = orderRules(evidence).find(({ said }) => said === rule);
    // the audit says of a rule on what is no step here that it cannot be tested
    if (!own) return { about: undefined, against: undefined };
    const { cases, bypassed, late } = checkOrder(evidence, own);
    return { about: cases, against: casesOf([...bypassed, ...late]) };
  }
  if ("separate" in rule) {
    const pairs = [true, false]
      .flatMap((ofRequests) => separatePairs(evidence, ofRequests))
      .filter((pair) => pair.rule === rule);
    const checks = log.person ? pairs.map((pair) => bothByOne(evidence, pair)) : [];
    return {
      about: checks.length === 1 ? checks[0].outOf : undefined,
      against: casesOf(checks.flatMap(({ rows }) => rows)),
    };
  }
  if ("limit" in rule) {
    const { over, cases } = aboveLimit(evidence, rule.limit);
    return { about: cases.size, against: casesOf(over.map(([e]) => e)) };
  }
  if ("deadline" in rule) {
    const { observation, outOf } = checkDeadline(evidence, rule);
    return { about: outOf, against: new Set(observation?.cases ?? []) };
  }
  return { about: undefined, against: new Set() };
}

describe("the rules of a description, answered for one case", () => {
  test("each case that breaks a rule is one that the audit counts against it, and no other (random logs and rules)", () => {
    let brokenOnes = 0;
    fc.assert(
      fc.property(anyCases, anyRule, (cases, rule) => {
        const evidence = evidenceOf(cases, [rule]);
        const own = evidence.described!.description;
        const { about, against } = audited(evidence, own.rules![0]);
        const answers = Array.from({ length: evidence.log.caseCount }, (_, c) => {
          const [answer] = answerRules(own, caseView(evidence, c));
          expect(answer.rule).toBe(ruleKey(rule));
          return answer;
        });
        const where = (wanted: RuleAnswer["answer"]) =>
          answers.flatMap(({ answer }, c) => (answer === wanted ? [c] : []));
        const broken = where("broken");
        brokenOnes += broken.length;
        if (against === undefined) return;
        expect(new Set(broken)).toEqual(against);
        // what is kept was put to the test there, too; what cannot be told may have been left out there or
        // not
        const tested = answers.filter(({ answer, rows }) => answer === "kept" && rows.length > 0).length;
        if (about === undefined) return;
        expect(broken.length + tested).toBeLessThanOrEqual(about);
        expect(broken.length + tested + where("cannot tell").length).toBeGreaterThanOrEqual(about);
      }),
      { numRuns: 1500 },
    );
    expect(brokenOnes).toBeGreaterThan(500);
  });

  test("of several limits the most specific alone", () => {
    const rules: Rule[] = [
      { limit: "Order", upTo: 100 },
      { limit: "Order", role: "Clerk", upTo: 500 },
      { limit: "Order", person: "ben", upTo: 900 },
    ];
    const at = (person: string | undefined, amount: number): CaseView => ({
      now: MONDAY,
      events: [{ activity: "place  ORDER", time: MONDAY, person, values: { amount } }],
    });
    const answersOf = (view: CaseView) => answerRules(description(rules), view).map(({ answer }) => answer);
    expect(answersOf(at("ben", 901))).toEqual(["kept", "kept", "broken"]);
    expect(answersOf(at("cem", 501))).toEqual(["kept", "broken", "kept"]);
    expect(answersOf(at("dee", 101))).toEqual(["broken", "kept", "kept"]);
    expect(answersOf(at(undefined, 1))).toEqual(["cannot tell", "cannot tell", "cannot tell"]);
  });

  test("a proposed event comes last and is judged with the case", () => {
    const own = description([
      { before: "Order", must: "Approve", when: { amount: { atLeast: 500 } } },
      { separate: ["Request", "Approve"] },
      { limit: "Approve", person: "ana", upTo: 1000 },
      { deadline: "Pay", within: "5d", after: "Order" },
    ]);
    const view: CaseView = {
      now: MONDAY + HOUR,
      values: { amount: 700 },
      events: [{ activity: "Request", time: MONDAY, person: "ana" }],
    };
    const ask = (proposed?: Parameters<typeof answerRules>[2], more: Partial<CaseView> = {}) =>
      answerRules(own, { ...view, ...more }, proposed).map(({ answer, rows }) => [answer, rows]);
    expect(ask()).toEqual([
      ["kept", []],
      ["kept", []],
      ["kept", []],
      ["kept", []],
    ]);
    expect(ask({ activity: "Order", person: "ben" })[0]).toEqual(["broken", [1]]);
    expect(ask({ activity: "Approve", person: "ana" })).toEqual([
      ["kept", []],
      ["broken", [1]],
      ["kept", [1]],
      ["kept", []],
    ]);
    const dear = { activity: "Approve", person: "ana", values: { amount: 1200 } };
    expect(ask(dear)[2]).toEqual(["broken", [1]]);
    expect(ask({ activity: "Approve", person: "ben" })[1]).toEqual(["kept", [0, 1]]);
    const paid = { activity: "Pay", time: MONDAY + 200 * HOUR };
    expect(ask(paid)[3]).toEqual(["kept", []]);
    const ordered = { events: [...view.events, { activity: "Order", time: MONDAY }] };
    expect(ask(paid, ordered)[3]).toEqual(["broken", [2]]);
  });

  const WITHOUT: [what: string, rule: Rule, proposed: object, missing: object][] = [
    [
      "the person",
      { separate: ["Request", "Approve"] },
      { activity: "Approve" },
      { kind: "column", role: "person" },
    ],
    [
      "the amount",
      { limit: "Approve", upTo: 1000 },
      { activity: "Approve", person: "ana" },
      { kind: "named column", name: "amount", holds: "amounts" },
    ],
    [
      "the value that the rule turns on",
      { before: "Order", must: "Approve", when: { cost_centre: { is: "4711" } } },
      { activity: "Order" },
      { kind: "named column", name: "cost_centre" },
    ],
    [
      "the date",
      { deadline: "Request", by: "due_date" },
      { activity: "Order" },
      { kind: "named column", name: "due_date", holds: "dates" },
    ],
    [
      "the working calendar",
      { deadline: "Request", within: "2wd" },
      { activity: "Order" },
      { kind: "working calendar" },
    ],
    [
      "other requests",
      { splitLimit: 1000, step: "Request" },
      { activity: "Order", values: { amount: 400 } },
      { kind: "other requests" },
    ],
    [
      "tables",
      { authoritative: "bank_account", of: "vendors", source: "erp" },
      { activity: "Order" },
      { kind: "two versions of a table" },
    ],
  ];
  test.each(WITHOUT)("without %s it cannot be told, and is never kept", (_, rule, proposed, missing) => {
    const view: CaseView = {
      now: MONDAY + HOUR,
      events: [{ activity: "Request", time: MONDAY, person: "ana" }],
    };
    const [answer] = answerRules(description([rule]), view, proposed);
    expect(answer).toMatchObject({ answer: "cannot tell", missing });
  });

  test("a description without rules, and a case without events", () => {
    expect(answerRules(description([]), { now: 0, events: [] })).toEqual([]);
    const all: Rule[] = [
      { before: "Order", must: "Approve" },
      { separate: ["Request", "Approve"] },
      { limit: "Order", upTo: 1 },
      { deadline: "Pay", within: "1d" },
    ];
    expect(answerRules(description(all), { now: 0, events: [] }).map(({ answer }) => answer)).toEqual(
      all.map(() => "kept"),
    );
  });
});
