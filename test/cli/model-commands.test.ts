import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { plumblineIn } from "./run-plumbline.ts";
import { temporaryFiles } from "../formats/temporary-files.ts";

const { directory, file } = temporaryFiles();
const run = plumblineIn(directory);
const json = (...args: string[]) => {
  const { status, stdout, stderr } = run(...args, "--json");
  expect([status, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as Record<string, never> & Record<string, unknown>;
};
let log: string;
let description: string;
let small: string;
beforeAll(() => {
  expect(run("simulate", join(directory, "org"), "--seed", "1", "--cases", "300").status).toBe(0);
  log = join(directory, "org/purchase-to-pay/log.csv");
  description = join(directory, "org/purchase-to-pay/description.yaml");
  small = file(
    [
      "case_id,activity,timestamp",
      "1,A,2025-01-06T09:00:00Z",
      "1,B,2025-01-06T10:00:00Z",
      "1,C,2025-01-06T12:00:00Z",
      "2,A,2025-01-06T09:00:00Z",
      "2,C,2025-01-06T09:30:00Z",
      "",
    ].join("\n"),
    "small.csv",
  );
});

describe("map", () => {
  test("--json has every key of the design, every edge and every variant", () => {
    const map = json("map", small);
    expect(map).toMatchObject({
      activities: [
        { name: "A", count: 2, cases: 2 },
        { name: "C", count: 2, cases: 2 },
        { name: "B", count: 1, cases: 1 },
      ],
      starts: { A: 2 },
      ends: { C: 2 },
      edges: [
        { from: "A", to: "B", count: 1, cases: 1, medianWaitMs: 3_600_000 },
        { from: "A", to: "C", count: 1, cases: 1, medianWaitMs: 1_800_000 },
        { from: "B", to: "C", count: 1, cases: 1, medianWaitMs: 7_200_000 },
      ],
      variants: [
        { activities: ["A", "B", "C"], cases: 1 },
        { activities: ["A", "C"], cases: 1 },
      ],
      tree: "->( 'A', X( tau, 'B' ), 'C' )",
    });
    expect(map["log"]).toMatchObject({ cases: 2, events: 5, rejected: 0 });
    expect(typeof map["seconds"]).toBe("number");
  });

  test("what it writes, conform reads, and every case follows it", () => {
    const path = (end: string) => join(directory, `model.${end}`);
    const written = ["bpmn", "pnml", "ptml"].flatMap((end) => [`--${end}`, path(end)]);
    expect(run("map", log, ...written, "--svg", path("svg")).status).toBe(0);
    expect(readFileSync(path("svg"), "utf8")).toMatch(/^<svg /);
    for (const end of ["bpmn", "pnml", "ptml"]) {
      expect(json("conform", log, path(end)), end).toMatchObject({
        fitness: 1,
        averageFitness: 1,
        fittingCases: 300,
        optimal: true,
      });
    }
  });

  test("the model of the graph alone is its own", () => {
    expect(json("map", small, "--graph")["tree"]).toBe("->( 'A', X( tau, 'B' ), 'C' )");
  });

  test("never writes over the log it reads", () => {
    const before = readFileSync(small, "utf8");
    expect(run("map", small, "--svg", small)).toMatchObject({ status: 2, stdout: "" });
    expect(readFileSync(small, "utf8")).toBe(before);
  });

  test("says what it needs when asked wrongly", () => {
    expect(run("map", small, "--noise", "7")).toMatchObject({
      status: 2,
      stdout: "",
      stderr: '--noise: expected a number from 0 to 1, got "7".\n',
    });
    expect(run("map", small, "--svg", join(directory, "no/such/place.svg"))).toMatchObject({ status: 2 });
  });
});

describe("conform", () => {
  test("--json has every key of the design, costs and moves as the definition says", () => {
    const model = file("->( 'A', 'B', 'C' )", "model.tree");
    const result = json("conform", small, model);
    expect(result).toMatchObject({
      fitness: 1 - 1 / 11,
      averageFitness: 0.9,
      fittingCases: 1,
      cases: 2,
      precision: 1,
    });
    expect(result["variants"]).toEqual([
      {
        activities: ["A", "B", "C"],
        cases: 1,
        cost: 0,
        lowerBound: 0,
        optimal: true,
        fitness: 1,
        moves: ["A", "B", "C"].map((x) => ({ log: x, model: x })),
      },
      {
        activities: ["A", "C"],
        cases: 1,
        cost: 1,
        lowerBound: 1,
        optimal: true,
        fitness: 0.8,
        moves: [
          { log: "A", model: "A" },
          { log: null, model: "B" },
          { log: "C", model: "C" },
        ],
      },
    ]);
    expect(result["deviations"]).toEqual([
      { kind: "not in the log", activity: "B", after: "A", cases: 1, stopped: 0, count: 1, caseIds: ["2"] },
    ]);
  });

  test("a description is a model, its mapping names activities as steps", () => {
    expect(json("conform", log, description)["cases"]).toBe(300);
    const mapped = file(
      "process: P\nflow:\n  - Begin\n  - optional: B\n  - C\nmapping: { A: Begin }\n",
      "mapped.yaml",
    );
    expect(json("conform", small, mapped)).toMatchObject({ fitness: 1, fittingCases: 2 });
  });

  test("labels count as one where only blanks differ, and as two where the model has both", () => {
    const rows = (...names: string[]) =>
      `case,activity,timestamp\n${names.map((name, i) => `1,${name},2025-01-0${i + 1}`).join("\n")}\n`;
    const one = file("->( 'Check it', 'B' )", "one.tree");
    expect(json("conform", file(rows("Check  it", "B"), "blanks.csv"), one)).toMatchObject({ fitness: 1 });
    const both = file("->( 'Check  it', 'Check it' )", "both.tree");
    const inOrder = file(rows("Check  it", "Check it"), "in-order.csv");
    const swapped = file(rows("Check it", "Check  it"), "swapped.csv");
    expect(json("conform", inOrder, both)).toMatchObject({ fittingCases: 1 });
    expect(json("conform", swapped, both)).toMatchObject({ fittingCases: 0 });
  });

  test("a model in another encoding than UTF-8 is read as it says", () => {
    const net = (encoding: string) =>
      `<?xml version="1.0" encoding="${encoding}"?><pnml><net><page><place id="i"><initialMarking><text>1</text></initialMarking></place><place id="o"/><transition id="t"><name><text>Prüfen</text></name></transition><arc source="i" target="t"/><arc source="t" target="o"/></page></net></pnml>`;
    const done = file("case,activity,timestamp\n1,Prüfen,2025-01-01\n", "umlaut.csv");
    for (const [encoding, bytes] of [
      ["ISO-8859-1", Buffer.from(net("ISO-8859-1"), "latin1")],
      ["UTF-16", Buffer.from(`\ufeff${net("UTF-16")}`, "utf16le")],
    ] as const) {
      const model = join(directory, `${encoding}.pnml`);
      writeFileSync(model, bytes);
      expect(json("conform", done, model), encoding).toMatchObject({ fitness: 1, fittingCases: 1 });
    }
  });

  test("rows that were left out are said beside the result", () => {
    const model = file("'A'", "just-a.tree");
    const broken = file("case,activity,timestamp\n1,A,2025-01-01\n2,A,some day\n", "broken.csv");
    expect(run("conform", broken, model).stdout).toMatch(/ 1 kept \+ 1 rejected\./);
  });

  test.each([
    [
      "a description with a wrong block",
      "flow:\n  - either: [A, B]\n",
      "d.yaml",
      /d\.yaml, line 2, column \d+: .*choice, parallel, optional, repeat/,
    ],
    ["a description without a flow", "process: P\n", "e.yaml", /e\.yaml, line 1/],
    ["something else", "hello", "m.bpmn", /expected a model as BPMN, PNML, PTML/],
    ["a log in the place of the model", "case,activity\n1,A\n", "m.csv", /expected a model/],
  ])("%s is refused with what was expected", (_, content, name, message) => {
    const { status, stderr } = run("conform", small, file(content, name));
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  test("a net too large to be gone through gets bounds, not made-up numbers", () => {
    // 20 branches in parallel and a token that goes across, so that it is no nesting of blocks: a million
    // markings
    const places = Array.from({ length: 20 }, (_, k) => [`p${k}`, `q${k}`]).flat();
    const ids = ["i", "o", "x", ...places];
    const transitions: [string, string[], string[]][] = [
      ["S", ["i"], places.filter((p) => p.startsWith("p"))],
      ["E", [...places.filter((p) => p.startsWith("q")), "x"], ["o"]],
      ...Array.from({ length: 20 }, (_, k): [string, string[], string[]] => [
        `B${k}`,
        [`p${k}`],
        k === 0 ? ["q0", "x"] : [`q${k}`],
      ]),
    ];
    const pnml = `<pnml><net><page>${ids.map((p) => `<place id="${p}"/>`).join("")}${transitions
      .map(([name]) => `<transition id="${name}"><name><text>${name}</text></name></transition>`)
      .join(
        "",
      )}${transitions.flatMap(([name, ins, outs]) => [...ins.map((p) => `<arc source="${p}" target="${name}"/>`), ...outs.map((p) => `<arc source="${name}" target="${p}"/>`)]).join("")}</page></net></pnml>`;
    const far = file("case,activity,timestamp\n1,S,2025-01-01\n1,B3,2025-01-02\n1,E,2025-01-03\n", "far.csv");
    const result = json("conform", far, file(pnml, "large.pnml"), "--states", "1000");
    expect(result).toMatchObject({ fitness: null, averageFitness: null, precision: null, optimal: false });
    expect(result["notes"]).toEqual([expect.stringMatching(/more than 50,000 states/)]);
    const [variant] = result["variants"] as unknown as { cost: null; lowerBound: number; optimal: boolean }[];
    expect(variant).toMatchObject({ cost: null, optimal: false });
    expect(variant.lowerBound).toBeGreaterThan(0);
    const { stdout } = run("conform", far, join(directory, "large.pnml"), "--states", "1000");
    expect(stdout).not.toMatch(/no way from its begin/);
  });

  test("names the worst places in plain words", () => {
    const { stdout } = run("conform", log, description);
    expect(stdout).toMatch(/167 of 300 cases \(56 %\) follow the model exactly/);
    expect(stdout).toMatch(/described, not done {2}Receive goods +Record invoice +\d+/);
  });
});

describe("the other views of a log", () => {
  test("rules are discovered, and checked with their cases", () => {
    const { rules } = json("rules", log) as unknown as { rules: { support: number }[] };
    expect(rules.length).toBeGreaterThan(5);
    const checked = json("rules", small, "--check", "response(A, B)") as unknown as { rules: unknown[] };
    expect(checked.rules).toMatchObject([{ satisfiedCases: 1, activatedCases: 2, caseIds: ["2"] }]);
    const wrong = run("rules", small, "--file", file("# ours\nresponse(A, B)\nrespond(A)\n", "rules.txt"));
    expect([wrong.status, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/rules\.txt, line 3: no rule "respond"/),
    ]);
  });

  test("waiting adds up, and says what is not visible", () => {
    const { total } = json("waiting", log) as unknown as { total: Record<string, number> };
    const { total: whole, ...parts } = total;
    expect(Object.values(parts).reduce((a, b) => a + b, 0)).toBeCloseTo(whole, -1);
    expect(run("waiting", small)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/cannot be computed.*--start.*--person/) as string,
    });
  });

  test("people are roles on the screen, and names in --json unless pseudonyms are asked for", () => {
    const names = (json("people", log) as unknown as { roles: { people: string[] }[] }).roles.flatMap(
      (role) => role.people,
    );
    const { stdout } = run("people", log);
    for (const name of names) expect(stdout.includes(name), name).toBe(false);
    const hidden = JSON.stringify(json("people", log, "--pseudonyms"));
    for (const name of names) expect(hidden.includes(name), name).toBe(false);
  });

  test("causes of long, deviating and marked cases", () => {
    expect(json("causes", log)).toMatchObject({ cases: 300, affected: 75 });
    expect(json("causes", log, "--deviating", description)).toMatchObject({ affected: 133 });
    expect(json("causes", log, "--with", "Obtain quotation")["what"]).toBe('cases have "Obtain quotation"');
    expect(run("causes", log, "--with", "Nothing").status).toBe(2);
  });

  test("what few cases do, with the cases", () => {
    const found = json("rare", small, "--share", "0.5") as unknown as {
      rare: unknown[];
      unusualTimes: unknown[];
    };
    expect(found.rare).toEqual([
      { activity: "B", after: null, cases: 1, caseIds: ["1"] },
      { activity: "C", after: "A", cases: 1, caseIds: ["2"] },
    ]);
    expect(found.unusualTimes).toEqual([]);
    expect((json("rare", log) as unknown as { usualTimes: unknown[] }).usualTimes.length).toBeGreaterThan(20);
  });

  test("forecasts come with how often they came true", () => {
    const { judgement } = json("predict", log) as unknown as {
      judgement: { remaining: { coverage: number } };
    };
    expect(judgement.remaining.coverage).toBeGreaterThan(0.7);
    expect(run("predict", small)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/at least 50 finished cases/) as string,
    });
  });
});
