import { describe, expect, test } from "vitest";
import { parseDescription } from "../../src/description/read-description.ts";
import type { Escalation } from "../../src/implementations/escalation.ts";
import type { WeekFacts } from "../../src/implementations/week-of.ts";
import { escalationPdf } from "../../src/reports/escalation-pdf.ts";
import { handOverPack } from "../../src/reports/hand-over.ts";
import { inventoryPdf, type InventoryPage } from "../../src/reports/inventory-pdf.ts";
import { weeklyBrief } from "../../src/reports/weekly-brief.ts";
import { pdfText } from "./pdf-text.ts";

const TODAY = "2026-11-23";

const claim = {
  statement: "Every invoice has a cost centre.",
  verdict: "contradicted",
  n: 1095,
  against: 89,
  unit: "executions",
  estimate: 0.92,
  needs: [],
};

const page: InventoryPage = {
  implementation: {
    name: "Invoice assistant",
    tool: "a made-up product",
    state: "planned",
    startsOn: "2027-02-02",
    costPerMonth: 6500,
    currency: "EUR",
  },
  answer: {
    state: "not yet",
    sentences: [
      "Not ready for 2 February 2027: 3 of 18 steps that it touches are ready, and 2 gaps are open.",
    ],
    first: [{ text: "Name an owner.", decides: "process owner", days: 3, makesReady: ["Record invoice"] }],
  },
  processes: [
    {
      name: "Purchase to pay",
      judgedAt: "2026-11-22T10:00:00Z",
      steps: [
        { step: "Record invoice", verdict: "fix first", executions: 1095, overriddenBy: null },
        { step: "Match invoice", verdict: "not enough evidence", executions: 900, overriddenBy: "Ana Ruiz" },
      ],
    },
    { name: "Month-end close", judgedAt: null, steps: [] },
  ],
  requires: [
    { claim, has: null },
    {
      claim: { ...claim, verdict: "not testable here", n: 0, estimate: null, needs: ["a person column"] },
      has: null,
    },
    { claim: { ...claim, verdict: "confirmed", against: 3 }, has: "99.7 % are filled" },
  ],
  gaps: [
    {
      title: "Cost centre is missing in 89 of 1,095.",
      state: "open",
      owner: null,
      decides: "controller",
      decideBy: "2026-11-05",
      remedy: "Make the field mandatory.",
      acceptance: null,
    },
    {
      title: "Two vendors lists.",
      state: "accepted",
      owner: "Finance",
      decides: "data owner",
      decideBy: null,
      remedy: "Say which one is right.",
      acceptance: {
        by: "Ben Lund",
        because: "The old list goes in spring.",
        until: "2027-03-01",
        ended: false,
      },
    },
    {
      title: "No date.",
      state: "accepted",
      owner: null,
      decides: "data owner",
      decideBy: null,
      remedy: "Say it.",
      acceptance: { by: null, because: null, until: null, ended: false },
    },
  ],
  promises: [
    {
      metric: "Work per invoice",
      direction: "less",
      size: 20,
      unit: "%",
      by: "2027-06-30",
      comparison: "the weeks before",
      withdrawnAt: null,
    },
  ],
  notes: [{ kind: "note", text: "We start with one entity.", by: "Ana Ruiz", at: "2026-11-20T09:00:00Z" }],
  since: { at: "2026-11-16T09:00:00Z", opened: ["a"], closed: [], accepted: ["b", "c"] },
  signatures: [
    { judgement: "agrees with conditions", by: "Dr Weiss", at: "2026-11-18T09:00:00Z", current: false },
  ],
};

const escalations: Escalation[] = [
  {
    decides: "controller",
    overdue: 1,
    needed: [
      {
        gap: "g1",
        title: "Cost centre is missing.",
        remedy: "Make the field mandatory.",
        owner: null,
        decideBy: "2026-11-05",
        isOverdue: true,
        overdue: 12,
        days: 5,
        closedBy: "2026-11-27",
        late: 0,
      },
      {
        gap: "g2",
        title: "Two vendors lists.",
        remedy: "Say which one is right.",
        owner: "Finance",
        decideBy: "2026-12-01",
        isOverdue: false,
        overdue: 0,
        days: 1,
        closedBy: "2027-02-09",
        late: 5,
      },
    ],
  },
];

const RETURNED = { kind: "labour", low: 1000, mid: 1234, high: 1400, currency: "EUR", basis: "" } as const;
const week: WeekFacts = {
  organisation: "Harbour Foods",
  address: "https://plumbline.example.org",
  from: "2026-11-16",
  to: "2026-11-23",
  processes: [
    {
      name: "Purchase to pay",
      path: "/o/1/p/2/summary",
      readyBefore: 4,
      readyNow: 5,
      steps: 9,
      becameReady: ["Pay", "Match"],
      stoppedBeing: ["Sort"],
      fresh: [{ title: "Deadlines are missed: Pay invoice", money: null }],
      fixed: [{ title: "Work is done again: Record invoice", money: RETURNED }],
      turned: [{ statement: "Every invoice has a cost centre.", before: "confirmed", now: "contradicted" }],
    },
    {
      name: "Onboarding",
      path: "/o/1/p/3/summary",
      readyBefore: null,
      readyNow: 1,
      steps: 7,
      becameReady: [],
      stoppedBeing: [],
      fresh: [],
      fixed: [],
      turned: [],
    },
  ],
  implementations: [
    {
      name: "Invoice assistant",
      path: "/o/1/implementations/3",
      startsOn: "2027-02-02",
      decided: 2,
      opened: ["Cost centre is missing."],
      closed: ["No owner."],
      accepted: ["Two vendors lists."],
      due: [{ title: "Cost centre is missing.", decides: "controller", by: "2026-12-01" }],
    },
  ],
  overrides: [
    { step: "Pay", process: "Purchase to pay", what: "ends", until: "2026-11-27" },
    { step: "Match", process: "Purchase to pay", what: "begun", until: "2026-12-27" },
  ],
};

describe("what leaves the program on paper and by mail, as people read it (renew with -u and read the diff)", () => {
  test("the inventory of an implementation", async () => {
    await expect(await pdfText(inventoryPdf(page, TODAY))).toMatchFileSnapshot("golden/inventory-paper.txt");
  });

  test("the escalation sheet", async () => {
    const about = { name: "Invoice assistant", startsOn: "2027-02-02", made: TODAY };
    const sheets = [escalations, []].map((list) => escalationPdf(list, about));
    const texts = await Promise.all(sheets.map((sheet) => pdfText(sheet)));
    await expect(texts.join("\n\n")).toMatchFileSnapshot("golden/escalation-paper.txt");
  });

  test("the hand-over pack, before any audit", async () => {
    const { description } = parseDescription(
      "process: Purchases\nowner: Head of Finance\nroles: { Buyer: [b.lund] }\nsteps:\n  Create order: { role: Buyer, target: 2d, needs: [amount] }\n  Approve order: { approves: Create order }\nflow: [Create order, Approve order]\nrules:\n  - { separate: [Create order, Approve order] }\n",
      "d.yaml",
    );
    const pack = handOverPack(description, { number: 2, signed: null }, undefined, TODAY);
    await expect(await pdfText(pack)).toMatchFileSnapshot("golden/hand-over-paper.txt");
  });

  test("the weekly brief", async () => {
    const brief = weeklyBrief(week)!;
    await expect(`${brief.subject}\n\n${brief.text}`).toMatchFileSnapshot("golden/weekly-brief.txt");
  });
});
