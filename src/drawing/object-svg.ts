import type { ObjectGraph, TypeGraph } from "../discovery/object-centric.ts";
import { END, START, type MapEdge, type ProcessMap } from "../discovery/process-map.ts";
import { formatCount, formatDuration } from "../format.ts";
import { escapeXml } from "../model/xml.ts";
import { layoutMap } from "./map-layout.ts";
import { arrowHead, curve, round, textWidth, wrapName } from "./shapes.ts";

const FONT = "Helvetica, Arial, sans-serif";
/** Okabe and Ito's colours, which most colour-blind people tell apart, dark enough on white. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#aa4499", "#8a6d00", "#56749c", "#5b5b5b", "#882255"];

/**
 * The combined object-centric graph as an SVG picture: one box an activity with its events, one line a type of object and step, coloured by
 * type and labelled with how many objects' steps it stands for and their median wait. Of each type the most frequent steps that make up `share` of them are drawn.
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
  const label = (edge: MapEdge) => [
    formatCount(edge.count),
    ...(edge.wait ? [formatDuration(edge.wait.median)] : []),
  ];
  const placed = layoutMap(map, (a, b) => often(b, a) > often(a, b), {
    node: (a) => ({
      width: Math.max(90, ...lines[a].map((line) => textWidth(line, 13) + 24)),
      height: lines[a].length * 16 + 30,
    }),
    label: (k) => ({
      width: Math.max(...label(map.edges[k]).map((line) => textWidth(line, 11))) + 8,
      height: 26,
    }),
  });
  const most = Math.max(1, ...drawn.map(({ edge }) => edge.count));
  const edges = drawn.map(({ edge, t }, k) => {
    const { points, label: at } = placed.edges[k];
    const width = 1.2 + 3.5 * Math.sqrt(edge.count / most);
    const colour = COLOURS[t % COLOURS.length];
    const arrow = arrowHead(points, width, colour);
    const dash = edge.from === START || edge.to === END ? ' stroke-dasharray="5 4"' : "";
    const texts = label(edge).map(
      (line, i) =>
        `<text x="${round(at.x)}" y="${round(at.y + (i === 0 ? -5 : 14) - (edge.from === edge.to ? 8 : 0))}" text-anchor="middle" font-size="11" fill="${i === 0 ? colour : "#5a6775"}" stroke="#fff" stroke-width="3" paint-order="stroke">${line}</text>`,
    );
    return {
      line: `<path d="${curve(points, arrow.end)}" fill="none" stroke="${colour}" stroke-width="${width.toFixed(1)}"${dash}/>${arrow.path}`,
      text: texts.join(""),
    };
  });
  const boxes = names.map((name, a) => {
    const { x, y, width, height } = placed.nodes.get(a)!;
    const texts = lines[a].map(
      (line, i) =>
        `<text x="${round(x)}" y="${round(y - height / 2 + 19 + i * 16)}" text-anchor="middle" font-size="13" font-weight="600" fill="#14202c">${escapeXml(line)}</text>`,
    );
    return `<g><title>${escapeXml(name)}</title><rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="8" fill="#eef3f9" stroke="#2b4a6f"/>${texts.join("")}<text x="${round(x)}" y="${round(y + height / 2 - 9)}" text-anchor="middle" font-size="11" fill="#14202c">${formatCount(count.get(name)!)} ${count.get(name) === 1 ? "event" : "events"}</text></g>`;
  });
  const ends = [START, END].map((end) => {
    const { x, y } = placed.nodes.get(end)!;
    const ring =
      end === END
        ? `<circle cx="${round(x)}" cy="${round(y)}" r="12" fill="none" stroke="#14202c" stroke-width="3"/>`
        : "";
    return `${ring}<circle cx="${round(x)}" cy="${round(y)}" r="${end === END ? 6 : 12}" fill="#14202c"/>`;
  });
  let at = 16;
  const legend = used.map(({ type, objects }, t) => {
    const text = `${type} (${formatCount(objects)})`;
    const entry = `<rect x="${round(at)}" y="58" width="18" height="5" fill="${COLOURS[t % COLOURS.length]}"/><text x="${round(at + 24)}" y="65" font-size="12" fill="#14202c">${escapeXml(text)}</text>`;
    at += 44 + textWidth(text, 12);
    return entry;
  });
  const head = 84;
  const width = Math.max(placed.width, at, 560);
  const height = placed.height + head + 12;
  const caption = `${formatCount(events)} events. On lines: steps of objects of that type, and median time between; of each type the most frequent steps, ${Math.round(share * 100)} % of all.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" font-family="${FONT}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(caption)}</desc>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="16" y="26" font-size="18" font-weight="700" fill="#14202c">${escapeXml(title)}</text>`,
    `<text x="16" y="46" font-size="12" fill="#5a6775">${escapeXml(caption)}</text>`,
    ...legend,
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

/** The steps of one type, most frequent first, until they make up `share` of all; with those from the begin and to the end. */
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
