import type { Trx } from "../store/database.ts";
import { hasEvents } from "../store/logs.ts";
import { auditWaits, type NewWork } from "../store/work.ts";

/**
 * The audit that new evidence, a new description or newly released answers ask for: none where there are no
 * events to audit, or where one waits already, which will see them too.
 */
export async function auditToEnqueue(
  trx: Trx,
  about: { organisationId: string; processId: string; requestedBy: string; because: string },
): Promise<NewWork | undefined> {
  const { organisationId, processId, requestedBy, because } = about;
  if (!(await hasEvents(trx, processId))) return undefined;
  if (await auditWaits(trx, processId)) return undefined;
  return { organisationId, processId, kind: "audit", input: { because }, requestedBy };
}
