import { z } from "zod";
import { InputError } from "../input-error.ts";
import { MAX_NODES } from "../model/model.ts";
import { activityTree, SILENT, simplifyTree, treeOf, type ProcessTree } from "../model/process-tree.ts";

/** The order of steps as people write it: a step, a list in sequence, or one of these blocks. */
export type Flow =
  | string
  | Flow[]
  | { sequence: Flow[] }
  | { choice: Flow[] }
  | { parallel: Flow[] }
  | { optional: Flow }
  | { repeat: Flow };

export const flowSchema: z.ZodType<Flow> = z.lazy(() =>
  z.union(
    [
      z.string().min(1, "expected the name of a step"),
      z.array(flowSchema).min(1, "expected at least one step"),
      z.strictObject({ sequence: z.array(flowSchema).min(1) }),
      z.strictObject({ choice: z.array(flowSchema).min(1) }),
      z.strictObject({ parallel: z.array(flowSchema).min(1) }),
      z.strictObject({ optional: flowSchema }),
      z.strictObject({ repeat: flowSchema }),
    ],
    { error: "expected a step, a list of steps, or one of sequence, choice, parallel, optional, repeat" },
  ),
);

/** The runs that a flow describes; `repeat` is once or more. Throws InputError for more than `MAX_NODES` steps and blocks, also by way of YAML aliases. */
export function treeOfFlow(flow: Flow): ProcessTree {
  let nodes = 0;
  const read = (part: Flow): ProcessTree => {
    if (++nodes > MAX_NODES) {
      throw new InputError(
        "too-large",
        "flow",
        `flow: expected at most ${MAX_NODES} steps and blocks, got more. Describe one process, step by step.`,
      );
    }
    if (typeof part === "string") return activityTree(part);
    if (Array.isArray(part)) return treeOf("sequence", ...part.map(read));
    if ("sequence" in part) return treeOf("sequence", ...part.sequence.map(read));
    if ("choice" in part) return treeOf("choice", ...part.choice.map(read));
    if ("parallel" in part) return treeOf("parallel", ...part.parallel.map(read));
    if ("optional" in part) return treeOf("choice", read(part.optional), SILENT);
    return treeOf("loop", read(part.repeat), SILENT);
  };
  return simplifyTree(read(flow));
}
