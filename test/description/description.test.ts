import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { bpmnOfDescription, descriptionOfBpmn } from "../../src/description/bpmn-description.ts";
import { differencesBetween } from "../../src/description/compare-descriptions.ts";
import {
  descriptionJsonSchema,
  descriptionSchema,
  type Description,
} from "../../src/description/description.ts";
import { draftFromText } from "../../src/description/draft-from-text.ts";
import { flowOfTree, treeOfFlow, type Flow } from "../../src/description/flow.ts";
import { matchSteps, nameSimilarity } from "../../src/description/map-steps.ts";
import { flowOrder } from "../../src/description/order.ts";
import { boundedLanguage, canonicalTree, formatTree } from "../../src/model/process-tree.ts";
import { anyTree } from "../random-trees.ts";

const P2P: Description = descriptionSchema.parse({
  process: "Purchase to pay",
  owner: "Head of Finance",
  version: 3,
  currency: "EUR",
  roles: { Requester: ["*"], "Budget holder": ["m.okafor", "l.hansen"], Buyer: ["b.lund"] },
  steps: {
    "Request purchase": { role: "Requester", system: "ERP" },
    "Approve purchase": { role: "Budget holder", approves: "Request purchase", deputy: ["a.ruiz"] },
    "Create order": { role: "Buyer", needs: ["amount", "vendor"], target: "2d" },
    "Receive goods": {},
    "Record invoice": { role: "Buyer" },
  },
  flow: [
    "Request purchase",
    { optional: "Approve purchase" },
    "Create order",
    { parallel: ["Receive goods", { repeat: "Record invoice" }] },
  ],
  rules: [
    { before: "Create order", must: "Approve purchase", when: { amount: { atLeast: 500 } } },
    { separate: ["Request purchase", "Approve purchase"] },
    { limit: "Approve purchase", person: "l.hansen", amount: "amount", upTo: 10000 },
    { splitLimit: 10000, by: ["person", "vendor"], within: "1d", step: "Request purchase" },
    { deadline: "Record invoice", within: "5wd", after: "Receive goods" },
    { authoritative: "bank_account", of: "vendors", source: "erp" },
  ],
  mapping: { "Rec. Inv.": "Record invoice" },
  errors: { wrong: 120, byHand: 6 },
});

const flowArbitrary = fc.letrec<{ flow: Flow }>((tie) => ({
  flow: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("A", "B", "C", "D", "E"),
    fc.array(tie("flow"), { minLength: 1, maxLength: 3 }),
    fc.record({ choice: fc.array(tie("flow"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ parallel: fc.array(tie("flow"), { minLength: 1, maxLength: 2 }) }),
    fc.record({ optional: tie("flow") }),
    fc.record({ repeat: tie("flow") }),
  ),
})).flow;

describe("the format", () => {
  test("everything of the design is read, and nothing else", () => {
    expect(P2P.rules).toHaveLength(6);
    const wrong = descriptionSchema.safeParse({
      process: "x",
      flow: ["A"],
      stepps: {},
      rules: [{ befor: "A", must: "B" }],
      steps: { A: { rol: "x", target: "soon" } },
    });
    const messages = wrong.error!.issues.map(({ message }) => message).join("\n");
    expect(messages).toMatch(/Did you mean "steps"/);
    expect(messages).toMatch(/Did you mean "before"/);
    expect(messages).toMatch(/Did you mean "role"/);
    expect(messages).toMatch(/length of time/);
  });

  test("a rule about a step that is nearly spelled like one is refused; about one of the log alone it is not", () => {
    const with_ = (must: string) =>
      descriptionSchema.safeParse({
        process: "x",
        flow: ["Approve purchase", "Pay"],
        rules: [{ before: "Pay", must }],
      });
    expect(with_("Aprove purchase").error!.issues[0].message).toMatch(
      /no step "Aprove purchase". Did you mean "Approve purchase"/,
    );
    expect(with_("Freigabe durch Bereichsleitung").success).toBe(true);
  });

  test("the JSON Schema in the docs is the one of the program", () => {
    const kept = readFileSync(new URL("../../docs/description.schema.json", import.meta.url), "utf8");
    expect(JSON.parse(kept)).toEqual(JSON.parse(JSON.stringify(descriptionJsonSchema())));
  });
});

describe("BPMN", () => {
  test("out and in again loses nothing", () => {
    const { description, notes } = descriptionOfBpmn(bpmnOfDescription(P2P), "x.bpmn");
    expect(notes).toEqual([]);
    expect(description).toEqual(P2P);
  });

  test("every flow comes back with the same runs", () => {
    fc.assert(
      fc.property(flowArbitrary, (flow) => {
        const tree = treeOfFlow(flow);
        if (tree.kind === "silent") return;
        const back = descriptionOfBpmn(bpmnOfDescription({ process: "p", flow }), "x.bpmn").description;
        expect(boundedLanguage(treeOfFlow(back.flow), 4)).toEqual(boundedLanguage(tree, 4));
      }),
      { numRuns: 150 },
    );
  });

  test("a role moved to another lane in an editor is the step's role", () => {
    const moved = bpmnOfDescription(P2P).replace('name="Buyer"', 'name="Purchasing"');
    expect(descriptionOfBpmn(moved, "x.bpmn").description.steps!["Create order"].role).toBe("Purchasing");
  });
});

describe("the order that a flow describes", () => {
  test("equals its runs read one by one", () => {
    fc.assert(
      fc.property(anyTree(), (tree) => {
        const order = flowOrder(tree);
        const runs = [...boundedLanguage(tree, 6)]
          .filter((run) => run !== "")
          .map((run) => run.split("\u001f"));
        for (const a of order.steps)
          for (const b of order.steps) {
            if (a === b) continue;
            const both = runs.filter((run) => run.includes(a) && run.includes(b));
            if (order.precedes(a, b))
              for (const run of both) expect(run.indexOf(a)).toBeLessThan(run.indexOf(b));
            if (order.requires(a, b))
              for (const run of runs) if (run.includes(b)) expect(run.slice(0, run.indexOf(b))).toContain(a);
            if (order.excludes(a, b)) expect(both).toEqual([]);
          }
        for (const a of order.mandatory)
          for (const run of boundedLanguage(tree, 6)) expect(run.split("\u001f")).toContain(a);
      }),
      { numRuns: 200 },
    );
  });

  test("a tree and the flow written from it have the same runs", () => {
    fc.assert(
      fc.property(anyTree(), (tree) => {
        const again = treeOfFlow(flowOfTree(tree));
        expect(boundedLanguage(again, 5)).toEqual(boundedLanguage(tree, 5));
      }),
      { numRuns: 200 },
    );
    const loopless = treeOfFlow(P2P.flow);
    expect(formatTree(canonicalTree(treeOfFlow(flowOfTree(loopless))))).toBe(
      formatTree(canonicalTree(loopless)),
    );
  });
});

describe("differences in words", () => {
  test("two that say the same have none; each change has a sentence", () => {
    expect(differencesBetween(P2P, structuredClone(P2P))).toEqual([]);
    const newer = structuredClone(P2P);
    newer.steps!["Create order"].role = "Requester";
    newer.roles!["Budget holder"].push("k.mora");
    newer.flow = ["Request purchase", "Approve purchase", "Create order", "Record invoice", "Receive goods"];
    newer.rules!.splice(1, 1);
    expect(differencesBetween(P2P, newer)).toEqual([
      "k.mora now holds the role Budget holder.",
      '"Create order": role is “Requester”, no longer “Buyer”.',
      '"Approve purchase" is now part of every case.',
      '"Record invoice" is no longer repeated.',
      '"Record invoice" now has to come before "Receive goods".',
      'The rule is gone: nobody does two of "Request purchase", "Approve purchase" in one case.',
    ]);
  });
});

describe("a draft from a written procedure", () => {
  test("who does what in which order, with conditions and what runs beside", () => {
    const { description, notes } = draftFromText(
      "1. The requester submits the request.\n2. If the amount is above 500, the budget holder approves the request.\n3. The buyer creates the order and sends it to the vendor.\n4. The goods are received by the warehouse.\n5. Meanwhile the AP clerk records the invoice.\n6. Finally, treasury pays the invoice.\nThis procedure is valid from May.",
      "Purchase",
    );
    expect(description.flow).toEqual([
      "Submit request",
      { optional: "Approve request" },
      "Create order",
      "Send order",
      { parallel: ["Receive goods", "Record invoice"] },
      "Pay invoice",
    ]);
    expect(description.steps!["Approve request"]).toEqual({
      role: "Budget holder",
      approves: "Submit request",
    });
    expect(description.steps!["Receive goods"].role).toBe("Warehouse");
    expect(notes).toEqual([expect.stringMatching(/^line 7: no step/)]);
    expect(descriptionSchema.safeParse(description).success).toBe(true);
  });
  test("a text without steps says so and is no description of nothing", () => {
    expect(draftFromText("Lorem ipsum dolor sit amet consectetur.", "x").notes.at(-1)).toMatch(
      /No step could be read/,
    );
  });
});

describe("steps and activities of nearly the same name", () => {
  test.each([
    ["Rec. Inv.", "Record invoice", true],
    ["RechnungFreigeben", "Approve invoice", true],
    ["verify_receipts", "Check receipts", true],
    ["Approve level 1", "Approve level 2", false],
    ["Check payroll data", "Check receipts", false],
  ])("%s is %s: %s", (activity, step, same) => {
    expect(nameSimilarity(activity, step) >= 0.75).toBe(same);
  });
  test("each is matched once, the surest first; place and role decide where names cannot", () => {
    const steps = [
      { name: "Check invoice", position: 0.2, role: "Clerk" },
      { name: "Check payment", position: 0.9, role: "Treasury" },
    ];
    const activities = [
      { name: "Check inv.", position: 0.25, role: "Clerk" },
      { name: "Payment check", position: 0.95, role: "Treasury" },
    ];
    expect(matchSteps(steps, activities).map(({ step, activity }) => [step, activity])).toEqual(
      expect.arrayContaining([
        ["Check invoice", "Check inv."],
        ["Check payment", "Payment check"],
      ]),
    );
  });
});
