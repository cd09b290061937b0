import { judge, untestable, type Claim, type ClaimVerdict, type Statement } from "../audit/claims.ts";
import type { StepQuestion } from "../audit/says.ts";
import { remedies, type Remedy } from "../audit/remedies.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { TaskKind } from "../evidence/task-kinds.ts";
import {
  decidesNothing,
  filled,
  hasVolume,
  isCheckedLater,
  isIndependentOfPerson,
  isPredictable,
  isReversible,
  kindSaid,
  rightFirstTime,
  samePlaces,
  steady,
  takesTime,
  withoutFinding,
  type Measured,
  type StepContext,
} from "./step-measures.ts";

export const LENSES = ["data", "consistency", "error tolerance", "business impact"] as const;
export type Lens = (typeof LENSES)[number];
export type Need = "required" | "wanted" | "indifferent";

/** One thing that must be so, or had better be, before a machine does a step. */
export interface LensClaim extends Claim {
  /** what is asked, the same for every step: "filled", "told", … */
  key: StepQuestion;
  lens: Lens;
  need: Need;
  /** contradicted, it says that people must do it, whatever else is mended */
  keepsPeople: boolean;
  /** what it rests on besides counts: "told by category and amount" */
  detail: string | null;
  remedy: KeyedRemedy;
  /** false where doing what the remedy says does not turn the claim: too little work stays too little */
  mends: boolean;
  /** nobody has said it, and people must: no evidence would show it */
  toSay: boolean;
  /** nothing else is judged before it is said */
  comesFirst: boolean;
  /** confirmed or contradicted because people said so, not by evidence */
  onlySaid: boolean;
}

/**
 * A remedy by a name that no rewording changes: people say of it how many days it takes. Audits of earlier
 * versions do not name it; it is that of the check then.
 */
export type KeyedRemedy = Remedy & { key?: string };

/** What is asked of each step. */
export interface Check {
  key: StepQuestion;
  lens: Lens;
  threshold: number;
  /** by kind of task; indifferent where none is named */
  required: readonly TaskKind[] | "all";
  wanted?: readonly TaskKind[] | "all";
  keepsPeople?: readonly TaskKind[] | "all";
  /** the only kinds of task of which it is asked at all */
  only?: readonly TaskKind[];
  remedy: Remedy;
  /** false where the remedy does not turn the claim */
  mends?: false;
  /** nothing else is judged while nobody has said it */
  comesFirst?: true;
  measure(context: StepContext): Measured;
}

const remedy = (text: string, effort: Remedy["effort"], decides: string): Remedy => ({
  text,
  effort,
  decides,
});

/** What has to be said of a step before anything else is judged. */
export const SAY_IT: KeyedRemedy = {
  key: "say it",
  ...remedy("Say what kind of task it is, and whether a wrong one can be undone.", "days", "process owner"),
};

/**
 * Each check of each lens, in the order in which they are shown. Thresholds are the least share that must
 * hold.
 */
export const CHECKS: readonly Check[] = [
  {
    key: "kind-said",
    lens: "consistency",
    threshold: 1,
    required: "all",
    comesFirst: true,
    remedy: SAY_IT,
    measure: kindSaid,
  },
  {
    key: "decides-nothing",
    lens: "consistency",
    threshold: 0.8,
    required: "all",
    keepsPeople: "all",
    remedy: remedy("People decide; AI may only prepare what they decide on.", "days", "process owner"),
    mends: false,
    measure: decidesNothing,
  },
  {
    key: "filled",
    lens: "data",
    threshold: 0.95,
    required: ["sort", "check", "copy", "extract", "decide"],
    wanted: "all",
    remedy:
      remedies["missing-data"] ??
      remedy("Make the field mandatory where it is first known.", "weeks", "process owner"),
    measure: filled,
  },
  {
    key: "in-time",
    lens: "data",
    threshold: 0.9,
    required: [],
    wanted: "all",
    remedy: remedies["late-logging"],
    measure: withoutFinding("late-logging"),
  },
  {
    key: "told",
    lens: "consistency",
    threshold: 0.8,
    required: "all",
    keepsPeople: "all",
    remedy: remedy(
      "Record what people look at when they decide; until then they decide.",
      "months",
      "process owner",
    ),
    measure: isPredictable,
  },
  {
    key: "whoever",
    lens: "consistency",
    threshold: 0.8,
    required: [],
    wanted: "all",
    remedy: remedy(
      "Write down how like cases are handled, and go through where people differ.",
      "weeks",
      "process owner",
    ),
    measure: isIndependentOfPerson,
  },
  {
    key: "described",
    lens: "consistency",
    threshold: 0.5,
    required: "all",
    remedy: remedies["undocumented-step"],
    measure: ({ evidence, rows, isDescribed }) => ({
      cases: Array.from(rows, (e) => evidence.caseOf[e]),
      held: Array.from(rows, () => (isDescribed ? 1 : 0)),
      unit: "executions",
    }),
  },
  {
    key: "same-way",
    lens: "consistency",
    threshold: 0.8,
    required: [],
    wanted: "all",
    remedy: remedies["variant-sprawl"],
    measure: ({ evidence, rows }) => samePlaces(evidence, rows),
  },
  {
    key: "steady",
    lens: "consistency",
    threshold: 0.8,
    required: "all",
    remedy: remedies["process-drift"],
    measure: steady,
  },
  {
    key: "right-today",
    lens: "error tolerance",
    threshold: 0.9,
    required: [],
    wanted: "all",
    remedy: remedies["rework"],
    measure: rightFirstTime,
  },
  {
    key: "caught",
    lens: "error tolerance",
    threshold: 0.9,
    required: ["copy", "extract", "sort"],
    wanted: "all",
    remedy: remedy("Put a check behind the step, at least of a sample.", "weeks", "process owner"),
    measure: isCheckedLater,
  },
  {
    key: "within-limits",
    lens: "error tolerance",
    threshold: 0.98,
    only: ["decide"],
    required: ["decide"],
    remedy: remedies["over-limit"],
    measure: withoutFinding("over-limit", "self-approval", "segregation-of-duties"),
  },
  {
    key: "undone",
    lens: "error tolerance",
    threshold: 0.9,
    required: "all",
    keepsPeople: "all",
    comesFirst: true,
    remedy: remedy(
      "Let people do it, or hold it back until a person has released it.",
      "days",
      "process owner",
    ),
    measure: isReversible,
  },
  {
    key: "enough",
    lens: "business impact",
    threshold: 0.5,
    required: "all",
    remedy: remedy("Leave it with people: there is too little of it.", "days", "process owner"),
    mends: false,
    measure: hasVolume,
  },
  {
    key: "takes-time",
    lens: "business impact",
    threshold: 0.5,
    required: [],
    wanted: "all",
    remedy: remedy("Look elsewhere for time to win.", "days", "process owner"),
    mends: false,
    measure: takesTime,
  },
];

/** What each check measured on a step. */
export type StepMeasures = { check: Check; measured: Measured }[];

/** Asks every check of a step. One pass over its executions for each check. */
export function measureStep(context: StepContext): StepMeasures {
  const { evidence, kind } = context;
  // without any description nobody can say that a step is missing in it
  return CHECKS.filter(
    ({ key, only }) =>
      (key !== "described" || evidence.described !== undefined) && (!only || only.includes(kind)),
  ).map((check) => ({ check, measured: check.measure(context) }));
}

/** The claims of one step in all lenses, with their verdicts. */
export const claimsOfStep = (
  { evidence, name, kind, decides }: Pick<StepContext, "evidence" | "name" | "kind" | "decides">,
  measures: StepMeasures,
): LensClaim[] =>
  measures.map(({ check, measured }) => ({
    ...judgeMeasured(
      evidence,
      {
        says: { kind: "asked of step", asks: check.key, step: name },
        saidBy: { kind: "readiness" },
        source: "readiness",
        subject: name,
      },
      measured,
      check.threshold,
    ),
    key: check.key,
    lens: check.lens,
    // that people keep a decision needs no further word
    need:
      toSay(measured) && decides
        ? "indifferent"
        : isAmong(check.required, kind)
          ? "required"
          : isAmong(check.wanted ?? [], kind)
            ? "wanted"
            : "indifferent",
    keepsPeople: isAmong(check.keepsPeople ?? [], kind),
    detail: ("detail" in measured && measured.detail) || null,
    remedy: toSay(measured) ? SAY_IT : { key: check.key, ...check.remedy },
    mends: toSay(measured) ? !("doubtful" in measured && measured.doubtful) : (check.mends ?? true),
    toSay: toSay(measured),
    comesFirst: toSay(measured) && (check.comesFirst ?? false) && !decides,
    onlySaid: "isSo" in measured,
  }));

const toSay = (measured: Measured): boolean => "toSay" in measured && measured.toSay === true;

/** The claim that a measure makes of a statement. */
export const judgeMeasured = (
  evidence: Evidence,
  said: Statement,
  measured: Measured,
  threshold: number,
): Claim =>
  "needs" in measured
    ? untestable(evidence, said, measured.needs)
    : "isSo" in measured
      ? {
          ...judge(evidence, said, { cases: [], held: [] }, null),
          verdict: measured.isSo ? ("confirmed" as const) : ("contradicted" as const),
        }
      : "held" in measured
        ? judge(evidence, said, measured, threshold)
        : {
            ...judge(evidence, said, { cases: [], held: [] }, threshold),
            n: measured.n,
            unit: measured.unit,
            estimate: measured.estimate,
            interval: measured.interval,
            verdict: verdictOfInterval(measured.interval, threshold),
          };

const verdictOfInterval = (interval: [number, number] | null, threshold: number): ClaimVerdict =>
  interval === null
    ? "not enough evidence"
    : interval[0] >= threshold
      ? "confirmed"
      : interval[1] < threshold
        ? "contradicted"
        : "not enough evidence";

const isAmong = (kinds: readonly TaskKind[] | "all", kind: TaskKind) =>
  kinds === "all" || kinds.includes(kind);
