import { claimId, judge, untestable, type Claim, type Outcomes, type Statement } from "../audit/claims.ts";
import type { Finding } from "../audit/finding.ts";
import { remedies, type Remedy } from "../audit/remedies.ts";
import { claimsOfRequirements } from "../audit/requirements.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { formatCount } from "../figures.ts";
import { firstKnown, samePlaces } from "../readiness/step-measures.ts";

/** What a tool needs of a process in order to work, as a form says it. Shares from 0 to 1; a step is one of the description, or an activity. */
export type Requirement = { id: string } & (
  | { kind: "fields"; step?: string; columns: string[]; share?: number }
  | { kind: "owner"; step: string }
  | { kind: "handoff"; from: string; to: string; share?: number }
  | { kind: "authoritative"; field: string }
  | { kind: "volume"; step?: string; perMonth: number }
  | { kind: "consistency"; step?: string; share?: number }
);

/** A requirement beside what the process has. */
export interface Held {
  /** the id of the requirement; null for a sentence of the document */
  requirement: string | null;
  kind: Requirement["kind"] | "document";
  claim: Claim;
  /** what the process has, where a share does not say it: "12 a week in the middle" */
  has: string | null;
  remedy: Remedy;
}

const USUAL = { fields: 0.95, handoff: 0.8, consistency: 0.8 };
/** Work that comes at the end of each month is not missing in its other weeks. */
const SPAN = 4 * 604_800_000;
const SPANS_A_MONTH = 365.25 / 12 / 28;

const REMEDY: Record<Held["kind"], Remedy> = {
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
 * What a tool requires, line by line, held against what the process has: each requirement of the form and each sentence of its document that demands something becomes a claim with its verdict. What cannot be tested says what is missing.
 * `about` keeps the claims of two tools apart.
 */
export function heldAgainst(
  evidence: Evidence,
  findings: readonly Finding[],
  tool: { about: string; name: string; requires: readonly Requirement[]; document: string | null },
): Held[] {
  const fromForm = tool.requires.map((one): Held => {
    const said = (check: string, subject?: string): Statement => ({
      statement: requirementInWords(one),
      saidBy: `${tool.name}, requirements`,
      source: "requirement",
      subject,
      check,
    });
    const { claim, has } = claimOf(evidence, findings, one, said);
    return {
      requirement: one.id,
      kind: one.kind,
      claim: { ...claim, id: claimOfRequirement(tool.about, one) },
      has: has ?? null,
      remedy: REMEDY[one.kind],
    };
  });
  const fromText =
    tool.document === null
      ? []
      : claimsOfRequirements(evidence, { name: `${tool.name}, document`, text: tool.document });
  return [
    ...fromForm,
    ...fromText.map((claim): Held => ({
      requirement: null,
      kind: "document",
      claim: { ...claim, id: claimId("requirement", `${tool.about}\u0000${claim.statement}`) },
      has: null,
      remedy: REMEDY.document,
    })),
  ];
}

/** The id of the claim of a requirement: whoever changes what is required has made another claim. */
export const claimOfRequirement = (about: string, one: Requirement): string =>
  claimId("requirement", `${about}\u0000${one.id}\u0000${requirementInWords(one)}`);

/** A requirement as a sentence. */
export function requirementInWords(one: Requirement): string {
  const at = "step" in one && one.step ? ` at "${one.step}"` : "";
  const least = (share: number) => `${Math.round(share * 100)} %`;
  switch (one.kind) {
    case "fields":
      return `${one.columns.join(", ")} filled${at} in at least ${least(one.share ?? USUAL.fields)}.`;
    case "owner":
      return `"${one.step}" has an owner who is named.`;
    case "handoff":
      return `"${one.from}" is handed on to "${one.to}" directly in at least ${least(one.share ?? USUAL.handoff)}.`;
    case "authoritative":
      return `One source is right for ${one.field}, and the others agree with it.`;
    case "volume":
      return `At least ${formatCount(one.perMonth)} a month${at}.`;
    case "consistency":
      return `The same kind of case is handled the same way${at} in at least ${least(one.share ?? USUAL.consistency)}.`;
  }
}

type Said = (check: string, subject?: string) => Statement;
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
const unknownStep = (evidence: Evidence, step: string, said: Said, check: string): Answer => ({
  claim: untestable(evidence, said(check, step), [{ kind: "step", name: step }]),
});

function fields(
  evidence: Evidence,
  { step, columns, share = USUAL.fields }: Extract<Requirement, { kind: "fields" }>,
  said: Said,
): Answer {
  const { log, caseOf } = evidence;
  const check = `share of ${step ? "executions" : "cases"} in which all of them have a value${step ? " by then" : ""}, at least ${Math.round(share * 100)} %`;
  const found = columns.map((name) => log.columns.find((one) => plainField(one.name) === plainField(name)));
  const missing = columns.filter((_, i) => !found[i]);
  if (missing.length > 0)
    return {
      claim: untestable(
        evidence,
        said(check, missing[0]),
        missing.map((name) => ({ kind: "named column", name })),
      ),
    };
  const first = found.map((column) => firstKnown(evidence, column!));
  if (!step) {
    const cases = Array.from({ length: log.caseCount }, (_, c) => c);
    const held = cases.map((c) => (first.every((one) => one[c] >= 0) ? 1 : 0));
    return { claim: judge(evidence, said(check), { cases, held }, share) };
  }
  const activities = activitiesOf(evidence, step);
  if (!activities) return unknownStep(evidence, step, said, check);
  const rows = rowsOf(evidence, activities);
  const outcomes: Outcomes = {
    cases: Array.from(rows, (e) => caseOf[e]),
    held: Array.from(rows, (e) => (first.every((one) => one[caseOf[e]] >= 0 && one[caseOf[e]] <= e) ? 1 : 0)),
    unit: "executions",
  };
  return { claim: judge(evidence, said(check, step), outcomes, share) };
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
  const check = "the description names who owns the step, by name, and no finding says otherwise";
  const { described } = evidence;
  if (!described)
    return { claim: untestable(evidence, said(check, step), [{ kind: "description", with: "roles" }]) };
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
      ...settled(evidence, said(check, step), named.length > 0 && !against),
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
  { from, to, share = USUAL.handoff }: Extract<Requirement, { kind: "handoff" }>,
  said: Said,
): Answer {
  const check = `share of the executions of "${from}" after which "${to}" comes next, at least ${Math.round(share * 100)} %`;
  const [a, b] = [activitiesOf(evidence, from), activitiesOf(evidence, to)];
  if (!a) return unknownStep(evidence, from, said, check);
  if (!b) return unknownStep(evidence, to, said, check);
  const { log, caseOf } = evidence;
  const [own, next] = [new Set(a), new Set(b)];
  // an execution that is only repeated has not been handed on yet; the last of a case that goes on elsewhere has
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
  return { claim: judge(evidence, said(check, from), outcomes, share) };
}

function authoritative(
  evidence: Evidence,
  findings: readonly Finding[],
  { field }: Extract<Requirement, { kind: "authoritative" }>,
  said: Said,
): Answer {
  const check = "the description says which source is right for it, and no source contradicts another";
  const { described } = evidence;
  if (!described)
    return {
      claim: untestable(evidence, said(check, field), [{ kind: "description", with: "authoritative rule" }]),
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
      ...settled(evidence, said(check, field), rule !== undefined && !against),
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
  const check = "share of the spans of four weeks that reach it, at least half of them";
  const activities = step ? activitiesOf(evidence, step) : undefined;
  if (step && !activities) return unknownStep(evidence, step, said, check);
  const spans = Math.floor((range.to - range.from) / SPAN);
  if (spans < 2) return { claim: untestable(evidence, said(check, step), [{ kind: "weeks", least: 8 }]) };
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
    claim: judge(evidence, said(check, step), outcomes, 0.5),
    has: `about ${formatCount(Math.round(middle * SPANS_A_MONTH))} a month`,
  };
}

function consistency(
  evidence: Evidence,
  { step, share = USUAL.consistency }: Extract<Requirement, { kind: "consistency" }>,
  said: Said,
): Answer {
  const least = `at least ${Math.round(share * 100)} %`;
  if (!step) {
    const { variantOf } = evidence.variants;
    const cases = Array.from({ length: evidence.log.caseCount }, (_, c) => c);
    return {
      // variants are numbered by how frequent they are
      claim: judge(
        evidence,
        said(`share of the cases that go one of the five most frequent ways, ${least}`),
        { cases, held: cases.map((c) => (variantOf[c] < 5 ? 1 : 0)) },
        share,
      ),
      has: `${formatCount(evidence.variants.caseCount.length)} ways in all`,
    };
  }
  const check = `share of its executions between the same five pairs of steps before and after, ${least}`;
  const activities = activitiesOf(evidence, step);
  if (!activities) return unknownStep(evidence, step, said, check);
  return {
    claim: judge(evidence, said(check, step), samePlaces(evidence, rowsOf(evidence, activities)), share),
  };
}
