import { expect, test } from "vitest";
import { alignLog, spaceOf } from "../../src/conformance/align-log.ts";
import { generalisation, simplicity } from "../../src/conformance/quality.ts";
import { modelOfTree } from "../../src/model/model.ts";
import { netOfTree } from "../../src/model/petri-net.ts";
import { parseTree } from "../../src/model/process-tree.ts";
import { logOf } from "../log-of.ts";

const times = (count: number, trace: string) => Array.from({ length: count }, () => trace);
const generalisationOf = (tree: string, ...cases: string[]) => {
  const labels = ["A", "B", "C"].filter((label) => tree.includes(label));
  return generalisation(labels, alignLog(logOf(...cases), spaceOf(modelOfTree(parseTree(tree)))));
};

test("generalisation: what few have done holds least, computed by hand", () => {
  // A done 4 times, B once: 1 − (1/2 + 1/1) / 2
  expect(generalisationOf("->( 'A', X( tau, 'B' ) )", ...times(3, "A"), "A B")).toBe(1 / 4);
  // B never done counts 1 as well; what only the log has counts for nothing
  expect(generalisationOf("->( 'A', X( tau, 'B' ) )", ...times(4, "A Z"))).toBe(1 / 4);
  // a step that the model does and the log leaves out is still done by the model
  expect(generalisationOf("->( 'A', 'B' )", ...times(4, "A"))).toBe(1 / 2);
});

test("simplicity: arcs beyond two a node, computed by hand", () => {
  // start → A → p → B → end: 5 nodes, 4 arcs, 8/5 a node
  expect(simplicity(netOfTree(parseTree("->( 'A', 'B' )")))).toBe(1);
  // two places, six transitions between them: 8 nodes, 12 arcs, 3 a node
  const choice = netOfTree(parseTree("X( 'A', 'B', 'C', 'D', 'E', 'F' )"));
  expect([choice.places.length, choice.transitions.length]).toEqual([2, 6]);
  expect(simplicity(choice)).toBe(1 / 2);
});

test("nothing to judge is undefined", () => {
  expect(generalisation([], { variants: [] } as never)).toBeUndefined();
});
