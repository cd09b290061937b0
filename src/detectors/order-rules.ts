import type { Evidence } from "../evidence/evidence.ts";
import { describeTests } from "../evidence/described.ts";
import { flags, orderInCase, orderKept } from "../evidence/rules/in-case.ts";
import type { BeforeRule, Test } from "../description/description.ts";

/** What must come before what, from a rule of the description or from its flow. */
export interface OrderRule {
  /** activities of the step that must come first; any of them will do */
  first: number[];
  /** activities that may only follow it */
  later: number[];
  when?: Record<string, Test>;
  /** in words, as the description says it */
  words: string;
  /** the rule of the description that says so; none where the flow does */
  said?: BeforeRule;
  /** number of the step that must come first */
  step: number;
}

/** How a rule fared in the cases that it is about. */
export interface OrderCheck {
  rule: OrderRule;
  /** cases that the rule is about: with a row of `later`, and the tests holding */
  cases: number;
  /** first rows of `later` before which nothing of `first` happened, nor after it */
  bypassed: number[];
  /** rows of `first` that came only after `later` */
  late: number[];
}

/**
 * Rules of the form "B only after A": those of the description, and by its flow, that nothing comes without
 * the steps that every run has before it. A step with a rule of its own is judged by its rule alone.
 */
export function orderRules(evidence: Evidence): OrderRule[] {
  const described = evidence.described!;
  const { steps, order, description } = described;
  const rules: OrderRule[] = [];
  const ruled = new Set<number>();
  for (const rule of description.rules ?? []) {
    if (!("before" in rule) || described.missingColumns(rule.when).length > 0) continue;
    const musts = [rule.must].flat();
    const first = musts.flatMap((must) => described.activitiesOf(must));
    const later = described.activitiesOf(rule.before);
    // of alternatives the first that is a step here
    const step = musts.map((must) => described.step(must)).find((s) => s >= 0) ?? -1;
    for (const must of musts) ruled.add(described.step(must));
    if (later.length === 0 || step < 0) continue;
    const tests = describeTests(rule.when);
    rules.push({
      first,
      later,
      when: rule.when,
      words: `${musts.map((must) => `"${must}"`).join(" or ")} before "${rule.before}"${tests === "" ? "" : ` where ${tests}`}`,
      said: rule,
      step,
    });
  }
  steps.forEach((step, s) => {
    if (ruled.has(s) || step.activities.length === 0) return;
    const later = steps
      .filter((other) => order.requires(step.name, other.name))
      .flatMap(({ activities }) => activities);
    if (later.length > 0)
      rules.push({
        first: step.activities,
        later,
        words: `"${step.name}" before what follows it in the flow`,
        step: s,
      });
  });
  return rules;
}

/**
 * Checks one rule on every case, in its last round where it was refused and begun again. Equal times count as
 * in order, since a log of days or minutes does not say which came first; cases that had begun before the log
 * did, or in which the step was due before it was ever done in the log or after it was given up, are left
 * out. One pass.
 */
export function checkOrder(evidence: Evidence, rule: OrderRule): OrderCheck {
  const { log } = evidence;
  const { caseStart, time } = log;
  const described = evidence.described!;
  const marks = {
    isFirst: flags(rule.first, log.activities.length),
    isLater: flags(rule.later, log.activities.length),
    refuses: evidence.refuses,
  };
  const check: OrderCheck = { rule, cases: 0, bypassed: [], late: [] };
  const existed = whenSeen(evidence, rule.first);
  for (let c = 0; c < log.caseCount; c++) {
    const { first, later } = orderInCase(log, caseStart[c], caseStart[c + 1], marks);
    if (later < 0 || evidence.beganBefore[c] || !described.holds(rule.when, c, later)) continue;
    // a step that did not exist yet, or no more, was not skipped: that is a change of the process
    if (first < 0 && (time[later] < existed.from || time[later] > existed.to)) continue;
    check.cases++;
    const kept = orderKept(time, first, later);
    if (kept === "bypassed") check.bypassed.push(later);
    else if (kept === "late") check.late.push(first);
  }
  return check;
}

/**
 * From when to when a step was in use: where it first (last) appears a tenth of the log after its begin
 * (before its end) or later, with twenty cases or more on the far side, it was introduced (given up) then.
 */
function whenSeen({ log, range }: Evidence, activities: readonly number[]): { from: number; to: number } {
  const isOwn = flags(activities, log.activities.length);
  let [from, to] = [Infinity, -Infinity];
  for (let e = 0; e < log.eventCount; e++) {
    if (!isOwn[log.activity[e]]) continue;
    if (log.time[e] < from) from = log.time[e];
    if (log.time[e] > to) to = log.time[e];
  }
  const margin = (range.to - range.from) * 0.1;
  let [before, after] = [0, 0];
  for (let c = 0; c < log.caseCount; c++) {
    if (log.time[log.caseStart[c]] < from) before++;
    if (log.time[log.caseStart[c]] > to) after++;
  }
  return {
    from: from > range.from + margin && before >= 20 ? from : -Infinity,
    to: to < range.to - margin && after >= 20 ? to : Infinity,
  };
}

/** Every rule with how it fared; worked out once for an evidence. */
export function checkedOrderRules(evidence: Evidence): OrderCheck[] {
  return evidence.once("order rules", () => orderRules(evidence).map((rule) => checkOrder(evidence, rule)));
}
