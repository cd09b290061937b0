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

/** How high some nodes lie (how far right, from top to bottom) in another layout, whose order they keep. */
export type Heights = ReadonlyMap<number, number>;

export interface LayoutSizes {
  node(activity: number): { width: number; height: number };
  label(edge: number): { width: number; height: number };
}

/**
 * Lays out a map from left to right, or from top to bottom (layers after Gansner et al., by dagre). Which way
 * is forward is not left to the layout: `isBack` says which edges lead back to work that comes earlier, and
 * they are drawn going back. An edge from an activity to itself is a bow above it.
 *
 * With `heights` the nodes of each layer that have one stand in that order, so that two pictures of one
 * process with more or fewer of its parts look alike.
 */
export function layoutMap(
  { nodes, edges }: ProcessMap,
  isBack: (from: number, to: number) => boolean,
  sizes: LayoutSizes,
  { heights, direction = "LR" }: { heights?: Heights; direction?: "LR" | "TB" } = {},
): MapLayout {
  const graph = new graphlib.Graph({ multigraph: true });
  const ranksep = direction === "LR" ? 46 : 18;
  graph.setGraph({ rankdir: direction, nodesep: 28, edgesep: 14, ranksep, marginx: 16, marginy: 16 });
  for (const end of [START, END]) graph.setNode(String(end), { ...END_SIZE });
  const bows = new Map<number, number>();
  // several types of objects can each have a bow at a node: one above the other
  const level = edges.map(({ from, to }) => {
    if (from !== to) return 0;
    bows.set(from, (bows.get(from) ?? 0) + 1);
    return bows.get(from)! - 1;
  });
  for (const { activity } of nodes) {
    const { width, height } = sizes.node(activity);
    // room for the bow above (or on the right), and as much on the other side, since the layout knows only
    // middles
    const room = 2 * BOW * (bows.get(activity) ?? 0);
    graph.setNode(
      String(activity),
      direction === "LR" ? { width, height: height + room } : { width: width + room, height },
    );
  }
  const turned = (from: number, to: number) => from !== START && to !== END && isBack(from, to);
  const most = Math.max(1, ...edges.map(({ count }) => count));
  edges.forEach(({ from, to, count }, k) => {
    if (from === to) return;
    const [v, w] = turned(from, to) ? [to, from] : [from, to];
    const label = { ...sizes.label(k), labelpos: "c", weight: 1 + Math.round((7 * count) / most) };
    graph.setEdge(String(v), String(w), label, String(k));
  });
  layout(
    graph,
    heights && {
      customOrder: (layers: graphlib.Graph, order: Order) => orderByHeight(layers, heights, order),
    },
  );
  const node = (id: number) => {
    const { x, y } = graph.node(String(id)) as { x: number; y: number };
    return { x, y, ...(id < 0 ? END_SIZE : sizes.node(id)) };
  };
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: new Map([START, END, ...nodes.map(({ activity }) => activity)].map((id) => [id, node(id)])),
    edges: edges.map(({ from, to }, k) => {
      if (from === to) return direction === "LR" ? bow(node(from), level[k]) : sideBow(node(from), level[k]);
      const back = turned(from, to);
      const [v, w] = back ? [to, from] : [from, to];
      const edge = graph.edge(String(v), String(w), String(k)) as {
        points: { x: number; y: number }[];
        x: number;
        y: number;
      };
      const points = back ? [...edge.points].reverse() : [...edge.points];
      // the layout ends lines at the room of a node, which is larger than the node where there is a bow
      points[0] = border(node(from), points[1]);
      points[points.length - 1] = border(node(to), points[points.length - 2]);
      return { points, label: { x: edge.x, y: edge.y } };
    }),
  };
}

/**
 * Orders the layers so that few lines cross, and so that the nodes that have a height keep their order in
 * each layer: neighbours are held by constraints, lines that pass between them find their own way.
 */
function orderByHeight(graph: graphlib.Graph, heights: Heights, order: Order): void {
  const layers = new Map<number, [string, number][]>();
  for (const id of graph.nodes()) {
    const { rank, dummy } = graph.node(id) as { rank: number; dummy?: string };
    const height = dummy ? undefined : heights.get(Number(id));
    if (height === undefined) continue;
    const layer = layers.get(rank);
    if (layer) layer.push([id, height]);
    else layers.set(rank, [[id, height]]);
  }
  const constraints = [...layers.values()].flatMap((layer) => {
    layer.sort(([a, x], [b, y]) => x - y || Number(a) - Number(b));
    return layer.slice(1).map(([right], i) => ({ left: layer[i][0], right }));
  });
  order(graph, { constraints } as never);
}

type Order = (graph: graphlib.Graph, options: never) => void;

/** Where the line from the middle of a box to a point leaves the box. */
function border(
  box: { x: number; y: number; width: number; height: number },
  to: { x: number; y: number },
): { x: number; y: number } {
  const [dx, dy] = [to.x - box.x, to.y - box.y];
  const share = Math.min(
    dx === 0 ? Infinity : box.width / 2 / Math.abs(dx),
    dy === 0 ? Infinity : box.height / 2 / Math.abs(dy),
  );
  return Number.isFinite(share) ? { x: box.x + dx * share, y: box.y + dy * share } : { x: box.x, y: box.y };
}

/** Height of a bow with its label, and size of begin and end. */
const BOW = 44;
const END_SIZE = { width: 26, height: 26 };

/** From the right of a node's upper edge round to its left. */
function bow(
  { x, y, height }: { x: number; y: number; height: number },
  level: number,
): MapLayout["edges"][number] {
  const top = y - height / 2;
  const [reach, lift] = [16 + 10 * level, 24 + BOW * level];
  const points = [
    { x: x + reach, y: top },
    { x: x + reach + 6, y: top - lift },
    { x: x - reach - 6, y: top - lift },
    { x: x - reach, y: top },
  ];
  return { points, label: { x, y: top - lift - 10 } };
}

/** From the right of a node, out, and back to its right a little lower. */
function sideBow(
  { x, y, width }: { x: number; y: number; width: number },
  level: number,
): MapLayout["edges"][number] {
  const right = x + width / 2;
  const lift = 24 + BOW * level;
  const points = [
    { x: right, y: y - 10 },
    { x: right + lift, y: y - 14 },
    { x: right + lift, y: y + 14 },
    { x: right, y: y + 10 },
  ];
  return { points, label: { x: right + lift + 8, y } };
}
