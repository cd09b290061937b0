import { noteAct } from "../store/acts.ts";
import { transact } from "../store/database.ts";
import { membershipsOf } from "../store/memberships.ts";
import { openInvitationsTo, useLinkByHash } from "../store/one-time-links.ts";
import { endOtherSessions, proveEmail, removePassword, removeSecondFactor } from "../store/people.ts";
import type { Services } from "./context.ts";
import { acceptInvitation } from "./routes/links.ts";
import { noteSignIn } from "./routes/session.ts";

/**
 * What follows when somebody came in with the company's account. Their address is proved now: open
 * invitations to it are accepted. A password that the account had before could be that of somebody else who
 * had only held a link to this address, so that it and its sessions end: from now on the company's account is
 * the way in.
 */
export async function enterWithCompany(services: Services, personId: string, token: string): Promise<void> {
  const now = services.now();
  const actor = `person:${personId}`;
  await transact(services.database.db, async (trx) => {
    const email = await proveEmail(trx, personId);
    const replaced = await removePassword(trx, personId);
    if (replaced) {
      await endOtherSessions(trx, personId, token);
      await removeSecondFactor(trx, personId);
    }
    for (const invitation of await openInvitationsTo(trx, email, now)) {
      await useLinkByHash(trx, invitation.hash, now);
      const there = await membershipsOf(trx, personId, now);
      if (!there.some(({ id }) => id === invitation.organisation_id))
        await acceptInvitation(trx, invitation, personId, now);
    }
    if (replaced)
      for (const { id: organisationId } of await membershipsOf(trx, personId, now))
        await noteAct(
          trx,
          { organisationId, actor },
          "replace a password by the company's account",
          { about: personId },
          now,
        );
  });
  await noteSignIn(services, personId, "sign in with the company's account");
}
