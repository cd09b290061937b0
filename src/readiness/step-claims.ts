import {
  claimId,
  judge,
  untestable,
  type Claim,
  type ClaimVerdict,
  type Outcomes,
  type Statement,
} from "../audit/claims.ts";
import type { Finding, NotTestable } from "../audit/finding.ts";
import { remedies, type Remedy } from "../audit/remedies.ts";
import type { Evidence } from "../detectors/evidence.ts";
import { taskKindOf, type TaskKind } from "../detectors/task-kinds.ts";
import { isMissing, type Column } from "../eventlog/event-log.ts";
import { formatPercent } from "../format.ts";
import { quantileOfSorted } from "../statistics/quantile.ts";
import { Random } from "../statistics/random.ts";
import { outcomeRule } from "./outcome-rule.ts";

export const LENSES = ["data", "consistency", "error tolerance", "business impact"] as const;
export type Lens = (typeof LENSES)[number];
export type Need = "required" | "wanted" | "indifferent";

/** One thing that must be so, or had better be, before a machine does a step. */
export interface LensClaim extends Claim {
  /** what is asked, the same for every step: "filled", "told", … */
  key: string;
  lens: Lens;
  need: Need;
  /** contradicted, it says that people must do it, whatever else is mended */
  keepsPeople: boolean;
  /** what it rests on besides counts: "told by category and amount" */
  detail: string | null;
  remedy: Remedy;
  /** false where doing what the remedy says does not turn the claim: too little work stays too little */
  mends: boolean;
}

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
  kind: TaskKind;
}

interface Check {
  key: string;
  lens: Lens;
  statement(name: string): string;
  check: string;
  threshold: number;
  /** by kind of task; indifferent where none is named */
  required: readonly TaskKind[] | "all";
  wanted?: readonly TaskKind[] | "all";
  keepsPeople?: readonly TaskKind[] | "all";
  /** the only kinds of task of which it is asked at all */
  only?: readonly TaskKind[];
  remedy: Remedy;
  /** false where the remedy does not turn the claim */
  mends?: false;
  measure(context: StepContext): (Outcomes & { detail?: string }) | Estimated | { needs: string[] };
}

/** A check whose share is worked out as a whole, not case by case. */
interface Estimated {
  n: number;
  unit: string;
  estimate: number | null;
  interval: [number, number] | null;
}

const WEEK = 604_800_000;

const remedy = (text: string, effort: Remedy["effort"], decides: string): Remedy => ({
  text,
  effort,
  decides,
});

/** Acts that are in the world once they are done, by the name of the step. */
const IRREVERSIBLE =
  /\b(pay|paid|payment run|payout|transfer money|ship|deliver|send (out|contract|offer|letter)|publish|delete|terminate|dismiss|sign contract|sign(s|ed)? (the )?contract|refund)\b|zahl|überweis|versend|versand|lösch|kündig/i;

/** Each check of each lens, in the order in which they are shown. Thresholds are the least share that must hold. */
export const CHECKS: readonly Check[] = [
  {
    key: "filled",
    lens: "data",
    statement: (name) => `What "${name}" works on is filled in when it is done.`,
    check: "share of its executions in which every column that it needs has a value, at least 95 %",
    threshold: 0.95,
    required: ["sort", "check", "copy", "extract", "decide"],
    wanted: "all",
    remedy:
      remedies["missing-data"] ??
      remedy("Make the field mandatory where it is first known.", "weeks", "process owner"),
    measure: filled,
  },
  {
    key: "in-time",
    lens: "data",
    statement: (name) => `"${name}" is recorded when it happens.`,
    check: "share of its cases without an entry made after the fact, at least 90 %",
    threshold: 0.9,
    required: [],
    wanted: "all",
    remedy: remedies["late-logging"],
    measure: withoutFinding("late-logging"),
  },
  {
    key: "told",
    lens: "consistency",
    statement: (name) => `What follows "${name}" can be told from what is recorded before it.`,
    check:
      "share of the last fifth of its executions for which a rule learned from the others tells what followed, at least 80 %",
    threshold: 0.8,
    required: ["sort", "check", "decide", "extract"],
    wanted: "all",
    keepsPeople: ["sort", "check", "decide"],
    remedy: remedy(
      "Record what people look at when they decide; until then they decide.",
      "months",
      "process owner",
    ),
    measure: ({ evidence, activities }) => {
      const rule = activities.length === 1 ? outcomeRule(evidence, activities[0]) : undefined;
      if (!rule) return { cases: [], held: [] };
      const words = rule.by.length === 0 ? "one outcome is usual" : `told by ${rule.by.join(" and ")}`;
      return {
        cases: rule.cases,
        held: rule.held,
        unit: "executions",
        detail: `${words}; the most frequent outcome alone is right in ${formatPercent(rule.baseRate)}`,
      };
    },
  },
  {
    key: "described",
    lens: "consistency",
    statement: (name) => `"${name}" is part of the described process.`,
    check: "share of its executions that are a step of the description, all of them",
    threshold: 0.5,
    required: "all",
    remedy: remedies["undocumented-step"],
    measure: ({ evidence, rows, isDescribed }) => ({
      cases: Array.from(rows, (e) => evidence.caseOf[e]),
      held: Array.from(rows, () => (isDescribed ? 1 : 0)),
      unit: "executions",
    }),
  },
  {
    key: "same-way",
    lens: "consistency",
    statement: (name) => `"${name}" is done at the same place of the process.`,
    check: "share of its executions between the same five pairs of steps before and after, at least 80 %",
    threshold: 0.8,
    required: [],
    wanted: "all",
    remedy: remedies["variant-sprawl"],
    measure: ({ evidence, rows }) => samePlaces(evidence, rows),
  },
  {
    key: "steady",
    lens: "consistency",
    statement: (name) => `"${name}" is done today as it was done before.`,
    check:
      "how much of what follows it in the newer half of its executions is as in the older half, at least 80 %",
    threshold: 0.8,
    required: "all",
    remedy: remedies["process-drift"],
    measure: steady,
  },
  {
    key: "right-today",
    lens: "error tolerance",
    statement: (name) => `"${name}" is right the first time.`,
    check:
      "share of its executions that are neither done again nor put right later in the case, at least 90 %",
    threshold: 0.9,
    required: [],
    wanted: "all",
    remedy: remedies["rework"],
    measure: rightFirstTime,
  },
  {
    key: "caught",
    lens: "error tolerance",
    statement: (name) => `Somebody sees the result of "${name}" before it takes effect.`,
    check: "share of its executions with a check or a decision later in the case, at least 90 %",
    threshold: 0.9,
    required: ["copy", "extract", "sort"],
    wanted: "all",
    remedy: remedy("Put a check behind the step, at least of a sample.", "weeks", "process owner"),
    measure: caught,
  },
  {
    key: "within-limits",
    lens: "error tolerance",
    statement: (name) => `"${name}" keeps to who may decide what.`,
    check:
      "share of its cases without a decision above the limit, on one's own request or by who must be another, as far as it can be seen, at least 98 %",
    threshold: 0.98,
    only: ["decide"],
    required: ["decide"],
    remedy: remedies["over-limit"],
    measure: withoutFinding("over-limit", "self-approval", "segregation-of-duties"),
  },
  {
    key: "undone",
    lens: "error tolerance",
    statement: (name) => `A wrong "${name}" can be undone.`,
    check:
      "told by the name of the step, and by cases in which it was done anew after something else: at least half of them",
    threshold: 0.5,
    required: [],
    wanted: "all",
    keepsPeople: "all",
    remedy: remedy(
      "Let people do it, or hold it back until a person has released it.",
      "days",
      "process owner",
    ),
    measure: undone,
  },
  {
    key: "enough",
    lens: "business impact",
    statement: (name) => `There is enough of "${name}" to be worth a machine.`,
    check: "share of the weeks of the evidence with at least five executions, at least 50 %",
    threshold: 0.5,
    required: "all",
    remedy: remedy("Leave it with people: there is too little of it.", "days", "process owner"),
    mends: false,
    measure: enough,
  },
  {
    key: "takes-time",
    lens: "business impact",
    statement: (name) => `"${name}" takes people's time.`,
    check: "share of its executions that people do, of a step that takes at least two minutes, at least 50 %",
    threshold: 0.5,
    required: [],
    wanted: "all",
    remedy: remedy("Look elsewhere for time to win.", "days", "process owner"),
    mends: false,
    measure: takesTime,
  },
];

/** The claims of one step in all lenses, with their verdicts. One pass over its executions for each check. */
export function claimsOfStep(context: StepContext): LensClaim[] {
  const { evidence, name, kind } = context;
  // without any description nobody can say that a step is missing in it
  const checks = CHECKS.filter(
    ({ key, only }) =>
      (key !== "described" || evidence.described !== undefined) && (!only || only.includes(kind)),
  );
  return checks.map((check) => {
    const said: Statement = {
      statement: check.statement(name),
      saidBy: "readiness",
      source: "readiness",
      subject: name,
      check: check.check,
    };
    const measured = check.measure(context);
    const claim =
      "needs" in measured
        ? untestable(evidence, said, measured.needs)
        : "held" in measured
          ? judge(evidence, said, measured, check.threshold)
          : {
              ...judge(evidence, said, { cases: [], held: [] }, check.threshold),
              ...measured,
              verdict: verdictOfInterval(measured.interval, check.threshold),
            };
    return {
      ...claim,
      id: claimId("readiness", `${check.key}\u0000${name}`),
      key: check.key,
      lens: check.lens,
      need: isAmong(check.required, kind)
        ? "required"
        : isAmong(check.wanted ?? [], kind)
          ? "wanted"
          : "indifferent",
      keepsPeople: isAmong(check.keepsPeople ?? [], kind),
      detail: ("detail" in measured && measured.detail) || null,
      remedy: check.remedy,
      mends: check.mends ?? true,
    };
  });
}

const verdictOfInterval = (interval: [number, number] | null, threshold: number): ClaimVerdict =>
  interval === null
    ? "not enough evidence"
    : interval[0] >= threshold
      ? "confirmed"
      : interval[1] < threshold
        ? "contradicted"
        : "not enough evidence";

const isAmong = (kinds: readonly TaskKind[] | "all", kind: TaskKind) =>
  kinds === "all" || kinds.includes(kind);

/** The kind of task of a step: what its description says, else what its name tells. */
export const kindOfStep = (
  evidence: Evidence,
  name: string,
  activities: readonly number[],
  said?: TaskKind,
): TaskKind => said ?? (activities.some((a) => evidence.isApproval[a] === 1) ? "decide" : taskKindOf(name));

/** Holds where each column that the step needs has a value in the case by then; without a word on what it needs, each that cases mostly have. */
function filled({ evidence, name, activities, rows }: StepContext): Outcomes | { needs: string[] } {
  const { log, caseOf, described } = evidence;
  const step = described && activities.length > 0 ? described.stepOf[activities[0]] : -1;
  const wanted = step >= 0 ? described!.steps[step].needs : [];
  const known = log.columns
    .filter(({ name: column }) => wanted.length === 0 || wanted.includes(column))
    .map((column) => firstKnown(evidence, column))
    .filter(
      (first) => wanted.length > 0 || first.reduce((sum, e) => sum + (e >= 0 ? 1 : 0), 0) > log.caseCount / 2,
    );
  if (known.length < Math.max(1, wanted.length))
    return { needs: [`columns with what "${name}" works on, and needs: of the step in the description`] };
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

/** The row of each case from which on a column has a value; the first for columns of cases, −1 where it has none. */
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

/** Holds in the cases that no finding of the detectors about the step names; what is missing where none of them can see anything. */
function withoutFinding(...detectors: string[]) {
  return ({
    evidence,
    findings,
    notTestable,
    name,
    activities,
    rows,
  }: StepContext): Outcomes | { needs: string[] } => {
    const blind = notTestable.filter(({ detector }) => detectors.includes(detector));
    if (blind.length === detectors.length)
      return { needs: [...new Set(blind.flatMap(({ needs }) => needs))] };
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

const nextOf = ({ log, caseOf }: Evidence, e: number) =>
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

/**
 * How much of what follows the step is as it was: 1 less the total variation distance between what follows in the older and in the newer half, with the 95 % interval of
 * resampled weeks. Chance alone makes halves differ a little, so the interval errs to the side of change.
 */
function steady({ evidence, rows }: StepContext): Estimated {
  const { log, caseOf, isClosed, range } = evidence;
  const done = rows.filter((e) => isClosed[caseOf[e]] === 1);
  if (done.length < 60) return { n: 0, unit: "executions", estimate: null, interval: null };
  const half = log.time[done[Math.floor(done.length / 2)]];
  // of each week how often each thing followed, in the older half and in the newer one
  const place = new Map<number, number>();
  for (const e of done) {
    const next = nextOf(evidence, e);
    if (!place.has(next)) place.set(next, place.size);
  }
  const weeks = new Map<number, Float64Array>();
  for (const e of done) {
    const week = Math.floor((log.time[e] - range.from) / WEEK);
    let counts = weeks.get(week);
    if (!counts) weeks.set(week, (counts = new Float64Array(2 * place.size)));
    counts[2 * place.get(nextOf(evidence, e))! + (log.time[e] >= half ? 1 : 0)]++;
  }
  const all = [...weeks.values()];
  const alike = (sample: readonly Float64Array[]) => {
    const counts = new Float64Array(2 * place.size);
    for (const week of sample) for (let k = 0; k < counts.length; k++) counts[k] += week[k];
    let [older, newer] = [0, 0];
    for (let k = 0; k < counts.length; k += 2) {
      older += counts[k];
      newer += counts[k + 1];
    }
    if (older === 0 || newer === 0) return undefined;
    let distance = 0;
    for (let k = 0; k < counts.length; k += 2)
      distance += Math.abs(counts[k] / older - counts[k + 1] / newer);
    return 1 - distance / 2;
  };
  const random = new Random("steady");
  const drawn: number[] = [];
  for (let i = 0; i < 300; i++) {
    const value = alike(all.map(() => random.pick(all)));
    if (value !== undefined) drawn.push(value);
  }
  const sorted = Float64Array.from(drawn).sort();
  const low = quantileOfSorted(sorted, 0.025);
  const high = quantileOfSorted(sorted, 0.975);
  return {
    n: done.length,
    unit: "executions",
    estimate: alike(all) ?? null,
    interval: low === undefined || high === undefined ? null : [low, high],
  };
}

function rightFirstTime({ evidence, activities, rows }: StepContext): Outcomes {
  const { log, caseOf, isCompensating } = evidence;
  const own = new Set(activities);
  return {
    cases: Array.from(rows, (e) => caseOf[e]),
    held: Array.from(rows, (e) => {
      const end = log.caseStart[caseOf[e] + 1];
      for (let k = e + 1; k < end; k++)
        // straight after itself it is one piece of work
        if (isCompensating[log.activity[k]] === 1 || (k > e + 1 && own.has(log.activity[k]))) return 0;
      return 1;
    }),
    unit: "executions",
  };
}

function caught({ evidence, activities, rows }: StepContext): Outcomes {
  const { log, caseOf, activityNames, isApproval } = evidence;
  const own = new Set(activities);
  const sees = activityNames.map(
    (name, a) => !own.has(a) && (isApproval[a] === 1 || taskKindOf(name) === "check"),
  );
  const done = rows.filter((e) => evidence.isClosed[caseOf[e]] === 1);
  return {
    cases: Array.from(done, (e) => caseOf[e]),
    held: Array.from(done, (e) => {
      const end = log.caseStart[caseOf[e] + 1];
      for (let k = e + 1; k < end; k++) if (sees[log.activity[k]]) return 1;
      return 0;
    }),
    unit: "executions",
  };
}

function undone({ evidence, name, activities, rows }: StepContext): Outcomes & { detail?: string } {
  const { log, caseOf } = evidence;
  if (IRREVERSIBLE.test(name)) {
    const cases = [...new Set(Array.from(rows, (e) => caseOf[e]))];
    return {
      cases: null,
      held: cases.map(() => 0),
      unit: "cases",
      detail: "what is paid, sent or deleted is in the world",
    };
  }
  // done again after something else: it was taken back and done anew
  const own = new Set(activities);
  const again = new Set<number>();
  for (const e of rows)
    for (let k = e + 2; k < log.caseStart[caseOf[e] + 1]; k++)
      if (own.has(log.activity[k])) again.add(caseOf[e]);
  return { cases: [...again], held: [...again].map(() => 1), detail: "cases in which it was done anew" };
}

function enough({ evidence, rows }: StepContext): Outcomes {
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

function takesTime({ evidence, name, activities, rows }: StepContext): Outcomes | { needs: string[] } {
  const { log, isAutomatic, caseOf } = evidence;
  const handling = activities.map((a) => evidence.handling(a)).find((one) => one !== undefined);
  if (!handling) return { needs: [`how long "${name}" takes (begin times, or the person of each step)`] };
  const long = handling.hours >= 2 / 60;
  return {
    cases: Array.from(rows, (e) => caseOf[e]),
    held: Array.from(rows, (e) => (long && !(log.person && isAutomatic[log.person[e]] === 1) ? 1 : 0)),
    unit: "executions",
  };
}
