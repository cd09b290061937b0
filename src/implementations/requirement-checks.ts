import { USUAL_SHARES, type Requirement } from "../audit/requirement.ts";
import {
  claimId,
  judge,
  untestable,
  type Claim,
  type Outcomes,
  type Statement,
  type WithoutCases,
} from "../audit/claims.ts";
import type { Finding } from "../audit/finding.ts";
import { remedies, type Remedy } from "../audit/remedies.ts";
import { claimsOfRequirements } from "../audit/requirements.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { formatCount } from "../figures.ts";
import { firstKnown, samePlaces } from "../readiness/step-measures.ts";

/** A requirement beside what the process has. */
export interface RequirementCheck {
  /** the id of the requirement; null for a sentence of the document */
  requirement: string | null;
  kind: Requirement["kind"] | "document";
  claim: Claim;
  /** what the process has, where a share does not say it: "12 a week in the middle" */
  has: string | null;
  remedy: Remedy;
}

/** The same as an audit keeps it: the cases against the claim are kept by themselves. */
export type KeptRequirementCheck = Omit<RequirementCheck, "claim"> & { claim: WithoutCases<Claim> };

/** Work that comes at the end of each month is not missing in its other weeks. */
const SPAN = 4 * 604_800_000;
const SPANS_A_MONTH = 365.25 / 12 / 28;

const REMEDY: Record<RequirementCheck["kind"], Remedy> = {
  fields: remedies["missing-data"],
  owner: remedies["unowned-step"],
  handoff: remedies["handoff-wait"],
  authoritative: remedies["conflicting-sources"],
  volume: {
    text: "Ask what the tool costs at the volume that is there, and whether it is worth it.",
    effort: "days",
    decides: "process owner",
  },
  consistency: remedies["variant-sprawl"],
  document: {
    text: "Settle with the vendor what it asks of the process, and test that.",
    effort: "days",
    decides: "process owner",
  },
};

/**
 * What a tool requires, line by line, held against what the process has: each requirement of the form and
 * each sentence of its document that demands something becomes a claim with its verdict. What cannot be
 * tested says what is missing. `about` keeps the claims of two tools apart.
 */
export function checkRequirements(
  evidence: Evidence,
  findings: readonly Finding[],
  tool: { about: string; name: string; requires: readonly Requirement[]; document: string | null },
): RequirementCheck[] {
  const fromForm = tool.requires.map((one): RequirementCheck => {
    const said = (subject?: string): Statement => ({
      says: { kind: "requirement", of: tool.about, requirement: one },
      saidBy: { kind: "tool", name: tool.name, line: null },
      source: "requirement",
      subject,
    });
    const { claim, has } = claimOf(evidence, findings, one, said);
    return {
      requirement: one.id,
      kind: one.kind,
      claim,
      has: has ?? null,
      remedy: REMEDY[one.kind],
    };
  });
  const fromText =
    tool.document === null
      ? []
      : claimsOfRequirements(evidence, { name: tool.name, text: tool.document }, tool.about, (line) => ({
          kind: "tool",
          name: tool.name,
          line,
        }));
  return [
    ...fromForm,
    ...fromText.map((claim): RequirementCheck => ({
      requirement: null,
      kind: "document",
      claim,
      has: null,
      remedy: REMEDY.document,
    })),
  ];
}

/** The id of the claim of a requirement: whoever changes what is required has made another claim. */
export const claimOfRequirement = (about: string, one: Requirement): string =>
  claimId("requirement", { kind: "requirement", of: about, requirement: one });

type Said = (subject?: string) => Statement;
type Answer = { claim: Claim; has?: string };

function claimOf(evidence: Evidence, findings: readonly Finding[], one: Requirement, said: Said): Answer {
  switch (one.kind) {
    case "fields":
      return fields(evidence, one, said);
    case "owner":
      return owner(evidence, findings, one, said);
    case "handoff":
      return handoff(evidence, one, said);
    case "authoritative":
      return authoritative(evidence, findings, one, said);
    case "volume":
      return volume(evidence, one, said);
    case "consistency":
      return consistency(evidence, one, said);
  }
}

/** Activities of a step; undefined where neither description nor evidence knows it. */
function activitiesOf({ described, activityNames }: Evidence, step: string): number[] | undefined {
  const known = described?.steps.find(({ name }) => plainStep(name) === plainStep(step));
  if (known) return known.activities;
  const a = activityNames.findIndex((name) => plainStep(name) === plainStep(step));
  return a < 0 ? undefined : [a];
}

const rowsOf = (evidence: Evidence, activities: readonly number[]) =>
  Uint32Array.from(activities.flatMap((a) => Array.from(evidence.rowsOf(a)))).sort((e, f) => e - f);

/** The step is there in neither description nor evidence. */
const unknownStep = (evidence: Evidence, step: string, said: Said): Answer => ({
  claim: untestable(evidence, said(step), [{ kind: "step", name: step }]),
});

function fields(
  evidence: Evidence,
  { step, columns, share = USUAL_SHARES.fields }: Extract<Requirement, { kind: "fields" }>,
  said: Said,
): Answer {
  const { log, caseOf } = evidence;
  const found = columns.map((name) => log.columns.find((one) => plainField(one.name) === plainField(name)));
  const missing = columns.filter((_, i) => !found[i]);
  if (missing.length > 0)
    return {
      claim: untestable(
        evidence,
        said(missing[0]),
        missing.map((name) => ({ kind: "named column", name })),
      ),
    };
  const first = found.map((column) => firstKnown(evidence, column!));
  if (!step) {
    const cases = Array.from({ length: log.caseCount }, (_, c) => c);
    const held = cases.map((c) => (first.every((one) => one[c] >= 0) ? 1 : 0));
    return { claim: judge(evidence, said(), { cases, held }, share) };
  }
  const activities = activitiesOf(evidence, step);
  if (!activities) return unknownStep(evidence, step, said);
  const rows = rowsOf(evidence, activities);
  const outcomes: Outcomes = {
    cases: Array.from(rows, (e) => caseOf[e]),
    held: Array.from(rows, (e) => (first.every((one) => one[caseOf[e]] >= 0 && one[caseOf[e]] <= e) ? 1 : 0)),
    unit: "executions",
  };
  return { claim: judge(evidence, said(step), outcomes, share) };
}

/** The name of a step as names are compared. */
export const plainStep = (name: string): string => name.trim().toLowerCase();

/** A field as people call it: "(case)_Amount" and "case:amount" are the amount. */
const plainField = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^(\(case\)|case:)/, "")
    .replaceAll(/[^\p{L}\p{N}]/gu, "");

/** A claim that a look at the description settles. */
const settled = (evidence: Evidence, statement: Statement, holds: boolean): Claim => ({
  ...untestable(evidence, statement, []),
  verdict: holds ? "confirmed" : "contradicted",
  n: 1,
  unit: "statements",
  against: holds ? 0 : 1,
});

function owner(
  evidence: Evidence,
  findings: readonly Finding[],
  { step }: Extract<Requirement, { kind: "owner" }>,
  said: Said,
): Answer {
  const { described } = evidence;
  if (!described)
    return { claim: untestable(evidence, said(step), [{ kind: "description", with: "roles" }]) };
  const activities = activitiesOf(evidence, step) ?? [];
  const known =
    described.steps.find(({ name }) => plainStep(name) === plainStep(step)) ??
    described.steps.find((one) => one.activities.some((a) => activities.includes(a)));
  // detectors name the activity
  const names = new Set([known?.name, ...(known?.activities ?? []).map((a) => evidence.activityNames[a])]);
  const role = known?.role;
  const people = (role && described.description.roles?.[role]) || [];
  const named = people.filter((name) => name !== "*");
  const against = findings.find(
    (one) =>
      ["unowned-step", "ownership-by-habit", "shifting-ownership"].includes(one.detector) &&
      one.state !== "false alarm" &&
      names.has(one.subject),
  );
  return {
    claim: {
      ...settled(evidence, said(step), named.length > 0 && !against),
      caseIds: against?.caseIds ?? [],
    },
    has: !known
      ? "not a step of the description"
      : !role
        ? "no role is named"
        : named.length === 0
          ? `${role}: nobody by name`
          : against
            ? `${role}; but ${against.title.toLowerCase()}`
            : role,
  };
}

function handoff(
  evidence: Evidence,
  { from, to, share = USUAL_SHARES.handoff }: Extract<Requirement, { kind: "handoff" }>,
  said: Said,
): Answer {
  const [a, b] = [activitiesOf(evidence, from), activitiesOf(evidence, to)];
  if (!a) return unknownStep(evidence, from, said);
  if (!b) return unknownStep(evidence, to, said);
  const { log, caseOf } = evidence;
  const [own, next] = [new Set(a), new Set(b)];
  // an execution that is only repeated has not been handed on yet; the last of a case that goes on elsewhere
  // has
  const rows = Array.from(rowsOf(evidence, a)).filter((e) =>
    e + 1 < log.caseStart[caseOf[e] + 1]
      ? !own.has(log.activity[e + 1])
      : // of a case that still runs nobody knows where it goes next
        evidence.isClosed[caseOf[e]] === 1,
  );
  const outcomes: Outcomes = {
    cases: rows.map((e) => caseOf[e]),
    held: rows.map((e) => (e + 1 < log.caseStart[caseOf[e] + 1] && next.has(log.activity[e + 1]) ? 1 : 0)),
    unit: "executions",
  };
  return { claim: judge(evidence, said(from), outcomes, share) };
}

function authoritative(
  evidence: Evidence,
  findings: readonly Finding[],
  { field }: Extract<Requirement, { kind: "authoritative" }>,
  said: Said,
): Answer {
  const { described } = evidence;
  if (!described)
    return {
      claim: untestable(evidence, said(field), [{ kind: "description", with: "authoritative rule" }]),
    };
  const rule = (described.description.rules ?? []).find(
    (one) => "authoritative" in one && plainField(one.authoritative) === plainField(field),
  );
  const against = findings.find(
    (one) =>
      ["conflicting-sources", "double-entry"].includes(one.detector) &&
      one.state !== "false alarm" &&
      plainField(one.subject) === plainField(field),
  );
  return {
    claim: {
      ...settled(evidence, said(field), rule !== undefined && !against),
      caseIds: against?.caseIds ?? [],
    },
    has: against
      ? against.statement
      : rule && "authoritative" in rule
        ? `${rule.source}, by the description`
        : "no source is said to be right",
  };
}

function volume(
  evidence: Evidence,
  { step, perMonth }: Extract<Requirement, { kind: "volume" }>,
  said: Said,
): Answer {
  const { log, range } = evidence;
  const activities = step ? activitiesOf(evidence, step) : undefined;
  if (step && !activities) return unknownStep(evidence, step, said);
  const spans = Math.floor((range.to - range.from) / SPAN);
  if (spans < 2) return { claim: untestable(evidence, said(step), [{ kind: "weeks", least: 8 }]) };
  const counts = new Float64Array(spans);
  const rows = activities ? rowsOf(evidence, activities) : log.caseStart.subarray(0, log.caseCount);
  for (const e of rows) {
    const span = Math.floor((log.time[e] - range.from) / SPAN);
    if (span < spans) counts[span]++;
  }
  const sorted = Float64Array.from(counts).sort();
  const middle = (sorted[(spans - 1) >> 1] + sorted[spans >> 1]) / 2;
  const outcomes: Outcomes = {
    cases: null,
    held: Array.from(counts, (count) => (count * SPANS_A_MONTH >= perMonth ? 1 : 0)),
    unit: "spans of four weeks",
  };
  return {
    claim: judge(evidence, said(step), outcomes, 0.5),
    has: `about ${formatCount(Math.round(middle * SPANS_A_MONTH))} a month`,
  };
}

function consistency(
  evidence: Evidence,
  { step, share = USUAL_SHARES.consistency }: Extract<Requirement, { kind: "consistency" }>,
  said: Said,
): Answer {
  if (!step) {
    const { variantOf } = evidence.variants;
    const cases = Array.from({ length: evidence.log.caseCount }, (_, c) => c);
    return {
      // variants are numbered by how frequent they are
      claim: judge(evidence, said(), { cases, held: cases.map((c) => (variantOf[c] < 5 ? 1 : 0)) }, share),
      has: `${formatCount(evidence.variants.caseCount.length)} ways in all`,
    };
  }
  const activities = activitiesOf(evidence, step);
  if (!activities) return unknownStep(evidence, step, said);
  return {
    claim: judge(evidence, said(step), samePlaces(evidence, rowsOf(evidence, activities)), share),
  };
}
