import type { EventLog } from "../eventlog/event-log.ts";

/** The different sequences of activities, most frequent first (ties: first seen first). */
export interface Variants {
  /** variant of each case */
  variantOf: Uint32Array;
  /** cases of each variant */
  caseCount: Uint32Array;
  /** one case that shows each variant */
  example: Uint32Array;
}

/**
 * Groups cases by their whole sequence of activities. Exact: sequences of equal hash are compared. One pass,
 * expected O(events).
 */
export function findVariants(log: EventLog): Variants {
  const { caseCount, caseStart, activity } = log;
  const slots = new Int32Array(1 << (32 - Math.clz32(Math.max(16, caseCount * 2) - 1)));
  const mask = slots.length - 1;
  const variantOf = new Uint32Array(caseCount);
  const example: number[] = [];
  const count: number[] = [];

  for (let c = 0; c < caseCount; c++) {
    let h = caseStart[c + 1] - caseStart[c];
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      h = Math.imul(h ^ activity[e], 0x9e3779b1);
      h ^= h >>> 15;
    }
    let slot = Math.imul(h ^ (h >>> 16), 0x85ebca6b) & mask;
    for (;;) {
      const v = slots[slot] - 1;
      if (v < 0) {
        slots[slot] = example.push(c);
        count.push(1);
        variantOf[c] = example.length - 1;
        break;
      }
      if (sameSequence(log, c, example[v])) {
        count[v]++;
        variantOf[c] = v;
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return byFrequency(variantOf, count, example);
}

function sameSequence({ caseStart, activity }: EventLog, c: number, d: number): boolean {
  const length = caseStart[c + 1] - caseStart[c];
  if (caseStart[d + 1] - caseStart[d] !== length) return false;
  for (let i = 0; i < length; i++)
    if (activity[caseStart[c] + i] !== activity[caseStart[d] + i]) return false;
  return true;
}

function byFrequency(variantOf: Uint32Array, count: number[], example: number[]): Variants {
  const order = count.map((_, v) => v).sort((v, w) => count[w] - count[v] || v - w);
  const rank = new Uint32Array(order.length);
  order.forEach((v, i) => (rank[v] = i));
  return {
    variantOf: variantOf.map((v) => rank[v]),
    caseCount: Uint32Array.from(order, (v) => count[v]),
    example: Uint32Array.from(order, (v) => example[v]),
  };
}
