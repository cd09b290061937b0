import { memo, useMemo } from "react";
import type { Answer } from "../client.ts";
import { lineThrough, twoLines } from "../parts/lines.ts";
import { PanZoom } from "../parts/pan-zoom.tsx";
import { count, duration, plural } from "../words.ts";

export type MapAnswer = Answer<"GET /organisations/{org}/processes/{process}/map">;
export type MapNode = MapAnswer["nodes"][number];
export type MapEdge = MapAnswer["edges"][number];
export type Chosen = { kind: "node"; id: number } | { kind: "edge"; from: number; to: number } | undefined;

/** Colours against the description; without one, by how often or how long. */
const STANDING: Record<string, { stroke: string; fill: string }> = {
  "as described": { stroke: "var(--accent)", fill: "var(--accent-weak)" },
  "out of order": { stroke: "var(--warn)", fill: "var(--warn-weak)" },
  "never described": { stroke: "var(--bad)", fill: "var(--bad-weak)" },
  "never seen": { stroke: "var(--never)", fill: "var(--never-weak)" },
};

const mixed = (from: string, to: string, share: number) =>
  `color-mix(in oklab, ${to} ${Math.round(Math.max(0, Math.min(1, share)) * 100)}%, ${from})`;

/** The map: boxes and lines where the server has laid them out, each to be opened by click or key. */
export const MapPicture = memo(function MapPicture({
  map,
  colour,
  chosen,
  choose,
}: {
  map: MapAnswer;
  colour: "frequency" | "time";
  chosen: Chosen;
  choose: (chosen: Chosen) => void;
}) {
  const { nodes, edges, described } = map;
  const most = useMemo(() => Math.max(1, ...edges.map((edge) => edge.count)), [edges]);
  const mostNode = useMemo(
    () => Math.max(1, ...nodes.filter(({ id }) => id >= 0).map((node) => node.count)),
    [nodes],
  );
  const fitKey = `${map.width}x${map.height}`;
  return (
    <PanZoom
      width={map.width}
      height={map.height}
      fitKey={fitKey}
      readableScale={0.78}
      begin={nodes.find(({ id }) => id === -1)?.x}
      label={`Map of ${plural(nodes.length - 2, "step")} and ${plural(edges.length, "path")} between them. Arrow keys move it, plus and minus change its size.`}
    >
      {edges.map((edge) => (
        <EdgeLine
          key={`${edge.from}>${edge.to}`}
          edge={edge}
          most={most}
          colour={colour}
          described={described}
          isChosen={chosen?.kind === "edge" && chosen.from === edge.from && chosen.to === edge.to}
          choose={choose}
        />
      ))}
      {nodes.map((node) => (
        <NodeBox
          key={node.id}
          node={node}
          mostNode={mostNode}
          colour={colour}
          described={described}
          isChosen={chosen?.kind === "node" && chosen.id === node.id}
          choose={choose}
        />
      ))}
    </PanZoom>
  );
});

/**
 * How slow a wait is, whatever else is shown: nothing up to a minute, all of it from ten days on, between
 * them by its logarithm.
 */
const slowness = (ms: number) => Math.min(1, Math.max(0, Math.log(ms / 60_000) / Math.log(14_400)));

const pressed = (act: () => void) => (event: React.KeyboardEvent) => {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  act();
};

function EdgeLine({
  edge,
  most,
  colour,
  described,
  isChosen,
  choose,
}: {
  edge: MapEdge;
  most: number;
  colour: "frequency" | "time";
  described: boolean;
  isChosen: boolean;
  choose: (chosen: Chosen) => void;
}) {
  const width = 1 + 4.5 * Math.sqrt(edge.count / most);
  const { line, head } = lineThrough(edge.points as [number, number][], width);
  const share = colour === "time" ? slowness(edge.wait?.median ?? 0) : Math.sqrt(edge.count / most);
  const stroke =
    described && edge.standing && colour === "frequency"
      ? mixed("var(--line-strong)", STANDING[edge.standing].stroke, 0.45 + share * 0.55)
      : colour === "time"
        ? mixed("var(--line-strong)", "var(--bad)", share)
        : mixed("var(--line-strong)", "var(--accent)", 0.25 + share * 0.75);
  const dashed = edge.standing === "never seen" || edge.standing === "out of order";
  const act = () => choose({ kind: "edge", from: edge.from, to: edge.to });
  const about = `${edge.fromName ?? "start"} to ${edge.toName ?? "end"}: ${edge.count === 0 ? "no case" : `${plural(edge.count, "time")} in ${plural(edge.cases, "case")}`}${edge.wait ? `, waits ${duration(edge.wait.median)} (median)` : ""}${edge.standing ? `, ${edge.standing}` : ""}`;
  const isShown = edge.count > 0 || edge.standing === "never seen";
  return (
    <>
      <g
        className={`edge${isChosen ? " chosen" : ""}${isShown ? "" : " faded"}`}
        role="button"
        tabIndex={0}
        aria-label={about}
        aria-pressed={isChosen}
        onClick={act}
        onKeyDown={pressed(act)}
      >
        <title>{about}</title>
        <path className="hit" d={line} />
        <path
          className="line"
          d={line}
          stroke={stroke}
          strokeWidth={width}
          strokeDasharray={dashed ? "5 4" : undefined}
        />
        <path d={head} fill={stroke} />
      </g>
      <g aria-hidden="true" className="words">
        {edge.count > 0 && (colour === "frequency" || edge.wait) && (
          <text x={edge.label[0]} y={edge.label[1] - 2}>
            {colour === "time" && edge.wait ? duration(edge.wait.median) : count(edge.count)}
          </text>
        )}
        {edge.count > 0 && colour === "frequency" && edge.wait && edge.wait.median >= 60_000 && (
          <text x={edge.label[0]} y={edge.label[1] + 10} opacity={0.75}>
            {duration(edge.wait.median)}
          </text>
        )}
      </g>
    </>
  );
}

function NodeBox({
  node,
  mostNode,
  colour,
  described,
  isChosen,
  choose,
}: {
  node: MapNode;
  mostNode: number;
  colour: "frequency" | "time";
  described: boolean;
  isChosen: boolean;
  choose: (chosen: Chosen) => void;
}) {
  const { x, y, width, height, id, name } = node;
  if (id < 0)
    return (
      <g aria-hidden="true" transform={`translate(${x} ${y})`}>
        <circle
          r={width / 2 - 2}
          fill={id === -1 ? "var(--card)" : "var(--text)"}
          stroke="var(--text)"
          strokeWidth={id === -1 ? 2 : 4}
        />
        {id === -1 && <path d="M-4 -5 L6 0 L-4 5 Z" fill="var(--text)" />}
      </g>
    );
  const share = Math.sqrt(node.count / mostNode);
  const style = described && node.standing ? STANDING[node.standing] : undefined;
  const lines = twoLines(name);
  const act = () => choose({ kind: "node", id });
  const about = `${name}: ${node.count === 0 ? "never seen" : `${plural(node.count, "time")} in ${plural(node.cases, "case")}`}${node.handling ? `, takes ${duration(node.handling.median)} (median)` : ""}${node.standing ? `, ${node.standing}` : ""}`;
  const isThere = node.count > 0 || node.standing === "never seen";
  const place = `translate(${x - width / 2} ${y - height / 2})`;
  return (
    <>
      <g
        className={`node${isChosen ? " chosen" : ""}${isThere ? "" : " faded"}`}
        transform={place}
        role="button"
        tabIndex={0}
        aria-label={about}
        aria-pressed={isChosen}
        onClick={act}
        onKeyDown={pressed(act)}
      >
        <title>{about}</title>
        <rect
          width={width}
          height={height}
          fill={
            style
              ? mixed("var(--card)", style.fill, 0.5 + share)
              : mixed("var(--card)", "var(--accent)", share * 0.3)
          }
          stroke={style?.stroke ?? "var(--line-strong)"}
          strokeDasharray={node.standing === "never seen" ? "5 4" : undefined}
        />
      </g>
      <g aria-hidden="true" className={`words${isThere ? "" : " faded"}`} transform={place}>
        {lines.map((line, i) => (
          <text key={i} x={10} y={lines.length === 1 ? 25 : 19 + i * 15} fill="var(--text)">
            {line}
          </text>
        ))}
        <text className="count" x={10} y={height - 7} fill="var(--muted)">
          {node.standing === "never seen"
            ? "never seen"
            : colour === "time" && node.handling
              ? `${duration(node.handling.median)} each`
              : `${count(node.count)} ×`}
        </text>
      </g>
    </>
  );
}
