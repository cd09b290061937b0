import type { Bounds, BpmnModel, Point } from "./bpmn.ts";
import type { ProcessTree } from "./process-tree.ts";

const TASK = { width: 140, height: 70 };
const GATEWAY = 50;
const EVENT = 36;
/** between elements on a line, and between lines */
const GAP = 40;
const LINE = 24;
/** a way that does nothing needs only room for its line */
const WAY = 20;

/**
 * A process tree as a laid-out BPMN model. Blocks are drawn inside blocks: time runs from left to right on
 * one axis, alternatives and parallel branches above and below it, what leads back runs under its loop from
 * right to left. Lines neither cross nor run through boxes. One pass over the tree.
 */
export function bpmnOfTree(tree: ProcessTree, name = "process"): BpmnModel {
  const model: BpmnModel = { name, nodes: [], flows: [] };
  const y = extent(tree).above + GAP;
  const start = add(model, "start", "", { x: GAP, y: y - EVENT / 2, width: EVENT, height: EVENT });
  const begin = GAP + EVENT + GAP;
  const wire = draw(model, tree, begin, y, 1, leaving(model, start, 1));
  const x = begin + extent(tree).width + (tree.kind === "silent" ? 0 : GAP);
  const end = add(model, "end", "", { x, y: y - EVENT / 2, width: EVENT, height: EVENT });
  arrive(model, wire, end, 1);
  return model;
}

/** Room that a block takes: its length, and how far it reaches above and below the axis. */
interface Extent {
  width: number;
  above: number;
  below: number;
}

function extent(node: ProcessTree): Extent {
  if (node.kind === "silent") return { width: 0, above: WAY / 2, below: WAY / 2 };
  if (node.kind === "activity") return { width: TASK.width, above: TASK.height / 2, below: TASK.height / 2 };
  const parts = node.children.map(extent);
  if (node.kind === "sequence") {
    return {
      width: parts.reduce((sum, part) => sum + part.width + GAP, -GAP),
      above: Math.max(...parts.map((part) => part.above)),
      below: Math.max(...parts.map((part) => part.below)),
    };
  }
  const width = Math.max(...parts.map((part) => part.width), GATEWAY) + 2 * (GATEWAY + GAP);
  if (node.kind === "loop") {
    const [body, again] = parts;
    return {
      width,
      above: Math.max(body.above, GATEWAY / 2),
      below: Math.max(body.below, GATEWAY / 2) + LINE + again.above + again.below,
    };
  }
  const { middle, order } = branches(node.children);
  const height = (part: Extent) => part.above + part.below;
  const sum = (list: number[]) => list.reduce((total, i) => total + height(parts[i]) + LINE, 0);
  return {
    width,
    above: Math.max(parts[order[middle]].above, GATEWAY / 2) + sum(order.slice(0, middle)),
    below: Math.max(parts[order[middle]].below, GATEWAY / 2) + sum(order.slice(middle + 1)),
  };
}

/**
 * The order of branches from top to bottom, and which lies on the axis; a way that does nothing lies lowest.
 */
function branches(children: ProcessTree[]): { order: number[]; middle: number } {
  const order = children
    .map((_, i) => i)
    .sort((i, j) => Number(children[i].kind === "silent") - Number(children[j].kind === "silent"));
  const visible = children.filter((child) => child.kind !== "silent").length;
  return { order, middle: Math.max(0, Math.floor((visible - 1) / 2)) };
}

/** A flow that has left a node and not yet arrived. */
interface Wire {
  from: number;
  points: Point[];
}

type Direction = 1 | -1;

/** Draws a block whose left edge is `x`, on the axis `y`, and returns the wire that leaves it. */
function draw(
  model: BpmnModel,
  node: ProcessTree,
  x: number,
  y: number,
  direction: Direction,
  wire: Wire,
): Wire {
  if (node.kind === "silent") return wire;
  if (node.kind === "activity") {
    const task = add(model, "task", node.activity, { x, y: y - TASK.height / 2, ...TASK });
    arrive(model, wire, task, direction);
    return leaving(model, task, direction);
  }
  const { width } = extent(node);
  if (node.kind === "sequence") {
    let at = direction === 1 ? x : x + width;
    for (const child of node.children) {
      const own = extent(child).width;
      const left = direction === 1 ? at : at - own;
      wire = draw(model, child, left, y, direction, wire);
      at += direction * (own + GAP);
    }
    return wire;
  }
  const kind = node.kind === "parallel" ? "parallel" : "exclusive";
  const gateway = (left: number) =>
    add(model, kind, "", { x: left, y: y - GATEWAY / 2, width: GATEWAY, height: GATEWAY });
  const [first, second] = direction === 1 ? [x, x + width - GATEWAY] : [x + width - GATEWAY, x];
  const opens = gateway(first);
  arrive(model, wire, opens, direction);
  const inner = (child: ProcessTree) => x + (width - extent(child).width) / 2;
  if (node.kind === "loop") {
    const [body, again] = node.children;
    const back = draw(model, body, inner(body), y, direction, leaving(model, opens, direction));
    const closes = gateway(second);
    arrive(model, back, closes, direction);
    const axis = y + Math.max(extent(body).below, GATEWAY / 2) + LINE + extent(again).above;
    branch(model, again, inner(again), axis, -direction as Direction, closes, opens);
    return leaving(model, closes, direction);
  }
  const closes = gateway(second);
  const { order, middle } = branches(node.children);
  const parts = node.children.map(extent);
  const main = node.children[order[middle]];
  arrive(
    model,
    draw(model, main, inner(main), y, direction, leaving(model, opens, direction)),
    closes,
    direction,
  );
  let axis = y - Math.max(parts[order[middle]].above, GATEWAY / 2);
  for (let k = middle - 1; k >= 0; k--) {
    const child = node.children[order[k]];
    branch(model, child, inner(child), axis - LINE - parts[order[k]].below, direction, opens, closes);
    axis -= LINE + parts[order[k]].below + parts[order[k]].above;
  }
  axis = y + Math.max(parts[order[middle]].below, GATEWAY / 2);
  for (let k = middle + 1; k < order.length; k++) {
    const child = node.children[order[k]];
    branch(model, child, inner(child), axis + LINE + parts[order[k]].above, direction, opens, closes);
    axis += LINE + parts[order[k]].below + parts[order[k]].above;
  }
  return leaving(model, closes, direction);
}

/** Draws a block on an axis of its own, from the upper or lower corner of one gateway to that of another. */
function branch(
  model: BpmnModel,
  node: ProcessTree,
  x: number,
  y: number,
  direction: Direction,
  from: number,
  to: number,
): void {
  const corner = (n: number): Point => {
    const { x: left, y: top, width, height } = model.nodes[n].bounds!;
    return { x: left + width / 2, y: y < top ? top : top + height };
  };
  const [out, into] = [corner(from), corner(to)];
  const wire = draw(model, node, x, y, direction, { from, points: [out, { x: out.x, y }] });
  model.flows.push({ from: wire.from, to, points: [...wire.points, { x: into.x, y }, into] });
}

function add(
  model: BpmnModel,
  kind: BpmnModel["nodes"][number]["kind"],
  name: string,
  bounds: Bounds,
): number {
  return model.nodes.push({ kind, name, bounds }) - 1;
}

function leaving(model: BpmnModel, from: number, direction: Direction): Wire {
  const { x, y, width, height } = model.nodes[from].bounds!;
  return { from, points: [{ x: direction === 1 ? x + width : x, y: y + height / 2 }] };
}

function arrive(model: BpmnModel, { from, points }: Wire, to: number, direction: Direction): void {
  const { x, y, width, height } = model.nodes[to].bounds!;
  model.flows.push({
    from,
    to,
    points: [...points, { x: direction === 1 ? x : x + width, y: y + height / 2 }],
  });
}
