import { createHash } from "node:crypto";
import {
  countShared,
  type Cost,
  type Detector,
  type MoneyKind,
  type Observation,
} from "../detectors/detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { detectors as allDetectors } from "../detectors/index.ts";
import { tableLabel } from "../eventlog/record-table.ts";
import { nameAt } from "../eventlog/strings.ts";
import { shareOfClusters, spreadOfTotal, totalFactor } from "../statistics/clustered.ts";
import { wilson } from "../statistics/intervals.ts";
import { Random } from "../statistics/random.ts";
import { quantileOfSorted } from "../statistics/quantile.ts";
import { benjaminiHochberg } from "../statistics/tests.ts";
import type { Finding, Money, NotTestable, Range, Totals } from "./finding.ts";
import { drawPrecision, latestReviews, precisionOf, type Precision, type Review } from "./precision.ts";
import { ASSUMED_RATES, RATE_SPREAD, type Rates } from "./rates.ts";

export interface AuditOptions {
  detectors?: readonly Detector[];
  rates?: Rates;
  /** changed thresholds, by detector id and option */
  thresholds?: Record<string, Record<string, number>>;
  /** what people said about findings, for the precision of detectors */
  reviews?: readonly Review[];
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
  priced: Cost | undefined;
}

const REPLICATES = 1000;

/**
 * Runs every detector over the evidence, prices what they saw, and sees to it that one cause is one finding
 * and one euro belongs to one finding: detectors stand in order of precision, and a row that one has charged
 * for a kind of money is not charged again.
 *
 * Findings come by kind of money (cash, working capital, labour, delay, exposure, none), in each the most
 * money first, then most cases. Mids of totals are the sums of the mids shown; low and high of a sum come
 * from resampling weeks and rates jointly. Deterministic. Each detector says its own cost.
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
      const id = findingId(detector.id, observation.subject, observation.cost?.currency, drafts);
      drafts.push({
        id,
        detector,
        observation,
        alsoSeenBy: [],
        priced: undefined,
      });
    }
  });
  const { kept, absorbed } = withoutRepeats(drafts);
  chargeOnce(kept, evidence);
  return { ...price(kept, evidence, rates, options.reviews ?? [], notTestable), absorbed };
}

/**
 * Ids are a hash of detector and subject, so that they stay the same from audit to audit. A second finding of
 * a detector about the same subject (in another currency) has that in its id too.
 */
export function findingId(
  detector: string,
  subject: string,
  currency = "",
  others: readonly { id: string }[] = [],
): string {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 10);
  const id = hash(`${detector}\u0000${subject}`);
  return others.some((other) => other.id === id) ? hash(`${detector}\u0000${subject}\u0000${currency}`) : id;
}

/** Leaves out what false-discovery control does not let stand; counts of counter-examples are no tests. */
function controlled(observations: Observation[]): Observation[] {
  const tested = observations.filter(({ p }) => p !== undefined);
  const stands = benjaminiHochberg(tested.map(({ p }) => p!));
  return observations.filter((o) => o.p === undefined || stands[tested.indexOf(o)]);
}

/** One cause, one finding: of two about the same cases for the same cause the more specific stays. */
function withoutRepeats(drafts: Draft[]): { kept: Draft[]; absorbed: Audit["absorbed"] } {
  const kept: Draft[] = [];
  const absorbed: Audit["absorbed"] = [];
  for (const draft of drafts) {
    const same = kept.find((other) => isSameCause(other, draft));
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

/**
 * Whether what the general detector saw is what the specific one saw: it says itself to whom it yields, and
 * most of its cases are theirs.
 */
function isSameCause(specific: Draft, general: Draft): boolean {
  const { yieldsTo = [], yieldsToSameCases = [], yieldsToSamePerson = false } = general.detector;
  const sameSubject = specific.observation.subject === general.observation.subject;
  const { id } = specific.detector;
  if (!yieldsToSameCases.includes(id) && !(sameSubject && yieldsTo.includes(id))) return false;
  const [a, b] = [specific.observation.cases, general.observation.cases];
  const people = new Set(specific.observation.people);
  if (yieldsToSamePerson && general.observation.people.some((p) => people.has(p))) return true;
  return countShared(a, b) >= 0.5 * b.length; // of what would be dropped
}

/**
 * Gives each row's quantity of a kind to the first finding that charges it; the others name that finding. The
 * amount of a case passes through once, however many controls it passed by.
 */
function chargeOnce(drafts: Draft[], { caseOf }: Evidence): void {
  const owners = new Map<string, Map<number, string>>();
  for (const draft of drafts) {
    const cost = draft.observation.cost;
    if (!cost) continue;
    const ledger = `${cost.kind}/${cost.table ? tableLabel(cost.table) : ""}`;
    const owner = owners.get(ledger) ?? owners.set(ledger, new Map()).get(ledger)!;
    const rows: number[] = [];
    const quantity: number[] = [];
    const others = new Set<string>();
    const byCase = cost.kind === "exposure" && !cost.table;
    cost.rows.forEach((row, i) => {
      const unit = byCase ? caseOf[row] : row;
      const first = owner.get(unit);
      if (first !== undefined && (first !== draft.id || byCase)) {
        if (first !== draft.id) others.add(first);
        return;
      }
      owner.set(unit, draft.id);
      rows.push(row);
      quantity.push(cost.quantity[i]);
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
  reviews: readonly Review[],
  notTestable: NotTestable[],
): Omit<Audit, "absorbed"> {
  const { log } = evidence;
  const weeks = weeksOf(evidence);
  const resampled = resampleWeeks(weeks.count);
  const rateFactors = replicateRates(rates);
  const sums = new Map<
    string,
    { kind: MoneyKind; currency: string; mid: number; replicates: Float64Array }
  >();
  const reviewed = latestReviews(reviews);
  const casesByWeek = new Float64Array(weeks.count);
  for (let c = 0; c < log.caseCount; c++) casesByWeek[weeks.at(log.time[log.caseStart[c]])]++;

  const findings = drafts.map((draft): Finding => {
    const { observation, detector, priced } = draft;
    const { counted } = observation;
    const outOf = counted?.outOf ?? observation.outOf;
    const cases = counted?.count ?? observation.cases.length;
    const review = reviewed.get(draft.id)?.said;
    const precision = precisionOf(detector.id, reviews);
    const unit = priced && review !== "false alarm" ? unitPrice(priced, evidence, rates) : undefined;
    let money: Money | null = null;
    let hours: number | null = null;
    if (priced?.kind === "labour") hours = priced.quantity.reduce((a, b) => a + b, 0);
    if (priced && unit) {
      const values = Float64Array.from(priced.quantity, (q, i) => q * unit.at(priced.rows[i]));
      const total = values.reduce((a, b) => a + b, 0);
      // amounts that passed through are what they are; what was lost is weighed by how often such findings
      // are right
      const weight = priced.kind === "exposure" || review === "confirmed" ? 1 : precision.mean;
      const mid = round(total * weight);
      const vary = varying(priced, values, total, evidence, weeks, resampled);
      const draws = weight === 1 ? undefined : drawPrecision(detector.id, precision, REPLICATES);
      const replicates = Float64Array.from(
        { length: REPLICATES },
        (_, r) =>
          mid *
          vary(r) *
          (priced.kind === "labour" || priced.kind === "delay" || priced.kind === "working capital"
            ? rateFactors[priced.kind][r]
            : 1) *
          (draws ? draws[r] / precision.mean : 1),
      );
      const currency = priced.currency ?? rates.currency;
      const key = `${currency}/${priced.kind}`;
      const sum = sums.get(key) ?? {
        kind: priced.kind,
        currency,
        mid: 0,
        replicates: new Float64Array(REPLICATES),
      };
      sum.mid += mid;
      replicates.forEach((value, r) => (sum.replicates[r] += value));
      sums.set(key, sum);
      money = {
        kind: priced.kind,
        ...rangeOf(mid, replicates),
        currency,
        basis: `${priced.basis}${unit.words}${draws ? ` × ${precision.mean.toFixed(2)}, the share of such findings that hold (${reviewWords(precision)})` : ""}`,
      };
    }
    return {
      id: draft.id,
      detector: detector.id,
      category: detector.category,
      title: detector.title,
      subject: observation.subject,
      statement: withSeparators(observation.statement),
      at: observation.at ?? null,
      cases,
      outOf,
      unit: counted?.unit ?? "cases",
      share: outOf === 0 ? null : cases / outOf,
      interval: outOf === 0 ? null : shareInterval(observation, cases, outOf, casesByWeek, weeks, evidence),
      caseIds: Array.from(observation.cases, (c) => nameAt(log.caseIds, c)),
      people: observation.people.map((p) => nameAt(log.people, p)),
      records: observation.records ?? [],
      money,
      alsoSeenBy: draft.alsoSeenBy,
      facts: observation.facts,
      hours,
      precision,
      state: review === "false alarm" ? "false alarm" : "open",
      review: review ?? null,
    };
  });
  const order = new Map<string, number>(
    ["cash", "working capital", "labour", "delay", "exposure"].map((kind, i) => [kind, i]),
  );
  findings.sort(
    (f, g) =>
      Number(f.state === "false alarm") - Number(g.state === "false alarm") ||
      (f.money ? order.get(f.money.kind)! : 5) - (g.money ? order.get(g.money.kind)! : 5) ||
      (g.money?.mid ?? 0) - (f.money?.mid ?? 0) ||
      g.cases - f.cases,
  );
  const currencies = [...new Set([rates.currency, ...[...sums.values()].map(({ currency }) => currency)])];
  const total = (currency: string, kind: MoneyKind): Range => {
    const sum = sums.get(`${currency}/${kind}`);
    return sum ? rangeOf(round(sum.mid), sum.replicates) : { low: 0, mid: 0, high: 0 };
  };
  return {
    findings,
    notTestable,
    totals: currencies.map((currency) => ({
      currency,
      cash: total(currency, "cash"),
      workingCapital: total(currency, "working capital"),
      labour: total(currency, "labour"),
      delay: total(currency, "delay"),
    })),
    exposure: currencies.flatMap((currency) =>
      sums.has(`${currency}/exposure`) ? [{ currency, ...total(currency, "exposure") }] : [],
    ),
    compensationHours: compensationHours(evidence),
  };
}

function reviewWords({ confirmed, falseAlarms }: Precision): string {
  const all = confirmed + falseAlarms;
  return all === 0 ? "assumed, nobody has judged one yet" : `${confirmed} of ${all} judged ones`;
}

/** Weeks of the evidence, from its first event on. */
interface Weeks {
  count: number;
  at(time: number): number;
}

function weeksOf({ range }: Evidence): Weeks {
  const week = 7 * 86_400_000;
  const count = Math.min(5200, Math.max(1, Math.ceil((range.to - range.from + 1) / week)));
  const scale = Math.max(week, (range.to - range.from + 1) / count);
  return {
    count,
    at: (time) => Math.min(count - 1, Math.max(0, Math.floor((time - range.from) / scale) || 0)),
  };
}

/**
 * How much a sum of estimates would differ in other weeks like these and with other people: for each
 * replicate a factor, from one draw of weeks for all findings. Amounts that stand in the evidence do not
 * vary.
 */
function varying(
  { kind, rows, table }: Cost,
  values: Float64Array,
  total: number,
  { log }: Evidence,
  weeks: Weeks,
  resampled: Float64Array,
): (replicate: number) => number {
  if (kind === "exposure" || kind === "cash" || table || total === 0) return () => 1;
  const of = Uint32Array.from(rows, (row) => weeks.at(log.time[row]));
  const people = log.person
    ? [{ of: Uint32Array.from(rows, (row) => log.person![row]), count: log.people.length }]
    : [];
  const spread = spreadOfTotal(
    values,
    { of, count: weeks.count },
    people.length > 0 && log.people.length < 1e6 ? people : [],
  );
  const byWeek = new Float64Array(weeks.count);
  values.forEach((value, i) => (byWeek[of[i]] += value));
  const mean = total / weeks.count;
  const sd = Math.sqrt(byWeek.reduce((sum, y) => sum + (y - mean) ** 2, 0));
  const factor = totalFactor(total, spread);
  return (r) => {
    let sum = 0;
    for (let w = 0; w < weeks.count; w++) sum += byWeek[w] * resampled[r * weeks.count + w];
    return sd === 0 ? 1 : factor((sum - total) / sd);
  };
}

/**
 * Interval of a finding's share, with cases of one week hanging together; of records, as if each stood alone.
 */
function shareInterval(
  { cases: hits, counted }: Observation,
  count: number,
  outOf: number,
  casesByWeek: Float64Array,
  weeks: Weeks,
  { log }: Evidence,
) {
  if (counted || outOf > log.caseCount || weeks.count < 8) return wilson(count, outOf) ?? null;
  const byWeek = new Float64Array(weeks.count);
  for (const c of hits) byWeek[weeks.at(log.time[log.caseStart[c]])]++;
  // the cases in which it could have happened are taken to be spread over the weeks as all cases are
  const totals = casesByWeek.map((n, w) => Math.max(byWeek[w], (n * outOf) / log.caseCount));
  return shareOfClusters(count, outOf, byWeek, totals) ?? null;
}

/**
 * Puts separators into the counts of a sentence ("1,052 of 20,825 cases"); names in quotes and dates stay as
 * they are.
 */
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
  if (kind === "working capital") {
    const { capital, capitalAssumed } = rates;
    return {
      at: () => capital,
      words: ` × ${+(capital * 100).toFixed(2)} % a year for capital${capitalAssumed ? " (assumed)" : ""}`,
    };
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

/**
 * Rates that are assumed vary over ±30 %, all together: whoever earns more than assumed does so in every
 * finding. Given rates are what they are.
 */
function replicateRates(rates: Rates): Record<"labour" | "delay" | "working capital", Float64Array> {
  const vary = (seed: number, assumed: boolean) => {
    const random = new Random(seed);
    return Float64Array.from(
      { length: REPLICATES },
      () => 1 + (assumed ? RATE_SPREAD : 0) * (2 * random.next() - 1),
    );
  };
  return {
    labour: vary(45, rates.assumed),
    delay: vary(46, false),
    "working capital": vary(47, rates.capitalAssumed),
  };
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
  let unknown = false;
  activityNames.forEach((_, a) => {
    const handling = evidence.handling(a);
    if (handling) known = true;
    else if (isCompensating[a] && evidence.casesWith[a] > 0) unknown = true;
    if (isCompensating[a] && handling) {
      for (let i = byActivity.start[a]; i < byActivity.start[a + 1]; i++)
        if (evidence.isWork(byActivity.rows[i])) hours += handling.hours;
    }
  });
  // there is such work and nobody knows how long it takes: that is not nothing
  return known && !(unknown && hours === 0) ? round(hours) : null;
}
