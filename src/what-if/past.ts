import { absencesOf } from "../evidence/absences.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { studentQuantile } from "../statistics/clustered.ts";
import { firstFrom } from "../statistics/sorted.ts";
import { meanAndVariance } from "../statistics/tests.ts";
import type { PressureQuestion } from "./what-if.ts";
import { mondayFrom, WEEK } from "./weeks.ts";
import { windowOf } from "./window.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Shorter absences than these many working days are no rehearsal of one. */
const LEAST_ABSENCE = 4;
/** Fewer cases than these on either side of a comparison tell nothing. */
const LEAST_CASES = 5;
/** So many weeks on either side say what is usual. */
const AROUND = 4;

/** A time in which it was already so. */
export interface PastSpan {
  /** ms since epoch */
  from: number;
  to: number;
  /** cases that began then, and how long those of them that have ended took on average; hours */
  cases: number;
  mean: number;
  /** the same of those that began around it */
  around: number;
  /** how many times as many came a day as around it */
  rate: number;
}

/** What the log itself shows of times like the one that is asked about. */
export interface Past {
  /** newest first */
  spans: PastSpan[];
  /** how much longer cases took on average, hours; null without any span */
  difference: number | null;
  /** 95 %, over the spans; null for fewer than three */
  interval: [number, number] | null;
  /** where no span was found: the most that came, as a multiple of what is usual */
  most: number | null;
  /** times like that in which, or around which, too few cases began to compare them */
  tooFew: number;
}

/**
 * Was it ever so, and what became of cases then? Absences of the person; weeks (or ends of months) in which
 * as much more came. Compared are cases that began then with those that began as long before and after (for
 * weeks and ends of months: the four weeks before and after without others like that), as far as they had
 * time to end; the interval is Student's over the differences of the spans. Undefined for questions that the
 * past cannot answer: nothing in a log says that work moved, or that an assistant did it. Source: paired
 * comparison; what else was different then is not taken away. One pass over the cases for each span.
 */
export function pastOf(evidence: Evidence, question: PressureQuestion): Past | undefined {
  if (question.kind !== "away" && question.kind !== "volume") return undefined;
  const cases = new CasesByBegin(evidence);
  if (question.kind === "away") {
    const absences = absencesOf(evidence, LEAST_ABSENCE).get(question.person) ?? [];
    const away = absences.map(({ from, to }): Span => [from, to]);
    const spans = away.flatMap(([from, to]) => {
      const length = Math.max(to - from, WEEK);
      return comparedWith(
        cases,
        from,
        to,
        outside(
          [
            [from - length, from],
            [to, to + length],
          ],
          away,
        ),
      );
    });
    return { ...summary(spans), tooFew: away.length - spans.length };
  }
  const candidates = question.monthEndOnly ? monthEnds(cases) : weeks(cases);
  const beside = (without: readonly Span[]) =>
    candidates.flatMap(([from, to]) =>
      comparedWith(
        cases,
        from,
        to,
        outside(
          [
            [from - AROUND * WEEK, from],
            [to, to + AROUND * WEEK],
          ],
          without,
        ),
      ),
    );
  // what is usual is told by neither the ends of other months nor by other weeks of this kind
  const isPeak = ({ rate }: PastSpan) => rate >= 1 + question.more;
  const spans = question.monthEndOnly
    ? beside(candidates)
    : beside(
        beside([])
          .filter(isPeak)
          .map(({ from, to }): Span => [from, to]),
      );
  const peaks = spans.filter(isPeak);
  return {
    ...summary(peaks),
    most: peaks.length > 0 || spans.length === 0 ? null : Math.max(...spans.map(({ rate }) => rate)),
  };
}

type Span = readonly [from: number, to: number];

/** What of some spans lies in none of others (which are in order of time). */
function outside(spans: readonly Span[], without: readonly Span[]): Span[] {
  return spans.flatMap(([from, to]) => {
    const left: Span[] = [];
    let at = from;
    for (const [a, b] of without) {
      if (b <= at || a >= to) continue;
      if (a > at) left.push([at, a]);
      at = Math.max(at, b);
    }
    if (at < to) left.push([at, to]);
    return left;
  });
}

const ended = (hours: Float64Array) => hours.filter((value) => !Number.isNaN(value));

/** How long cases took, by when they began. */
class CasesByBegin {
  readonly begins: Float64Array;
  readonly #hours: Float64Array;
  readonly from: number;
  readonly to: number;

  constructor(evidence: Evidence) {
    const { log, isClosed } = evidence;
    const begin = log.start ?? log.time;
    const { from, until } = windowOf(evidence);
    const order = Array.from({ length: log.caseCount }, (_, c) => c)
      .filter((c) => begin[log.caseStart[c]] >= from && begin[log.caseStart[c]] < until)
      .sort((a, b) => begin[log.caseStart[a]] - begin[log.caseStart[b]]);
    this.begins = Float64Array.from(order, (c) => begin[log.caseStart[c]]);
    this.#hours = Float64Array.from(order, (c) =>
      isClosed[c] === 1 ? (log.time[log.caseStart[c + 1] - 1] - begin[log.caseStart[c]]) / HOUR : NaN,
    );
    this.from = from;
    this.to = until;
  }

  /** Hours of the cases that began in [from, to); NaN for those that have not ended. */
  between(from: number, to: number): Float64Array {
    return this.#hours.subarray(firstFrom(this.begins, from), firstFrom(this.begins, to));
  }
}

/** One span beside others; none where either side has too few cases or lies outside what is looked at. */
function comparedWith(cases: CasesByBegin, from: number, to: number, others: readonly Span[]): PastSpan[] {
  if (from < cases.from || to > cases.to) return [];
  const own = cases.between(from, to);
  const inside = others
    .map(([a, b]): [number, number] => [Math.max(a, cases.from), Math.min(b, cases.to)])
    .filter(([a, b]) => a < b);
  const around = Float64Array.from(inside.flatMap(([a, b]) => Array.from(cases.between(a, b))));
  const [ownEnded, aroundEnded] = [ended(own), ended(around)];
  if (ownEnded.length < LEAST_CASES || aroundEnded.length < LEAST_CASES) return [];
  const days = inside.reduce((sum, [a, b]) => sum + b - a, 0);
  return [
    {
      from,
      to,
      cases: own.length,
      mean: meanAndVariance(ownEnded)[0],
      around: meanAndVariance(aroundEnded)[0],
      rate: own.length / (to - from) / (around.length / days),
    },
  ];
}

function weeks({ from, to }: CasesByBegin): [number, number][] {
  const found: [number, number][] = [];
  for (let at = mondayFrom(from); at + WEEK <= to; at += WEEK) found.push([at, at + WEEK]);
  return found;
}

/** The last five days of each month and the first two of the next. */
function monthEnds({ from, to }: CasesByBegin): [number, number][] {
  const found: [number, number][] = [];
  const first = new Date(from);
  for (let month = 1; ; month++) {
    const next = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1);
    if (next + 2 * DAY > to) return found;
    found.push([next - 5 * DAY, next + 2 * DAY]);
  }
}

function summary(spans: readonly PastSpan[]): Past {
  const differences = spans.map(({ mean, around }) => mean - around);
  const [difference, variance] = meanAndVariance(differences);
  const n = spans.length;
  const half = n < 3 ? 0 : studentQuantile(0.975, n - 1) * Math.sqrt(variance / n);
  return {
    spans: [...spans].sort((a, b) => b.from - a.from),
    difference: n === 0 ? null : difference,
    interval: n < 3 ? null : [difference - half, difference + half],
    most: null,
    tooFew: 0,
  };
}
