import type { AnswerTable } from "./answers.ts";
import type { AuditTable } from "./audits.ts";
import type { ClaimTable, ClaimVerdictTable } from "./claims.ts";
import type { CountersignatureTable } from "./countersignatures.ts";
import type { DescriptionTable } from "./descriptions.ts";
import type { FindingTable } from "./findings.ts";
import type { GateOverrideTable } from "./gate-overrides.ts";
import type { GapTable } from "./gaps.ts";
import type { GapNoteTable } from "./gap-notes.ts";
import type { ImplementationTable } from "./implementations.ts";
import type { InstallationTable } from "./installation.ts";
import type { LogTable } from "./logs.ts";
import type { MembershipTable } from "./memberships.ts";
import type { OneTimeLinkTable } from "./one-time-links.ts";
import type { OrganisationTable } from "./organisations.ts";
import type { AccountTable, PersonTable, SessionTable, TwoFactorTable, VerificationTable } from "./people.ts";
import type { ProcessTable } from "./processes.ts";
import type { PromiseTable } from "./promises.ts";
import type { ImportTable } from "./imports.ts";
import type { TaskConfirmationTable } from "./task-confirmations.ts";
import type { TokenTable } from "./tokens.ts";
import type { TrailHeadTable, TrailTable } from "./trail.ts";
import type { UploadPartTable, UploadTable } from "./uploads.ts";
import type { ReviewTable } from "./reviews.ts";
import type { WorkTable } from "./work.ts";

/** Every table, by name. A new one is a migration, a file beside this one and a line here. */
export interface Tables {
  installation: InstallationTable;
  organisation: OrganisationTable;
  person: PersonTable;
  session: SessionTable;
  account: AccountTable;
  verification: VerificationTable;
  two_factor: TwoFactorTable;
  one_time_link: OneTimeLinkTable;
  membership: MembershipTable;
  token: TokenTable;
  process: ProcessTable;
  upload: UploadTable;
  upload_part: UploadPartTable;
  import: ImportTable;
  log: LogTable;
  description: DescriptionTable;
  answer: AnswerTable;
  audit: AuditTable;
  finding: FindingTable;
  claim: ClaimTable;
  claim_verdict: ClaimVerdictTable;
  review: ReviewTable;
  implementation: ImplementationTable;
  gate_override: GateOverrideTable;
  task_confirmation: TaskConfirmationTable;
  gap: GapTable;
  promise: PromiseTable;
  gap_note: GapNoteTable;
  countersignature: CountersignatureTable;
  work: WorkTable;
  trail: TrailTable;
  trail_head: TrailHeadTable;
}

/**
 * Names that tables had in earlier versions: backups of these hold them, and are brought up to date after
 * they were put back.
 */
export const FORMER_TABLES = ["source", "verdict", "implementation_decision"] as const;

/** The tables of a backup, each after those that it refers to. */
export const TABLES = [
  "installation",
  "organisation",
  "person",
  "session",
  "account",
  "verification",
  "two_factor",
  "one_time_link",
  "membership",
  "token",
  "process",
  "upload",
  "upload_part",
  "import",
  "log",
  "description",
  "answer",
  "audit",
  "finding",
  "claim",
  "claim_verdict",
  "review",
  "implementation",
  "gate_override",
  "task_confirmation",
  "gap",
  "promise",
  "gap_note",
  "countersignature",
  "work",
  "trail",
  "trail_head",
] as const satisfies readonly (keyof Tables)[];
