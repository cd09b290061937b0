import { confirmedOf, saidOfStep, type SaidOfStep, type StepStatement } from "./said-of-step.ts";
import { withoutCases } from "../audit/claims.ts";
import type { Need } from "../evidence/need.ts";
import { RULE_VERSION, type JudgedClaim, type StepReadiness } from "./readiness.ts";

/**
 * A step as an audit has kept it: without the cases behind its claims, and by whichever rule that audit knew.
 */
export type KeptStep = Omit<StepReadiness, "claims" | "said" | "guess" | "decides"> & {
  claims: JudgedClaim[];
} & Partial<Pick<StepReadiness, "said" | "guess" | "decides">>;

/** The steps as an audit keeps them: the cases against each claim are kept by themselves. */
export const keptSteps = (steps: readonly StepReadiness[]): KeptStep[] =>
  steps.map((step) => ({ ...step, claims: withoutCases(step.claims) }));

export type StandingStep = KeptStep & Pick<StepReadiness, "said" | "guess" | "decides">;

const NOTHING_SAID = saidOfStep(undefined, undefined);

/**
 * What an audit judged, as it stands now. A verdict holds only by today's rule, and while people say of the
 * step what they said when it was judged; else nothing can be told until the next audit, and the gate is
 * closed. `saidNow` answers what is said of a step by now; without it only the rule is looked at.
 */
export function asItStands(
  steps: readonly KeptStep[],
  saidNow?: (step: KeptStep) => SaidOfStep,
): StandingStep[] {
  return steps.map((step) => {
    const said = step.said ?? NOTHING_SAID;
    const now = saidNow?.(step) ?? said;
    const standing = {
      ...step,
      rule: step.rule ?? 1,
      said: isSame(said, now) ? said : now,
      guess: step.guess ?? { kind: null, undo: null },
      decides: now.kind === "decide" || (step.decides ?? step.kind === "decide"),
    };
    if (standing.rule !== RULE_VERSION)
      return untold(standing, `It was judged by rule ${standing.rule}, which no longer counts`, {
        kind: "audit by today's rule",
      });
    if (!isSame(said, now))
      return untold(
        standing,
        "What people say of it has changed since it was judged; the next audit judges it anew",
        { kind: "audit of what is said" },
      );
    return standing;
  });
}

/**
 * Whether two accounts of a step say the same; who said it does not matter. An approval that was named as
 * such stays one, whatever else is said.
 */
const isSame = (then: SaidOfStep, now: SaidOfStep) =>
  (then.kind === now.kind || (then.kindSaidBy === "approvals" && now.kind === null)) &&
  then.undo === now.undo;

function untold(step: StandingStep, because: string, needs: Need): StandingStep {
  const [claim] = step.claims;
  return {
    ...step,
    verdict: "not enough evidence",
    sentence: `Not judged yet. ${because}.`,
    actions: [{ text: "Audit the process again.", decides: "process owner", effort: "days", turns: because }],
    lenses: step.lenses.map(({ lens }) => ({ lens, state: "open" })),
    claims: step.claims.map((one) =>
      one === claim
        ? {
            ...one,
            need: "required",
            comesFirst: true,
            toSay: false,
            onlySaid: false,
            verdict: "not testable here",
            needs: [needs],
          }
        : one,
    ),
  };
}

/**
 * What is said of a step by now: by the description in use, and by whoever confirmed something on its page.
 */
export const saidBy =
  (
    described: (step: string) => StepStatement | undefined,
    confirmed: Readonly<Record<string, StepStatement>>,
  ) =>
  ({
    step,
    activities,
    described: isDescribed,
  }: Pick<KeptStep, "step" | "activities" | "described">): SaidOfStep =>
    saidOfStep(isDescribed ? described(step) : undefined, confirmedOf(confirmed, step, activities));
