import { traceBag } from "../../discovery/trace-bag.ts";
import { logOfCases } from "../../eventlog/select-cases.ts";
import type { Strings } from "../../eventlog/strings.ts";
import { joinNames, type Summary } from "./summary.ts";

/**
 * The steps of variant k are `steps[offset[k]]` up to (not including) `steps[offset[k + 1]]`; `cases[k]` go
 * this way.
 */
export interface VariantSummary {
  activities: Strings;
  offset: Uint32Array;
  steps: Uint32Array;
  cases: Float64Array;
}

/**
 * Which sequences of activities are there, and how many cases take each? Of one log the most frequent first.
 */
export const variants: Summary<VariantSummary> = {
  id: "variants",
  of(log, cases) {
    const { offset, codes, count } = traceBag(cases ? logOfCases(log, cases) : log);
    return { activities: log.activities, offset, steps: codes, cases: count };
  },
  merge(a, b) {
    const { names, codes } = joinNames(a.activities, b.activities, b.steps);
    const places = new Map<string, number>();
    const parts: Uint32Array[] = [];
    const cases: number[] = [];
    const add = (steps: Uint32Array, count: number) => {
      const key = steps.join();
      const known = places.get(key);
      if (known !== undefined) cases[known] += count;
      else {
        places.set(key, parts.push(steps) - 1);
        cases.push(count);
      }
    };
    a.cases.forEach((count, k) => add(a.steps.subarray(a.offset[k], a.offset[k + 1]), count));
    b.cases.forEach((count, k) => add(codes.subarray(b.offset[k], b.offset[k + 1]), count));
    const offset = new Uint32Array(parts.length + 1);
    parts.forEach(({ length }, k) => (offset[k + 1] = offset[k] + length));
    const steps = new Uint32Array(offset[parts.length]);
    parts.forEach((part, k) => steps.set(part, offset[k]));
    return { activities: names, offset, steps, cases: Float64Array.from(cases) };
  },
  empty: {
    activities: [],
    offset: new Uint32Array(1),
    steps: new Uint32Array(0),
    cases: new Float64Array(0),
  },
};
