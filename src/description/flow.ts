import { z } from "zod";
import { didYouMean, InputError } from "../input-error.ts";
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

const BLOCKS = ["sequence", "choice", "parallel", "optional", "repeat"];

/** A flow as it stands in a file; every problem is reported at its own place. */
export const flowSchema: z.ZodType<Flow> = z.unknown().superRefine((flow, context) => {
  const report = (path: PropertyKey[], message: string) =>
    context.addIssue({ code: "custom", path, message });
  const check = (part: unknown, path: PropertyKey[]): void => {
    if (typeof part === "string") {
      if (part.trim() === "") report(path, "expected the name of a step, got blanks");
    } else if (Array.isArray(part)) {
      if (part.length === 0) report(path, "expected at least one step, got none");
      part.forEach((item, i) => check(item, [...path, i]));
    } else if (typeof part === "object" && part !== null) {
      const keys = Object.keys(part);
      const [key] = keys;
      if (keys.length !== 1 || !BLOCKS.includes(key)) {
        const near = keys.map((name) => didYouMean(name, BLOCKS)).find((name) => name !== undefined);
        const got = keys.length === 0 ? "none" : keys.map((name) => `"${name}"`).join(" and ");
        report(
          path,
          `expected a step, a list of steps, or one of sequence, choice, parallel, optional, repeat; got ${got}${near && !keys.includes(near) ? `. Did you mean "${near}"?` : ""}`,
        );
        return;
      }
      const inner: unknown = (part as Record<string, unknown>)[key];
      const isList = key === "sequence" || key === "choice" || key === "parallel";
      if (isList && !Array.isArray(inner)) report([...path, key], `expected a list of steps under "${key}"`);
      else check(inner, [...path, key]);
    } else
      report(
        path,
        `expected a step, got ${part === null || part === undefined ? "nothing" : JSON.stringify(part)}`,
      );
  };
  check(flow, []);
}) as unknown as z.ZodType<Flow>;

/** Every step of a flow, each once, in the order of writing. */
export function stepsOfFlow(flow: Flow): string[] {
  const steps = new Set<string>();
  const walk = (part: Flow): void => {
    if (typeof part === "string") steps.add(part);
    else if (Array.isArray(part)) part.forEach(walk);
    else if (typeof part === "object" && part !== null)
      for (const inner of Object.values(part) as (Flow | Flow[])[]) walk(inner);
  };
  walk(flow);
  return [...steps];
}

/**
 * The flow that says what a tree says. A loop with something on its way back, which has no word of its own,
 * is written as its first part and any number of times the way back and the first part again.
 */
export function flowOfTree(tree: ProcessTree): Flow {
  const write = (node: ProcessTree): Flow => {
    if (node.kind === "activity") return node.activity;
    if (node.kind === "silent") return [];
    if (node.kind === "sequence") return node.children.map(write);
    if (node.kind === "parallel") return { parallel: node.children.map(write) };
    if (node.kind === "choice") {
      const ways = node.children.filter((child) => child.kind !== "silent").map(write);
      const choice: Flow = ways.length === 1 ? ways[0] : { choice: ways };
      return ways.length === node.children.length ? choice : { optional: choice };
    }
    const [body, again] = node.children;
    if (again.kind === "silent") return { repeat: write(body) };
    if (body.kind === "silent") return { optional: { repeat: write(again) } };
    const round: Flow[] = [write(again), write(body)].flatMap((part) =>
      Array.isArray(part) ? part : [part],
    );
    const first = write(body);
    return [...(Array.isArray(first) ? first : [first]), { optional: { repeat: round } }];
  };
  return write(simplifyTree(tree));
}

/**
 * The runs that a flow describes; `repeat` is once or more. Throws InputError for more than `MAX_NODES` steps
 * and blocks, also by way of YAML aliases.
 */
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
