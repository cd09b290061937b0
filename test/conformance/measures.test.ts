import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alignLog, spaceOf } from "../../src/conformance/align-log.ts";
import { checkConformance } from "../../src/conformance/check-conformance.ts";
import {
  compareFootprints,
  footprintOfLog,
  footprintOfSpace,
  footprintOfTree,
} from "../../src/conformance/footprints.ts";
import { NetSpace } from "../../src/conformance/net-space.ts";
import { alignEtcPrecision } from "../../src/conformance/precision.ts";
import { TokenReplay } from "../../src/conformance/token-replay.ts";
import { TreeSpace } from "../../src/conformance/tree-space.ts";
import { directlyFollows } from "../../src/discovery/directly-follows.ts";
import { allNames, nameAt } from "../../src/eventlog/strings.ts";
import { modelOfTree } from "../../src/model/model.ts";
import { netOfTree } from "../../src/model/petri-net.ts";
import { boundedLanguage, parseTree, simplifyTree, type ProcessTree } from "../../src/model/process-tree.ts";
import { logOf } from "../log-of.ts";
import { anyTrace, anyTree } from "../random-trees.ts";

const times = (count: number, trace: string) => Array.from({ length: count }, () => trace);
const precisionOf = (tree: string, ...cases: string[]) => {
  const space = spaceOf(modelOfTree(parseTree(tree)));
  return alignEtcPrecision(space, alignLog(logOf(...cases), space));
};

describe("align-ETC precision, computed by hand", () => {
  test("a model that allows just what is done is precise", () => {
    expect(precisionOf("->( 'A', X( 'B', 'C' ), 'D' )", "A B D", "A C D")).toBe(1);
  });

  test("one of two branches, never taken", () => {
    // before A: 1 of 1; after A: 1 of 2; after A B: 1 of 1; after A B D: 0 of 0. (1 + 1 + 1) / (1 + 2 + 1)
    expect(precisionOf("->( 'A', X( 'B', 'C' ), 'D' )", "A B D")).toBe(3 / 4);
  });

  test("prefixes weigh by their cases", () => {
    // A B three times, A C once, D allowed after A and never done.
    // "": 4 × 1/1; A: 4 × 2/3; A B, A C: nothing allowed. (4 + 8) / (4 + 12)
    expect(precisionOf("->( 'A', X( 'B', 'C', 'D' ) )", ...times(3, "A B"), "A C")).toBe(12 / 16);
  });

  test("what can still be done at the end of a case counts as allowed", () => {
    // "": 1 of 2; a: 1 of 2; a b: 0 of 2
    expect(precisionOf("*( X( 'a', 'b' ), tau )", "a b")).toBe(2 / 6);
  });

  test("a case that does not fit stands for the run of its alignment", () => {
    expect(precisionOf("->( 'A', 'B', 'C' )", "A X C")).toBe(1);
  });

  test("is at most 1, also where more states stand for a prefix than are kept", () => {
    // 400 ways to go on after the same step, each in a state of its own
    const branches = Array.from({ length: 400 }, (_, k) => `->( 'X', 'Y${k}' )`).join(", ");
    expect(precisionOf(`X( ${branches} )`, ...Array.from({ length: 400 }, (_, k) => `X Y${k}`))).toBe(1);
  });

  test("nothing to divide by is undefined, not 0", () => {
    expect(precisionOf("tau", "A")).toBeUndefined();
  });

  test("on random trees and traces it is what the prefixes of the runs say, read literally", () => {
    fc.assert(
      fc.property(
        anyTree(["a", "b", "c"], 2),
        fc.array(anyTrace(["a", "b", "c"], 3), { minLength: 1, maxLength: 4 }),
        (tree, traces) => {
          const cases = traces.filter((trace) => trace.length > 0).map((trace) => trace.join(" "));
          fc.pre(cases.length > 0);
          const space = new TreeSpace(simplifyTree(tree));
          const aligned = alignLog(logOf(...cases), space);
          const runs = aligned.variants.flatMap(({ moves, cases: n }) =>
            times(n, moves.flatMap((m) => (m.model === null ? [] : [m.model])).join(" ")),
          );
          let language: string[];
          try {
            // longer than any run here, so that every prefix that can go on does so within it
            language = [...boundedLanguage(tree, 8, 20_000)].map((run) => run.replaceAll("\u001f", " "));
          } catch {
            return;
          }
          fc.pre(runs.every((run) => run.split(" ").length <= 5));
          const prefixes = (run: string) => {
            const steps = run === "" ? [] : run.split(" ");
            return steps.map((step, i) => [steps.slice(0, i).join(" "), step]);
          };
          const next = (all: string[], prefix: string) =>
            new Set(
              all
                .flatMap(prefixes)
                .filter(([p]) => p === prefix)
                .map(([, step]) => step),
            ).size;
          let [done, allowed] = [0, 0];
          for (const run of runs) {
            for (const prefix of new Set([run, ...prefixes(run).map(([p]) => p)])) {
              done += next(runs, prefix);
              allowed += next(language, prefix);
            }
          }
          expect(alignEtcPrecision(space, aligned)).toBe(allowed === 0 ? undefined : done / allowed);
        },
      ),
      { numRuns: 200, seed: 31 },
    );
  });
});

describe("fitness", () => {
  test("of a trace is 1 − cost / (its steps + the shortest run), of the log over all cases", () => {
    const space = new TreeSpace(parseTree("->( 'A', 'B', 'C' )"));
    const { variants, fitness, averageFitness, fittingCases, cases } = alignLog(
      logOf(...times(3, "A B C"), "A C X"),
      space,
    );
    expect(variants.map((v) => [v.activities.join(" "), v.cost, v.fitness])).toEqual([
      ["A B C", 0, 1],
      ["A C X", 2, 1 - 2 / 6],
    ]);
    expect([fittingCases, cases]).toEqual([3, 4]);
    expect(fitness).toBeCloseTo(1 - 2 / 24, 12);
    expect(averageFitness).toBeCloseTo((3 + 4 / 6) / 4, 12);
  });
});

describe("token replay", () => {
  test("counts by hand", () => {
    const net = netOfTree(parseTree("->( 'A', 'B', 'C' )"));
    expect(new TokenReplay(net).replay(["A", "B", "C"])).toEqual({
      produced: 4,
      consumed: 4,
      missing: 0,
      remaining: 0,
      foreign: 0,
      fitness: 1,
    });
    // C without B: a token is missing before C, and one stays before B
    expect(new TokenReplay(net).replay(["A", "C"])).toEqual({
      produced: 3,
      consumed: 3,
      missing: 1,
      remaining: 1,
      foreign: 0,
      fitness: expect.closeTo(2 / 3, 12) as number,
    });
    expect(new TokenReplay(net).replay(["A", "Z", "B", "C"]).foreign).toBe(1);
  });

  test("never calls a trace unfitting that an alignment proves fitting, nor the other way round", () => {
    fc.assert(
      fc.property(
        anyTree(["a", "b", "c", "d"], 3),
        fc.array(anyTrace(["a", "b", "c", "d"], 5), { minLength: 1, maxLength: 5 }),
        (tree, traces) => {
          const cases = traces.filter((trace) => trace.length > 0).map((trace) => trace.join(" "));
          fc.pre(cases.length > 0);
          const { alignment, replay } = checkConformance(logOf(...cases), modelOfTree(tree));
          expect(replay.fittingCases).toBe(alignment.fittingCases);
        },
      ),
      { numRuns: 800, seed: 32 },
    );
  });
});

test("footprints of a tree are those of its states, and of its runs", () => {
  fc.assert(
    fc.property(anyTree(["a", "b", "c", "d"], 3), (tree: ProcessTree) => {
      const ofTree = footprintOfTree(tree)!;
      const ofSpace = footprintOfSpace(new NetSpace(netOfTree(simplifyTree(tree))));
      fc.pre(ofSpace !== undefined);
      expect([...ofTree.follows].sort()).toEqual([...ofSpace!.follows].sort());
    }),
    { numRuns: 500, seed: 33 },
  );
});

test("footprints of log and model agree on the share of pairs that relate alike", () => {
  const log = logOf("A B C");
  const ofLog = footprintOfLog(directlyFollows(log), allNames(log.activities));
  const compared = compareFootprints(ofLog, footprintOfTree(parseTree("->( 'A', +( 'B', 'C' ) )"))!);
  expect(compared).toEqual({
    agreement: 5 / 9,
    onlyInLog: [],
    onlyInModel: [
      ["A", "C"],
      ["C", "B"],
    ],
  });
});

test("a case that just stops is told from one that leaves a step out", () => {
  const { deviations } = checkConformance(
    logOf("A B C", "A C", "A"),
    modelOfTree(parseTree("->( 'A', 'B', 'C' )")),
  );
  expect(deviations.map(({ activity, cases, stopped }) => [activity, cases, stopped])).toEqual([
    ["B", 2, 1],
    ["C", 1, 1],
  ]);
});

test("deviations name the step, the side and the place, with their cases", () => {
  const log = logOf("A B C", "A C", "A C", "A B X C");
  const { deviations, byActivity, onlyInLog } = checkConformance(
    log,
    modelOfTree(parseTree("->( 'A', 'B', 'C' )")),
  );
  expect(
    deviations.map(({ caseNumbers, ...d }) => ({
      ...d,
      ids: Array.from(caseNumbers, (c) => nameAt(log.caseIds, c)),
    })),
  ).toEqual([
    { kind: "not in the log", activity: "B", after: "A", cases: 2, stopped: 0, count: 2, ids: ["c2", "c3"] },
    { kind: "not in the model", activity: "X", after: "B", cases: 1, stopped: 0, count: 1, ids: ["c4"] },
  ]);
  expect(byActivity.find(({ activity }) => activity === "B")).toEqual({
    activity: "B",
    notInModel: 0,
    notInLog: 2,
    agreed: 2,
  });
  expect(onlyInLog).toEqual(["X"]);
});
