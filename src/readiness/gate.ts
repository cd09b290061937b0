import type { StandingStep } from "./as-it-stands.ts";
import type { StepReadiness } from "./readiness.ts";

/** A named person has let a step pass for a time. */
export interface Override {
  by: string;
  reason: string;
  until: string;
}

/** May a machine do this step? */
export interface GateAnswer {
  open: boolean;
  process: string;
  step: string;
  verdict: StepReadiness["verdict"];
  sentence: string;
  /** who let it pass although it is not ready; null where nobody did or nobody needed to */
  override: Override | null;
  /** of the rule over claims by which it was decided */
  rule: number;
  /** when the evidence was looked at */
  judgedAt: string;
}

/**
 * Whether a named person can let a step pass in their own name although it is not ready: only one of which
 * people have said that it is no decision. Decisions stay with people, and what nobody has said may be one.
 */
export const mayBeLetPass = ({ decides, said }: Pick<StandingStep, "decides" | "said">) =>
  !decides && said.kind !== null;

/**
 * The gate: open for what is ready, and for what a named person has let pass and answers for; for nothing
 * else, and never for what decides.
 */
export function gateOf(
  process: string,
  step: Pick<StandingStep, "step" | "verdict" | "sentence" | "rule" | "decides" | "said">,
  judgedAt: string,
  override: Override | null = null,
): GateAnswer {
  const isReady = step.verdict === "ready" && !step.decides;
  const counts = !isReady && mayBeLetPass(step) ? override : null;
  return {
    open: isReady || counts !== null,
    process,
    step: step.step,
    verdict: step.verdict,
    sentence: step.sentence,
    override: counts,
    rule: step.rule,
    judgedAt,
  };
}

/** May a machine do the steps: what the gate says, and who let steps pass all the same. */
export interface GateAccount {
  /** the instant for which overrides are looked at; null where there are none */
  at: string | null;
  /** most executions first; `verdict` is "ready" where the gate is open by itself */
  steps: { step: string; executions: number; verdict: string; sentence: string }[];
  /** newest first; `holds` where one had neither ended nor run out at that instant */
  overrides: { step: string; by: string; reason: string; madeAt: string; until: string; holds: boolean }[];
}

/** An override as it is kept. */
export interface KeptOverride {
  step: string;
  made_by_name: string;
  reason: string;
  made_at: Date;
  until: Date;
  ended_at: Date | null;
}

/** Whether an override lets its step pass at an instant. */
export const overrideHolds = ({ ended_at, until }: Pick<KeptOverride, "ended_at" | "until">, now: Date) =>
  ended_at === null && until > now;

/**
 * What reports say of the gate: every step, and every override ever, with whether it holds at an instant
 * (null where nobody has overridden anything).
 */
export const gateAccount = (
  steps: readonly Pick<StepReadiness, "step" | "executions" | "verdict" | "sentence">[],
  overrides: readonly KeptOverride[],
  now: Date | null,
): GateAccount => ({
  at: now?.toISOString() ?? null,
  steps: steps.map(({ step, executions, verdict, sentence }) => ({
    step,
    executions,
    verdict,
    sentence,
  })),
  overrides: overrides.map((one) => ({
    step: one.step,
    by: one.made_by_name,
    reason: one.reason,
    madeAt: one.made_at.toISOString(),
    until: one.until.toISOString(),
    holds: now !== null && overrideHolds(one, now),
  })),
});
