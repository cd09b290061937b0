import type { AuditDocument, StoryEvent } from "../audit/audit-document.ts";
import type { WithoutCases } from "../audit/claims.ts";
import type { KeptRequirementCheck } from "../implementations/requirement-checks.ts";
import type { KeptStep } from "../readiness/as-it-stands.ts";
import type { ProcessReadiness } from "../readiness/process-claims.ts";
import type { UpstreamLink } from "../readiness/upstream.ts";
import { readWhole, type Blobs } from "./blobs.ts";

/** An audit as it is kept, with what reports say of how its files were read. */
export type KeptDocument = AuditDocument & {
  account: string;
  process: string;
  /** names that people gave the files that it rests on */
  files?: string[];
  /** false where account and notes quote nothing of a file; audits of versions that quoted do not say */
  quotes?: false;
};

/**
 * Everything of a finding that may be long: all its cases, the records that it pairs, and the stories of its
 * first cases.
 */
export interface FindingDetails {
  caseIds: string[];
  records: [string, string][];
  stories: Record<string, StoryEvent[]>;
}

/** The process as a whole, as it is kept. */
export type KeptProcessReadiness = Omit<ProcessReadiness, "claims"> & {
  claims: WithoutCases<ProcessReadiness["claims"][number]>[];
};

/** What a tool needs, held against what the process had, for one version of what was said of the tool. */
export interface KeptTool {
  id: string;
  version: number;
  steps: string[];
  held: KeptRequirementCheck[];
}

/** One file in the folder of an audit, and what it holds. */
export interface AuditFile<T> {
  path: string;
  /** only a type: no file holds it */
  holds?: T;
}

const json = <T>(path: string): AuditFile<T> => ({ path: `${path}.json` });

/**
 * Every file of an audit, under the folder that its row names: what is written there and read from there. A
 * new one is a line here.
 */
export const auditFiles = {
  /** the whole audit, people by pseudonym */
  document: json<KeptDocument>("document"),
  /** who the pseudonyms are */
  people: json<Record<string, string>>("people"),
  finding: (id: string) => json<FindingDetails>(`findings/${id}`),
  /** the cases against a claim of which the row holds only the first */
  claimCases: (id: string) => json<string[]>(`claims/${id}`),
  /** the steps with the claims that they rest on */
  readiness: json<KeptStep[]>("readiness"),
  /** the cases against a claim about a step, the process, or what a tool needs */
  readinessCases: (id: string) => json<string[]>(`readiness/${id}`),
  processReadiness: json<KeptProcessReadiness>("process-readiness"),
  /** which leak goes with which later one */
  links: json<UpstreamLink[]>("upstream"),
  tools: json<KeptTool[]>("tools"),
} as const;

/** Keeps a file of an audit. */
export async function writeAuditFile<T>(
  blobs: Blobs,
  folder: string,
  { path }: AuditFile<T>,
  content: T,
): Promise<void> {
  await blobs.put(`${folder}/${path}`, Buffer.from(JSON.stringify(content)));
}

/**
 * A file of an audit. It is as the version that made the audit wrote it: what came later is missing in it.
 * Throws when there is none.
 */
export async function readAuditFile<T>(blobs: Blobs, folder: string, { path }: AuditFile<T>): Promise<T> {
  return JSON.parse((await readWhole(blobs, `${folder}/${path}`)).toString()) as T;
}

/** A file that not every audit has; undefined where it is not there. */
export const findAuditFile = <T>(blobs: Blobs, folder: string, file: AuditFile<T>): Promise<T | undefined> =>
  readAuditFile(blobs, folder, file).catch(() => undefined);
