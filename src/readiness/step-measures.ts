import type { Outcomes } from "../audit/claims.ts";
import type { Finding, NotTestable } from "../audit/finding.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { distinctNeeds, type Need } from "../evidence/need.ts";
import { needsIndividuals } from "../evidence/needs.ts";
import type { TaskKind } from "../evidence/task-kinds.ts";
import { undoneUntil } from "../description/description.ts";
import { isMissing, type Column } from "../eventlog/event-log.ts";
import { formatCount, formatHours, formatPercent } from "../figures.ts";
import { median, quantileOfSorted } from "../statistics/quantile.ts";
import { Random } from "../statistics/random.ts";
import { outcomeRule, type OutcomeRule } from "./outcome-rule.ts";
import { personEffect, type Distances } from "./person-effect.ts";
import { TASK_WORDS, type Guess, type SaidOfStep } from "./said-of-step.ts";

const HOUR = 3_600_000;
const WEEK = 604_800_000;

/** Names of acts that are in the world once they are done: a hint, to be confirmed by people. */
export const SOUNDS_IRREVERSIBLE =
  /\b(pay|paid|payments? (run|handled|made|executed|processed|released|sent|done)|(make|execute|process|release|send|issue|handle) (the )?payments?|payout|transfer money|ship|deliver|send (out|contract|offer|letter)|publish|delete|terminate|dismiss|sign contract|sign(s|ed)? (the )?contract|refund)\b|zahl|überweis|versend|versand|lösch|kündig/i;

/** What the checks of a step look at. */
export interface StepContext {
  evidence: Evidence;
  findings: readonly Finding[];
  notTestable: readonly NotTestable[];
  /** the described step, or the activity that nobody described */
  name: string;
  activities: number[];
  /** whether a description has it as a step */
  isDescribed: boolean;
  /** rows of its executions, in order of time */
  rows: Uint32Array;
  /** what people said it is, else what its name suggests: by it is decided what is asked of the step */
  kind: TaskKind;
  said: SaidOfStep;
  guess: Guess;
  /** whether it is an approval or a decision: because people said so, or everything here takes it for one */
  decides: boolean;
  /** 1 for activities that people said to be a check or a decision */
  isCheck: Uint8Array;
}

/**
 * What came of a measure: outcomes of executions, a share worked out as a whole, what people said, or what is
 * missing.
 */
export type Measured = (Outcomes & { detail?: string }) | Estimated | Told | Unseen;

/** What is missing to measure it. */
export interface Unseen {
  needs: Need[];
  detail?: string;
  /** people have to say it, no evidence would show it */
  toSay?: true;
  /** what would have to be said for the claim to hold is not what its name suggests */
  doubtful?: boolean;
}

/** A statement that no evidence can put to the test: it is so because people said so. */
export interface Told {
  isSo: boolean;
  detail?: string;
}

/** A check whose share is worked out as a whole, not case by case. */
export interface Estimated {
  n: number;
  unit: string;
  estimate: number | null;
  interval: [number, number] | null;
  detail?: string;
  /** of a comparison of people */
  distances?: Distances;
}

/**
 * Holds where each column that the step needs has a value in the case by then; without a word on what it
 * needs, each that cases mostly have.
 */
export function filled({ evidence, name, activities, rows }: StepContext): Outcomes | { needs: Need[] } {
  const { log, caseOf, described } = evidence;
  const step = described && activities.length > 0 ? described.stepOf[activities[0]] : -1;
  const wanted = step >= 0 ? described!.steps[step].needs : [];
  const known = log.columns
    .filter(({ name: column }) => wanted.length === 0 || wanted.includes(column))
    .map((column) => evidence.once(`readiness/first/${column.name}`, () => firstKnown(evidence, column)))
    .filter(
      (first) => wanted.length > 0 || first.reduce((sum, e) => sum + (e >= 0 ? 1 : 0), 0) > log.caseCount / 2,
    );
  if (known.length < Math.max(1, wanted.length)) return { needs: [{ kind: "inputs", step: name }] };
  return {
    cases: Array.from(rows, (e) => caseOf[e]),
    held: Array.from(rows, (e) =>
      // what comes later in the case than the step cannot be its input, unless somebody says so
      known.every((first) => first[caseOf[e]] >= 0 && (wanted.length === 0 ? true : first[caseOf[e]] <= e))
        ? 1
        : 0,
    ),
    unit: "executions",
  };
}

/**
 * The row of each case from which on a column has a value; the first for columns of cases, −1 where it has
 * none.
 */
export function firstKnown({ log }: Evidence, column: Column): Int32Array {
  const first = new Int32Array(log.caseCount).fill(-1);
  for (let c = 0; c < log.caseCount; c++) {
    if (column.scope === "case") {
      if (!isMissing(column, c)) first[c] = log.caseStart[c];
      continue;
    }
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1] && first[c] < 0; e++)
      if (!isMissing(column, e)) first[c] = e;
  }
  return first;
}

/**
 * Holds in the cases that no finding of the detectors about the step names; what is missing where none of
 * them can see anything.
 */
export function withoutFinding(...detectors: string[]) {
  return ({
    evidence,
    findings,
    notTestable,
    name,
    activities,
    rows,
  }: StepContext): Outcomes | { needs: Need[] } => {
    const blind = notTestable.filter(({ detector }) => detectors.includes(detector));
    if (blind.length === detectors.length)
      return { needs: distinctNeeds(blind.flatMap(({ needs }) => needs)) };
    const names = new Set([name, ...activities.map((a) => evidence.activityNames[a])]);
    const against = new Set(
      findings
        .filter(
          (one) => detectors.includes(one.detector) && one.state !== "false alarm" && names.has(one.subject),
        )
        .flatMap(({ caseIds }) => caseIds.map((id) => evidence.caseNumbers.get(id)!)),
    );
    const cases = [...new Set(Array.from(rows, (e) => evidence.caseOf[e]))];
    return { cases, held: cases.map((c) => (against.has(c) ? 0 : 1)) };
  };
}

export const nextOf = ({ log, caseOf }: Evidence, e: number) =>
  e + 1 < log.caseStart[caseOf[e] + 1] ? log.activity[e + 1] : -1;

/** Holds for executions between one of the five most frequent pairs of activities before and after. */
export function samePlaces(evidence: Evidence, rows: Uint32Array): Outcomes {
  const { log, caseOf } = evidence;
  const place = (e: number) =>
    `${e > log.caseStart[caseOf[e]] ? log.activity[e - 1] : -1}>${nextOf(evidence, e)}`;
  const counts = new Map<string, number>();
  for (const e of rows) counts.set(place(e), (counts.get(place(e)) ?? 0) + 1);
  const usual = new Set(
    [...counts]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, 5)
      .map(([key]) => key),
  );
  return {
    cases: Array.from(rows, (e) => caseOf[e]),
    held: Array.from(rows, (e) => (usual.has(place(e)) ? 1 : 0)),
    unit: "executions",
  };
}

/** How much of what follows the step is as it was. */
export const steady = ({ evidence, rows }: StepContext): Estimated =>
  asBefore(evidence, rows, (e) => nextOf(evidence, e));

/** So many of the most frequent things are told apart; the rest is one. */
const MOST_THINGS = 200;
const RESAMPLED = 300;

/**
 * How much of what is told of each of these rows (in order of time) is as it was: 1 less the total variation
 * distance between the older and the newer weeks (as many executions in each), less the distance that chance
 * alone makes of shares of this size (the mean absolute difference of two binomial shares, √(2/π) of its
 * standard deviation). The 95 % interval is as wide as the distances of resampled weeks scatter. Rows of
 * cases that have not ended are left out; with fewer than 60 nothing is said. O(rows + weeks · things ·
 * resamples).
 */
export function asBefore(
  { log, caseOf, isClosed, range }: Evidence,
  rows: Uint32Array,
  of: (e: number) => number,
): Estimated {
  const done = rows.filter((e) => isClosed[caseOf[e]] === 1);
  const nothing = { n: 0, unit: "executions", estimate: null, interval: null };
  if (done.length < 60) return nothing;
  const frequent = new Map<number, number>();
  for (const e of done) frequent.set(of(e), (frequent.get(of(e)) ?? 0) + 1);
  const place = new Map(
    [...frequent]
      .sort((x, y) => y[1] - x[1] || x[0] - y[0])
      .slice(0, MOST_THINGS)
      .map(([thing], i) => [thing, i]),
  );
  const things = place.size + 1;
  const weeks = new Map<number, Float64Array>();
  for (const e of done) {
    const week = Math.floor((log.time[e] - range.from) / WEEK);
    let counts = weeks.get(week);
    if (!counts) weeks.set(week, (counts = new Float64Array(things)));
    counts[place.get(of(e)) ?? place.size]++;
  }
  const [older, newer]: [Float64Array[], Float64Array[]] = [[], []];
  let before = 0;
  for (const [, counts] of [...weeks].sort((x, y) => x[0] - y[0])) {
    (before < done.length / 2 ? older : newer).push(counts);
    before += counts.reduce((sum, n) => sum + n, 0);
  }
  if (newer.length === 0) return nothing;
  const distance = apart(older, newer, things);
  const random = new Random("steady");
  const drawn = Float64Array.from({ length: RESAMPLED }, () =>
    apart(
      older.map(() => random.pick(older)),
      newer.map(() => random.pick(newer)),
      things,
    ),
  ).sort();
  const middle = drawn.reduce((sum, one) => sum + one, 0) / drawn.length;
  const around = (share: number) => distance + quantileOfSorted(drawn, share)! - middle;
  const alike = (by: number) => 1 - Math.min(1, Math.max(0, by));
  return {
    n: done.length,
    unit: "executions",
    estimate: alike(distance),
    interval: [alike(around(0.975)), alike(around(0.025))],
  };
}

/**
 * Total variation distance of two samples of counts, less what chance alone makes of it; below 0 where they
 * lie nearer than that.
 */
function apart(older: readonly Float64Array[], newer: readonly Float64Array[], things: number): number {
  const [a, b] = [new Float64Array(things), new Float64Array(things)];
  let [n, m] = [0, 0];
  for (const week of older)
    for (let k = 0; k < things; k++) {
      a[k] += week[k];
      n += week[k];
    }
  for (const week of newer)
    for (let k = 0; k < things; k++) {
      b[k] += week[k];
      m += week[k];
    }
  let sum = 0;
  for (let k = 0; k < things; k++) {
    const share = (a[k] + b[k]) / (n + m);
    sum += Math.abs(a[k] / n - b[k] / m) - Math.sqrt((2 / Math.PI) * share * (1 - share) * (1 / n + 1 / m));
  }
  return sum / 2;
}

/** The rule by which what follows a step is told; undefined where there is too little of it. */
const ruleOf = ({ evidence, activities, rows }: StepContext): OutcomeRule | undefined =>
  evidence.once(`readiness/rule/${activities.join(",")}`, () => outcomeRule(evidence, rows));

/**
 * Holds where a rule learned from earlier executions predicts what followed; says what the rule looks at, and
 * how right the most frequent outcome alone is.
 */
export function isPredictable(context: StepContext): Measured {
  const rule = ruleOf(context);
  if (!rule) return { cases: [], held: [] };
  const words = rule.by.length === 0 ? "one outcome is usual" : `told by ${rule.by.join(" and ")}`;
  return {
    cases: rule.cases,
    held: rule.held,
    unit: "executions",
    detail: `${words}; the most frequent outcome alone is right in ${formatPercent(rule.baseRate)}`,
  };
}

/** Executions of a stretch of time in which people are compared: what changes in between is not theirs. */
const IN_A_STRETCH = 250;
const MOST_STRETCHES = 20;

/** Like cases are those of which the rule says the same, in the same stretch of time. */
export function isIndependentOfPerson(context: StepContext): Estimated | { needs: Need[] } {
  const { evidence } = context;
  const needs = needsIndividuals(evidence);
  if (needs.length > 0) return { needs };
  const none = { n: 0, unit: "executions", estimate: null, interval: null };
  const rule = ruleOf(context);
  if (!rule) return none;
  const { log, isAutomatic, activityNames } = evidence;
  const stretches = Math.max(2, Math.min(MOST_STRETCHES, Math.floor(rule.rows.length / IN_A_STRETCH)));
  const stretch = Math.ceil(rule.rows.length / stretches);
  const effect = personEffect({
    person: Uint32Array.from(rule.rows, (e) => (isAutomatic[log.person![e]] === 1 ? 0 : log.person![e])),
    kind: rule.kind.map((kind, i) => stretches * kind + Math.floor(i / stretch)),
    outcome: rule.outcome,
  });
  if (!effect) return none;
  const { n, people, difference, interval, distances, most } = effect;
  const next = most && (most.outcome < 0 ? "the end" : `"${activityNames[most.outcome]}"`);
  return {
    n,
    unit: "executions",
    estimate: 1 - difference,
    interval: [1 - interval[1], 1 - interval[0]],
    distances,
    detail: most
      ? `${people} people compared; of those who do most of it, like cases of ${evidence.describePerson(most.people[0])} go on to ${next} in ${formatPercent(most.shares[0])} (of ${formatCount(most.counts[0])}), those of another in ${formatPercent(most.shares[1])} (of ${formatCount(most.counts[1])})`
      : `${people} people compared`,
  };
}

/**
 * Of each of these rows, the row at which the step is done again later in the case, after something else
 * (straight after itself it is one piece of work); −1 where it is not.
 */
function nextOwn({ caseOf }: Evidence, rows: Uint32Array): Map<number, number> {
  const sorted = Uint32Array.from(rows).sort();
  const next = new Map<number, number>();
  for (let i = sorted.length - 1; i >= 0; i--) {
    const following = sorted[i + 1];
    const isSame = following !== undefined && caseOf[following] === caseOf[sorted[i]];
    next.set(sorted[i], !isSame ? -1 : following === sorted[i] + 1 ? next.get(following)! : following);
  }
  return next;
}

/** Of each row, the next later in its case with such an activity; −1 where there is none. One pass. */
function nextWhere({ log }: Evidence, is: (activity: number) => boolean): Int32Array {
  const { caseCount, caseStart, activity, eventCount, activities } = log;
  const wanted = Array.from({ length: activities.length }, (_, a) => is(a));
  const next = new Int32Array(eventCount).fill(-1);
  for (let c = 0; c < caseCount; c++) {
    let last = -1;
    for (let e = caseStart[c + 1] - 1; e >= caseStart[c]; e--) {
      next[e] = last;
      if (wanted[activity[e]]) last = e;
    }
  }
  return next;
}

/**
 * Holds where a result is neither done again nor put right later in the case; says when, at which step and
 * with how much work it is.
 */
export function rightFirstTime({ evidence, rows }: StepContext): Outcomes & { detail?: string } {
  const { log, caseOf, isCompensating, activityNames } = evidence;
  const again = nextOwn(evidence, rows);
  const compensated = evidence.once("readiness/compensated", () =>
    nextWhere(evidence, (a) => isCompensating[a] === 1),
  );
  // whichever comes first
  const mended = Array.from(rows, (e) => {
    const found = [again.get(e)!, compensated[e]].filter((k) => k >= 0);
    return found.length === 0 ? -1 : Math.min(...found);
  });
  const late: number[] = [];
  const at = new Map<number, number>();
  mended.forEach((k, i) => {
    if (k < 0) return;
    late.push(log.time[k] - log.time[rows[i]]);
    at.set(log.activity[k], (at.get(log.activity[k]) ?? 0) + 1);
  });
  const [mostly] = [...at].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const work = mostly && evidence.handling(mostly[0])?.hours;
  return {
    cases: Array.from(rows, (e) => caseOf[e]),
    held: mended.map((k) => (k < 0 ? 1 : 0)),
    unit: "executions",
    detail: mostly
      ? `a wrong one is corrected ${inTime(median(late)!)} (median), mostly by "${activityNames[mostly[0]]}"${work === undefined ? "" : `, which takes ${work < 1 ? `${Math.max(1, Math.round(work * 60))} minutes` : formatHours(work)} of work`}`
      : undefined,
  };
}

const inTime = (ms: number) =>
  ms < HOUR
    ? "within the hour"
    : ms < 48 * HOUR
      ? `${(ms / HOUR).toFixed(1)} hours later`
      : `${(ms / (24 * HOUR)).toFixed(1)} days later`;

/**
 * Holds where somebody checks or decides later in the case; says who mostly does, and how late. Which steps
 * check, people say: a name is no check.
 */
export function isCheckedLater(context: StepContext): (Outcomes & { detail?: string }) | Unseen {
  const { evidence, isCheck } = context;
  if (!isCheck.includes(1)) return { needs: [{ kind: "later check", step: null }], toSay: true };
  const { log, caseOf, activityNames } = evidence;
  const done = context.rows.filter((e) => evidence.isClosed[caseOf[e]] === 1);
  const seen = seenAt(context, done);
  const late: number[] = [];
  const by = new Map<number, number>();
  seen.forEach((k, i) => {
    if (k < 0) return;
    late.push(log.time[k] - log.time[done[i]]);
    by.set(log.activity[k], (by.get(log.activity[k]) ?? 0) + 1);
  });
  const [mostly] = [...by].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return {
    cases: Array.from(done, (e) => caseOf[e]),
    held: Array.from(seen, (k) => (k >= 0 ? 1 : 0)),
    unit: "executions",
    detail: mostly ? `mostly at "${activityNames[mostly[0]]}", ${inTime(median(late)!)} (median)` : undefined,
  };
}

/**
 * Of each of these rows, the row at which somebody checks or decides later in the case; −1 where nobody does.
 * A step does not check itself.
 */
function seenAt({ evidence, activities, isCheck }: StepContext, rows: Uint32Array): Int32Array {
  const own = new Set(activities);
  const next = evidence.once("readiness/seen", () => nextWhere(evidence, (a) => isCheck[a] === 1));
  return Int32Array.from(rows, (e) => {
    let k = next[e];
    while (k >= 0 && own.has(evidence.log.activity[k])) k = next[k];
    return k;
  });
}

/**
 * Holds as people say; where it can be undone until something, in the executions that somebody checks before
 * that.
 */
export function isReversible(context: StepContext): Measured {
  const { evidence, said, guess, rows, name } = context;
  const suggests = guess.undo === "no" ? "; its name suggests that it cannot" : "";
  if (said.undo === null)
    return {
      needs: [{ kind: "reversibility", step: name }],
      toSay: true,
      doubtful: guess.undo === "no",
      detail: said.differs.includes("undo")
        ? "the description and who confirmed it say different things"
        : `not said yet${suggests}`,
    };
  const until = undoneUntil(said.undo);
  if (until) return { ...isReversibleInTime(context, until), detail: said.undo };
  if (said.undo === "no") return { isSo: false, detail: "people say that it cannot" };
  const { caseOf } = evidence;
  // done again after something else: it was taken back and done anew
  const again = new Set<number>();
  for (const [e, k] of nextOwn(evidence, rows)) if (k >= 0) again.add(caseOf[e]);
  const seen = again.size > 0 ? `; it was done anew in ${formatCount(again.size)} cases` : "";
  return { isSo: true, detail: `people say that it can${suggests}${seen}` };
}

/**
 * Holds for executions that somebody checks before they can no longer be undone; those that never come to
 * that hold as well.
 */
function isReversibleInTime(
  context: StepContext,
  until: Exclude<ReturnType<typeof undoneUntil>, undefined>,
): Outcomes | Unseen {
  const { evidence, rows, name, isCheck } = context;
  const { log, caseOf, activityNames, described } = evidence;
  if (!isCheck.includes(1)) return { needs: [{ kind: "later check", step: name }], toSay: true };
  const done = rows.filter((e) => evidence.isClosed[caseOf[e]] === 1);
  const seen = seenAt(context, done);
  let ends: (e: number) => { row: number } | { time: number };
  if ("step" in until) {
    const wanted = until.step.trim().toLowerCase();
    const ending = new Set(described?.activitiesOf(until.step) ?? []);
    activityNames.forEach((activity, a) => {
      if (activity.trim().toLowerCase() === wanted) ending.add(a);
    });
    if (ending.size === 0) return { needs: [{ kind: "events of", step: until.step }] };
    const next = evidence.once(`readiness/until/${wanted}`, () => nextWhere(evidence, (a) => ending.has(a)));
    ends = (e) => ({ row: next[e] });
  } else {
    // a working day is at least a day
    const ms = "ms" in until ? until.ms : until.workingDays * 24 * HOUR;
    ends = (e) => ({ time: log.time[e] + ms });
  }
  return {
    cases: Array.from(done, (e) => caseOf[e]),
    held: Array.from(done, (e, i) => {
      const end = ends(e);
      const k = seen[i];
      if ("row" in end) return end.row < 0 || (k >= 0 && k < end.row) ? 1 : 0;
      return k >= 0 && log.time[k] <= end.time ? 1 : 0;
    }),
    unit: "executions",
  };
}

/** Holds where people said what kind of task it is. */
export const kindSaid = ({ said, guess, name }: StepContext): Measured =>
  said.kind !== null
    ? { isSo: true, detail: `people say that it is there to ${TASK_WORDS[said.kind]}` }
    : {
        needs: [{ kind: "task kind", step: name }],
        toSay: true,
        detail: said.differs.includes("kind")
          ? "the description and who confirmed it say different things"
          : `not said yet; its name suggests ${guess.kind === null ? "nothing" : `that it is there to ${TASK_WORDS[guess.kind]}`}`,
      };

/**
 * Holds for a step that decides nothing: people say so, and what follows it does not vary as what follows
 * decisions does.
 */
export function decidesNothing(context: StepContext): Measured {
  const { decides, said, guess } = context;
  if (decides)
    return {
      isSo: false,
      detail:
        said.kind === "decide"
          ? "people say so"
          : "its name says that it is an approval, and everything here takes it for one; say which steps are approvals if it is none",
    };
  if (said.kind === null)
    return {
      needs: [{ kind: "task kind", step: null }],
      toSay: true,
      doubtful: guess.kind === "decide",
      detail: guess.kind === "decide" ? "its name suggests that it decides" : undefined,
    };
  const rule = ruleOf(context);
  if (!rule) return { cases: [], held: [] };
  return {
    cases: rule.cases,
    held: rule.held,
    unit: "executions",
    detail: `people say that it is there to ${TASK_WORDS[said.kind]}; what follows a decision varies beyond what is recorded`,
  };
}

export function hasVolume({ evidence, rows }: StepContext): Outcomes {
  const { log, range } = evidence;
  const weeks = Math.floor((range.to - range.from) / WEEK);
  if (weeks < 4 || rows.length === 0) return { cases: [], held: [] };
  const counts = new Float64Array(weeks);
  for (const e of rows) {
    const at = Math.floor((log.time[e] - range.from) / WEEK);
    if (at < weeks) counts[at]++;
  }
  return { cases: null, held: Array.from(counts, (count) => (count >= 5 ? 1 : 0)), unit: "weeks" };
}

export function takesTime({ evidence, name, activities, rows }: StepContext): Outcomes | { needs: Need[] } {
  const { log, isAutomatic, caseOf } = evidence;
  const handling = activities.map((a) => evidence.handling(a)).find((one) => one !== undefined);
  if (!handling) return { needs: [{ kind: "handling time", step: name, fromCases: false }] };
  const long = handling.hours >= 2 / 60;
  return {
    cases: Array.from(rows, (e) => caseOf[e]),
    held: Array.from(rows, (e) => (long && !(log.person && isAutomatic[log.person[e]] === 1) ? 1 : 0)),
    unit: "executions",
  };
}
