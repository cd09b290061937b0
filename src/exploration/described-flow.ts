import { z } from "zod";
import { footprintOfTree, type Footprint } from "../conformance/footprints.ts";
import type { Description } from "../description/description.ts";
import { treeOfFlow } from "../description/flow.ts";
import { flowOrder } from "../description/order.ts";
import { END, START, type MapEdge, type ProcessMap } from "../discovery/process-map.ts";
import { layoutMap } from "../drawing/map-layout.ts";

export const flowSchema = z.object({
  simplified: z
    .boolean()
    .describe(
      "there are more ways than can be drawn: of steps in parallel those between them are left out, and if need be of each step all but the nearest",
    ),
  width: z.number(),
  height: z.number(),
  nodes: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      role: z.string().nullable(),
      always: z.boolean().describe("every run has it"),
      x: z.number(),
      y: z.number(),
      width: z.number(),
      height: z.number(),
    }),
  ),
  edges: z.array(
    z.object({ from: z.int(), to: z.int(), points: z.array(z.tuple([z.number(), z.number()])) }),
  ),
});

const BOX = { width: 156, height: 48 };
/** Steps drawn at most. */
const MOST = 150;
/** Ways drawn at most: to lay them out takes a second. */
const MOST_WAYS = 300;

/**
 * The flow of a description as a picture: steps, and what can come directly after what. Undefined for more
 * than 150 steps. Of more than 300 ways a simpler picture is drawn: forty steps in parallel have 1,560 ways
 * among them, which take 20 s and show nothing.
 */
export function describedFlow(description: Description): z.infer<typeof flowSchema> | undefined {
  const tree = treeOfFlow(description.flow);
  const footprint = footprintOfTree(tree);
  const order = flowOrder(tree);
  if (!footprint || order.steps.length > MOST) return undefined;
  const idOf = new Map(order.steps.map((name, i) => [name, i]));
  const none = { count: 1, cases: 0 };
  const waysOf = ({ follows }: Footprint): MapEdge[] =>
    [...follows].map((pair) => {
      const [a, b] = pair.split("\u0000");
      return { from: idOf.get(a)!, to: idOf.get(b)!, ...none };
    });
  let edges = waysOf(footprint);
  const simplified = edges.length > MOST_WAYS;
  if (simplified) edges = waysOf(footprintOfTree(tree, { apart: true })!);
  if (edges.length > MOST_WAYS) edges = nearest(edges);
  const hasBefore = new Set(edges.filter(({ from, to }) => from < to).map(({ to }) => to));
  const hasAfter = new Set(edges.filter(({ from, to }) => from < to).map(({ from }) => from));
  order.steps.forEach((_, i) => {
    if (!hasBefore.has(i)) edges.push({ from: START, to: i, ...none });
    if (!hasAfter.has(i)) edges.push({ from: i, to: END, ...none });
  });
  const map: ProcessMap = {
    nodes: order.steps.map((name, activity) => ({ activity, name, count: 1, cases: 0 })),
    edges,
    allActivities: order.steps.length,
    allEdges: edges.length,
    cases: 0,
    explainedCases: 0,
    explained: undefined,
  };
  const placed = layoutMap(map, (from, to) => from > to, {
    node: () => BOX,
    label: () => ({ width: 8, height: 4 }),
  });
  const tenth = (value: number) => Math.round(value * 10) / 10;
  const given = description.steps ?? {};
  return {
    simplified,
    width: Math.round(placed.width),
    height: Math.round(placed.height),
    nodes: [START, END, ...order.steps.keys()].map((id) => {
      const { x, y, width, height } = placed.nodes.get(id)!;
      const name = id === START ? "begin" : id === END ? "end" : order.steps[id];
      return {
        id,
        name,
        role: (id >= 0 && Object.hasOwn(given, name) && given[name].role) || null,
        always: id < 0 || order.mandatory.has(name),
        x: tenth(x),
        y: tenth(y),
        width,
        height,
      };
    }),
    edges: edges.map(({ from, to }, k) => ({
      from,
      to,
      points: placed.edges[k].points.map(({ x, y }): [number, number] => [tenth(x), tenth(y)]),
    })),
  };
}

/** Of the ways from each step, and of those to it, the one to the nearest step in the order of writing. */
function nearest(edges: MapEdge[]): MapEdge[] {
  const kept = new Set<MapEdge>();
  for (const end of ["from", "to"] as const) {
    const best = new Map<number, MapEdge>();
    for (const edge of edges) {
      const known = best.get(edge[end]);
      if (!known || Math.abs(edge.from - edge.to) < Math.abs(known.from - known.to))
        best.set(edge[end], edge);
    }
    for (const edge of best.values()) kept.add(edge);
  }
  return edges.filter((edge) => kept.has(edge));
}
