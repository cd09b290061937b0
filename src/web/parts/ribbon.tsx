/** Colours of activities: the same activity has the same colour wherever it stands. */
const HUES = 12;

function colourOf(name: string): string {
  let hash = 7;
  for (let i = 0; i < name.length; i++) hash = (hash * 31 + name.charCodeAt(i)) >>> 0;
  return `hsl(${Math.round(((hash % HUES) * 360) / HUES + ((hash >>> 8) % 20))} 45% 50%)`;
}

/** A way through the process as a row of its steps; many of the same behind one another are counted. */
export function Ribbon({ steps, more = 0 }: { steps: readonly string[]; more?: number }) {
  const runs: { name: string; times: number }[] = [];
  for (const name of steps) {
    const last = runs.at(-1);
    if (last?.name === name) last.times++;
    else runs.push({ name, times: 1 });
  }
  return (
    <span className="ribbon">
      {runs.map(({ name, times }, i) => (
        <span key={i} style={{ borderLeftColor: colourOf(name) }} title={name}>
          {name}
          {times > 1 && ` ×${times}`}
        </span>
      ))}
      {more > 0 && <span style={{ borderLeftColor: "transparent" }}>and {more} more</span>}
    </span>
  );
}
