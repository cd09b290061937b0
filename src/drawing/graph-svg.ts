import { END, START } from "../discovery/process-map.ts";
import { escapeXml } from "../model/xml.ts";
import type { MapLayout } from "./map-layout.ts";
import { arrowHead, curve, round, textWidth } from "./shapes.ts";

/** Height of a line of a box's text. */
const TEXT_LINE = 16;

/** A box: the lines of its name, and one below. */
export interface Box {
  id: number;
  lines: string[];
  below: string;
  /** told where the mouse rests */
  about: string;
  fill: string;
  ink: string;
}

/** A line, in the order of the layout's edges: the text above it and the one below. */
export interface Line {
  from: number;
  to: number;
  texts: string[];
  about: string;
  colour: string;
  /** of the text above */
  ink: string;
  width: number;
}

export interface GraphPicture {
  title: string;
  caption: string;
  /** what colours stand for, in a row under the caption */
  legend?: { colour: string; text: string }[];
  boxes: Box[];
  lines: Line[];
}

/** Room that a box needs, and a line's texts. */
export const boxSize = (lines: string[]) => ({
  width: Math.max(90, ...lines.map((line) => textWidth(line, 13) + 24)),
  height: lines.length * TEXT_LINE + 30,
});
export const labelSize = (texts: string[]) => ({
  width: Math.max(...texts.map((text) => textWidth(text, 11))) + 8,
  height: 26,
});

/**
 * A laid-out graph as an SVG picture that stands on its own: boxes, lines with arrows, and texts over both.
 */
export function graphSvg(
  placed: MapLayout,
  { title, caption, legend = [], boxes, lines }: GraphPicture,
): string {
  const head = legend.length > 0 ? 84 : 58;
  let at = 16;
  const entries = legend.map(({ colour, text }) => {
    const entry = `<rect x="${round(at)}" y="58" width="18" height="5" fill="${colour}"/><text x="${round(at + 24)}" y="65" font-size="12" fill="#14202c">${escapeXml(text)}</text>`;
    at += 44 + textWidth(text, 12);
    return entry;
  });
  const width = round(Math.max(placed.width, at, 560));
  const height = round(placed.height + head + 12);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Helvetica, Arial, sans-serif" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(caption)}</desc>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="16" y="26" font-size="18" font-weight="700" fill="#14202c">${escapeXml(title)}</text>`,
    `<text x="16" y="46" font-size="12" fill="#5a6775">${escapeXml(caption)}</text>`,
    ...entries,
    `<g transform="translate(0 ${head})">`,
    ...lines.map((line, k) => drawLine(line, placed.edges[k].points)),
    ...boxes.map((box) => drawBox(box, placed.nodes.get(box.id)!)),
    ...[START, END].map((end) => drawEnd(end, placed.nodes.get(end)!)),
    ...lines.map((line, k) => drawTexts(line, placed.edges[k].label)),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function drawLine({ from, to, about, colour, width }: Line, points: { x: number; y: number }[]): string {
  const arrow = arrowHead(points, width, colour);
  const dash = from === START || to === END ? ' stroke-dasharray="5 4"' : "";
  return `<g><title>${escapeXml(about)}</title><path d="${curve(points, arrow.end)}" fill="none" stroke="${colour}" stroke-width="${width.toFixed(1)}"${dash}/>${arrow.path}</g>`;
}

function drawTexts({ from, to, texts, ink }: Line, { x, y }: { x: number; y: number }): string {
  return texts
    .map((text, i) => {
      const level = y + (i === 0 ? -5 : 14) - (from === to ? 8 : 0);
      return `<text x="${round(x)}" y="${round(level)}" text-anchor="middle" font-size="11" fill="${i === 0 ? ink : "#5a6775"}" stroke="#fff" stroke-width="3" paint-order="stroke">${escapeXml(text)}</text>`;
    })
    .join("");
}

function drawBox(
  { lines, below, about, fill, ink }: Box,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): string {
  const name = lines.map(
    (line, i) =>
      `<text x="${round(x)}" y="${round(y - height / 2 + 19 + i * TEXT_LINE)}" text-anchor="middle" font-size="13" font-weight="600" fill="${ink}">${escapeXml(line)}</text>`,
  );
  return `<g><title>${escapeXml(about)}</title><rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="8" fill="${fill}" stroke="#2b4a6f"/>${name.join("")}<text x="${round(x)}" y="${round(y + height / 2 - 9)}" text-anchor="middle" font-size="11" fill="${ink}">${escapeXml(below)}</text></g>`;
}

function drawEnd(end: number, { x, y }: { x: number; y: number }): string {
  const ring =
    end === END
      ? `<circle cx="${round(x)}" cy="${round(y)}" r="12" fill="none" stroke="#14202c" stroke-width="3"/>`
      : "";
  return `<g><title>${end === START ? "begin" : "end"}</title>${ring}<circle cx="${round(x)}" cy="${round(y)}" r="${end === END ? 6 : 12}" fill="#14202c"/></g>`;
}
