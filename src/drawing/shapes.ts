/** A name in at most three lines of about 22 characters. */
export function wrapName(name: string): string[] {
  const lines = [""];
  for (const word of name.split(/\s+/)) {
    const last = lines[lines.length - 1];
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + word.length < 22) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  const cut = lines.slice(0, 3).map((line) => (line.length > 30 ? `${line.slice(0, 29)}…` : line));
  if (lines.length > 3) cut[2] += " …";
  return cut;
}

/** About how wide Helvetica sets a text. */
export function textWidth(text: string, size: number): number {
  let units = 0;
  for (const character of text)
    units += /[iljtf.,:;'|!()\s]/.test(character) ? 0.33 : /[A-ZmwMW_@%]/.test(character) ? 0.74 : 0.57;
  return units * size;
}

/** A smooth line through points: straight into the middles between them, bent at each. */
export function curve(points: { x: number; y: number }[], end: { x: number; y: number }): string {
  const all = [...points.slice(0, -1), end];
  let path = `M${round(all[0].x)} ${round(all[0].y)}`;
  for (let i = 1; i < all.length - 1; i++) {
    const next =
      i === all.length - 2
        ? all[i + 1]
        : { x: (all[i].x + all[i + 1].x) / 2, y: (all[i].y + all[i + 1].y) / 2 };
    path += ` Q${round(all[i].x)} ${round(all[i].y)} ${round(next.x)} ${round(next.y)}`;
  }
  return all.length === 2 ? `${path} L${round(end.x)} ${round(end.y)}` : path;
}

export function arrowHead(
  points: { x: number; y: number }[],
  width: number,
  fill: string,
): { path: string; end: { x: number; y: number } } {
  const tip = points.at(-1)!;
  const before = points.at(-2)!;
  const length = Math.hypot(tip.x - before.x, tip.y - before.y) || 1;
  const [dx, dy] = [(tip.x - before.x) / length, (tip.y - before.y) / length];
  const size = 6 + width * 1.4;
  const end = { x: tip.x - dx * size * 0.8, y: tip.y - dy * size * 0.8 };
  const base = { x: tip.x - dx * size, y: tip.y - dy * size };
  const half = size * 0.5;
  const corner = (side: number) => `${round(base.x - dy * half * side)} ${round(base.y + dx * half * side)}`;
  return {
    path: `<path d="M${round(tip.x)} ${round(tip.y)} L${corner(1)} L${corner(-1)} Z" fill="${fill}"/>`,
    end,
  };
}

export function mix(from: number[], to: number[], share: number): string {
  return `#${from
    .map((value, i) =>
      Math.round(value + (to[i] - value) * Math.min(1, share))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

export function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
