/** A pair of records that are one, the first of its group and one of the others. */
export interface GroupedPair<T> {
  first: number;
  other: number;
  /** of the pair by which the other was found */
  because: T;
}

/**
 * Joins pairs into groups and pairs each further record of a group with its first, once: pairs (1, 2) and (2,
 * 3) give (1, 2) and (1, 3). `isBefore` says which of two comes first. In order of the first, then the other.
 */
export function withFirst<T>(
  pairs: readonly { a: number; b: number; because: T }[],
  isBefore: (a: number, b: number) => boolean,
): GroupedPair<T>[] {
  const parent = new Map<number, number>();
  const reasons = new Map<number, T>();
  const root = (r: number): number => {
    let top = r;
    while (parent.has(top)) top = parent.get(top)!;
    return top;
  };
  for (const { a, b, because } of pairs) {
    const later = isBefore(a, b) ? b : a;
    if (!reasons.has(later)) reasons.set(later, because);
    const [x, y] = [root(a), root(b)];
    if (x !== y) parent.set(isBefore(x, y) ? y : x, isBefore(x, y) ? x : y);
  }
  return [...parent.keys()]
    .map((other) => ({ first: root(other), other, because: reasons.get(other) ?? pairs[0].because }))
    .sort((x, y) => x.first - y.first || x.other - y.other);
}
