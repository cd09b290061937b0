import { z } from "zod";
import { footprintOfTree } from "../conformance/footprints.ts";
import type { Description } from "../description/description.ts";
import { treeOfFlow } from "../description/flow.ts";
import { flowOrder } from "../description/order.ts";
import { END, START, type MapEdge, type ProcessMap } from "../discovery/process-map.ts";
import { layoutMap } from "../drawing/map-layout.ts";

export const flowSchema = z.object({
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

/** The flow of a description as a picture: steps, and what can come directly after what. Undefined for more than 150 steps. */
export function describedFlow(description: Description): z.infer<typeof flowSchema> | undefined {
  const tree = treeOfFlow(description.flow);
  const footprint = footprintOfTree(tree);
  const order = flowOrder(tree);
  if (!footprint || order.steps.length > MOST) return undefined;
  const idOf = new Map(order.steps.map((name, i) => [name, i]));
  const none = { count: 1, cases: 0 };
  const edges: MapEdge[] = [...footprint.follows].map((pair) => {
    const [a, b] = pair.split("\u0000");
    return { from: idOf.get(a)!, to: idOf.get(b)!, ...none };
  });
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
