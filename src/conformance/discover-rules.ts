import type { EventLog } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { traceBag } from "../discovery/trace-bag.ts";
import { quantile } from "../statistics/quantile.ts";
import { describeRule, type DeclareRule, type TemplateName } from "./declare.ts";

export interface DiscoveredRule {
  rule: DeclareRule;
  statement: string;
  /** cases that put it to the test, and of those, the ones in which it held */
  activatedCases: number;
  satisfiedCases: number;
  support: number;
  confidence: number;
  /**
   * for rules by which the target follows: 95 % of the times it came within this long; undefined for others
   */
  usuallyWithinMs?: number;
}

/**
 * Rules that a stronger one implies, strongest first; what stands further right is not listed beside what
 * stands left of it.
 */
const STRENGTH: TemplateName[][] = [
  ["chain succession", "alternate succession", "succession", "co-existence"],
  ["chain response", "alternate response", "response", "responded existence"],
  ["chain precedence", "alternate precedence", "precedence"],
];

/** Rules, strongest first, for which it is also measured how long the target takes to follow. */
const TIMED = 200;

/**
 * What rules does the work itself follow? Every pair of activities is tried with every template; a rule is
 * listed when it was tested and held in at least `minSupport` of all cases, and held in at least
 * `minConfidence` of the cases that tested it. Rules that a stronger listed one implies are left out; "never
 * in the same case" and "never after" need both activities in `minSupport` of the cases each. "Never directly
 * after", which holds for most pairs of any process, can be checked but is not listed; nor is "never after"
 * beside a rule that says the order.
 *
 * Most support first; for the first 200 by which something follows, how long that usually takes. Cost: steps
 * of the different traces times the activities in each. Source: Di Ciccio and Mecella (2015), On the
 * discovery of declarative control flows for artful processes.
 */
export function discoverRules(
  log: EventLog,
  { minSupport = 0.1, minConfidence = 0.95 } = {},
): DiscoveredRule[] {
  const n = log.activities.length;
  const name = (a: number) => nameAt(log.activities, a);
  const bag = traceBag(log);
  const table = () => new Float64Array(n * n);
  const held: Partial<Record<TemplateName, Float64Array>> = {};
  const count = (template: TemplateName, a: number, b: number, cases: number) =>
    ((held[template] ??= table())[a * n + b] += cases);
  const inCases = new Float64Array(n);
  const together = table();
  const first = new Float64Array(n);
  const last = new Float64Array(n);
  const single = new Float64Array(n);

  const times = new Uint32Array(n);
  const firstAt = new Int32Array(n);
  const lastAt = new Int32Array(n);
  const direct = new Map<number, number>();
  for (let t = 0; t < bag.count.length; t++) {
    const trace = bag.codes.subarray(bag.offset[t], bag.offset[t + 1]);
    if (trace.length === 0) continue;
    const cases = bag.count[t];
    const present = [...new Set(trace)];
    for (const a of present) [times[a], lastAt[a]] = [0, -1];
    direct.clear();
    const notAlternateResponse = new Set<number>();
    const notAlternatePrecedence = new Set<number>();
    trace.forEach((x, p) => {
      if (times[x]++ === 0) firstAt[x] = p;
      else {
        for (const y of present) {
          if (y === x || lastAt[y] > lastAt[x]) continue;
          notAlternateResponse.add(x * n + y); // no y between two x
          notAlternatePrecedence.add(y * n + x);
        }
      }
      lastAt[x] = p;
      if (p > 0) direct.set(trace[p - 1] * n + x, (direct.get(trace[p - 1] * n + x) ?? 0) + 1);
    });
    first[trace[0]] += cases;
    last[trace[trace.length - 1]] += cases;
    for (const a of present) {
      inCases[a] += cases;
      if (times[a] === 1) single[a] += cases;
      for (const b of present) {
        if (a === b) continue;
        together[a * n + b] += cases;
        const follows = lastAt[b] > lastAt[a];
        const precedes = firstAt[a] < firstAt[b];
        const next = direct.get(a * n + b) ?? 0;
        const [altResponse, altPrecedence] = [
          follows && !notAlternateResponse.has(a * n + b),
          precedes && !notAlternatePrecedence.has(a * n + b),
        ];
        const [chainResponse, chainPrecedence] = [next === times[a], next === times[b]];
        if (follows) count("response", a, b, cases);
        if (altResponse) count("alternate response", a, b, cases);
        if (chainResponse) count("chain response", a, b, cases);
        if (precedes) count("precedence", a, b, cases);
        if (altPrecedence) count("alternate precedence", a, b, cases);
        if (chainPrecedence) count("chain precedence", a, b, cases);
        if (follows && precedes) count("succession", a, b, cases);
        if (altResponse && altPrecedence) count("alternate succession", a, b, cases);
        if (chainResponse && chainPrecedence) count("chain succession", a, b, cases);
        if (lastAt[b] < firstAt[a]) count("not succession", a, b, cases);
      }
    }
  }

  const found: DiscoveredRule[] = [];
  const add = (
    template: TemplateName,
    a: number,
    b: number | undefined,
    satisfied: number,
    activated: number,
    extra: Partial<DeclareRule> = {},
  ): boolean => {
    const support = satisfied / log.caseCount;
    const confidence = satisfied / activated;
    if (!(support >= minSupport && confidence >= minConfidence)) return false;
    const rule = { template, activation: [name(a)], target: b === undefined ? [] : [name(b)], ...extra };
    found.push({
      rule,
      statement: describeRule(rule),
      activatedCases: activated,
      satisfiedCases: satisfied,
      support,
      confidence,
    });
    return true;
  };
  for (let a = 0; a < n; a++) {
    if (inCases[a] === 0) continue;
    add("init", a, undefined, first[a], log.caseCount);
    add("end", a, undefined, last[a], log.caseCount);
    if (!add("exactly", a, undefined, single[a], log.caseCount, { times: 1 }))
      add("existence", a, undefined, inCases[a], log.caseCount, { times: 1 });
    for (let b = 0; b < n; b++) {
      if (a === b || inCases[b] === 0) continue;
      const both = together[a * n + b];
      const either = inCases[a] + inCases[b] - both;
      const heldBy = (template: TemplateName) => held[template]?.[a * n + b] ?? 0;
      const strongest = (templates: TemplateName[]) =>
        templates.some((template) => {
          if (template === "co-existence") return a < b && add(template, a, b, both, either);
          if (template === "responded existence") return add(template, a, b, both, inCases[a]);
          const activated = template.endsWith("succession")
            ? either
            : template.endsWith("response")
              ? inCases[a]
              : inCases[b];
          return add(template, a, b, heldBy(template), activated);
        });
      if (!strongest(STRENGTH[0])) for (const family of STRENGTH.slice(1)) strongest(family);
      if (Math.min(inCases[a], inCases[b]) < minSupport * log.caseCount) continue;
      if (a < b && both === 0) add("not co-existence", a, b, either, either);
      else if (both > 0)
        add("not succession", a, b, inCases[a] - both + heldBy("not succession"), inCases[a]);
    }
  }
  // "after b, a never follows" says little beside a rule that puts a before b
  const ordered = new Set(
    found
      .filter(
        ({ rule }) =>
          /succession|response|precedence/.test(rule.template) && !rule.template.startsWith("not"),
      )
      .map(({ rule }) => `${rule.activation[0]}\u0000${rule.target[0]}`),
  );
  const says = ({ rule }: DiscoveredRule) =>
    rule.template !== "not succession" || !ordered.has(`${rule.target[0]}\u0000${rule.activation[0]}`);
  const listed = found
    .filter(says)
    .sort(
      (r, s) => s.support - r.support || s.confidence - r.confidence || (r.statement < s.statement ? -1 : 1),
    );
  for (const entry of listed.slice(0, TIMED)) {
    if (/response|succession/.test(entry.rule.template) && !entry.rule.template.startsWith("not"))
      entry.usuallyWithinMs = usualSpan(log, entry.rule.activation[0], entry.rule.target[0]);
  }
  return listed;
}

/**
 * The 95 % quantile of the times from each activation to the first target behind it in its case; undefined
 * where none follows. One pass.
 */
function usualSpan(log: EventLog, activation: string, target: string): number | undefined {
  const code = (name: string) => {
    for (let a = 0; a < log.activities.length; a++) if (nameAt(log.activities, a) === name) return a;
    return -1;
  };
  const [a, b] = [code(activation), code(target)];
  const spans: number[] = [];
  for (let c = 0; c < log.caseCount; c++) {
    let next = NaN;
    for (let e = log.caseStart[c + 1] - 1; e >= log.caseStart[c]; e--) {
      if (log.activity[e] === a && !Number.isNaN(next)) spans.push(next - log.time[e]);
      if (log.activity[e] === b) next = log.time[e];
    }
  }
  return quantile(spans, 0.95);
}
