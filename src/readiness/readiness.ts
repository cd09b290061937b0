import type { Finding, NotTestable } from "../audit/finding.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { taskKindOf, type TaskKind } from "../evidence/task-kinds.ts";
import { formatCount, formatPercent, lowerFirst } from "../figures.ts";
import { statementOf } from "../wording/claims.ts";
import { needInWords } from "../wording/needs.ts";
import { processReadiness, type ProcessReadiness } from "./process-claims.ts";
import {
  claimsOfStep,
  LENSES,
  measureStep,
  type Lens,
  type LensClaim,
  type StepMeasures,
} from "./step-claims.ts";
import {
  confirmedOf,
  describedStatement,
  saidOfStep,
  type Guess,
  type SaidOfStep,
  type StepStatement,
} from "./said-of-step.ts";
import { SOUNDS_IRREVERSIBLE } from "./step-measures.ts";

export const READINESS = ["ready", "fix first", "keep with people", "not enough evidence"] as const;
export type Readiness = (typeof READINESS)[number];

/** The rule by which claims become a verdict; a changed rule, or other claims, has another number. */
export const RULE_VERSION = 4;

/** Whether a machine may do a step yet, and what that rests on. */
export interface StepReadiness {
  step: string;
  activities: string[];
  described: boolean;
  /** what people said it is, else what its name suggests */
  kind: TaskKind;
  /** what people said, and where; a kind that nobody said only stands to be confirmed */
  said: SaidOfStep;
  /** what its name suggests */
  guess: Guess;
  /** people keep decisions and approvals: the gate never opens for one */
  decides: boolean;
  executions: number;
  verdict: Readiness;
  /** of the rule over claims by which it was judged */
  rule: number;
  /** the verdict with the claims that decided it, as one sentence */
  sentence: string;
  /** what to do first, at most three */
  actions: { text: string; decides: string; effort: string; turns: string }[];
  /**
   * green only where a claim of the lens was confirmed by evidence and no required one is open or
   * contradicted
   */
  lenses: { lens: Lens; state: "confirmed" | "contradicted" | "open" }[];
  claims: LensClaim[];
}

const EFFORT = { days: 1, weeks: 2, months: 3 };

/** A claim of a lens without the cases behind it. */
export type JudgedClaim = Omit<LensClaim, "caseIds">;

/**
 * The verdict of the claims of a step, in this order: nothing can be told while people have not said what it
 * is; people keep what decides, what judgement is in or what cannot be undone; then what a required claim
 * contradicts is fixed first; then evidence is missing where a required claim has no verdict or a lens no
 * claim that evidence confirmed; else it is ready. Never a score.
 */
export function verdictOfClaims<C extends JudgedClaim>(
  claims: readonly C[],
): { verdict: Readiness; because: C[] } {
  const unsaid = claims.filter(({ comesFirst, verdict }) => comesFirst && verdict !== "confirmed");
  if (unsaid.length > 0) return { verdict: "not enough evidence", because: unsaid };
  const people = claims.filter((claim) => claim.keepsPeople && claim.verdict === "contradicted");
  if (people.length > 0) return { verdict: "keep with people", because: people };
  const required = claims.filter(({ need }) => need === "required");
  const contradicted = required.filter(({ verdict }) => verdict === "contradicted");
  if (contradicted.length > 0) return { verdict: "fix first", because: contradicted };
  const open = required.filter(({ verdict }) => verdict !== "confirmed");
  const dark = LENSES.filter(
    (lens) =>
      !claims.some((claim) => claim.lens === lens && claim.verdict === "confirmed" && !claim.onlySaid),
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

/**
 * Every described step, each activity that nobody described, and the process as a whole, seen through the
 * four lenses; `confirmed` is what people said of steps beside the description, by step.
 */
export function readinessOf(
  evidence: Evidence,
  { findings, notTestable }: { findings: readonly Finding[]; notTestable: readonly NotTestable[] },
  confirmed: Readonly<Record<string, StepStatement>> = {},
): ProcessJudged {
  const { described, activityNames } = evidence;
  const steps = [
    ...(described?.steps.map(({ name, activities }) => ({ name, activities, described: true })) ?? []),
    ...activityNames.flatMap((name, a) =>
      described && described.stepOf[a] >= 0 ? [] : [{ name, activities: [a], described: false }],
    ),
  ];
  const said = steps.map(({ name, activities, described: isDescribed }) =>
    saidOfStep(
      isDescribed ? describedStatement(stepIn(described!.description.steps, name)) : undefined,
      confirmedOf(
        confirmed,
        name,
        activities.map((a) => activityNames[a]),
      ),
    ),
  );
  // which steps are checks, people say; those that everything here takes for approvals because they were
  // named as such are, too
  const isCheck = new Uint8Array(activityNames.length);
  steps.forEach(({ activities }, s) => {
    const given = evidence.approvalsGiven && activities.some((a) => evidence.isApproval[a] === 1);
    const { kind } = said[s];
    if (kind === "check" || kind === "decide" || given) for (const a of activities) isCheck[a] = 1;
  });
  const measured: StepMeasures[] = [];
  const judged = steps
    .map(({ name, activities, described: isDescribed }, s): StepReadiness => {
      const rows = Uint32Array.from(activities.flatMap((a) => Array.from(evidence.rowsOf(a)))).sort(
        (e, f) => evidence.log.time[e] - evidence.log.time[f] || e - f,
      );
      const names = [name, ...activities.map((a) => activityNames[a])];
      const isApproval =
        activities.some((a) => evidence.isApproval[a] === 1) ||
        (activities.length === 0 && evidence.isApprovalStep(name));
      const told = isApproval ? "decide" : taskKindOf(name);
      const guess: Guess = {
        kind: told === "do" ? null : told,
        undo: names.some((one) => SOUNDS_IRREVERSIBLE.test(one)) ? "no" : null,
      };
      const own =
        said[s].kind === null && isApproval && evidence.approvalsGiven
          ? { ...said[s], kind: "decide" as const, kindSaidBy: "approvals" as const }
          : said[s];
      const decides = own.kind === "decide" || (own.kind !== null && isApproval);
      const kind = own.kind ?? told;
      const context = {
        evidence,
        findings,
        notTestable,
        name,
        activities,
        rows,
        kind,
        said: own,
        guess,
        decides,
        isCheck,
        isDescribed,
      };
      const measures = measureStep(context);
      measured.push(measures);
      const claims = claimsOfStep(context, measures);
      const { verdict, because } = verdictOfClaims(claims);
      return {
        step: name,
        activities: activities.map((a) => activityNames[a]),
        described: isDescribed,
        kind,
        said: own,
        guess,
        decides: decides || (own.kind === null && guess.kind === "decide"),
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

const stepIn = <T>(steps: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  steps && Object.hasOwn(steps, name) ? steps[name] : undefined;

function stateOf(claims: readonly LensClaim[]): "confirmed" | "contradicted" | "open" {
  if (
    claims.some(
      (claim) => claim.verdict === "contradicted" && (claim.need === "required" || claim.keepsPeople),
    )
  )
    return "contradicted";
  const open = claims.some(({ need, verdict }) => need === "required" && verdict !== "confirmed");
  return !open && claims.some(({ verdict, onlySaid }) => verdict === "confirmed" && !onlySaid)
    ? "confirmed"
    : "open";
}

const BECAUSE: Record<Readiness, string> = {
  ready: "AI may do it: ",
  "fix first": "Not yet: ",
  "keep with people": "People keep it: ",
  "not enough evidence": "Can’t be judged yet: ",
};

/** A contradicted claim, as what goes on after a colon. */
export const contradicted = ({ key, onlySaid, subject }: LensClaim, plain: string): string =>
  key === "undone" && onlySaid
    ? `a wrong "${subject}" cannot be undone`
    : `${onlySaid ? "people deny" : "the evidence contradicts"} that ${plain}`;

function sentenceOf(verdict: Readiness, because: readonly LensClaim[]): string {
  if (because.some(({ comesFirst }) => comesFirst))
    return `Not judged yet. Missing: ${because
      .map(({ needs, detail }) => `${needs.map(needInWords).join(", and ")}${detail ? ` (${detail})` : ""}`)
      .join("; ")}.`;
  // what follows a step says the same of whether it decides
  const isTold = because.some(({ key }) => key === "told");
  const shown = because
    .filter((claim) => claim.key !== "decides-nothing" || claim.onlySaid || !isTold)
    .sort((a, b) => (verdict === "ready" ? Number(a.onlySaid) - Number(b.onlySaid) : 0));
  const words = shown.slice(0, 2).map((claim) => {
    if (claim.key === "decides-nothing" && claim.onlySaid && claim.verdict === "contradicted")
      return `it decides (${claim.detail})`;
    const share =
      claim.estimate === null
        ? ""
        : ` (${formatPercent(claim.estimate)} of ${formatCount(claim.n)} ${claim.unit})`;
    const plain = statementOf(claim.says).replace(/\.$/, "");
    return claim.verdict === "confirmed"
      ? `${lowerFirst(plain)}${share}`
      : claim.verdict === "contradicted"
        ? `${contradicted(claim, lowerFirst(plain))}${share}`
        : claim.verdict === "not testable here"
          ? `missing: ${claim.needs.map(needInWords).join(", and ")}`
          : `the evidence does not settle whether ${lowerFirst(plain)}${share}`;
  });
  const more = shown.length > 2 ? `; and ${shown.length - 2} more` : "";
  return `${BECAUSE[verdict]}${words.join("; ")}${more}.`;
}

/** What turns most of what stands in the way, the least effort first. */
function actionsOf(claims: readonly LensClaim[]): StepReadiness["actions"] {
  const weight = ({ need, keepsPeople, verdict, comesFirst }: LensClaim) =>
    comesFirst
      ? -1
      : verdict === "contradicted"
        ? keepsPeople
          ? 0
          : need === "required"
            ? 1
            : 3
        : need === "required"
          ? 2
          : 4;
  return (
    claims
      .filter(
        ({ verdict, need, keepsPeople }) =>
          (verdict === "contradicted" && (need !== "indifferent" || keepsPeople)) ||
          (verdict === "not testable here" && need !== "indifferent") ||
          (verdict === "not enough evidence" && need === "required"),
      )
      .sort((a, b) => weight(a) - weight(b) || EFFORT[a.remedy.effort] - EFFORT[b.remedy.effort])
      // what has to be said is said at once
      .filter(({ toSay }, i, all) => !toSay || all.findIndex((one) => one.toSay) === i)
      .slice(0, 3)
      .map(({ verdict, remedy, needs, says, n, unit, toSay }) => ({
        text: toSay
          ? remedy.text
          : verdict === "not testable here"
            ? `Bring ${needs.map(needInWords).join(", and ")}.`
            : verdict === "not enough evidence"
              ? `Bring more cases: ${formatCount(n)} ${unit} do not settle it.`
              : remedy.text,
        decides: remedy.decides,
        effort: remedy.effort,
        turns: statementOf(says),
      }))
  );
}
