import { END, START, type ProcessMap } from "../discovery/process-map.ts";
import { formatCount, formatDuration, formatPercent } from "../figures.ts";
import { boxSize, graphSvg, labelSize } from "./graph-svg.ts";
import { layoutMap } from "./map-layout.ts";
import { mix, wrapName } from "./shapes.ts";

export interface MapPicture {
  title: string;
  /** what colour tells: how often (default) or how long edges wait */
  colour?: "frequency" | "time";
  /** whether the edge between two activities leads back to work that usually comes earlier */
  isBack: (from: number, to: number) => boolean;
  /** what waits are counted in: "time" on the clock (default), or "working time" */
  clock?: string;
}

/**
 * A process map as an SVG picture that stands on its own: boxes shaded by how often an activity happens,
 * lines as wide as they are frequent, each with its count and median wait, and a caption that says how much
 * of the log it shows.
 */
export function mapSvg(
  map: ProcessMap,
  { title, colour = "frequency", isBack, clock = "time" }: MapPicture,
): string {
  const lines = new Map(map.nodes.map(({ activity, name }) => [activity, wrapName(name)]));
  const texts = map.edges.map(({ count, wait }) => [
    formatCount(count),
    ...(wait ? [formatDuration(wait.median)] : []),
  ]);
  const placed = layoutMap(map, isBack, {
    node: (activity) => boxSize(lines.get(activity)!),
    label: (k) => labelSize(texts[k]),
  });
  const mostNode = Math.max(1, ...map.nodes.map(({ count }) => count));
  const mostEdge = Math.max(1, ...map.edges.map(({ count }) => count));
  const longest = Math.max(1, ...map.edges.map(({ wait }) => wait?.median ?? 0));
  const byTime = colour === "time";
  return graphSvg(placed, {
    title,
    caption: captionOf(map, clock),
    lines: map.edges.map(({ from, to, count, cases, wait }, k) => ({
      from,
      to,
      texts: texts[k],
      about: `${endName(map, from)} → ${endName(map, to)}: ${formatCount(count)} times in ${formatCount(cases)} cases${wait ? `, waits ${formatDuration(wait.median)} (median), ${formatDuration(wait.p90)} (P90)` : ""}`,
      colour: mix(
        byTime ? [196, 178, 170] : [178, 190, 204],
        byTime ? [178, 60, 20] : [38, 74, 120],
        Math.sqrt(byTime ? (wait?.median ?? 0) / longest : count / mostEdge),
      ),
      ink: "#1c2733",
      width: 1 + 4 * Math.sqrt(count / mostEdge),
    })),
    boxes: map.nodes.map(({ activity, name, count, cases, handling }) => {
      const share = Math.sqrt(count / mostNode);
      return {
        id: activity,
        lines: lines.get(activity)!,
        below: handling ? `${formatCount(count)} · ${formatDuration(handling.median)}` : formatCount(count),
        about: `${name}: ${formatCount(count)} times in ${formatCount(cases)} cases`,
        fill: mix([238, 243, 249], [46, 92, 148], share),
        ink: share > 0.55 ? "#ffffff" : "#14202c",
      };
    }),
  });
}

/** How much of the log a map shows, in words. */
export function captionOf(
  { cases, nodes, edges, allActivities, allEdges, explained }: ProcessMap,
  clock = "time",
): string {
  if (explained === undefined) return "No cases.";
  const what = `${formatCount(cases)} cases. ${nodes.length} of ${allActivities} activities, ${edges.length} of ${allEdges} ways from one to the next.`;
  return `${what} ${formatPercent(explained)} of the cases are shown completely. On lines: how often, and median ${clock} until the next step${clock === "time" ? "" : " (a day has 24 working hours)"}.`;
}

function endName({ nodes }: ProcessMap, end: number): string {
  return end === START
    ? "begin"
    : end === END
      ? "end"
      : (nodes.find(({ activity }) => activity === end)?.name ?? "");
}
