import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/audit/finding.ts";
import { parseDescription } from "../../src/description/read-description.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { decideBy, gapsOf, touchedSteps } from "../../src/implementations/gaps.ts";
import { fixFirstOf } from "../../src/readiness/fix-first.ts";
import { readinessOf } from "../../src/readiness/readiness.ts";
import { checkRequirements } from "../../src/implementations/requirement-checks.ts";
import type { Requirement } from "../../src/audit/requirement.ts";
import { logOfRows, MONDAY, type TestRow } from "../log-of.ts";

const HOUR = 3_600_000;

/**
 * Invoices that are recorded, matched in nine of ten, and paid; every twentieth has no vendor, every tenth is
 * handed to a side desk before it is matched.
 */
function invoices(cases: number): TestRow[] {
  const rows: TestRow[] = [];
  for (let c = 0; c < cases; c++) {
    const at = MONDAY + c * 12 * HOUR;
    const add = (activity: string, hours: number, more: object = {}) =>
      rows.push({ case: `i${c}`, activity, time: at + hours * HOUR, person: `p${c % 4}`, ...more });
    add("Record invoice", 0, { amount: 100 + c, vendor: c % 20 === 0 ? undefined : `v${c % 7}` });
    if (c % 10 === 0) add("Side desk", 1);
    add("Match invoice", 2, { reference: `r${c}` });
    add("Pay invoice", 3);
  }
  return rows;
}
const DESCRIPTION = `process: P
owner: Head of Finance
roles: { AP clerk: [p0, p1], Anybody: ["*"] }
steps: { Record invoice: { role: AP clerk }, Match invoice: { role: Anybody }, Pay invoice: {} }
flow: [Record invoice, Match invoice, Pay invoice]
rules: [{ authoritative: bank_account, of: vendors, source: erp }]
`;
const described = () =>
  new Evidence(logOfRows(invoices(300)), {
    description: parseDescription(DESCRIPTION, "d.yaml").description,
  });
const conflict = {
  detector: "conflicting-sources",
  subject: "iban",
  title: "Conflicting sources",
  statement: "iban differs.",
  state: "open",
  caseIds: ["i1"],
} as unknown as Finding;

const verdict = (need: object, { findings = [] as Finding[], evidence = described() } = {}) => {
  const [held] = checkRequirements(evidence, findings, {
    about: "t",
    name: "Tool",
    requires: [{ id: "n1", ...need } as Requirement],
    document: null,
  });
  return { verdict: held.claim.verdict, n: held.claim.n, against: held.claim.against, has: held.has };
};

describe("what a tool requires against what the process has", () => {
  test.each([
    [
      "a field that 19 of 20 have, asked in 90 %",
      { kind: "fields", columns: ["Vendor"], share: 0.9 },
      { verdict: "confirmed", n: 300, against: 15 },
    ],
    [
      "in 99 %",
      { kind: "fields", columns: ["vendor"], share: 0.99 },
      { verdict: "contradicted", against: 15 },
    ],
    [
      "a field that is known only later than the step",
      { kind: "fields", columns: ["reference"], step: "Record invoice" },
      { verdict: "contradicted", against: 300 },
    ],
    [
      "the same, at the later step",
      { kind: "fields", columns: ["reference"], step: "Match invoice" },
      { verdict: "confirmed", against: 0 },
    ],
    [
      "a field under the name that the export gives it",
      { kind: "fields", columns: ["(case)_AMOUNT"] },
      { verdict: "confirmed", against: 0 },
    ],
    ["a field nobody records", { kind: "fields", columns: ["iban"] }, { verdict: "not testable here" }],
    [
      "an owner whom the description names",
      { kind: "owner", step: "Record invoice" },
      { verdict: "confirmed", has: "AP clerk" },
    ],
    [
      "everybody is nobody",
      { kind: "owner", step: "Match invoice" },
      { verdict: "contradicted", has: "Anybody: nobody by name" },
    ],
    [
      "no role at all",
      { kind: "owner", step: "Pay invoice" },
      { verdict: "contradicted", has: "no role is named" },
    ],
    [
      "a handoff in nine of ten, asked in 80 %",
      { kind: "handoff", from: "Record invoice", to: "Match invoice" },
      { verdict: "confirmed", n: 300, against: 30 },
    ],
    [
      "in 95 %",
      { kind: "handoff", from: "Record invoice", to: "Match invoice", share: 0.95 },
      { verdict: "contradicted" },
    ],
    [
      "to a step nobody knows",
      { kind: "handoff", from: "Record invoice", to: "X" },
      { verdict: "not testable here" },
    ],
    [
      "a source that is said to be right",
      { kind: "authoritative", field: "bank account" },
      { verdict: "confirmed", has: "erp, by the description" },
    ],
    ["one that is not", { kind: "authoritative", field: "address" }, { verdict: "contradicted" }],
    ["60 a month where there are 61", { kind: "volume", perMonth: 60 }, { has: "about 61 a month" }],
    ["30 a month", { kind: "volume", perMonth: 30, step: "Pay invoice" }, { n: 5, against: 0 }],
    [
      "100 a month, in five spans of which none reaches it: too few to settle it",
      { kind: "volume", perMonth: 100 },
      { verdict: "not enough evidence", n: 5, against: 5 },
    ],
    ["two ways in all", { kind: "consistency" }, { verdict: "confirmed", has: "2 ways in all" }],
    [
      "the same place of a step",
      { kind: "consistency", step: "Match invoice", share: 0.9 },
      { verdict: "confirmed", against: 0 },
    ],
  ])("%s", (_, need, expected) => {
    expect(verdict(need)).toMatchObject(expected);
  });

  test("an owner is found under the activity's name, and so is what speaks against one", () => {
    const evidence = new Evidence(logOfRows(invoices(300)), {
      description: parseDescription(
        DESCRIPTION.replaceAll("Record invoice", "Enter invoice") +
          'mapping: { "Record invoice": Enter invoice }\n',
        "d.yaml",
      ).description,
    });
    for (const step of ["Enter invoice", "Record invoice"])
      expect(verdict({ kind: "owner", step }, { evidence })).toMatchObject({ verdict: "confirmed" });
    const unowned = {
      ...conflict,
      detector: "unowned-step",
      subject: "Record invoice",
      title: "Nobody owns it",
    } as unknown as Finding;
    expect(
      verdict({ kind: "owner", step: "Enter invoice" }, { evidence, findings: [unowned] }),
    ).toMatchObject({
      verdict: "contradicted",
    });
  });

  test("a field is not contradicted by a finding whose sentence happens to hold its letters", () => {
    const said = { ...conflict, subject: "bank_account", statement: "nobody has said which is right" };
    const findings = [said as unknown as Finding];
    expect(verdict({ kind: "authoritative", field: "id" }, { findings }).has).toBe(
      "no source is said to be right",
    );
  });

  test("the same sentence is the same claim, on whichever line and under whichever name of the tool", () => {
    const of = (name: string, document: string) =>
      checkRequirements(described(), [], { about: "t", name, requires: [], document }).map(
        ({ claim }) => claim.id,
      );
    const sentence = "The vendor must be filled in 80 % of cases.";
    expect(of("Tool", sentence)).toEqual(of("Tool 2", `A new first line without any wish.\n\n${sentence}`));
  });

  test("a touched name that is nowhere is a gap, not readiness; names are compared without case", () => {
    const { steps } = readinessOf(described(), { findings: [], notTestable: [] });
    expect(touchedSteps(steps, [" record INVOICE "]).map(({ step }) => step)).toEqual(["Record invoice"]);
    expect(gapsOf([], steps, ["Rekord invoice"], undefined)).toMatchObject([
      { key: "nowhere rekord invoice", title: '"Rekord invoice" is no step here.' },
    ]);
  });

  test("a finding that sources differ contradicts that one is right", () => {
    expect(verdict({ kind: "authoritative", field: "IBAN" }, { findings: [conflict] })).toMatchObject({
      verdict: "contradicted",
      has: "iban differs.",
    });
  });

  test("without a description what rests on it cannot be tested, and says what is missing", () => {
    const evidence = new Evidence(logOfRows(invoices(300)), {});
    for (const need of [
      { kind: "owner", step: "Pay invoice" },
      { kind: "authoritative", field: "iban" },
    ])
      expect(verdict(need, { evidence }).verdict).toBe("not testable here");
  });

  test("sentences of the document that nothing can test are one gap, however many", () => {
    const document = Array.from({ length: 30 }, (_, i) => `Robot number ${i} must sing at noon.`).join("\n");
    const held = checkRequirements(described(), [], { about: "t", name: "Tool", requires: [], document });
    expect(held.length).toBe(30);
    const gaps = gapsOf(held, [], [], undefined);
    expect(gaps).toMatchObject([
      {
        key: expect.stringMatching(/^document [0-9a-f]{16}$/) as string,
        title: "30 sentences of its document that nothing here can test.",
        has: 'Described, and not tested: "Robot number 0 must sing at noon.", and 29 more',
      },
    ]);
    expect(gapsOf(held.slice(0, 1), [], [], undefined)[0].title).toBe(
      "1 sentence of its document that nothing here can test.",
    );
    expect(gapsOf([], [], [], undefined)).toEqual([]);
  });

  test("a requirements document becomes claims beside those of the form; two tools never share one", () => {
    const document =
      "# Requirements\n\nThe vendor must be filled in 80 % of cases. Every user has to like the colours.";
    const of = (about: string) =>
      checkRequirements(described(), [], { about, name: "Tool", requires: [], document }).map(
        ({ claim, kind }) => [kind, claim.verdict, claim.id],
      );
    expect(of("a").map(([kind, said]) => [kind, said])).toEqual([
      ["document", "confirmed"],
      ["document", "not testable here"],
    ]);
    expect(new Set([...of("a"), ...of("b")].map(([, , id]) => id)).size).toBe(4);
  });

  test("gaps: what is not confirmed, and touched steps that are not ready; who owns them by the description", () => {
    const evidence = described();
    const description = parseDescription(DESCRIPTION, "d.yaml").description;
    const { steps } = readinessOf(evidence, { findings: [], notTestable: [] });
    const held = checkRequirements(evidence, [], {
      about: "t",
      name: "Tool",
      requires: [
        { id: "a", kind: "owner", step: "Record invoice" },
        { id: "b", kind: "owner", step: "Pay invoice" },
      ],
      document: null,
    });
    const all = gapsOf(held, steps, [], description);
    const notReady = steps.filter(({ verdict: own }) => own !== "ready");
    const mendable = notReady.filter((one) => fixFirstOf([one]).stay.length === 0).map(({ step }) => step);
    expect(mendable.length).toBeGreaterThan(0);
    expect(mendable.length).toBeLessThan(notReady.length);
    expect(all.map(({ key }) => key.replace(/^(leave out) [0-9a-f]{16}$/, "$1")).sort()).toEqual(
      [`need ${held[1].claim.id}`, ...mendable.map((step) => `step ${step}`), "leave out"].sort(),
    );
    // one that the tool does not touch is none of its gaps
    const some = gapsOf(held, steps, [mendable[0]], description);
    expect(some.map(({ key }) => key)).toEqual([`need ${held[1].claim.id}`, `step ${mendable[0]}`]);
    expect(some[0]).toMatchObject({ owner: "Head of Finance", requirement: "b", step: null });
  });

  test("working days are counted back from the date, weekends left out", () => {
    // Monday 25 January 2027: five working days before are the Monday before
    expect(decideBy("2027-01-25", 5)).toBe("2027-01-18");
    expect(decideBy("2027-01-24", 1)).toBe("2027-01-22");
    expect(decideBy("2027-01-24", 0)).toBe("2027-01-24");
    expect(decideBy(null, 5)).toBeNull();
  });
});
