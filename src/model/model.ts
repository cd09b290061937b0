import { netOfTree, treeOfNet, type PetriNet } from "./petri-net.ts";
import { simplifyTree, type ProcessTree } from "./process-tree.ts";

/** A model whose runs can be compared with a log: a net, and its process tree where it is made of nested blocks. */
export interface ProcessModel {
  net: PetriNet;
  tree?: ProcessTree;
}

export function modelOfTree(tree: ProcessTree): ProcessModel {
  return { tree: simplifyTree(tree), net: netOfTree(simplifyTree(tree)) };
}

export function modelOfNet(net: PetriNet): ProcessModel {
  return { net, tree: treeOfNet(net) };
}
