import type { Finding, NotTestable } from "../audit/finding.ts";
import type { Evidence } from "../detectors/evidence.ts";
import type { TaskKind } from "../detectors/task-kinds.ts";
import { formatCount, formatPercent, lowerFirst, plainNeed } from "../format.ts";
import { processReadiness, type ProcessReadiness } from "./process-claims.ts";
import {
  claimsOfStep,
  kindOfStep,
  LENSES,
  measureStep,
  type Lens,
  type LensClaim,
  type StepMeasures,
} from "./step-claims.ts";

export const READINESS = ["ready", "fix first", "keep with people", "not enough evidence"] as const;
export type Readiness = (typeof READINESS)[number];

/** The rule by which claims become a verdict; a changed rule, or other claims, has another number. */
const RULE_VERSION = 3;

/** Whether a machine may do a step yet, and what that rests on. */
export interface StepReadiness {
  step: string;
  activities: string[];
  described: boolean;
  kind: TaskKind;
  told: "description" | "name";
  executions: number;
  verdict: Readiness;
  /** of the rule over claims by which it was judged */
  rule: number;
  /** the verdict with the claims that decided it, as one sentence */
  sentence: string;
  /** what to do first, at most three */
  actions: { text: string; decides: string; effort: string; turns: string }[];
  /** green only where a claim of the lens was confirmed by evidence and no required one is open or contradicted */
  lenses: { lens: Lens; state: "confirmed" | "contradicted" | "open" }[];
  claims: LensClaim[];
}

const EFFORT = { days: 1, weeks: 2, months: 3 };

/** A claim of a lens without the cases behind it. */
export type JudgedClaim = Omit<LensClaim, "caseIds">;

/**
 * The verdict of the claims of a step, in this order: people keep what judgement or an act that cannot be undone is in; then what a required claim contradicts is fixed first; then evidence is missing where a required claim has no verdict or a
 * lens no confirmed claim; else it is ready. Never a score.
 */
export function verdictOfClaims<C extends JudgedClaim>(
  claims: readonly C[],
): { verdict: Readiness; because: C[] } {
  const people = claims.filter((claim) => claim.keepsPeople && claim.verdict === "contradicted");
  if (people.length > 0) return { verdict: "keep with people", because: people };
  const required = claims.filter(({ need }) => need === "required");
  const contradicted = required.filter(({ verdict }) => verdict === "contradicted");
  if (contradicted.length > 0) return { verdict: "fix first", because: contradicted };
  const open = required.filter(({ verdict }) => verdict !== "confirmed");
  const dark = LENSES.filter(
    (lens) => !claims.some((claim) => claim.lens === lens && claim.verdict === "confirmed"),
  );
  if (open.length > 0 || dark.length > 0)
    return {
      verdict: "not enough evidence",
      because: [
        ...open,
        ...claims.filter(
          (claim) => dark.includes(claim.lens) && !open.includes(claim) && claim.need !== "indifferent",
        ),
      ],
    };
  return { verdict: "ready", because: required };
}

/** What evidence says of a process before a machine works in it. */
export interface ProcessJudged {
  /** most executions first */
  steps: StepReadiness[];
  process: ProcessReadiness;
}

/** Every described step, each activity that nobody described, and the process as a whole, seen through the four lenses. */
export function readinessOf(
  evidence: Evidence,
  { findings, notTestable }: { findings: readonly Finding[]; notTestable: readonly NotTestable[] },
): ProcessJudged {
  const { described, activityNames } = evidence;
  const steps = [
    ...(described?.steps.map(({ name, activities }) => ({ name, activities, described: true })) ?? []),
    ...activityNames.flatMap((name, a) =>
      described && described.stepOf[a] >= 0 ? [] : [{ name, activities: [a], described: false }],
    ),
  ];
  const given = described?.description.steps ?? {};
  const measured: StepMeasures[] = [];
  const judged = steps
    .map(({ name, activities, described: isDescribed }): StepReadiness => {
      const rows = Uint32Array.from(activities.flatMap((a) => Array.from(evidence.rowsOf(a)))).sort(
        (e, f) => evidence.log.time[e] - evidence.log.time[f] || e - f,
      );
      const said = isDescribed && Object.hasOwn(given, name) ? given[name].task : undefined;
      const kind = kindOfStep(evidence, name, activities, said);
      const context = { evidence, findings, notTestable, name, activities, rows, kind, isDescribed };
      const measures = measureStep(context);
      measured.push(measures);
      const claims = claimsOfStep(context, measures);
      const { verdict, because } = verdictOfClaims(claims);
      return {
        step: name,
        activities: activities.map((a) => activityNames[a]),
        described: isDescribed,
        kind,
        told: said ? "description" : "name",
        executions: rows.length,
        verdict,
        rule: RULE_VERSION,
        sentence: sentenceOf(verdict, because),
        actions: actionsOf(claims),
        lenses: LENSES.map((lens) => ({
          lens,
          state: stateOf(claims.filter((claim) => claim.lens === lens)),
        })),
        claims,
      };
    })
    .sort((a, b) => b.executions - a.executions || (a.step < b.step ? -1 : 1));
  return { steps: judged, process: processReadiness(evidence, measured) };
}

function stateOf(claims: readonly LensClaim[]): "confirmed" | "contradicted" | "open" {
  if (
    claims.some(
      (claim) => claim.verdict === "contradicted" && (claim.need === "required" || claim.keepsPeople),
    )
  )
    return "contradicted";
  const open = claims.some(({ need, verdict }) => need === "required" && verdict !== "confirmed");
  return !open && claims.some(({ verdict }) => verdict === "confirmed") ? "confirmed" : "open";
}

const BECAUSE: Record<Readiness, string> = {
  ready: "A machine may do it: ",
  "fix first": "Not yet: ",
  "keep with people": "People keep it: ",
  "not enough evidence": "Nobody can tell yet: ",
};

function sentenceOf(verdict: Readiness, because: readonly LensClaim[]): string {
  const words = because.slice(0, 2).map((claim) => {
    const share =
      claim.estimate === null
        ? ""
        : ` (${formatPercent(claim.estimate)} of ${formatCount(claim.n)} ${claim.unit})`;
    const plain = claim.statement.replace(/\.$/, "");
    return claim.verdict === "confirmed"
      ? `${lowerFirst(plain)}${share}`
      : claim.verdict === "contradicted"
        ? `it is not so that ${lowerFirst(plain)}${share}`
        : claim.verdict === "not testable here"
          ? `missing is ${claim.needs.map(plainNeed).join(", and ")}`
          : `it is not settled whether ${lowerFirst(plain)}${share}`;
  });
  const more = because.length > 2 ? `; and ${because.length - 2} more` : "";
  return `${BECAUSE[verdict]}${words.join("; ")}${more}.`;
}

/** What turns most of what stands in the way, the least effort first. */
function actionsOf(claims: readonly LensClaim[]): StepReadiness["actions"] {
  const weight = ({ need, keepsPeople, verdict }: LensClaim) =>
    verdict === "contradicted"
      ? keepsPeople
        ? 0
        : need === "required"
          ? 1
          : 3
      : need === "required"
        ? 2
        : 4;
  return claims
    .filter(
      ({ verdict, need, keepsPeople }) =>
        (verdict === "contradicted" && (need !== "indifferent" || keepsPeople)) ||
        (verdict === "not testable here" && need !== "indifferent") ||
        (verdict === "not enough evidence" && need === "required"),
    )
    .sort((a, b) => weight(a) - weight(b) || EFFORT[a.remedy.effort] - EFFORT[b.remedy.effort])
    .slice(0, 3)
    .map(({ verdict, remedy, needs, statement, n, unit }) => ({
      text:
        verdict === "not testable here"
          ? `Bring ${needs.map(plainNeed).join(", and ")}.`
          : verdict === "not enough evidence"
            ? `Bring more cases: ${formatCount(n)} ${unit} do not settle it.`
            : remedy.text,
      decides: remedy.decides,
      effort: remedy.effort,
      turns: statement,
    }));
}
