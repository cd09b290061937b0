import { select } from "d3-selection";
import { zoom, zoomIdentity, type ZoomBehavior } from "d3-zoom";
import { useEffect, useRef, type ReactNode } from "react";

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/**
 * A picture larger than its frame: dragged, pinched, turned by wheel, keys (arrows, + and −, 0 for the whole)
 * or buttons. It is fitted into its frame when it is first shown, and when `fitKey` changes.
 */
export function PanZoom({
  width,
  height,
  label,
  fitKey,
  readableScale = 0.55,
  begin,
  children,
}: {
  width: number;
  height: number;
  label: string;
  fitKey: string;
  /** a picture is shown at least so large at first */
  readableScale?: number;
  /** where, from the left, what does not fit begins */
  begin?: number;
  children: ReactNode;
}) {
  const svg = useRef<SVGSVGElement>(null);
  const stage = useRef<SVGGElement>(null);
  const behaviour = useRef<ZoomBehavior<SVGSVGElement, unknown>>(undefined);

  const fit = (least: number) => {
    const frame = svg.current?.getBoundingClientRect();
    if (!frame || !behaviour.current || width === 0) return;
    const margin = 16;
    const [across, down] = [(frame.width - 2 * margin) / width, (frame.height - 2 * margin) / height];
    // what would be too small to read is shown from its beginning: as wide as it fits, or at half the size
    // around where it begins
    const scale = Math.min(
      1.25,
      Math.max(Math.min(across, down), Math.min(least, Math.max(across, least * 0.82))),
    );
    const fits = width * scale <= frame.width - margin;
    const x = fits
      ? (frame.width - width * scale) / 2
      : begin === undefined
        ? margin
        : clamp(frame.width / 2 - begin * scale, frame.width - width * scale - margin, margin);
    const y = height * scale <= frame.height ? (frame.height - height * scale) / 2 : margin;
    select(svg.current!).call(behaviour.current.transform, zoomIdentity.translate(x, y).scale(scale));
  };
  const by = (factor: number) =>
    svg.current && behaviour.current && select(svg.current).call(behaviour.current.scaleBy, factor);
  const move = (x: number, y: number) =>
    svg.current && behaviour.current && select(svg.current).call(behaviour.current.translateBy, x, y);

  useEffect(() => {
    behaviour.current = zoom<SVGSVGElement, unknown>()
      .scaleExtent([0.08, 4])
      // the page scrolls by wheel; with Ctrl, or on a touchpad's pinch, the picture grows
      .filter((event: WheelEvent & { button: number }) =>
        event.type === "wheel" ? event.ctrlKey || event.metaKey : !event.button,
      )
      .on("zoom", ({ transform }: { transform: { toString(): string } }) =>
        stage.current?.setAttribute("transform", String(transform)),
      );
    const element = select(svg.current!);
    element.call(behaviour.current).on("dblclick.zoom", null);
    return () => void element.on(".zoom", null);
  }, []);
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  useEffect(() => fit(readableScale), [fitKey]);

  return (
    <>
      <svg
        ref={svg}
        className="canvas"
        role="group"
        aria-label={label}
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.target !== event.currentTarget) return;
          const act: Record<string, () => unknown> = {
            ArrowLeft: () => move(60, 0),
            ArrowRight: () => move(-60, 0),
            ArrowUp: () => move(0, 60),
            ArrowDown: () => move(0, -60),
            "+": () => by(1.3),
            "-": () => by(1 / 1.3),
            "0": () => fit(0),
          };
          if (!act[event.key]) return;
          event.preventDefault();
          act[event.key]();
        }}
      >
        <g ref={stage}>{children}</g>
      </svg>
      <div className="controls">
        <button type="button" aria-label="Larger" onClick={() => by(1.3)}>
          +
        </button>
        <button type="button" aria-label="Smaller" onClick={() => by(1 / 1.3)}>
          −
        </button>
        <button type="button" aria-label="Show the whole picture" onClick={() => fit(0)}>
          ⤢
        </button>
      </div>
    </>
  );
}
