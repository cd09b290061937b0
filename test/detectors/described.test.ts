import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { descriptionSchema } from "../../src/description/description.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { detectors } from "../../src/detectors/index.ts";
import { checkOrder, orderRules } from "../../src/detectors/order-rules.ts";
import { nameAt } from "../../src/eventlog/strings.ts";
import { logOfRows, type TestRow } from "../log-of.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2025, 0, 6, 9);

const BASE = {
  process: "Purchase",
  roles: {
    Requester: ["*"],
    Boss: ["boss0", "boss1"],
    Clerk: ["clerk0", "clerk1", "clerk2"],
    Buyer: ["buyer0", "buyer1"],
  },
  steps: {
    Request: { role: "Requester" },
    "Approve request": { role: "Boss", approves: "Request", deputy: ["dep"] },
    Order: { role: "Buyer" },
    Check: { role: "Clerk" },
    Pay: { role: "Clerk" },
  },
  flow: ["Request", "Approve request", "Order", "Check", "Pay"],
};

/** A case as "Request/ann Approve request/boss0 …": two hours from step to step, one case a day. */
function rowsOf(
  cases: [activity: string, person: string][][],
  extra: (c: number, i: number) => object = () => ({}),
): TestRow[] {
  return cases.flatMap((steps, c) =>
    steps.map(([activity, person], i): TestRow => ({
      case: `c${c}`,
      activity,
      person,
      time: START + c * 24 * HOUR + i * 2 * HOUR + (c % 50) * 1000,
      ...extra(c, i),
    })),
  );
}

const usual = (c: number): [string, string][] => [
  ["Request", `ann${c % 7}`],
  ["Approve request", `boss${c % 2}`],
  ["Order", `buyer${c % 2}`],
  ["Check", `clerk${c % 3}`],
  ["Pay", `clerk${(c + 1) % 3}`],
];

function run(id: string, rows: TestRow[], changed: object = {}) {
  const evidence = new Evidence(logOfRows(rows), {
    description: descriptionSchema.parse({ ...BASE, ...changed }),
  });
  const detector = detectors.find((d) => d.id === id)!;
  expect(detector.missing(evidence)).toEqual([]);
  return detector.detect(evidence, { ...detector.options }).map((o) => ({
    ...o,
    cases: Array.from(o.cases, (c) => nameAt(evidence.log.caseIds, c)),
    people: o.people.map((p) => nameAt(evidence.log.people, p)),
  }));
}

const cases = (change: (steps: [string, string][], c: number) => [string, string][], n = 120) =>
  rowsOf(Array.from({ length: n }, (_, c) => change(usual(c), c)));
const every = (k: number, n = 120) =>
  Array.from({ length: n }, (_, c) => c)
    .filter((c) => c % k === 0)
    .map((c) => `c${c}`);

test("a process that follows its description yields nothing", () => {
  const evidence = new Evidence(logOfRows(cases((steps) => steps)), {
    description: descriptionSchema.parse(BASE),
  });
  for (const detector of detectors)
    if (detector.missing(evidence).length === 0)
      expect(detector.detect(evidence, detector.options), detector.id).toEqual([]);
});

describe("steps and their order", () => {
  test("work that nobody described", () => {
    const rows = cases((steps, c) =>
      c % 10 === 0 ? [...steps.slice(0, 3), ["Call", "clerk0"], ...steps.slice(3)] : steps,
    );
    expect(run("undocumented-step", rows)).toMatchObject([{ subject: "Call", cases: every(10), outOf: 120 }]);
  });
  test("a described step that nobody does, also on the only way that has it", () => {
    const flow = ["Request", { choice: ["Reject", ["Approve request", "Order", "Sample", "Check", "Pay"]] }];
    expect(
      run(
        "phantom-step",
        cases((steps) => steps),
        { flow },
      ),
    ).toMatchObject([{ subject: "Reject" }, { subject: "Sample" }].sort(() => 0));
  });
  test("a step left out is bypassed, an approval left out is an approval bypassed, once is enough for it", () => {
    const rows = cases((steps, c) =>
      c % 12 === 0
        ? steps.filter(([a]) => a !== "Check")
        : c === 7
          ? steps.filter(([a]) => a !== "Approve request")
          : steps,
    );
    expect(run("bypassed-step", rows)).toMatchObject([{ subject: "Check", cases: every(12) }]);
    expect(run("approval-bypassed", rows)).toMatchObject([{ subject: "Approve request", cases: ["c7"] }]);
  });
  test("an approval after what it approves; at the same moment it is in order", () => {
    const rows = cases((steps, c) =>
      c % 15 === 0 ? [steps[0], steps[2], steps[1], ...steps.slice(3)] : steps,
    );
    expect(run("approval-after-the-fact", rows)).toMatchObject([
      { subject: "Approve request", cases: every(15) },
    ]);
    const same = rows.map((row) =>
      row.activity === "Order" || row.activity === "Approve request"
        ? { ...row, time: row.time - (row.time % (24 * HOUR)) + 12 * HOUR }
        : row,
    );
    expect(run("approval-after-the-fact", same)).toEqual([]);
  });
  test("a rule holds only where its tests do", () => {
    const rules = [{ before: "Order", must: "Approve request", when: { amount: { atLeast: 500 } } }];
    const flow = ["Request", { optional: "Approve request" }, "Order", "Check", "Pay"];
    const rows = cases((steps, c) =>
      c % 8 === 0 || c % 2 === 1 ? steps.filter(([a]) => a !== "Approve request") : steps,
    ).map((row) => ({ ...row, amount: Number(row.case.slice(1)) % 4 === 0 ? 900 : 100 }));
    expect(run("approval-bypassed", rows, { rules, flow })).toMatchObject([
      { subject: "Approve request", cases: every(8), outOf: 30 },
    ]);
  });
  test("a step out of its place, put down to the step that is", () => {
    const rows = cases((steps, c) =>
      c % 8 === 0 ? [steps[0], steps[1], steps[3], steps[2], steps[4]] : steps,
    );
    const [finding] = run("undocumented-path", rows);
    expect(finding.cases).toEqual(every(8));
    expect(["Check", "Order"]).toContain(finding.subject);
  });
  test("checks of order equal the definition read literally on random logs", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(
            fc.constantFrom<string[]>("Request", "Approve request", "Order", "Check", "Pay", "Other"),
            {
              minLength: 1,
              maxLength: 7,
            },
          ),
          { minLength: 1, maxLength: 25 },
        ),
        (traces) => {
          const rows = rowsOf(
            traces.map((trace) => trace.map((activity): [string, string] => [activity, "x"])),
          );
          const evidence = new Evidence(logOfRows(rows), { description: descriptionSchema.parse(BASE) });
          for (const rule of orderRules(evidence)) {
            const name = evidence.described!.steps[rule.step].name;
            const behind = new Set(BASE.flow.slice(BASE.flow.indexOf(name) + 1));
            const checked = checkOrder(evidence, rule);
            const about = traces.filter(
              (trace, c) => trace.some((a) => behind.has(a)) && !evidence.beganBefore[c],
            );
            expect(checked.cases).toBe(about.length);
            expect(checked.bypassed.length).toBe(about.filter((trace) => !trace.includes(name)).length);
            expect(checked.late.length).toBe(
              about.filter(
                (trace) =>
                  trace.includes(name) && trace.indexOf(name) > trace.findIndex((a) => behind.has(a)),
              ).length,
            );
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("people and roles", () => {
  test("exceptions are a mismatch, the deputy is none, most of it is ownership by habit", () => {
    const some = cases((steps, c) =>
      steps.map(([a, p]) => [
        a,
        a === "Check" && c % 10 === 0 ? "buyer0" : a === "Approve request" && c % 9 === 0 ? "dep" : p,
      ]),
    );
    expect(run("role-mismatch", some)).toMatchObject([
      { subject: "Check", cases: every(10), people: ["buyer0"] },
    ]);
    expect(run("ownership-by-habit", some)).toEqual([]);
    const most = cases((steps, c) =>
      steps.map(([a, p]) => [a, a === "Check" && c % 5 !== 0 ? `buyer${c % 2}` : p]),
    );
    expect(run("ownership-by-habit", most)).toMatchObject([{ subject: "Check" }]);
    expect(run("role-mismatch", most)).toEqual([]);
  });
  test("an approver whom the description names for no approval, and an approval that it does not have", () => {
    const stranger = cases((steps, c) =>
      steps.map(([a, p]) => [a, a === "Approve request" && c % 20 === 0 ? "stranger" : p]),
    );
    expect(run("unmapped-approval-chain", stranger)).toMatchObject([
      { subject: "Approve request", cases: every(20), people: ["stranger"] },
    ]);
    const extra = cases((steps, c) =>
      c % 6 === 0 ? [...steps.slice(0, 2), ["Approve exception", "boss0"], ...steps.slice(2)] : steps,
    );
    expect(run("unmapped-approval-chain", extra)).toMatchObject([
      { subject: "Approve exception", cases: every(6) },
    ]);
  });
  test("a step without a role, one whose role nobody holds, one whose holders are gone", () => {
    const steps = { ...BASE.steps, Check: {}, Pay: { role: "Ghosts" } };
    expect(
      run(
        "unowned-step",
        cases((s) => s),
        { steps },
      )
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(["Check", "Pay"]);
    const gone = cases((s, c) => s.map(([a, p]) => [a, a === "Order" && c > 40 ? "clerk0" : p]));
    const [finding] = run("unowned-step", gone);
    expect(finding.subject).toBe("Order");
    expect(finding.cases).toHaveLength(79);
  });
  test("one person for two duties; requester and approver are left to self-approval", () => {
    const rules = [{ separate: ["Order", "Check"] }, { separate: ["Request", "Approve request"] }];
    const rows = cases((steps, c) =>
      steps.map(([a, p]) => [
        a,
        a === "Check" && c === 11 ? "buyer1" : a === "Approve request" && c === 20 ? "ann6" : p,
      ]),
    );
    expect(run("segregation-of-duties", rows, { rules })).toMatchObject([
      { subject: "Check", cases: ["c11"], outOf: 120 },
    ]);
    expect(run("self-approval", rows, { rules })).toMatchObject([
      { subject: "Approve request", cases: ["c20"] },
    ]);
  });
});

describe("limits, splits and deadlines", () => {
  test("the most specific limit counts, and the limit itself is allowed", () => {
    const rules = [
      { limit: "Approve request", role: "Boss", upTo: 1000 },
      { limit: "Approve request", person: "boss1", upTo: 5000 },
    ];
    const rows = cases((s) => s).map((row) => ({
      ...row,
      amount: { c2: 1000, c3: 4000, c4: 1001, c5: 6000 }[row.case] ?? 10,
    }));
    expect(run("over-limit", rows, { rules })).toMatchObject([
      { subject: "Approve request", cases: ["c4", "c5"], outOf: 120 },
    ]);
  });
  test("parts of one person and vendor within a day count together", () => {
    const rules = [{ splitLimit: 1000, by: ["person", "vendor"], within: "1d", step: "Request" }];
    const rows = cases((s) => s.map(([a, p]) => [a, a === "Request" ? "ann" : p])).map((row) => {
      const c = Number(row.case.slice(1));
      return {
        ...row,
        time: c === 31 ? row.time - 20 * HOUR : row.time,
        amount: c === 30 || c === 31 ? 600 : c === 60 || c === 61 ? 700 : 20,
        vendor: c === 61 ? "other" : "acme",
      };
    });
    expect(run("split-below-limit", rows, { rules })).toMatchObject([
      { subject: "Request", cases: ["c30", "c31"] },
    ]);
  });
  test("a due day lasts until its end; what is late and not done yet counts, what is not due yet does not", () => {
    const rules = [{ deadline: "Pay", within: "10h", after: "Order" }];
    const rows = cases((s, c) => (c === 119 ? s.slice(0, 4) : s)).map((row) =>
      row.activity === "Pay" && Number(row.case.slice(1)) % 10 === 0
        ? { ...row, time: row.time + 30 * HOUR }
        : row,
    );
    expect(run("deadline-missed", rows, { rules })).toMatchObject([{ subject: "Pay", cases: every(10) }]);
  });
});

describe("beside the systems", () => {
  const steps = BASE.steps;
  test("a step by mail, by its name and by the system of its row", () => {
    const named = cases((s, c) =>
      c % 6 === 0 ? [...s.slice(0, 2), ["Agree price by e-mail", "buyer0"], ...s.slice(2)] : s,
    );
    expect(run("side-channel", named)).toMatchObject([{ subject: "Agree price by e-mail", cases: every(6) }]);
    const rows = cases((s) => s).map((row) => ({
      ...row,
      system: row.activity === "Check" && Number(row.case.slice(1)) % 5 === 0 ? "Excel" : "ERP",
    }));
    expect(run("side-channel", rows)).toMatchObject([{ subject: "Check", cases: every(5) }]);
  });
  test("the same typed in twice, by its name and right behind in another system", () => {
    const named = cases((s, c) =>
      c % 4 === 0 ? [...s.slice(0, 3), ["Copy order to spreadsheet", "buyer0"], ...s.slice(3)] : s,
    );
    expect(run("double-entry", named)).toMatchObject([
      { subject: "Copy order to spreadsheet", cases: every(4) },
    ]);
    expect(Object.keys(steps)).toHaveLength(5);
  });
  test("work that lies with a team for days; an hour in the queue is how teams take work in", () => {
    const rows = (hours: number) =>
      cases((s) => s).flatMap((row): TestRow[] => {
        const late =
          Number(row.case.slice(1)) % 2 === 0 && ["Check", "Pay"].includes(row.activity) ? hours * HOUR : 0;
        const queued =
          row.activity === "Check"
            ? [{ ...row, activity: "Queue", person: undefined, role: "Clerk", time: row.time - HOUR }]
            : [];
        return [...queued, { ...row, role: row.person!.replace(/\d/, ""), time: row.time + late }];
      });
    expect(run("unowned-wait", rows(72))).toMatchObject([{ subject: "Queue" }]);
    expect(run("unowned-wait", rows(0))).toEqual([]);
  });
});
