import { Random } from "../statistics/random.ts";
import { jaroWinkler, normalise, normaliseCode, normaliseCompany } from "./similarity.ts";

/**
 * One property by which records are compared, with its value in each record; the empty string is "no value".
 */
export interface MatchField {
  name: string;
  /**
   * how values are compared: names of companies without their legal form, codes exactly, other texts by words
   * and letters
   */
  kind: "company" | "text" | "code" | "number";
  values: readonly string[];
}

export interface LinkedPair {
  a: number;
  b: number;
  /** log2 of how much more likely these agreements are for the same object than for two */
  weight: number;
  /** probability that both are the same object */
  probability: number;
  /** names of the fields that agree, exactly or nearly */
  agreeing: string[];
}

export interface LinkOptions {
  /**
   * records before this one are one list, the others another: only pairs across are compared. Undefined:
   * duplicates within one list
   */
  split?: number;
  /** least probability of a pair that is returned */
  least?: number;
  /** largest number of records under one blocking key; larger ones tell nothing apart */
  maxBlock?: number;
}

/** Levels of agreement of one field: no value on a side, different, somewhat alike, nearly equal, equal. */
const MISSING = 0;
const DIFFERENT = 1;
const LEVELS = 5;
/** How often records of one object show each level, before anything is learned from the data. */
const M_PRIOR = [0, 0.07, 0.06, 0.17, 0.7];

/**
 * Which records are the same object? Candidates share a rare word, code or the begin and end of a value; each
 * field of a candidate has a level of agreement, and the levels are weighed by how much oftener they occur in
 * records of one object (Fellegi and Sunter 1969). How often they do is learned from the candidates
 * themselves (expectation maximisation, Winkler 1988); agreement on a rare value weighs more than on a common
 * one.
 *
 * Pairs with `a < b`, most probable first. With `split` each record is linked at most once. About records ×
 * words a record × `maxBlock` comparisons at worst.
 */
export function linkRecords(fields: readonly MatchField[], options: LinkOptions = {}): LinkedPair[] {
  const { split, least = 0.9, maxBlock = 60 } = options;
  const prepared = fields.map(prepare);
  const candidates = candidatePairs(prepared, split, maxBlock);
  const pairs = comparePairs(prepared, candidates);
  const scored = weigh(prepared, pairs, expectedMatches(prepared, split)).filter(
    ({ probability }) => probability >= least,
  );
  scored.sort((x, y) => y.weight - x.weight || x.a - y.a || x.b - y.b);
  if (split === undefined) return scored;
  const used = new Set<number>();
  return scored.filter(({ a, b }) => {
    if (used.has(a) || used.has(b)) return false;
    used.add(a).add(b);
    return true;
  });
}

/**
 * How probable it is that each of the given pairs is one object: as `linkRecords`, for pairs that somebody
 * else proposed.
 */
export function scorePairs(
  fields: readonly MatchField[],
  pairs: readonly (readonly [number, number])[],
): LinkedPair[] {
  const prepared = fields.map(prepare);
  return weigh(prepared, comparePairs(prepared, pairs), undefined);
}

interface Prepared {
  field: MatchField;
  /** values as they are compared */
  values: string[];
  words: string[][];
  /** share of the records with each value */
  frequency: Map<string, number>;
  /** weight of each word: rare words say more */
  idf: Map<string, number>;
}

function prepare(field: MatchField): Prepared {
  const clean =
    field.kind === "company" ? normaliseCompany : field.kind === "text" ? normalise : normaliseCode;
  const values = field.values.map((value) => clean(value));
  const words = values.map((value) => (value === "" ? [] : [...new Set(value.split(" "))]));
  const frequency = new Map<string, number>();
  const documents = new Map<string, number>();
  let filled = 0;
  values.forEach((value, r) => {
    if (value === "") return;
    filled++;
    frequency.set(value, (frequency.get(value) ?? 0) + 1);
    for (const word of words[r]) documents.set(word, (documents.get(word) ?? 0) + 1);
  });
  for (const [value, count] of frequency) frequency.set(value, count / filled);
  const idf = new Map([...documents].map(([word, count]) => [word, Math.log(1 + filled / count)]));
  return { field, values, words, frequency, idf };
}

/**
 * Pairs of records that share a rare word, code, or begin or end of a value of some field: those worth a
 * look.
 */
export function pairsToCompare(fields: readonly MatchField[], maxBlock = 60): [number, number][] {
  return candidatePairs(fields.map(prepare), undefined, maxBlock);
}

/** Pairs that share a blocking key which few records have. */
function candidatePairs(
  prepared: readonly Prepared[],
  split: number | undefined,
  maxBlock: number,
): [number, number][] {
  const pairs = new Set<number>();
  const count = prepared[0]?.values.length ?? 0;
  for (const { field, values, words } of prepared) {
    const blocks = new Map<string, number[]>();
    const add = (key: string, r: number) => {
      const block = blocks.get(key);
      if (!block) blocks.set(key, [r]);
      else if (block.at(-1) !== r) block.push(r);
    };
    for (let r = 0; r < count; r++) {
      const value = values[r];
      if (value === "") continue;
      add(`=${value}`, r);
      if (field.kind === "code" || field.kind === "number") {
        if (value.length >= 6) {
          add(`<${value.slice(0, -2)}`, r);
          add(`>${value.slice(2)}`, r);
        }
        continue;
      }
      const joined = value.replaceAll(" ", "");
      if (joined.length >= 6) {
        add(`<${joined.slice(0, 5)}`, r);
        add(`>${joined.slice(-5)}`, r);
      }
      for (const word of words[r]) {
        if (word.length >= 3) add(`w${word}`, r);
        if (word.length >= 6) add(`p${word.slice(0, 5)}`, r);
      }
    }
    for (const block of blocks.values()) {
      if (block.length < 2 || block.length > maxBlock) continue;
      for (let i = 0; i < block.length; i++) {
        for (let j = i + 1; j < block.length; j++) {
          const [a, b] = [block[i], block[j]];
          if (split === undefined || (a < split && b >= split)) pairs.add(a * count + b);
        }
      }
    }
  }
  return Array.from(pairs, (key) => [Math.floor(key / count), key % count]);
}

interface Compared {
  a: number;
  b: number;
  levels: number[];
}

function comparePairs(
  prepared: readonly Prepared[],
  pairs: readonly (readonly [number, number])[],
): Compared[] {
  return pairs.map(([a, b]) => ({ a, b, levels: prepared.map((p) => levelOf(p, a, b)) }));
}

function levelOf(prepared: Prepared, a: number, b: number): number {
  const { field, values } = prepared;
  const [x, y] = [values[a], values[b]];
  if (x === "" || y === "") return MISSING;
  if (x === y) return 4;
  if (field.kind === "number") {
    const [p, q] = [Number(field.values[a]), Number(field.values[b])];
    if (p === q) return 4;
    const apart = Math.abs(p - q) / Math.max(Math.abs(p), Math.abs(q), 1e-9);
    return apart <= 0.005 ? 3 : apart <= 0.05 ? 2 : DIFFERENT;
  }
  const similarity = field.kind === "code" ? jaroWinkler(x, y) : textSimilarity(prepared, a, b);
  if (field.kind === "code") return similarity >= 0.95 ? 3 : similarity >= 0.9 ? 2 : DIFFERENT;
  return similarity >= 0.9 ? 3 : similarity >= 0.7 ? 2 : DIFFERENT;
}

/**
 * Letters for short texts, words weighed by rarity for long ones; the better of both, and of the words in any
 * order.
 */
function textSimilarity({ values, words, idf }: Prepared, a: number, b: number): number {
  const [x, y] = [values[a], values[b]];
  const letters =
    x.length <= 40 && y.length <= 40 ? jaroWinkler(x.replaceAll(" ", ""), y.replaceAll(" ", "")) : 0;
  let common = 0;
  let total = 0;
  const [short, long] = words[a].length <= words[b].length ? [words[a], words[b]] : [words[b], words[a]];
  for (const word of long) total += idf.get(word)!;
  const free = new Set(long);
  for (const word of short) {
    total += idf.get(word)!;
    let best = free.has(word) ? 1 : 0;
    let bestWord = word;
    if (best === 0)
      for (const other of free) {
        // an initial stands for its word
        const alike =
          other.length === 1 || word.length === 1
            ? other[0] === word[0]
              ? 0.8
              : 0
            : jaroWinkler(word, other);
        if (alike > Math.max(best, 0.87)) [best, bestWord] = [alike, other];
      }
    if (best === 0) continue;
    free.delete(bestWord);
    common += best * (idf.get(word)! + idf.get(bestWord)!);
  }
  return Math.max(total === 0 ? 0 : common / total, (letters - 0.75) * 4 * 0.95);
}

/** Of all pairs, how many may be one object, before anything is known: about as many as there are records. */
function expectedMatches(prepared: readonly Prepared[], split: number | undefined): number {
  const count = prepared[0]?.values.length ?? 0;
  return split === undefined ? count * 0.1 : Math.min(split, count - split) * 0.8;
}

/**
 * Weights by expectation maximisation over the candidates, with the priors counted as a few hundred pairs so
 * that small tables do not run away.
 */
function weigh(
  prepared: readonly Prepared[],
  pairs: readonly Compared[],
  expected: number | undefined,
): LinkedPair[] {
  if (pairs.length === 0) return [];
  const k = prepared.length;
  const m = prepared.map(() => [...M_PRIOR]);
  const u = randomLevels(prepared);
  const atRandom = u.map((values) => [...values]);
  let share = Math.min(0.5, Math.max(1 / pairs.length, (expected ?? pairs.length * 0.15) / pairs.length));
  const weightOf = ({ levels }: Compared) => {
    let sum = 0;
    for (let f = 0; f < k; f++)
      if (levels[f] !== MISSING) sum += Math.log2(m[f][levels[f]] / u[f][levels[f]]);
    return sum;
  };
  for (let round = 0; round < 25; round++) {
    const sums = prepared.map(() => M_PRIOR.map((value) => value * 50));
    const others = atRandom.map((values) => values.map((value) => value * 200));
    let matches = 0;
    for (const pair of pairs) {
      const p = probabilityOf(weightOf(pair), share);
      matches += p;
      for (let f = 0; f < k; f++) {
        sums[f][pair.levels[f]] += p;
        others[f][pair.levels[f]] += 1 - p;
      }
    }
    share = Math.min(0.9, Math.max(0.5 / pairs.length, matches / pairs.length));
    for (let f = 0; f < k; f++) {
      m[f] = shares(sums[f]);
      u[f] = shares(others[f]);
    }
  }
  return pairs.map((pair): LinkedPair => {
    let weight = weightOf(pair);
    // agreement on a rare value says more, on a common one less
    prepared.forEach(({ values, frequency, field }, f) => {
      if (pair.levels[f] !== 4) return;
      const own = frequency.get(values[pair.a]) ?? u[f][4];
      const adjusted = Math.log2(u[f][4] / Math.max(own, u[f][4] * 2 ** -6));
      weight += Math.max(-4, Math.min(field.kind === "number" ? 1 : 4, adjusted * 0.5));
    });
    return {
      a: pair.a,
      b: pair.b,
      weight,
      probability: probabilityOf(weight, share),
      agreeing: prepared.flatMap(({ field }, f) => (pair.levels[f] >= 3 ? [field.name] : [])),
    };
  });
}

/** How often two records at random, which are different objects, show each level. */
function randomLevels(prepared: readonly Prepared[]): number[][] {
  const count = prepared[0]?.values.length ?? 0;
  const random = new Random("pairs at random");
  const drawn = Array.from({ length: 2000 }, () => [random.below(count), random.below(count)]).filter(
    ([a, b]) => a !== b,
  );
  return prepared.map((one) => {
    const counts = new Array<number>(LEVELS).fill(1);
    for (const [a, b] of drawn) counts[levelOf(one, a, b)]++;
    const result = shares(counts);
    let chance = 0;
    for (const share of one.frequency.values()) chance += share * share;
    result[4] = Math.max(chance, 1e-6);
    return shares(result);
  });
}

function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, value, level) => sum + (level === MISSING ? 0 : value), 0) || 1;
  return counts.map((value, level) => (level === MISSING ? 0 : Math.max(1e-6, value / total)));
}

function probabilityOf(weight: number, share: number): number {
  const odds = 2 ** Math.max(-60, Math.min(60, weight)) * (share / (1 - share));
  return odds / (1 + odds);
}
