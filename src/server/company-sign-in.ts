import { transact } from "../store/database.ts";
import { membershipsOf } from "../store/memberships.ts";
import { openInvitations } from "../store/one-time-links.ts";
import { addToTrail } from "../store/trail.ts";
import type { Services } from "./context.ts";
import { acceptInvitation } from "./routes/links.ts";
import { noteSignIn } from "./routes/session.ts";

/**
 * What follows when somebody came in with the company's account. Their address is proved now: open invitations to it are accepted. A password that the account had before could be
 * that of somebody else who had only held a link to this address, so that it and its sessions end: from now on the company's account is the way in.
 */
export async function enterWithCompany(services: Services, personId: string, token: string): Promise<void> {
  const now = services.now();
  const actor = `person:${personId}`;
  await transact(services.database.db, async (trx) => {
    const person = await trx
      .updateTable("person")
      .set({ email_verified: true })
      .where("id", "=", personId)
      .returning("email")
      .executeTakeFirstOrThrow();
    const replaced = await trx
      .deleteFrom("account")
      .where("person_id", "=", personId)
      .where("provider_id", "=", "credential")
      .returning("id")
      .executeTakeFirst();
    if (replaced) {
      await trx.deleteFrom("session").where("person_id", "=", personId).where("token", "!=", token).execute();
      await trx.deleteFrom("two_factor").where("person_id", "=", personId).execute();
      await trx.updateTable("person").set({ two_factor_enabled: false }).where("id", "=", personId).execute();
    }
    const invitations = await openInvitations(trx, now).where("email", "=", person.email).execute();
    for (const invitation of invitations) {
      await trx
        .updateTable("one_time_link")
        .set({ used_at: now })
        .where("hash", "=", invitation.hash)
        .execute();
      const there = await membershipsOf(trx, personId, now);
      if (!there.some(({ id }) => id === invitation.organisation_id))
        await acceptInvitation(trx, invitation, personId, now);
    }
    if (replaced)
      for (const { id: organisationId } of await membershipsOf(trx, personId, now))
        await addToTrail(
          trx,
          {
            organisationId,
            actor,
            act: "password replaced by the company's account",
            subject: `person ${personId}`,
          },
          now,
        );
  });
  await noteSignIn(services, personId, "signed in with the company's account");
}
