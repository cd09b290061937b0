import fc from "fast-check";
import { activityTree, SILENT, treeOf, type ProcessTree } from "../src/model/process-tree.ts";

/** Small process trees over the activities given; the same activity may stand in several places. */
export function anyTree(
  names: readonly string[] = ["a", "b", "c", "d"],
  depth = 3,
): fc.Arbitrary<ProcessTree> {
  const leaf = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...names).map(activityTree) },
    { weight: 1, arbitrary: fc.constant(SILENT) },
  );
  if (depth === 0) return leaf;
  const below = anyTree(names, depth - 1);
  const branch = fc.oneof(
    fc
      .tuple(
        fc.constantFrom("sequence" as const, "choice" as const, "parallel" as const),
        fc.array(below, { minLength: 1, maxLength: 3 }),
      )
      .map(([kind, children]) => treeOf(kind, ...children)),
    fc.tuple(below, below).map(([body, again]) => treeOf("loop", body, again)),
  );
  return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 3, arbitrary: branch });
}

/** A sequence of activities. */
export function anyTrace(names: readonly string[], maxLength: number): fc.Arbitrary<string[]> {
  return fc.array(fc.constantFrom(...names), { maxLength });
}
