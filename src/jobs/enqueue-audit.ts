import type { Trx } from "../store/database.ts";
import type { Wanted } from "../store/work.ts";

/**
 * The audit that new evidence, a new description or newly released answers ask for: none where there are no events to audit, or where one waits already, which will see them too.
 */
export async function auditWanted(
  trx: Trx,
  about: { organisationId: string; processId: string; requestedBy: string; because: string },
): Promise<Wanted | undefined> {
  const { organisationId, processId, requestedBy, because } = about;
  const events = await trx
    .selectFrom("log")
    .innerJoin("import", "import.id", "log.import_id")
    .select("log.id")
    .where("log.process_id", "=", processId)
    .where("import.kind", "=", "events")
    .limit(1)
    .executeTakeFirst();
  if (!events) return undefined;
  // whoever takes it to begin waits here until this transaction is through
  const waiting = await trx
    .selectFrom("work")
    .select("id")
    .where("process_id", "=", processId)
    .where("kind", "=", "audit")
    .where("state", "=", "waiting")
    .where("attempt", "=", 0)
    .forUpdate()
    .execute();
  if (waiting.length > 0) return undefined;
  return { organisationId, processId, kind: "audit", input: { because }, requestedBy };
}
