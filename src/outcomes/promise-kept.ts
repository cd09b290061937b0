import { formatHours } from "../format.ts";

/** What can be measured week by week of the steps that a tool touches. */
export const MEASURES = ["hours", "again", "wait"] as const;
export type Measure = (typeof MEASURES)[number];

/** Units in which a promise about each can be said: "%" is of what was to be expected without the tool. */
export const UNITS: Record<Measure, readonly string[]> = {
  hours: ["%", "hours", "minutes"],
  wait: ["%", "hours", "minutes"],
  again: ["%", "points"],
};

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
 * Was a promise kept? Kept where the whole interval of the effect reaches what was promised, not kept where none of it does, else it cannot be shown. What came the other way is seen as such. O(1).
 */
export function promiseKept(
  { direction, size, unit }: PromisedChange,
  { unit: of, after, effect, interval }: SeenChange,
): Kept {
  const sign = direction === "less" ? -1 : 1;
  const expected = after - effect;
  const promised =
    size === null
      ? 0
      : unit === "%"
        ? (size / 100) * Math.abs(expected)
        : unit === "minutes"
          ? size / 60
          : unit === "points"
            ? size / 100
            : size;
  const gains = [interval[0] * sign, interval[1] * sign].sort((a, b) => a - b);
  // nothing promised but a direction is kept by what is more than nothing
  const verdict =
    size === null
      ? gains[0] > 0
        ? "kept"
        : gains[1] <= 0
          ? "not kept"
          : "cannot be shown"
      : gains[0] >= promised
        ? "kept"
        : gains[1] < promised
          ? "not kept"
          : "cannot be shown";
  const share = unit === "%" && expected !== 0;
  const amount = (value: number) =>
    share
      ? `${((100 * Math.abs(value)) / Math.abs(expected)).toFixed(0)} %`
      : of === "share"
        ? `${(100 * Math.abs(value)).toFixed(1)} points`
        : Math.abs(value) < 1
          ? `${(60 * Math.abs(value)).toFixed(0)} min`
          : formatHours(Math.abs(value));
  const signed = (value: number) => `${amount(value)} ${value < 0 ? "less" : "more"}`;
  return {
    verdict,
    words: `seen ${signed(effect)} than was to be expected (95 %: ${signed(interval[0])} to ${signed(interval[1])})`,
  };
}
