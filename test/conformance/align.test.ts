import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Aligner } from "../../src/conformance/align.ts";
import { alignLogInThreads } from "../../src/conformance/align-in-threads.ts";
import { alignLog, spaceOf } from "../../src/conformance/align-log.ts";
import { modelOfTree } from "../../src/model/model.ts";
import { Random } from "../../src/statistics/random.ts";
import { logOf } from "../log-of.ts";
import { NetSpace } from "../../src/conformance/net-space.ts";
import type { StateSpace } from "../../src/conformance/state-space.ts";
import { TreeSpace } from "../../src/conformance/tree-space.ts";
import { netOfTree } from "../../src/model/petri-net.ts";
import {
  boundedLanguage,
  parseTree,
  shortestRun,
  simplifyTree,
  type ProcessTree,
} from "../../src/model/process-tree.ts";
import { anyTrace, anyTree } from "../random-trees.ts";

/**
 * The definition read literally: every run of the model that could matter, and the longest common subsequence
 * with each.
 */
function cheapest(tree: ProcessTree, trace: string[]): number | undefined {
  const longest = 2 * trace.length + shortestRun(tree);
  if (longest > 9) return undefined;
  let runs: Set<string>;
  try {
    runs = boundedLanguage(tree, longest, 4000);
  } catch {
    return undefined; // too many runs to write down
  }
  return Math.min(...[...runs].map((run) => distance(trace, run === "" ? [] : run.split("\u001f"))));
}

/** Insertions and deletions between two sequences. */
function distance(a: string[], b: string[]): number {
  let row = b.map((_, j) => j + 1);
  row.unshift(0);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(a[i - 1] === b[j - 1] ? row[j - 1] : 1 + Math.min(row[j], next[j - 1]));
    }
    row = next;
  }
  return row[b.length];
}

function align(space: StateSpace, trace: string[]) {
  return new Aligner(space).align(
    Int32Array.from(trace, (name) => space.labels.indexOf(name)),
    trace,
  );
}

const NAMES = ["a", "b", "c", "d"];

/** That the moves are what they say: they spell the trace, a run of the model, and cost what was said. */
function checkMoves(tree: ProcessTree, trace: string[], { cost, moves }: ReturnType<typeof align>): void {
  expect(moves.flatMap((move) => (move.log === null ? [] : [move.log]))).toEqual(trace);
  const run = moves.flatMap((move) => (move.model === null ? [] : [move.model]));
  expect(boundedLanguage(tree, run.length, 50_000).has(run.join("\u001f"))).toBe(true);
  expect(moves.filter((move) => move.log !== move.model).length).toBe(cost);
}

describe("alignments are cheapest", () => {
  test("on random trees, whose activities may stand in several places, and traces: every run tried", () => {
    let compared = 0;
    fc.assert(
      fc.property(anyTree(NAMES, 3), anyTrace([...NAMES, "x"], 4), (tree, trace) => {
        const expected = cheapest(tree, trace);
        fc.pre(expected !== undefined);
        const found = align(new TreeSpace(simplifyTree(tree)), trace);
        expect(found.cost).toBe(expected);
        checkMoves(tree, trace, found);
        compared++;
      }),
      { numRuns: 3000, seed: 11 },
    );
    expect(compared).toBeGreaterThan(2000);
  });

  test("on the Petri nets of random trees, searched marking by marking", () => {
    fc.assert(
      fc.property(anyTree(NAMES, 3), anyTrace(NAMES, 4), (tree, trace) => {
        const byTree = align(new TreeSpace(tree), trace);
        const byNet = align(new NetSpace(netOfTree(tree)), trace);
        expect(byNet.cost).toBe(byTree.cost);
        expect(byNet.moves.filter((move) => move.log !== move.model).length).toBe(byNet.cost);
        expect(byNet.moves.flatMap((move) => (move.log === null ? [] : [move.log]))).toEqual(trace);
      }),
      { numRuns: 1500, seed: 12 },
    );
  });

  test("and unsimplified trees give the same costs as simplified ones", () => {
    fc.assert(
      fc.property(anyTree(NAMES, 4), anyTrace(NAMES, 6), (tree, trace) => {
        expect(align(new TreeSpace(tree), trace).cost).toBe(
          align(new TreeSpace(simplifyTree(tree)), trace).cost,
        );
      }),
      { numRuns: 1000, seed: 13 },
    );
  });
});

test("ten activities in parallel, all missing, cost ten and not a thousand states", () => {
  const names = Array.from({ length: 10 }, (_, i) => `p${i}`);
  const space = new TreeSpace(parseTree(`->( 'a', +( ${names.map((n) => `'${n}'`).join(", ")} ), 'b' )`));
  expect(align(space, ["a", "b"]).cost).toBe(10);
  expect(space.size).toBeLessThan(10);
});

test("a search that meets its limit says so, with a proved bound below and a real alignment above", () => {
  const tree = parseTree("*( +( 'a', 'b', 'c', 'd', 'e', 'f' ), tau )");
  const trace = Array.from("abacfedbcadefabbcddeffacdbe");
  const optimal = align(new TreeSpace(tree), trace);
  const space = new TreeSpace(tree);
  const stopped = new Aligner(space, 20).align(
    Int32Array.from(trace, (n) => space.labels.indexOf(n)),
    trace,
  );
  expect(stopped.optimal).toBe(false);
  expect(stopped.lowerBound).toBeLessThanOrEqual(optimal.cost);
  expect(stopped.cost).toBeGreaterThanOrEqual(optimal.cost);
  expect(stopped.moves.filter((move) => move.log !== move.model).length).toBe(stopped.cost);
});

test("a net whose end cannot be reached has no alignment, and one that piles up tokens is refused", () => {
  const dead = { ...netOfTree(parseTree("->( 'a', 'b' )")), final: [1, 1, 0] };
  expect(align(new NetSpace(dead), ["a", "b"]).cost).toBe(Infinity);
  const piling = netOfTree(parseTree("'a'"));
  piling.transitions.push({ id: "t", label: "x", inputs: [0], outputs: [0, 1] });
  expect(() => new NetSpace(piling)).toThrow(/more than 100 tokens/);
});

test("two threads find what one finds", async () => {
  const random = new Random(4);
  const cases = Array.from({ length: 60 }, () =>
    Array.from({ length: 1 + random.below(12) }, () => random.pick(["a", "b", "c", "d", "x"])).join(" "),
  );
  const model = modelOfTree(parseTree("->( 'a', *( +( 'b', 'c' ), tau ), X( 'd', tau ) )"));
  const log = logOf(...cases);
  const one = alignLog(log, spaceOf(model));
  const two = await alignLogInThreads(log, model, { threads: 2, worthAThread: 10 });
  expect(two).toEqual(one);
  for (const { activities, cost, moves } of two.variants) {
    expect(moves.flatMap((move) => (move.log === null ? [] : [move.log]))).toEqual(activities);
    expect(moves.filter((move) => move.log !== move.model).length).toBe(cost);
  }
});
