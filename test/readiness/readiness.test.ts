import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding, NotTestable } from "../../src/audit/finding.ts";
import { parseDescription } from "../../src/description/read-description.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { outcomeRule } from "../../src/readiness/outcome-rule.ts";
import { readinessOf, verdictOfClaims, type StepReadiness } from "../../src/readiness/readiness.ts";
import type { StepStatement } from "../../src/readiness/said-of-step.ts";
import type { LensClaim } from "../../src/readiness/step-claims.ts";
import { Random } from "../../src/statistics/random.ts";
import { logOfRows, MONDAY, type TestRow } from "../log-of.ts";

const HOUR = 3_600_000;

/**
 * Tickets that are entered, routed to one of three teams, checked and closed; `routing` says to which team.
 */
function tickets(
  cases: number,
  routing: (category: string, random: Random) => string,
  { filled = 1, seed = 1 } = {},
): TestRow[] {
  const random = new Random(`readiness/${seed}`);
  const rows: TestRow[] = [];
  for (let c = 0; c < cases; c++) {
    const category = random.pick(["network", "access", "hardware"]);
    const at = MONDAY + c * 6 * HOUR;
    const known = random.chance(filled);
    const add = (activity: string, after: number, person: string) =>
      rows.push({
        case: `t${c}`,
        activity,
        start: at + after * HOUR - 0.1 * HOUR,
        time: at + after * HOUR,
        person,
        category: known ? category : undefined,
        site: random.pick(["Oslo", "Graz"]),
      });
    add("Enter ticket", 0, random.pick(["a", "b", "c"]));
    add("Assign ticket", 1, random.pick(["a", "b", "c", "d"]));
    add(`Work by ${routing(category, random)}`, 2, random.pick(["e", "f", "g"]));
    add("Check result", 3, random.pick(["h", "i"]));
    add("Close ticket", 4, random.pick(["h", "i"]));
  }
  return rows;
}

/** What somebody who knows the work says of the steps of these tests. */
const SAID: Record<string, StepStatement> = {
  "Enter ticket": { task: "copy", undo: "yes" },
  "Assign ticket": { task: "sort", undo: "yes" },
  "Check result": { task: "check", undo: "yes" },
  "Approve result": { task: "decide", undo: "yes" },
  "Close ticket": { task: "track", undo: "yes" },
  "Pay invoice": { task: "copy", undo: "no" },
  "Enter claim": { task: "copy", undo: "yes" },
  "Review claim": { task: "check", undo: "yes" },
  "Check claim": { task: "check", undo: "yes" },
};

const judged = (
  rows: TestRow[],
  description?: string,
  {
    findings = [],
    notTestable = [],
    said = SAID,
    approvals,
  }: {
    findings?: object[];
    notTestable?: object[];
    said?: Record<string, StepStatement>;
    approvals?: string[];
  } = {},
) =>
  readinessOf(
    new Evidence(logOfRows(rows), {
      approvals,
      description:
        description === undefined ? undefined : parseDescription(description, "d.yaml").description,
    }),
    { findings: findings as Finding[], notTestable: notTestable as NotTestable[] },
    said,
  );
const readiness = (...given: Parameters<typeof judged>) => judged(...given).steps;
const step = (list: StepReadiness[], name: string) => list.find((one) => one.step === name)!;
const claim = (one: StepReadiness, key: string) => one.claims.find((c) => c.key === key)!;

describe("whether a machine may do a step", () => {
  test("a step whose outcome is told by what is recorded, checked behind it, complete and frequent, is ready", () => {
    const assign = step(readiness(tickets(400, (category) => category)), "Assign ticket");
    expect(assign.kind).toBe("sort");
    expect(claim(assign, "told")).toMatchObject({
      verdict: "confirmed",
      detail: expect.stringContaining("category") as string,
    });
    expect([assign.verdict, assign.sentence]).toEqual(["ready", expect.stringMatching(/^AI may do it: /)]);
    expect(assign.lenses.map(({ state }) => state)).toEqual([
      "confirmed",
      "confirmed",
      "confirmed",
      "confirmed",
    ]);
  });

  test("where nothing recorded tells the outcome it is judgement, and stays with people", () => {
    const assign = step(
      readiness(tickets(400, (_, random) => random.pick(["network", "access", "hardware"]))),
      "Assign ticket",
    );
    expect(claim(assign, "told").verdict).toBe("contradicted");
    expect(assign.verdict).toBe("keep with people");
    expect(assign.sentence).toContain("the evidence contradicts that");
    // whatever kind of task it is said to be: what follows must be told
    for (const task of ["copy", "track", "extract", "check", "fix", "chase"] as const) {
      const said = { ...SAID, "Assign ticket": { task, undo: "yes" } };
      const one = step(
        readiness(
          tickets(400, (_, random) => random.pick(["network", "access", "hardware"])),
          undefined,
          { said },
        ),
        "Assign ticket",
      );
      expect([task, one.verdict, claim(one, "decides-nothing").verdict]).toEqual([
        task,
        "keep with people",
        "contradicted",
      ]);
    }
  });

  test("a required claim that is contradicted is fixed first, and the remedy is named", () => {
    // the category is there for the rule often enough, and is missing in a fifth of the cases
    const assign = step(
      readiness(
        tickets(500, (category) => category, { filled: 0.87 }),
        "process: P\nsteps: { Assign ticket: { needs: [category], task: sort } }\nflow: [Enter ticket, Assign ticket, Check result, Close ticket]\n",
      ),
      "Assign ticket",
    );
    expect(assign.said).toMatchObject({
      kind: "sort",
      kindSaidBy: "description",
      undoSaidBy: "confirmation",
    });
    expect(claim(assign, "filled").verdict).toBe("contradicted");
    expect(assign.verdict).toBe("fix first");
    expect(assign.actions[0].turns).toContain("filled in");
    expect(assign.actions.length).toBeLessThanOrEqual(3);
  });

  test("few cases say nothing: not enough evidence, never ready", () => {
    for (const one of readiness(tickets(8, (category) => category)))
      expect([one.step, one.verdict]).toEqual([one.step, "not enough evidence"]);
  });

  test("what is paid or sent is in the world: people keep it", () => {
    const rows = tickets(300, (category) => category).map((row) =>
      row.activity === "Check result" ? { ...row, activity: "Pay invoice" } : row,
    );
    expect(step(readiness(rows), "Pay invoice").verdict).toBe("keep with people");
  });

  test("decisions and approvals stay with people, however alike they are each time; who decides beyond what they may is said beside it", () => {
    const rows = tickets(400, (category) => category).map((row) =>
      row.activity === "Check result" ? { ...row, activity: "Approve result" } : row,
    );
    const approve = (more: object) => step(readiness(rows, undefined, more), "Approve result");
    const above = (cases: number, state = "open", subject = "Approve result") => ({
      findings: [
        {
          detector: "over-limit",
          subject,
          state,
          caseIds: Array.from({ length: cases }, (_, c) => `t${13 * c}`),
        },
      ],
    });
    expect(approve({})).toMatchObject({ kind: "decide", verdict: "keep with people", decides: true });
    const within = (more: object) => claim(approve(more), "within-limits").verdict;
    expect([within({}), within(above(30))]).toEqual(["confirmed", "contradicted"]);
    // what people found to be right, and what another step did, is not held against it
    expect(within(above(30, "false alarm"))).toBe("confirmed");
    expect(within(above(30, "open", "Assign ticket"))).toBe("confirmed");
    // one of the checks is enough to say something; none says nothing
    const blind = (detector: string) => ({ detector, needs: [{ kind: "step" as const, name: detector }] });
    expect(within({ notTestable: [blind("over-limit")] })).toBe("confirmed");
    const all = ["over-limit", "self-approval", "segregation-of-duties"].map(blind);
    expect(within({ notTestable: all })).toBe("not testable here");
    // a step that decides nothing is not asked
    expect(
      step(readiness(rows, undefined, { notTestable: all }), "Assign ticket").claims.map(({ key }) => key),
    ).not.toContain("within-limits");
    // who says that an approval is something else has to say as well which steps are approvals
    const copies = { said: { ...SAID, "Approve result": { task: "check", undo: "yes" } as const } };
    expect(approve(copies)).toMatchObject({ verdict: "keep with people", decides: true });
    expect(approve({ ...copies, approvals: ["Close ticket"] })).toMatchObject({ decides: false });
    const close = step(readiness(rows, undefined, { approvals: ["Close ticket"] }), "Close ticket");
    expect(close).toMatchObject({ verdict: "keep with people", decides: true });
  });

  test("a described step that nobody saw has no evidence at all", () => {
    const list = readiness(
      tickets(200, (c) => c),
      "process: P\nflow: [Enter ticket, Sing a song]\n",
    );
    expect(step(list, "Sing a song")).toMatchObject({
      executions: 0,
      verdict: "not enough evidence",
      described: true,
    });
    // what is done and stands in no description is described or stopped first, once it is said what it is
    expect(step(list, "Assign ticket")).toMatchObject({ described: false, verdict: "fix first" });
    expect(
      step(
        readiness(
          tickets(200, (c) => c),
          "process: P\nflow: [Enter ticket]\n",
          { said: {} },
        ),
        "Assign ticket",
      ).verdict,
    ).toBe("not enough evidence");
  });

  test("more of the same evidence never makes a contradicted step ready", () => {
    for (const cases of [150, 300, 600]) {
      const assign = step(
        readiness(tickets(cases, (_, random) => random.pick(["x", "y", "z"]), { seed: 7 })),
        "Assign ticket",
      );
      expect([cases, assign.verdict]).not.toEqual([cases, "ready"]);
    }
  });
});

describe("the rule", () => {
  const verdicts = fc.constantFrom("confirmed", "contradicted", "not enough evidence", "not testable here");
  const anyClaims = fc.array(
    fc.record({
      lens: fc.constantFrom("data", "consistency", "error tolerance", "business impact"),
      need: fc.constantFrom("required", "wanted", "indifferent"),
      keepsPeople: fc.boolean(),
      comesFirst: fc.boolean(),
      onlySaid: fc.boolean(),
      verdict: verdicts,
    }),
    { maxLength: 10 },
  ) as unknown as fc.Arbitrary<LensClaim[]>;

  test("is the precedence of the design, read literally", () => {
    fc.assert(
      fc.property(anyClaims, (claims) => {
        const { verdict } = verdictOfClaims(claims);
        const lensOk = ["data", "consistency", "error tolerance", "business impact"].every((lens) =>
          claims.some((c) => c.lens === lens && c.verdict === "confirmed" && !c.onlySaid),
        );
        const required = claims.filter(({ need }) => need === "required");
        const literally = claims.some((c) => c.comesFirst && c.verdict !== "confirmed")
          ? "not enough evidence"
          : claims.some((c) => c.keepsPeople && c.verdict === "contradicted")
            ? "keep with people"
            : required.some((c) => c.verdict === "contradicted")
              ? "fix first"
              : required.some((c) => c.verdict !== "confirmed") || !lensOk
                ? "not enough evidence"
                : "ready";
        expect(verdict).toBe(literally);
      }),
      { numRuns: 2000 },
    );
  });

  test("turns to ready only when a named claim turns", () => {
    fc.assert(
      fc.property(anyClaims, fc.nat(9), verdicts, (claims, at, verdict) => {
        fc.pre(claims.length > 0);
        const changed = claims.map((one, i) =>
          i === at % claims.length ? { ...one, verdict } : one,
        ) as LensClaim[];
        const [before, after] = [verdictOfClaims(claims), verdictOfClaims(changed)];
        if (before.verdict !== "ready" && after.verdict === "ready") expect(verdict).toBe("confirmed");
      }),
      { numRuns: 1000 },
    );
  });
});

test("the rule that tells an outcome is tried on executions that it has not seen", () => {
  const random = new Random("outcome");
  const noise = tickets(400, () => random.pick(["x", "y", "z"]));
  const evidence = new Evidence(logOfRows(noise));
  const rule = outcomeRule(evidence, evidence.rowsOf(evidence.activityNames.indexOf("Assign ticket")))!;
  const share = rule.held.reduce((a, b) => a + b, 0) / rule.held.length;
  expect(rule.held).toHaveLength(80);
  // of three outcomes at random none can be told much better than one in three
  expect(share).toBeLessThan(0.55);
  expect(rule.baseRate).toBeLessThan(0.55);
});

describe("the process as a whole, and who does it", () => {
  test("the process as a whole: what its steps are asked, over all their executions", () => {
    const rows = tickets(400, (category) => category, { filled: 0.8 });
    // every tenth ticket is assigned again
    const again = rows.flatMap((row): TestRow[] =>
      row.activity === "Check result" && Number(row.case.slice(1)) % 10 === 0
        ? [row, { ...row, activity: "Assign ticket", start: row.time + HOUR / 4, time: row.time + HOUR / 2 }]
        : [row],
    );
    const { process, steps } = judged(again);
    const of = (key: string) => process.claims.find((claim) => claim.key === key)!;
    // recounted from the rows, and over the steps' own claims
    const sum = (key: string, what: "n" | "against") =>
      steps.reduce((total, one) => total + claim(one, key)[what], 0);
    for (const key of ["filled", "right-today", "told", "caught"])
      expect([key, of(key).n, of(key).against]).toEqual([key, sum(key, "n"), sum(key, "against")]);
    expect(of("right-today").against).toBe(40);
    expect(of("filled").n).toBe(again.length);
    const ways = new Map<string, number>();
    for (let c = 0; c < 400; c++) {
      const way = again
        .filter((row) => row.case === `t${c}`)
        .map(({ activity }) => activity)
        .join();
      ways.set(way, (ways.get(way) ?? 0) + 1);
    }
    const frequent = [...ways.values()].sort((x, y) => y - x);
    const entropy = frequent.reduce((total, count) => total - (count / 400) * Math.log2(count / 400), 0);
    expect([of("ways").n, of("ways").against]).toEqual([400, frequent[5]]);
    expect(of("ways").detail).toContain(`6 ways; their entropy is ${entropy.toFixed(1)} bits`);
    expect(of("steady").verdict).toBe("confirmed");
    expect(of("described")).toMatchObject({
      verdict: "not testable here",
      needs: [{ kind: "description" }],
    });
    expect(of("enough").verdict).toBe("confirmed");
    expect(process.lenses.find(({ lens }) => lens === "data")!.state).toBe("contradicted");
    expect(new Set(process.claims.map(({ id }) => id)).size).toBe(process.claims.length);
    // the cases against it are those of the steps, each once
    expect([...of("right-today").caseIds].sort()).toEqual(
      [...new Set(steps.flatMap((one) => claim(one, "right-today").caseIds))].sort(),
    );
  });

  test("what follows one person's work and not another's depends on who does it", () => {
    const random = new Random("whoever");
    const rows: TestRow[] = [];
    for (let c = 0; c < 800; c++) {
      const at = MONDAY + c * 4 * HOUR;
      const who = random.pick(["ana", "ben", "cem", "dan"]);
      const approves = random.chance(who === "ana" ? 0.95 : 0.35);
      const add = (activity: string, after: number, person: string) =>
        rows.push({ case: `c${c}`, activity, time: at + after * HOUR, person });
      add("Enter claim", 0, random.pick(["eva", "fay"]));
      add("Review claim", 1, who);
      add(approves ? "Pay claim" : "Refuse claim", 2, "gus");
    }
    const review = step(readiness(rows), "Review claim");
    const whoever = claim(review, "whoever");
    expect(whoever.verdict).toBe("contradicted");
    expect(whoever.detail).toMatch(/^4 people compared; .* go on to "(Pay|Refuse) claim" in 9\d/);
    expect(claim(step(readiness(rows), "Enter claim"), "whoever").verdict).toBe("confirmed");
    // without names of people nobody can tell
    const nameless = rows.map(({ case: id, activity, time }): TestRow => ({ case: id, activity, time }));
    expect(claim(step(readiness(nameless), "Review claim"), "whoever")).toMatchObject({
      verdict: "not testable here",
      needs: [{ kind: "column", role: "person" }],
    });
  });

  test("chance alone makes no process unsteady, however many activities it has; a change does", () => {
    const world = (activities: number, change: boolean) => {
      const random = new Random(`steady ${activities}`);
      const rows: TestRow[] = [];
      for (let c = 0; c < 700; c++)
        for (let i = 0; i < 7; i++) {
          const late = change && c >= 350 && random.chance(0.6);
          rows.push({
            case: `c${c}`,
            activity: i === 6 ? "End" : late ? "New" : `A${random.below(activities)}`,
            time: MONDAY + c * 6 * HOUR + i * HOUR,
            person: "ana",
          });
        }
      return judged(rows).process.claims.find(({ key }) => key === "steady")!;
    };
    for (const activities of [8, 20, 40]) {
      const { estimate, interval, verdict } = world(activities, false);
      expect([activities, verdict]).toEqual([activities, "confirmed"]);
      expect(estimate).toBeGreaterThanOrEqual(interval![0]);
      expect(estimate).toBeLessThanOrEqual(interval![1]);
    }
    expect(world(20, true).verdict).toBe("contradicted");
  });

  test("a step straight after itself is one piece of work, however often; back after something else it is done again", () => {
    const log = (words: string) =>
      words
        .split(" ")
        .map((activity, i): TestRow => ({ case: "c", activity, time: MONDAY + i * HOUR, person: "ana" }));
    const of = (words: string) => {
      const own = step(readiness(log(words)), "A");
      return [claim(own, "right-today").n, claim(own, "right-today").against];
    };
    expect(of("A A B")).toEqual([2, 0]);
    expect(of("A A A B")).toEqual([3, 0]);
    // both of the run are followed by the later one
    expect(of("A A B A")).toEqual([3, 2]);
  });

  test.each([
    ["Payment Handled", false],
    ["Pay invoice", false],
    ["Execute payment", false],
    ["Release payments", false],
    ["Request Payment", true],
    ["Record payment terms", true],
    ["Check payment", true],
  ])("a name only suggests whether a wrong one can be undone: %s", (name, may) => {
    const rows = Array.from({ length: 400 }, (_, c): TestRow[] => [
      { case: `c${c}`, activity: "Begin", time: MONDAY + c * 6 * HOUR, person: "ana" },
      { case: `c${c}`, activity: name, time: MONDAY + c * 6 * HOUR + HOUR, person: "ben" },
    ]).flat();
    const unsaid = step(readiness(rows, undefined, { said: {} }), name);
    expect([unsaid.guess.undo, claim(unsaid, "undone").verdict, unsaid.verdict]).toEqual([
      may ? null : "no",
      "not testable here",
      "not enough evidence",
    ]);
    const said = (undo: string) =>
      step(readiness(rows, undefined, { said: { [name]: { task: "copy", undo } } }), name);
    expect([said("no").verdict, claim(said("yes"), "undone").verdict]).toEqual([
      "keep with people",
      "confirmed",
    ]);
  });

  test("what can be undone until something holds where somebody checks before that", () => {
    const rows = (hours: number, paysFirst: (c: number) => boolean) =>
      Array.from({ length: 300 }, (_, c): TestRow[] => {
        const at = MONDAY + c * 6 * HOUR;
        const [check, pay] = paysFirst(c) ? [3, 2] : [2, 3];
        return (
          [
            ["Enter ticket", 0],
            ["Check result", check * hours],
            ["Settle", pay * hours],
          ] as const
        ).map(([activity, after]) => ({ case: `c${c}`, activity, time: at + after * HOUR, person: "ana" }));
      }).flat();
    const of = (undo: string, list: TestRow[]) =>
      claim(
        step(
          readiness(list, undefined, {
            said: { ...SAID, "Enter ticket": { task: "copy", undo } },
          }),
          "Enter ticket",
        ),
        "undone",
      );
    const never = () => false;
    expect(of("until Settle", rows(0.5, never))).toMatchObject({ verdict: "confirmed", n: 300 });
    expect(
      of(
        "until Settle",
        rows(0.5, (c) => c % 3 === 0),
      ),
    ).toMatchObject({
      verdict: "contradicted",
      against: 100,
    });
    expect(of("until 2h", rows(0.5, never)).verdict).toBe("confirmed");
    expect(of("until 2h", rows(1.5, never)).verdict).toBe("contradicted");
    expect(of("until Archive", rows(0.5, never)).verdict).toBe("not testable here");
  });

  test("says when and with how much work errors are put right, who sees results, and what people's time amounts to, by hand", () => {
    const rows: TestRow[] = [];
    for (let c = 0; c < 200; c++) {
      const at = MONDAY + c * 12 * HOUR;
      const add = (activity: string, after: number, minutes: number) =>
        rows.push({
          case: `c${c}`,
          activity,
          start: at + after * HOUR - minutes * 60_000,
          time: at + after * HOUR,
          person: "ana",
        });
      add("Enter claim", 1, 30);
      if (c % 10 === 0) {
        add("Call claimant", 2, 30);
        add("Enter claim", 4, 30);
      }
      add("Check claim", 6, 30);
      add("End", 7, 30);
    }
    const { steps, process } = judged(rows);
    const enter = step(steps, "Enter claim");
    expect(claim(enter, "right-today").detail).toBe(
      'a wrong one is corrected 3.0 hours later (median), mostly by "Enter claim", which takes 30 minutes of work',
    );
    // five hours from the first, two from the second: of 220 executions the middle is the first
    expect(claim(enter, "caught").detail).toBe('mostly at "Check claim", 5.0 hours later (median)');
    // 640 executions of half an hour in 99.8 days; a month has 365.25 / 12 days
    const days = (rows.at(-1)!.time - rows[0].start!) / (24 * HOUR);
    const hours = Math.round(((640 * 0.5) / days) * (365.25 / 12));
    expect(process.claims.find(({ key }) => key === "takes-time")!.detail).toContain(
      `about ${hours} hours of people's work a month`,
    );
  });

  test("the person effect of all steps holds its interval where nobody differs", () => {
    let held = 0;
    for (let round = 0; round < 30; round++) {
      const random = new Random(`pooled ${round}`);
      const rows: TestRow[] = [];
      for (let c = 0; c < 300; c++)
        for (let i = 0; i < 5; i++)
          rows.push({
            case: `c${c}`,
            activity: i % 2 === 0 ? `S${i}` : random.pick(["X", "Y", "Z"]),
            time: MONDAY + c * 8 * HOUR + i * HOUR,
            person: random.pick(["ana", "ben", "cem", "dan"]),
          });
      const whole = judged(rows).process.claims.find(({ key }) => key === "whoever")!;
      if (whole.interval![1] === 1) held++;
    }
    expect(held).toBeGreaterThanOrEqual(27);
  });
});
