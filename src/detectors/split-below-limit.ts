import type { SplitLimitRule } from "../description/description.ts";
import { parseDuration } from "../description/duration.ts";
import { plain } from "../evidence/rules/values.ts";
import { caseSet, costOf, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Need } from "../evidence/need.ts";
import { needsRule } from "../evidence/needs.ts";

/**
 * Finds amounts cut into parts that each stay within a limit: by a `splitLimit` rule, two or more executions
 * of the step with the same person, vendor or whatever `by` names, within the given time, each at most the
 * limit, together above it.
 *
 * One finding per step; `cases` are all parts. Sorting within each group; else one pass. Executions in one
 * case count once, with their largest amount.
 */
export const splitBelowLimit = defineDetector({
  id: "split-below-limit",
  category: "approvals",
  title: "Amounts are split to stay below a limit",
  question: "Which purchases are cut into parts that nobody needs to approve?",
  remedy: {
    text: "Add up by vendor and requester before the limit is applied.",
    effort: "weeks",
    decides: "controller",
  },
  options: { minGroups: 1 },

  missing(evidence): Need[] {
    const needs = needsRule(evidence, "splitLimit");
    if (needs.length > 0) return needs;
    const rules = splitRules(evidence);
    const columns = rules.flatMap((rule) => [
      rule.amount ?? "amount",
      ...byOf(rule).filter((name) => !isPerson(name)),
    ]);
    const missing = [...new Set(columns)].filter((name) => evidence.described!.valueAt(name) === undefined);
    const person = rules.some((rule) => byOf(rule).some(isPerson)) && !evidence.log.person;
    return [
      ...missing.map((name): Need => ({ kind: "named column", name })),
      ...(person ? [{ kind: "column" as const, role: "person" as const }] : []),
    ];
  },

  detect(evidence, { minGroups }) {
    const described = evidence.described!;
    const { log, caseOf } = evidence;
    const found = new Map<
      string,
      { parts: Map<number, number>; groups: number; outOf: number; words: string }
    >();
    for (const rule of splitRules(evidence)) {
      const step = rule.step ?? described.order.steps[0];
      const span = parseDuration(rule.within ?? "1d")!;
      const windowMs = "ms" in span ? span.ms : (span.workingDays * 7 * 86_400_000) / 5;
      const amountAt = described.valueAt(rule.amount ?? "amount")!;
      const readers = byOf(rule).map((name) => (isPerson(name) ? undefined : described.valueAt(name)!));
      const groups = new Map<string, { row: number; time: number; amount: number }[]>();
      const seen = new Map<number, { row: number; time: number; amount: number }>();
      for (const a of described.activitiesOf(step)) {
        for (const e of evidence.rowsOf(a)) {
          const c = caseOf[e];
          const amount = Number(amountAt(c, e));
          if (!(amount > 0) || amount > rule.splitLimit || !described.holds(rule.when, c, e)) continue;
          const known = seen.get(c);
          if (known) {
            known.amount = Math.max(known.amount, amount);
            continue;
          }
          const values = readers.map((read) => (read ? read(c, e) : log.person![e] || undefined));
          if (values.includes(undefined)) continue;
          const entry = { row: e, time: log.time[e], amount };
          seen.set(c, entry);
          const key = values.map((value) => plain(String(value))).join("\u0000");
          const group = groups.get(key);
          if (group) group.push(entry);
          else groups.set(key, [entry]);
        }
      }
      const subject = described.step(step) >= 0 ? described.subjectOf(described.step(step)) : step;
      const entry = found.get(subject) ?? {
        parts: new Map<number, number>(),
        groups: 0,
        outOf: 0,
        words: "",
      };
      entry.outOf = Math.max(entry.outOf, seen.size);
      entry.words = `by the same ${byOf(rule).join(" and ")} within ${rule.within ?? "1d"}, together above ${rule.splitLimit}`;
      for (const group of groups.values()) {
        for (const run of splitsIn(group, windowMs, rule.splitLimit)) {
          entry.groups++;
          for (const part of run) entry.parts.set(part.row, part.amount);
        }
      }
      found.set(subject, entry);
    }
    return [...found].flatMap(([subject, { parts, groups, outOf, words }]): Observation[] => {
      if (groups < minGroups) return [];
      const rows = [...parts.keys()];
      return [
        {
          subject,
          statement: `${parts.size} times "${subject}" was part of an amount that looks split: ${groups} groups ${words}.`,
          cases: caseSet(rows.map((e) => caseOf[e])),
          outOf,
          people: log.person ? [...new Set(rows.map((e) => log.person![e]))].filter((p) => p > 0) : [],
          cost: costOf("exposure", "amounts of the parts", parts),
          facts: [["groups", String(groups)]],
        },
      ];
    });
  },
});

function splitRules(evidence: Evidence): SplitLimitRule[] {
  return (evidence.described!.description.rules ?? []).filter(
    (rule): rule is SplitLimitRule => "splitLimit" in rule,
  );
}

const byOf = (rule: SplitLimitRule) => rule.by ?? ["person", "vendor"];
const isPerson = (name: string) => /^(person|resource|user|requester|org:resource)$/i.test(name);

/**
 * Stretches of a group within the window whose sum is above the limit, as long as each goes; no part is in
 * two.
 */
function splitsIn<T extends { time: number; amount: number }>(
  group: T[],
  windowMs: number,
  limit: number,
): T[][] {
  group.sort((a, b) => a.time - b.time);
  const runs: T[][] = [];
  for (let from = 0; from < group.length;) {
    let to = from;
    let sum = 0;
    while (to < group.length && group[to].time - group[from].time <= windowMs) sum += group[to++].amount;
    if (to - from >= 2 && sum > limit) {
      runs.push(group.slice(from, to));
      from = to;
    } else from++;
  }
  return runs;
}
