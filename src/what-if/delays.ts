import { Random } from "../statistics/random.ts";
import { runShop, type Arrivals, type Run, type Shop } from "./engine.ts";

/**
 * How often delays are fitted again to the waits that they leave: with cases as they came, then with drawn
 * weeks.
 */
const ROUNDS = 4;
const DRAWN_ROUNDS = 3;

/**
 * All waits of the templates as they were, and what of them queues and absences explain, and what runs do;
 * ms.
 */
export interface Waits {
  seen: number;
  queued: number;
  held: number;
}

/**
 * What of the waits is delay? Simulates the cases as they came, from no delay on (with all of it every case
 * would come when it was taken up, and no queue would ever show), and leaves of the waits of each activity
 * what queues, runs and absences do not explain; a step half way keeps the rounds from swinging. Weeks that
 * are drawn meet other days, people and runs than theirs were: there the delays give way once more, so that
 * steps wait as long as they did. Sets `shop.delay` from `seen`, the waits of the rows. O(rounds · simulated
 * rows).
 */
export function fitDelays(
  shop: Shop,
  seen: Float64Array,
  asTheyCame: Arrivals,
  draw: (random: Random) => Arrivals,
): Waits {
  const kinds = shop.able.length;
  const share = new Float64Array(kinds);
  const adjust = ({ waited, held }: Run, meant: Float64Array, isFirst: boolean) => {
    for (let a = 0; a < kinds; a++) {
      if (meant[a] <= 0) continue;
      const left = Math.max(0, Math.min(1, 1 - (waited[a] + held[a]) / meant[a]));
      share[a] = isFirst ? left : (share[a] + left) / 2;
    }
    for (let i = 0; i < seen.length; i++) shop.delay[i] = seen[i] * share[shop.activity[i]];
  };
  const meantBy = (templates: ArrayLike<number>) => {
    const meant = new Float64Array(kinds);
    for (let c = 0; c < templates.length; c++)
      for (let i = shop.row[templates[c]]; i < shop.row[templates[c] + 1]; i++)
        meant[shop.activity[i]] += seen[i];
    return meant;
  };
  const observed = meantBy(asTheyCame.template);
  const waits = { seen: sum(observed), queued: 0, held: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const run = runShop(shop, asTheyCame);
    waits.queued = sum(run.waited);
    waits.held = sum(run.held);
    adjust(run, observed, round === 0);
  }
  for (let round = 0; round < DRAWN_ROUNDS; round++) {
    const drawn = draw(new Random(`fit ${round}`));
    adjust(runShop(shop, drawn), meantBy(drawn.template), false);
  }
  return waits;
}

const sum = (list: ArrayLike<number>) => {
  let total = 0;
  for (let i = 0; i < list.length; i++) total += list[i];
  return total;
};
