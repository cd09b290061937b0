import { z } from "zod";
import type { TimeSummary } from "../discovery/edge-statistics.ts";

export const timesSchema = z
  .object({ median: z.number(), mean: z.number(), p90: z.number(), max: z.number() })
  .describe("in milliseconds");

/** Times as they are sent: whole milliseconds. */
export const shownTimes = ({ median, mean, p90, max }: TimeSummary) => ({
  median: Math.round(median),
  mean: Math.round(mean),
  p90: Math.round(p90),
  max: Math.round(max),
});

/** An instant as ISO 8601; null for what no calendar can show. */
export const shownInstant = (ms: number): string | null =>
  Math.abs(ms) > 8.64e15 || Number.isNaN(ms) ? null : new Date(ms).toISOString();
