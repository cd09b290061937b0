import { describe, expect, test } from "vitest";
import {
  inventoryOf,
  type InventoryReader,
  type InventoryRows,
  type KeptGap,
} from "../../src/implementations/inventory-of.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const member: InventoryReader = {
  actor: "person:1",
  isOutsider: false,
  person: (name) => name,
  words: (text) => text,
};
const outsider: InventoryReader = {
  actor: "person:2",
  isOutsider: true,
  person: () => "somebody",
  words: () => "(hidden)",
};
const gap = (over: Partial<KeptGap> = {}): KeptGap => ({
  id: "g",
  process_id: "p",
  content: {
    kind: "step",
    title: '"Pay": fix first.',
    has: "Not yet.",
    remedy: "Mend it.",
    owner: "AP clerk",
    decides: "controller",
    days: 3,
    step: "Pay",
    about: ["Pay"],
    requirement: null,
    claim: null,
    opens: true,
  },
  owner: null,
  decide_by: null,
  state: "open",
  opened_at: new Date("2026-11-01T00:00:00Z"),
  accepted_at: null,
  accepted_by_name: null,
  accepted_because: null,
  accepted_until: null,
  acceptance_ended: false,
  closed_at: null,
  version: 1,
  ...over,
});
const rows = (over: Partial<InventoryRows> = {}): InventoryRows => ({
  tool: { name: "Tool", state: "planned", starts_on: "2026-12-04", requires: [], document: null },
  processes: [
    {
      id: "p",
      name: "P",
      touches: [],
      remedyDays: {},
      judged: { at: NOW, steps: [] },
      held: [],
      overrides: [],
    },
  ],
  gaps: [gap()],
  notes: [],
  promises: [],
  signatures: [],
  ...over,
});
const inventory = (over: Partial<InventoryRows> = {}, reader = member) =>
  inventoryOf(rows(over), reader, NOW);

describe("the inventory of an implementation", () => {
  test("a decision is needed so many working days before the date, unless somebody said a day; in use it has none", () => {
    const dayOf = (over: Partial<InventoryRows>) => inventory(over).gaps[0].decideBy;
    expect(dayOf({})).toBe("2026-12-01");
    expect(dayOf({ gaps: [gap({ decide_by: "2026-11-25" })] })).toBe("2026-11-25");
    const inUse = { ...rows().tool, state: "in use" as const };
    expect(dayOf({ tool: inUse })).toBeNull();
    expect(dayOf({ tool: inUse, gaps: [gap({ decide_by: "2026-11-25" })] })).toBe("2026-11-25");
  });

  test("a signature is current while requirements, verdicts and gaps stand as they stood, whatever the words", () => {
    const { hash } = inventory();
    const signed = (over: Partial<InventoryRows>) =>
      inventory({
        ...over,
        signatures: [
          {
            id: "s",
            judgement: "agrees",
            note: "seen",
            inventory_hash: hash,
            made_by: "person:2",
            made_by_name: "A",
            made_at: NOW,
          },
        ],
      }).signatures[0].current;
    expect(signed({})).toBe(true);
    expect(signed({ gaps: [gap({ content: { ...gap().content, title: "Reworded." } })] })).toBe(true);
    expect(signed({ gaps: [gap({ state: "closed", closed_at: NOW })] })).toBe(false);
    expect(signed({ tool: { ...rows().tool, starts_on: "2026-12-05" } })).toBe(false);
  });

  test("an outsider reads neither who lives with a gap nor why, and their own note", () => {
    const accepted = gap({
      state: "accepted",
      accepted_at: NOW,
      accepted_by_name: "Ana",
      accepted_because: "because",
    });
    const note = {
      id: "s",
      judgement: "agrees" as const,
      note: "mine",
      inventory_hash: "",
      made_by_name: "Out",
      made_at: NOW,
    };
    const shown = inventory(
      {
        gaps: [accepted],
        signatures: [
          { ...note, made_by: "person:2" },
          { ...note, made_by: "person:3" },
        ],
      },
      outsider,
    );
    expect(shown.gaps[0]).toMatchObject({
      owner: "named",
      opens: false,
      acceptance: { by: "somebody", because: "(hidden)" },
    });
    expect(shown.signatures.map(({ note: text, by }) => [text, by])).toEqual([
      ["mine", "Out"],
      ["(hidden)", "somebody"],
    ]);
  });

  test("since the last meeting: what came after it, not at it", () => {
    const meeting = new Date("2026-11-10T10:00:00Z");
    const note = { id: "n", kind: "meeting" as const, text: "met", gap_id: null, made_by_name: "Ana" };
    const { since } = inventory({
      notes: [{ ...note, made_at: meeting }],
      gaps: [
        gap({ id: "a", opened_at: meeting }),
        gap({ id: "b", opened_at: NOW, content: { ...gap().content, title: "New." } }),
        gap({ id: "c", state: "closed", closed_at: NOW, content: { ...gap().content, title: "Gone." } }),
      ],
    });
    expect(since).toMatchObject({
      at: meeting.toISOString(),
      opened: ["New."],
      closed: ["Gone."],
      accepted: [],
    });
    expect(inventory().since).toEqual({ at: null, opened: [], closed: [], accepted: [] });
  });

  test("what was not held against the evidence since it was said waits for its audit", () => {
    const [process] = rows().processes;
    const { answer } = inventory({ processes: [{ ...process, held: null }], gaps: [] });
    expect(answer.state).toBe("cannot be told");
    expect(answer.sentences[0]).toMatch(/^The audit of P is running/);
  });
});
