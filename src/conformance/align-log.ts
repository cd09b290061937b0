import type { EventLog } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { findVariants } from "../discovery/variants.ts";
import type { ProcessModel } from "../model/model.ts";
import { Aligner, DEFAULT_STATES, type Alignment } from "./align.ts";
import { NetSpace } from "./net-space.ts";
import type { StateSpace } from "./state-space.ts";
import { TreeSpace } from "./tree-space.ts";

/** The cheapest alignment of one variant. */
export interface VariantAlignment extends Alignment {
  activities: string[];
  /** cases of this variant, and their numbers in the log */
  cases: number;
  caseNumbers: Uint32Array;
  /**
   * 1 − cost / (steps of the trace + visible steps of the model's shortest run); 1 where both are 0,
   * undefined where the search met its limit first
   */
  fitness: number | undefined;
}

export interface LogAlignment {
  /** 1 − Σ cost / Σ (steps of the trace + shortest run), over all cases */
  fitness: number | undefined;
  /** mean fitness of the cases */
  averageFitness: number | undefined;
  fittingCases: number;
  cases: number;
  /**
   * false where some variant met the limit; its cost is then a real alignment's, with `lowerBound` below it
   */
  optimal: boolean;
  /** most frequent first */
  variants: VariantAlignment[];
}

export interface AlignOptions {
  maxStates?: number;
  /** called now and then with the share of variants done */
  onProgress?: (share: number) => void;
}

/** The states of a model: by its tree where it has one. */
export function spaceOf({ tree, net }: ProcessModel): StateSpace {
  return tree ? new TreeSpace(tree) : new NetSpace(net);
}

/** Different traces of a log, ready to be aligned: as labels of a model, −1 for activities that it lacks. */
export interface Traces {
  names: string[][];
  labels: Int32Array[];
}

/**
 * How far is each case from the nearest run of the model? Aligns variants, not cases, in one state space.
 * Undefined fitness for a log without cases; a model without any run to its end fits nothing: fitness 0.
 */
export function alignLog(log: EventLog, space: StateSpace, options: AlignOptions = {}): LogAlignment {
  const { traces, variants } = tracesOf(log, space.labels);
  const alignments = alignTraces(space, traces, options);
  return summarise(space, variants, traces, alignments);
}

/** One alignment a trace. */
export function alignTraces(
  space: StateSpace,
  { labels, names }: Traces,
  { maxStates = DEFAULT_STATES, onProgress }: AlignOptions = {},
): Alignment[] {
  const aligner = new Aligner(space, maxStates);
  return labels.map((trace, v) => {
    if (v % 64 === 0) onProgress?.(v / labels.length);
    return aligner.align(trace, names[v]);
  });
}

/** The variants of a log with the cases of each. */
export interface VariantCases {
  /** number of cases, and which */
  count: Uint32Array;
  members: Uint32Array[];
}

export function tracesOf(
  log: EventLog,
  labels: readonly string[],
): { traces: Traces; variants: VariantCases } {
  const { caseCount, example, variantOf } = findVariants(log);
  const number = new Map(labels.map((label, i) => [label, i]));
  const names = Array.from({ length: log.activities.length }, (_, a) => nameAt(log.activities, a));
  const labelOf = names.map((name) => number.get(name) ?? -1);
  const rows = Array.from(example, (c) => log.activity.subarray(log.caseStart[c], log.caseStart[c + 1]));
  const next = new Uint32Array(caseCount.length);
  const members = Array.from(caseCount, (count) => new Uint32Array(count));
  variantOf.forEach((v, c) => (members[v][next[v]++] = c));
  return {
    traces: {
      names: rows.map((row) => Array.from(row, (a) => names[a])),
      labels: rows.map((row) => Int32Array.from(row, (a) => labelOf[a])),
    },
    variants: { count: caseCount, members },
  };
}

export function summarise(
  space: StateSpace,
  variants: VariantCases,
  { names }: Traces,
  alignments: Alignment[],
): LogAlignment {
  const shortest = shortestRunOf(space);
  let [cost, size, sum, cases, fitting] = [0, 0, 0, 0, 0];
  let known = shortest !== undefined;
  const rows = alignments.map((alignment, v): VariantAlignment => {
    const count = variants.count[v];
    const whole = names[v].length + (shortest ?? 0);
    // a model without any run to its end fits nothing; a search that found no alignment before its limit says
    // nothing
    const isUnknown = shortest === undefined || (!alignment.optimal && !Number.isFinite(alignment.cost));
    const fitness = isUnknown
      ? undefined
      : whole === 0
        ? 1
        : Number.isFinite(alignment.cost)
          ? 1 - alignment.cost / whole
          : 0;
    if (fitness === undefined) known = false;
    cost += count * Math.min(alignment.cost, whole);
    size += count * whole;
    sum += count * (fitness ?? 0);
    cases += count;
    if (alignment.cost === 0) fitting += count;
    return { ...alignment, activities: names[v], cases: count, caseNumbers: variants.members[v], fitness };
  });
  const whole = size === 0 ? 1 : Number.isFinite(size) ? 1 - cost / size : 0;
  return {
    fitness: cases === 0 || !known ? undefined : whole,
    averageFitness: cases === 0 || !known ? undefined : sum / cases,
    fittingCases: fitting,
    cases,
    optimal: alignments.every(({ optimal }) => optimal),
    variants: rows,
  };
}

/**
 * Visible steps of the model's shortest run: what the empty trace costs. Infinity where no run ends,
 * undefined where the search met its limit.
 */
function shortestRunOf(space: StateSpace): number | undefined {
  if (space.isExact) return space.completion(space.initial);
  const { cost, optimal } = new Aligner(space).align(new Int32Array(0), []);
  return optimal ? cost : undefined;
}
