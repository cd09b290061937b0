import { useId } from "react";
import type { Answer } from "../client.ts";
import { count, date, plural } from "../words.ts";

type Weeks = Answer<"GET /organisations/{org}/processes/{process}/choices">["weeks"];

/** How many cases began when: all of them behind, the selected ones before. */
export function WeeksChart({ weeks, from, to }: { weeks: Weeks; from: string | null; to: string | null }) {
  const id = useId();
  const most = Math.max(1, ...weeks.all);
  const [width, height] = [Math.max(40, weeks.all.length * 6), 60];
  const bar = (n: number) => (n === 0 ? 0 : Math.max(1.5, (n / most) * (height - 6)));
  const step = width / weeks.all.length;
  const total = weeks.selected.reduce((sum, n) => sum + n, 0);
  return (
    <figure>
      <svg
        className="weeks"
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-labelledby={id}
      >
        <title id={id}>
          {`Cases started per ${weeks.days <= 7.01 ? "week" : `${Math.round(weeks.days)} days`}, ${date(from)} to ${date(to)}: ${plural(total, "case")} chosen, at most ${count(most)} at once`}
        </title>
        {weeks.all.map((n, i) => (
          <g key={i}>
            <rect x={i * step} y={height - bar(n)} width={step * 0.8} height={bar(n)} fill="var(--line)" />
            <rect
              x={i * step}
              y={height - bar(weeks.selected[i])}
              width={step * 0.8}
              height={bar(weeks.selected[i])}
              fill="var(--accent)"
            />
          </g>
        ))}
      </svg>
      <figcaption className="between">
        <small>{date(from)}</small>
        <small>cases started {weeks.days <= 7.01 ? "per week" : `in ${Math.round(weeks.days)} days`}</small>
        <small>{date(to)}</small>
      </figcaption>
    </figure>
  );
}
