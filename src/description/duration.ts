/** A length of time: in ms, or in working days. */
export type Duration = { ms: number } | { workingDays: number };

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * "30m", "4h", "2d", "2w", or "5wd" for working days; undefined for anything else, and for no time at all.
 */
export function parseDuration(text: string): Duration | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(m|h|d|wd|w)$/.exec(text.trim());
  if (!match) return undefined;
  const count = Number(match[1]);
  if (count === 0) return undefined;
  return match[2] === "wd" ? { workingDays: count } : { ms: count * UNITS[match[2]] };
}

/** "2 days", "5 working days" */
export function describeDuration(text: string): string {
  const match = /^(\d+(?:\.\d+)?)\s*(m|h|d|wd|w)$/.exec(text.trim());
  if (!match) return text;
  const unit = { m: "minute", h: "hour", d: "day", wd: "working day", w: "week" }[match[2]];
  return `${match[1]} ${unit}${match[1] === "1" ? "" : "s"}`;
}
