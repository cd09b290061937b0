import { formatHours } from "../figures.ts";

/** What was promised of one measure; any change in the direction where no size was said. */
export interface PromisedChange {
  direction: "less" | "more";
  size: number | null;
  unit: string | null;
}

/** What was seen of it: the mean since the start, and by how much it differs from what was to be expected. */
export interface SeenChange {
  unit: "h" | "share";
  after: number;
  effect: number;
  interval: [number, number];
}

/** Whether a promise was kept, as far as the interval tells. */
export interface Kept {
  verdict: "kept" | "not kept" | "cannot be shown";
  words: string;
}

/**
 * Was a promise kept? Kept where the whole interval of the effect reaches what was promised, not kept where
 * none of it does, else it cannot be shown. What came the other way is seen as such. O(1).
 */
export function promiseKept(
  { direction, size, unit }: PromisedChange,
  { unit: of, after, effect, interval }: SeenChange,
): Kept {
  const sign = direction === "less" ? -1 : 1;
  const isShare = unit === "%";
  // of what was to be expected without the tool: what was seen is known, what was expected is not
  const ofExpected = (change: number) => (after - change > 0 ? change / (after - change) : NaN);
  const asSaid = isShare ? ofExpected : (change: number) => change;
  const ends = interval.map(asSaid);
  const amount = (value: number) =>
    isShare
      ? `${(100 * Math.abs(value)).toFixed(0)} %`
      : of === "share"
        ? `${(100 * Math.abs(value)).toFixed(1)} points`
        : Math.abs(value) < 1
          ? `${(60 * Math.abs(value)).toFixed(0)} min`
          : formatHours(Math.abs(value));
  if (ends.some(Number.isNaN))
    return {
      verdict: "cannot be shown",
      words: "what was expected may be zero, so there is no percentage of it",
    };
  const promised =
    size === null ? 0 : isShare || unit === "points" ? size / 100 : unit === "minutes" ? size / 60 : size;
  const [least, most] = ends.map((end) => end * sign).sort((a, b) => a - b);
  const signed = (value: number) => `${amount(value)} ${value < 0 ? "less" : "more"}`;
  return {
    // where a direction alone was promised, any change that is more than nothing keeps it
    verdict: (size === null ? least > 0 : least >= promised)
      ? "kept"
      : (size === null ? most <= 0 : most < promised)
        ? "not kept"
        : "cannot be shown",
    words: `seen ${signed(asSaid(effect))} than expected (95 %: ${signed(ends[0])} to ${signed(ends[1])})`,
  };
}
