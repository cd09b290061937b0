import type { Answer } from "../client.ts";
import { lineThrough, twoLines } from "../parts/lines.ts";
import { PanZoom } from "../parts/pan-zoom.tsx";
import { plural } from "../words.ts";

type Flow = NonNullable<Answer<"POST /organisations/{org}/descriptions/check">["flow"]>;

/** The flow of a description: steps with the roles that own them, and what can follow what. */
export function FlowPicture({ flow }: { flow: Flow }) {
  return (
    <>
      <div className="picture" style={{ height: "clamp(220px, 38vh, 460px)" }}>
        <PanZoom
          width={flow.width}
          height={flow.height}
          fitKey={`${flow.width}x${flow.height}`}
          label={`Picture of the flow: ${plural(flow.nodes.length - 2, "step")}`}
        >
          {flow.edges.map((edge) => {
            const { line, head } = lineThrough(edge.points as [number, number][], 1.4);
            return (
              <g key={`${edge.from}>${edge.to}`} className="edge" aria-hidden="true">
                <path className="line" d={line} stroke="var(--line-strong)" strokeWidth={1.4} />
                <path d={head} fill="var(--line-strong)" />
              </g>
            );
          })}
          {flow.nodes.map(({ id, name, role, always, x, y, width, height }) =>
            id < 0 ? (
              <circle
                key={id}
                cx={x}
                cy={y}
                r={width / 2 - 3}
                fill={id === -1 ? "var(--card)" : "var(--text)"}
                stroke="var(--text)"
                strokeWidth={2}
              />
            ) : (
              <g key={id} className="node" transform={`translate(${x - width / 2} ${y - height / 2})`}>
                <title>{`${name}${role ? `, ${role}` : ""}${always ? "" : ", not in every case"}`}</title>
                <rect
                  width={width}
                  height={height}
                  fill="var(--accent-weak)"
                  stroke="var(--accent)"
                  strokeDasharray={always ? undefined : "4 3"}
                />
                <text x={10} y={19} fill="var(--text)">
                  {twoLines(name, 22)[0]}
                </text>
                <text className="count" x={10} y={height - 9} fill="var(--muted)">
                  {twoLines(name, 22)[1] ?? (role ? twoLines(role, 26)[0] : "no owner")}
                </text>
              </g>
            ),
          )}
        </PanZoom>
      </div>
      {flow.simplified && (
        <p className="quiet">
          There are more paths than fit: those between parallel steps are left out and, if necessary, all but
          the nearest ones.
        </p>
      )}
    </>
  );
}
