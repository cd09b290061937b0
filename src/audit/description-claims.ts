import { checkDeadline, deadlineRules } from "../detectors/deadline-missed.ts";
import type { Described } from "../evidence/described.ts";
import { plain } from "../evidence/rules/values.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { needsIndividuals } from "../evidence/needs.ts";
import { checkOrder, orderRules } from "../detectors/order-rules.ts";
import { aboveLimit } from "../detectors/over-limit.ts";
import { standingsOf } from "../detectors/role-mismatch.ts";
import { bothByOne, separatePairs } from "../detectors/segregation-of-duties.ts";
import { stepsOfRule } from "../description/description.ts";
import { parseDuration } from "../description/duration.ts";
import { isMissing } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { judge, untestable, type Claim, type Outcomes, type Statement } from "./claims.ts";
import type { SaidBy, Says } from "./says.ts";

/**
 * Everything that a description says, as claims held against the log: that its steps are done, by whom, in
 * which order, with which fields filled and how soon; each of its rules. In the order of the description.
 */
export function claimsOfDescription(evidence: Evidence): Claim[] {
  const described = evidence.described;
  if (!described) return [];
  const { description } = described;
  const saidBy: SaidBy = {
    kind: "description",
    version: description.version ?? null,
    signedBy: description.signedOff?.by ?? null,
  };
  if (described.steps.every(({ activities }) => activities.length === 0))
    return [
      untestable(evidence, { says: { kind: "process seen" }, saidBy, source: "description" }, [
        { kind: "described steps" },
      ]),
    ];
  const claims: Claim[] = [];
  described.steps.forEach((_, s) => claims.push(...claimsOfStep(evidence, described, s, saidBy)));
  claims.push(...claimsOfOrder(evidence, described, saidBy), ...claimsOfRules(evidence, described, saidBy));
  return claims;
}

/** A described step, with how something is said of it. */
interface StepInQuestion {
  evidence: Evidence;
  described: Described;
  s: number;
  said: (says: Says) => Statement;
}

function claimsOfStep(evidence: Evidence, described: Described, s: number, saidBy: SaidBy): Claim[] {
  const said = (says: Says) => ({
    says,
    saidBy,
    source: "description" as const,
    subject: described.subjectOf(s),
  });
  const step = { evidence, described, s, said };
  return [claimOfDoing(step), ...claimOfRole(step), ...claimsOfFields(step), ...claimOfTarget(step)];
}

/** That the step is done where it must be; that it happens at all where it may be left out. */
function claimOfDoing({ evidence, described, s, said }: StepInQuestion): Claim {
  const { log, isClosed } = evidence;
  const { order } = described;
  const { name } = described.steps[s];
  const followers = new Set(
    described.steps.flatMap((other) => (order.requires(name, other.name) ? other.activities : [])),
  );
  const always = order.mandatory.has(name);
  const cases: number[] = [];
  const held: number[] = [];
  for (let c = 0; c < log.caseCount; c++) {
    if (evidence.beganBefore[c]) continue;
    let has = false;
    let past = isClosed[c] === 1 && (always || followers.size === 0);
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
      const own = described.stepOf[log.activity[e]] === s;
      has ||= own;
      past ||= followers.has(log.activity[e]);
    }
    if (!has && !past) continue;
    cases.push(c);
    held.push(has ? 1 : 0);
  }
  if (always || followers.size > 0)
    return judge(evidence, said({ kind: "step done", step: name }), { cases, held }, 0.95);
  const seen = held.includes(1);
  return {
    ...judge(evidence, said({ kind: "step happens", step: name }), { cases, held }, 0),
    threshold: null,
    caseIds: [],
    verdict: seen ? "confirmed" : cases.length >= 59 ? "contradicted" : "not enough evidence",
  };
}

/** That those do it who own it; nothing where it has no owner or anybody may. */
function claimOfRole({ evidence, described, s, said }: StepInQuestion): Claim[] {
  const { log, caseOf } = evidence;
  const { name, role, activities } = described.steps[s];
  if (role === undefined || activities.length === 0) return [];
  const statement = said({ kind: "step by role", step: name, role });
  const { entitled, others, outsideChain } = standingsOf(evidence)[s];
  const rows = [...entitled, ...others, ...outsideChain];
  if (rows.length === 0)
    return [
      untestable(evidence, statement, [
        log.person || log.role ? { kind: "holder", role } : { kind: "column", role: "person or role" },
      ]),
    ];
  if (described.description.roles?.[role]?.includes("*")) return [];
  const wrong = new Set([...others, ...outsideChain].map((e) => caseOf[e]));
  const cases = [...new Set(rows.map((e) => caseOf[e]))].sort((a, b) => a - b);
  return [judge(evidence, statement, { cases, held: cases.map((c) => (wrong.has(c) ? 0 : 1)) }, 0.9)];
}

/** That the fields are filled that it needs. */
function claimsOfFields({ evidence, described, s, said }: StepInQuestion): Claim[] {
  const { log, caseOf } = evidence;
  const { name, needs, activities } = described.steps[s];
  return needs.map((column) => {
    const found = log.columns.find((c) => plain(c.name) === plain(column));
    const statement = said({ kind: "field filled", column, step: name });
    if (!found) return untestable(evidence, statement, [{ kind: "named column", name: column }]);
    const filled = new Map<number, number>();
    for (const a of activities)
      for (const e of evidence.rowsOf(a)) {
        const has = isMissing(found, found.scope === "case" ? caseOf[e] : e) ? 0 : 1;
        filled.set(caseOf[e], Math.min(filled.get(caseOf[e]) ?? 1, has));
      }
    return judge(evidence, statement, byCase(filled), 0.95);
  });
}

/** That it is done as soon as it is meant to be; nothing without a target. */
function claimOfTarget({ evidence, described, s, said }: StepInQuestion): Claim[] {
  const { log, caseOf, calendar } = evidence;
  const { name, target, activities } = described.steps[s];
  if (target === undefined) return [];
  const span = parseDuration(target)!;
  const limit = "ms" in span ? span.ms : span.workingDays * calendar.hoursPerDay * 3_600_000;
  const took = new Map<number, number>();
  for (const a of activities)
    for (const e of evidence.rowsOf(a)) {
      if (e === log.caseStart[caseOf[e]]) continue;
      const ms =
        "ms" in span ? log.time[e] - log.time[e - 1] : calendar.workingMs(log.time[e - 1], log.time[e]);
      took.set(caseOf[e], Math.min(took.get(caseOf[e]) ?? 1, ms <= limit ? 1 : 0));
    }
  return [judge(evidence, said({ kind: "step in time", step: name, within: target }), byCase(took), 0.9)];
}

/** Outcomes of a map from case to 1 where it holds, in the order of cases. */
function byCase(kept: ReadonlyMap<number, number>): Outcomes {
  const ordered = [...kept].sort((a, b) => a[0] - b[0]);
  return { cases: ordered.map(([c]) => c), held: ordered.map(([, held]) => held) };
}

/** For each pair of steps that directly follow one another in the flow: that they come in this order. */
function claimsOfOrder(evidence: Evidence, described: Described, saidBy: SaidBy): Claim[] {
  const { log } = evidence;
  const { order, steps } = described;
  const ordered = steps.filter(({ activities }) => activities.length > 0);
  const claims: Claim[] = [];
  for (const a of ordered) {
    for (const b of ordered) {
      if (!order.precedes(a.name, b.name)) continue;
      const between = ordered.some(
        (m) =>
          order.precedes(a.name, m.name) &&
          order.precedes(m.name, b.name) &&
          (order.requires(m.name, b.name) || order.requires(a.name, m.name)),
      );
      if (between) continue;
      const [isA, isB] = [new Set(a.activities), new Set(b.activities)];
      const cases: number[] = [];
      const held: number[] = [];
      for (let c = 0; c < log.caseCount; c++) {
        let first = -1;
        let second = -1;
        for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
          if (first < 0 && isA.has(log.activity[e])) first = e;
          if (second < 0 && isB.has(log.activity[e])) second = e;
        }
        if (first < 0 || second < 0) continue;
        cases.push(c);
        held.push(first < second || log.time[first] === log.time[second] ? 1 : 0);
      }
      claims.push(
        judge(
          evidence,
          {
            says: { kind: "order", first: a.name, later: b.name },
            saidBy,
            source: "description",
            subject: b.name,
          },
          { cases, held },
          0.95,
        ),
      );
    }
  }
  return claims;
}

function claimsOfRules(evidence: Evidence, described: Described, saidBy: SaidBy): Claim[] {
  const { log, caseOf } = evidence;
  const said = (says: Says, subject: string | undefined) => ({
    says,
    saidBy,
    source: "description" as const,
    subject,
  });
  const claims: Claim[] = [];
  const casesOf = (rows: Iterable<number>) => new Set(Array.from(rows, (e) => caseOf[e]));
  const rules = described.description.rules ?? [];
  for (const check of orderRules(evidence)) {
    if (!check.said) continue; // the flow says so, and its order has claims of its own
    const { cases, bypassed, late } = checkOrder(evidence, check);
    const statement = said({ kind: "before", rule: check.said }, described.steps[check.step].name);
    claims.push(counted(evidence, statement, casesOf([...bypassed, ...late]), cases));
  }
  for (const rule of rules) {
    if (!("before" in rule)) continue;
    const missing = described.missingColumns(rule.when);
    if (missing.length > 0)
      claims.push(
        untestable(
          evidence,
          said({ kind: "before", rule }, rule.before),
          missing.map((name) => ({ kind: "named column", name })),
        ),
      );
  }
  const known = new Set([...described.steps.map(({ name }) => name), ...evidence.activityNames].map(plain));
  for (const rule of rules) {
    const isKnown = (step: string) => known.has(plain(step));
    // of alternatives one is enough
    const alternatives = "must" in rule ? [rule.must].flat() : [];
    const unknown = [...new Set(stepsOfRule(rule).map(([, step]) => step))].filter(
      (step) => !isKnown(step) && !(alternatives.includes(step) && alternatives.some(isKnown)),
    );
    if (unknown.length > 0)
      claims.push(
        untestable(
          evidence,
          said({ kind: "rule", rule }, undefined),
          unknown.map((name) => ({ kind: "step", name })),
        ),
      );
  }
  for (const ofRequests of [true, false]) {
    for (const pair of separatePairs(evidence, ofRequests)) {
      const { first, second } = pair;
      const statement = said({ kind: "separate", first, second }, second);
      if (!log.person || !evidence.hasIndividuals)
        claims.push(untestable(evidence, statement, needsIndividuals(evidence)));
      else {
        const { rows, outOf } = bothByOne(evidence, pair);
        claims.push(counted(evidence, statement, casesOf(rows), outOf));
      }
    }
  }
  for (const step of new Set(rules.flatMap((rule) => ("limit" in rule ? [rule.limit] : [])))) {
    const statement = said({ kind: "limit", step }, step);
    const own = rules.find((rule) => "limit" in rule && rule.limit === step)!;
    const column = ("amount" in own ? own.amount : undefined) ?? "amount";
    if (!described.valueAt(column))
      claims.push(untestable(evidence, statement, [{ kind: "named column", name: column }]));
    else {
      const { over, cases } = aboveLimit(evidence, step);
      claims.push(counted(evidence, statement, casesOf(over.map(([e]) => e)), cases.size));
    }
  }
  for (const rule of deadlineRules(evidence)) {
    const { observation, outOf } = checkDeadline(evidence, rule);
    const statement = said({ kind: "deadline", rule }, rule.deadline);
    if (rule.by !== undefined && !described.valueAt(rule.by))
      claims.push(untestable(evidence, statement, [{ kind: "named column", name: rule.by }]));
    else claims.push(counted(evidence, statement, new Set(observation?.cases ?? []), outOf, 0.95));
  }
  return claims;
}

/** A claim of which only the cases against it and their number are known. */
function counted(
  evidence: Evidence,
  said: Statement,
  wrong: ReadonlySet<number>,
  outOf: number,
  threshold: number | null = null,
): Claim {
  const cases = [...wrong].sort((a, b) => a - b);
  const n = Math.max(outOf, cases.length);
  const held = Array.from({ length: n }, (_, i) => (i < cases.length ? 0 : 1));
  return {
    ...judge(evidence, said, { cases: null, held }, threshold),
    caseIds: cases.map((c) => nameAt(evidence.log.caseIds, c)),
  };
}
