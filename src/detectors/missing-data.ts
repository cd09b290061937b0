import type { Column } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { twoShares } from "../statistics/tests.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import { plain } from "../evidence/rules/values.ts";
import { isEndColumn } from "../evidence/columns.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { emptyFields, hasTables } from "./table-quality.ts";

/**
 * Finds fields that are normally filled and often are not: judged per activity and column, so that a field
 * which an activity never carries is no finding, nor one that a kind of case (a category, a channel) never
 * needs. Written forms of nothing ("-", "n/a", "tbd", "unknown", …) count as missing.
 *
 * A finding when more than `minShare` of the activity's rows miss the value, by the 95 % interval, while at
 * least `minFilled` have it. One finding per column, at the activity where most is missing; the statement
 * names the person effect where one or two people account for it. One pass per column.
 */
export const missingData = defineDetector({
  id: "missing-data",
  category: "data and reporting",
  title: "A field is left empty",
  question: "Which fields are normally filled and often left empty?",
  remedy: {
    text: "Make the field mandatory where it is known, with a value for “not applicable”.",
    effort: "days",
    decides: "system owner",
  },
  options: { minCases: 8, minShare: 0.04, minFilled: 0.5, minRecords: 3, minRecordShare: 0.02 },

  missing: (evidence) =>
    evidence.log.columns.length > 0 || hasTables(evidence) ? [] : [{ kind: "further columns" }],

  detect(evidence, { minCases, minShare, minFilled, minRecords, minRecordShare }) {
    const { log, activityNames, caseOf } = evidence;
    const found: Observation[] = emptyFields(evidence, {
      minCount: minRecords,
      minShare: minRecordShare,
      minFilled,
    });
    const needed = neededAt(evidence);
    for (const column of log.columns) {
      if (column.kind === "time" && isEndColumn(column.name)) continue; // empty while a case is open
      if (isOneOfSeveral(column, log.columns)) continue;
      const isEmpty = emptiness(column);
      let worst: { rows: number[]; missing: number[]; where: string } | undefined;
      const affected: number[] = [];
      const consider = (
        rows: ArrayLike<number>,
        where: string,
        at: (row: number) => number,
        isNeeded: boolean,
      ) => {
        const missing = Array.from(rows).filter((e) => isEmpty(at(e)));
        if (missing.length < minCases || missing.length > rows.length * (isNeeded ? 1 : 1 - minFilled))
          return;
        if (wilsonLow(missing.length, rows.length) < (isNeeded ? minShare / 4 : minShare)) return;
        if (!isNeeded && isStructural(evidence, column, rows, at, isEmpty)) return;
        for (const e of missing) affected.push(e);
        if (!worst || missing.length > worst.missing.length)
          worst = { rows: Array.from(rows), missing, where };
      };
      if (column.scope === "case") {
        const firsts = Array.from({ length: log.caseCount }, (_, c) => log.caseStart[c]);
        consider(
          firsts,
          "",
          (e) => caseOf[e],
          needed.some((columns) => columns?.has(column.name)),
        );
      } else {
        const entered = evidence.entryShare(column);
        const known = knownBefore(evidence, isEmpty);
        activityNames.forEach((name, a) => {
          // Where the value is not entered, an empty field before its entry is only early.
          const early = entered[a] < 0.15;
          consider(
            evidence.rowsOf(a).filter((e) => !early || known[e]),
            ` at "${name}"`,
            (e) => e,
            needed[a]?.has(column.name) ?? false,
          );
        });
      }
      if (!worst) continue;
      const { rows, missing, where } = worst;
      const by = whoLeavesItEmpty(evidence, rows, missing);
      found.push({
        subject: column.name,
        statement: `"${column.name}" is empty in ${missing.length} of ${rows.length} ${column.scope === "case" ? "cases" : "entries"}${where}${by.text}.`,
        cases: caseSet(affected.map((e) => caseOf[e])),
        outOf:
          new Set(rows.map((e) => caseOf[e])).size < caseSet(affected.map((e) => caseOf[e])).length
            ? log.caseCount
            : new Set(rows.map((e) => caseOf[e])).size,
        people: by.people,
        facts: [["filled", `${rows.length - missing.length} of ${rows.length}`], ...by.facts],
      });
    }
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});

/**
 * Whether a column is one of a numbered set ("amount_0", "amount_1"): the second of something need not be
 * there.
 */
function isOneOfSeveral({ name }: Column, columns: readonly Column[]): boolean {
  const base = /^(.*?)[_.]?\d+\)?$/.exec(name)?.[1];
  return (
    base !== undefined &&
    columns.some((other) => other.name !== name && /^(.*?)[_.]?\d+\)?$/.exec(other.name)?.[1] === base)
  );
}

/** For each activity the columns that its described step needs. */
function neededAt({ described, activityNames, log }: Evidence): (Set<string> | undefined)[] {
  return activityNames.map((_, a) => {
    const s = described?.stepOf[a] ?? -1;
    if (s < 0) return undefined;
    const wanted = new Set(described!.steps[s].needs.map(plain));
    return new Set(log.columns.flatMap(({ name }) => (wanted.has(plain(name)) ? [name] : [])));
  });
}

/** Whether a text is a written form of nothing. */
export const isNothing = (text: string) => text === "" || NOTHING.test(text);

const NOTHING =
  /^\s*(-+|\.+|_+|x+|\?+|n\/?a|n\.a\.|none|nil|null|tbd|tba|tbc|unknown|unbekannt|k\.? ?a\.?|keine angabe|missing|leer|empty|not (set|specified|provided|applicable)|o\.? ?a\.?|inconnu|desconocido|onbekend)\s*$/i;

/** Whether row `r` of a column holds nothing. */
function emptiness(column: Column): (r: number) => boolean {
  if (column.kind === "number") return (r) => Number.isNaN(column.numbers[r]);
  if (column.kind === "time") return (r) => Number.isNaN(column.times[r]);
  if (column.kind === "text") return (r) => column.codes[r] === 0;
  const used = new Float64Array(column.values.length);
  for (const code of column.codes) used[code]++;
  const empty = Uint8Array.from({ length: column.values.length }, (_, code) =>
    // a word that stands in most rows is a value of its own there ("None" as a category)
    code === 0 || (NOTHING.test(nameAt(column.values, code)) && used[code] < column.codes.length * 0.4)
      ? 1
      : 0,
  );
  return (r) => empty[column.codes[r]] === 1;
}

/** 1 for rows in whose case a value stands at this row or before it. */
function knownBefore({ log }: Evidence, isEmpty: (r: number) => boolean): Uint8Array {
  const known = new Uint8Array(log.eventCount);
  for (let c = 0; c < log.caseCount; c++) {
    let seen = 0;
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
      if (!isEmpty(e)) seen = 1;
      known[e] = seen;
    }
  }
  return known;
}

/**
 * Whether some case attribute, or an activity that occurs or not, settles if the field is filled: within
 * nearly every value always or never.
 */
function isStructural(
  evidence: Evidence,
  column: Column,
  rows: ArrayLike<number>,
  at: (row: number) => number,
  isEmpty: (r: number) => boolean,
): boolean {
  for (const { values, size } of kindsOfCases(evidence, column)) {
    const total = new Float64Array(size);
    const empty = new Float64Array(size);
    for (let i = 0; i < rows.length; i++) {
      const v = values[evidence.caseOf[rows[i]]];
      total[v]++;
      if (isEmpty(at(rows[i]))) empty[v]++;
    }
    let settled = 0;
    for (let v = 0; v < total.length; v++)
      if (empty[v] <= total[v] * 0.02 || empty[v] >= total[v] * 0.95) settled += total[v];
    const missing = empty.reduce((a, b) => a + b, 0);
    const inEmptyValues = empty.reduce((sum, n, v) => sum + (n >= total[v] * 0.95 ? n : 0), 0);
    if (settled >= rows.length * 0.95 && inEmptyValues >= missing * 0.9) return true;
  }
  return false;
}

/** Ways to tell kinds of cases apart: by another attribute, or by whether an activity occurs. */
function* kindsOfCases(
  evidence: Evidence,
  column: Column,
): Generator<{ values: ArrayLike<number>; size: number }> {
  for (const other of evidence.caseKinds) {
    if (other.name !== column.name) yield { values: evidence.valueOfCases(other), size: other.values.length };
  }
  const { log, casesWith, activityNames } = evidence;
  if (activityNames.length > 200) return;
  for (let a = 0; a < activityNames.length; a++) {
    if (casesWith[a] < log.caseCount * 0.02 || casesWith[a] > log.caseCount * 0.98) continue;
    const occurs = new Uint8Array(log.caseCount);
    for (let c = 0; c < log.caseCount; c++) {
      for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) if (log.activity[e] === a) occurs[c] = 1;
    }
    yield { values: occurs, size: 2 };
  }
}

function whoLeavesItEmpty(evidence: Evidence, rows: number[], missing: number[]) {
  const { log } = evidence;
  const nobody: { text: string; people: number[]; facts: [string, string][] } = {
    text: "",
    people: [],
    facts: [],
  };
  if (!log.person || !evidence.hasIndividuals) return nobody;
  const total = countBy(rows, log.person);
  const empty = countBy(missing, log.person);
  const ranked = [...empty].filter(([p, n]) => p > 0 && n >= 5).sort((a, b) => b[1] - a[1]);
  const people = ranked
    .slice(0, 3)
    .filter(([p, n]) => {
      const [others, othersEmpty] = [rows.length - total.get(p)!, missing.length - n];
      return (
        n / total.get(p)! >= 2 * (othersEmpty / Math.max(1, others)) &&
        twoShares(n, total.get(p)!, othersEmpty, others) < 0.001
      );
    })
    .map(([p]) => p);
  const covered = people.reduce((sum, p) => sum + empty.get(p)!, 0);
  if (people.length === 0 || covered < missing.length * 0.5) return nobody;
  const who = people.length === 1 ? evidence.describePerson(people[0]) : `${people.length} people`;
  return {
    text: `, ${Math.round((covered / missing.length) * 100)} % of them by ${who}`,
    people,
    facts: [["left empty by those people", `${covered} of ${missing.length}`] as [string, string]],
  };
}

function countBy(rows: number[], person: Uint32Array): Map<number, number> {
  const count = new Map<number, number>();
  for (const e of rows) count.set(person[e], (count.get(person[e]) ?? 0) + 1);
  return count;
}
