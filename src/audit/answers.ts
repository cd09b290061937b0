import { judge, untestable, type Claim, type ClaimVerdict, type Statement } from "./claims.ts";
import type { Need } from "../evidence/need.ts";
import type { Finding } from "./finding.ts";
import type { QuestionNumber } from "./says.ts";
import { questions, type AuditContext, type Meaning, type Question } from "./questions.ts";

/** What one person answered, by question number and option key. */
export interface PersonAnswers {
  by: string;
  answers: Record<string, string>;
}

/**
 * The answers of everybody who was asked. They are the assessor's until released: reports then say how many
 * said what, never who.
 */
export interface Answers {
  released: boolean;
  people: PersonAnswers[];
}

/** A question with what was said, and what the evidence says to it. */
export interface AnsweredQuestion {
  number: QuestionNumber;
  category: Question["category"];
  question: string;
  /** options chosen, with how many chose each; most first */
  said: { text: string; means: Meaning; count: number; by: string[] }[];
  claim: Claim;
  /** what the evidence shows of the claim that all is well */
  evidence: "well" | "not well" | "cannot say" | "not visible";
  /** the said against the shown: "confirmed" and "contradicted" are about what people said */
  verdict: ClaimVerdict | "not answered";
  /** people say different things */
  disagreement: boolean;
  findings: string[];
}

/** What people did not see, in both directions, and what this evidence cannot show at all. */
export interface BlindSpots {
  /** people said that it is well, and it is not */
  saidWell: number[];
  /** people said that it is not, and the evidence shows no such thing */
  saidBadly: number[];
  /** findings that no answer pointed to, by id */
  nobodySaid: string[];
  /** questions that this evidence cannot test */
  notVisible: { number: number; needs: Need[] }[];
  /** questions on which people differ */
  disagreements: number[];
  /** questions to which most could say nothing */
  unknown: number[];
}

/**
 * What an answer means, from an option's key, its text, or the words always, mostly, sometimes, no. Undefined
 * for anything else.
 */
export function meaningOf(question: Question, answer: string): Meaning | undefined {
  const plain = answer.trim().toLowerCase().replaceAll("’", "'");
  const option = question.options.find(({ key, text }) => key === plain || text.toLowerCase() === plain);
  if (option) return option.means;
  if (/^(always|yes|mostly)$/.test(plain)) return plain === "mostly" ? "partly" : "good";
  if (/^(sometimes|partly)$/.test(plain)) return "partly";
  if (/^(no|never)$/.test(plain)) return "bad";
  return /^(don'?t know|do not know|unknown|\?)$/.test(plain) ? "unknown" : undefined;
}

/**
 * Holds every question against the evidence, and the answers against that. What people said is taken to be
 * what most of those who could say something said; equal numbers are a disagreement and no statement.
 */
export function answerQuestions(
  context: AuditContext,
  answers: Answers | undefined,
): { answered: AnsweredQuestion[]; blindSpots: BlindSpots } {
  const answered = questions.map((question) => answerOne(context, question, answers));
  const numbers = (pick: (q: AnsweredQuestion) => boolean) =>
    answered.filter(pick).map(({ number }) => number);
  const wasSaid = (finding: Finding) =>
    answered.some(
      (q) =>
        questions[q.number - 1].detectors.some((id) => id === finding.detector) &&
        q.said.some(({ means }) => means === "bad" || means === "partly"),
    );
  const mostSaid = (q: AnsweredQuestion) => prevailing(q.said);
  return {
    answered,
    blindSpots: {
      saidWell: numbers((q) => mostSaid(q) === "good" && q.evidence === "not well"),
      saidBadly: numbers((q) => mostSaid(q) === "bad" && q.evidence === "well"),
      nobodySaid: answers
        ? context.findings.filter((f) => f.state !== "false alarm" && !wasSaid(f)).map(({ id }) => id)
        : [],
      notVisible: answered
        .filter(({ evidence }) => evidence === "not visible")
        .map(({ number, claim }) => ({ number, needs: claim.needs })),
      disagreements: numbers(({ disagreement }) => disagreement),
      unknown: numbers((q) => mostSaid(q) === "unknown"),
    },
  };
}

function answerOne(
  context: AuditContext,
  question: Question,
  answers: Answers | undefined,
): AnsweredQuestion {
  const counts = new Map<string, { text: string; means: Meaning; count: number; by: string[] }>();
  for (const { by, answers: own } of answers?.people ?? []) {
    const answer = own[String(question.number)];
    const means = answer === undefined ? undefined : meaningOf(question, answer);
    if (means === undefined) continue;
    const text = question.options.find((option) => option.means === means)!.text;
    const entry = counts.get(means) ?? { text, means, count: 0, by: [] };
    entry.count++;
    if (answers!.released) entry.by.push(by);
    counts.set(means, entry);
  }
  const said = [...counts.values()].sort((a, b) => b.count - a.count);
  const people = said.reduce((sum, { count }) => sum + count, 0);
  const { number } = question;
  const measured = question.measure(context);
  const column = "column" in measured ? { column: measured.column } : {};
  const statement: Statement = {
    says: { kind: "answer", question: number, ...column },
    saidBy: { kind: "answers", question: number, people },
    source: "answer",
  };
  const claim =
    "needs" in measured
      ? untestable(context.evidence, statement, measured.needs)
      : judge(context.evidence, statement, measured, measured.threshold);
  const evidence =
    claim.verdict === "confirmed"
      ? "well"
      : claim.verdict === "contradicted"
        ? "not well"
        : claim.verdict === "not testable here"
          ? "not visible"
          : "cannot say";
  const view = prevailing(said);
  const known = said.filter(({ means }) => means === "good" || means === "bad");
  return {
    number: question.number,
    category: question.category,
    question: question.question,
    said,
    claim,
    evidence,
    verdict: verdictOnAnswer(view, evidence),
    disagreement: known.length > 1 || (view === undefined && people > 1),
    findings: context.findings
      .filter(
        ({ detector, state }) => question.detectors.some((id) => id === detector) && state !== "false alarm",
      )
      .map(({ id }) => id),
  };
}

/** What most people said; undefined where nobody did, or as many said one thing as another. */
function prevailing(said: AnsweredQuestion["said"]): Meaning | undefined {
  const known = said.filter(({ means }) => means !== "unknown");
  const list = known.length > 0 ? known : said;
  if (list.length === 0 || (list.length > 1 && list[0].count === list[1].count)) return undefined;
  return list[0].means;
}

function verdictOnAnswer(
  view: Meaning | undefined,
  evidence: AnsweredQuestion["evidence"],
): AnsweredQuestion["verdict"] {
  if (view === undefined) return "not answered";
  if (evidence === "not visible") return "not testable here";
  if (evidence === "cannot say" || view === "unknown" || view === "partly") return "not enough evidence";
  return (view === "good") === (evidence === "well") ? "confirmed" : "contradicted";
}
