import { randomUUID } from "node:crypto";
import type { MadeAt, Maybe } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** What somebody found who opened a finding. Earlier ones stay; the last counts. */
export interface VerdictTable {
  id: string;
  organisation_id: string;
  process_id: string;
  finding_id: string;
  detector: string;
  subject: string;
  verdict: "confirmed" | "false alarm";
  note: Maybe<string>;
  said_by: string;
  said_at: MadeAt;
}

export async function addVerdict(
  trx: Trx,
  verdict: Omit<import("kysely").Insertable<VerdictTable>, "id">,
): Promise<void> {
  await trx
    .insertInto("verdict")
    .values({ id: randomUUID(), ...verdict })
    .execute();
}

/** All verdicts of an organisation, oldest first: what the precision of its detectors rests on. */
export const verdictsOf = (db: Reader, organisationId: string, processId?: string, findingId?: string) =>
  db
    .selectFrom("verdict")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .$if(processId !== undefined, (query) => query.where("process_id", "=", processId!))
    .$if(findingId !== undefined, (query) => query.where("finding_id", "=", findingId!))
    .orderBy("said_at")
    .orderBy("id")
    .execute();
