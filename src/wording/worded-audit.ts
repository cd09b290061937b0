import type { AnsweredQuestion, BlindSpots } from "../audit/answers.ts";
import type { AuditDocument } from "../audit/audit-document.ts";
import type { Claim } from "../audit/claims.ts";
import type { NotTestable } from "../audit/finding.ts";
import type { Need } from "../evidence/need.ts";
import { needInWords } from "./needs.ts";

/** How values are worded for some reader: pages and reports, or the command line. */
export interface Words {
  need(need: Need | string): string;
}

/** As pages, reports and mails word it. */
export const PAGE_WORDS: Words = { need: needInWords };

/** Something whose needs are worded. */
export type WithWords<T extends { needs: Need[] }> = Omit<T, "needs"> & { needs: string[] };

export type WordedClaim = WithWords<Claim>;
export type WordedQuestion = Omit<AnsweredQuestion, "claim"> & { claim: WordedClaim };

/** An audit in words: the documented JSON, and what reports are drawn from. */
export type WordedAudit = Omit<AuditDocument, "claims" | "notTestable" | "questions" | "blindSpots"> & {
  claims: WordedClaim[];
  notTestable: WithWords<NotTestable>[];
  questions: WordedQuestion[];
  blindSpots: WordedBlindSpots;
};
type WordedBlindSpots = Omit<BlindSpots, "notVisible"> & {
  notVisible: { number: number; needs: string[] }[];
};

/** Anything with needs, with these in words; nothing else of it changes. */
export const withWords = <T extends { needs: (Need | string)[] }>(
  one: T,
  { need }: Words = PAGE_WORDS,
): Omit<T, "needs"> & { needs: string[] } => ({ ...one, needs: one.needs.map(need) });

/** An audit in the words of some reader. */
export function wordedAudit(audit: AuditDocument, words: Words = PAGE_WORDS): WordedAudit {
  return {
    ...audit,
    claims: audit.claims.map((claim) => withWords(claim, words)),
    notTestable: audit.notTestable.map((one) => withWords(one, words)),
    questions: audit.questions.map((one) => ({ ...one, claim: withWords(one.claim, words) })),
    blindSpots: wordedBlindSpots(audit.blindSpots, words),
  };
}

const wordedBlindSpots = (blindSpots: BlindSpots, words: Words): WordedBlindSpots => ({
  ...blindSpots,
  notVisible: blindSpots.notVisible.map((one) => withWords(one, words)),
});

/** What lists show of an audit, in the words of pages. */
export const wordedHeadline = <H extends { notTestable: NotTestable[]; blindSpots: BlindSpots }>(
  headline: H,
) => ({
  ...headline,
  notTestable: headline.notTestable.map((one) => withWords(one)),
  blindSpots: wordedBlindSpots(headline.blindSpots, PAGE_WORDS),
});
