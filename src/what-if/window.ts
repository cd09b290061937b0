import type { Evidence } from "../evidence/evidence.ts";
import { quantileOfSorted } from "../statistics/quantile.ts";

/**
 * Of evidence with more events than these the newest are taken: more of the past costs time and tells nothing
 * more.
 */
const MOST_EVENTS = 300_000;
const WEEK = 604_800_000;
/** Fewer weeks than these say nothing of weeks, however many events there are. */
const LEAST_WEEKS = 12;
/** The newer part has so many weeks at least. */
const NEWER_WEEKS = 2;
/** So many of the oldest cases are left out: logs often begin with a few that are far older than the rest. */
const STRAY = 0.02;
const OLDER = 0.7;

/**
 * Parts of the evidence, ms since epoch: a shop is fitted to the cases that begin in [from, middle), and held
 * against those that begin in [middle, until).
 */
export interface Window {
  from: number;
  middle: number;
  until: number;
}

/**
 * Which part of the evidence is looked at: its newest 300,000 events (twelve weeks at least), without the
 * oldest 2 % of the cases and without the end in which a tenth of the cases would not have ended yet (a fifth
 * of the time at most); older and newer at 70 % of the cases, two weeks before the end at the latest. Sorts
 * the begins of the cases.
 */
export function windowOf({ log, range }: Evidence): Window {
  const begin = log.start ?? log.time;
  const events = Math.max(1, log.eventCount / Math.max(1, log.caseCount));
  const begins = Float64Array.from({ length: log.caseCount }, (_, c) => begin[log.caseStart[c]]).sort();
  const lengths = Float64Array.from(
    { length: log.caseCount },
    (_, c) => log.time[log.caseStart[c + 1] - 1] - begin[log.caseStart[c]],
  ).sort();
  const first = Math.max(Math.floor(begins.length * STRAY), begins.length - Math.floor(MOST_EVENTS / events));
  const stray = begins[Math.floor(begins.length * STRAY)] ?? range.from;
  const from = Math.max(stray, Math.min(begins[first] ?? range.from, range.to - LEAST_WEEKS * WEEK));
  const until = Math.max(from + (range.to - from) * 0.8, range.to - (quantileOfSorted(lengths, 0.9) ?? 0));
  const compared = begins.filter((at) => at >= from && at < until);
  const middle = Math.min(quantileOfSorted(compared, OLDER) ?? until, until - NEWER_WEEKS * WEEK);
  return { from, middle: Math.max(from, middle), until };
}
