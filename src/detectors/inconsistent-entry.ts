import { cited } from "../input-error.ts";
import { editDistance } from "../input-error.ts";
import { allNames, nameAt } from "../eventlog/strings.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { twoShares } from "../statistics/tests.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { NameColumn as Names } from "../evidence/columns.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { hasTables, inconsistentFields } from "./table-quality.ts";

/**
 * Finds fields that people fill differently for the same thing: one value in several spellings (case, blanks,
 * punctuation, accents, company words, one letter off), or one or two people who use a favourite value far
 * more than everybody else who enters that field.
 *
 * A person's habit counts where they are the one who enters the field (no value stands earlier in the case),
 * use the value at least `minExcess` more often than the others by the 95 % interval, and are few: where most
 * people have a value of their own, work is divided that way. One finding per column. Cost: one pass per
 * column, and O(values²) for at most 300 values.
 */
export const inconsistentEntry = defineDetector({
  id: "inconsistent-entry",
  category: "data and reporting",
  title: "The same thing is entered differently",
  question: "Which fields are filled differently depending on who fills them?",
  remedy: {
    text: "Replace free text by a list; clean what is there once.",
    effort: "weeks",
    decides: "data owner",
  },
  options: { minCases: 8, minExcess: 0.22, minSpellingShare: 0.01, minRecords: 3, minRecordShare: 0.006 },

  missing: (evidence) =>
    evidence.nameColumns.length > 0 || hasTables(evidence) ? [] : [{ kind: "columns of codes" }],

  detect(evidence, { minCases, minExcess, minSpellingShare, minRecords, minRecordShare }) {
    const found: Observation[] = [];
    for (const column of evidence.nameColumns) {
      if (column.kind === "text" || evidence.holdsPeople(column)) continue;
      const rows = entryRows(evidence, column);
      if (rows.length < 30) continue;
      const spelling = oddSpellings(evidence, column, rows, minSpellingShare, minCases);
      // who called, or for whom it is, is no habit of whoever takes it down
      const isParty = /customer|client|caller|contact|kunde|anrufer|company/i.test(column.name);
      const habit = isParty ? undefined : habits(evidence, column, rows, minExcess, minCases);
      if (spelling) found.push(spelling);
      else if (habit) found.push(habit);
    }
    // Where people differ in three fields or more, they have different work, not different habits.
    const habitual = found.filter(({ p }) => p !== undefined);
    const kept = habitual.length >= 3 ? found.filter(({ p }) => p === undefined) : found;
    const inTables = inconsistentFields(evidence, { minCount: minRecords, minShare: minRecordShare });
    return [...kept, ...inTables].sort((f, g) => g.cases.length - f.cases.length);
  },
});

/** Rows at which a value stands for the first time in its case: where somebody entered it. */
function entryRows({ log }: Evidence, column: Names): number[] {
  const { caseCount, caseStart } = log;
  const rows: number[] = [];
  for (let c = 0; c < caseCount; c++) {
    if (column.scope === "case") {
      if (column.codes[c] !== 0) rows.push(caseStart[c]);
      continue;
    }
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      if (column.codes[e] !== 0) {
        rows.push(e);
        break;
      }
    }
  }
  return rows;
}

const codeAt = ({ caseOf }: Evidence, column: Names, e: number) =>
  column.codes[column.scope === "case" ? caseOf[e] : e];

function oddSpellings(
  evidence: Evidence,
  column: Names,
  rows: number[],
  minShare: number,
  minCases: number,
): Observation | undefined {
  const count = new Float64Array(column.values.length);
  for (const e of rows) count[codeAt(evidence, column, e)]++;
  const names = allNames(column.values);
  const main = new Map<string, number>(); // plain form → most frequent code
  for (let v = 1; v < names.length; v++) {
    const key = plainForm(names[v]);
    if (key === "" || count[v] === 0) continue;
    const best = main.get(key);
    if (best === undefined || count[v] > count[best]) main.set(key, v);
  }
  const variantOf = new Int32Array(names.length).fill(-1);
  for (let v = 1; v < names.length; v++) {
    const key = plainForm(names[v]);
    if (key !== "" && count[v] > 0 && main.get(key) !== v) variantOf[v] = main.get(key)!;
  }
  // "KST1100" beside "1100"
  for (const [key, v] of main) {
    const digits = /^[a-z]{1,4}(\d{3,})$/.exec(key)?.[1];
    const bare = digits === undefined ? undefined : main.get(digits);
    if (bare !== undefined)
      variantOf[count[bare] >= count[v] ? v : bare] = count[bare] >= count[v] ? bare : v;
  }
  if (main.size <= 300) {
    const mains = [...main].map(([key, v]) => ({ key, v }));
    for (const { key, v } of mains) {
      if (key.length < 6) continue;
      const near = mains.find(
        (m) =>
          count[m.v] >= 5 * count[v] &&
          digitsOf(names[v]) === digitsOf(names[m.v]) &&
          isTypo(names[v], names[m.v]),
      );
      if (near) variantOf[v] = near.v;
    }
    mistypedNumbers(names, mains, count, variantOf);
  }
  const odd = rows.filter((e) => variantOf[codeAt(evidence, column, e)] >= 0);
  const cases = caseSet(odd.map((e) => evidence.caseOf[e]));
  if (cases.length < minCases || wilsonLow(odd.length, rows.length) < minShare) return undefined;
  const examples = [...new Set(odd.map((e) => codeAt(evidence, column, e)))].slice(0, 4);
  const shown = examples.map((v) => `"${cited(names[v])}" for "${cited(names[variantOf[v]])}"`).join(", ");
  return {
    subject: column.name,
    statement: `"${column.name}" is written in different ways for the same thing in ${odd.length} of ${rows.length} entries: ${shown}.`,
    cases,
    outOf: rows.length,
    people: concentrated(evidence, odd, rows),
    facts: [["spellings too many", String(new Set(odd.map((e) => codeAt(evidence, column, e))).size)]],
  };
}

const digitsOf = (name: string) => name.replaceAll(/\D/g, "");

/**
 * "42000 Sales" beside "4200 Sales": one letter or figure off from the only usual number of the same words.
 */
function mistypedNumbers(
  names: readonly string[],
  mains: readonly { key: string; v: number }[],
  count: Float64Array,
  variantOf: Int32Array,
): void {
  const usual = new Map<string, number>(); // words → the value that most rows with these words have
  const total = new Map<string, number>();
  const words = (v: number) => names[v].toLowerCase().replaceAll(/[^\p{L}]/gu, "");
  for (const { v } of mains) {
    if (digitsOf(names[v]) === "" || words(v).length < 4) continue;
    total.set(words(v), (total.get(words(v)) ?? 0) + count[v]);
    const best = usual.get(words(v));
    if (best === undefined || count[v] > count[best]) usual.set(words(v), v);
  }
  for (const { v } of mains) {
    const best = usual.get(words(v));
    if (best === undefined || best === v || count[best] < 0.9 * total.get(words(v))!) continue;
    if (editDistance(digitsOf(names[v]), digitsOf(names[best])) === 1) variantOf[v] = best;
  }
}

/**
 * Whether two names differ in one letter of one word of at least five letters: "Transprt" for "Transport",
 * not "Line B" for "Line C".
 */
function isTypo(a: string, b: string): boolean {
  const [x, y] = [a, b].map((name) =>
    name
      .toLowerCase()
      .split(/[^\p{L}]+/u)
      .filter((word) => word !== ""),
  );
  if (x.length !== y.length) return false;
  const different = x.map((_, i) => i).filter((i) => x[i] !== y[i]);
  if (different.length !== 1) return false;
  const [from, to] = [x[different[0]], y[different[0]]];
  return Math.min(from.length, to.length) >= 5 && editDistance(from, to) === 1;
}

const COMPANY_WORDS =
  /\b(gmbh|ag|kg|ohg|se|ltd|limited|inc|incorporated|corp|corporation|co|company|llc|plc|bv|nv|sa|sarl|sas|srl|spa|ab|as|oy|aps)\b/g;

function plainForm(name: string): string {
  const lower = name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[.,;:'"()]/g, "");
  const short = lower.replace(COMPANY_WORDS, "").replace(/[^\p{L}\p{N}]+/gu, "");
  return short !== "" ? short : lower.replace(/[^\p{L}\p{N}]+/gu, "");
}

function habits(
  evidence: Evidence,
  column: Names,
  rows: number[],
  minExcess: number,
  minCases: number,
): Observation | undefined {
  const { log, isAutomatic, hasIndividuals } = evidence;
  if (!log.person || !hasIndividuals || column.values.length > 400) return undefined;
  const person = log.person;
  const table = new Map<number, Map<number, number>>(); // person → value → entries
  const total = new Map<number, number>();
  const overall = new Map<number, number>();
  let entries = 0;
  for (const e of rows) {
    const p = person[e];
    if (p === 0 || isAutomatic[p]) continue;
    const v = codeAt(evidence, column, e);
    const own = table.get(p) ?? table.set(p, new Map()).get(p)!;
    own.set(v, (own.get(v) ?? 0) + 1);
    total.set(p, (total.get(p) ?? 0) + 1);
    overall.set(v, (overall.get(v) ?? 0) + 1);
    entries++;
  }
  const judged = [...total].filter(([, n]) => n >= 12);
  if (judged.length < 2) return undefined;
  // A value that most people always enter alike is theirs by their place (site, line), not by habit.
  const settled = judged.filter(([p, n]) => Math.max(...table.get(p)!.values()) >= n * 0.85).length;
  if (judged.length >= 4 && settled > judged.length * 0.5) return undefined;
  const needed = judged.length === 2 ? Math.max(0.35, minExcess) : minExcess; // of two, either could be the usual one
  const hits: { p: number; v: number; n: number; test: number }[] = [];
  for (const [p, n] of judged) {
    for (const [v, k] of table.get(p)!) {
      const others = entries - n;
      const othersShare = (overall.get(v)! - k) / Math.max(1, others);
      if (k < minCases || wilsonLow(k, n) < othersShare + needed) continue;
      // A value that nobody else has is what this person is given to do, unless it is a catch-all.
      if (othersShare < 0.015 && !CATCH_ALL.test(nameAt(column.values, v))) continue;
      const test = twoShares(k, n, overall.get(v)! - k, others) * judged.length * overall.size; // Bonferroni over the pairs
      if (test < 0.001) hits.push({ p, v, n: k, test });
    }
  }
  const people = [...new Set(hits.map(({ p }) => p))];
  if (people.length === 0 || people.length > Math.max(judged.length === 2 ? 2 : 1, judged.length * 0.4))
    return undefined;
  const odd = rows.filter((e) =>
    hits.some(({ p, v }) => person[e] === p && codeAt(evidence, column, e) === v),
  );
  const [top] = hits.sort((a, b) => b.n - a.n);
  const own = Math.round((100 * top.n) / total.get(top.p)!);
  const rest = Math.round((100 * (overall.get(top.v)! - top.n)) / Math.max(1, entries - total.get(top.p)!));
  return {
    subject: column.name,
    statement: `"${column.name}" depends on who fills it: ${evidence.describePerson(top.p)} enters "${cited(nameAt(column.values, top.v))}" in ${own} % of entries, everybody else in ${rest} %.`,
    cases: caseSet(odd.map((e) => evidence.caseOf[e])),
    outOf: people.reduce((sum, p) => sum + total.get(p)!, 0),
    people,
    facts: [["people with a value of their own", `${people.length} of ${judged.length}`]],
    p: hits.reduce((least, { test }) => Math.min(least, test), 1),
  };
}

const CATCH_ALL =
  /^(other|others|misc|miscellaneous|general|unknown|default|diverse|sonstige[rs]?|allgemein|divers|autre|otros?|overig|varie|n\/?a|none|x+|0+|9+)\b/i;

/** The people, at most three, who account for most of the odd rows. */
function concentrated({ log, hasIndividuals }: Evidence, odd: number[], rows: number[]): number[] {
  if (!log.person || !hasIndividuals || rows.length === 0) return [];
  const count = new Map<number, number>();
  for (const e of odd) if (log.person[e] > 0) count.set(log.person[e], (count.get(log.person[e]) ?? 0) + 1);
  const top = [...count].sort((a, b) => b[1] - a[1]).slice(0, 3);
  return top.reduce((sum, [, n]) => sum + n, 0) >= odd.length * 0.7
    ? top.filter(([, n]) => n >= odd.length * 0.15).map(([p]) => p)
    : [];
}
