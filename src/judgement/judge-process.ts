import { choose } from "../input-error.ts";
import { answerQuestions, type Answers } from "../audit/answers.ts";
import { eventsPerWeek, storiesOf, type AuditDocument } from "../audit/audit-document.ts";
import { claimsOfFindings } from "../audit/claims.ts";
import { claimsOfDescription } from "../audit/description-claims.ts";
import { describedObserved } from "../audit/described-observed.ts";
import { compareWithPast, pastOf, type PastAudit } from "../audit/history.ts";
import type { Review } from "../audit/precision.ts";
import { ASSUMED_RATES, RATE_SPREAD, type Rates } from "../audit/rates.ts";
import type { Requirement } from "../audit/requirement.ts";
import { claimsOfRequirements, type Requirements } from "../audit/requirements.ts";
import { runAudit } from "../audit/run-audit.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { gapsOf, type FoundGap } from "../implementations/gaps.ts";
import { checkRequirements, type RequirementCheck } from "../implementations/requirement-checks.ts";
import { readinessOf, type ProcessJudged } from "../readiness/readiness.ts";
import type { StepStatement } from "../readiness/said-of-step.ts";
import { upstreamLinks, type UpstreamLink } from "../readiness/upstream.ts";

/** A tool or rollout that touches the process, and what it needs of it. */
export interface Touching {
  id: string;
  /** of what is said of it */
  version: number;
  name: string;
  /** those that it touches; all of them where it names none */
  steps: string[];
  requires: readonly Requirement[];
  /** its requirements document as text; null without one */
  document: string | null;
}

/** What was said beside the evidence: by people, by files, by settings. What is left out was not said. */
export interface Said {
  /** the `log` part of the audit */
  summary: object;
  source: string;
  notes: string[];
  /** when the audit is made, ms since epoch */
  now: number;
  rates?: Rates;
  thresholds?: Record<string, Record<string, number>>;
  reviews?: readonly Review[];
  answers?: Answers;
  /** requirements documents of no tool in particular */
  requirements?: readonly Requirements[];
  /** what people confirmed of steps on their page, by step */
  confirmed?: Readonly<Record<string, StepStatement>>;
  tools?: readonly Touching[];
  /** working days that remedies take here, by their ids */
  remedyDays?: Readonly<Record<string, number>>;
  /** earlier audits of the same process, oldest first */
  past?: readonly PastAudit[];
  onProgress?: (share: number, what: string) => void;
}

/** What a tool needs beside what the process has, and the gaps between the two. */
export interface ToolRequirements {
  id: string;
  version: number;
  steps: string[];
  held: RequirementCheck[];
  gaps: FoundGap[];
}

/** Everything that evidence says of a process, in the light of what was said. */
export interface Judgement {
  audit: AuditDocument;
  readiness: ProcessJudged;
  /** which leak goes with which later one */
  links: UpstreamLink[];
  /** in the order of the tools */
  requirements: ToolRequirements[];
}

/**
 * What does this evidence say of the process? Leaks first, then the claims, then the readiness of each step,
 * then what goes with what, then what each tool needs: each rests only on what stands before it. Reading time
 * is the caller's to add to `seconds`.
 */
export function judgeProcess(evidence: Evidence, said: Said): Judgement {
  const audit = auditOf(evidence, said);
  const { findings } = audit;
  const readiness = readinessOf(evidence, audit, said.confirmed);
  const description = evidence.described?.description;
  return {
    audit,
    readiness,
    links: upstreamLinks(evidence, findings),
    requirements: (said.tools ?? []).map(({ id, version, steps, ...tool }) => {
      const held = checkRequirements(evidence, findings, { about: id, ...tool });
      return {
        id,
        version,
        steps,
        held,
        gaps: gapsOf(held, readiness.steps, steps, description, said.remedyDays),
      };
    }),
  };
}

/** Finds and prices the leaks, judges what was said, and gathers what reports need. */
function auditOf(evidence: Evidence, said: Said): AuditDocument {
  const { rates = ASSUMED_RATES, reviews } = said;
  const began = performance.now();
  const description = evidence.described?.description;
  const audit = runAudit(evidence, {
    rates,
    thresholds: said.thresholds,
    reviews,
    onProgress: said.onProgress,
  });
  const { findings, notTestable } = audit;
  const stated = [
    ...claimsOfDescription(evidence),
    ...(said.requirements ?? []).flatMap((document) => claimsOfRequirements(evidence, document)),
  ];
  const { answered, blindSpots } = answerQuestions(
    { evidence, findings, notTestable, claims: stated },
    said.answers,
  );
  const claims = [
    ...stated,
    ...(said.answers ? answered.filter(({ said: own }) => own.length > 0).map(({ claim }) => claim) : []),
    ...claimsOfFindings(evidence, audit.findings),
  ];
  const at = new Date(said.now).toISOString();
  const present = pastOf({ at, log: said.summary, claims, findings, notTestable });
  const found = evidence.activityNames.filter((_, a) => evidence.isApproval[a]);
  return {
    log: said.summary,
    findings: audit.findings,
    notTestable: audit.notTestable,
    claims,
    questions: answered,
    blindSpots,
    respondents: said.answers?.people.length ?? 0,
    describedObserved: describedObserved(evidence) ?? null,
    history: compareWithPast(said.past ?? [], present, claims),
    description: description
      ? {
          process: description.process,
          owner: description.owner ?? null,
          version: description.version ?? null,
          signedOff: description.signedOff
            ? `${description.signedOff.by}, ${description.signedOff.at}`
            : null,
        }
      : null,
    totals: audit.totals,
    exposure: audit.exposure,
    compensationHours: audit.compensationHours,
    seconds: (performance.now() - began) / 1000,
    calendar: evidence.calendar.describe(),
    rates: describeRates(rates),
    notes: [
      ...said.notes,
      found.length > 0
        ? `Approvals (${evidence.approvalsGiven ? "given" : "found by name"}): ${found.slice(0, 12).join(", ")}${found.length > 12 ? " …" : ""}.`
        : `No activity was recognised as an approval; name them with ${choose("approvals")}.`,
      ...(evidence.described?.matches ?? []).map(
        ({ activity, step, confidence, because }) =>
          `"${activity}" was taken as the step "${step}" (${Math.round(confidence * 100)} % sure: ${because}); say otherwise under mapping in the description.`,
      ),
    ],
    source: said.source,
    at,
    absorbed: audit.absorbed,
    stories: storiesOf(evidence, findings),
    eventsPerWeek: eventsPerWeek(evidence),
  };
}

function describeRates({ currency, hourly, roles, delayPerDay, assumed }: Rates): string {
  const own = Object.keys(roles).length;
  const delay =
    delayPerDay === undefined
      ? "; delay has no price"
      : `; ${delayPerDay} ${currency} a working day of delay`;
  const spread = assumed ? ` ±${RATE_SPREAD * 100} %` : "";
  return `${hourly} ${currency} an hour${spread}${own > 0 ? `, ${own === 1 ? "one role with a rate of its own" : `${own} roles with rates of their own`}` : ""}${assumed ? ` (assumed; give ${choose("rates")})` : ""}${delay}`;
}
