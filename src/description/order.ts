import type { ProcessTree } from "../model/process-tree.ts";

/** What a flow says about every run: which steps it has in any case, and which stand before which. */
export interface FlowOrder {
  steps: string[];
  /** steps that every run has */
  mandatory: Set<string>;
  /** steps that a run may have more than once */
  repeatable: Set<string>;
  /** whether step `b` never comes for the first time before step `a` has come, in runs that have both */
  precedes(a: string, b: string): boolean;
  /** whether every run that has `b` has `a` before it */
  requires(a: string, b: string): boolean;
  /** whether no run has both */
  excludes(a: string, b: string): boolean;
}

/**
 * Reads off a process tree what holds for all its runs. Steps that stand at several places of the tree are in
 * no order. Work: steps² for each block.
 */
export function flowOrder(tree: ProcessTree): FlowOrder {
  const count = new Map<string, number>();
  const repeatable = new Set<string>();
  const before = new Set<string>(); // "a\u0000b"
  const required = new Set<string>();
  const exclusive = new Set<string>();
  const key = (a: string, b: string) => `${a}\u0000${b}`;

  /** the steps of a block, and those that each of its runs has */
  const walk = (node: ProcessTree, inLoop: boolean): { all: string[]; always: Set<string> } => {
    if (node.kind === "silent") return { all: [], always: new Set() };
    if (node.kind === "activity") {
      count.set(node.activity, (count.get(node.activity) ?? 0) + 1);
      if (inLoop) repeatable.add(node.activity);
      return { all: [node.activity], always: new Set([node.activity]) };
    }
    const loops = node.kind === "loop";
    const parts = node.children.map((child) => walk(child, inLoop || loops));
    const all = parts.flatMap((part) => part.all);
    const inOrder = (i: number, j: number) => {
      for (const a of parts[i].all) {
        // in a loop a step that was left out the first time may come after
        if ((inLoop || loops) && !parts[i].always.has(a)) continue;
        for (const b of parts[j].all) {
          before.add(key(a, b));
          if (parts[i].always.has(a)) required.add(key(a, b));
        }
      }
    };
    if (node.kind === "sequence") {
      for (let i = 0; i < parts.length; i++) for (let j = i + 1; j < parts.length; j++) inOrder(i, j);
      return { all, always: new Set(parts.flatMap((part) => [...part.always])) };
    }
    if (loops) {
      for (let j = 1; j < parts.length; j++) inOrder(0, j);
      return { all, always: parts[0].always };
    }
    if (node.kind === "parallel") return { all, always: new Set(parts.flatMap((part) => [...part.always])) };
    for (let i = 0; i < (inLoop ? 0 : parts.length); i++)
      for (let j = 0; j < parts.length; j++)
        if (i !== j) for (const a of parts[i].all) for (const b of parts[j].all) exclusive.add(key(a, b));
    return { all, always: new Set([...parts[0].always].filter((a) => parts.every((p) => p.always.has(a)))) };
  };

  const { all, always } = walk(tree, false);
  const once = (step: string) => count.get(step) === 1;
  const precedes = (a: string, b: string) => a !== b && once(a) && once(b) && before.has(key(a, b));
  return {
    steps: [...new Set(all)],
    mandatory: always,
    repeatable,
    precedes,
    requires: (a, b) => precedes(a, b) && required.has(key(a, b)),
    excludes: (a, b) => once(a) && once(b) && exclusive.has(key(a, b)),
  };
}
