import { END, START, type MapEdge, type ProcessMap } from "../discovery/process-map.ts";
import { formatCount, formatDuration, formatPercent } from "../format.ts";
import { escapeXml } from "../model/xml.ts";
import { layoutMap } from "./map-layout.ts";
import { arrowHead, curve, mix, round, textWidth, wrapName } from "./shapes.ts";

const FONT = "Helvetica, Arial, sans-serif";
const LINE = 16;

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
 * A process map as an SVG picture that stands on its own: boxes shaded by how often an activity happens, lines as wide as they are frequent, each with its
 * count and median wait, and a caption that says how much of the log it shows.
 */
export function mapSvg(
  map: ProcessMap,
  { title, colour = "frequency", isBack, clock = "time" }: MapPicture,
): string {
  const lines = new Map(map.nodes.map(({ activity, name }) => [activity, wrapName(name)]));
  const label = (edge: MapEdge) => [
    formatCount(edge.count),
    ...(edge.wait ? [formatDuration(edge.wait.median)] : []),
  ];
  const placed = layoutMap(map, isBack, {
    node: (activity) => ({
      width: Math.max(90, ...lines.get(activity)!.map((line) => textWidth(line, 13) + 24)),
      height: lines.get(activity)!.length * LINE + 30,
    }),
    label: (k) => ({
      width: Math.max(...label(map.edges[k]).map((line) => textWidth(line, 11))) + 8,
      height: 26,
    }),
  });
  const mostNode = Math.max(1, ...map.nodes.map(({ count }) => count));
  const mostEdge = Math.max(1, ...map.edges.map(({ count }) => count));
  const longest = Math.max(1, ...map.edges.map(({ wait }) => wait?.median ?? 0));
  const strength = (edge: MapEdge) =>
    colour === "time" ? Math.sqrt((edge.wait?.median ?? 0) / longest) : Math.sqrt(edge.count / mostEdge);

  const edges = map.edges.map((edge, k) => {
    const { points, label: at } = placed.edges[k];
    const width = 1 + 4 * Math.sqrt(edge.count / mostEdge);
    const shade = mix(
      colour === "time" ? [196, 178, 170] : [178, 190, 204],
      colour === "time" ? [178, 60, 20] : [38, 74, 120],
      strength(edge),
    );
    const text = label(edge).map(
      (line, i) =>
        `<text x="${round(at.x)}" y="${round(at.y + (i === 0 ? -5 : 14) - (edge.from === edge.to ? 8 : 0))}" text-anchor="middle" font-size="11" fill="${i === 0 ? "#1c2733" : "#5a6775"}" stroke="#fff" stroke-width="3" paint-order="stroke">${line}</text>`,
    );
    const arrow = arrowHead(points, width, shade);
    const about = `${endName(map, edge.from)} → ${endName(map, edge.to)}: ${formatCount(edge.count)} times in ${formatCount(edge.cases)} cases${edge.wait ? `, waits ${formatDuration(edge.wait.median)} (median), ${formatDuration(edge.wait.p90)} (P90)` : ""}`;
    return {
      line: `<g><title>${escapeXml(about)}</title><path d="${curve(points, arrow.end)}" fill="none" stroke="${shade}" stroke-width="${width.toFixed(1)}"${edge.from === START || edge.to === END ? ' stroke-dasharray="5 4"' : ""}/>${arrow.path}</g>`,
      text: text.join(""),
    };
  });
  const boxes = map.nodes.map(({ activity, name, count, cases, handling }) => {
    const { x, y, width, height } = placed.nodes.get(activity)!;
    const share = Math.sqrt(count / mostNode);
    const fill = mix([238, 243, 249], [46, 92, 148], share);
    const ink = share > 0.55 ? "#ffffff" : "#14202c";
    const texts = lines
      .get(activity)!
      .map(
        (line, i) =>
          `<text x="${round(x)}" y="${round(y - height / 2 + 19 + i * LINE)}" text-anchor="middle" font-size="13" font-weight="600" fill="${ink}">${escapeXml(line)}</text>`,
      );
    const below = handling
      ? `${formatCount(count)} · ${formatDuration(handling.median)}`
      : formatCount(count);
    texts.push(
      `<text x="${round(x)}" y="${round(y + height / 2 - 9)}" text-anchor="middle" font-size="11" fill="${ink}">${below}</text>`,
    );
    return `<g><title>${escapeXml(`${name}: ${formatCount(count)} times in ${formatCount(cases)} cases`)}</title><rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="8" fill="${fill}" stroke="#2b4a6f"/>${texts.join("")}</g>`;
  });
  const ends = [START, END].map((end) => {
    const { x, y } = placed.nodes.get(end)!;
    const ring =
      end === END
        ? `<circle cx="${round(x)}" cy="${round(y)}" r="12" fill="none" stroke="#14202c" stroke-width="3"/>`
        : "";
    return `<g><title>${end === START ? "begin of cases" : "end of cases"}</title>${ring}<circle cx="${round(x)}" cy="${round(y)}" r="${end === END ? 6 : 12}" fill="#14202c"/></g>`;
  });
  const head = 58;
  const width = Math.max(placed.width, 560);
  const height = placed.height + head + 12;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" font-family="${FONT}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(captionOf(map, clock))}</desc>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="16" y="26" font-size="18" font-weight="700" fill="#14202c">${escapeXml(title)}</text>`,
    `<text x="16" y="46" font-size="12" fill="#5a6775">${escapeXml(captionOf(map, clock))}</text>`,
    `<g transform="translate(0 ${head})">`,
    ...edges.map(({ line }) => line),
    ...boxes,
    ...ends,
    ...edges.map(({ text }) => text),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
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
