import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Who lives with a gap, why, and until when. What was accepted before is told from the decision that was
 * logged with it; no end was said then.
 */
export const acceptances: Migration = {
  async up(db) {
    await sql`alter table gap add column accepted_by_name text`.execute(db);
    await sql`alter table gap add column accepted_because text`.execute(db);
    await sql`alter table gap add column accepted_until date`.execute(db);
    await sql`
update gap set accepted_by_name = decision.made_by_name, accepted_because = decision.text
from implementation_decision as decision
where gap.state = 'accepted' and decision.gap_id = gap.id and decision.made_at = gap.accepted_at`.execute(db);
  },
};
