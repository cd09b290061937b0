import { pseudonymise, type AuditDocument } from "../audit/audit-document.ts";
import type { Finding } from "../audit/finding.ts";
import { cited, eachText, withEvidence, withoutValues } from "../input-error.ts";
import type { SaidBy } from "../audit/says.ts";
import type { EarlierClaim } from "../wording/earlier.ts";
import { countsInWords } from "../formats/account.ts";
import type { KeptDocument } from "../store/audit-files.ts";

const LEFT_OUT =
  "How the files were read is left out: this audit is of a version that quoted them. Audit again, and it stands here.";

/**
 * The document of an audit as people may read it, and how its file was read. Members read the evidence that
 * it cites; an outsider reads pseudonyms for people, cases and records, no names of files or of whoever owns
 * the process, and no values. What an earlier version has quoted of files stays out for everybody, since
 * nobody can tell it from the rest.
 */
export function toldDocument(
  { account, process: _process, files = [], quotes, ...document }: KeptDocument,
  isMember: boolean,
): { account: string; document: AuditDocument } {
  const isOld = quotes !== false;
  const shown: AuditDocument = {
    ...document,
    findings: document.findings.map(withReview),
    notes: isOld ? [LEFT_OUT] : document.notes,
    // a description is signed off by a person, by name
    claims: document.claims.map((claim) => ({ ...claim, saidBy: withoutSignature(claim.saidBy) })),
    description: document.description && { ...document.description, signedOff: null },
  };
  if (isMember)
    return {
      account: isOld ? countsInWords(document.log) : account,
      document: eachText(shown, withEvidence),
    };
  const told = eachText(pseudonymise(isOld ? withoutCitations(shown) : shown).document, withoutValues);
  const nameless = (note: string) =>
    [document.source, ...files].reduce((words, file) => words.replaceAll(file, "a file"), note);
  return {
    account: countsInWords(document.log),
    document: {
      ...told,
      source: "a file",
      notes: told.notes.map(nameless),
      description: told.description && {
        ...told.description,
        owner: told.description.owner === null ? null : "named",
      },
    },
  };
}

/** A finding as it is called now: earlier versions kept what people said of it as its verdict. */
const withReview = (finding: Finding & { verdict?: Finding["review"] }): Finding => {
  const { verdict, ...rest } = finding;
  return verdict === undefined ? finding : { ...rest, review: verdict };
};

/** Detectors whose statements cite values of the evidence; earlier versions did not mark these. */
const CITING = new Set(["inconsistent-entry", "conflicting-sources", "key-person", "single-approver"]);

/** What an audit of an earlier version cites, marked whole. */
const withoutCitations = (document: AuditDocument): AuditDocument => ({
  ...document,
  findings: document.findings.map((finding) =>
    CITING.has(finding.detector) ? { ...finding, statement: cited(finding.statement), facts: [] } : finding,
  ),
  claims: document.claims.map((claim) => {
    const { saidBy, statement } = claim as unknown as EarlierClaim;
    return CITING.has(/^evidence \((.*)\)$/.exec(saidBy)?.[1] ?? "")
      ? { ...claim, statement: cited(statement) }
      : claim;
  }),
});

/** Who said it, without the name of whoever signed the description off. */
export function withoutSignature(saidBy: SaidBy): SaidBy;
export function withoutSignature(saidBy: SaidBy | string): SaidBy | string {
  // versions before 0009 kept a sentence
  if (typeof saidBy === "string") return saidBy.replace(/, signed off by .*$/s, "");
  return saidBy.kind === "description" ? { ...saidBy, signedBy: null } : saidBy;
}
