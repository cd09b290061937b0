import type { EventLog } from "../../eventlog/event-log.ts";
import type { CaseSelection } from "../../eventlog/select-cases.ts";
import { nameAt, type Strings } from "../../eventlog/strings.ts";

/**
 * A count over cases that can be made in parts: of part of a log, of a log as it grows, where the evidence
 * lies. `merge(of(A), of(B))` is `of(A and B)` for cases that no part shares; it is associative, its order
 * changes nothing but the order of entries, and `empty` leaves the other part as it is.
 *
 * What is counted has names beside its codes. Parts of one log share the dictionaries, and codes are added as
 * they are; parts with different dictionaries are joined by their names.
 */
export interface Summary<T> {
  id: string;
  /** the count of a log, or of some of its cases */
  of(log: EventLog, cases?: CaseSelection): T;
  merge(a: T, b: T): T;
  /** the count of no cases */
  empty: T;
}

/**
 * Counts under names: entry k counts `counts[f][k]` for what has the names `names[d].at(codes[d][k])`. No two
 * entries are the same. A count of activities, say, has one dictionary; one of who did what has three.
 */
export interface Counts<D extends string, F extends string> {
  names: Record<D, Strings>;
  codes: Record<D, Uint32Array>;
  counts: Record<F, Float64Array>;
}

/**
 * Entries of `a`, then those that `b` alone has; the counts of what both have are added. Expected O(entries).
 */
export function mergeCounts<D extends string, F extends string>(
  a: Counts<D, F>,
  b: Counts<D, F>,
): Counts<D, F> {
  const dimensions = keysOf(a.names);
  const names = { ...a.names };
  const codesOfB = { ...b.codes };
  for (const d of dimensions) {
    const joined = joinNames(a.names[d], b.names[d], b.codes[d]);
    names[d] = joined.names;
    codesOfB[d] = joined.codes;
  }
  const codes = valuesBy(dimensions, (d) => Array.from(a.codes[d]));
  const figures = keysOf(a.counts);
  const counts = valuesBy(figures, (f) => Array.from(a.counts[f]));
  const keyOf = (of: Record<D, ArrayLike<number>>, k: number) => dimensions.map((d) => of[d][k]).join();
  const entries = new Map<string, number>();
  const size = (of: Record<D, ArrayLike<number>>) => of[dimensions[0]].length;
  for (let k = 0; k < size(a.codes); k++) entries.set(keyOf(a.codes, k), k);
  for (let k = 0; k < size(b.codes); k++) {
    const known = entries.get(keyOf(codesOfB, k));
    if (known !== undefined) for (const f of figures) counts[f][known] += b.counts[f][k];
    else {
      for (const d of dimensions) codes[d].push(codesOfB[d][k]);
      for (const f of figures) counts[f].push(b.counts[f][k]);
    }
  }
  return {
    names,
    codes: valuesBy(dimensions, (d) => Uint32Array.from(codes[d])),
    counts: valuesBy(figures, (f) => Float64Array.from(counts[f])),
  };
}

/** Counts of nothing. */
export function noCounts<D extends string, F extends string>(
  dimensions: readonly D[],
  figures: readonly F[],
): Counts<D, F> {
  return {
    names: valuesBy(dimensions, (): Strings => []),
    codes: valuesBy(dimensions, () => new Uint32Array(0)),
    counts: valuesBy(figures, () => new Float64Array(0)),
  };
}

/**
 * A dictionary with the names of both, and `codes` of the second as they are in it. The same dictionary stays
 * as it is. O(names) else.
 */
export function joinNames(
  a: Strings,
  b: Strings,
  codes: Uint32Array,
): { names: Strings; codes: Uint32Array } {
  if (a === b) return { names: a, codes };
  const names = Array.from({ length: a.length }, (_, i) => nameAt(a, i));
  const codeOf = new Map(names.map((name, i) => [name, i]));
  const joined = new Map<number, number>();
  const codeIn = (old: number): number => {
    const known = joined.get(old);
    if (known !== undefined) return known;
    const name = nameAt(b, old);
    const code = codeOf.get(name) ?? names.push(name) - 1;
    codeOf.set(name, code);
    joined.set(old, code);
    return code;
  };
  return { names, codes: codes.map(codeIn) };
}

function keysOf<K extends string>(of: Record<K, unknown>): K[] {
  return Object.keys(of) as K[];
}

function valuesBy<K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>;
}
