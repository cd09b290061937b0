import type { ObjectGraph, TypeGraph } from "../discovery/object-centric.ts";
import { END, START, type MapEdge, type ProcessMap } from "../discovery/process-map.ts";
import { formatCount, formatDuration } from "../figures.ts";
import { boxSize, graphSvg, labelSize } from "./graph-svg.ts";
import { layoutMap } from "./map-layout.ts";
import { wrapName } from "./shapes.ts";

/** Okabe and Ito's colours, which most colour-blind people tell apart, dark enough on white. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#aa4499", "#8a6d00", "#56749c", "#5b5b5b", "#882255"];

/**
 * The combined object-centric graph as an SVG picture: one box an activity with its events, one line a type
 * of object and step, coloured by type and labelled with how many objects' steps it stands for and their
 * median wait. Of each type the most frequent steps that make up `share` of them are drawn.
 */
export function objectSvg({ types, events }: ObjectGraph, title: string, share = 0.9): string {
  const used = types.filter(({ flattened }) => flattened > 0);
  const names = [...new Set(used.flatMap(({ activities }) => activities.map(({ name }) => name)))];
  const code = new Map(names.map((name, a) => [name, a]));
  const drawn = used.flatMap((type, t) => stepsOf(type, share, code).map((edge) => ({ edge, t })));
  const count = new Map(
    names.map((name) => [
      name,
      Math.max(
        ...used.flatMap(({ activities }) => activities.filter((a) => a.name === name).map((a) => a.events)),
      ),
    ]),
  );
  const map: ProcessMap = {
    nodes: names.map((name, activity) => ({ activity, name, count: count.get(name)!, cases: 0 })),
    edges: drawn.map(({ edge }) => edge),
    allActivities: names.length,
    allEdges: drawn.length,
    cases: 0,
    explainedCases: 0,
    explained: undefined,
  };
  const between = new Map<number, number>();
  for (const { edge } of drawn) {
    const key = edge.from * names.length + edge.to;
    if (edge.from >= 0 && edge.to >= 0) between.set(key, (between.get(key) ?? 0) + edge.count);
  }
  const often = (a: number, b: number) => between.get(a * names.length + b) ?? 0;
  const lines = names.map(wrapName);
  const texts = drawn.map(({ edge }) => [
    formatCount(edge.count),
    ...(edge.wait ? [formatDuration(edge.wait.median)] : []),
  ]);
  const placed = layoutMap(map, (a, b) => often(b, a) > often(a, b), {
    node: (a) => boxSize(lines[a]),
    label: (k) => labelSize(texts[k]),
  });
  const most = Math.max(1, ...drawn.map(({ edge }) => edge.count));
  const end = (a: number) => (a === START ? "begin" : a === END ? "end" : names[a]);
  return graphSvg(placed, {
    title,
    caption: `${formatCount(events)} events. On lines: steps of objects of that type, and median time between; of each type the most frequent steps, ${Math.round(share * 100)} % of all.`,
    legend: used.map(({ type, objects }, t) => ({
      colour: COLOURS[t % COLOURS.length],
      text: `${type} (${formatCount(objects)})`,
    })),
    lines: drawn.map(({ edge, t }, k) => ({
      from: edge.from,
      to: edge.to,
      texts: texts[k],
      about: `${used[t].type}: ${end(edge.from)} → ${end(edge.to)}, ${formatCount(edge.count)} steps`,
      colour: COLOURS[t % COLOURS.length],
      ink: COLOURS[t % COLOURS.length],
      width: 1.2 + 3.5 * Math.sqrt(edge.count / most),
    })),
    boxes: names.map((name, a) => ({
      id: a,
      lines: lines[a],
      below: `${formatCount(count.get(name)!)} ${count.get(name) === 1 ? "event" : "events"}`,
      about: name,
      fill: "#eef3f9",
      ink: "#14202c",
    })),
  });
}

/**
 * The steps of one type, most frequent first, until they make up `share` of all; with those from the begin
 * and to the end.
 */
function stepsOf(
  { starts, ends, edges }: TypeGraph,
  share: number,
  code: ReadonlyMap<string, number>,
): MapEdge[] {
  const step = (from: number, to: number, count: number, wait?: MapEdge["wait"]): MapEdge => ({
    from,
    to,
    count,
    cases: count,
    wait,
  });
  const all = [
    ...edges.map(({ from, to, count, wait }) => step(code.get(from)!, code.get(to)!, count, wait)),
    ...Object.entries(starts).map(([name, count]) => step(START, code.get(name)!, count)),
    ...Object.entries(ends).map(([name, count]) => step(code.get(name)!, END, count)),
  ].sort((a, b) => b.count - a.count);
  const total = all.reduce((sum, { count }) => sum + count, 0);
  let sum = 0;
  return all.filter(({ count }) => {
    const wanted = sum < share * total;
    sum += count;
    return wanted;
  });
}
