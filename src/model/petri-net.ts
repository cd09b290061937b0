import { SILENT, activityTree, simplifyTree, treeOf, type ProcessTree } from "./process-tree.ts";

/** A transition; without a label it is silent. A place named twice gives or takes two tokens. */
export interface Transition {
  id: string;
  label: string | undefined;
  inputs: number[];
  outputs: number[];
}

/** A Petri net with an initial and a final marking: tokens by place. */
export interface PetriNet {
  name: string;
  places: string[];
  transitions: Transition[];
  initial: number[];
  final: number[];
  /** places in which one token ends everything, whatever lies elsewhere */
  stops?: number[];
}

/** Builds a net place by place. */
export class NetBuilder {
  readonly net: PetriNet;

  constructor(name: string) {
    this.net = { name, places: [], transitions: [], initial: [], final: [] };
  }

  place(id = `p${this.net.places.length + 1}`): number {
    this.net.initial.push(0);
    this.net.final.push(0);
    return this.net.places.push(id) - 1;
  }

  transition(label: string | undefined, inputs: number[], outputs: number[], id?: string): void {
    const { transitions } = this.net;
    transitions.push({ id: id ?? `t${transitions.length + 1}`, label, inputs, outputs });
  }
}

/**
 * The net of a process tree: one token runs from the source to the sink, safe and sound. As many nodes as the
 * tree, times a constant.
 */
export function netOfTree(tree: ProcessTree, name = "process"): PetriNet {
  const builder = new NetBuilder(name);
  const source = builder.place("source");
  const sink = builder.place("sink");
  builder.net.initial[source] = 1;
  builder.net.final[sink] = 1;
  const draw = (node: ProcessTree, from: number, to: number): void => {
    if (node.kind === "silent") builder.transition(undefined, [from], [to]);
    else if (node.kind === "activity") builder.transition(node.activity, [from], [to]);
    else if (node.kind === "choice") node.children.forEach((child) => draw(child, from, to));
    else if (node.kind === "sequence") {
      node.children.reduce((at, child, i) => {
        const next = i === node.children.length - 1 ? to : builder.place();
        draw(child, at, next);
        return next;
      }, from);
    } else if (node.kind === "parallel") {
      const begins = node.children.map(() => builder.place());
      const ends = node.children.map(() => builder.place());
      builder.transition(undefined, [from], begins);
      node.children.forEach((child, i) => draw(child, begins[i], ends[i]));
      builder.transition(undefined, ends, [to]);
    } else {
      const begin = builder.place();
      const end = builder.place();
      builder.transition(undefined, [from], [begin]);
      draw(node.children[0], begin, end);
      node.children.slice(1).forEach((child) => draw(child, end, begin));
      builder.transition(undefined, [end], [to]);
    }
  };
  draw(tree, source, sink);
  return builder.net;
}

/**
 * The process tree with the same runs, for a net made of nested blocks; undefined for any other net. Blocks
 * are folded one by one, as in Van Zelst and Leemans (2020), Translating workflow nets to process trees: two
 * transitions in sequence, in choice, in parallel or in a loop become one, until one is left. A few passes
 * over the blocks for each level of nesting.
 */
export function treeOfNet(net: PetriNet): ProcessTree | undefined {
  const source = net.initial.indexOf(1);
  const sink = net.final.indexOf(1);
  const single = (marking: number[]) => marking.reduce((a, b) => a + b, 0) === 1;
  if (net.stops || !single(net.initial) || !single(net.final) || source === sink) return undefined;
  interface Block {
    tree: ProcessTree;
    inputs: Set<number>;
    outputs: Set<number>;
  }
  const blocks = new Set<Block>();
  for (const { label, inputs, outputs } of net.transitions) {
    const [from, to] = [new Set(inputs), new Set(outputs)];
    if (from.size !== inputs.length || to.size !== outputs.length || from.size === 0 || to.size === 0)
      return undefined;
    blocks.add({ tree: label === undefined ? SILENT : activityTree(label), inputs: from, outputs: to });
  }
  const consumers = new Map<number, Set<Block>>();
  const producers = new Map<number, Set<Block>>();
  const at = (map: Map<number, Set<Block>>, place: number) => {
    if (!map.has(place)) map.set(place, new Set());
    return map.get(place)!;
  };
  const add = (block: Block) => {
    blocks.add(block);
    block.inputs.forEach((p) => at(consumers, p).add(block));
    block.outputs.forEach((p) => at(producers, p).add(block));
  };
  const remove = (block: Block) => {
    blocks.delete(block);
    block.inputs.forEach((p) => at(consumers, p).delete(block));
    block.outputs.forEach((p) => at(producers, p).delete(block));
  };
  [...blocks].forEach(add);
  const same = <T>(a: ReadonlySet<T>, b: ReadonlySet<T>) =>
    a.size === b.size && [...a].every((x) => b.has(x));
  const only = <T>(set: Set<T>): T | undefined => (set.size === 1 ? [...set][0] : undefined);
  let lastPlace = net.places.length;
  const inner = (place: number) => place !== source && place !== sink;

  const flat = (kind: "sequence" | "choice" | "parallel", ...trees: ProcessTree[]): ProcessTree =>
    treeOf(kind, ...trees.flatMap((tree) => (tree.kind === kind ? tree.children : [tree])));
  const foldAround = (block: Block): boolean => {
    // choice: another block between the same places
    for (const other of at(consumers, [...block.inputs][0])) {
      if (other === block || !same(other.inputs, block.inputs) || !same(other.outputs, block.outputs))
        continue;
      remove(block);
      remove(other);
      add({ ...block, tree: flat("choice", block.tree, other.tree) });
      return true;
    }
    const to = only(block.outputs);
    if (to !== undefined && inner(to)) {
      const next = only(at(consumers, to));
      // sequence: the only way out of the only place behind it
      if (next && next !== block && only(at(producers, to)) === block && only(next.inputs) === to) {
        remove(block);
        remove(next);
        add({
          tree: flat("sequence", block.tree, next.tree),
          inputs: block.inputs,
          outputs: next.outputs,
        });
        return true;
      }
    }
    const from = only(block.inputs);
    if (from !== undefined && from === to && inner(from)) {
      // a step that leads from a place to itself: any number of times there; what else leaves the place,
      // leaves behind it
      const behind = ++lastPlace;
      const others = [...at(consumers, from)].filter((other) => other !== block);
      remove(block);
      for (const other of others) {
        remove(other);
        other.inputs.delete(from);
        other.inputs.add(behind);
        add(other);
      }
      add({
        tree: treeOf("loop", SILENT, block.tree),
        inputs: new Set([from]),
        outputs: new Set([behind]),
      });
      return true;
    }
    if (from === undefined || to === undefined || from === to || !inner(from) || !inner(to)) return false;
    // loop: alone on its way, and another block alone leads back
    if (only(at(consumers, from)) === block && only(at(producers, to)) === block) {
      for (const again of at(consumers, to)) {
        if (only(again.inputs) !== to || only(again.outputs) !== from) continue;
        remove(block);
        remove(again);
        add({ ...block, tree: treeOf("loop", block.tree, again.tree) });
        return true;
      }
    }
    // parallel: another block that begins and ends together with this one
    if (at(consumers, from).size !== 1 || at(producers, to).size !== 1) return false;
    const [begin, end] = [only(at(producers, from)), only(at(consumers, to))];
    if (!begin || !end) return false;
    for (const place of begin.outputs) {
      const other = place !== from ? only(at(consumers, place)) : undefined;
      const exit = other && only(other.inputs) === place ? only(other.outputs) : undefined;
      if (!other || exit === undefined || exit === to || !end.inputs.has(exit)) continue;
      if (at(producers, place).size !== 1 || at(producers, exit).size !== 1 || at(consumers, exit).size !== 1)
        continue;
      remove(block);
      remove(other);
      remove(begin);
      remove(end);
      begin.outputs.delete(place);
      end.inputs.delete(exit);
      add(begin);
      add(end);
      add({ ...block, tree: flat("parallel", block.tree, other.tree) });
      return true;
    }
    return false;
  };
  // New blocks join the end of the pass that makes them; the last pass finds nothing more.
  for (let again = true; again;) {
    again = false;
    for (const block of blocks) if (foldAround(block)) again = true;
  }
  const last = only(blocks);
  if (!last || only(last.inputs) !== source || only(last.outputs) !== sink) return undefined;
  return simplifyTree(last.tree);
}

/** Whether a marking ends the net. */
export function isFinalMarking({ final, stops }: PetriNet, marking: ArrayLike<number>): boolean {
  return (stops?.some((p) => marking[p] > 0) ?? false) || final.every((tokens, p) => marking[p] === tokens);
}
