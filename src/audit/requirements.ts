import { nameSimilarity } from "../description/map-steps.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { InputError } from "../input-error.ts";
import { isMissing } from "../eventlog/event-log.ts";
import { judge, untestable, type Claim, type Statement } from "./claims.ts";
import type { SaidBy, SentenceTest } from "./says.ts";

/** A requirements document: its name, and its text. */
export interface Requirements {
  name: string;
  text: string;
}

/**
 * The sentences of a requirements document that demand something, as claims: a field that must be filled, a
 * step that must come before another, a volume a month. What is demanded in words that no check understands
 * is `not testable here`, and says so: described in the requirements phase, never tested.
 *
 * A sentence demands something when it says must, shall, has to, requires, need(s), always, never, every, at
 * least, before.
 */
export function claimsOfRequirements(
  evidence: Evidence,
  { name, text }: Requirements,
  of = "",
  saidBy = (line: number): SaidBy => ({ kind: "document", name, line }),
): Claim[] {
  const demands = demandsOf(text);
  if (demands.length > MOST_DEMANDS)
    throw new InputError(
      "wrong-requirements",
      name,
      `${name}: expected at most ${MOST_DEMANDS} sentences that demand something, got ${demands.length}. Give the part that is about this process.`,
    );
  return demands.flatMap(({ line, sentence }): Claim[] => {
    const said = (test: SentenceTest, subject?: string) => ({
      says: { kind: "sentence" as const, of, text: sentence, test },
      saidBy: saidBy(line),
      source: "requirement" as const,
      subject,
    });
    return [
      filled(evidence, sentence, said) ??
        inOrder(evidence, sentence, said) ??
        volume(evidence, sentence, said) ??
        untestable(evidence, said(null), [{ kind: "testable sentence" }]),
    ];
  });
}

/** More than anybody writes about one process; each is held against every case. */
export const MOST_DEMANDS = 2000;

/** The sentences of a text that demand something, with the line on which each begins. */
export const demandsOf = (text: string): { line: number; sentence: string }[] =>
  sentencesOf(text).filter(({ sentence }) => DEMANDS.test(sentence));

const DEMANDS =
  /\b(must|shall|has to|have to|requires?|required|needs?|always|never|every|each|at least|only (if|when|after)|muss|müssen|immer|nie|jede[rs]?|mindestens|erforderlich|doit|doivent|toujours|jamais)\b/i;

type Said = (test: SentenceTest, subject?: string) => Statement;

/** Sentences with the line on which each begins; list items are sentences of their own. */
function sentencesOf(text: string): { line: number; sentence: string }[] {
  return text.split(/\r?\n/).flatMap((raw, i) =>
    (/^\s*#/.test(raw) ? "" : raw) // headings demand nothing
      .replace(/^\s*([-*•]|\d+[.)])\s*/, "")
      .split(/(?<=[.!?])\s+(?=\p{Lu})/u)
      .map((sentence) => sentence.trim())
      .filter((sentence) => sentence.length >= 12)
      .map((sentence) => ({ line: i + 1, sentence })),
  );
}

/** "The cost centre must be filled in 98 % of invoices." */
function filled(evidence: Evidence, sentence: string, said: Said): Claim | undefined {
  if (
    !/\b(fill(ed)?|present|populated|complete|mandatory|recorded|given|not (be )?empty|ausgefüllt|gefüllt|vorhanden|renseigné)\b/i.test(
      sentence,
    )
  )
    return undefined;
  const { log } = evidence;
  const words = sentence.toLowerCase().replaceAll(/[_-]/g, " ");
  const column = log.columns.find(({ name }) => words.includes(name.toLowerCase().replaceAll(/[_-]/g, " ")));
  if (!column) return undefined;
  const percent = /(\d+(?:[.,]\d+)?)\s*(%|per ?cent)/i.exec(sentence);
  const threshold = percent ? Number(percent[1].replace(",", ".")) / 100 : 0.95;
  const held = Array.from({ length: log.caseCount }, (_, c) => {
    if (column.scope === "case") return isMissing(column, c) ? 0 : 1;
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) if (!isMissing(column, e)) return 1;
    return 0;
  });
  const cases = held.map((_, c) => c);
  return judge(
    evidence,
    said({ kind: "filled", column: column.name, share: threshold }, column.name),
    { cases, held },
    threshold,
  );
}

/** "Every order must be approved before it is paid": two activities and the word that orders them. */
function inOrder(evidence: Evidence, sentence: string, said: Said): Claim | undefined {
  let pair: [number, number] | undefined;
  for (const { 0: word, index } of sentence.matchAll(/\b(before|prior to|vor|avant|after|nach|après)\b/gi)) {
    const [left, right] = [sentence.slice(0, index), sentence.slice(index + word.length)];
    const isAfter = /^(after|nach|après)$/i.test(word);
    const [first, second] = [
      activityIn(evidence, isAfter ? right : left),
      activityIn(evidence, isAfter ? left : right),
    ];
    if (first !== undefined && second !== undefined && first !== second) pair = [first, second];
  }
  if (!pair) return undefined;
  const [a, b] = pair;
  const { log, activityNames } = evidence;
  const cases: number[] = [];
  const held: number[] = [];
  for (let c = 0; c < log.caseCount; c++) {
    let [rowA, rowB] = [-1, -1];
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
      if (rowA < 0 && log.activity[e] === a) rowA = e;
      if (rowB < 0 && log.activity[e] === b) rowB = e;
    }
    if (rowB < 0 || evidence.beganBefore[c]) continue;
    cases.push(c);
    held.push(rowA >= 0 && (rowA < rowB || log.time[rowA] === log.time[rowB]) ? 1 : 0);
  }
  return judge(
    evidence,
    said({ kind: "order", first: activityNames[a], later: activityNames[b] }, activityNames[b]),
    { cases, held },
    null,
  );
}

/** The activity whose name stands, nearly, in a piece of a sentence. */
function activityIn({ activityNames }: Evidence, text: string): number | undefined {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2);
  let best: { a: number; score: number } | undefined;
  activityNames.forEach((name, a) => {
    const size = name.split(/\s+/).length;
    for (let from = 0; from < words.length; from++) {
      for (const length of [size, size + 1, size + 2]) {
        const score = nameSimilarity(name, words.slice(from, from + length).join(" "));
        if (score >= 0.66 && (!best || score > best.score)) best = { a, score };
      }
    }
  });
  return best?.a;
}

/** "At least 500 cases a month." */
function volume(evidence: Evidence, sentence: string, said: Said): Claim | undefined {
  const match = /at least (\d[\d,. ]*)\s*([\p{L} ]{0,30}?)\s*(?:a|per|each|every)\s+(month|week|day)/iu.exec(
    sentence,
  );
  if (!match) return undefined;
  const wanted = Number(match[1].replaceAll(/[, ]/g, ""));
  const per = match[3].toLowerCase() as "month" | "week" | "day";
  const length = { month: 30.4375, week: 7, day: 1 }[per] * 86_400_000;
  const { log, range } = evidence;
  const periods = Math.floor((range.to - range.from) / length);
  if (periods < 1) return undefined;
  const counts = new Float64Array(periods);
  for (let c = 0; c < log.caseCount; c++) {
    const p = Math.floor((log.time[log.caseStart[c]] - range.from) / length);
    if (p >= 0 && p < periods) counts[p]++;
  }
  const held = Array.from(counts, (count) => (count >= wanted ? 1 : 0));
  return judge(
    evidence,
    said({ kind: "volume", least: wanted, per }),
    { cases: null, held, unit: `${per}s` },
    0.9,
  );
}
