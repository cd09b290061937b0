import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { directlyFollows } from "../../src/discovery/directly-follows.ts";
import { inductiveMiner, mineGraph } from "../../src/discovery/inductive-miner.ts";
import { Aligner } from "../../src/conformance/align.ts";
import { TreeSpace } from "../../src/conformance/tree-space.ts";
import { allNames } from "../../src/eventlog/strings.ts";
import {
  boundedLanguage,
  canonicalTree,
  formatTree,
  parseTree,
  type ProcessTree,
} from "../../src/model/process-tree.ts";
import { logOf } from "../log-of.ts";
import { anyTrace, anyTree } from "../random-trees.ts";

const mined = (...cases: string[]) => formatTree(canonicalTree(inductiveMiner(logOf(...cases))));
const same = (text: string) => formatTree(canonicalTree(parseTree(text)));

describe("the inductive miner finds", () => {
  test.each([
    ["->( 'A', 'B', 'C' )", ["A B C"]],
    ["X( 'A', 'B' )", ["A", "B"]],
    ["->( 'A', +( 'B', 'C' ), 'D' )", ["A B C D", "A C B D"]],
    ["->( 'A', X( 'B', tau ), 'C' )", ["A B C", "A C"]],
    ["*( ->( 'A', 'B' ), 'C' )", ["A B", "A B C A B", "A B C A B C A B"]],
    ["*( 'A', tau )", ["A", "A A", "A A A"]],
    ["*( ->( 'A', 'B' ), tau )", ["A B", "A B A B"]],
  ])("%s", (tree, cases) => {
    expect(mined(...cases)).toBe(same(tree));
  });
});

test("every trace of a log is a run of its model", () => {
  const names = ["a", "b", "c", "d", "e"];
  fc.assert(
    fc.property(
      fc.array(
        anyTrace(names, 7).filter((trace) => trace.length > 0),
        { minLength: 1, maxLength: 8 },
      ),
      (traces) => {
        const space = new TreeSpace(inductiveMiner(logOf(...traces.map((trace) => trace.join(" ")))));
        for (const trace of traces) {
          const labels = Int32Array.from(trace, (name) => space.labels.indexOf(name));
          expect(new Aligner(space).align(labels, trace).cost).toBe(0);
        }
      },
    ),
    { numRuns: 1500, seed: 21 },
  );
});

test("a model whose activities are all different is found again from its runs, where they show its graph", () => {
  let compared = 0;
  fc.assert(
    fc.property(anyTree(["a", "b", "c", "d", "e", "f"], 2), (tree) => {
      const names = leaves(tree);
      fc.pre(new Set(names).size === names.length && names.length > 0);
      // Self-loops and loops whose body may be skipped look like others in the graph (Leemans 2017, section
      // 5.2).
      fc.pre(!formatTree(canonicalTree(tree)).includes("*") && !formatTree(tree).includes("tau"));
      const runs = [...boundedLanguage(tree, names.length, 5000)].map((run) => run.replaceAll("\u001f", " "));
      fc.pre(runs.length > 0);
      expect(formatTree(canonicalTree(inductiveMiner(logOf(...runs))))).toBe(formatTree(canonicalTree(tree)));
      compared++;
    }),
    { numRuns: 3000, seed: 22 },
  );
  expect(compared).toBeGreaterThan(50);
});

function leaves(tree: ProcessTree): string[] {
  if (tree.kind === "activity") return [tree.activity];
  return "children" in tree ? tree.children.flatMap(leaves) : [];
}

describe("noise", () => {
  const usual = Array.from({ length: 50 }, () => "A B C D");
  test("a rare way is left out, and comes back without a threshold", () => {
    const withRare = [...usual, "D A B C"];
    expect(formatTree(inductiveMiner(logOf(...withRare), { noise: 0.2 }))).toBe("->( 'A', 'B', 'C', 'D' )");
    expect(mined(...withRare)).toBe(same("+( 'A', 'B', 'C', 'D' )"));
  });
  test("must be a share", () => {
    expect(() => inductiveMiner(logOf("A"), { noise: 1.5 })).toThrow(RangeError);
  });
});

test("the graph alone gives the model where it says enough, and a flower where it does not", () => {
  const ofGraph = (...cases: string[]) => {
    const log = logOf(...cases);
    return formatTree(canonicalTree(mineGraph(directlyFollows(log), allNames(log.activities))));
  };
  expect(ofGraph("A B C", "A C B")).toBe(same("->( 'A', +( 'B', 'C' ) )"));
  expect(ofGraph("A B C", "A C")).toBe(same("->( 'A', X( 'B', tau ), 'C' )"));
  expect(ofGraph("A B B C")).toBe(same("->( 'A', *( 'B', tau ), 'C' )"));
});

test("a log of empty or single things", () => {
  expect(mined("A")).toBe("'A'");
  expect(
    formatTree(inductiveMiner({ ...logOf("A"), caseCount: 0, eventCount: 0, caseStart: new Uint32Array(1) })),
  ).toBe("tau");
});
