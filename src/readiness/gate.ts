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

/** The gate: open for what is ready, and for what a named person has let pass and answers for; for nothing else. */
export const gateOf = (
  process: string,
  { step, verdict, sentence, rule }: Pick<StepReadiness, "step" | "verdict" | "sentence" | "rule">,
  judgedAt: string,
  override: Override | null = null,
): GateAnswer => ({
  open: verdict === "ready" || override !== null,
  process,
  step,
  verdict,
  sentence,
  override: verdict === "ready" ? null : override,
  rule,
  judgedAt,
});
