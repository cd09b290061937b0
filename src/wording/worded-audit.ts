import type { AnsweredQuestion, BlindSpots } from "../audit/answers.ts";
import type { AuditDocument } from "../audit/audit-document.ts";
import type { Claim } from "../audit/claims.ts";
import type { NotTestable } from "../audit/finding.ts";
import type { ClaimChange, History } from "../audit/history.ts";
import type { Says } from "../audit/says.ts";
import type { Need } from "../evidence/need.ts";
import { onPages } from "./choices.ts";
import { checkOf, saidByInWords, statementOf } from "./claims.ts";
import type { EarlierClaim } from "./earlier.ts";
import { needInWords } from "./needs.ts";

/** How values are worded for some reader: pages and reports, or the command line. */
export interface Words {
  need(need: Need | string): string;
  /** a note or message that may name what can be chosen */
  text(message: string): string;
}

/** As pages, reports and mails word it. */
export const PAGE_WORDS: Words = { need: needInWords, text: onPages };

/** The words of a claim, in place of the values that they stand for. */
interface ClaimTexts {
  statement: string;
  saidBy: string;
  check: string;
  needs: string[];
}
export type WordedClaim = Omit<Claim, "saidBy" | "needs"> & ClaimTexts;
export type WordedQuestion = Omit<AnsweredQuestion, "claim"> & { claim: WordedClaim };
type WordedNeeds<T> = Omit<T, "needs"> & { needs: string[] };
type WordedBlindSpots = Omit<BlindSpots, "notVisible"> & {
  notVisible: WordedNeeds<BlindSpots["notVisible"][number]>[];
};
type WordedHistory = Omit<History, "changes"> & { changes: (ClaimChange & { statement: string })[] };

/** An audit in words: the documented JSON, and what reports are drawn from. */
export type WordedAudit = Omit<
  AuditDocument,
  "claims" | "notTestable" | "questions" | "blindSpots" | "history"
> & {
  claims: WordedClaim[];
  notTestable: WordedNeeds<NotTestable>[];
  questions: WordedQuestion[];
  blindSpots: WordedBlindSpots;
  history: WordedHistory;
};

const withNeeds = <T extends { needs: readonly (Need | string)[] }>(
  one: T,
  { need }: Words = PAGE_WORDS,
): WordedNeeds<T> => ({ ...one, needs: one.needs.map(need) });

type Valued = Pick<Claim, "says" | "saidBy" | "threshold" | "verdict" | "needs">;

/**
 * A claim with its sentence, who said it, the check and what is missing in words; one of an earlier version
 * as it was kept.
 */
export function wordedClaim<C extends Valued>(
  claim: C,
  words: Words = PAGE_WORDS,
): Omit<C, "saidBy" | "needs"> & ClaimTexts {
  const { saidBy, needs, ...rest } = claim;
  const texts: ClaimTexts = isEarlier(claim)
    ? { statement: claim.statement, saidBy: claim.saidBy, check: claim.check, needs: [] }
    : { statement: statementOf(claim.says), saidBy: saidByInWords(saidBy), check: checkOf(claim), needs: [] };
  return { ...rest, ...texts, needs: needs.map(words.need) };
}

const isEarlier = (claim: object): claim is EarlierClaim => !("says" in claim);

/** What a claim that was kept says, whichever version kept it. */
export const keptStatement = (kept: { says: Says } | { statement: string }): string =>
  "says" in kept ? statementOf(kept.says) : kept.statement;

/** An audit in the words of some reader. */
export function wordedAudit(audit: AuditDocument, words: Words = PAGE_WORDS): WordedAudit {
  return {
    ...audit,
    notes: audit.notes.map(words.text),
    rates: words.text(audit.rates),
    claims: audit.claims.map((claim) => wordedClaim(claim, words)),
    notTestable: audit.notTestable.map((one) => withNeeds(one, words)),
    questions: audit.questions.map((one) => ({ ...one, claim: wordedClaim(one.claim, words) })),
    blindSpots: wordedBlindSpots(audit.blindSpots, words),
    history: wordedHistory(audit.history),
  };
}

const wordedBlindSpots = (blindSpots: BlindSpots, words: Words): WordedBlindSpots => ({
  ...blindSpots,
  notVisible: blindSpots.notVisible.map((one) => withNeeds(one, words)),
});

const wordedHistory = (history: History): WordedHistory => ({
  ...history,
  changes: history.changes.map((change) => ({ ...change, statement: keptStatement(change) })),
});

/** What lists show of an audit, in the words of pages. */
export const wordedHeadline = <
  H extends { notTestable: NotTestable[]; blindSpots: BlindSpots; history: History },
>(
  headline: H,
) => ({
  ...headline,
  notTestable: headline.notTestable.map((one) => withNeeds(one)),
  blindSpots: wordedBlindSpots(headline.blindSpots, PAGE_WORDS),
  history: wordedHistory(headline.history),
});
