import { nameAt } from "../eventlog/strings.ts";
import { nameSimilarity, wordsOf } from "../description/map-steps.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { labourOf } from "./price.ts";
import { systemColumns } from "./side-channel.ts";

/**
 * Finds what is typed in twice: an activity that by its name copies or enters again what another one entered,
 * two activities whose names differ only by the system that they name ("Record invoice", "Record invoice in
 * sheet"), and, where a column says in which system each event happened, one activity done in two systems of
 * the same case, or one of a similar name right behind another by the same person in another system.
 *
 * One finding per activity of the second entry, in more than `minShare` of all cases by the 95 % interval.
 * Labour is that of the second entry. One pass per system column, and the pairs of activities.
 */
export const doubleEntry = defineDetector({
  id: "double-entry",
  category: "workarounds",
  title: "The same is entered twice",
  question: "What do people type into two systems?",
  remedy: {
    text: "Decide which system holds it, and copy by interface or not at all.",
    effort: "months",
    decides: "system owner",
  },
  options: { minCases: 5, minShare: 0.01 },

  missing: () => [],

  detect(evidence, { minCases, minShare }) {
    const { log, activityNames, caseOf } = evidence;
    const found = new Map<string, Observation>();
    const add = (a: number, rows: number[], words: string) => {
      const cases = caseSet(rows.map((e) => caseOf[e]));
      if (cases.length < minCases || wilsonLow(cases.length, log.caseCount) < minShare) return;
      if (found.has(activityNames[a])) return;
      found.set(activityNames[a], {
        subject: activityNames[a],
        statement: `In ${cases.length} of ${log.caseCount} cases "${activityNames[a]}" ${words}.`,
        cases,
        outOf: log.caseCount,
        people: log.person ? [...new Set(rows.map((e) => log.person![e]))].filter((p) => p > 0) : [],
        cost: labourOf(evidence, rows),
        facts: [["second entries", String(rows.length)]],
      });
    };
    for (const column of systemColumns(evidence)) {
      activityNames.forEach((_, a) => {
        const second = inSecondSystem(evidence, a, column.codes);
        if (second.length === 0) return;
        const systems = [...new Set(second.map((e) => nameAt(column.values, column.codes[e])))];
        add(a, second, `is done again in another system (${systems.slice(0, 4).join(", ")})`);
      });
    }
    const described = (a: number) => (evidence.described?.stepOf[a] ?? -1) >= 0;
    activityNames.forEach((name, a) => {
      if (AGAIN.test(name) && !evidence.isApproval[a] && !described(a))
        add(a, Array.from(evidence.rowsOf(a)), "enters again what stands in another system");
    });
    for (const [base, copy] of sameButForSystem(activityNames)) {
      const withBase = new Set(Array.from(evidence.rowsOf(base), (e) => caseOf[e]));
      const rows = Array.from(evidence.rowsOf(copy)).filter((e) => withBase.has(caseOf[e]));
      add(copy, rows, `repeats "${activityNames[base]}" in another system`);
    }
    for (const [base, copy, rows] of rightBehind(evidence))
      add(
        copy,
        rows,
        `follows "${activityNames[base]}" within the hour, by the same person in another system`,
      );
    return [...found.values()].sort((f, g) => g.cases.length - f.cases.length);
  },
});

/** Names of activities that type something in once more. */
const AGAIN =
  /\bre-?(enter|key|type)(s|ed|ing)?\b|\b(copy|copies|copied|transcribe|transfer|key|type|enter|duplicate|mirror)\b.*\b(in|into|to|again|twice)\b.*\b(erp|sap|crm|excel|sheet|spreadsheet|tool|system|portal|ledger|tracker|database|workday|salesforce|dynamics|oracle|hr)\b|\b(enter|key|type|record|capture)\w*\b.*\b(again|twice|a second time)\b|\bdouble (entry|keying)\b|doppelerfass|doppelt erfass|nochmals? (erfass|eingeb|eintrag)|\b(in|ins) (excel|sap|erp|crm|system|tabelle|liste)\b.*(übertrag|eintrag|erfass|nachtrag)|\b(übertrag|eintrag)\w* (in|ins)\b|ressaisi|saisir à nouveau/i;

const SYSTEM_WORDS = new Set(
  "erp sap crm excel sheet spreadsheet tool system portal workflow local register archive wiki sharepoint ledger tracker database access list copy workday salesforce dynamics oracle hr second again tabelle liste".split(
    " ",
  ),
);

/** Pairs of activities whose names are the same without the words that name a system. */
function sameButForSystem(names: readonly string[]): [base: number, copy: number][] {
  const bare = names.map((name) =>
    wordsOf(name)
      .filter((word) => !SYSTEM_WORDS.has(word))
      .join(" "),
  );
  const marked = names.map((name) => wordsOf(name).some((word) => SYSTEM_WORDS.has(word)));
  return names.flatMap((_, copy) => {
    if (!marked[copy] || bare[copy] === "" || !bare[copy].includes(" ")) return [];
    const base = names.findIndex((_, b) => b !== copy && bare[b] === bare[copy] && (!marked[b] || b < copy));
    return base < 0 ? [] : [[base, copy] as [number, number]];
  });
}

/**
 * Activities that nearly always come right behind another one of a similar name, by the same person within
 * the hour and in another system: the second typing in of the same thing.
 */
function rightBehind(evidence: Evidence): [base: number, copy: number, rows: number[]][] {
  const { log, activityNames } = evidence;
  const [column] = systemColumns(evidence);
  if (!column || !log.person) return [];
  const behind = new Map<string, number[]>();
  for (let c = 0; c < log.caseCount; c++) {
    for (let e = log.caseStart[c] + 1; e < log.caseStart[c + 1]; e++) {
      const [a, b] = [log.activity[e - 1], log.activity[e]];
      const sameHand = log.person[e] !== 0 && log.person[e] === log.person[e - 1];
      const otherSystem =
        column.codes[e] !== 0 && column.codes[e - 1] !== 0 && column.codes[e] !== column.codes[e - 1];
      if (a === b || !sameHand || !otherSystem || log.time[e] - log.time[e - 1] > 3_600_000) continue;
      const rows = behind.get(`${a}/${b}`);
      if (rows) rows.push(e);
      else behind.set(`${a}/${b}`, [e]);
    }
  }
  return [...behind].flatMap(([key, rows]): [number, number, number[]][] => {
    const [a, b] = key.split("/").map(Number);
    const often = rows.length >= evidence.rowsOf(b).length * 0.6;
    return often && nameSimilarity(activityNames[a], activityNames[b]) >= 0.5 ? [[a, b, rows]] : [];
  });
}

/** Rows of an activity in another system than the first of the same case, within a day of it. */
function inSecondSystem({ log }: Evidence, a: number, codes: ArrayLike<number>): number[] {
  const second: number[] = [];
  let first = -1;
  for (let c = 0, e = 0; c < log.caseCount; c++) {
    first = -1;
    for (e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
      if (log.activity[e] !== a || codes[e] === 0) continue;
      if (first < 0) first = e;
      else if (codes[e] !== codes[first] && log.time[e] - log.time[first] <= 7 * 86_400_000) {
        second.push(e);
        break;
      }
    }
  }
  return second;
}
