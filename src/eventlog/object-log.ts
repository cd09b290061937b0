import type { Strings } from "./strings.ts";

/**
 * What happened to objects of several types, as columns (OCEL 2.0): events in the order of time, then input;
 * an event belongs to any number of objects.
 */
export interface ObjectCentricLog {
  eventCount: number;
  activity: Uint32Array;
  activities: Strings;
  /** ms since epoch UTC */
  time: Float64Array;
  objectCount: number;
  objectIds: Strings;
  /** type of each object */
  type: Uint16Array;
  types: Strings;
  /**
   * objects of event e: `object[eventStart[e]]` up to (not including) `object[eventStart[e + 1]]`, each once
   */
  eventStart: Uint32Array;
  object: Uint32Array;
}
