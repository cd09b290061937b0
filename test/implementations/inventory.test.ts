import { describe, expect, test } from "vitest";
import { documentText } from "../../src/documents/document-text.ts";
import type { Forecast } from "../../src/implementations/forecast.ts";
import { inventoryPdf, type InventoryPage } from "../../src/reports/inventory-pdf.ts";
import { answerOf, type InventoryGap, type InventoryStep } from "../../src/implementations/inventory.ts";

const TODAY = "2026-11-22";
const pace: Forecast = {
  open: 2,
  closed: 0,
  gapDays: 0,
  dates: { early: null, middle: null, late: null },
  byDate: null,
};
const step = (over: Partial<InventoryStep>): InventoryStep => ({
  step: "Sort",
  process: "P",
  executions: 100,
  verdict: "ready",
  claims: [],
  ...over,
});
const gap = (over: Partial<InventoryGap>): InventoryGap => ({
  state: "open",
  title: "gap",
  remedy: "mend it",
  decides: "process owner",
  days: 3,
  decideBy: "2027-01-10",
  ...over,
});
const answer = (
  steps: InventoryStep[],
  gaps: InventoryGap[],
  processes: { name: string; audited: boolean; waiting?: boolean }[] = [{ name: "P", audited: true }],
  forecast = pace,
) =>
  answerOf(
    { name: "Tool", startsOn: "2027-01-24", state: "planned" },
    processes,
    steps,
    gaps,
    {},
    forecast,
    TODAY,
  );

describe("are we ready for this date", () => {
  test("ready only when nothing is open and everything was looked at", () => {
    expect(answer([step({})], [gap({ state: "closed" })]).state).toBe("ready");
    expect(answer([step({})], [gap({})]).state).toBe("not yet");
    expect(
      answer(
        [step({})],
        [],
        [
          { name: "P", audited: true },
          { name: "Q", audited: false },
        ],
      ),
    ).toMatchObject({
      state: "cannot be told",
      sentences: expect.arrayContaining(["There is no audited evidence of Q yet."]) as string[],
    });
    expect(answer([], [], []).sentences[0]).toBe(
      "Can’t be judged yet: no process is named that Tool touches.",
    );
    expect(answer([], [], [{ name: "Q", audited: false }]).state).toBe("cannot be told");
  });

  test("what people live with makes nothing ready: it goes live with accepted gaps, and steps that are not ready count as not ready", () => {
    const steps = [step({}), step({ step: "Pay", verdict: "keep with people", isLivedWith: true })];
    const accepted = [
      gap({ state: "accepted", acceptedUntil: "2027-03-01" }),
      gap({ state: "accepted", acceptedUntil: "2027-02-01" }),
      gap({ state: "accepted", acceptedUntil: null }),
    ];
    expect(answer(steps, accepted)).toEqual({
      state: "accepted gaps",
      sentences: [
        "Going live with 3 accepted gaps.",
        "1 of 2 steps that it touches is ready; 1 is not, and acceptance makes none ready.",
        "The first acceptance ends on 1 February 2027; its gap is open again then.",
        "Of 1 acceptance no end was said.",
      ],
      first: [],
    });
    // even where every step is ready, a requirement that is lived with is not met
    expect(answer([step({})], accepted.slice(0, 1)).state).toBe("accepted gaps");
    // one open gap is enough for "not ready", and the accepted ones are still said
    expect(answer(steps, [...accepted, gap({})])).toMatchObject({
      state: "not yet",
      sentences: expect.arrayContaining([
        "Not ready for 24 January 2027: 1 of 2 steps that it touches is ready, and 1 gap is open and 3 accepted.",
      ]) as string[],
    });
    // a step that is not ready is not ready though no gap says so yet
    expect(answer([step({ verdict: "not enough evidence" })], []).state).toBe("not yet");
  });

  test("nothing is ready that nothing was held against", () => {
    const waiting = [{ name: "P", audited: false, waiting: true }];
    expect(answer([step({})], [], waiting)).toMatchObject({
      state: "cannot be told",
      sentences: ["The audit of P is running; the answer comes with it."],
    });
    expect(answer([], []).state).toBe("cannot be told");
  });

  test("where only requirements are open, they are what to do first", () => {
    expect(
      answer([step({})], [gap({ title: "amount filled.", remedy: "Make it mandatory." })]).first,
    ).toEqual([
      { text: "Make it mandatory.", decides: "process owner", days: 3, makesReady: ["amount filled."] },
    ]);
  });

  test("says what is late, what comes next, and with which probability the date is reached", () => {
    const { sentences } = answer(
      [step({ verdict: "fix first" })],
      [gap({ decideBy: "2026-11-01" }), gap({ decideBy: "2026-12-01" }), gap({ state: "closed" })],
      undefined,
      {
        open: 2,
        closed: 1,
        gapDays: 40,
        dates: { early: Date.UTC(2027, 0, 1), middle: Date.UTC(2027, 1, 1), late: Date.UTC(2027, 4, 1) },
        byDate: 0.31,
      },
    );
    expect(sentences).toEqual([
      "Not ready for 24 January 2027: 0 of 1 step that it touches is ready, and 2 gaps are open.",
      "One of them should have been decided already, to be closed by the date.",
      "The next decision is needed by 1 December 2026.",
      "At the pace so far (1 gap closed in 40 days of open gaps) the last one closes between 1 January 2027 and 1 May 2027 (80 %); the date is reached with a probability of 31 %.",
    ]);
  });
});

describe("the page for the meeting", () => {
  const long =
    'Everything that anybody has ever wanted of a process, with $, #, [brackets] and "quotes". '.repeat(6);
  const many = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));
  const page = (n: number, words: string): InventoryPage => ({
    implementation: {
      name: words,
      tool: words,
      state: "planned",
      startsOn: "2027-01-24",
      costPerMonth: 6500,
      currency: "EUR",
    },
    answer: {
      state: "not yet",
      sentences: many(5, () => words.slice(0, 200)),
      first: many(Math.min(n, 3), () => ({
        text: words,
        decides: words.slice(0, 40),
        days: 15,
        makesReady: many(n, () => words.slice(0, 60)),
      })),
    },
    processes: many(n, (i) => ({
      name: words,
      judgedAt: i % 3 === 2 ? null : "2026-11-22T10:00:00Z",
      steps: many(n, (k) => ({
        step: `${words.slice(0, 50)} ${k}`,
        verdict: "fix first",
        executions: 3,
        overriddenBy: k % 4 === 0 ? words.slice(0, 30) : null,
      })),
    })),
    requires: many(n, () => ({
      claim: {
        statement: words,
        verdict: "contradicted",
        n: 10,
        against: 3,
        unit: "cases",
        estimate: 0.7,
        needs: [],
      },
      has: words,
    })),
    gaps: many(n, (i) => ({
      title: words,
      state: i % 5 === 4 ? "accepted" : "open",
      owner: words,
      decides: words,
      decideBy: "2026-10-01",
      remedy: words,
      acceptance:
        i % 5 === 4 ? { by: words, because: words, until: i % 2 ? "2027-03-01" : null, ended: false } : null,
    })),
    promises: many(n, () => ({
      metric: words,
      direction: "less",
      size: 20,
      unit: "%",
      by: "2027-06-30",
      comparison: words,
      withdrawnAt: null,
    })),
    notes: many(n, () => ({ kind: "note", text: words, by: words, at: "2026-11-01T10:00:00Z" })),
    since: { at: "2026-11-01T10:00:00Z", opened: [], closed: [], accepted: [] },
    signatures: many(n, () => ({
      judgement: "agrees",
      by: words,
      at: "2026-11-01T10:00:00Z",
      current: false,
    })),
  });

  test("is one page, with nothing in it and with far too much in it; nothing is read as markup", () => {
    for (const [n, words, behind] of [
      [0, "T", 0],
      [2, "Invoice assistant", 0],
      // every accepted gap, with who, why and until when, does not fit there
      [40, long, 1],
    ] as const) {
      const inventory = page(n, words);
      const pdf = Buffer.from(inventoryPdf(inventory, TODAY)).toString("latin1");
      expect(pdf.slice(0, 5)).toBe("%PDF-");
      expect([n, pdf.match(/\/Type\s*\/Page\b/g)?.length]).toEqual([n, 1 + behind]);
    }
  });

  test("names every accepted gap with who accepted it, why and until when", async () => {
    const inventory = page(40, "Invoice assistant");
    inventory.answer.sentences = ["Going live with 40 accepted gaps."];
    inventory.gaps = inventory.gaps.map((gap, i) => ({
      ...gap,
      title: `Gap number ${i}.`,
      state: "accepted",
      acceptance: { by: `Person ${i}`, because: `Because of ${i}.`, until: "2027-03-01", ended: false },
    }));
    const { text } = await documentText(inventoryPdf(inventory, TODAY), "inventory.pdf");
    expect(text).toContain("Going live with 40 accepted gaps.");
    for (let i = 0; i < 40; i++)
      for (const words of [`Gap number ${i}.`, `Person ${i}`, `Because of ${i}.`])
        expect(text).toContain(words);
    expect(text).toContain("1 March 2027");
  });
});
