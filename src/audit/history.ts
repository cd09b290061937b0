import type { Claim, ClaimVerdict } from "./claims.ts";
import { earlierId } from "./earlier-ids.ts";
import type { Finding, Money } from "./finding.ts";
import type { Says } from "./says.ts";

/** What is kept of one audit of a process, to compare the next with. */
export interface PastAudit {
  /** when the audit was made, and the period of its evidence */
  at: string;
  from: string | null;
  to: string | null;
  claims: { id: string; verdict: ClaimVerdict; estimate: number | null }[];
  findings: {
    id: string;
    detector: string;
    subject: string;
    statement: string;
    cases: number;
    money: Money | null;
  }[];
  /** detectors that could not be asked */
  notTestable: string[];
}

/** How a claim fared before. */
export interface ClaimChange {
  id: string;
  says: Says;
  before: ClaimVerdict;
  now: ClaimVerdict;
  /** the audit after which it changed */
  since: string;
}

/** A leak that was there and that a newer measurement no longer finds. */
export interface FixedLeak {
  id: string;
  detector: string;
  subject: string;
  /** what it cost in the period in which it was last seen, and what that is a year */
  lastSeen: string;
  money: Money | null;
  returnedPerYear: number | null;
}

export interface History {
  audits: number;
  changes: ClaimChange[];
  fixed: FixedLeak[];
  /** ids of findings that earlier audits did not have */
  fresh: string[];
}

/** The period of the evidence that the `log` part of an audit speaks of; null where it says none. */
export const periodOf = (log: object): { from: string | null; to: string | null } => {
  const { from = null, to = null } = log as { from?: string | null; to?: string | null };
  return { from, to };
};

/** What is kept of an audit to compare the next with. */
export const pastOf = (audit: {
  at: string;
  log: object;
  claims: readonly Claim[];
  findings: readonly Finding[];
  notTestable: readonly { detector: string }[];
}): PastAudit => ({
  at: audit.at,
  ...periodOf(audit.log),
  claims: audit.claims.flatMap(({ id, verdict, estimate, source }) =>
    source === "finding" ? [] : [{ id, verdict, estimate }],
  ),
  findings: audit.findings
    .filter(({ state }) => state !== "false alarm")
    .map(({ id, detector, subject, statement, cases, money }) => ({
      id,
      detector,
      subject,
      statement,
      cases,
      money,
    })),
  notTestable: audit.notTestable.map(({ detector }) => detector),
});

/**
 * What changed since earlier audits of the same process, oldest first. A leak is fixed only when evidence
 * that reaches further than that in which it was seen no longer shows it, and the detector that saw it could
 * be asked again; the money it cost a year is then what its fixing returned. Nothing before gives no changes.
 */
export function compareWithPast(
  past: readonly PastAudit[],
  now: PastAudit,
  claims: readonly Claim[],
): History {
  // the same evidence audited again is no later measurement
  const earlier = past.filter(({ from, to }) => from !== now.from || to !== now.to);
  const last = earlier.at(-1);
  const verdicts = new Map(last?.claims.map((claim) => [claim.id, claim]));
  const changes = last
    ? claims.flatMap(({ id, source, says, verdict }): ClaimChange[] => {
        const before = (verdicts.get(id) ?? verdicts.get(earlierId({ source, says }) ?? ""))?.verdict;
        return before === undefined || before === verdict
          ? []
          : [{ id, says, before, now: verdict, since: last.at }];
      })
    : [];
  const present = new Set(now.findings.map(({ id }) => id));
  const seen = new Map<string, FixedLeak>();
  const known = new Set<string>();
  for (const audit of earlier) {
    for (const { id, detector, subject, money } of audit.findings) {
      known.add(id);
      if (present.has(id) || now.notTestable.includes(detector)) continue;
      if (audit.to === null || now.to === null || now.to <= audit.to) continue;
      const days = audit.from === null ? 0 : (Date.parse(audit.to) - Date.parse(audit.from)) / 86_400_000;
      const isLoss = money !== null && money.kind !== "exposure";
      seen.set(id, {
        id,
        detector,
        subject,
        lastSeen: audit.to,
        money,
        returnedPerYear: isLoss && days > 0 ? Math.round((money.mid / days) * 365) : null,
      });
    }
  }
  return {
    audits: earlier.length,
    changes,
    fixed: [...seen.values()],
    fresh: earlier.length === 0 ? [] : now.findings.flatMap(({ id }) => (known.has(id) ? [] : [id])),
  };
}
