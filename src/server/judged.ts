import { asItStands, saidBy, type StandingStep } from "../readiness/as-it-stands.ts";
import { describedStatement, statementsOf, withoutProgramsWord } from "../readiness/said-of-step.ts";
import { auditOf } from "../store/audits.ts";
import { auditFiles, findAuditFile } from "../store/audit-files.ts";
import { descriptionOf, isSaidByPeople } from "../store/descriptions.ts";
import { taskConfirmationsOf } from "../store/task-confirmations.ts";
import type { Services } from "./context.ts";

/** What was judged of a process, as it stands by what people say of its steps now. */
export interface Judged {
  at: Date;
  /** of the blobs of the audit */
  folder: string;
  steps: StandingStep[];
  confirmations: Awaited<ReturnType<typeof taskConfirmationsOf>>;
}

/**
 * The readiness of every step by the last audit; undefined where there is none. Every answer about a step
 * rests on it, so that none speaks of what is no longer said.
 */
export async function judgedSteps(
  { database: { db }, blobs }: Pick<Services, "database" | "blobs">,
  organisationId: string,
  processId: string,
): Promise<Judged | undefined> {
  const audit = await auditOf(db, organisationId, processId);
  const kept = audit && (await findAuditFile(blobs, audit.blob, auditFiles.readiness));
  if (!audit || !kept) return undefined;
  const confirmations = await taskConfirmationsOf(db, organisationId, processId);
  const description = await descriptionOf(db, organisationId, processId);
  const content = description?.content;
  const said = content && isSaidByPeople(description!) ? content : content && withoutProgramsWord(content);
  const steps = said?.steps ?? {};
  return {
    at: audit.at,
    folder: audit.blob,
    confirmations,
    steps: asItStands(
      kept,
      saidBy(
        (step) => (Object.hasOwn(steps, step) ? describedStatement(steps[step]) : undefined),
        statementsOf(confirmations),
      ),
    ),
  };
}
