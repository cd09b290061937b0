import type { AuditDocument } from "../audit/audit-document.ts";
import { periodOf } from "../audit/history.ts";
import { READINESS, type Readiness } from "../readiness/readiness.ts";
import { rootOf } from "../readiness/upstream.ts";
import type { Judgement } from "./judge-process.ts";

/** So many steps that are ready are named. */
const NAMED = 300;

/** What lists and briefs show of a judgement without opening it. */
export interface JudgementSummary extends Pick<
  AuditDocument,
  | "totals"
  | "exposure"
  | "compensationHours"
  | "notTestable"
  | "respondents"
  | "blindSpots"
  | "history"
  | "seconds"
> {
  /** steps by their readiness */
  readiness: Record<Readiness, number>;
  /** the first 300 steps that are ready */
  readySteps: string[];
  /** the leak that most later leaks go with; null where none is linked */
  beginsAt: { step: string; title: string } | null;
  from: string | null;
  to: string | null;
}

/** The summary of a judgement: totals, what is ready, where it begins, what changed. O(steps). */
export function summaryOf({
  audit,
  readiness: { steps },
  links,
}: Pick<Judgement, "audit" | "readiness" | "links">): JudgementSummary {
  const count = (readiness: Readiness) => steps.filter(({ verdict }) => verdict === readiness).length;
  const root = rootOf(links);
  return {
    totals: audit.totals,
    exposure: audit.exposure,
    compensationHours: audit.compensationHours,
    notTestable: audit.notTestable,
    respondents: audit.respondents,
    readiness: Object.fromEntries(READINESS.map((one) => [one, count(one)])) as Record<Readiness, number>,
    readySteps: steps.flatMap(({ step, verdict }) => (verdict === "ready" ? [step] : [])).slice(0, NAMED),
    blindSpots: audit.blindSpots,
    beginsAt: root ? { step: root.fromStep, title: root.fromTitle } : null,
    history: audit.history,
    ...periodOf(audit.log),
    seconds: audit.seconds,
  };
}
