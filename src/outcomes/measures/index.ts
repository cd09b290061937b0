import { doneAgain } from "./done-again.ts";
import { handlingHours } from "./handling-hours.ts";
import { waitingHours } from "./waiting-hours.ts";

/**
 * Every measure of outcomes, in the order in which people ask. A new one is a file, a line here and a test.
 */
export const measures = [handlingHours, doneAgain, waitingHours] as const;

export type MeasureId = (typeof measures)[number]["id"];

export const MEASURE_IDS = measures.map(({ id }) => id) as [MeasureId, ...MeasureId[]];

/** A record with an entry for each measure. */
export const byMeasure = <T>(of: (measure: (typeof measures)[number]) => T): Record<MeasureId, T> =>
  Object.fromEntries(measures.map((measure) => [measure.id, of(measure)])) as Record<MeasureId, T>;
