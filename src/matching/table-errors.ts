import { isTransposition, jaroWinkler } from "./similarity.ts";

/** A cell that is probably wrong, with what speaks against it. */
export interface CellError {
  row: number;
  column: number;
  value: string;
  /** what the cell should probably say; the empty string where that is not known */
  expected: string;
  why: "missing" | "disagrees" | "spelling" | "form";
}

export interface TableErrorOptions {
  /** share of rows in which one column must settle another for the rest to count as errors */
  minConfidence?: number;
  /** columns by which nothing is settled and that are not judged: the table's own key */
  skip?: ReadonlySet<number>;
}

/**
 * Which cells of a table are probably wrong? Without an example of an error: cells that are empty where the
 * column is normally filled, that disagree with what other columns settle (approximate functional
 * dependencies, judged by the majority within each group), that differ by a letter or two from a value used
 * far more often, and that do not have the form that nearly all values of the column have.
 *
 * `columns` hold one text a row, the empty string for "no value". By row, then column. Work: rows × columns²
 * for the dependencies, distinct values² within blocks of a common begin or end for the spellings.
 */
export function findTableErrors(
  columns: readonly (readonly string[])[],
  { minConfidence = 0.5, skip = new Set() }: TableErrorOptions = {},
): CellError[] {
  const rows = columns[0]?.length ?? 0;
  const coded = columns.map(encode);
  const errors = new Map<number, CellError>();
  const add = (row: number, column: number, expected: string, why: CellError["why"]) => {
    const key = row * columns.length + column;
    if (!errors.has(key)) errors.set(key, { row, column, value: columns[column][row], expected, why });
  };
  const judged = coded.map((_, k) => k).filter((k) => !skip.has(k));
  for (const k of judged) {
    const { codes, count } = coded[k];
    if (count[0] > 0 && count[0] <= rows * 0.5)
      codes.forEach((code, r) => code === 0 && add(r, k, "", "missing"));
  }
  for (const y of judged) {
    const determinants = settledBy(coded, y, judged, minConfidence);
    if (determinants.length > 0)
      disagreements(coded, y, determinants, (row, expected) =>
        add(row, y, coded[y].values[expected], "disagrees"),
      );
  }
  for (const k of judged) {
    for (const [code, better] of spellingsOf(coded[k]))
      coded[k].codes.forEach((c, r) => c === code && add(r, k, coded[k].values[better], "spelling"));
    for (const code of oddForms(coded[k], rows))
      coded[k].codes.forEach((c, r) => c === code && add(r, k, "", "form"));
  }
  return [...errors.values()].sort((a, b) => a.row - b.row || a.column - b.column);
}

interface Coded {
  codes: Uint32Array;
  /** by code; 0 is "no value" */
  values: string[];
  count: Float64Array;
}

function encode(column: readonly string[]): Coded {
  const known = new Map<string, number>([["", 0]]);
  const codes = Uint32Array.from(column, (value) => {
    const key = value.trim();
    let code = known.get(key);
    if (code === undefined) known.set(key, (code = known.size));
    return code;
  });
  const count = new Float64Array(known.size);
  for (const code of codes) count[code]++;
  return { codes, values: [...known.keys()], count };
}

interface Determinant {
  x: number;
  /** by code of x: the value of y that most rows of the group have, and their share of it */
  majority: Uint32Array;
  support: Float64Array;
  share: Float64Array;
  confidence: number;
}

/** Columns whose value mostly settles that of column `y`, better than its most frequent value does. */
function settledBy(
  coded: readonly Coded[],
  y: number,
  judged: readonly number[],
  minConfidence: number,
): Determinant[] {
  const { codes: ys, count: ofY } = coded[y];
  const filled = ys.length - ofY[0];
  const mode = Math.max(0, ...ofY.subarray(1)) / Math.max(1, filled);
  if (ofY.length <= 2) return [];
  return judged.flatMap((x): Determinant[] => {
    const { codes: xs, count: ofX } = coded[x];
    const groups = ofX.length - 1;
    if (x === y || groups < 2 || groups > filled / 2) return [];
    const pairs = new Map<number, number>();
    const n = ofY.length;
    for (let r = 0; r < xs.length; r++)
      if (xs[r] !== 0 && ys[r] !== 0) pairs.set(xs[r] * n + ys[r], (pairs.get(xs[r] * n + ys[r]) ?? 0) + 1);
    const majority = new Uint32Array(ofX.length);
    const most = new Float64Array(ofX.length);
    const support = new Float64Array(ofX.length);
    for (const [key, many] of pairs) {
      const v = Math.floor(key / n);
      support[v] += many;
      if (many > most[v]) [most[v], majority[v]] = [many, key % n];
    }
    let agree = 0;
    let total = 0;
    for (let v = 1; v < support.length; v++) {
      if (support[v] < 2) continue;
      agree += most[v];
      total += support[v];
    }
    const confidence = total === 0 ? 0 : agree / total;
    // chance alone makes the majority of a small group look settled
    if (total < filled * 0.5 || confidence < minConfidence || (confidence - mode) / (1 - mode) < 0.5)
      return [];
    return [{ x, majority, support, share: most.map((m, v) => m / (support[v] || 1)), confidence }];
  });
}

/** Rows in which what the other columns settle outweighs what stands there. */
function disagreements(
  coded: readonly Coded[],
  y: number,
  determinants: readonly Determinant[],
  report: (row: number, expected: number) => void,
): void {
  const { codes: ys } = coded[y];
  const strongest = [...determinants].sort((a, b) => b.confidence - a.confidence).slice(0, 8);
  for (let r = 0; r < ys.length; r++) {
    if (ys[r] === 0) continue;
    let against = 0;
    let favour = 0;
    let expected = 0;
    let best = 0;
    for (const { x, majority, support, share, confidence } of strongest) {
      const v = coded[x].codes[r];
      if (v === 0 || support[v] < 3 || share[v] <= 0.3) continue;
      const weight = confidence * (share[v] - 0.3) * Math.min(1, support[v] / 5);
      if (majority[v] === ys[r]) favour += weight;
      else {
        against += weight;
        if (weight > best) [best, expected] = [weight, majority[v]];
      }
    }
    if (against > favour && against > 0.03) report(r, expected);
  }
}

/** Rare values that are a frequent one but for a letter or two, with that one. */
function spellingsOf({ values, count }: Coded): Map<number, number> {
  const found = new Map<number, number>();
  if (values.length > 20_000) return found;
  const blocks = new Map<string, number[]>();
  for (let v = 1; v < values.length; v++) {
    const value = values[v].toLowerCase();
    if (value.length < 5) continue;
    for (const key of [
      `<${value.slice(0, 3)}`,
      `>${value.slice(-3)}`,
      `=${value.replaceAll(/[^\p{L}\p{N}]/gu, "")}`,
    ]) {
      const block = blocks.get(key);
      if (block) block.push(v);
      else blocks.set(key, [v]);
    }
  }
  for (const block of blocks.values()) {
    if (block.length > 400) continue;
    for (const rare of block) {
      if (count[rare] > 3 || found.has(rare)) continue;
      for (const usual of block) {
        if (count[usual] < 5 * count[rare] || count[usual] < 4) continue;
        if (isMisspelling(values[rare], values[usual])) found.set(rare, usual);
      }
    }
  }
  return found;
}

/** Whether two values differ as by mistyping: letters, not figures; "Line A" and "Line B" are two things. */
function isMisspelling(a: string, b: string): boolean {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  if (x.replaceAll(/\D/g, "") !== y.replaceAll(/\D/g, "")) return false;
  if (x.replaceAll(/[^\p{L}\p{N}]/gu, "") === y.replaceAll(/[^\p{L}\p{N}]/gu, "")) return true;
  if (isTransposition(x, y)) return true;
  const [short, long] = [x, y].map((value) => value.split(/[^\p{L}\p{N}]+/u).filter(Boolean));
  if (short.length !== long.length) return false;
  const different = short.filter((word, i) => word !== long[i]);
  const pairs = short.map((word, i) => [word, long[i]] as const).filter(([p, q]) => p !== q);
  return (
    different.length <= Math.max(1, short.length / 3) &&
    pairs.every(
      ([p, q]) =>
        Math.min(p.length, q.length) >= 4 && jaroWinkler(p, q) >= 0.85 && Math.abs(p.length - q.length) <= 1,
    )
  );
}

/**
 * Values whose form (figures, letters, other characters) next to no other value of the column has, where
 * nearly all share one.
 */
function oddForms({ values, count }: Coded, rows: number): number[] {
  const formOf = (value: string) =>
    value
      .replaceAll(/\p{Lu}+/gu, "A")
      .replaceAll(/\p{Ll}+/gu, "a")
      .replaceAll(/\d+/g, "0")
      .replaceAll(/\s+/g, " ");
  const forms = new Map<string, number>();
  let filled = 0;
  for (let v = 1; v < values.length; v++) {
    forms.set(formOf(values[v]), (forms.get(formOf(values[v])) ?? 0) + count[v]);
    filled += count[v];
  }
  const usual = Math.max(0, ...forms.values());
  if (filled < rows * 0.3 || usual < filled * 0.93 || forms.size > 12 || filled < 50) return [];
  const odd: number[] = [];
  for (let v = 1; v < values.length; v++)
    if (forms.get(formOf(values[v]))! <= Math.max(3, filled * 0.01)) odd.push(v);
  return odd;
}
