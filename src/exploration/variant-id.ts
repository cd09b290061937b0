import type { EventLog } from "../eventlog/event-log.ts";
import { allNames } from "../eventlog/strings.ts";

/**
 * An id for the sequence of activities of a case, from their names alone: the same variant has the same id in
 * every log and every import, so that an address that names it stays good. 64 bits (two FNV-1a hashes of the
 * names' hashes).
 */
export function variantIds({ activities, activity, caseStart }: EventLog): (c: number) => string {
  const low = allNames(activities).map((name) => hashOf(name, 0x811c9dc5));
  const high = allNames(activities).map((name) => hashOf(name, 0x01234567));
  const hex = (hash: number) => (hash >>> 0).toString(16).padStart(8, "0");
  return (c) => {
    let [a, b] = [0x811c9dc5, 0x9e3779b9];
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      a = mix(a, low[activity[e]]);
      b = mix(b, high[activity[e]]);
    }
    return hex(a) + hex(b);
  };
}

const mix = (hash: number, value: number) => {
  const mixed = Math.imul((hash ^ value) >>> 0, 0x01000193);
  return mixed ^ (mixed >>> 13);
};

function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
