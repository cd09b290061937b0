import type { LimitRule } from "../description/description.ts";
import { nameAt } from "../eventlog/strings.ts";
import { describeTests } from "../evidence/described.ts";
import { limitFor, plain } from "../evidence/rules/values.ts";
import { caseSet, costOf, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Need } from "../evidence/need.ts";
import { needsRule } from "../evidence/needs.ts";

/**
 * Finds steps done above the limit of whoever did them: by the `limit` rules of the description, of a person,
 * of a role, or of everybody. The amount is the one recorded by then in the case. Of several rules that fit a
 * person the most specific counts: the person's own, the role's, everybody's.
 *
 * One counter-example is a finding; one finding per step. One pass per rule.
 */
export const overLimit = defineDetector({
  id: "over-limit",
  category: "approvals",
  title: "Decisions above the limit",
  question: "Who decides on more than their limit allows?",
  remedy: {
    text: "Put the limits into the system; send what is above to the next level.",
    effort: "days",
    decides: "controller",
  },
  options: { minCases: 1 },

  missing: needsLimits,

  detect(evidence, { minCases }) {
    const { log, caseOf } = evidence;
    const described = evidence.described!;
    const rules = (described.description.rules ?? []).filter((rule): rule is LimitRule => "limit" in rule);
    const found: Observation[] = [];
    for (const step of new Set(rules.map((rule) => rule.limit))) {
      const own = rules.filter((rule) => rule.limit === step);
      const { over, cases } = aboveLimit(evidence, step);
      const affected = caseSet(over.map(([e]) => caseOf[e]));
      if (affected.length < minCases) continue;
      const people = log.person ? [...new Set(over.map(([e]) => log.person![e]))].filter((p) => p > 0) : [];
      const subject = described.step(step) >= 0 ? described.subjectOf(described.step(step)) : step;
      found.push({
        subject,
        statement: `In ${affected.length} of ${cases.size} cases with a limit "${step}" was done above it.`,
        cases: affected,
        outOf: cases.size,
        people,
        cost: costOf("exposure", "amounts above the limit of whoever decided", over),
        facts: own.map((rule): [string, string] => ["limit", inWords(rule)]),
      });
    }
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});

/**
 * Rows of a step above the limit of whoever did them, with their amounts, and the cases in which a limit held
 * for somebody.
 */
export function aboveLimit(
  evidence: Evidence,
  step: string,
): { over: [row: number, amount: number][]; cases: Set<number> } {
  const described = evidence.described!;
  const own = (described.description.rules ?? []).filter(
    (rule): rule is LimitRule => "limit" in rule && rule.limit === step,
  );
  const over: [row: number, amount: number][] = [];
  const cases = new Set<number>();
  for (const a of described.activitiesOf(step)) {
    for (const e of evidence.rowsOf(a)) {
      const c = evidence.caseOf[e];
      const rule = limitOf(evidence, own, e);
      if (!rule || !described.holds(rule.when, c, e)) continue;
      const amount = Number(described.valueAt(rule.amount ?? "amount")?.(c, e));
      if (Number.isNaN(amount)) continue;
      cases.add(c);
      if (amount > rule.upTo) over.push([e, amount]);
    }
  }
  return { over, cases };
}

function needsLimits(evidence: Evidence): Need[] {
  const needs = needsRule(evidence, "limit");
  if (needs.length > 0) return needs;
  const rules = evidence.described!.description.rules!.filter((rule): rule is LimitRule => "limit" in rule);
  const columns = new Set(rules.map((rule) => rule.amount ?? "amount"));
  const missing = [...columns].filter((name) => evidence.described!.valueAt(name) === undefined);
  if (missing.length > 0) return missing.map((name) => ({ kind: "named column", name, holds: "amounts" }));
  return rules.every((rule) => rule.person !== undefined || rule.role !== undefined) && !evidence.log.person
    ? [{ kind: "column", role: "person" }]
    : [];
}

/** The limit that holds for whoever did a row. */
function limitOf(
  { log, described }: Evidence,
  rules: readonly LimitRule[],
  e: number,
): LimitRule | undefined {
  const p = log.person?.[e] ?? 0;
  const name = p > 0 ? plain(nameAt(log.people, p)) : undefined;
  const acting = log.role && log.role[e] > 0 ? [nameAt(log.roles, log.role[e])] : [];
  return limitFor(rules, name, new Set([...(p > 0 ? described!.rolesOf(p) : []), ...acting].map(plain)));
}

function inWords({ person, role, upTo, amount = "amount", when }: LimitRule): string {
  const tests = describeTests(when);
  const whose = person === undefined ? (role === undefined ? "everybody" : role) : "one person";
  return `${whose}: ${amount} up to ${upTo}${tests === "" ? "" : ` where ${tests}`}`;
}
