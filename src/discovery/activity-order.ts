import type { EventLog } from "../eventlog/event-log.ts";
import { traceBag } from "./trace-bag.ts";

/**
 * For activities a and b, in how many more cases a first comes before b than after it: at a * activities + b.
 * Says which way between two activities is forward. One pass over the different traces, and the pairs of
 * activities in each.
 */
export function precedence(log: EventLog): Float64Array {
  const n = log.activities.length;
  const more = new Float64Array(n * n);
  const bag = traceBag(log);
  for (let t = 0; t < bag.count.length; t++) {
    const met = [...new Set(bag.codes.subarray(bag.offset[t], bag.offset[t + 1]))];
    met.forEach((a, i) => {
      for (let j = i + 1; j < met.length; j++) {
        more[a * n + met[j]] += bag.count[t];
        more[met[j] * n + a] -= bag.count[t];
      }
    });
  }
  return more;
}
