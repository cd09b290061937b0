import { randomUUID } from "node:crypto";
import type { MadeAt, Maybe } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** What somebody found who opened a finding. Earlier ones stay; the last counts. */
export interface ReviewTable {
  id: string;
  organisation_id: string;
  process_id: string;
  finding_id: string;
  detector: string;
  subject: string;
  said: "confirmed" | "false alarm";
  note: Maybe<string>;
  said_by: string;
  said_at: MadeAt;
}

/** Adds one; earlier ones stay. */
export async function addReview(
  trx: Trx,
  review: Omit<import("kysely").Insertable<ReviewTable>, "id">,
): Promise<void> {
  await trx
    .insertInto("review")
    .values({ id: randomUUID(), ...review })
    .execute();
}

/** All reviews of an organisation, oldest first: what the precision of its detectors rests on. */
export const reviewsOf = (db: Reader, organisationId: string, processId?: string, findingId?: string) =>
  db
    .selectFrom("review")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .$if(processId !== undefined, (query) => query.where("process_id", "=", processId!))
    .$if(findingId !== undefined, (query) => query.where("finding_id", "=", findingId!))
    .orderBy("said_at")
    .orderBy("id")
    .execute();
