import { graphlib, layout } from "@dagrejs/dagre";
import { END, START, type ProcessMap } from "../discovery/process-map.ts";

/** Where the parts of a map lie, in pixels from the upper left. */
export interface MapLayout {
  width: number;
  height: number;
  /** by activity code, or START and END: the middle of each node */
  nodes: Map<number, { x: number; y: number; width: number; height: number }>;
  /** in the order of the map's edges: points from node to node, and the middle of the label */
  edges: { points: { x: number; y: number }[]; label: { x: number; y: number } }[];
}

export interface LayoutSizes {
  node(activity: number): { width: number; height: number };
  label(edge: number): { width: number; height: number };
}

/**
 * Lays out a map from left to right (layers after Gansner et al., by dagre). Which way is forward is not left to the layout: `isBack` says
 * which edges lead back to work that comes earlier, and they are drawn going back. An edge from an activity to itself is a bow above it.
 */
export function layoutMap(
  { nodes, edges }: ProcessMap,
  isBack: (from: number, to: number) => boolean,
  sizes: LayoutSizes,
): MapLayout {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 28, edgesep: 14, ranksep: 46, marginx: 16, marginy: 16 });
  for (const end of [START, END]) graph.setNode(String(end), { width: 26, height: 26 });
  for (const { activity } of nodes) graph.setNode(String(activity), { ...sizes.node(activity) });
  const turned = (from: number, to: number) => from !== START && to !== END && isBack(from, to);
  const most = Math.max(1, ...edges.map(({ count }) => count));
  edges.forEach(({ from, to, count }, k) => {
    if (from === to) return;
    const [v, w] = turned(from, to) ? [to, from] : [from, to];
    const label = { ...sizes.label(k), labelpos: "c", weight: 1 + Math.round((7 * count) / most) };
    graph.setEdge(String(v), String(w), label, String(k));
  });
  layout(graph);
  const node = (id: number) =>
    graph.node(String(id)) as { x: number; y: number; width: number; height: number };
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: new Map([START, END, ...nodes.map(({ activity }) => activity)].map((id) => [id, node(id)])),
    edges: edges.map(({ from, to }, k) => {
      if (from === to) return bow(node(from));
      const back = turned(from, to);
      const [v, w] = back ? [to, from] : [from, to];
      const edge = graph.edge(String(v), String(w), String(k)) as {
        points: { x: number; y: number }[];
        x: number;
        y: number;
      };
      return { points: back ? [...edge.points].reverse() : edge.points, label: { x: edge.x, y: edge.y } };
    }),
  };
}

/** From the right of a node's upper edge round to its left. */
function bow({ x, y, height }: { x: number; y: number; height: number }): MapLayout["edges"][number] {
  const top = y - height / 2;
  const points = [
    { x: x + 16, y: top },
    { x: x + 22, y: top - 24 },
    { x: x - 22, y: top - 24 },
    { x: x - 16, y: top },
  ];
  return { points, label: { x, y: top - 34 } };
}
