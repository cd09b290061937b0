import { recordColumn, textOf, type RecordTable } from "../eventlog/record-table.ts";
import type { Evidence } from "./evidence.ts";

/**
 * Which cases lack their beginning? 1 for cases that had begun before the log did: they lie in its first
 * tenth and do not begin with a step with which described (else: usual) cases begin. What they lack may have
 * happened before. One pass over the cases.
 */
export function casesBegunBefore(evidence: Evidence): Uint8Array {
  const { caseCount, caseStart, activity, time } = evidence.log;
  const { starts } = evidence.activityCounts;
  const edge = evidence.range.from + (evidence.range.to - evidence.range.from) * 0.1;
  return Uint8Array.from({ length: caseCount }, (_, c) => {
    const e = caseStart[c];
    return time[e] < edge && starts[activity[e]] < caseCount * 0.02 ? 1 : 0;
  });
}

/**
 * 1 for cases that have come to their end: their last activity is a final one, or one that ends most cases
 * was done before, or a refusal was among their last three events. One pass.
 */
export function closedCases(evidence: Evidence): Uint8Array {
  const { caseCount, caseStart, activity, open } = evidence.log;
  const { isFinal, endShare } = evidence; // work that has begun and not ended ends no case
  const { caseEnd, refuses } = evidence;
  return Uint8Array.from({ length: caseCount }, (_, c) => {
    const end = caseStart[c + 1];
    if (caseEnd && !Number.isNaN(caseEnd.times[c])) return 1;
    if (isFinal[activity[end - 1]] && !open?.[end - 1]) return 1;
    // A refusal, with at most two events of tidying up behind it, is an end too.
    for (let e = Math.max(caseStart[c], end - 3); e < end; e++)
      if (refuses[activity[e]] && !open?.[e]) return 1;
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++)
      if (endShare[activity[e]] >= 0.6 && !open?.[e]) return 1;
    return 0;
  });
}

/** Cases that rows of a record table belong to, by its case_id; [] where it has none. */
export function casesOfRecords(evidence: Evidence, table: RecordTable, rows: Iterable<number>): Uint32Array {
  const column = recordColumn(table, "case_id");
  if (!column) return new Uint32Array(0);
  const cases = new Set<number>();
  for (const r of rows) {
    const c = evidence.caseNumbers.get(textOf(column, r));
    if (c !== undefined) cases.add(c);
  }
  return Uint32Array.from(cases).sort();
}
