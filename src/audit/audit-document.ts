import { inPlaces, spansFrom } from "../evidence/summaries/spans.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { eachText } from "../input-error.ts";
import { detectors } from "../detectors/index.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import type { Finding, NotTestable, Range, Totals } from "./finding.ts";
import type { AnsweredQuestion, BlindSpots } from "./answers.ts";
import type { Claim } from "./claims.ts";
import type { DescribedObserved } from "./described-observed.ts";
import type { History } from "./history.ts";
import type { Audit } from "./run-audit.ts";

/** One event of a case's story; people are told apart within the story, not named. */
export interface StoryEvent {
  activity: string;
  time: string;
  /** "AP clerk", "person A", or empty */
  who: string;
  /** working hours since the event before */
  waitHours: number | null;
}

/** An audit as it is kept and reported: everything in `--json`, and what the reports need besides. */
export interface AuditDocument {
  log: object;
  findings: Finding[];
  notTestable: NotTestable[];
  claims: Claim[];
  /** the 30 questions with what was said and what the evidence says */
  questions: AnsweredQuestion[];
  blindSpots: BlindSpots;
  /** people who answered */
  respondents: number;
  /** steps and ways, described and seen; null without a description */
  describedObserved: DescribedObserved[] | null;
  history: History;
  /** the description's name, owner and version; null without one */
  description: {
    process: string;
    owner: string | null;
    version: number | null;
    signedOff: string | null;
  } | null;
  totals: Totals[];
  exposure: ({ currency: string } & Range)[];
  compensationHours: number | null;
  seconds: number;
  calendar: string;
  rates: string;
  notes: string[];
  source: string;
  at: string;
  absorbed: Audit["absorbed"];
  stories: Record<string, StoryEvent[]>;
  eventsPerWeek: { from: string; counts: number[] };
}

/** Cases whose story is kept with each finding. */
export const STORIES_PER_FINDING = 5;

/** The stories of the first cases of each finding, by case id. */
export function storiesOf(evidence: Evidence, findings: readonly Finding[]): Record<string, StoryEvent[]> {
  const { log } = evidence;
  const wanted = new Set(findings.flatMap(({ caseIds }) => caseIds.slice(0, STORIES_PER_FINDING)));
  const stories: Record<string, StoryEvent[]> = {};
  if (wanted.size === 0) return stories;
  for (let c = 0; c < log.caseCount; c++) {
    const id = nameAt(log.caseIds, c);
    if (wanted.has(id)) stories[id] = storyOf(evidence, c);
  }
  return stories;
}

function storyOf({ log, wait, hasIndividuals }: Evidence, c: number): StoryEvent[] {
  const letters = new Map<number, string>();
  const story: StoryEvent[] = [];
  for (let e = log.caseStart[c]; e < log.caseStart[c + 1] && story.length < 60; e++) {
    const hours = wait[e] / 3_600_000;
    story.push({
      activity: nameAt(log.activities, log.activity[e]),
      time: Math.abs(log.time[e]) > 8.64e15 ? "" : new Date(log.time[e]).toISOString(),
      who: whoDid(log, e, hasIndividuals ? letters : undefined),
      waitHours: Number.isNaN(hours) ? null : Math.round(hours * 10) / 10,
    });
  }
  return story;
}

/**
 * The role, with a letter that tells people of one story apart; the letter alone where roles are unknown, the
 * role alone where the log does not tell individuals apart.
 */
function whoDid(
  { person, role, roles }: EventLog,
  e: number,
  letters: Map<number, string> | undefined,
): string {
  const p = person && letters ? person[e] : 0;
  if (letters && p > 0 && !letters.has(p))
    letters.set(p, letters.size < 26 ? String.fromCharCode(65 + letters.size) : `#${letters.size + 1}`);
  const letter = letters?.get(p) ?? "";
  const roleName = role && role[e] > 0 ? nameAt(roles, role[e]) : "";
  if (roleName === "") return letter === "" ? "" : `person ${letter}`;
  return letter === "" ? roleName : `${roleName} (${letter})`;
}

/** Events a week, from the week of the first event on; at most 520 weeks. */
export function eventsPerWeek({ log, range }: Evidence): { from: string; counts: number[] } {
  const week = 7 * 86_400_000;
  const weeks = Math.min(520, Math.floor((range.to - range.from) / week) + 1);
  const scale = Math.max(week, (range.to - range.from + 1) / weeks);
  const { first, events } = spansFrom(range.from, scale).of(log);
  return { from: new Date(range.from).toISOString(), counts: inPlaces(first, events, weeks) };
}

/** Which person and which case stands behind each pseudonym: it stays with the owner of the evidence. */
export interface PseudonymKey {
  people: Record<string, string>;
  cases: Record<string, string>;
}

/**
 * The document without names of people and without case ids (`cases: false` leaves these), and the key to
 * them. The same person and case have the same pseudonym throughout one audit; numbers are given in the order
 * of appearance, so that nothing can be computed back.
 */
export function pseudonymise(
  document: AuditDocument,
  { cases: hideCases = true } = {},
): { document: AuditDocument; key: PseudonymKey } {
  const people = new Map<string, string>();
  const cases = new Map<string, string>();
  const person = (name: string) =>
    people.get(name) ?? (people.set(name, `person ${people.size + 1}`), people.get(name)!);
  const caseId = (id: string) => (hideCases ? pseudonymOfCase(id) : id);
  const pseudonymOfCase = (id: string) =>
    cases.get(id) ?? (cases.set(id, `case ${cases.size + 1}`), cases.get(id)!);
  const records = new Map<string, string>();
  const recordId = (id: string) => {
    if (!hideCases) return id;
    if (!records.has(id)) records.set(id, `record ${records.size + 1}`);
    return records.get(id)!;
  };
  // names first, so that subjects and statements know them all
  for (const finding of document.findings) finding.people.forEach(person);
  const words = (text: string) => people.get(text) ?? text;
  const sentence = (text: string) => {
    let result = text;
    for (const [name, pseudonym] of people)
      if (name !== "" && result.includes(name)) result = result.replaceAll(name, pseudonym);
    return result;
  };
  const findings = document.findings.map((finding) => ({
    ...finding,
    people: finding.people.map(person),
    subject: words(finding.subject),
    statement: people.has(finding.subject) ? sentence(finding.statement) : finding.statement,
    caseIds: finding.caseIds.map(caseId),
    records: finding.records.map(([a, b]): [string, string] => [recordId(a), recordId(b)]),
  }));
  const claims = document.claims.map((claim) => ({
    ...claim,
    subject: claim.subject === null ? null : words(claim.subject),
    says: claim.subject !== null && people.has(claim.subject) ? eachText(claim.says, sentence) : claim.says,
    caseIds: claim.caseIds.map(caseId),
  }));
  const stories = Object.fromEntries(
    Object.entries(document.stories).map(([id, story]) => [caseId(id), story]),
  );
  const pseudonymous: AuditDocument = {
    ...document,
    findings,
    claims,
    stories,
    questions: document.questions.map((question) => ({
      ...question,
      said: question.said.map((one) => ({ ...one, by: [] })),
      claim: { ...question.claim, caseIds: question.claim.caseIds.map(caseId) },
    })),
    describedObserved:
      document.describedObserved?.map((entry) => ({ ...entry, caseIds: entry.caseIds.map(caseId) })) ?? null,
    absorbed: document.absorbed.map((entry) => ({ ...entry, subject: words(entry.subject) })),
  };
  const turned = (map: Map<string, string>) =>
    Object.fromEntries([...map].map(([name, pseudonym]) => [pseudonym, name]));
  return { document: pseudonymous, key: { people: turned(people), cases: turned(cases) } };
}

/** The plain question behind a detector id. */
export function questionOf(id: string): string {
  return detectors.find((detector) => detector.id === id)?.question ?? id;
}
