import type { NameColumn } from "../evidence/columns.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { nameAt } from "../eventlog/strings.ts";

/** What is taken up first: the values of a column of cases, the most urgent first. */
export interface Priority {
  column: string;
  values: string[];
  /**
   * how often a more urgent case went before one that had waited longer; and how often one went before an
   * equally urgent one that had
   */
  ahead: number;
  usual: number;
  /** rank of each case of the log, 0 first */
  rank: Uint8Array;
}

/** More values than these are no classes of urgency. */
const MOST_VALUES = 8;
/** Executions looked at of each activity, the newest; and waiting cases looked at beside each. */
const EXECUTIONS = 1500;
const WAITING = 60;
const LEAST_PAIRS = 200;
/** A more urgent case goes first in at least so many of the pairs, and in so many more than chance has it. */
const AHEAD = 0.75;
const MORE_THAN_USUAL = 0.35;

/**
 * Does one recorded thing decide what is taken up first? Whenever a case is taken up, those that wait for the
 * same activity at that moment are looked at: how often was one passed over that had waited longer, by the
 * values of both? The column that tells most, with its values in the order in which they win; undefined where
 * none does, so that it is first come, first served. At most 60 waiting cases beside each of 1,500 executions
 * of each activity.
 */
export function priorityOf(evidence: Evidence, from: number, to: number): Priority | undefined {
  const columns = evidence.caseKinds.filter(
    (column) =>
      column.scope === "case" && column.values.length > 2 && column.values.length <= MOST_VALUES + 1,
  );
  if (columns.length === 0) return undefined;
  const pairs = waitingPairs(evidence, from, to);
  if (pairs.older.length < LEAST_PAIRS) return undefined;
  let best: Priority | undefined;
  for (const column of columns) {
    const found = judge(evidence, column, pairs);
    if (found && (!best || found.ahead - found.usual > best.ahead - best.usual)) best = found;
  }
  return best;
}

/**
 * Pairs of cases that waited for the same activity at the same time: the one that came first, the one that
 * came later, and whether the later one was taken up first.
 */
interface Pairs {
  older: number[];
  later: number[];
  overtaken: number[];
}

function waitingPairs(evidence: Evidence, from: number, to: number): Pairs {
  const { log, caseOf, activityNames } = evidence;
  const begin = log.start ?? log.time;
  const pairs: Pairs = { older: [], later: [], overtaken: [] };
  activityNames.forEach((_, a) => {
    const rows = evidence
      .rowsOf(a)
      .filter((e) => e > log.caseStart[caseOf[e]] && begin[e] >= from && begin[e] < to);
    const ready = (e: number) => log.time[e - 1];
    const byReady = Array.from(rows).sort((e, f) => ready(e) - ready(f) || e - f);
    for (let i = Math.max(0, byReady.length - EXECUTIONS); i < byReady.length; i++) {
      const e = byReady[i];
      // those that came before it and still waited when it was taken up, and those that were taken up before
      // it
      let seen = 0;
      for (let j = i - 1; j >= 0 && seen < WAITING && i - j <= 4 * WAITING; j--) {
        const f = byReady[j];
        if (begin[f] <= ready(e) || begin[f] === begin[e] || caseOf[f] === caseOf[e]) continue;
        seen++;
        pairs.older.push(caseOf[f]);
        pairs.later.push(caseOf[e]);
        pairs.overtaken.push(begin[e] < begin[f] ? 1 : 0);
      }
    }
  });
  return pairs;
}

function judge(
  evidence: Evidence,
  column: NameColumn,
  { older, later, overtaken }: Pairs,
): Priority | undefined {
  const value = evidence.valueOfCases(column);
  const n = column.values.length;
  const passed = new Float64Array(n * n);
  const total = new Float64Array(n * n);
  for (let i = 0; i < older.length; i++) {
    const at = value[later[i]] * n + value[older[i]];
    total[at]++;
    passed[at] += overtaken[i];
  }
  // how often a value goes before another whatever the order in which they came
  const wins = (v: number) => {
    let [won, all] = [0, 0];
    for (let w = 0; w < n; w++) {
      if (w === v) continue;
      won += passed[v * n + w] + total[w * n + v] - passed[w * n + v];
      all += total[v * n + w] + total[w * n + v];
    }
    return all === 0 ? 0 : won / all;
  };
  const order = Array.from({ length: n }, (_, v) => v).sort((v, w) => wins(w) - wins(v) || v - w);
  let [ahead, aheadOf, usual, usualOf] = [0, 0, 0, 0];
  order.forEach((v, i) => {
    usual += passed[v * n + v];
    usualOf += total[v * n + v];
    for (const w of order.slice(i + 1)) {
      ahead += passed[v * n + w];
      aheadOf += total[v * n + w];
    }
  });
  if (aheadOf < LEAST_PAIRS || usualOf === 0) return undefined;
  const found = { ahead: ahead / aheadOf, usual: usual / usualOf };
  if (found.ahead < AHEAD || found.ahead - found.usual < MORE_THAN_USUAL) return undefined;
  const rankOf = new Uint8Array(n);
  order.forEach((v, i) => (rankOf[v] = i));
  const seen = order.filter((v) => v > 0 && [...value].includes(v));
  return {
    column: column.name,
    values: seen.map((v) => nameAt(column.values, v)),
    ...found,
    rank: Uint8Array.from(value, (v) => rankOf[v]),
  };
}
