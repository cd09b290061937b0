import { createHash } from "node:crypto";
import type { Described } from "../detectors/described.ts";
import type { Evidence } from "../detectors/evidence.ts";
import { checkDeadline, deadlineRules } from "../detectors/deadline-missed.ts";
import { checkOrder, orderRules } from "../detectors/order-rules.ts";
import { aboveLimit } from "../detectors/over-limit.ts";
import { standingsOf } from "../detectors/role-mismatch.ts";
import { bothByOne, separatePairs } from "../detectors/segregation-of-duties.ts";
import { ruleInWords } from "../description/compare-descriptions.ts";
import { stepsOfRule } from "../description/description.ts";
import { parseDuration, describeDuration } from "../description/duration.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { isMissing } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { plain } from "../detectors/described.ts";
import { clusteredShare } from "../statistics/clustered.ts";
import { clopperPearson, wilson, type Interval } from "../statistics/intervals.ts";
import type { Finding } from "./finding.ts";

export type ClaimVerdict = "confirmed" | "contradicted" | "not enough evidence" | "not testable here";

/** A statement about the process, who made it, the check that tests it and what came of it. */
export interface Claim {
  /** a hash of source and statement, the same from audit to audit */
  id: string;
  statement: string;
  /** "description, version 3", "one answer to question 8", "evidence (rework)", "requirements.md, line 12" */
  saidBy: string;
  source: "description" | "answer" | "finding" | "requirement";
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
  /** the check in words, with its threshold */
  check: string;
  threshold: number | null;
  /** what is missing to test it */
  needs: string[];
  /** of the evidence */
  period: { from: string; to: string } | null;
  /** when it held last, and since when it mostly does not, where it once did */
  lastTrue: string | null;
  stoppedAt: string | null;
  /** cases that speak against it */
  caseIds: string[];
}

/** What came of a check in each unit that it is about. */
export interface Outcomes {
  /** case of each unit; null where units belong to no case (records, statements, changes) */
  cases: readonly number[] | null;
  /** 1 where it holds */
  held: readonly number[];
  /** what is counted (default cases) */
  unit?: string;
}

interface Statement {
  statement: string;
  saidBy: string;
  source: Claim["source"];
  subject?: string;
  check: string;
}

/** A rule without exception is confirmed only when less than this share of exceptions could still be there. */
const TOLERANCE = 0.05;

export const claimId = (source: string, statement: string): string =>
  createHash("sha256").update(`${source}\u0000${statement}`).digest("hex").slice(0, 10);

/**
 * The claim with its verdict: `confirmed` when the whole 95 % interval of the share that holds lies at or above the threshold, `contradicted` when it lies below, else not enough evidence. Without a threshold the
 * rule allows no exception: one is enough to contradict it, and none confirms it from 59 cases on (upper bound of exceptions under 5 %, one-sided).
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
    ...(cases && history(log, cases, held, threshold ?? 1)),
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
export function untestable(evidence: Evidence, said: Statement, needs: string[]): Claim {
  return { ...base(evidence, said), verdict: "not testable here", needs };
}

function base({ range, log }: Evidence, { statement, saidBy, source, subject, check }: Statement): Claim {
  const iso = (ms: number) => (Math.abs(ms) > 8.64e15 ? "" : new Date(ms).toISOString());
  return {
    id: claimId(source, statement),
    statement,
    saidBy,
    source,
    subject: subject ?? null,
    verdict: "not enough evidence",
    n: 0,
    unit: "cases",
    against: 0,
    estimate: null,
    interval: null,
    check,
    threshold: null,
    needs: [],
    period: log.eventCount > 0 ? { from: iso(range.from), to: iso(range.to) } : null,
    lastTrue: null,
    stoppedAt: null,
    caseIds: [],
  };
}

/**
 * When a claim held last, and since when it does not where it once did: the begin of the months at the end of the log in which less than the threshold held, after a month in
 * which it was reached. Months with fewer than five cases say nothing.
 */
function history(
  { time, caseStart }: EventLog,
  cases: readonly number[],
  held: readonly number[],
  threshold: number,
): { lastTrue: string | null; stoppedAt: string | null } {
  let last = -Infinity;
  const months = new Map<number, { n: number; kept: number }>();
  cases.forEach((c, i) => {
    const at = time[caseStart[c]];
    if (Math.abs(at) > 8.64e15) return;
    if (held[i]) last = Math.max(last, at);
    const date = new Date(at);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    const entry = months.get(month) ?? months.set(month, { n: 0, kept: 0 }).get(month)!;
    entry.n++;
    entry.kept += held[i];
  });
  const ordered = [...months].filter(([, { n }]) => n >= 5).sort((a, b) => a[0] - b[0]);
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

/**
 * Everything that a description says, as claims held against the log: that its steps are done, by whom, in which order, with which fields filled and how soon; each of its
 * rules. In the order of the description.
 */
export function claimsOfDescription(evidence: Evidence): Claim[] {
  const described = evidence.described;
  if (!described) return [];
  const { description } = described;
  const version = description.version === undefined ? "" : `, version ${description.version}`;
  const saidBy = `description${version}${description.signedOff ? `, signed off by ${description.signedOff.by}` : ""}`;
  if (described.steps.every(({ activities }) => activities.length === 0))
    return [
      untestable(
        evidence,
        {
          statement: "The log shows the described process.",
          saidBy,
          source: "description",
          check: "at least one described step is an activity of the log",
        },
        ["a mapping from activities of the log to steps of the description (mapping: …)"],
      ),
    ];
  const claims: Claim[] = [];
  described.steps.forEach((_, s) => claims.push(...claimsOfStep(evidence, described, s, saidBy)));
  claims.push(...claimsOfOrder(evidence, described, saidBy), ...claimsOfRules(evidence, described, saidBy));
  return claims;
}

function claimsOfStep(evidence: Evidence, described: Described, s: number, saidBy: string): Claim[] {
  const { log, isClosed, caseOf } = evidence;
  const { order, description } = described;
  const { name, role, needs, target, activities } = described.steps[s];
  const said = (statement: string, check: string) => ({
    statement,
    saidBy,
    source: "description" as const,
    subject: described.subjectOf(s),
    check,
  });
  const claims: Claim[] = [];
  const followers = new Set(
    described.steps.flatMap((other) => (order.requires(name, other.name) ? other.activities : [])),
  );
  const always = order.mandatory.has(name);
  const cases: number[] = [];
  const held: number[] = [];
  for (let c = 0; c < log.caseCount; c++) {
    if (evidence.beganBefore[c]) continue;
    let has = false;
    let past = isClosed[c] === 1 && (always || followers.size === 0);
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
      const own = described.stepOf[log.activity[e]] === s;
      has ||= own;
      past ||= followers.has(log.activity[e]);
    }
    if (!has && !past) continue;
    cases.push(c);
    held.push(has ? 1 : 0);
  }
  if (always || followers.size > 0)
    claims.push(
      judge(
        evidence,
        said(
          `"${name}" is done in every case that goes past it.`,
          "share of such cases that have it, at least 95 %",
        ),
        { cases, held },
        0.95,
      ),
    );
  else {
    const seen = held.includes(1);
    const claim = judge(
      evidence,
      said(`"${name}" happens.`, "seen at all; never in 59 cases or more speaks against it"),
      { cases, held },
      0,
    );
    claims.push({
      ...claim,
      threshold: null,
      caseIds: [],
      verdict: seen ? "confirmed" : cases.length >= 59 ? "contradicted" : "not enough evidence",
    });
  }
  if (role !== undefined && activities.length > 0) {
    const statement = said(
      `"${name}" is done by ${role}.`,
      "share of its cases in which only the role or a deputy did it, at least 90 %",
    );
    const { entitled, others: outside, outsideChain } = standingsOf(evidence)[s];
    const others = [...outside, ...outsideChain];
    const holders = description.roles?.[role];
    if (entitled.length + others.length === 0)
      claims.push(
        untestable(evidence, statement, [
          log.person || log.role ? `who holds the role "${role}"` : "a person or role column",
        ]),
      );
    else if (holders?.includes("*") !== true) {
      const wrong = new Set(others.map((e) => caseOf[e]));
      const all = [...new Set([...entitled, ...others].map((e) => caseOf[e]))].sort((a, b) => a - b);
      claims.push(
        judge(evidence, statement, { cases: all, held: all.map((c) => (wrong.has(c) ? 0 : 1)) }, 0.9),
      );
    }
  }
  for (const column of needs) {
    const found = log.columns.find((c) => plain(c.name) === plain(column));
    const statement = said(
      `"${column}" is filled when "${name}" is done.`,
      "share of its executions with a value, at least 95 %",
    );
    if (!found) claims.push(untestable(evidence, statement, [`a column "${column}"`]));
    else {
      const rows = activities.flatMap((a) => Array.from(evidence.rowsOf(a)));
      const filled = new Map<number, number>();
      for (const e of rows) {
        const has = isMissing(found, found.scope === "case" ? caseOf[e] : e) ? 0 : 1;
        filled.set(caseOf[e], Math.min(filled.get(caseOf[e]) ?? 1, has));
      }
      const ordered = [...filled].sort((a, b) => a[0] - b[0]);
      claims.push(
        judge(evidence, statement, { cases: ordered.map(([c]) => c), held: ordered.map(([, f]) => f) }, 0.95),
      );
    }
  }
  if (target !== undefined) {
    const span = parseDuration(target)!;
    const limit = "ms" in span ? span.ms : span.workingDays * evidence.calendar.hoursPerDay * 3_600_000;
    const took = new Map<number, number>();
    for (const a of activities)
      for (const e of evidence.rowsOf(a)) {
        if (e === log.caseStart[caseOf[e]]) continue;
        const ms =
          "ms" in span
            ? log.time[e] - log.time[e - 1]
            : evidence.calendar.workingMs(log.time[e - 1], log.time[e]);
        took.set(caseOf[e], Math.min(took.get(caseOf[e]) ?? 1, ms <= limit ? 1 : 0));
      }
    const ordered = [...took].sort((a, b) => a[0] - b[0]);
    claims.push(
      judge(
        evidence,
        said(
          `"${name}" is done within ${describeDuration(target)}.`,
          "share of its cases done that soon after the step before, at least 90 %",
        ),
        { cases: ordered.map(([c]) => c), held: ordered.map(([, f]) => f) },
        0.9,
      ),
    );
  }
  return claims;
}

/** For each pair of steps that directly follow one another in the flow: that they come in this order. */
function claimsOfOrder(evidence: Evidence, described: Described, saidBy: string): Claim[] {
  const { log } = evidence;
  const { order, steps } = described;
  const ordered = steps.filter(({ activities }) => activities.length > 0);
  const claims: Claim[] = [];
  for (const a of ordered) {
    for (const b of ordered) {
      if (!order.precedes(a.name, b.name)) continue;
      const between = ordered.some(
        (m) =>
          order.precedes(a.name, m.name) &&
          order.precedes(m.name, b.name) &&
          (order.requires(m.name, b.name) || order.requires(a.name, m.name)),
      );
      if (between) continue;
      const [isA, isB] = [new Set(a.activities), new Set(b.activities)];
      const cases: number[] = [];
      const held: number[] = [];
      for (let c = 0; c < log.caseCount; c++) {
        let first = -1;
        let second = -1;
        for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
          if (first < 0 && isA.has(log.activity[e])) first = e;
          if (second < 0 && isB.has(log.activity[e])) second = e;
        }
        if (first < 0 || second < 0) continue;
        cases.push(c);
        held.push(first < second || log.time[first] === log.time[second] ? 1 : 0);
      }
      claims.push(
        judge(
          evidence,
          {
            statement: `"${a.name}" comes before "${b.name}".`,
            saidBy,
            source: "description",
            subject: b.name,
            check:
              "share of the cases with both in which the first of each comes in this order, at least 95 %",
          },
          { cases, held },
          0.95,
        ),
      );
    }
  }
  return claims;
}

function claimsOfRules(evidence: Evidence, described: Described, saidBy: string): Claim[] {
  const { log, caseOf } = evidence;
  const said = (statement: string, subject: string | undefined, check = "no exception") => ({
    statement,
    saidBy,
    source: "description" as const,
    subject,
    check,
  });
  const claims: Claim[] = [];
  const casesOf = (rows: Iterable<number>) => new Set(Array.from(rows, (e) => caseOf[e]));
  const rules = described.description.rules ?? [];
  for (const rule of orderRules(evidence).filter(({ explicit }) => explicit)) {
    const { cases, bypassed, late } = checkOrder(evidence, rule);
    const wrong = casesOf([...bypassed, ...late]);
    claims.push(
      counted(evidence, said(`Always ${rule.words}.`, described.steps[rule.step].name), wrong, cases),
    );
  }
  for (const rule of rules) {
    if (!("before" in rule)) continue;
    const missing = described.missingColumns(rule.when);
    if (missing.length > 0)
      claims.push(
        untestable(
          evidence,
          said(`Always "${[rule.must].flat().join('" or "')}" before "${rule.before}".`, rule.before),
          missing.map((name) => `a column "${name}"`),
        ),
      );
  }
  const known = new Set([...described.steps.map(({ name }) => name), ...evidence.activityNames].map(plain));
  for (const rule of rules) {
    const isKnown = (step: string) => known.has(plain(step));
    // of alternatives one is enough
    const alternatives = "must" in rule ? [rule.must].flat() : [];
    const unknown = [...new Set(stepsOfRule(rule).map(([, step]) => step))].filter(
      (step) => !isKnown(step) && !(alternatives.includes(step) && alternatives.some(isKnown)),
    );
    if (unknown.length > 0)
      claims.push(
        untestable(
          evidence,
          said(`${ruleInWords(rule)}.`, undefined),
          unknown.map((step) => `a step or activity called "${step}"`),
        ),
      );
  }
  for (const ofRequests of [true, false]) {
    for (const pair of separatePairs(evidence, ofRequests)) {
      const statement = said(
        `Nobody does both "${pair.first}" and "${pair.second}" of one case.`,
        pair.second,
      );
      if (!log.person || !evidence.hasIndividuals)
        claims.push(untestable(evidence, statement, ["a person column that tells individuals apart"]));
      else {
        const { rows, outOf } = bothByOne(evidence, pair);
        claims.push(counted(evidence, statement, casesOf(rows), outOf));
      }
    }
  }
  for (const step of new Set(rules.flatMap((rule) => ("limit" in rule ? [rule.limit] : [])))) {
    const statement = said(`Nobody does "${step}" above their limit.`, step);
    const own = rules.find((rule) => "limit" in rule && rule.limit === step)!;
    const column = ("amount" in own ? own.amount : undefined) ?? "amount";
    if (!described.valueAt(column)) claims.push(untestable(evidence, statement, [`a column "${column}"`]));
    else {
      const { over, cases } = aboveLimit(evidence, step);
      claims.push(counted(evidence, statement, casesOf(over.map(([e]) => e)), cases.size));
    }
  }
  for (const rule of deadlineRules(evidence)) {
    const { observation, outOf, words } = checkDeadline(evidence, rule);
    const statement = said(`${words}.`, rule.deadline, "share in time, at least 95 %");
    if (rule.by !== undefined && !described.valueAt(rule.by))
      claims.push(untestable(evidence, statement, [`a column "${rule.by}"`]));
    else claims.push(counted(evidence, statement, new Set(observation?.cases ?? []), outOf, 0.95));
  }
  return claims;
}

/** A claim of which only the cases against it and their number are known. */
function counted(
  evidence: Evidence,
  said: Statement,
  wrong: ReadonlySet<number>,
  outOf: number,
  threshold: number | null = null,
): Claim {
  const cases = [...wrong].sort((a, b) => a - b);
  const n = Math.max(outOf, cases.length);
  const held = Array.from({ length: n }, (_, i) => (i < cases.length ? 0 : 1));
  return {
    ...judge(evidence, said, { cases: null, held }, threshold),
    caseIds: cases.map((c) => nameAt(evidence.log.caseIds, c)),
  };
}

/** What detectors saw, as claims that the evidence itself makes. */
export function claimsOfFindings(evidence: Evidence, findings: readonly Finding[]): Claim[] {
  return findings.map((finding) => ({
    ...base(evidence, {
      statement: finding.statement,
      saidBy: `evidence (${finding.detector})`,
      source: "finding",
      subject: finding.subject,
      check: finding.title,
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
