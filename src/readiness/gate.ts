import { RULE_VERSION, type StepReadiness } from "./readiness.ts";

/** May a machine do this step? */
export interface GateAnswer {
  open: boolean;
  process: string;
  step: string;
  verdict: StepReadiness["verdict"];
  sentence: string;
  /** of the rule over claims by which it was decided */
  rule: number;
  /** when the evidence was looked at */
  judgedAt: string;
}

/** The gate: open for what is ready, and for nothing else. */
export const gateOf = (
  process: string,
  { step, verdict, sentence }: Pick<StepReadiness, "step" | "verdict" | "sentence">,
  judgedAt: string,
): GateAnswer => ({
  open: verdict === "ready",
  process,
  step,
  verdict,
  sentence,
  rule: RULE_VERSION,
  judgedAt,
});
