import { createHash } from "node:crypto";
import {
  countShared,
  type Cost,
  type Detector,
  type MoneyKind,
  type Observation,
} from "../detectors/detector.ts";
import type { Evidence } from "../detectors/evidence.ts";
import { detectors as allDetectors } from "../detectors/index.ts";
import { nameAt } from "../eventlog/strings.ts";
import { wilson } from "../statistics/intervals.ts";
import { Random } from "../statistics/random.ts";
import { quantileOfSorted } from "../statistics/quantile.ts";
import { benjaminiHochberg } from "../statistics/tests.ts";
import type { Finding, Money, NotTestable, Range, Totals } from "./finding.ts";
import { ASSUMED_RATES, RATE_SPREAD, type Rates } from "./rates.ts";

export interface AuditOptions {
  detectors?: readonly Detector[];
  rates?: Rates;
  /** changed thresholds, by detector id and option */
  thresholds?: Record<string, Record<string, number>>;
  onProgress?: (share: number, what: string) => void;
}

export interface Audit {
  findings: Finding[];
  notTestable: NotTestable[];
  totals: Totals[];
  exposure: ({ currency: string } & Range)[];
  /** hours of work that only make up for the process; null where handling times are not visible */
  compensationHours: number | null;
  /** findings that another one keeps, since they are the same cause */
  absorbed: { id: string; detector: string; subject: string; into: string }[];
}

/** A finding on its way, with what pricing needs. */
interface Draft {
  id: string;
  detector: Detector;
  observation: Observation;
  alsoSeenBy: string[];
  /** quantity per week of the log, for resampling; empty without a price */
  byWeek: Float64Array;
  priced: Cost | undefined;
}

const REPLICATES = 1000;

/**
 * Runs every detector over the evidence, prices what they saw, and sees to it that one cause is one finding and one euro belongs to one
 * finding: detectors stand in order of precision, and a row that one has charged for a kind of money is not charged again.
 *
 * Findings come by kind of money (cash, working capital, labour, delay, exposure, none), in each the most money first, then most cases. Mids of totals are the sums of the mids shown; low and high of
 * a sum come from resampling weeks and rates jointly. Deterministic. Each detector says its own cost.
 */
export function runAudit(evidence: Evidence, options: AuditOptions = {}): Audit {
  const { detectors = allDetectors, rates = ASSUMED_RATES, thresholds = {}, onProgress } = options;
  const notTestable: NotTestable[] = [];
  const drafts: Draft[] = [];
  detectors.forEach((detector, i) => {
    onProgress?.(i / detectors.length, detector.id);
    const needs = detector.missing(evidence);
    if (needs.length > 0) {
      notTestable.push({ detector: detector.id, needs });
      return;
    }
    const observations = detector.detect(evidence, { ...detector.options, ...thresholds[detector.id] });
    for (const observation of controlled(observations)) {
      const id = findingId(detector.id, observation.subject);
      drafts.push({
        id,
        detector,
        observation,
        alsoSeenBy: [],
        byWeek: new Float64Array(0),
        priced: undefined,
      });
    }
  });
  const { kept, absorbed } = withoutRepeats(drafts);
  chargeOnce(kept, evidence);
  return { ...price(kept, evidence, rates, notTestable), absorbed };
}

/** Ids are a hash of detector and subject, so that they stay the same from audit to audit. */
export function findingId(detector: string, subject: string): string {
  return createHash("sha256").update(`${detector}\u0000${subject}`).digest("hex").slice(0, 10);
}

/** Leaves out what false-discovery control does not let stand; counts of counter-examples are no tests. */
function controlled(observations: Observation[]): Observation[] {
  const tested = observations.filter(({ p }) => p !== undefined);
  const stands = benjaminiHochberg(tested.map(({ p }) => p!));
  return observations.filter((o) => o.p === undefined || stands[tested.indexOf(o)]);
}

/** One cause, one finding: of two about the same subject and mostly the same cases the more specific stays. */
function withoutRepeats(drafts: Draft[]): { kept: Draft[]; absorbed: Audit["absorbed"] } {
  const kept: Draft[] = [];
  const absorbed: Audit["absorbed"] = [];
  for (const draft of drafts) {
    const same = kept.find(
      (other) => other.observation.subject === draft.observation.subject && isSameCause(other, draft),
    );
    if (same) {
      same.alsoSeenBy.push(draft.id);
      absorbed.push({
        id: draft.id,
        detector: draft.detector.id,
        subject: draft.observation.subject,
        into: same.id,
      });
    } else kept.push(draft);
  }
  return { kept, absorbed };
}

/** Pairs of detectors that can see one cause: the first keeps it. */
const SAME_CAUSE = new Set([
  "batching/handoff-wait",
  "absence-stall/handoff-wait",
  "compensating-work/rework",
  "ping-pong/rework",
  "pressure-break/rework",
  "ping-pong/compensating-work",
  "late-logging/handoff-wait",
  "single-approver/key-person",
  "rubber-stamp/batching",
  "rubber-stamp/absence-stall",
  "single-approver/absence-stall",
  "key-person/absence-stall",
]);

function isSameCause(specific: Draft, general: Draft): boolean {
  if (!SAME_CAUSE.has(`${specific.detector.id}/${general.detector.id}`)) return false;
  const [a, b] = [specific.observation.cases, general.observation.cases];
  const people = new Set(specific.observation.people);
  const shared = countShared(a, b);
  // A person who clears a pile once a week also lets it lie while away: one habit.
  if (general.detector.id === "absence-stall" && general.observation.people.some((p) => people.has(p)))
    return true;
  return shared >= 0.5 * b.length; // of what would be dropped
}

/** Gives each row's quantity of a kind to the first finding that charges it; the others name that finding. */
function chargeOnce(drafts: Draft[], { log, range }: Evidence): void {
  const owners = new Map<MoneyKind, Map<number, string>>();
  const week = 7 * 86_400_000;
  const weeks = Math.min(5200, Math.max(1, Math.ceil((range.to - range.from + 1) / week)));
  const scale = Math.max(week, (range.to - range.from + 1) / weeks);
  for (const draft of drafts) {
    const cost = draft.observation.cost;
    if (!cost) continue;
    const owner = owners.get(cost.kind) ?? owners.set(cost.kind, new Map()).get(cost.kind)!;
    const rows: number[] = [];
    const quantity: number[] = [];
    draft.byWeek = new Float64Array(weeks);
    const others = new Set<string>();
    cost.rows.forEach((row, i) => {
      const first = owner.get(row);
      if (first !== undefined && first !== draft.id) {
        others.add(first);
        return;
      }
      owner.set(row, draft.id);
      rows.push(row);
      quantity.push(cost.quantity[i]);
      draft.byWeek[Math.min(weeks - 1, Math.max(0, Math.floor((log.time[row] - range.from) / scale)))] +=
        cost.quantity[i];
    });
    draft.alsoSeenBy.push(...[...others].filter((id) => !draft.alsoSeenBy.includes(id)));
    if (rows.length > 0)
      draft.priced = { ...cost, rows: Uint32Array.from(rows), quantity: Float64Array.from(quantity) };
  }
}

function price(
  drafts: Draft[],
  evidence: Evidence,
  rates: Rates,
  notTestable: NotTestable[],
): Omit<Audit, "absorbed"> {
  const { log } = evidence;
  const weeks = drafts.find((d) => d.byWeek.length > 0)?.byWeek.length ?? 1;
  const resampled = resampleWeeks(weeks);
  const rateFactors = replicateRates(rates);
  const sums = new Map<MoneyKind, { mid: number; replicates: Float64Array }>();

  const findings = drafts.map((draft): Finding => {
    const { observation, detector, priced } = draft;
    const { outOf } = observation;
    const cases = observation.cases.length;
    const unit = priced && unitPrice(priced, evidence, rates);
    let money: Money | null = null;
    let hours: number | null = null;
    if (priced?.kind === "labour") hours = priced.quantity.reduce((a, b) => a + b, 0);
    if (priced && unit) {
      const mid = round(priced.quantity.reduce((sum, q, i) => sum + q * unit.at(priced.rows[i]), 0));
      const perUnit = mid / (priced.quantity.reduce((a, b) => a + b, 0) || 1);
      const counted = priced.kind === "exposure"; // amounts that stand in the evidence: nothing is estimated
      const replicates = new Float64Array(REPLICATES);
      for (let r = 0; r < REPLICATES; r++) {
        let sum = 0;
        for (let w = 0; w < weeks; w++) sum += draft.byWeek[w] * resampled[r * weeks + w];
        replicates[r] = counted ? mid : sum * perUnit * rateFactors[r];
      }
      const total = sums.get(priced.kind) ?? { mid: 0, replicates: new Float64Array(REPLICATES) };
      total.mid += mid;
      replicates.forEach((value, r) => (total.replicates[r] += value));
      sums.set(priced.kind, total);
      money = {
        kind: priced.kind,
        ...rangeOf(mid, replicates),
        currency: rates.currency,
        basis: `${priced.basis}${unit.words}`,
      };
    }
    return {
      id: draft.id,
      detector: detector.id,
      category: detector.category,
      title: detector.title,
      subject: observation.subject,
      statement: withSeparators(observation.statement),
      cases,
      outOf,
      share: outOf === 0 ? null : cases / outOf,
      interval: outOf === 0 ? null : (wilson(cases, outOf) ?? null),
      caseIds: Array.from(observation.cases, (c) => nameAt(log.caseIds, c)),
      people: observation.people.map((p) => nameAt(log.people, p)),
      records: [],
      money,
      alsoSeenBy: draft.alsoSeenBy,
      facts: observation.facts,
      hours,
    };
  });
  const order = new Map<string, number>(
    ["cash", "working capital", "labour", "delay", "exposure"].map((kind, i) => [kind, i]),
  );
  findings.sort(
    (f, g) =>
      (f.money ? order.get(f.money.kind)! : 5) - (g.money ? order.get(g.money.kind)! : 5) ||
      (g.money?.mid ?? 0) - (f.money?.mid ?? 0) ||
      g.cases - f.cases,
  );
  const total = (kind: MoneyKind): Range => {
    const sum = sums.get(kind);
    return sum ? rangeOf(round(sum.mid), sum.replicates) : { low: 0, mid: 0, high: 0 };
  };
  const exposed = sums.get("exposure");
  return {
    findings,
    notTestable,
    totals: [
      {
        currency: rates.currency,
        cash: total("cash"),
        workingCapital: total("working capital"),
        labour: total("labour"),
        delay: total("delay"),
      },
    ],
    exposure: exposed ? [{ currency: rates.currency, ...total("exposure") }] : [],
    compensationHours: compensationHours(evidence),
  };
}

/** Puts separators into the counts of a sentence ("1,052 of 20,825 cases"); names in quotes and dates stay as they are. */
function withSeparators(statement: string): string {
  return statement.replace(/"[^"]*"|\d{4}-\d{2}-\d{2}|(?<![\d.,])\d{4,}(?![\d.,]*\d)/g, (part) =>
    /^\d+$/.test(part) ? Number(part).toLocaleString("en-GB") : part,
  );
}

/** What one unit of a quantity costs at a row, and how the basis says so; undefined where it has no price. */
function unitPrice({ kind }: Cost, { log, calendar }: Evidence, rates: Rates) {
  if (kind === "labour") {
    const byRole = log.role && Object.keys(rates.roles).length > 0;
    const at = (row: number) =>
      byRole ? (rates.roles[nameAt(log.roles, log.role![row])] ?? rates.hourly) : rates.hourly;
    const words = byRole
      ? " × the rate of each role"
      : ` × ${rates.hourly} ${rates.currency} an hour${rates.assumed ? " (assumed)" : ""}`;
    return { at, words };
  }
  if (kind === "delay") {
    const { delayPerDay } = rates;
    if (delayPerDay === undefined) return undefined;
    const perHour = delayPerDay / calendar.hoursPerDay;
    return { at: () => perHour, words: ` × ${delayPerDay} ${rates.currency} a working day` };
  }
  return { at: () => 1, words: "" };
}

/** How often each week is drawn in each replicate of a bootstrap over whole weeks. */
function resampleWeeks(weeks: number): Float64Array {
  const random = new Random(20_250_301);
  const drawn = new Float64Array(REPLICATES * weeks);
  for (let r = 0; r < REPLICATES; r++)
    for (let w = 0; w < weeks; w++) drawn[r * weeks + random.below(weeks)]++;
  return drawn;
}

/** Rates that are assumed vary over ±30 %, all together: whoever earns more than assumed does so in every finding. Given rates are what they are. */
function replicateRates(rates: Rates): Float64Array {
  const random = new Random(45);
  return Float64Array.from(
    { length: REPLICATES },
    () => 1 + (rates.assumed ? RATE_SPREAD : 0) * (2 * random.next() - 1),
  );
}

function rangeOf(mid: number, replicates: Float64Array): Range {
  const sorted = replicates.slice().sort();
  const low = quantileOfSorted(sorted, 0.025) ?? mid;
  const high = quantileOfSorted(sorted, 0.975) ?? mid;
  return { low: Math.min(mid, round(low)), mid, high: Math.max(mid, round(high)) };
}

const round = (amount: number) => Math.round(amount * 100) / 100;

function compensationHours(evidence: Evidence): number | null {
  const { activityNames, isCompensating, byActivity } = evidence;
  let hours = 0;
  let known = false;
  activityNames.forEach((_, a) => {
    const handling = evidence.handling(a);
    if (handling) known = true;
    if (isCompensating[a] && handling) {
      for (let i = byActivity.start[a]; i < byActivity.start[a + 1]; i++)
        if (evidence.isWork(byActivity.rows[i])) hours += handling.hours;
    }
  });
  return known ? round(hours) : null;
}
