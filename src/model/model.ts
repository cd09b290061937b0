import { InputError } from "../input-error.ts";
import { netOfTree, treeOfNet, type PetriNet } from "./petri-net.ts";
import { simplifyTree, treeSize, type ProcessTree } from "./process-tree.ts";

/**
 * Steps and places, or nodes of a tree, that a model has at most; larger ones are mistakes, or no one's work.
 */
export const MAX_NODES = 20_000;

/**
 * A model whose runs can be compared with a log: a net, and its process tree where it is made of nested
 * blocks.
 */
export interface ProcessModel {
  net: PetriNet;
  tree?: ProcessTree;
}

/** Throws InputError for more than `MAX_NODES` nodes. */
export function modelOfTree(tree: ProcessTree): ProcessModel {
  checkSize(treeSize(tree), "process tree");
  const simple = simplifyTree(tree);
  return { tree: simple, net: netOfTree(simple) };
}

/** Throws InputError for more than `MAX_NODES` places and transitions. */
export function modelOfNet(net: PetriNet): ProcessModel {
  checkSize(net.places.length + net.transitions.length, net.name);
  return { net, tree: treeOfNet(net) };
}

function checkSize(nodes: number, name: string): void {
  if (nodes <= MAX_NODES) return;
  throw new InputError(
    "too-large",
    name,
    `The model "${name}" has ${nodes} nodes; a model may have ${MAX_NODES}. Check that it is a model and not a log, or compare with a part of it.`,
  );
}
