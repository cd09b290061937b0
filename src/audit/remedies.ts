import type { Remedy } from "../detectors/detector.ts";
import { detectors, type DetectorId } from "../detectors/index.ts";

export type { Remedy } from "../detectors/detector.ts";

/** What closes what each detector finds, by its id: drawn from the detectors. */
export const remedies = Object.fromEntries(detectors.map(({ id, remedy }) => [id, remedy])) as Record<
  DetectorId,
  Remedy
>;

/** The remedy of a detector that a kept finding names; undefined for one that no version knows. */
export const remedyOf = (detector: string): Remedy | undefined =>
  Object.hasOwn(remedies, detector) ? remedies[detector as DetectorId] : undefined;
