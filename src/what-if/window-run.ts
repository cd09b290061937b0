import { runShop, type Arrivals, type Shop } from "./engine.ts";

/** What became of the cases that came within a period, and of the people in it. */
export interface WindowRun {
  /** rows that were done, in and out of the period */
  events: number;
  /** how long the cases take, ms, ascending; those that never end are counted apart */
  lengths: Float64Array;
  unfinished: number;
  /** by activity, of these cases: how long they waited in the queue and for the run, and how often */
  waited: Float64Array;
  done: Float64Array;
  /** by person: the working time that was begun in the period */
  worked: Float64Array;
}

/** Runs a shop and looks at a period of it. As `runShop`. */
export function runWindow(shop: Shop, arrivals: Arrivals, from: number, until: number): WindowRun {
  const { time } = arrivals;
  const isCounted = time.map((at) => (at >= from && at < until ? 1 : 0));
  const since = Float64Array.from(time);
  const waited = new Float64Array(shop.able.length);
  const done = new Float64Array(shop.able.length);
  const worked = new Float64Array(shop.duty.length);
  const { end, events } = runShop(shop, arrivals, {
    begun(c, row, at, person) {
      if (person >= 0 && at >= from && at < until) worked[person] += shop.handling[row];
      if (isCounted[c] === 0) return;
      waited[shop.activity[row]] += at - since[c] - shop.delay[row];
      done[shop.activity[row]]++;
    },
    ended(c, _, at) {
      since[c] = at;
    },
  });
  const lengths: number[] = [];
  let unfinished = 0;
  for (let c = 0; c < time.length; c++) {
    if (isCounted[c] === 0) continue;
    if (Number.isNaN(end[c])) unfinished++;
    else lengths.push(end[c] - time[c]);
  }
  return { events, lengths: Float64Array.from(lengths).sort(), unfinished, waited, done, worked };
}
