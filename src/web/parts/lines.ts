type Point = [number, number];

/** A smooth line through points, and the head of its arrow. */
export function lineThrough(points: Point[], width: number): { line: string; head: string } {
  const tip = points.at(-1)!;
  const before = points.at(-2) ?? tip;
  const length = Math.hypot(tip[0] - before[0], tip[1] - before[1]) || 1;
  const [dx, dy] = [(tip[0] - before[0]) / length, (tip[1] - before[1]) / length];
  const size = 7 + width * 1.3;
  const end: Point = [tip[0] - dx * size * 0.8, tip[1] - dy * size * 0.8];
  const all = [...points.slice(0, -1), end];
  let line = `M${all[0].join(" ")}`;
  for (let i = 1; i < all.length - 1; i++) {
    const next =
      i === all.length - 2 ? all[i + 1] : [(all[i][0] + all[i + 1][0]) / 2, (all[i][1] + all[i + 1][1]) / 2];
    line += ` Q${all[i].join(" ")} ${next.join(" ")}`;
  }
  if (all.length === 2) line += ` L${end.join(" ")}`;
  const base: Point = [tip[0] - dx * size, tip[1] - dy * size];
  const half = size * 0.48;
  const head = `M${tip.join(" ")} L${base[0] - dy * half} ${base[1] + dx * half} L${base[0] + dy * half} ${base[1] - dx * half} Z`;
  return { line, head };
}

/** A name in at most two lines of a box. */
export function twoLines(name: string, most = 21): string[] {
  const lines = [""];
  for (const word of name.trim().split(/\s+/)) {
    const last = lines.length - 1;
    if (lines[last] === "") lines[last] = word;
    else if (lines[last].length + word.length < most) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  const cut = lines.slice(0, 2).map((line) => (line.length > most + 1 ? `${line.slice(0, most)}…` : line));
  if (lines.length > 2) cut[1] = `${cut[1].slice(0, most - 1).trimEnd()}…`;
  return cut;
}
