import { firstAbove } from "../statistics/sorted.ts";

/**
 * Draws templates that took longer than a case has taken so far. Short cases are known sooner: of those that
 * took as long as a template only the ones that began early enough have ended, so each stands for as many as
 * have begun for each that could have ended (inverse probability of censoring). `ages`: how long ago each
 * case that began did.
 */
export function longerTemplates(
  lengths: Float64Array,
  ages: Float64Array,
): (age: number, u: number) => number {
  const order = Uint32Array.from(lengths.keys()).sort((s, t) => lengths[s] - lengths[t] || s - t);
  const sorted = Float64Array.from(order, (t) => lengths[t]);
  const old = ages.slice().sort();
  const sums = new Float64Array(order.length + 1);
  let k = 0;
  sorted.forEach((length, i) => {
    while (k < old.length && old[k] < length) k++;
    sums[i + 1] = sums[i] + old.length / Math.max(1, old.length - k);
  });
  return (age, u) => {
    const first = firstAbove(sorted, age);
    if (first >= order.length) return order[order.length - 1];
    const at = sums[first] + u * (sums[order.length] - sums[first]);
    return order[Math.min(order.length - 1, firstAbove(sums, at) - 1)];
  };
}
