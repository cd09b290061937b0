import type { Claim, Outcomes } from "../audit/claims.ts";
import type { ProcessQuestion, StepQuestion } from "../audit/says.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { distinctNeeds, type Need } from "../evidence/need.ts";
import { formatCount } from "../figures.ts";
import { differenceOf, pooledDistances } from "./person-effect.ts";
import { judgeMeasured, LENSES, type Lens, type StepMeasures } from "./step-claims.ts";
import { asBefore, nextOf, type Estimated, type Measured } from "./step-measures.ts";

/** One thing that is asked of the process as a whole. */
export interface ProcessClaim extends Claim {
  key: ProcessQuestion;
  lens: Lens;
  detail: string | null;
}

/** The process as a whole through the four lenses. */
export interface ProcessReadiness {
  /** confirmed where a claim is and none is contradicted; never by what people say */
  lenses: { lens: Lens; state: "confirmed" | "contradicted" | "open" }[];
  claims: ProcessClaim[];
}

interface ProcessCheck {
  key: ProcessQuestion;
  lens: Lens;
  threshold: number;
  measure(evidence: Evidence, steps: readonly StepMeasures[]): Measured;
}

const WEEK = 604_800_000;
const MONTH_WEEKS = 365.25 / 12 / 7;
const USUAL_WAYS = 5;

/**
 * Each check of each lens, in the order in which they are shown. What steps are asked as well is pooled over
 * all executions.
 */
const CHECKS: readonly ProcessCheck[] = [
  {
    key: "filled",
    lens: "data",
    threshold: 0.95,
    measure: pooled("filled"),
  },
  {
    key: "in-time",
    lens: "data",
    threshold: 0.9,
    measure: pooled("in-time"),
  },
  {
    key: "told",
    lens: "consistency",
    threshold: 0.8,
    measure: pooled("told"),
  },
  {
    key: "whoever",
    lens: "consistency",
    threshold: 0.8,
    measure: isIndependentOfPerson,
  },
  {
    key: "described",
    lens: "consistency",
    threshold: 0.95,
    measure: pooled("described", [{ kind: "description" }]),
  },
  {
    key: "ways",
    lens: "consistency",
    threshold: 0.8,
    measure: usualWays,
  },
  {
    key: "steady",
    lens: "consistency",
    threshold: 0.8,
    measure: (evidence) => {
      const kinds = evidence.activityNames.length + 1;
      return asBefore(
        evidence,
        evidence.byTime,
        (e) => evidence.log.activity[e] * kinds + nextOf(evidence, e) + 1,
      );
    },
  },
  {
    key: "right-today",
    lens: "error tolerance",
    threshold: 0.9,
    measure: pooled("right-today"),
  },
  {
    key: "caught",
    lens: "error tolerance",
    threshold: 0.9,
    measure: pooled("caught"),
  },
  {
    key: "within-limits",
    lens: "error tolerance",
    threshold: 0.98,
    measure: pooled("within-limits", [{ kind: "approvals or decisions" }]),
  },
  {
    key: "enough",
    lens: "business impact",
    threshold: 0.5,
    measure: hasVolume,
  },
  {
    key: "takes-time",
    lens: "business impact",
    threshold: 0.5,
    measure: (evidence, steps) => {
      const measured = pooled("takes-time")(evidence, steps);
      return "needs" in measured
        ? { needs: [{ kind: "handling time", step: null, fromCases: false }] }
        : { ...measured, detail: hoursAMonth(evidence) };
    },
  },
];

/** The process as a whole, from what was measured on each of its steps. One pass over the events besides. */
export function processReadiness(evidence: Evidence, steps: readonly StepMeasures[]): ProcessReadiness {
  const claims = CHECKS.map(({ key, lens, threshold, measure }): ProcessClaim => {
    const measured = measure(evidence, steps);
    return {
      ...judgeMeasured(
        evidence,
        {
          says: { kind: "asked of process", asks: key },
          saidBy: { kind: "readiness" },
          source: "readiness",
          subject: "whole process",
        },
        measured,
        threshold,
      ),
      key,
      lens,
      detail: ("detail" in measured && measured.detail) || null,
    };
  });
  return {
    lenses: LENSES.map((lens) => {
      const own = claims.filter((claim) => claim.lens === lens);
      const has = (verdict: Claim["verdict"]) => own.some((claim) => claim.verdict === verdict);
      return { lens, state: has("contradicted") ? "contradicted" : has("confirmed") ? "confirmed" : "open" };
    }),
    claims,
  };
}

/** Outcomes of all steps of which it was asked, together; what is missing where none has any. */
function pooled(key: StepQuestion, nothing: Need[] = []) {
  return (_: Evidence, steps: readonly StepMeasures[]): Outcomes | { needs: Need[] } => {
    const all = steps
      .flatMap((measures) => measures.filter(({ check }) => check.key === key))
      .map(({ measured }) => measured);
    const cases: number[] = [];
    const held: number[] = [];
    let unit = "executions";
    for (const one of all) {
      if (!("held" in one) || !one.cases) continue;
      for (const c of one.cases) cases.push(c);
      for (const value of one.held) held.push(value);
      unit = one.unit ?? "cases";
    }
    if (held.length > 0) return { cases, held, unit: unit === "cases" ? "steps of cases" : unit };
    const needs = distinctNeeds(all.flatMap((one) => ("needs" in one ? one.needs : [])));
    if (needs.length > 0) return { needs };
    return all.length === 0 && nothing.length > 0 ? { needs: nothing } : { cases, held };
  };
}

/**
 * The same people work in several steps, so that what errs in one errs in others: their distances are pooled
 * before the root is taken.
 */
function isIndependentOfPerson(_: Evidence, steps: readonly StepMeasures[]): Estimated | { needs: Need[] } {
  const all = steps.flatMap((measures) => measures.filter(({ check }) => check.key === "whoever"));
  const compared = all.flatMap(({ measured }) =>
    "distances" in measured && measured.distances ? [measured.distances] : [],
  );
  const pooled = pooledDistances(compared);
  if (!pooled) {
    const needs = distinctNeeds(all.flatMap(({ measured }) => ("needs" in measured ? measured.needs : [])));
    return needs.length > 0 ? { needs } : { n: 0, unit: "executions", estimate: null, interval: null };
  }
  const { difference, interval } = differenceOf(pooled);
  return {
    n: pooled.n,
    unit: "executions",
    estimate: 1 - difference,
    interval: [1 - interval[1], 1 - interval[0]],
    detail: `people can be compared in ${formatCount(compared.length)} of ${formatCount(steps.length)} steps`,
  };
}

/**
 * Holds for ended cases on one of the five most frequent ways; says how many ways there are and their
 * entropy.
 */
function usualWays({ log, isClosed, variants }: Evidence): Outcomes & { detail?: string } {
  const counts = new Map<number, number>();
  const cases: number[] = [];
  for (let c = 0; c < log.caseCount; c++) {
    if (isClosed[c] !== 1) continue;
    cases.push(c);
    counts.set(variants.variantOf[c], (counts.get(variants.variantOf[c]) ?? 0) + 1);
  }
  const usual = new Set(
    [...counts]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, USUAL_WAYS)
      .map(([v]) => v),
  );
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / cases.length) * Math.log2(count / cases.length);
  return {
    cases,
    held: cases.map((c) => (usual.has(variants.variantOf[c]) ? 1 : 0)),
    detail:
      cases.length === 0
        ? undefined
        : `${formatCount(counts.size)} ways; their entropy is ${Math.abs(entropy).toFixed(1)} bits, as of ${formatCount(Math.round(2 ** entropy))} equally frequent ones`,
  };
}

function hasVolume({ log, range }: Evidence): Outcomes {
  const begin = log.start ?? log.time;
  const weeks = Math.floor((range.to - range.from) / WEEK);
  if (weeks < 4) return { cases: [], held: [] };
  const counts = new Float64Array(weeks);
  for (let c = 0; c < log.caseCount; c++) {
    const at = Math.floor((begin[log.caseStart[c]] - range.from) / WEEK);
    if (at < weeks) counts[at]++;
  }
  return { cases: null, held: Array.from(counts, (count) => (count >= 5 ? 1 : 0)), unit: "weeks" };
}

/** What people's work in the process amounts to, as far as it is known how long steps take. */
function hoursAMonth(evidence: Evidence): string | undefined {
  const { log, isAutomatic, activityNames, range } = evidence;
  const weeks = (range.to - range.from) / WEEK;
  if (weeks < 1) return undefined;
  let hours = 0;
  let known = 0;
  activityNames.forEach((_, a) => {
    const handling = evidence.handling(a);
    if (!handling) return;
    known++;
    for (const e of evidence.rowsOf(a))
      if (!log.person || isAutomatic[log.person[e]] !== 1) hours += handling.hours;
  });
  return known === 0
    ? undefined
    : `about ${formatCount(Math.round((hours / weeks) * MONTH_WEEKS))} hours of people's work a month, of the ${formatCount(known)} activities whose time is known`;
}
