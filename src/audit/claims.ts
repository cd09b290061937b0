import { createHash } from "node:crypto";
import type { Evidence } from "../evidence/evidence.ts";
import type { Need } from "../evidence/need.ts";
import { nameAt } from "../eventlog/strings.ts";
import { clusteredShare } from "../statistics/clustered.ts";
import { clopperPearson, wilson, type Interval } from "../statistics/intervals.ts";
import type { Finding } from "./finding.ts";
import { identityOf, keyOf, type SaidBy, type Says } from "./says.ts";

export type ClaimVerdict = "confirmed" | "contradicted" | "not enough evidence" | "not testable here";

/**
 * Something that is said about the process, who says it, and what came of the check that tests it. Words
 * stand in src/wording/.
 */
export interface Claim {
  /** a hash of source and key, the same from audit to audit */
  id: string;
  /** by what it is told from others of its source: "step-done/Approve purchase", "order/A/B", "question/4" */
  key: string;
  says: Says;
  saidBy: SaidBy;
  source: "description" | "answer" | "finding" | "requirement" | "readiness";
  /** the step, column or table that it is about */
  subject: string | null;
  verdict: ClaimVerdict;
  /** units that put it to the test, and those that speak against it */
  n: number;
  /** what they are: cases, executions, records */
  unit: string;
  against: number;
  /** share of the units for which it holds, with its 95 % interval */
  estimate: number | null;
  interval: Interval | null;
  /** the least share that must hold; null where no exception is allowed */
  threshold: number | null;
  /** what is missing to test it */
  needs: Need[];
  /** of the evidence */
  period: { from: string; to: string } | null;
  /** when it held last, and since when it mostly does not, where it once did */
  lastTrue: string | null;
  stoppedAt: string | null;
  /** cases that speak against it */
  caseIds: string[];
}

/** A claim as it is shown: the cases against it are kept by themselves, and it says whether there are any. */
export type WithoutCases<C extends { caseIds: readonly string[] }> = Omit<C, "caseIds"> & { opens: boolean };

/** Claims without the cases against them. */
export const withoutCases = <C extends { caseIds: readonly string[] }>(
  claims: readonly C[],
): WithoutCases<C>[] => claims.map(({ caseIds, ...claim }) => ({ ...claim, opens: caseIds.length > 0 }));

/** What came of a check in each unit that it is about. */
export interface Outcomes {
  /** case of each unit; null where units belong to no case (records, statements, changes) */
  cases: readonly number[] | null;
  /** 1 where it holds */
  held: readonly number[];
  /** what is counted (default cases) */
  unit?: string;
}

/** What is said, before it is held against anything. */
export interface Statement {
  says: Says;
  saidBy: SaidBy;
  source: Claim["source"];
  subject?: string;
}

/**
 * A rule without exception is confirmed only when less than this share of exceptions could still be there.
 */
const TOLERANCE = 0.05;

/** The id of what is said: the same wherever, whenever and in whatever words. */
export const claimId = (source: Claim["source"], says: Says): string =>
  createHash("sha256")
    .update(`${source}\u0000${identityOf(says)}`)
    .digest("hex")
    .slice(0, 10);

/**
 * The claim with its verdict: `confirmed` when the whole 95 % interval of the share that holds lies at or
 * above the threshold, `contradicted` when it lies below, else not enough evidence. Without a threshold the
 * rule allows no exception: one is enough to contradict it, and none confirms it from 59 cases on (upper
 * bound of exceptions under 5 %, one-sided).
 */
export function judge(
  evidence: Evidence,
  said: Statement,
  { cases, held, unit = "cases" }: Outcomes,
  threshold: number | null,
): Claim {
  const { log, range } = evidence;
  const n = held.length;
  const kept = held.reduce((sum, value) => sum + value, 0);
  const against = n - kept;
  const week = (c: number) => Math.floor((log.time[log.caseStart[c]] - range.from) / 604_800_000);
  const weeks = Math.max(1, Math.floor((range.to - range.from) / 604_800_000) + 1);
  const exact = clopperPearson(kept, n);
  const interval =
    n === 0
      ? null
      : cases === null || threshold === null || against === 0 || kept === 0
        ? (exact ?? null)
        : (clusteredShare(held, [{ of: cases.map(week), count: weeks }]) ?? null);
  const verdict = verdictOf(against, n, interval, threshold);
  return {
    ...base(evidence, said),
    verdict,
    n,
    unit,
    against,
    estimate: n === 0 ? null : kept / n,
    interval,
    threshold,
    ...(cases && history(evidence, cases, held, threshold ?? 1)),
    caseIds: [...new Set(cases?.filter((_, i) => !held[i]))].map((c) => nameAt(log.caseIds, c)),
  };
}

function verdictOf(
  against: number,
  n: number,
  interval: Interval | null,
  threshold: number | null,
): ClaimVerdict {
  if (n === 0 || interval === null) return "not enough evidence";
  if (threshold !== null)
    return interval[0] >= threshold
      ? "confirmed"
      : interval[1] < threshold
        ? "contradicted"
        : "not enough evidence";
  if (against > 0) return "contradicted";
  return 1 - TOLERANCE ** (1 / n) < TOLERANCE ? "confirmed" : "not enough evidence";
}

/** A claim that this evidence cannot test, with what is missing. */
export function untestable(evidence: Evidence, said: Statement, needs: Need[]): Claim {
  return { ...base(evidence, said), verdict: "not testable here", needs };
}

function base({ range, log }: Evidence, { says, saidBy, source, subject }: Statement): Claim {
  const iso = (ms: number) => (Math.abs(ms) > 8.64e15 ? "" : new Date(ms).toISOString());
  return {
    id: claimId(source, says),
    key: keyOf(says),
    says,
    saidBy,
    source,
    subject: subject ?? null,
    verdict: "not enough evidence",
    n: 0,
    unit: "cases",
    against: 0,
    estimate: null,
    interval: null,
    threshold: null,
    needs: [],
    period: log.eventCount > 0 ? { from: iso(range.from), to: iso(range.to) } : null,
    lastTrue: null,
    stoppedAt: null,
    caseIds: [],
  };
}

/**
 * When a claim held last, and since when it does not where it once did: the begin of the months at the end of
 * the log in which less than the threshold held, after a month in which it was reached. Months with fewer
 * than five cases say nothing.
 */
function history(
  evidence: Evidence,
  cases: readonly number[],
  held: readonly number[],
  threshold: number,
): { lastTrue: string | null; stoppedAt: string | null } {
  const { time, caseStart } = evidence.log;
  const monthOf = monthOfCases(evidence);
  let last = -Infinity;
  let [first, end] = [Infinity, 0];
  for (const c of cases) {
    if (monthOf[c] < first && monthOf[c] > 0) first = monthOf[c];
    if (monthOf[c] > end) end = monthOf[c];
  }
  const n = new Float64Array(Math.max(0, end - first + 1));
  const kept = new Float64Array(n.length);
  for (let i = 0; i < cases.length; i++) {
    const month = monthOf[cases[i]] - first;
    if (month < 0) continue;
    n[month]++;
    if (held[i] === 0) continue;
    kept[month] += held[i];
    last = Math.max(last, time[caseStart[cases[i]]]);
  }
  const ordered = Array.from(n.keys())
    .filter((month) => n[month] >= 5)
    .map((month): [number, { n: number; kept: number }] => [
      first + month,
      { n: n[month], kept: kept[month] },
    ]);
  // reached as far as a month of this size can tell
  const isGood = ({ n, kept }: { n: number; kept: number }) => (wilson(kept, n)?.[1] ?? 0) >= threshold;
  let from = ordered.length;
  while (from > 0 && !isGood(ordered[from - 1][1])) from--;
  const stopped = from > 0 && from < ordered.length ? ordered[from][0] : undefined;
  return {
    lastTrue: last === -Infinity ? null : new Date(last).toISOString(),
    stoppedAt:
      stopped === undefined
        ? null
        : new Date(Date.UTC(Math.floor(stopped / 12), stopped % 12, 1)).toISOString(),
  };
}

/** The month in which each case began, in months since the year 0; 0 where no calendar has it. */
const monthOfCases = (evidence: Evidence): Int32Array =>
  evidence.once("claims/month", () => {
    const { caseCount, caseStart, time } = evidence.log;
    return Int32Array.from({ length: caseCount }, (_, c) => {
      const date = new Date(time[caseStart[c]]);
      return Number.isNaN(date.getTime()) ? 0 : date.getUTCFullYear() * 12 + date.getUTCMonth();
    });
  });

/** What detectors saw, as claims that the evidence itself makes. */
export function claimsOfFindings(evidence: Evidence, findings: readonly Finding[]): Claim[] {
  return findings.map((finding) => ({
    ...base(evidence, {
      says: { kind: "finding", id: finding.id, title: finding.title, sentence: finding.statement },
      saidBy: { kind: "evidence", detector: finding.detector },
      source: "finding",
      subject: finding.subject,
    }),
    id: finding.id,
    verdict: finding.state === "false alarm" ? "contradicted" : "confirmed",
    n: finding.outOf,
    unit: finding.unit,
    against: finding.outOf - finding.cases,
    estimate: finding.share,
    interval: finding.interval,
    caseIds: [],
  }));
}
