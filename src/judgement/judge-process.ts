import type { Description } from "../description/description.ts";
import type { RecordTable } from "../eventlog/record-table.ts";
import { answerQuestions, type Answers } from "../audit/answers.ts";
import { claimsOfFindings } from "../audit/claims.ts";
import { claimsOfDescription } from "../audit/description-claims.ts";
import { describedObserved } from "../audit/described-observed.ts";
import { compareWithPast, pastOf, type PastAudit } from "../audit/history.ts";
import { claimsOfRequirements, type Requirements } from "../audit/requirements.ts";
import type { Review } from "../audit/precision.ts";
import { Evidence } from "../evidence/evidence.ts";
import type { WorkCalendar } from "../eventlog/calendar.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { UTC, type TimeZone } from "../eventlog/time-zone.ts";
import { eventsPerWeek, storiesOf, type AuditDocument } from "../audit/audit-document.ts";
import { ASSUMED_RATES, RATE_SPREAD, type Rates } from "../audit/rates.ts";
import { runAudit } from "../audit/run-audit.ts";

export interface AuditRequest {
  /** the `log` part of the document */
  summary: object;
  source: string;
  notes: string[];
  /** when the audit is made, ms since epoch */
  now: number;
  zone?: TimeZone;
  calendar?: WorkCalendar;
  approvals?: string[];
  rates?: Rates;
  thresholds?: Record<string, Record<string, number>>;
  description?: Description;
  records?: readonly RecordTable[];
  reviews?: readonly Review[];
  answers?: Answers;
  requirements?: readonly Requirements[];
  /** earlier audits of the same process, oldest first */
  past?: readonly PastAudit[];
  onProgress?: (share: number, what: string) => void;
  /** looks at the same evidence and what was found in it, before both are let go */
  afterwards?: (evidence: Evidence, audit: Pick<AuditDocument, "findings" | "notTestable">) => void;
}

/** Audits a log and gathers what the reports need. Reading time is the caller's to add to `seconds`. */
export function auditLog(log: EventLog, request: AuditRequest): AuditDocument {
  const { zone = UTC, calendar, approvals, rates = ASSUMED_RATES } = request;
  const began = performance.now();
  const { description, records, reviews } = request;
  const evidence = new Evidence(log, { zone, calendar, approvals, description, records });
  const audit = runAudit(evidence, {
    rates,
    thresholds: request.thresholds,
    reviews,
    onProgress: request.onProgress,
  });
  const { findings, notTestable } = audit;
  const said = [
    ...claimsOfDescription(evidence),
    ...(request.requirements ?? []).flatMap((document) => claimsOfRequirements(evidence, document)),
  ];
  const { answered, blindSpots } = answerQuestions(
    { evidence, findings, notTestable, claims: said },
    request.answers,
  );
  const claims = [
    ...said,
    ...(request.answers ? answered.filter(({ said: own }) => own.length > 0).map(({ claim }) => claim) : []),
    ...claimsOfFindings(evidence, audit.findings),
  ];
  const period = request.summary as { from?: string | null; to?: string | null };
  const at = new Date(request.now).toISOString();
  const present = pastOf(
    at,
    { from: period.from ?? null, to: period.to ?? null },
    claims,
    findings,
    notTestable.map(({ detector }) => detector),
  );
  request.afterwards?.(evidence, audit);
  const found = evidence.activityNames.filter((_, a) => evidence.isApproval[a]);
  return {
    log: request.summary,
    findings: audit.findings,
    notTestable: audit.notTestable,
    claims,
    questions: answered,
    blindSpots,
    respondents: request.answers?.people.length ?? 0,
    describedObserved: describedObserved(evidence) ?? null,
    history: compareWithPast(request.past ?? [], present, claims),
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
      ...request.notes,
      found.length > 0
        ? `Approvals (${approvals ? "given" : "found by name"}): ${found.slice(0, 12).join(", ")}${found.length > 12 ? " …" : ""}.`
        : "No activity was recognised as an approval; name them with --approvals.",
      ...(evidence.described?.matches ?? []).map(
        ({ activity, step, confidence, because }) =>
          `"${activity}" was taken as the step "${step}" (${Math.round(confidence * 100)} % sure: ${because}); say otherwise under mapping in the description.`,
      ),
    ],
    source: request.source,
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
  return `${hourly} ${currency} an hour${spread}${own > 0 ? `, ${own === 1 ? "one role with a rate of its own" : `${own} roles with rates of their own`}` : ""}${assumed ? " (assumed; give --rates)" : ""}${delay}`;
}
